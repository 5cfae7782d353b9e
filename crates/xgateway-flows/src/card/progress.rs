use std::fmt;

use xgateway_client::Error;
use xgateway_core::id::{InvoiceId, OrderId, TransactionId};
use xgateway_core::issue::Issues;
use xgateway_core::secret::MASK;

use super::{Contradiction, Resolution, SettledTransaction, ThreeDsUrl};

/// How a card deposit stands, and what its caller can do about it.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "it may say that a customer is to be credited"]
pub enum Progress {
    /// Paid. Credit the customer, once for this transaction id.
    Deposited(SettledTransaction),
    /// Send the customer to this page. It is told once, and not kept.
    ThreeDsRequired {
        /// The page.
        url: ThreeDsUrl,
    },
    /// The customer, the bank or the gateway is still at work. Look again after a hint, or after a while.
    InProgress(InProgress),
    /// Nothing was done: correct the request and start a new flow.
    Refused(Refused),
    /// Nobody knows. The ticket leads to the answer; sending again leads to a second charge.
    Unknown {
        /// What to resolve.
        ticket: Ticket,
    },
    /// Declined, or expired. A later hint may still change that: see the [module](super).
    Failed {
        /// The transaction; none if it never came to one.
        transaction_id: Option<TransactionId>,
        /// Why the last look told nothing, if it failed, or a look at another attempt at the order did. Then a callback that
        /// says otherwise must come once more.
        error: Option<Error>,
    },
    /// The request never arrived. The order may be started anew.
    NotCharged {
        /// Why it was not sent; `None` if it was sent and got lost on the way, or after a resume.
        error: Option<Error>,
    },
    /// The gateway's word does not fit the order: nobody is credited, and a person must look.
    Contradiction(Contradiction),
    /// A person has [ended](super::JournalledCards::resolve) it, and the gateway says nothing that the person did not know:
    /// nobody is credited.
    Resolved(Resolution),
}

/// What is known of a deposit that is still under way.
#[derive(Debug, Default)]
pub struct InProgress {
    pub(super) invoice_id: Option<InvoiceId>,
    pub(super) payment_url: Option<PaymentUrl>,
    /// Whether the invoice counts as paid already.
    pub(super) is_completed: bool,
    pub(super) error: Option<Error>,
}

/// A refusal. Nothing was done.
#[derive(Debug)]
pub struct Refused {
    pub(super) error: Option<Error>,
}

/// A deposit of which nobody knows whether the gateway has it.
///
/// It leads to [`resolve`](super::CardDepositFlow::resolve), which reads and never sends. It need not be stored: the
/// flow's snapshot says the same.
#[derive(Debug)]
#[must_use = "resolve it: money may have moved"]
pub struct Ticket {
    pub(super) order_id: OrderId,
    pub(super) error: Option<Error>,
}

#[derive(Clone)]
pub(super) struct PaymentUrl(pub(super) Box<str>);

impl Progress {
    /// Why the last look told nothing, if it failed.
    ///
    /// Whoever looks because of a callback asks this of every standing, also of one that is over: the callback may tell that
    /// it has turned, and with the gateway unheard it must come once more.
    pub fn unread(&self) -> Option<&Error> {
        match self {
            Self::InProgress(open) => open.unread(),
            Self::Refused(refused) => refused.error(),
            Self::Unknown { ticket } => ticket.error(),
            Self::Failed { error, .. } | Self::NotCharged { error } => error.as_ref(),
            Self::Deposited(_)
            | Self::ThreeDsRequired { .. }
            | Self::Contradiction(_)
            | Self::Resolved(_) => None,
        }
    }

    /// The same, to be handed on.
    #[must_use]
    pub fn into_unread(self) -> Option<Error> {
        match self {
            Self::InProgress(open) => open.error,
            Self::Refused(refused) => refused.error,
            Self::Unknown { ticket } => ticket.error,
            Self::Failed { error, .. } | Self::NotCharged { error } => error,
            Self::Deposited(_)
            | Self::ThreeDsRequired { .. }
            | Self::Contradiction(_)
            | Self::Resolved(_) => None,
        }
    }

    /// Whether it is worth looking again without a hint.
    pub fn is_open(&self) -> bool {
        match self {
            Self::ThreeDsRequired { .. } | Self::InProgress(_) | Self::Unknown { .. } => true,
            Self::Deposited(_)
            | Self::Refused(_)
            | Self::Failed { .. }
            | Self::NotCharged { .. }
            | Self::Contradiction(_)
            | Self::Resolved(_) => false,
        }
    }
}

impl InProgress {
    /// The gateway's name for the invoice, once it was read.
    pub fn invoice_id(&self) -> Option<&InvoiceId> {
        self.invoice_id.as_ref()
    }

    /// The gateway's own page for the invoice: the only one left if the address of the 3DS page got lost.
    pub fn payment_url(&self) -> Option<&str> {
        self.payment_url.as_ref().map(|url| &*url.0)
    }

    /// Why the last look told nothing, if it failed.
    pub fn unread(&self) -> Option<&Error> {
        self.error.as_ref()
    }
}

impl Refused {
    /// Why; after a resume why the look told nothing, or `None`, since a snapshot holds no reasons.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// The issues, if rules were broken: ours or the gateway's.
    pub fn issues(&self) -> Option<&Issues> {
        self.error.as_ref().and_then(Error::issues)
    }
}

impl Ticket {
    /// The order by which the invoice will be read.
    pub fn order_id(&self) -> &OrderId {
        &self.order_id
    }

    /// What went wrong last: the request, or a look at what became of it.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// What to do next, in a sentence.
    pub fn advice(&self) -> &'static str {
        "resolve the ticket: read the invoice by its order id, and send nothing before that tells"
    }
}

impl fmt::Debug for PaymentUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}
