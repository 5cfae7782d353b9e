//! How an attempt stands, for programs.

use serde::Serialize;
use xgateway::api::operations::CREATE_CARD_DEPOSIT;
use xgateway::client::Error as ClientError;
use xgateway::core::id::{InvoiceId, TransactionId};
use xgateway::flows::card::{Order, Progress, Standing};

use crate::commands::view::printable;

/// How an attempt stands.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer<'a> {
    pub(super) outcome: &'static str,
    /// The order, as the merchant knows it.
    order_id: &'a str,
    /// Which attempt at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u32>,
    /// The same, as the gateway knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway_order_id: Option<&'a str>,
    amount: String,
    currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<&'a str>,
    /// Whom to credit, by the merchant's own id, if it is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<&'a str>,
    #[serde(rename = "threeDSURL", skip_serializing_if = "Option::is_none")]
    three_ds_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_url: Option<&'a str>,
    /// Why nothing more is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip)]
    is_unheard: bool,
}

/// Why nobody knows how an attempt stands now that was looked at, though it may be known how it stood.
pub(super) fn unheard(progress: &Progress) -> Option<&ClientError> {
    let error = progress.unread()?;
    let is_unheard = match progress {
        // It was taken, and there must be something.
        Progress::InProgress(_) => true,
        // That the gateway has nothing any more does not undo a decline.
        Progress::Failed { .. } => !error.is_not_found(),
        // It says why the request itself failed, or that a look did.
        Progress::Refused(_) | Progress::NotCharged { .. } => {
            error.operation().name != CREATE_CARD_DEPOSIT.name && !error.is_not_found()
        }
        Progress::Deposited(_)
        | Progress::ThreeDsRequired { .. }
        | Progress::Unknown { .. }
        | Progress::Contradiction(_)
        | Progress::Resolved(_)
        | _ => false,
    };
    is_unheard.then_some(error)
}

/// An answer that is a document of its own.
#[derive(Serialize)]
pub(super) struct Alone<'a> {
    ok: bool,
    #[serde(flatten)]
    answer: &'a Answer<'a>,
}

/// That a request could be sent, as a document.
pub(super) fn valid(order: &Order) -> impl Serialize + use<'_> {
    #[derive(Serialize)]
    struct Document<'a> {
        ok: bool,
        #[serde(flatten)]
        answer: Answer<'a>,
    }
    Document {
        ok: true,
        answer: Answer::new("valid", order),
    }
}

impl<'a> Answer<'a> {
    pub(super) fn of(standing: &'a Standing) -> Self {
        let new = |outcome| Self {
            order_id: standing.attempt.order().as_str(),
            attempt: Some(standing.attempt.number().get()),
            gateway_order_id: Some(standing.attempt.gateway_order_id().as_str()),
            is_unheard: unheard(&standing.progress).is_some(),
            ..Self::new(outcome, &standing.order)
        };
        let reason = |error: Option<&ClientError>| error.map(ToString::to_string);
        match &standing.progress {
            Progress::Deposited(settled) => Self {
                invoice_id: Some(settled.invoice_id().as_str()),
                transaction_id: Some(settled.transaction_id().as_str()),
                customer_id: Some(settled.customer_id()),
                ..new("deposited")
            },
            Progress::ThreeDsRequired { url } => Self {
                three_ds_url: Some(url.as_str()),
                ..new("three_ds_required")
            },
            Progress::InProgress(state) => Self {
                invoice_id: state.invoice_id().map(InvoiceId::as_str),
                payment_url: state.payment_url(),
                reason: reason(state.unread()),
                ..new("in_progress")
            },
            Progress::Refused(refused) => Self {
                reason: match refused.error() {
                    // The look found nothing, and it is not that which was refused.
                    Some(error)
                        if error.is_not_found()
                            && error.operation().name != CREATE_CARD_DEPOSIT.name =>
                    {
                        let nothing =
                            "the gateway holds nothing under this order id: it may be sent again";
                        Some(nothing.to_owned())
                    }
                    error => reason(error),
                },
                ..new("refused")
            },
            Progress::Unknown { ticket } => Self {
                reason: reason(ticket.error()),
                ..new("unknown")
            },
            Progress::Failed {
                transaction_id,
                error,
            } => Self {
                transaction_id: transaction_id.as_ref().map(TransactionId::as_str),
                reason: reason(error.as_ref().filter(|error| !error.is_not_found())),
                ..new("failed")
            },
            Progress::NotCharged { error } => Self {
                reason: reason(error.as_ref()),
                ..new("not_charged")
            },
            Progress::Contradiction(contradiction) => Self {
                reason: Some(contradiction.to_string()),
                ..new("contradiction")
            },
            Progress::Resolved(resolution) => Self {
                reason: Some(format!(
                    "as {} by {}: {}",
                    resolution.outcome().as_str().replace('_', " "),
                    printable(resolution.by()),
                    printable(resolution.note())
                )),
                ..new("resolved")
            },
            // A way to stand that this version does not know.
            _ => new("unknown"),
        }
    }

    fn new(outcome: &'static str, order: &'a Order) -> Self {
        Self {
            outcome,
            order_id: order.order_id().as_str(),
            amount: order.amount().value().to_string(),
            currency: order.amount().currency().as_str(),
            ..Self::default()
        }
    }

    /// Whether it goes on without anybody's doing but the customer's, or is paid.
    pub(super) fn is_success(&self) -> bool {
        matches!(
            self.outcome,
            "deposited" | "three_ds_required" | "in_progress"
        )
    }

    /// Whether nobody knows, because the last look told nothing, or a person must look.
    pub(super) fn is_in_doubt(&self) -> bool {
        self.is_unheard || ["unknown", "contradiction"].contains(&self.outcome)
    }

    /// Whether it is over, and nothing was charged.
    pub(super) fn is_of_no_account(&self) -> bool {
        let ends = ["failed", "not_charged", "refused"];
        ends.contains(&self.outcome) && !self.is_in_doubt()
    }

    /// As a document of its own.
    pub(super) fn alone(&self) -> Alone<'_> {
        Alone {
            ok: true,
            answer: self,
        }
    }

    /// A line for people.
    pub(super) fn line(&self) -> String {
        let id = self.gateway_order_id.unwrap_or(self.order_id);
        let mut parts = vec![format!(
            "{:<12} {} {} for order {id}",
            self.outcome.replace('_', " "),
            self.amount,
            self.currency
        )];
        for (name, value) in [
            ("invoice", self.invoice_id),
            ("transaction", self.transaction_id),
            ("page", self.payment_url),
        ] {
            parts.extend(value.map(|value| format!("{name} {}", printable(value))));
        }
        parts.extend(self.reason.clone());
        parts.join("; ")
    }
}
