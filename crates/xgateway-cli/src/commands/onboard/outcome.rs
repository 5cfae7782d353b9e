use serde::Serialize;
use xgateway::api::types::{KycApplicationDetailsResponse, KycDocumentType};
use xgateway::core::document::Page;
use xgateway::flows::onboarding::{Machine, Progress, Verdict};

use crate::commands::account::Listed;
use crate::commands::view::{self, printable};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// What stands on stdout for a program.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    ok: bool,
    customer_id: &'a str,
    state: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pages_left: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kyc: Option<Kyc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Listed<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kyc {
    status: Option<String>,
    missing: Vec<String>,
    reject_label: Option<String>,
    message: Option<String>,
}

/// Tells what came of a run.
pub(super) fn tell(
    machine: &Machine,
    progress: Progress,
    console: &mut Console,
) -> Result<(), Failure> {
    match progress {
        Progress::Onboarded(account) => {
            let account = Listed::from(account.details());
            if console.is_json() {
                return write(machine, true, None, Some(account), console);
            }
            console.note("KYC is passed and the account is open; the customer may pay to it");
            view::show("account", &account, console)
        }
        Progress::Failed(verdict) => {
            let kyc = Kyc::of(&verdict, console);
            if console.is_json() {
                write(machine, false, Some(kyc), None, console)?;
            } else {
                console.note("KYC found faults that the customer can correct:");
                kyc.lines(console);
                console.note("`xgateway onboard correct` sends what is corrected");
            }
            Err(Failure::Reported(Exit::Refused))
        }
        Progress::Rejected(verdict) => {
            let kyc = Kyc::of(&verdict, console);
            if console.is_json() {
                write(machine, false, Some(kyc), None, console)?;
            } else {
                console.note("KYC failed for good");
                kyc.lines(console);
            }
            Err(Failure::Reported(Exit::Refused))
        }
        Progress::Needs(need) => Err(Failure::usage(
            format!("{need} is still to be sent"),
            "give it again, as at the start: the state file holds no personal data",
        )),
        Progress::BadFile { issues, .. } => Err(Failure::Invalid(issues)),
        Progress::Refused(error) => Err(error.into()),
        // What was sent before may be at work there.
        Progress::Waiting { error: Some(error) } => Err(Failure::Unheard {
            customer_id: machine.plan().customer_id.to_string(),
            source: Box::new(error),
        }),
        Progress::OtherCustomer => {
            console.note(
                "the gateway names another customer: nothing more is sent, and a person must look",
            );
            write_if_json(machine, console)?;
            Err(Failure::Reported(Exit::Unknown))
        }
        // Time is up. What else there may be is no end either.
        Progress::Waiting { error: None } | Progress::Working | Progress::Reversed(_) | _ => {
            console.note("time is up, and it is not through; `xgateway onboard resume` goes on");
            write_if_json(machine, console)?;
            Err(Failure::Reported(Exit::Unknown))
        }
    }
}

/// Tells how far it came when somebody wanted us to stop.
pub(super) fn stopped(machine: &Machine, console: &mut Console) -> Result<(), Failure> {
    console.note("stopped, and it is not through; `xgateway onboard resume` goes on");
    write_if_json(machine, console)?;
    Err(Failure::Reported(Exit::Unknown))
}

/// Tells how an onboarding stands, here and at the gateway.
pub(super) fn status(
    machine: &Machine,
    answer: &KycApplicationDetailsResponse,
    console: &mut Console,
) -> Result<(), Failure> {
    let kyc = Kyc::of(&Verdict::of(answer), console);
    if console.is_json() {
        return write(machine, true, Some(kyc), None, console);
    }
    console.line(format_args!("here: {}", machine.state()))?;
    let there = kyc.status.as_deref().unwrap_or("unknown");
    console.line(format_args!("at the gateway: {there}"))?;
    for document in &kyc.missing {
        console.line(format_args!("missing there: {document}"))?;
    }
    for text in [&kyc.reject_label, &kyc.message].into_iter().flatten() {
        console.line(format_args!("because of: {text}"))?;
    }
    for page in machine.pages_left() {
        console.line(format_args!("to be uploaded: {page}"))?;
    }
    Ok(())
}

fn write_if_json(machine: &Machine, console: &mut Console) -> Result<(), Failure> {
    if console.is_json() {
        write(machine, false, None, None, console)?;
    }
    Ok(())
}

fn write(
    machine: &Machine,
    ok: bool,
    kyc: Option<Kyc>,
    account: Option<Listed<'_>>,
    console: &mut Console,
) -> Result<(), Failure> {
    console.document(&Document {
        ok,
        customer_id: machine.plan().customer_id.as_str(),
        state: machine.state().name(),
        pages_left: machine
            .pages_left()
            .iter()
            .copied()
            .map(Page::as_str)
            .collect(),
        kyc,
        account,
    })
}

impl Kyc {
    /// In the gateway's own words, cleared of what they may repeat of what the customer has handed in.
    fn of(verdict: &Verdict, console: &Console) -> Self {
        let clear = |text: &str| printable(&console.clear(text));
        Self {
            status: verdict.status().map(|it| printable(it.as_str())),
            missing: verdict
                .missing()
                .iter()
                .map(KycDocumentType::as_str)
                .map(printable)
                .collect(),
            reject_label: verdict.reject_label().map(clear),
            message: verdict.message().map(|text| clear(text.expose())),
        }
    }

    fn lines(&self, console: &mut Console) {
        for document in &self.missing {
            console.note(format_args!("  - document: {document}"));
        }
        for text in [&self.reject_label, &self.message].into_iter().flatten() {
            console.note(format_args!("  - {text}"));
        }
    }
}
