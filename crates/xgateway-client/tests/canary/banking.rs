//! The same for payments by bank: who the customer is, the documents, and the account.

use std::fmt::{Debug, Write as _};
use std::io::Cursor;

use xgateway_api::json;
use xgateway_api::types::BankCurrency;
use xgateway_client::document::DocumentFile;
use xgateway_client::{Answered, Client, Error};
use xgateway_core::document::Page;
use xgateway_core::id::CustomerId;
use xgateway_core::secret::PersonalText;

/// Texts of the requests, the answers and the file that nobody may see again.
pub(crate) const SECRETS: [&str; 9] = [
    "Serinus",
    "Passerine",
    "finch@",
    "1972-05-06",
    "Branch Lane",
    "GB33BUKB20201555555555",
    "55779911",
    "share-token-of-canary",
    "ink on paper",
];

/// An account, as a bank would have it, and a message to the customer.
pub(crate) const ANSWERS: [&str; 3] = [
    r#"{"data":[{"id":"a","status":"ACTIVE","country":"GB","currency":"EUR","iban":"GB33BUKB20201555555555",
       "accountNumber":"55779911","sortCode":"557799","customerFirstName":"Serinus","customerLastName":"Passerine"}],
       "success":true}"#,
    r#"{"data":{"id":"customer-7","status":"SOFT_KYC_FAILED","kycEndUserErrorMessage":"Serinus, 1972-05-06"},
       "success":true}"#,
    r#"{"errors":[{"code":"Serinus","message":"GB33BUKB20201555555555 of Passerine, Branch Lane"}],"success":false}"#,
];

const PROFILE: &str = r#"{"country":"GB","currency":"EUR","email":"finch@example.com","firstName":"Serinus",
    "lastName":"Passerine"}"#;
const APPLICANT: &str = r#"{"address1":"Branch Lane 3","postCode":"2000","city":"Sydney","country":"AU",
    "dateOfBirth":"1972-05-06","sourceOfFunds":"SALARY"}"#;
const CORRECTION: &str = r#"{"lastName":"Passerine","dateOfBirth":"1972-05-06"}"#;

/// Makes every call of an onboarding, and prints all that can be printed of what comes of it.
pub(crate) async fn onboard(client: &Client) -> String {
    let customer = CustomerId::parse("customer-7").unwrap();
    let file = || DocumentFile::from_reader(Cursor::new(b"%PDF-1.7 ink on paper %%EOF"));
    let token = PersonalText::new("share-token-of-canary");
    let mut shown = format!("{:?} {:?}", file().await.unwrap(), token);
    let profile = client
        .create_profile(&customer, json::read(PROFILE.as_bytes()).unwrap())
        .await;
    shown += &told(&profile);
    shown += &told(
        &client
            .create_applicant(&customer, json::read(APPLICANT.as_bytes()).unwrap())
            .await,
    );
    let file = file().await.unwrap();
    let upload = client.upload_document(&customer, Page::UtilityBill, file, |_| {});
    shown += &told(&upload.await);
    shown += &told(
        &client
            .correct_profile(&customer, json::read(CORRECTION.as_bytes()).unwrap())
            .await,
    );
    shown += &told(&client.start_verification(&customer).await);
    shown += &told(&client.kyc(&customer).await);
    shown += &told(&client.import_kyc_token(&customer, token).await);
    let account = client.create_bank_account(&customer, BankCurrency::Eur);
    shown += &told(&account.await);
    shown + &told(&client.bank_accounts(&customer).await)
}

fn told<T: Debug>(outcome: &Result<Answered<T>, Error>) -> String {
    let mut told = String::new();
    match outcome {
        Ok(answer) => writeln!(told, "{answer:?} {:#?}", answer.data()).unwrap(),
        Err(error) => writeln!(told, "{error} {error:?} {error:#?} {}", error.advice()).unwrap(),
    }
    told
}
