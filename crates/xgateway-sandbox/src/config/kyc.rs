use rust_decimal::Decimal;

use super::choice::choice;

/// How a world treats customers who pay by bank.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KycConfig {
    /// Which comes first.
    pub order: KycOrder,
    /// Up to what a payment is worth, in euro, a customer needs no KYC. It counts for
    /// [`KycOrder::AccountFirst`] only.
    pub threshold_eur: Decimal,
    /// How many payments a customer may make without KYC, however small: the second use needs it. It counts for
    /// [`KycOrder::AccountFirst`] only.
    pub free_payments: u64,
    /// The least payment, in major units of the account's currency; the bank sends less back.
    pub payment_min: Decimal,
    /// The largest payment, in major units of the account's currency; the bank sends more back.
    pub payment_max: Decimal,
}

/// Whether a customer gets a bank account before or after KYC: the gateway's documents have both.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum KycOrder {
    /// The account comes first, and only larger payments and the second use need KYC.
    #[default]
    AccountFirst,
    /// Only who has passed KYC gets an account, and every payment needs it.
    KycFirst,
}

impl Default for KycConfig {
    fn default() -> Self {
        Self {
            order: KycOrder::default(),
            threshold_eur: Decimal::from(700),
            free_payments: 1,
            payment_min: Decimal::from(10),
            payment_max: Decimal::from(50_000),
        }
    }
}

choice!(KycOrder: AccountFirst = "account-first", KycFirst = "kyc-first");
