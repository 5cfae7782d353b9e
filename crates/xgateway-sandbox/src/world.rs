//! The engine: requests, time and decisions in; answers, events and callbacks out.

mod asked;
mod audit;
mod balances;
mod callbacks;
mod cards;
mod channels;
mod checkout;
mod clock;
mod deposit;
mod digest;
mod documents;
mod exchange;
mod explain;
mod faults;
mod idempotency;
mod inspector;
mod journal;
mod kept;
mod keys;
mod kyc;
mod left_out;
mod on_chain;
mod outbox;
mod outcome;
mod pages;
mod resume;
mod routes;
mod simulate;
mod site;
mod snapshot;
mod withdrawals;

use asked::Asked;
pub use callbacks::OutgoingCallback;
use cards::Cards;
use documents::Documents;
pub(crate) use faults::{Reply, Silence};
pub(crate) use inspector::{Filter, MENU};
pub(crate) use kyc::KycRefusal;
use outbox::Outbox;
pub(crate) use outbox::Way;
pub(crate) use routes::{BODY_BYTES_MAX, body_bytes_max, is_api, not_allowed, options};
pub use snapshot::{RestoreError, Snapshot};

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::Timestamp;
use uuid::Uuid;
use xgateway_api::types;

use crate::answer::{Refusal, success};
use crate::config::Config;
use crate::event::{Event, EventKind, Events, MerchantText};
use crate::journal::Journal;
use crate::random::Random;
use crate::state::{State, Version, parse_id};
use crate::wire::{PublicInvoice, TransactionView};

/// Where a world says that it is, unless it is served somewhere.
pub(crate) const NOWHERE: &str = "http://sandbox.invalid";

/// A whole gateway in memory: pure, synchronous and deterministic.
///
/// Equal configurations and equal requests give equal answers, byte for byte. Time stands still until
/// [`advance`](Self::advance) moves it. Ids depend on the seed and on what they belong to, not on the order in which
/// requests arrive: the invoice of an order has the same id whatever else happened before, as long as no invoice was
/// [forgotten](crate::Limits::invoices).
///
/// ```
/// use bytes::Bytes;
/// use xgateway_sandbox::{Config, World};
///
/// let mut world = World::new(Config::new(1));
/// let request = http::Request::get("http://sandbox.invalid/api/v2/invoices/order-1")
///     .body(Bytes::new())?;
/// assert_eq!(world.handle(&request).status(), 401);
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone)]
pub struct World {
    config: Arc<Config>,
    random: Random,
    cards: Cards,
    public_url: Arc<str>,
    documents: Arc<Documents>,
    state: State,
    events: Events,
    /// The callbacks that wait for somebody to take them over.
    outbox: Outbox,
    /// The callbacks whose next answer from the merchant gets lost.
    deaf_to: BTreeSet<u64>,
    /// What is known of the request at hand.
    asked: Asked,
    /// The account that was paid to last: most payments are to the same, and its id needs to be there once only.
    paid_to: Option<MerchantText>,
    /// What no log on disk has yet, if there is one.
    unsaved: Option<Vec<Event>>,
    journal: Journal,
}

/// The body of a request, as far as it came.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Received<'a> {
    Whole(&'a [u8]),
    /// It is longer than anything that is ever read.
    TooLarge,
    /// It broke off.
    Unread,
    /// It took too long.
    Late,
}

impl<'a> Received<'a> {
    fn whole(self) -> Result<&'a [u8], Refusal> {
        match self {
            Self::Whole(body) => Ok(body),
            Self::TooLarge => Err(Refusal::BodyTooLarge),
            Self::Unread => Err(Refusal::BodyUnread),
            Self::Late => Err(Refusal::BodyLate),
        }
    }
}

impl World {
    /// A world in which nothing has happened yet.
    pub fn new(config: Config) -> Self {
        Self {
            random: Random::new(config.seed),
            cards: Cards::default(),
            public_url: NOWHERE.into(),
            documents: Arc::default(),
            state: State::new(config.start),
            events: Events::new(config.limits.events),
            outbox: Outbox::default(),
            deaf_to: BTreeSet::new(),
            asked: Asked::default(),
            paid_to: None,
            journal: Journal::default(),
            unsaved: None,
            config: Arc::new(config),
        }
        .with_first_faults()
    }

    /// Answers a request. Only its path counts, so that the URL may name any host.
    ///
    /// The API is below `/api/v2` and, for old names, `/api/v1`, as at the gateway. Whatever is asked, and however badly, there is an answer: where a
    /// [fault](crate::Fault) breaks the exchange off, that of a proxy in front, 502 or 504. Delays take no time here.
    pub fn handle(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let (method, uri) = (request.method(), request.uri());
        let received = Received::Whole(request.body());
        let plan = self.plan(method, uri, received);
        match self.exchange(&plan, method, uri, request.headers(), received) {
            Reply::Whole(answer) => answer,
            Reply::Damaged(..) | Reply::None(Silence::NoConnection | Silence::Reset) => {
                Refusal::BrokenOff.answer()
            }
            Reply::None(Silence::Hang) => Refusal::NoAnswer.answer(),
        }
    }

