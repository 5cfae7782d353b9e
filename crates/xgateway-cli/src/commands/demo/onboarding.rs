//! A customer from nothing to a credited deposit by bank, against a sandbox without sockets whose clock jumps.

use std::io::Cursor;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use xgateway::api::environment::Environment;
use xgateway::api::types::BankCurrency;
use xgateway::client::Client;
use xgateway::client::document::DocumentFile;
use xgateway::core::document::{Document, Page};
use xgateway::core::id::{CustomerId, TransactionId};
use xgateway::core::issue::Issues;
use xgateway::core::secret::PersonalText;
use xgateway::flows::deposit::{CallbackHint, DepositFlow, NoOrders, Progress as DepositProgress};
use xgateway::flows::onboarding::{
    Dossier, Files, Keep, Note, OnboardingFlow, OpenAccount, Patience, Pause, Plan, Progress,
    Sequence,
};
use xgateway_sandbox::{Config, Sandbox};

use super::step::Money;
use super::tell;
use crate::console::Console;
use crate::failure::Failure;
use crate::style::{ERROR, FAINT, GOOD, STRONG};

const CUSTOMER: &str = "demo-customer";
const AMOUNT: &str = "250.00";
/// Between two looks, on the sandbox's clock.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);
const PROFILE: &str = r#"{"firstName":"John","lastName":"Doe","email":"john.doe@example.com","country":"GB",
"currency":"EUR","acceptedPrivacyPolicyHash":"XN3dk1G98sjCQlt7rbFEz9I1Yh2vJRgsuAWgCVgY8ZE=",
"acceptedTermsAndConditionsHash":"HqKJAiAyPqBFOs386w6EVO5KlKQt5z8EzGvSB+iQeTQ=",
"acceptedTermsOfServiceHash":"r2BdP3ld6s8+5mTJZeuWUy5sz29krKigOTH7bVefTJg="}"#;
/// The sandbox finds fault with this date of birth.
const APPLICANT: &str = r#"{"address1":"Hlavni mesto Praha 11 22","postCode":"15000","city":"Prague","country":"CZ",
"dateOfBirth":"1902-02-02","sourceOfFunds":"SALARY"}"#;
const CORRECTION: &str = r#"{"dateOfBirth":"2000-02-10"}"#;

/// What came of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Onboarding {
    flow: &'static str,
    /// Whether it came as it should, in every respect.
    pub(super) ok: bool,
    progress: Vec<&'static str>,
    /// Sides of documents that the gateway took, corrections included.
    uploads: usize,
    /// How long it took on the sandbox's clock.
    virtual_hours: i64,
    /// What was credited after the gateway itself had said so.
    credited: Option<Money>,
}

pub(super) async fn play(seed: u64, console: &mut Console) -> Result<Onboarding, Failure> {
    tell(console, || {
        format!("\n{STRONG}A customer's onboarding, and a deposit by bank{STRONG:#}")
    })?;
    let config = Config::new(seed);
    let (api_key, start) = (config.api_key.clone(), config.start);
    let sandbox = Sandbox::new(config);
    let environment = Environment::sandbox(&sandbox.base_url()).map_err(failed)?;
    let client = Client::new(environment, api_key, sandbox.transport());
    let mut stage = Stage {
        sandbox,
        client,
        notes: Arc::default(),
        snapshot: Kept::default(),
        uploads: 0,
    };

    let mut progress = Vec::new();
    let first = stage.begin()?;
    let failure = stage.go_on(first, console).await?;
    progress.push(name(&failure));
    if let Progress::Failed(verdict) = &failure {
        let message = verdict.message().map_or("", PersonalText::expose);
        said("gateway", &format!("finds fault: {message}"), console)?;
    }
    said(
        "customer",
        "corrects the date of birth, and scans the back of the licence again",
        console,
    )?;
    let second = stage.correct()?;
    let end = stage.go_on(second, console).await?;
    progress.push(name(&end));
    let mut credited = None;
    if let Progress::Onboarded(account) = &end {
        said("gateway", "says: the account is open. That counts", console)?;
        credited = stage.pay(account, console).await?;
    }
    let uploads = stage.uploads;
    let virtual_hours = stage.now().duration_since(start).as_hours();
    let is_right = progress == ["failed", "onboarded"]
        && uploads == 5
        && virtual_hours >= 4
        && credited
            .as_ref()
            .is_some_and(|it| it.amount == "250" && it.currency == "EUR");
    tell(console, || {
        if is_right {
            format!(
                "   {GOOD}onboarded and credited once, after {virtual_hours} hours of the sandbox's time{GOOD:#}"
            )
        } else {
            format!(
                "   {ERROR}NOT AS EXPECTED: {}{ERROR:#}",
                progress.join(", ")
            )
        }
    })?;
    Ok(Onboarding {
        flow: "onboarding",
        ok: is_right,
        progress,
        uploads,
        virtual_hours,
        credited,
    })
}

struct Stage {
    sandbox: Sandbox,
    client: Client,
    notes: Arc<Mutex<Vec<String>>>,
    snapshot: Kept,
    uploads: usize,
}

impl Stage {
    fn now(&self) -> Timestamp {
        self.sandbox.world(|world| world.now())
    }

    fn begin(&self) -> Result<OnboardingFlow, Failure> {
        let documents = [
            Document::DrivingLicence {
                front: (),
                back: (),
            },
            Document::Selfie(()),
            Document::UtilityBill(()),
        ];
        let plan = Plan {
            customer_id: customer_id()?,
            sequence: Sequence::AccountFirst,
            currency: BankCurrency::Eur,
            pages: documents.iter().flat_map(Document::pages).collect(),
        };
        let dossier = Dossier::new(customer_id()?)
            .profile(parse(PROFILE)?)
            .applicant(parse(APPLICANT)?)
            .files(Scans {
                are_readable: false,
            });
        OnboardingFlow::new(self.client.clone(), plan, dossier).map_err(failed)
    }

