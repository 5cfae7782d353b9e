//! `xgateway trigger kyc`: the documented way of a customer, with the sandbox's magic data.

use serde_json::{Value, json};
use xgateway::api::path::segment;
use xgateway_sandbox::EXAMPLE_AGREEMENT_HASHES;

use super::Made;
use super::remote::Remote;
use crate::arguments::{KycOutcome, TriggerKycArguments};
use crate::commands::account;
use crate::failure::Failure;

/// How long the vendor takes to make an applicant, and to check one.
const APPLICANT_SECONDS: i64 = 15;
const CHECK_SECONDS: i64 = 10;

/// How long after it was given a status is taken back.
const REVERSAL_SECONDS: i64 = 24 * 3600;

/// Between the parts of an upload.
const BOUNDARY: &str = "xgateway-trigger";

pub(super) async fn trigger(
    remote: &Remote,
    arguments: &TriggerKycArguments,
) -> Result<Made, Failure> {
    let customer = arguments.customer.clone().unwrap_or_else(super::new_id);
    let customer = account::customer_id(&customer)?;
    let customer = customer.as_str();
    let case = Case {
        remote,
        path: format!("/v2/customer/{}/bank-transfer", segment(customer)),
    };
    let link = case.go(arguments.outcome).await?;
    let kyc = remote.get(&format!("{}/kyc", case.path)).await?;
    let mut made = Made::new()
        .with("customerId", customer)
        .with("kyc", kyc["status"].clone());
    if let Some(link) = link {
        made = made.with("kycLink", link);
    }
    for name in ["docsMissing", "kycRejectLabel", "kycEndUserErrorMessage"] {
        if !kyc[name].is_null() {
            made = made.with(name, kyc[name].clone());
        }
    }
    Ok(made)
}

/// A customer on the way.
struct Case<'a> {
    remote: &'a Remote,
    path: String,
}

impl Case<'_> {
    /// Takes the steps that an outcome needs; the link to the hosted pages, if it has come to one.
    async fn go(&self, outcome: KycOutcome) -> Result<Option<Value>, Failure> {
        self.ask("/user", &profile(last_name(outcome))).await?;
        if outcome == KycOutcome::Created {
            return Ok(None);
        }
        if outcome == KycOutcome::Needed {
            let wish = json!({"locale": "en"});
            return self.ask("/kyc/initiate", &wish).await.map(Some);
        }
        self.ask("/kyc/applicant", &applicant()).await?;
        self.remote.wait(APPLICANT_SECONDS).await?;
        if outcome == KycOutcome::NeedsData {
            return Ok(None);
        }
        for kind in ["PASSPORT", "SELFIE", "UTILITY_BILL"] {
            self.upload(kind).await?;
        }
        self.ask("/kyc/verification", &Value::Null).await?;
        if outcome == KycOutcome::Pending {
            return Ok(None);
        }
        self.remote.wait(CHECK_SECONDS).await?;
        if outcome == KycOutcome::Corrected {
            let path = &self.path;
            let correction = json!({"lastName": "Doe"});
            let answered = self.remote.patch(path, &correction).await?;
            answered.data()?;
            self.ask("/kyc/verification", &Value::Null).await?;
            self.remote.wait(CHECK_SECONDS).await?;
        }
        if outcome == KycOutcome::Reversed {
            self.remote.wait(REVERSAL_SECONDS).await?;
        }
        Ok(None)
    }

    async fn ask(&self, tail: &str, body: &Value) -> Result<Value, Failure> {
        let path = format!("{}{tail}", self.path);
        self.remote.post(&path, body).await?.data()
    }

    async fn upload(&self, kind: &str) -> Result<(), Failure> {
        let form = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"documentType\"\r\n\r\n{kind}\r\n\
             --{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"scan.pdf\"\r\n\
             content-type: application/pdf\r\n\r\n%PDF-1.7\na scan\n%%EOF\n\r\n--{BOUNDARY}--\r\n"
        );
        let path = format!("{}/kyc/document", self.path);
        let answered = self.remote.put_form(&path, BOUNDARY, form).await?;
        answered.data().map(drop)
    }
}

/// The last name by which the sandbox knows what becomes of a customer.
fn last_name(outcome: KycOutcome) -> &'static str {
    match outcome {
        KycOutcome::Created | KycOutcome::Needed | KycOutcome::NeedsData | KycOutcome::Passed => {
            "Doe"
        }
        KycOutcome::Pending => "Review",
        KycOutcome::SoftFailed | KycOutcome::Corrected => "Softfail",
        KycOutcome::HardFailed => "Hardfail",
        KycOutcome::Reversed => "Reversal",
    }
}

fn profile(last_name: &str) -> Value {
    json!({
        "country": "GB",
        "currency": "EUR",
        "email": "john.doe@example.com",
        "firstName": "John",
        "lastName": last_name,
        "acceptedPrivacyPolicyHash": EXAMPLE_AGREEMENT_HASHES[0],
        "acceptedTermsAndConditionsHash": EXAMPLE_AGREEMENT_HASHES[1],
        "acceptedTermsOfServiceHash": EXAMPLE_AGREEMENT_HASHES[2],
    })
}

fn applicant() -> Value {
    json!({
        "address1": "Hlavni mesto Praha 11 22",
        "postCode": "15000",
        "city": "Prague",
        "country": "CZ",
        "dateOfBirth": "2000-02-10",
        "sourceOfFunds": "SALARY",
    })
}
