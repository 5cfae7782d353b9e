use xgateway_api::types::BankCurrency;
use xgateway_core::document::Page;
use xgateway_core::id::CustomerId;

/// What an onboarding is to lead to, without a personal datum.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// The merchant's name for the customer.
    pub customer_id: CustomerId,
    /// In which order.
    pub sequence: Sequence,
    /// The currency of the bank account.
    pub currency: BankCurrency,
    /// The sides of documents to be uploaded.
    pub pages: Vec<Page>,
}

/// The order of the steps. Which one a merchant has is agreed with the gateway (protocol §6).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Sequence {
    /// The bank account first, then KYC: the older documents. Only the profile, which says whose it is, comes before.
    AccountFirst,
    /// Only whoever has passed KYC gets an account: the newer documents.
    #[default]
    KycFirst,
}
