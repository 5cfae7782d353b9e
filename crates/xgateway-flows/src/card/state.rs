use std::fmt;

use xgateway_core::id::TransactionId;

use super::Contradiction;

/// How a card deposit stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum State {
    /// The request is about to be sent or on its way.
    Sending,
    /// Nobody knows whether the request arrived.
    Unknown {
        /// Whether the caller has said that it can arrive no more.
        grace_elapsed: bool,
    },
    /// The gateway has it. The customer, the bank or the gateway itself is still at work.
    InProgress,
    /// Paid: the gateway confirmed this transaction, and it is what was ordered.
    Deposited {
        /// The transaction.
        transaction_id: TransactionId,
    },
    /// Declined, or expired before the customer paid.
    Failed {
        /// The transaction; none if it never came to one.
        transaction_id: Option<TransactionId>,
    },
    /// The gateway, or our own rules, did not take the request.
    Refused,
    /// The request never arrived.
    NotCharged,
    /// The gateway's word does not fit the order. Nobody is credited, and a person must look.
    Contradiction(Contradiction),
}

impl State {
    /// A short name, for logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Unknown { .. } => "unknown",
            Self::InProgress => "in progress",
            Self::Deposited { .. } => "deposited",
            Self::Failed { .. } => "failed",
            Self::Refused => "refused",
            Self::NotCharged => "not charged",
            Self::Contradiction(_) => "contradiction",
        }
    }

    /// Whether the flow still waits for the gateway's word.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Sending | Self::Unknown { .. } | Self::InProgress => true,
            Self::Deposited { .. }
            | Self::Failed { .. }
            | Self::Refused
            | Self::NotCharged
            | Self::Contradiction(_) => false,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
