//! `xgateway sandbox run`: plays a scenario against our own flows, and checks that no money was doubled or lost.

mod merchant;

use std::path::Path;

use serde::Serialize;
use xgateway_sandbox::{Scenario, ScenarioOutcome, ScenarioReport, ScenarioStep, ScenarioVerdict};

use crate::arguments::{GlobalArguments, RunArguments};
use crate::commands::{input, session};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::shell;
use crate::small_file;
use crate::style::{ERROR, FAINT, GOOD, STRONG};
use merchant::FlowMerchant;

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    report: &'a ScenarioReport,
    /// The command that plays it again.
    replay: String,
    /// With `--story` or `-v`.
    #[serde(skip_serializing_if = "Option::is_none")]
    story: Option<&'a [ScenarioStep]>,
}

#[derive(Serialize)]
struct Listed {
    name: &'static str,
    summary: String,
}

#[derive(Serialize)]
struct List {
    ok: bool,
    scenarios: Vec<Listed>,
}

pub(super) fn execute(
    arguments: &RunArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let Some(wanted) = &arguments.scenario else {
        return list(console);
    };
    let scenario = find(wanted)?;
    let report = session::block_on(async {
        let sandbox = scenario.sandbox(arguments.seed);
        let merchant = FlowMerchant::new(&sandbox)?;
        Ok(scenario.play(&sandbox, &merchant).await)
    })?;
    let replay = format!(
        "xgateway sandbox run {} --seed {}",
        shell::file(wanted),
        report.seed
    );
    let story = (arguments.story || global.verbose > 0).then_some(&*report.story);
    if console.is_json() {
        console.document(&Document {
            report: &report,
            replay: replay.clone(),
            story,
        })?;
    } else {
        tell(&scenario, &report, story.unwrap_or_default(), console)?;
    }
    let (exit, problem) = match report.verdict {
        ScenarioVerdict::AsExpected => return Ok(()),
        ScenarioVerdict::DoubledOrLost => (Exit::DoubledOrLost, "Money was doubled or lost."),
        ScenarioVerdict::OtherThanExpected | _ => (
            Exit::Unexpected,
            "No money was doubled or lost, but the scenario expects something else.",
        ),
    };
    if !console.is_json() {
        console.line(format_args!("{problem} Again: {replay}"))?;
    }
    Err(Failure::Reported(exit))
}

fn list(console: &mut Console) -> Result<(), Failure> {
    let scenarios = Scenario::shipped().filter_map(|name| {
        let summary = Scenario::named(name)?.summary().to_owned();
        Some(Listed { name, summary })
    });
    if console.is_json() {
        let scenarios = scenarios.collect();
        return console.document(&List {
            ok: true,
            scenarios,
        });
    }
    for Listed { name, summary } in scenarios {
        console.line(format_args!("{STRONG}{name:<22}{STRONG:#} {summary}"))?;
    }
    Ok(())
}

/// One that is shipped, or that of a file.
fn find(wanted: &str) -> Result<Scenario, Failure> {
    if let Some(scenario) = Scenario::named(wanted) {
        return Ok(scenario);
    }
    let path = Path::new(wanted);
    if path.extension().is_none() {
        return Err(Failure::usage(
            "there is no scenario of that name",
            "`xgateway sandbox run --list` lists them; a file ends with .yaml",
        ));
    }
    let text = small_file::text(path).map_err(|error| input::failure(path, error))?;
    Scenario::parse(&text).map_err(|error| {
        Failure::usage(
            format!("the scenario cannot be read: {error}"),
            "docs/guides/sandbox.md describes the format",
        )
    })
}

fn tell(
    scenario: &Scenario,
    report: &ScenarioReport,
    story: &[ScenarioStep],
    console: &mut Console,
) -> Result<(), Failure> {
    console.line(format_args!(
        "{STRONG}{}{STRONG:#} {FAINT}(seed {}){FAINT:#}",
        scenario.summary(),
        report.seed
    ))?;
    for (index, step) in story.iter().enumerate() {
        console.line(format_args!("  {index}. {}", step.step))?;
        for event in &step.events {
            console.line(format_args!("     {FAINT}{event}{FAINT:#}"))?;
        }
    }
    for order in &report.orders {
        let verdict = verdict(order);
        if order.ok {
            console.line(format_args!("  {GOOD}{}: {verdict}{GOOD:#}", order.order))?;
        } else {
            console.line(format_args!("  {ERROR}{}: {verdict}{ERROR:#}", order.order))?;
        }
    }
    for problem in &report.not_done {
        console.line(format_args!("  not done: {problem}"))?;
    }
    Ok(())
}

fn verdict(order: &ScenarioOutcome) -> String {
    let count = |amounts: &[String]| match amounts {
        [] => "not".to_owned(),
        [amount] => format!("once ({amount})"),
        many => format!("{} times", many.len()),
    };
    let mut verdict = format!(
        "charged {}, credited {}",
        count(&order.charged),
        count(&order.credited)
    );
    if !order.ok {
        verdict.push_str(if order.must_be_paid {
            "; the scenario expects that it is paid"
        } else {
            "; the scenario expects that it is not paid"
        });
    }
    verdict
}
