use xgateway_core::id::TransactionId;

use super::{Contradiction, SettledDeposit};

/// What a [`Machine`](super::Machine) wants done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Action {
    /// Read this transaction, and report what came of it.
    ReadTransaction(TransactionId),
    /// Credit the customer. Asked for by every read until an [event](super::Event::Credited) says that it was done.
    Credit(SettledDeposit),
    /// Have a person look: the gateway's word does not fit what it said before.
    Report(Contradiction),
}
