//! The third stage: what the API says.

mod confirmed;
mod error;

pub(crate) use confirmed::reversal_key;
pub use confirmed::{
    ConfirmedBankAccount, ConfirmedCallback, ConfirmedKyc, ConfirmedTransaction, SettledDeposit,
    effect_key,
};
pub use error::{NoAnswer, NoAnswerCause, Unconfirmed};

use async_trait::async_trait;
use xgateway_api::types::{
    BankTransferAccountResponse, CustomerBankAccountStatus, KycApplicationDetailsResponse,
    KycStatus, TransactionData, TransactionStatus,
};
use xgateway_core::money::DecimalText;

use crate::authentic::{AuthenticCallback, Proven};

/// Reads the truth from the gateway's API. Implement it over whatever client you use.
///
/// Each method reads from the API and not from a cache. It may try again for a moment, as a client does; whoever has no
/// answer then is asked again, later and later, by the [`Processor`](crate::Processor).
#[async_trait]
pub trait Confirm: Send + Sync {
    /// Which environment is asked, by its base URL. A [`Processor`](crate::Processor) takes no callbacks out of an inbox that
    /// belongs to another one. `None` goes with any: whoever wraps another one asks that.
    fn environment(&self) -> Option<&str>;

    /// The transaction with this id; `None` if the gateway knows none.
    ///
    /// # Errors
    ///
    /// [`NoAnswer`] if the API did not say, for whatever reason.
    async fn transaction(&self, id: &str) -> Result<Option<TransactionData>, NoAnswer>;

    /// All bank accounts of this customer; empty if the gateway knows none.
    ///
    /// # Errors
    ///
    /// [`NoAnswer`] if the API did not say, for whatever reason.
    async fn bank_accounts(
        &self,
        customer_id: &str,
    ) -> Result<Vec<BankTransferAccountResponse>, NoAnswer>;

    /// The identity check of this customer; `None` if the gateway knows none.
    ///
    /// # Errors
    ///
    /// [`NoAnswer`] if the API did not say, for whatever reason.
    async fn kyc(
        &self,
        customer_id: &str,
    ) -> Result<Option<KycApplicationDetailsResponse>, NoAnswer>;
}

impl AuthenticCallback<'_> {
    /// Reads from the API what the callback is about. Whatever the callback says of it is not believed, not even here.
    ///
    /// The API's answer counts, also where the callback says otherwise: a late `failed` of a transaction that the API
    /// calls `confirmed` gives the confirmed transaction. Only where the callback claims *more* than the API, it is
    /// early or forged, and the result is [`Unconfirmed::NotYet`]: `confirmed`, or `failed` while the API still waits;
    /// `ACTIVE` without such an account; `FULL_USER` of somebody who is not.
    ///
    /// # Errors
    ///
    /// [`Unconfirmed`] says whether to ask again.
    pub async fn confirm(&self, api: &dyn Confirm) -> Result<ConfirmedCallback, Unconfirmed> {
        match self.proven() {
            Proven::Transaction { id, .. } => {
                let answer = api.transaction(id).await?.ok_or(Unconfirmed::NotYet)?;
                self.judge_transaction(answer)
                    .map(|it| ConfirmedCallback::Transaction(Box::new(it)))
            }
            Proven::BankAccount {
                customer_id,
                currency,
            } => {
                let mut accounts = api.bank_accounts(customer_id).await?;
                accounts.retain(|account| {
                    let code = account.currency.as_ref();
                    code.is_some_and(|code| code.as_str() == currency)
                });
                let is_active = accounts
                    .iter()
                    .any(|it| it.status == CustomerBankAccountStatus::Active);
                if accounts.is_empty() || (self.claim() == Some("ACTIVE") && !is_active) {
                    return Err(Unconfirmed::NotYet);
                }
                let confirmed = ConfirmedBankAccount::new(customer_id, currency, accounts);
                Ok(ConfirmedCallback::BankAccount(confirmed))
            }
            Proven::Kyc { customer_id } => {
                let state = api.kyc(customer_id).await?.ok_or(Unconfirmed::NotYet)?;
                let status = state.status.clone().ok_or(Unconfirmed::NotYet)?;
                if self.claim() == Some("FULL_USER") && status != KycStatus::FullUser {
                    return Err(Unconfirmed::NotYet);
                }
                Ok(ConfirmedCallback::Kyc(ConfirmedKyc::new(
                    customer_id,
                    status,
                    state,
                )))
            }
            Proven::Unrecognized { .. } => Err(Unconfirmed::Unrecognized),
        }
    }

    fn judge_transaction(
        &self,
        answer: TransactionData,
    ) -> Result<ConfirmedTransaction, Unconfirmed> {
        let fields = [
            ("id", self.id() == Some(&answer.id)),
            (
                "customerId",
                self.customer_id().unwrap_or_default()
                    == answer.customer_id.as_deref().unwrap_or_default(),
            ),
            (
                "amount",
                self.amount()
                    .is_some_and(|text| is_same_amount(text, &answer.amount)),
            ),
            (
                "currency",
                self.currency() == Some(answer.currency.as_str()),
            ),
        ];
        if let Some((field, _)) = fields.into_iter().find(|(_, is_same)| !is_same) {
            return Err(Unconfirmed::Contradiction { field });
        }
        let claim = TransactionStatus::from(self.claim().unwrap_or_default());
        if rank(&answer.status) < rank(&claim) {
            return Err(Unconfirmed::NotYet);
        }
        Ok(ConfirmedTransaction::new(answer))
    }
}

/// Statuses in the order in which a transaction may go through them: `confirmed` may follow `failed` (protocol §4).
fn rank(status: &TransactionStatus) -> u8 {
    if *status == TransactionStatus::Confirmed {
        2
    } else {
        u8::from(*status == TransactionStatus::Failed)
    }
}

/// Whether two decimals are one number: the API may write `10.00` where the callback has `10`.
fn is_same_amount(text: &str, answer: &DecimalText) -> bool {
    text == answer.as_str()
        || DecimalText::parse(text).is_ok_and(|amount| amount.value() == answer.value())
}
