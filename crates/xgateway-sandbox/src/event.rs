//! What has happened in a world, in order. The state follows from the events alone.

mod deposit;
mod invoice;
mod json;
mod kyc;
mod log;
mod request;
mod text;

pub(crate) use deposit::{AddressFacts, DepositFacts};
pub(crate) use invoice::{
    CardFacts, InvoiceFacts, InvoiceState, PageFacts, Strategy, TransactionState, Why,
};
pub(crate) use kyc::{
    AccountFacts, Birth, Bounce, CustomerChange, CustomerFacts, CustomerNews, Decisive,
    DocumentFacts, FileFormat, Items, KycNews, KycStatus, Outcome, Personal, SenderFacts, Step,
    Verdict,
};
pub use log::Events;
pub(crate) use request::{RequestFacts, RequestId};
pub(crate) use text::{BodyDigest, MerchantText, PageToken, RedirectUrl};

use std::sync::Arc;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::faults::FaultRule;

/// Something that happened in a [`World`](crate::World).
///
/// It serialises as a JSON object with `sequence`, `at`, `type` and what else there is to tell. Neither that nor
/// `Debug` shows a card number, a security code or a personal datum, since no event holds one; the merchant's own ids
/// are scrubbed of what could be a card number.
#[derive(Clone, Debug)]
pub struct Event {
    pub(crate) sequence: u64,
    pub(crate) at: Timestamp,
    pub(crate) kind: EventKind,
}

impl Event {
    /// Its number, counted from 1 without gaps.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// When it happened, by the world's clock.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// What kind of event it is: `invoice_opened`, `transaction_changed`, ...
    pub fn name(&self) -> &'static str {
        self.kind.name()
    }

    /// The invoice that it is about, if it is about one.
    pub fn invoice_id(&self) -> Option<String> {
        self.invoice_uuid().map(|id| id.to_string())
    }

    pub(crate) fn invoice_uuid(&self) -> Option<Uuid> {
        self.kind.invoice()
    }
}

/// Its `Serialize` is the form that a log on disk has, which must tell everything; [`Event`] has that for eyes.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EventKind {
    ClockAdvanced {
        to: Timestamp,
    },
    InvoiceOpened(Arc<InvoiceFacts>),
    /// An order id was answered, so that a repetition can be told.
    OrderAnswered {
        order_id: MerchantText,
        digest: BodyDigest,
        answer: OrderAnswer,
    },
    /// The bank behind the gateway failed; the invoice is there if the payment was made.
    PartnerFailed {
        order_id: Option<MerchantText>,
        invoice: Option<Uuid>,
        /// A fault wanted it, rather than the card.
        #[serde(default)]
        by_fault: bool,
    },
    ThreeDs {
        invoice: Uuid,
        act: ThreeDsAct,
    },
    TransactionChanged {
        transaction: Uuid,
        invoice: Uuid,
        status: TransactionState,
        amount: Decimal,
    },
    InvoiceChanged {
        invoice: Uuid,
        status: InvoiceState,
        why: Why,
    },
    /// A customer got an address, or one that exists serves another currency too.
    AddressMade(Arc<AddressFacts>),
    /// Somebody has paid to an address; the blockchain has not confirmed it yet.
    DepositSeen(Arc<DepositFacts>),
    /// The blockchain has confirmed it, or will not.
    DepositChanged {
        transaction: Uuid,
        status: TransactionState,
    },
    /// The merchant has asked for money to be paid to a customer.
    WithdrawalRequested(Arc<DepositFacts>),
    /// The money is on its way, or will not go.
    WithdrawalChanged {
        transaction: Uuid,
        status: TransactionState,
    },
    /// Something about a customer who pays by bank.
    CustomerChanged(Arc<CustomerFacts>),
    CallbackQueued {
        number: u64,
        transaction: Uuid,
        /// None for what was paid to an address.
        invoice: Option<Uuid>,
    },
    CallbackAttempted {
        number: u64,
        outcome: CallbackOutcome,
    },
    /// Somebody wants a callback once more, whatever became of it.
    CallbackResent {
        number: u64,
    },
    /// Callbacks that are made from now on have another key: the how many-th one, from 0.
    KeyRotated {
        key: u32,
    },
    FaultAdded {
        rule: Arc<FaultRule>,
    },
    /// All of them, or the one with this number.
    FaultsRemoved {
        rule: Option<u32>,
    },
    /// A rule was about a request or, without an operation, about a callback: it has hit it, or it has not.
    FaultDrawn {
        rule: u32,
        operation: Option<MerchantText>,
        subject: MerchantText,
        occurrence: u32,
        hit: bool,
    },
    /// An invoice that ended is no longer kept, nor what belongs to it, but for what it has left on its account.
    InvoiceForgotten {
        invoice: Uuid,
        account: MerchantText,
        net: Decimal,
    },
    /// The same of a payment that no invoice is for, or of a withdrawal.
    PaymentForgotten {
        transaction: Uuid,
        account: MerchantText,
        net: Decimal,
    },
    /// Too many callbacks wait: this one goes out no more.
    CallbackDropped {
        number: u64,
    },
    /// A request has its answer. The events that it caused stand right before this one.
    RequestAnswered(Arc<RequestFacts>),
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ThreeDsAct {
    Passed,
    Approved,
    Declined,
    Left,
}

