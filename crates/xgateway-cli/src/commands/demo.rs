//! `xgateway demo`: plays card deposits and an onboarding against sandboxes in this process, and checks what comes of
//! each.
//!
//! The cards go over real sockets on loopback: the requests through the transport that merchants use, the signed
//! callbacks back to a listener of the demo's. Nothing of that is random but the ports, which the document leaves out.

mod callbacks;
mod cases;
mod ledger;
mod onboarding;
mod stage;
mod step;
mod wire;

use serde::Serialize;

use super::session;
use crate::arguments::DemoArguments;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::style::{ERROR, FAINT, GOOD, STRONG};
use cases::Case;
use onboarding::Onboarding;
use stage::Stage;
use step::Step;

#[derive(Serialize)]
struct Document {
    ok: bool,
    seed: u64,
    steps: Vec<Step>,
    onboarding: Onboarding,
}

pub(super) fn execute(arguments: &DemoArguments, console: &mut Console) -> Result<(), Failure> {
    let document = session::block_on(play(arguments.seed, console))?;
    if console.is_json() {
        console.document(&document)?;
    } else {
        sum_up(&document, console)?;
    }
    if document.ok {
        Ok(())
    } else {
        Err(Failure::Reported(Exit::Unexpected))
    }
}

async fn play(seed: u64, console: &mut Console) -> Result<Document, Failure> {
    let mut stage = Stage::set(seed).await?;
    tell(console, || {
        format!(
            "{STRONG}Card deposits against a sandbox in this process{STRONG:#} {FAINT}(seed {seed}){FAINT:#}"
        )
    })?;
    let mut steps = Vec::new();
    for (number, &case) in (1..).zip(Case::ALL) {
        tell(console, || {
            format!("\n{STRONG}{number}. {}{STRONG:#}", case.title())
        })?;
        let step = stage.play(case, console).await?;
        let verdict = step.verdict();
        tell(console, || {
            if step.ok {
                format!("   {GOOD}{verdict}{GOOD:#}")
            } else {
                format!("   {ERROR}NOT AS EXPECTED: {verdict}{ERROR:#}")
            }
        })?;
        steps.push(step);
    }
    let onboarding = onboarding::play(seed, console).await?;
    let charges_add_up = stage.charges() == steps.iter().map(|step| step.charges).sum::<usize>();
    Ok(Document {
        ok: charges_add_up && onboarding.ok && steps.iter().all(|step| step.ok),
        seed,
        steps,
        onboarding,
    })
}

fn sum_up(document: &Document, console: &mut Console) -> Result<(), Failure> {
    let charges: usize = document.steps.iter().map(|step| step.charges).sum();
    let count = document.steps.len();
    if document.ok {
        console.line(format_args!(
            "\n{GOOD}All {count} went as they should:{GOOD:#} {charges} customers charged and one credited by bank, each once."
        ))
    } else {
        console.line(format_args!(
            "\n{ERROR}Not all went as they should.{ERROR:#}"
        ))
    }
}

/// Says something to a person; a program gets the document at the end.
fn tell(console: &mut Console, line: impl FnOnce() -> String) -> Result<(), Failure> {
    if console.is_json() {
        return Ok(());
    }
    console.line(line())
}