    /// What the world started with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The time in the world.
    pub fn now(&self) -> Timestamp {
        self.state.now
    }

    /// Everything that has happened, the oldest first, as far as it is kept.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// An invoice by its id, or the newest one of an order id.
    pub fn invoice(&self, id: &str) -> Option<types::PublicInvoice> {
        let invoice = self.state.find_invoice(id)?;
        let view = PublicInvoice::new(invoice, &self.state, &self.public_url);
        let json = serde_json::to_vec(&view).expect("memory can be written");
        Some(serde_json::from_slice(&json).expect("the reader's types read what we write"))
    }

    /// A transaction by its id.
    pub fn transaction(&self, id: &str) -> Option<types::TransactionData> {
        let view = self.transaction_view(id)?;
        let json = serde_json::to_vec(&view).expect("memory can be written");
        Some(serde_json::from_slice(&json).expect("the reader's types read what we write"))
    }

    /// Where the world is, without a slash at the end: the 3DS pages are below it.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// Sets where the world is, such as `http://127.0.0.1:4010`.
    pub fn set_public_url(&mut self, url: impl Into<String>) {
        let mut url = url.into();
        url.truncate(url.trim_end_matches('/').len());
        self.public_url = url.into();
        self.documents = Arc::default();
    }

    /// Whether there are callbacks to deliver now, and a place to deliver them to.
    pub(crate) fn has_due_callbacks(&self) -> bool {
        self.config.callback_url.is_some() && self.outbox.has_due(self.state.now)
    }

    fn record(&mut self, kind: EventKind) {
        let event = Event {
            sequence: self.events.last() + 1,
            at: self.state.now,
            kind,
        };
        self.state.apply(&event);
        if let Some(unsaved) = &mut self.unsaved {
            unsaved.push(event.clone());
        }
        self.events.push(event);
    }

    fn read_invoice(&self, id: &str) -> Result<Response<Bytes>, Refusal> {
        let invoice = self.state.find_invoice(id).ok_or(Refusal::UnknownId)?;
        let view = PublicInvoice::new(invoice, &self.state, &self.public_url);
        Ok(success(StatusCode::OK, &view))
    }

    fn read_transaction(&self, id: &str) -> Result<Response<Bytes>, Refusal> {
        if parse_id(id).is_none() {
            return Err(Refusal::BadId);
        }
        let view = self.transaction_view(id).ok_or(Refusal::UnknownId)?;
        Ok(success(StatusCode::OK, &view))
    }

    fn transaction_view(&self, id: &str) -> Option<TransactionView<'_>> {
        let id = parse_id(id)?;
        let version = match self.state.channels.deposit(id) {
            Some(deposit) => deposit.now(),
            None => self.state.transaction(id)?.now(),
        };
        self.view_of_version(id, version, self.state.key)
    }

    /// A transaction as it stood in `version`.
    fn view_of_version(&self, id: Uuid, version: Version, key: u32) -> Option<TransactionView<'_>> {
        let application = self.config.application_id.as_deref();
        let view = self.view_of_payment(id, version, key)?;
        Some(
            view.of_application(application)
                .with_utr(self.config.utr.as_deref()),
        )
    }

    fn view_of_payment(&self, id: Uuid, version: Version, key: u32) -> Option<TransactionView<'_>> {
        let secret = &self.secret_key(key);
        if let Some(deposit) = self.state.channels.deposit(id) {
            let network = channels::network_name(&deposit.facts.currency);
            let is_linked = !self.config.no_linked_invoices;
            let invoice = is_linked.then(|| deposit.facts.invoice_id());
            let told = self.config.channel_currency;
            return Some(TransactionView::of_deposit(
                deposit, version, invoice, network, told, secret,
            ));
        }
        let transaction = self.state.transaction(id)?;
        let facts = &self.state.invoice(transaction.invoice).facts;
        Some(TransactionView::new(
            transaction,
            version,
            facts,
            self.config.card_currency,
            secret,
            &self.random,
        ))
    }
}

