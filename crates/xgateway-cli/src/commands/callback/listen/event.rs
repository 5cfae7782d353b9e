use serde::Serialize;
use xgateway::callback::ConfirmedCallback;
use xgateway::core::secret::scrub;
use xgateway::store::{Accepted, Entry, EventKey, Kind};

use crate::commands::view::{kind_and_claim, printable};
use crate::console::Console;
use crate::failure::Failure;
use crate::style::{ERROR, FAINT, GOOD, WARNING};

/// Something that happened to a callback. It names no customer: a customer's id may be an e-mail address.
#[derive(Debug, Serialize)]
#[serde(
    tag = "event",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub(super) enum Event {
    /// An authentic callback is stored, now or before.
    Stored {
        entry: i64,
        delivery: Delivery,
        #[serde(flatten)]
        subject: Subject,
        /// The status that it claims, which nothing proves.
        claims: String,
    },
    /// What came was not stored.
    Refused { status: u16, reason: String },
    /// The API has confirmed it, and what was to be done about it is done.
    Applied {
        transaction_id: String,
        /// The status, as the API says.
        status: String,
        amount: String,
        currency: String,
        /// The order that the API names, which may be none of the merchant's own.
        #[serde(skip_serializing_if = "Option::is_none")]
        order_id: Option<String>,
        forwarded: bool,
    },
    /// The same for what has no id but a customer: a bank account, or an identity check.
    #[serde(rename = "applied")]
    State {
        kind: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        currency: Option<String>,
        /// As the API says.
        status: String,
        forwarded: bool,
    },
    /// What it is about has been applied before.
    Repeated {
        entry: i64,
        #[serde(flatten)]
        subject: Subject,
    },
    /// It is tried again later.
    PutBack {
        entry: i64,
        #[serde(flatten)]
        subject: Subject,
        attempts: u32,
        reason: String,
    },
    /// So many things happened while stdout stood still, and are not told.
    Untold { events: u64 },
    /// It was given up: a person must look.
    Dead {
        entry: i64,
        #[serde(flatten)]
        subject: Subject,
        reason: String,
    },
}

/// How a delivery stands to those before it.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Delivery {
    New,
    Duplicate,
    Contradiction,
}

/// What a callback is about.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Subject {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<String>,
}

impl Event {
    pub(super) fn stored(accepted: Accepted, key: &EventKey) -> Self {
        Self::Stored {
            entry: accepted.id().get(),
            delivery: match accepted {
                Accepted::New(_) => Delivery::New,
                Accepted::Duplicate(_) => Delivery::Duplicate,
                Accepted::Contradiction { .. } => Delivery::Contradiction,
            },
            subject: Subject::of(key),
            claims: kind_and_claim(key).1.to_owned(),
        }
    }

    pub(super) fn applied(callback: &ConfirmedCallback, forwarded: bool) -> Vec<Self> {
        match callback {
            ConfirmedCallback::Transaction(transaction) => {
                let data = transaction.data();
                let order_id = data.order_id.as_deref().filter(|id| !id.is_empty());
                vec![Self::Applied {
                    transaction_id: data.id.clone(),
                    status: data.status.as_str().to_owned(),
                    amount: data.amount.as_str().to_owned(),
                    currency: data.currency.as_str().to_owned(),
                    order_id: order_id.map(|id| scrub(id).into_owned()),
                    forwarded,
                }]
            }
            ConfirmedCallback::BankAccount(confirmed) => {
                let events = confirmed.accounts().iter().map(|account| Self::State {
                    kind: Kind::BankAccount.as_str(),
                    currency: Some(confirmed.currency().to_owned()),
                    status: account.status.as_str().to_owned(),
                    forwarded,
                });
                events.collect()
            }
            ConfirmedCallback::Kyc(confirmed) => vec![Self::State {
                kind: Kind::Kyc.as_str(),
                currency: None,
                status: confirmed.status().as_str().to_owned(),
                forwarded,
            }],
            // It was refused before.
            _ => Vec::new(),
        }
    }

