use xgateway_api::address::DepositAddress;
use xgateway_api::types::TransactionData;
use xgateway_client::Answered;
use xgateway_core::id::TransactionId;

use super::{CallbackHint, NamedOrder, Reading, SettledDeposit};

/// Something that happened to a customer's deposits.
#[derive(Clone, Debug)]
pub enum Event {
    /// The gateway gave an address.
    AddressGiven(Box<Answered<DepositAddress>>),
    /// A callback came. A hint.
    CallbackHint(CallbackHint),
    /// A transaction was read.
    TransactionRead {
        /// The id by which it was asked for.
        asked: TransactionId,
        /// What came of it.
        reading: Reading<TransactionData>,
        /// Whose order it names, by the merchant's own books.
        order: NamedOrder,
    },
    /// The customer was credited, says the caller.
    Credited(SettledDeposit),
}
