//! A gateway that follows a script, and a customer with papers.

use std::convert::Infallible;
use std::io::Cursor;
use std::time::Duration;

use async_trait::async_trait;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use xgateway_api::environment::Environment;
use xgateway_api::types::BankCurrency;
use xgateway_client::Client;
use xgateway_client::document::DocumentFile;
use xgateway_core::document::Page;
use xgateway_core::id::CustomerId;
use xgateway_core::issue::Issues;
use xgateway_core::secret::ApiKey;
use xgateway_flows::onboarding::{
    Dossier, Files, Keep, OnboardingFlow, Patience, Pause, Plan, Progress, Sequence,
};
use xgateway_transport::test_util::{ExpectedRequest, ScriptedTransport, Step};
use xgateway_transport::{TransportError, TransportErrorKind};

const PAUSE: Duration = Duration::from_mins(1);

const PATIENCE: Patience = Patience {
    grace: Duration::from_mins(2),
    pauses_max: 5,
};

/// A minute that takes no time.
struct Minute;

#[async_trait]
impl Pause for Minute {
    async fn pause(&self, _attempt: u32) -> Duration {
        PAUSE
    }
}

#[derive(Default)]
pub(crate) struct Kept(pub(crate) Vec<String>);

#[async_trait]
impl Keep for Kept {
    type Error = Infallible;

    async fn keep(&mut self, snapshot: &str) -> Result<(), Infallible> {
        self.0.push(snapshot.to_owned());
        Ok(())
    }
}

/// A short PDF for every side.
struct Pdfs;

#[async_trait]
impl Files for Pdfs {
    async fn open(&self, page: Page) -> Result<Option<DocumentFile>, Issues> {
        let content = format!("%PDF-1.7 canary of {page} %%EOF").into_bytes();
        DocumentFile::from_reader(Cursor::new(content))
            .await
            .map(Some)
    }
}

pub(crate) fn customer(id: &str) -> CustomerId {
    CustomerId::parse(id).unwrap()
}

pub(crate) fn plan(sequence: Sequence) -> Plan {
    Plan {
        customer_id: customer("customer-1"),
        sequence,
        currency: BankCurrency::Eur,
        pages: vec![Page::IdCardFront, Page::IdCardBack, Page::Selfie],
    }
}

pub(crate) fn dossier(id: &str) -> Dossier {
    let from = |value: Value| value.to_string();
    let profile = json!({"firstName": "canary", "lastName": "canary", "country": "GB"});
    let applicant = json!({
        "address1": "canary", "postCode": "canary", "city": "canary", "country": "GB",
        "dateOfBirth": "1990-12-25", "sourceOfFunds": "SALARY",
    });
    Dossier::new(customer(id))
        .profile(serde_json::from_str(&from(profile)).unwrap())
        .applicant(serde_json::from_str(&from(applicant)).unwrap())
        .files(Pdfs)
}

pub(crate) fn correction() -> Dossier {
    let body = json!({"dateOfBirth": "1990-12-26"}).to_string();
    dossier("customer-1").correction(serde_json::from_str(&body).unwrap())
}

pub(crate) fn path(tail: &str) -> String {
    format!("/api/v2/customer/customer-1/bank-transfer{tail}")
}

pub(crate) fn status(status: &str) -> Step {
    let body = json!({"data": {"id": "customer-1", "status": status}, "success": true});
    ExpectedRequest::get(path("/kyc")).answers(StatusCode::OK, body.to_string())
}

pub(crate) fn accounts(status: Option<&str>) -> Step {
    let account = |status: &str| {
        json!({"id": "account-1", "currency": "EUR", "country": "MT", "status": status,
               "iban": "MT36CFTE28004000000000003225049", "bic": "CFTEMTM1"})
    };
    let data: Vec<_> = status.map(account).into_iter().collect();
    let body = json!({"data": data, "success": true});
    ExpectedRequest::get(path("/accounts")).answers(StatusCode::OK, body.to_string())
}

pub(crate) fn taken(method: Method, tail: &str) -> Step {
    let request = ExpectedRequest::new(method, path(tail));
    match tail {
        "/user" | "/kyc/applicant" | "/account" => {
            request.answers(StatusCode::CREATED, r#"{"data":"done","success":true}"#)
        }
        _ => request.answers(StatusCode::NO_CONTENT, ""),
    }
}

pub(crate) fn lost(method: Method, tail: &str) -> Step {
    ExpectedRequest::new(method, path(tail)).fails(TransportError::unknown(TransportErrorKind::Io))
}

pub(crate) fn not_sent(method: Method, tail: &str) -> Step {
    let error = TransportError::not_sent(TransportErrorKind::Connect);
    ExpectedRequest::new(method, path(tail)).fails(error)
}

pub(crate) fn client(gateway: &ScriptedTransport) -> Client {
    client_at(Environment::Demo, gateway)
}

pub(crate) fn client_at(environment: Environment, gateway: &ScriptedTransport) -> Client {
    let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11").unwrap();
    Client::new(environment, key, gateway.clone())
}

pub(crate) fn steps(parts: Vec<Vec<Step>>) -> ScriptedTransport {
    ScriptedTransport::new(parts.into_iter().flatten())
}

pub(crate) fn uploads(count: usize) -> Vec<Step> {
    (0..count)
        .map(|_| taken(Method::PUT, "/kyc/document"))
        .collect()
}

/// From nothing to a started verification.
pub(crate) fn kyc() -> Vec<Step> {
    let mut steps = vec![
        taken(Method::POST, "/user"),
        status("CREATED"),
        taken(Method::POST, "/kyc/applicant"),
        status("CREATED"),
        status("PENDING_KYC_DATA"),
    ];
    steps.extend(uploads(3));
    steps.push(status("PENDING_KYC_DATA"));
    steps.push(taken(Method::POST, "/kyc/verification"));
    steps
}

pub(crate) async fn run(flow: &mut OnboardingFlow, kept: &mut Kept) -> Progress {
    match flow.run(kept, &Minute, PATIENCE).await {
        Ok(progress) => progress,
        Err(never) => match never {},
    }
}
