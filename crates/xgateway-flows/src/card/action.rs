use xgateway_core::id::TransactionId;

use super::{Contradiction, SettledTransaction, ThreeDsUrl};

/// What a [`Machine`](super::Machine) wants done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Action {
    /// Send the deposit. Asked for once, at the very beginning.
    Send,
    /// Send the customer there.
    Redirect(ThreeDsUrl),
    /// Read the invoice by the order id, and report what came of it.
    ReadInvoice,
    /// Read this transaction, and report what came of it.
    ReadTransaction(TransactionId),
    /// Read this transaction, of which a hint told, and report what came of it. Not needed if it is to be
    /// [read](Self::ReadTransaction) all the same.
    ReadHinted(TransactionId),
    /// Credit the customer, once for this transaction id: after a resume it is asked for again.
    Credit(SettledTransaction),
    /// Have a person look: the gateway's word does not fit.
    Report(Contradiction),
}
