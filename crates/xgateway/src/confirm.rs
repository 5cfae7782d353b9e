use async_trait::async_trait;
use xgateway_api::call::Call;
use xgateway_api::environment::Environment;
use xgateway_api::types::{
    BankTransferAccountResponse, GetBankAccounts, GetKyc, GetTransaction,
    KycApplicationDetailsResponse, TransactionData,
};
use xgateway_callback::{Confirm, NoAnswer};
use xgateway_client::{Client, Error};

/// Confirms callbacks through a client: what a callback is about is read from the gateway's API.
///
/// ```
/// use http::StatusCode;
/// use xgateway::ConfirmThrough;
/// use xgateway::api::environment::Environment;
/// use xgateway::callback::Confirm;
/// use xgateway::client::Client;
/// use xgateway::core::secret::ApiKey;
/// use xgateway::transport::test_util::{ExpectedRequest, ScriptedTransport};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let gateway = ScriptedTransport::new([
///     ExpectedRequest::get("/api/v2/transaction/916c9ef9").answers(
///         StatusCode::NOT_FOUND,
///         r#"{"errors":[{"code":"not_found","message":"No such transaction."}],"success":false}"#,
///     ),
/// ]);
/// let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
/// let api = ConfirmThrough::new(Client::new(Environment::Demo, key, gateway));
///
/// assert!(api.transaction("916c9ef9").await?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConfirmThrough(Client);

impl ConfirmThrough {
    /// What [`environment`](Confirm::environment) says where this is asked, for a receiver that asks nobody itself. All
    /// sandboxes are one: each start has a port of its own.
    pub fn name_of(environment: &Environment) -> &str {
        match environment {
            Environment::Sandbox(_) => "a sandbox",
            Environment::Production | Environment::Demo => environment.base_url(),
        }
    }

    /// Asks through `client`: one call for each question, which the client tries again as its own policy says.
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// `None` if the gateway says that there is nothing.
    ///
    /// The ids in a question are those of a callback that is authentic, so they are asked for as they came. Our types
    /// for ids are stricter, and what they refuse would never be confirmed.
    async fn ask<C: Call>(&self, question: &C) -> Result<Option<C::Answer>, NoAnswer> {
        match self.0.send(question).await {
            Ok(answer) => Ok(Some(answer.into_data())),
            // Only the gateway's own 404: one of a proxy says nothing about the subject.
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(no_answer(&error)),
        }
    }
}

/// What a [`Handler`](xgateway_callback::Handler) says that asked the API itself and got no answer: who is to blame decides how
/// often it is asked again. That the gateway has nothing of the subject is an answer, and not for this.
pub fn no_answer(error: &Error) -> NoAnswer {
    let text = error.to_string();
    match error {
        // Not even asked, since the client is set up wrongly; or not let in.
        Error::Caller(_) | Error::Authentication(_) => NoAnswer::locked_out(&text),
        Error::Refused(error) if error.status().as_u16() == 403 => NoAnswer::locked_out(&text),
        Error::Validation(_) => NoAnswer::refused(&text),
        Error::Refused(error) if error.codes().len() > 0 => NoAnswer::refused(&text),
        Error::Undecodable(error) if error.says_success() => NoAnswer::refused(&text),
        // Also what is not in the gateway's own words: something in between may have said it.
        Error::Refused(_)
        | Error::Undecodable(_)
        | Error::RateLimited(_)
        | Error::Gateway(_)
        | Error::Transport(_)
        | _ => NoAnswer::new(&text),
    }
}

#[async_trait]
impl Confirm for ConfirmThrough {
    fn environment(&self) -> Option<&str> {
        Some(Self::name_of(self.0.environment()))
    }

    async fn transaction(&self, id: &str) -> Result<Option<TransactionData>, NoAnswer> {
        let transaction_id = id.to_owned();
        self.ask(&GetTransaction { transaction_id }).await
    }

