use std::sync::Arc;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xgateway_core::money::Currency;

use super::{MerchantText, SenderFacts, TransactionState};

/// Flips all bits of an id but those that say what kind of id it is.
const OTHER: u128 = 0xFFFF_FFFF_FFFF_0FFF_3FFF_FFFF_FFFF_FFFF;

/// That an address takes a currency for a customer.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct AddressFacts {
    pub(crate) address: Arc<str>,
    pub(crate) customer_id: MerchantText,
    #[serde(with = "super::stored_currency")]
    pub(crate) currency: Currency,
    /// The name of its image.
    pub(crate) qr_code: Uuid,
}

/// What a payment to an address, or a withdrawal, is from its first moment on.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct DepositFacts {
    /// The transaction's id at the gateway.
    pub(crate) id: Uuid,
    /// The address; the account's id for a payment by bank; a name of its own for a withdrawal.
    pub(crate) address: MerchantText,
    pub(crate) customer_id: MerchantText,
    #[serde(with = "super::stored_currency")]
    pub(crate) currency: Currency,
    pub(crate) amount: Decimal,
    /// What it is worth at that moment.
    pub(crate) usd: Decimal,
    pub(crate) eur: Decimal,
    pub(crate) price: Decimal,
    /// What the gateway takes: by contract, and for the blockchain.
    pub(crate) processing_fee: Decimal,
    pub(crate) technical_fee: Decimal,
    /// The transaction's hash on its blockchain, which whoever pays may choose; empty if it has none.
    pub(crate) chain_hash: MerchantText,
    /// What the blockchain will say, and when.
    pub(crate) plan: Vec<(Timestamp, TransactionState)>,
    /// Who paid, by bank.
    #[serde(default)]
    pub(crate) sender: Option<SenderFacts>,
    /// The merchant's id of a withdrawal, or the order that a payment to an address names.
    #[serde(default)]
    pub(crate) order_id: Option<MerchantText>,
}

impl DepositFacts {
    /// What nobody else's payment is called: by the merchant's order id for a withdrawal, by its place on a blockchain for
    /// a payment to an address. One by bank has no such name.
    pub(crate) fn name(&self) -> Option<String> {
        let hash = self.chain_hash.as_str();
        if hash.is_empty() {
            let order = self.order_id.as_ref()?;
            return Some(Self::name_of_order(order.as_str()));
        }
        let address = self.address.as_str();
        Some(Self::name_on_chain(address, &self.currency, hash))
    }

    pub(crate) fn name_of_order(order_id: &str) -> String {
        // No address is called so.
        format!("order/{order_id}")
    }

    pub(crate) fn name_on_chain(address: &str, currency: &Currency, hash: &str) -> String {
        [address, currency.as_str(), hash].join("/")
    }

    /// The id of the invoice that belongs to it: the gateway's own callback of a payment to an address has one (seed
    /// "Channel payment flow"), and a withdrawal makes one (protocol §10).
    pub(crate) fn invoice_id(&self) -> Uuid {
        Self::linked(self.id)
    }

    /// The invoice of a transaction, or the transaction of an invoice.
    pub(crate) fn linked(id: Uuid) -> Uuid {
        Uuid::from_u128(id.as_u128() ^ OTHER)
    }
}
