//! What is on the merchant's accounts.

use xgateway_core::id::{AccountId, IdError};
use xgateway_core::money::{Currency, DecimalText};

use crate::types::AccountPublicResponse;

/// What is on one of the merchant's accounts, in major units, as the gateway wrote it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Balance {
    account_id: AccountId,
    label: Option<Box<str>>,
    currency: Currency,
    total: DecimalText,
    withdrawable: Option<DecimalText>,
}

impl Balance {
    /// The account.
    pub fn account_id(&self) -> &AccountId {
        &self.account_id
    }

    /// What the merchant calls the account.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The currency of what is on it.
    pub fn currency(&self) -> &Currency {
        &self.currency
    }

    /// All that is on it.
    pub fn total(&self) -> &DecimalText {
        &self.total
    }

    /// How much of it can be withdrawn; `None` if the gateway did not say.
    pub fn withdrawable(&self) -> Option<&DecimalText> {
        self.withdrawable.as_ref()
    }
}

impl TryFrom<AccountPublicResponse> for Balance {
    type Error = IdError;

    fn try_from(account: AccountPublicResponse) -> Result<Self, IdError> {
        Ok(Self {
            account_id: AccountId::parse(&account.account_id)?,
            label: account.account_label.map(Into::into),
            currency: account.currency,
            total: account.balance,
            withdrawable: account.withdrawable_balance,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::decode;
    use crate::types::{AccountKind, GetBalances};

    /// The documents' own sample, and one of crypto money with whatever else may stand there.
    #[test]
    fn accounts_decode_exactly() {
        let body = br#"{"data":[{"type":"fiat","accountId":"a","accountLabel":"TRY Papara","accountCurrency":"TRY",
            "currency":"TRY","balance":"1000.00","withdrawableBalance":"950.00","isActive":true},
            {"type":"crypto","accountId":"b","accountLabel":null,"currency":"ETH","balance":"0.000000000000000001",
            "network":"ethereum","minConfirmationBlock":null,"fullConfirmationBlock":12,"new":[1]}],"success":true}"#;
        let accounts = decode::<GetBalances>(200, body).unwrap();
        assert_eq!(accounts[1].kind, Some(AccountKind::Crypto));
        assert_eq!(accounts[1].full_confirmation_block, Some(12));
        let balances: Vec<_> = accounts
            .into_iter()
            .map(|account| Balance::try_from(account).unwrap())
            .collect();
        assert_eq!(balances[0].label(), Some("TRY Papara"));
        assert_eq!(balances[0].total().as_str(), "1000.00");
        assert_eq!(balances[0].withdrawable().unwrap().as_str(), "950.00");
        assert_eq!(balances[1].total().as_str(), "0.000000000000000001");
        assert_eq!(balances[1].currency(), &Currency::Eth);
        assert_eq!(balances[1].withdrawable(), None);
    }

    #[test]
    fn an_account_without_its_balance_is_no_answer() {
        let body = br#"{"data":[{"accountId":"a","currency":"TRY"}],"success":true}"#;
        assert!(decode::<GetBalances>(200, body).is_err());
    }
}
