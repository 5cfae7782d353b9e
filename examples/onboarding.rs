//! A customer from nothing to a bank account: a soft failure, a correction, hours of review, and a restart on the way.
//!
//! Run it with `cargo run -p xgateway-examples --bin onboarding`. The gateway is a sandbox in this process, whose clock
//! jumps where a shop would wait. docs/guides/onboarding.md explains the stages.

#![expect(clippy::print_stdout, reason = "an example tells its story")]

use std::convert::Infallible;
use std::io::Cursor;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::Request;
use jiff::SignedDuration;
use xgateway::api::environment::Environment;
use xgateway::api::types::BankCurrency;
use xgateway::client::Client;
use xgateway::client::document::DocumentFile;
use xgateway::core::document::{Document, Page, missing_documents};
use xgateway::core::id::CustomerId;
use xgateway::core::issue::Issues;
use xgateway::core::secret::PersonalText;
use xgateway::flows::onboarding::{
    Dossier, Files, Keep, Note, OnboardingFlow, OpenAccount, Patience, Pause, Plan, Progress,
    Sequence, State,
};
use xgateway_sandbox::{Config, KycOrder, Sandbox};

/// Between two looks, on the sandbox's clock.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The sandbox fails who was born then, until it is corrected.
const PROFILE: &str = r#"{"firstName":"John","lastName":"Doe","email":"john.doe@example.com","country":"GB",
    "currency":"EUR","acceptedPrivacyPolicyHash":"XN3dk1G98sjCQlt7rbFEz9I1Yh2vJRgsuAWgCVgY8ZE=",
    "acceptedTermsAndConditionsHash":"HqKJAiAyPqBFOs386w6EVO5KlKQt5z8EzGvSB+iQeTQ=",
    "acceptedTermsOfServiceHash":"r2BdP3ld6s8+5mTJZeuWUy5sz29krKigOTH7bVefTJg="}"#;
const APPLICANT: &str = r#"{"address1":"45 Pitt Street","postCode":"2000","city":"Sydney","country":"AU",
    "dateOfBirth":"1902-02-02","sourceOfFunds":"SALARY"}"#;
const CORRECTION: &str = r#"{"dateOfBirth":"1990-12-25"}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let mut config = Config::new(1);
    config.kyc.order = KycOrder::KycFirst;
    let api_key = config.api_key.clone();
    let sandbox = Sandbox::new(config);
    let environment = Environment::sandbox(&sandbox.base_url())?;
    let client = Client::new(environment, api_key, sandbox.transport());

    // What is handed in. Yours are files: `BTreeMap<Page, PathBuf>` is `Files`, too.
    let documents = [
        Document::DrivingLicence {
            front: (),
            back: (),
        },
        Document::Selfie(()),
        Document::UtilityBill(()),
    ];
    missing_documents(&documents)?;
    let customer_id = CustomerId::parse("customer-1")?;
    let plan = Plan {
        customer_id: customer_id.clone(),
        sequence: Sequence::KycFirst,
        currency: BankCurrency::Eur,
        pages: documents.iter().flat_map(Document::pages).collect(),
    };
    let dossier = Dossier::new(customer_id.clone())
        .profile(serde_json::from_str(PROFILE)?)
        .applicant(serde_json::from_str(APPLICANT)?)
        .files(Scans { readable: false });
    dossier.check(&plan.pages).await?; // Everything at once, before anything is sent.

    let mut database = Database::default();
    let pause = SandboxTime(sandbox.clone());
    let mut flow = OnboardingFlow::new(client.clone(), plan, dossier)?.observed_by(tell);
    let progress = go_on(&mut flow, &mut database, &pause).await;
    let Progress::Failed(verdict) = progress else {
        return Err(format!("not what the story needs: {progress:?}").into());
    };
    let message = verdict
        .message()
        .map(PersonalText::expose)
        .unwrap_or_default();
    println!("the customer is told: {message}");

    // The next day, in another process: what was stored, and what the customer has corrected.
    let mut flow = OnboardingFlow::resume(
        client.clone(),
        &database.0,
        Dossier::new(customer_id.clone()),
    )?
    .observed_by(tell);
    let corrected = Dossier::new(customer_id)
        .correction(serde_json::from_str(CORRECTION)?)
        .files(Scans { readable: true });
    flow.correct(corrected, vec![Page::DrivingLicenceBack])?;
    let progress = go_on(&mut flow, &mut database, &pause).await;
    let Progress::Onboarded(account) = progress else {
        return Err(format!("not what the story needs: {progress:?}").into());
    };
    println!("the account is open, says the gateway itself");
    pay(&sandbox, &account)
}

/// Until somebody must act.
async fn go_on(
    flow: &mut OnboardingFlow,
    database: &mut Database,
    pause: &SandboxTime,
) -> Progress {
    let patience = Patience {
        grace: 5 * PAUSE.unsigned_abs(),
        pauses_max: 1000,
    };
    match flow.run(database, pause, patience).await {
        Ok(progress) => progress,
        Err(never) => match never {},
    }
}

fn tell(note: Note) {
    let told = [State::Documents, State::Correcting, State::Opening];
    if let Note::State(state) = note
        && told.contains(&state)
    {
        println!("  now: {state}");
    } else if let Note::Uploaded { page, left } = note {
        println!("  uploaded: {page}, {left} to come");
    }
}

/// Somebody pays by SEPA.
fn pay(sandbox: &Sandbox, account: &OpenAccount) -> Outcome<()> {
    let iban = account
        .details()
        .iban
        .as_ref()
        .ok_or("an account for euro has an IBAN")?;
    for sender in ["John Doe", "Doe Ltd"] {
        let payment = format!(
            r#"{{"iban":"{}","amount":"250.00","senderName":"{sender}"}}"#,
            iban.expose()
        );
        let request = Request::post("/_sandbox/deposits")
            .header("content-type", "application/json")
            .body(Bytes::from(payment))?;
        let answer = sandbox.world(|world| world.handle(&request));
        let answer: serde_json::Value = serde_json::from_slice(answer.body())?;
        let reason = answer["data"]["reason"]
            .as_str()
            .unwrap_or("credited to customer-1");
        println!("250.00 EUR from {sender}: {reason}");
    }
    Ok(())
}

/// Scans whose back, at first, nobody can read.
struct Scans {
    readable: bool,
}

#[async_trait]
impl Files for Scans {
    async fn open(&self, page: Page) -> Result<Option<DocumentFile>, Issues> {
        let words = if page == Page::DrivingLicenceBack && !self.readable {
            "xgateway-sandbox: unreadable"
        } else if page == Page::UtilityBill {
            "xgateway-sandbox: review" // A person looks at it for four hours.
        } else {
            "a scan"
        };
        let pdf = format!("%PDF-1.7\n{words}\n%%EOF\n");
        DocumentFile::from_reader(Cursor::new(pdf.into_bytes()))
            .await
            .map(Some)
    }
}

/// Where the shop keeps its customers. Yours is a row in a database.
#[derive(Default)]
struct Database(String);

#[async_trait]
impl Keep for Database {
    type Error = Infallible;

    async fn keep(&mut self, snapshot: &str) -> Result<(), Infallible> {
        snapshot.clone_into(&mut self.0);
        Ok(())
    }
}

/// Moves the sandbox's clock on instead of waiting. Yours sleeps, wakes early when a callback comes, and then returns how
/// long it slept.
struct SandboxTime(Sandbox);

#[async_trait]
impl Pause for SandboxTime {
    async fn pause(&self, _attempt: u32) -> Duration {
        self.0.world(|world| world.advance(PAUSE));
        PAUSE.unsigned_abs()
    }
}