    async fn bank_accounts(
        &self,
        customer_id: &str,
    ) -> Result<Vec<BankTransferAccountResponse>, NoAnswer> {
        let customer_id = customer_id.to_owned();
        let accounts = self.ask(&GetBankAccounts { customer_id }).await?;
        Ok(accounts.unwrap_or_default())
    }

    async fn kyc(
        &self,
        customer_id: &str,
    ) -> Result<Option<KycApplicationDetailsResponse>, NoAnswer> {
        let customer_id = customer_id.to_owned();
        self.ask(&GetKyc { customer_id }).await
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use xgateway_api::environment::Environment;
    use xgateway_api::types::{BankCurrency, KycDocumentType, MissingDocument};
    use xgateway_callback::NoAnswerCause;
    use xgateway_core::secret::ApiKey;
    use xgateway_transport::test_util::{ExpectedRequest, ScriptedTransport};

    use super::*;

    async fn ask(
        status: StatusCode,
        answer: &'static str,
    ) -> Result<Option<TransactionData>, NoAnswer> {
        let request = ExpectedRequest::get("/api/v2/transaction/t-1").answers(status, answer);
        let gateway = ScriptedTransport::new([request]);
        let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11").unwrap();
        ConfirmThrough::new(Client::new(Environment::Demo, key, gateway))
            .transaction("t-1")
            .await
    }

    fn api(path: &'static str, status: StatusCode, answer: &'static str) -> ConfirmThrough {
        let gateway = ScriptedTransport::new([ExpectedRequest::get(path).answers(status, answer)]);
        let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11").unwrap();
        ConfirmThrough::new(Client::new(Environment::Demo, key, gateway))
    }

    #[tokio::test(start_paused = true)]
    async fn identity_checks_and_bank_accounts_are_read() {
        const KYC: &str = "/api/v2/customer/joe/bank-transfer/kyc";
        const ACCOUNTS: &str = "/api/v2/customer/joe/bank-transfer/accounts";
        let answer = r#"{"data":{"id":"joe","status":"SOFT_KYC_FAILED","docsMissing":["SELFIE",{"docType":"PASSPORT"}]},"success":true}"#;
        let state = api(KYC, StatusCode::OK, answer).kyc("joe").await.unwrap();
        let state = state.unwrap();
        assert_eq!(state.status.unwrap().as_str(), "SOFT_KYC_FAILED");
        let missing = state.docs_missing.iter().flatten();
        let missing: Vec<_> = missing.filter_map(MissingDocument::document_type).collect();
        assert_eq!(
            missing,
            [&KycDocumentType::Selfie, &KycDocumentType::Passport]
        );
        let nobody = r#"{"data":{"id":"joe","status":null},"success":true}"#;
        let state = api(KYC, StatusCode::OK, nobody).kyc("joe").await.unwrap();
        assert!(state.unwrap().status.is_none());
        assert!(
            api(KYC, StatusCode::BAD_GATEWAY, "")
                .kyc("joe")
                .await
                .is_err()
        );

        let answer = r#"{"data":[{"id":"a-1","status":"ACTIVE","currency":"GBP","sortCode":"040679","accountNumber":"00386255"}],"success":true}"#;
        let accounts = api(ACCOUNTS, StatusCode::OK, answer)
            .bank_accounts("joe")
            .await;
        let accounts = accounts.unwrap();
        assert_eq!(accounts[0].status.as_str(), "ACTIVE");
        assert_eq!(accounts[0].currency, Some(BankCurrency::Gbp));
        assert_eq!(
            accounts[0].account_number.as_ref().unwrap().expose(),
            "00386255"
        );
    }

    /// A callback with such an id is authentic, so it must be confirmed: a phone's number, and one of a card's length.
    #[tokio::test(start_paused = true)]
    async fn ids_are_asked_for_as_they_came() {
        const KYC: &str = "/api/v2/customer/4915123456789/bank-transfer/kyc";
        let answer = r#"{"data":{"id":"4915123456789","status":"FULL_USER"},"success":true}"#;
        let state = api(KYC, StatusCode::OK, answer).kyc("4915123456789").await;
        assert_eq!(
            state.unwrap().unwrap().status.unwrap().as_str(),
            "FULL_USER"
        );

        let accounts = "/api/v2/customer/joe%20%2F%20doe/bank-transfer/accounts";
        let answer = r#"{"data":[],"success":true}"#;
        let accounts = api(accounts, StatusCode::OK, answer)
            .bank_accounts("joe / doe")
            .await;
        assert!(accounts.unwrap().is_empty());

        let transaction = "/api/v2/transaction/4000000000000002";
        let none = r#"{"errors":[{"code":"not_found","message":"No."}],"success":false}"#;
        let api = api(transaction, StatusCode::NOT_FOUND, none);
        assert!(api.transaction("4000000000000002").await.unwrap().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_gateways_own_word_says_that_there_is_none() {
        let none = r#"{"errors":[{"code":"not_found","message":"No."}],"success":false}"#;
        assert!(ask(StatusCode::NOT_FOUND, none).await.unwrap().is_none());
        for (status, answer) in [
            (StatusCode::NOT_FOUND, "<html>"),
            (StatusCode::UNAUTHORIZED, none),
            (StatusCode::BAD_REQUEST, none),
            (StatusCode::INTERNAL_SERVER_ERROR, none),
            (StatusCode::OK, "{}"),
        ] {
            assert!(ask(status, answer).await.is_err(), "{status}");
        }
    }

    /// It decides how long is asked again, and whether the log calls for somebody.
    #[tokio::test(start_paused = true)]
    async fn the_cause_is_whoever_is_to_blame() {
        let no = r#"{"errors":[{"code":"db_violation","message":"No."}],"success":false}"#;
        let issue =
            r#"{"errors":[{"code":"custom","message":"No.","path":["id"]}],"success":false}"#;
        for (status, answer, cause) in [
            (StatusCode::UNAUTHORIZED, no, NoAnswerCause::LockedOut),
            (StatusCode::FORBIDDEN, no, NoAnswerCause::LockedOut),
            (StatusCode::FORBIDDEN, "<html>", NoAnswerCause::LockedOut),
            (StatusCode::BAD_REQUEST, no, NoAnswerCause::Refused),
            (StatusCode::BAD_REQUEST, issue, NoAnswerCause::Refused),
            (StatusCode::CONFLICT, no, NoAnswerCause::Refused),
            (StatusCode::UNPROCESSABLE_ENTITY, no, NoAnswerCause::Refused),
            (
                StatusCode::OK,
                r#"{"data":{},"success":true}"#,
                NoAnswerCause::Refused,
            ),
            (StatusCode::OK, "<html>", NoAnswerCause::Away),
            (StatusCode::BAD_REQUEST, "<html>", NoAnswerCause::Away),
            (StatusCode::NOT_FOUND, "<html>", NoAnswerCause::Away),
            (StatusCode::REQUEST_TIMEOUT, no, NoAnswerCause::Away),
            (StatusCode::TOO_MANY_REQUESTS, no, NoAnswerCause::Away),
            (StatusCode::BAD_GATEWAY, "", NoAnswerCause::Away),
            (StatusCode::INTERNAL_SERVER_ERROR, no, NoAnswerCause::Away),
        ] {
            let error = ask(status, answer).await.unwrap_err();
            assert_eq!(error.cause(), cause, "{status} {answer}");
        }
    }

    /// Protocol §13, C20: the callback of such a one has no customer either.
    #[tokio::test(start_paused = true)]
    async fn a_transaction_without_a_customer_is_read() {
        for customer in [r#""customerId":null,"#, ""] {
            let answer = format!(
                r#"{{"data":{{"id":"t-1",{customer}"amount":"10","currency":"USD","status":"confirmed","type":"deposit"}},"success":true}}"#
            );
            let answer: &'static str = answer.leak();
            let transaction = ask(StatusCode::OK, answer).await.unwrap().unwrap();
            assert_eq!(transaction.customer_id, None);
        }
    }
}
