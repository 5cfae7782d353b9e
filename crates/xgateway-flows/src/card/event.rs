use xgateway_api::types::{
    AppErrorCode, CreateInvoiceResponse, PublicInvoice, TransactionCallback, TransactionData,
};
use xgateway_client::{Answered, Effect, Error};
use xgateway_core::id::{IdError, TransactionId};

use super::ThreeDsUrl;

/// Something that happened to a card deposit.
#[derive(Clone, Debug)]
pub enum Event {
    /// The gateway took the request.
    Answered {
        /// Where the customer must go; `None` if no 3DS check is needed.
        three_ds_url: Option<ThreeDsUrl>,
    },
    /// The request was refused, and nothing was done.
    Refused,
    /// No answer that can be relied on: the request may have arrived.
    Lost,
    /// The request never left this machine.
    NotSent,
    /// The customer's browser came back. A hint.
    CustomerReturned,
    /// A callback came. A hint.
    CallbackHint(CallbackHint),
    /// The invoice was read by the order id.
    InvoiceRead(Reading<PublicInvoice>),
    /// A transaction was read by its id.
    TransactionRead(Reading<TransactionData>),
    /// The same of one that only a hint has named: it may belong to another order.
    HintedRead(Reading<TransactionData>),
    /// The request can arrive no more, says the caller. See the [module](super).
    GraceElapsed,
}

/// What came of reading something.
#[derive(Clone, Debug)]
pub enum Reading<T> {
    /// The gateway's own answer.
    Found(Box<Answered<T>>),
    /// The gateway says that there is none.
    NotFound,
    /// It could not be read; nothing was learnt.
    Failed,
}

/// That a callback came, and for which transaction.
///
/// Its status is left behind on purpose: the hash does not cover it (protocol §4), so it must not be acted on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CallbackHint {
    transaction_id: TransactionId,
}

impl Event {
    /// What the outcome of the one request means.
    pub fn of_answer(outcome: &Result<Answered<CreateInvoiceResponse>, Error>) -> Self {
        match outcome {
            Ok(answer) => match answer.data().three_ds_url.as_deref() {
                None => Self::Answered { three_ds_url: None },
                // With an address to which nobody can be sent it was taken all the same: the invoice will tell.
                Some(text) => Self::Answered {
                    three_ds_url: ThreeDsUrl::parse(text).ok(),
                },
            },
            // It took the order, whatever else it says.
            Err(Error::Undecodable(error)) if error.says_success() => {
                Self::Answered { three_ds_url: None }
            }
            Err(error) if may_belong_to_another_request(error) => Self::Lost,
            Err(error) => match (error.effect(), error) {
                (Effect::Unknown | Effect::Acted, _) => Self::Lost,
                (Effect::Nothing, Error::Transport(_) | Error::Caller(_)) => Self::NotSent,
                (Effect::Nothing, _) => Self::Refused,
            },
        }
    }
}

/// Whether a refusal may mean that an earlier request holds the order id.
///
/// A conflict says so; a violated constraint may be that of the order id's uniqueness.
pub(super) fn may_belong_to_another_request(error: &Error) -> bool {
    error.is_conflict()
        || matches!(error, Error::Refused(refused)
            if refused.codes().any(|code| *code == AppErrorCode::DbViolation))
}

impl<T> Reading<T> {
    /// What the outcome of a read means.
    pub fn of(outcome: Result<Answered<T>, Error>) -> Self {
        match outcome {
            Ok(answer) => Self::Found(Box::new(answer)),
            Err(error) => Self::of_error(&error),
        }
    }

    pub(super) fn of_error(error: &Error) -> Self {
        if error.is_not_found() {
            Self::NotFound
        } else {
            Self::Failed
        }
    }
}

impl CallbackHint {
    /// A hint at a transaction.
    pub fn new(transaction_id: TransactionId) -> Self {
        Self { transaction_id }
    }

    /// The hint that a callback is. Check its hash first.
    ///
    /// # Errors
    ///
    /// [`IdError`] if the callback's transaction id is none.
    pub fn of(callback: &TransactionCallback) -> Result<Self, IdError> {
        TransactionId::parse(&callback.id).map(Self::new)
    }

    /// The transaction that the callback is about.
    pub fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }
}