    /// In another process, as it were: what was stored, and what the customer has corrected.
    fn correct(&self) -> Result<OnboardingFlow, Failure> {
        let bare = Dossier::new(customer_id()?);
        let mut flow =
            OnboardingFlow::resume(self.client.clone(), &self.snapshot.0, bare).map_err(failed)?;
        let corrected = Dossier::new(customer_id()?)
            .correction(parse(CORRECTION)?)
            .files(Scans { are_readable: true });
        flow.correct(corrected, vec![Page::DrivingLicenceBack])
            .map_err(failed)?;
        Ok(flow)
    }

    async fn go_on(
        &mut self,
        flow: OnboardingFlow,
        console: &mut Console,
    ) -> Result<Progress, Failure> {
        let notes = Arc::clone(&self.notes);
        let mut flow = flow.observed_by(move |note| {
            let text = if let Note::State(state) = note {
                format!("is at: {state}")
            } else if let Note::Uploaded { page, .. } = note {
                format!("has sent: {page}")
            } else {
                return;
            };
            let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
            // A state is told each time it is kept.
            if notes.last() != Some(&text) {
                notes.push(text);
            }
        });
        let patience = Patience {
            grace: 5 * PAUSE.unsigned_abs(),
            pauses_max: 10_000,
        };
        let pause = VirtualTime(self.sandbox.clone());
        let progress = match flow.run(&mut self.snapshot, &pause, patience).await {
            Ok(progress) => progress,
            Err(never) => match never {},
        };
        let told = std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner));
        for text in told {
            self.uploads += usize::from(text.starts_with("has sent"));
            said("merchant", &text, console)?;
        }
        Ok(progress)
    }

    /// The customer pays by SEPA, and is credited when the gateway itself says so.
    async fn pay(
        &self,
        account: &OpenAccount,
        console: &mut Console,
    ) -> Result<Option<Money>, Failure> {
        let iban = account
            .details()
            .iban
            .as_ref()
            .map_or("", PersonalText::expose);
        let payment = format!(r#"{{"iban":"{iban}","amount":"{AMOUNT}","senderName":"John Doe"}}"#);
        let request = Request::post("/_sandbox/deposits")
            .header("content-type", "application/json")
            .body(payment.into_bytes().into())
            .map_err(failed)?;
        let answer = self.sandbox.world(|world| {
            let answer = world.handle(&request);
            world.advance(SignedDuration::from_mins(1));
            answer
        });
        let answer: serde_json::Value = serde_json::from_slice(answer.body()).map_err(failed)?;
        let id = answer["data"]["transactionId"].as_str().unwrap_or_default();
        let Ok(id) = TransactionId::parse(id) else {
            return Ok(None);
        };
        said("customer", "pays 250.00 EUR to it by SEPA", console)?;
        let mut flow = DepositFlow::new(self.client.clone(), customer_id()?, NoOrders);
        let progress = flow.callback_hint(&CallbackHint::new(id)).await;
        let DepositProgress::Credit(deposit) = progress else {
            return Ok(None);
        };
        said("gateway", "says: confirmed. That counts", console)?;
        Ok(Some(Money {
            amount: deposit.amount().value().normalize().to_string(),
            currency: deposit.amount().currency().to_string(),
        }))
    }
}

fn name(progress: &Progress) -> &'static str {
    if matches!(progress, Progress::Failed(_)) {
        "failed"
    } else if matches!(progress, Progress::Onboarded(_)) {
        "onboarded"
    } else {
        "something else" // Not what the story needs; the verdict will tell.
    }
}

fn customer_id() -> Result<CustomerId, Failure> {
    CustomerId::parse(CUSTOMER).map_err(failed)
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(failed)
}

fn failed(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Failure::system("play the onboarding", why)
}

fn said(who: &str, what: &str, console: &mut Console) -> Result<(), Failure> {
    tell(console, || format!("   {FAINT}{who:<9}{FAINT:#} {what}"))
}

/// Scans of which, at first, nobody can read the back of the licence.
struct Scans {
    are_readable: bool,
}

#[async_trait]
impl Files for Scans {
    async fn open(&self, page: Page) -> Result<Option<DocumentFile>, Issues> {
        let words = if page == Page::DrivingLicenceBack && !self.are_readable {
            "xgateway-sandbox: unreadable"
        } else if page == Page::UtilityBill {
            "xgateway-sandbox: review" // A person looks at it for four hours, each time.
        } else {
            "a scan"
        };
        let pdf = format!("%PDF-1.7\n{words}\n%%EOF\n");
        DocumentFile::from_reader(Cursor::new(pdf.into_bytes()))
            .await
            .map(Some)
    }
}

#[derive(Default)]
struct Kept(String);

#[async_trait]
impl Keep for Kept {
    type Error = std::convert::Infallible;

    async fn keep(&mut self, snapshot: &str) -> Result<(), Self::Error> {
        snapshot.clone_into(&mut self.0);
        Ok(())
    }
}

/// Moves the sandbox's clock on instead of waiting.
struct VirtualTime(Sandbox);

#[async_trait]
impl Pause for VirtualTime {
    async fn pause(&self, _attempt: u32) -> Duration {
        self.0.world(|world| world.advance(PAUSE));
        PAUSE.unsigned_abs()
    }
}