/// The answer that an order id got.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OrderAnswer {
    /// 201, as the invoice demands.
    Created(Uuid),
    /// 500; the invoice is there if the payment was made.
    Failed(Option<Uuid>),
    /// 400, and nothing was done.
    Refused(OrderRefusal),
}

/// Why a deposit that follows the rules was refused.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OrderRefusal {
    Account,
    Currency,
    Amount,
    Card,
    TooManyActive,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallbackOutcome {
    /// The merchant answered with this status.
    Answered(u16),
    /// There was no answer.
    Failed,
}

impl OrderAnswer {
    pub(crate) fn invoice(self) -> Option<Uuid> {
        match self {
            Self::Created(invoice) => Some(invoice),
            Self::Failed(invoice) => invoice,
            Self::Refused(_) => None,
        }
    }
}

/// A currency by its code.
pub(crate) mod stored_currency {
    use std::borrow::Cow;

    use serde::{Deserialize as _, Deserializer, Serializer};
    use xgateway_core::money::Currency;

    pub(crate) fn serialize<S: Serializer>(
        currency: &Currency,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(currency.as_str())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Currency, D::Error> {
        let code = Cow::<str>::deserialize(deserializer)?;
        Ok(Currency::from(&*code))
    }
}

impl EventKind {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::ClockAdvanced { .. } => "clock_advanced",
            Self::InvoiceOpened(_) => "invoice_opened",
            Self::OrderAnswered { .. } => "order_answered",
            Self::PartnerFailed { .. } => "partner_failed",
            Self::ThreeDs { act, .. } => match act {
                ThreeDsAct::Passed => "three_ds_passed",
                ThreeDsAct::Approved => "three_ds_approved",
                ThreeDsAct::Declined => "three_ds_declined",
                ThreeDsAct::Left => "three_ds_left",
            },
            Self::TransactionChanged { .. } => "transaction_changed",
            Self::InvoiceChanged { .. } => "invoice_changed",
            Self::AddressMade(_) => "address_made",
            Self::DepositSeen(_) => "deposit_seen",
            Self::DepositChanged { .. } => "deposit_changed",
            Self::WithdrawalRequested(_) => "withdrawal_requested",
            Self::WithdrawalChanged { .. } => "withdrawal_changed",
            Self::CustomerChanged(facts) => facts.change.name(),
            Self::CallbackQueued { .. } => "callback_queued",
            Self::CallbackAttempted { .. } => "callback_attempted",
            Self::CallbackResent { .. } => "callback_resent",
            Self::KeyRotated { .. } => "key_rotated",
            Self::FaultAdded { .. } => "fault_added",
            Self::FaultsRemoved { .. } => "faults_removed",
            Self::FaultDrawn { hit: true, .. } => "fault_hit",
            Self::FaultDrawn { hit: false, .. } => "fault_missed",
            Self::InvoiceForgotten { .. } => "invoice_forgotten",
            Self::PaymentForgotten { .. } => "payment_forgotten",
            Self::CallbackDropped { .. } => "callback_dropped",
            Self::RequestAnswered(_) => "request_answered",
        }
    }

    pub(crate) fn invoice(&self) -> Option<Uuid> {
        match self {
            Self::InvoiceOpened(facts) => Some(facts.id),
            Self::ThreeDs { invoice, .. }
            | Self::TransactionChanged { invoice, .. }
            | Self::InvoiceChanged { invoice, .. }
            | Self::InvoiceForgotten { invoice, .. } => Some(*invoice),
            Self::OrderAnswered { answer, .. } => answer.invoice(),
            Self::CallbackQueued { invoice, .. } | Self::PartnerFailed { invoice, .. } => *invoice,
            Self::ClockAdvanced { .. }
            | Self::AddressMade(_)
            | Self::DepositSeen(_)
            | Self::DepositChanged { .. }
            | Self::WithdrawalRequested(_)
            | Self::WithdrawalChanged { .. }
            | Self::CustomerChanged(_)
            | Self::CallbackAttempted { .. }
            | Self::PaymentForgotten { .. }
            | Self::CallbackDropped { .. }
            | Self::CallbackResent { .. }
            | Self::KeyRotated { .. }
            | Self::FaultAdded { .. }
            | Self::FaultsRemoved { .. }
            | Self::FaultDrawn { .. }
            | Self::RequestAnswered(_) => None,
        }
    }
}