/// Counts only: a world is too large to print.
impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("seed", &self.config.seed)
            .field("now", &self.now())
            .field("events", &self.events.last())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::SANDBOX_CARDS;

    pub(super) fn body(order: &str, card: &str, strategy: &str) -> String {
        format!(
            r#"{{"amount":10.5,"baseCurrency":"USD","customerId":"c","customerEmail":"john.doe@example.com",
            "customerFirstName":"John","customerLastName":"Doe","customerPhone":"49 15123456789",
            "customerDateOfBirth":"2000-02-10","accountId":"a67ec03c-0253-4c14-9961-28985186f90c",
            "userIp":"217.138.202.40","orderId":"{order}","invoiceStrategy":"{strategy}",
            "billingAddress":{{"addressLine1":"A","city":"B","countryCode":"CZ","postalCode":"1","state":"C"}},
            "card":{{"cardNumber":"{card}","cardholderName":"John Doe","expiryMonth":"12",
            "expiryYear":"2028","cardSecurityCode":"444"}}}}"#
        )
    }

    /// Whatever the events do not tell would be lost with the process.
    #[test]
    fn the_state_follows_from_the_events() {
        let mut world = World::new(Config::new(1));
        for strategy in ["fixed", "floating"] {
            for card in SANDBOX_CARDS {
                let order = format!("{strategy}-{}", card.name);
                let text = body(&order, card.number, strategy);
                let answer = world.deposit(text.as_bytes());
                let text = answer.map(Response::into_body).unwrap_or_default();
                let text = std::str::from_utf8(&text).unwrap();
                if let Some((_, rest)) = text.split_once("/3ds/") {
                    let button = format!("{}/approve", &rest[..32]);
                    let pressed = world.three_ds(&http::Method::POST, &button);
                    assert_eq!(pressed.unwrap().status(), 303);
                }
            }
            world.advance(SignedDuration::from_mins(2));
        }
        world
            .deposit(body("open", "4000000000000002", "fixed").as_bytes())
            .unwrap();
        for currency in ["ETH", "eUSDC"] {
            let wish = format!(r#"{{"currency":"{currency}","customerId":"c"}}"#);
            let answer = world.channel(wish.as_bytes()).unwrap();
            let answer: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
            for outcome in ["confirmed", "failed", "failed_then_confirmed"] {
                let payment = serde_json::json!({
                    "address": answer["data"]["address"], "amount": "1", "outcome": outcome,
                });
                world.pay_on_chain(payment.to_string().as_bytes()).unwrap();
            }
        }
        onboard(&mut world);
        for outcome in ["failed", "confirmed"] {
            let wish = serde_json::json!({
                "customerId": "c", "currency": "ETH", "amount": "0.1", "outcome": outcome,
            });
            world.withdraw(wish.to_string().as_bytes()).unwrap();
        }
        world.advance(SignedDuration::from_mins(70));
        let number = world.take_callbacks()[0].number();
        world.record_callback_attempt(number, Some(200));
        world.record_callback_attempt(999, None);

        let mut state = State::new(world.config.start);
        for event in world.events.iter() {
            // Through the form that it has on disk.
            let stored = serde_json::to_string(&event.kind).unwrap();
            let kind = serde_json::from_str(&stored).unwrap();
            state.apply(&Event {
                kind,
                ..event.clone()
            });
        }
        assert_eq!(state, world.state);
        let stored = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<State>(&stored).unwrap(), state);
        assert!(world.events.len() > 50);
    }

    /// Everything that can happen to a customer who pays by bank.
    fn onboard(world: &mut World) {
        let names = r#"{"firstName":"Jane","lastName":"Reversal","acceptedPrivacyPolicyHash":"XN3dk1G98sjCQlt7rbFEz9I1Yh2vJRgsuAWgCVgY8ZE=","acceptedTermsAndConditionsHash":"HqKJAiAyPqBFOs386w6EVO5KlKQt5z8EzGvSB+iQeTQ=","acceptedTermsOfServiceHash":"r2BdP3ld6s8+5mTJZeuWUy5sz29krKigOTH7bVefTJg="}"#;
        world.create_profile("b", names.as_bytes()).unwrap();
        for currency in ["EUR", "GBP", "USD"] {
            let wish = format!(r#"{{"currency":"{currency}"}}"#);
            world.create_bank_account("b", wish.as_bytes()).unwrap();
        }
        world.advance(SignedDuration::from_secs(20));
        let accounts = world.read_bank_accounts("b");
        let accounts: serde_json::Value = serde_json::from_slice(accounts.body()).unwrap();
        for (amount, sender) in [
            ("20", "Jane Reversal"),
            ("9000", "Jane Reversal"),
            ("20", "X"),
        ] {
            let payment = serde_json::json!({
                "iban": accounts["data"][0]["iban"], "amount": amount, "senderName": sender,
            });
            world.pay(payment.to_string().as_bytes()).unwrap();
        }
        world.import_kyc_token("b", br#"{"token":"t"}"#).unwrap();
        world.create_kyc_link("b", b"{}").unwrap();
        world
            .correct_profile("b", br#"{"firstName":"Joan","dateOfBirth":"1902-02-02"}"#)
            .unwrap();
        world
            .correct_profile("b", br#"{"dateOfBirth":"1990-12-25"}"#)
            .unwrap();
        world.advance(SignedDuration::from_hours(30));
        let status = world.read_kyc("b");
        assert!(
            status
                .body()
                .ends_with(br#""HARD_KYC_FAILED","kycRejectLabel":"REJECTED"},"success":true}"#)
        );
    }
}
