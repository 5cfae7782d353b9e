use std::fmt;

use xgateway_api::types::{
    BankTransferAccountResponse, KycApplicationDetailsResponse, KycStatus, TransactionData,
    TransactionStatus, TransactionType,
};
use xgateway_core::money::{Currency, DecimalText};
use xgateway_store::EffectKey;

/// What the API says about the subject of a callback. Everything in here comes from the API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConfirmedCallback {
    /// A transaction.
    Transaction(Box<ConfirmedTransaction>),
    /// The bank accounts of a customer in one currency.
    BankAccount(ConfirmedBankAccount),
    /// The identity check of a customer.
    Kyc(ConfirmedKyc),
}

impl ConfirmedCallback {
    /// The name of the effect that this may have once: one for each transaction and status.
    ///
    /// `None` for bank accounts and identity checks, which have no events but a present state. Take it over as often as
    /// it comes: that is the same as once.
    pub fn effect(&self) -> Option<EffectKey> {
        match self {
            Self::Transaction(transaction) => {
                let data = transaction.data();
                effect_key(&data.id, &data.status)
            }
            Self::BankAccount(_) | Self::Kyc(_) => None,
        }
    }
}

/// What is recorded of a transaction whose effect as a confirmed one has happened, once the API calls it confirmed no more:
/// if it is confirmed again, nobody knows by itself whether the customer still has the money. No name of a status.
pub(crate) fn reversal_key(id: &str) -> Option<EffectKey> {
    EffectKey::parse(&format!("reversal:{id}")).ok()
}

/// The name of the effect of a transaction's status: the one that [`ConfirmedCallback::effect`] gives. `None` if the two
/// cannot be one.
///
/// ```
/// use xgateway_api::types::TransactionStatus;
/// use xgateway_callback::effect_key;
///
/// let credit = effect_key("916c9ef9", &TransactionStatus::Confirmed);
/// assert_eq!(credit.map(|it| it.as_str().to_owned()), Some("transaction:916c9ef9:confirmed".to_owned()));
/// ```
#[must_use]
pub fn effect_key(id: &str, status: &TransactionStatus) -> Option<EffectKey> {
    let key = |status: &str| EffectKey::parse(&format!("transaction:{id}:{status}"));
    // The id is one that we accepted, so only a strange new status can make it no key.
    key(status.as_str()).or_else(|_| key("other")).ok()
}

/// A transaction as the API answers it; id, customer, amount and currency are those of the callback.
#[derive(Clone)]
pub struct ConfirmedTransaction {
    data: TransactionData,
    is_reversal: bool,
}

impl ConfirmedTransaction {
    pub(super) fn new(data: TransactionData) -> Self {
        Self {
            data,
            is_reversal: false,
        }
    }

    pub(crate) fn mark_reversal(&mut self) {
        self.is_reversal = true;
    }

    /// Whether it was confirmed, which has had its effect, and is so no more: whoever has credited it has somebody take the
    /// credit back. Known to a [`Handler`](crate::Handler) alone, which hears of the inbox what nobody else can say.
    pub fn is_reversal(&self) -> bool {
        self.is_reversal
    }

    /// All that the API says about it.
    pub fn data(&self) -> &TransactionData {
        &self.data
    }

    /// How far it has come, now. It may still change: `confirmed` may follow `failed`.
    pub fn status(&self) -> &TransactionStatus {
        &self.data.status
    }

    /// The deposit, if this is one and its money has arrived for a customer. The only thing to credit one by.
    pub fn settled_deposit(&self) -> Option<SettledDeposit<'_>> {
        let data = &self.data;
        let customer_id = self.customer_id().filter(|_| self.is_settled_deposit())?;
        Some(SettledDeposit { data, customer_id })
    }

    /// Whether money has arrived and nobody knows for whom. A [`Processor`](crate::Processor) gives such a one up, for a
    /// person to look at, and hands it to no handler.
    pub fn is_settled_for_nobody(&self) -> bool {
        self.is_settled_deposit() && self.customer_id().is_none()
    }

    fn is_settled_deposit(&self) -> bool {
        self.data.status == TransactionStatus::Confirmed
            && self.data.kind == TransactionType::Deposit
    }

    fn customer_id(&self) -> Option<&str> {
        self.data.customer_id.as_deref().filter(|id| !id.is_empty())
    }
}

/// Money that has arrived for a customer, as the API says.
#[derive(Clone, Copy)]
pub struct SettledDeposit<'a> {
    data: &'a TransactionData,
    customer_id: &'a str,
}

impl<'a> SettledDeposit<'a> {
    /// The transaction's id: credit each once.
    pub fn id(self) -> &'a str {
        &self.data.id
    }

    /// The merchant's id of the customer whose money it is.
    pub fn customer_id(self) -> &'a str {
        self.customer_id
    }

    /// How much, in major units of [`currency`](Self::currency).
    pub fn amount(self) -> &'a DecimalText {
        &self.data.amount
    }

    /// The currency of the amount.
    pub fn currency(self) -> &'a Currency {
        &self.data.currency
    }

    /// The order that the gateway names; `None` also if it writes an empty one.
    ///
    /// It may name one in a payment to a lasting address, too (seed "Channel payment flow"), which the merchant has never
    /// sent: whether it is an order of the merchant's own only the merchant's journal can tell.
    pub fn order_id(self) -> Option<&'a str> {
        self.data.order_id.as_deref().filter(|id| !id.is_empty())
    }
}

/// The bank accounts of a customer in one currency, as the API answers them: one at least.
#[derive(Clone)]
pub struct ConfirmedBankAccount {
    customer_id: Box<str>,
    currency: Box<str>,
    accounts: Vec<BankTransferAccountResponse>,
}

impl ConfirmedBankAccount {
    pub(super) fn new(
        customer_id: &str,
        currency: &str,
        accounts: Vec<BankTransferAccountResponse>,
    ) -> Self {
        Self {
            customer_id: customer_id.into(),
            currency: currency.into(),
            accounts,
        }
    }

    /// The merchant's id of the customer.
    pub fn customer_id(&self) -> &str {
        &self.customer_id
    }

    /// The code of the currency.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// The accounts.
    pub fn accounts(&self) -> &[BankTransferAccountResponse] {
        &self.accounts
    }
}

/// The identity check of a customer, as the API answers it.
#[derive(Clone)]
pub struct ConfirmedKyc {
    customer_id: Box<str>,
    status: KycStatus,
    state: KycApplicationDetailsResponse,
}

impl ConfirmedKyc {
    pub(super) fn new(
        customer_id: &str,
        status: KycStatus,
        state: KycApplicationDetailsResponse,
    ) -> Self {
        Self {
            customer_id: customer_id.into(),
            status,
            state,
        }
    }

    /// The merchant's id of the customer.
    pub fn customer_id(&self) -> &str {
        &self.customer_id
    }

    /// How far the check has come, now. It may still be taken back.
    pub fn status(&self) -> &KycStatus {
        &self.status
    }

    /// All that the API says about it.
    pub fn state(&self) -> &KycApplicationDetailsResponse {
        &self.state
    }
}

impl fmt::Debug for ConfirmedTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfirmedTransaction")
            .field("id", &self.data.id)
            .field("status", &self.data.status)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SettledDeposit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SettledDeposit")
            .field("id", &self.data.id)
            .finish_non_exhaustive()
    }
}

// A customer's id may be an e-mail address, and the answer about the check holds it, too.
impl fmt::Debug for ConfirmedBankAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfirmedBankAccount")
            .field("currency", &self.currency)
            .field("accounts", &self.accounts)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ConfirmedKyc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfirmedKyc")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