    pub(super) fn repeated(entry: &Entry) -> Self {
        Self::Repeated {
            entry: entry.id.get(),
            subject: Subject::of(&entry.key),
        }
    }

    pub(super) fn put_back(entry: &Entry, reason: &str) -> Self {
        Self::PutBack {
            entry: entry.id.get(),
            subject: Subject::of(&entry.key),
            attempts: entry.attempts,
            reason: reason.to_owned(),
        }
    }

    pub(super) fn dead(entry: &Entry, reason: &str) -> Self {
        Self::Dead {
            entry: entry.id.get(),
            subject: Subject::of(&entry.key),
            reason: reason.to_owned(),
        }
    }

    /// Prints it on a line of its own.
    pub(super) fn tell(&self, console: &mut Console) -> Result<(), Failure> {
        if console.is_json() {
            return console.document(self);
        }
        match self {
            Self::Stored {
                entry,
                delivery,
                subject,
                claims,
            } => {
                let subject = subject.text();
                let claims = printable(claims);
                let how = match delivery {
                    Delivery::New => "stored  ",
                    Delivery::Duplicate => "again   ",
                    Delivery::Contradiction => "differs ",
                };
                console.line(format_args!(
                    "{how}  #{entry} {subject} {FAINT}says {claims}{FAINT:#}"
                ))
            }
            Self::Refused { status, reason } => console.line(format_args!(
                "{WARNING}refused {WARNING:#}  {status} {}",
                printable(reason)
            )),
            Self::Applied {
                transaction_id,
                status,
                amount,
                currency,
                order_id,
                forwarded,
            } => {
                let forwarded = if *forwarded { ", forwarded" } else { "" };
                let order = order_id.as_deref().map(printable);
                let order = order.map_or_else(String::new, |id| format!(", order {id}"));
                console.line(format_args!(
                    "{GOOD}applied {GOOD:#}  transaction {}: {amount} {} {}{order}{forwarded}",
                    printable(transaction_id),
                    printable(currency),
                    printable(status),
                ))
            }
            Self::State {
                kind,
                currency,
                status,
                forwarded,
            } => {
                let forwarded = if *forwarded { ", forwarded" } else { "" };
                let currency = currency.as_deref().map(printable);
                let currency = currency.map_or_else(String::new, |it| format!("{it} "));
                console.line(format_args!(
                    "{GOOD}applied {GOOD:#}  {kind}: {currency}{}{forwarded}",
                    printable(status),
                ))
            }
            Self::Untold { events } => console.line(format_args!(
                "{WARNING}untold  {WARNING:#}  {events} events, while stdout stood still"
            )),
            Self::Repeated { entry, subject } => console.line(format_args!(
                "{FAINT}known   {FAINT:#}  #{entry} {}",
                subject.text()
            )),
            Self::PutBack {
                entry,
                subject,
                attempts,
                reason,
            } => console.line(format_args!(
                "{WARNING}put back{WARNING:#}  #{entry} {} after {attempts}: {}",
                subject.text(),
                printable(reason)
            )),
            Self::Dead {
                entry,
                subject,
                reason,
            } => console.line(format_args!(
                "{ERROR}dead    {ERROR:#}  #{entry} {}: {}",
                subject.text(),
                printable(reason)
            )),
        }
    }
}

impl Subject {
    fn of(key: &EventKey) -> Self {
        Self {
            kind: kind_and_claim(key).0,
            transaction_id: match key.kind() {
                Kind::Transaction => Some(key.subject().to_owned()),
                // Their subjects are customers.
                Kind::BankAccount | Kind::Kyc | _ => None,
            },
        }
    }

    fn text(&self) -> String {
        match &self.transaction_id {
            Some(id) => format!("{} {}", self.kind, printable(id)),
            None => self.kind.to_owned(),
        }
    }
}
