//! What is told of a run, to people and to programs.

use std::fmt;

use serde_json::{Value, json};

use crate::batch::Batch;
use crate::history::History;
use crate::kinds::Coverage;
use crate::merchant::Bug;

/// What a run has to tell.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) histories: u64,
    pub(crate) milliseconds: u64,
    pub(crate) simulated_hours: u64,
    pub(crate) coverage: Coverage,
    pub(crate) failure: Option<Failure>,
}

/// A promise that was broken, in the shortest history that breaks it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// None if the tape was given.
    pub(crate) seed: Option<u64>,
    pub(crate) bug: Option<Bug>,
    pub(crate) history: History,
}

impl Report {
    pub(crate) fn new(batch: Batch, milliseconds: u64, failure: Option<Failure>) -> Self {
        Self {
            histories: batch.histories,
            milliseconds,
            simulated_hours: batch.took / 3_600_000,
            coverage: batch.coverage,
            failure,
        }
    }

    pub(crate) fn json(&self) -> Value {
        let mut coverage = json!({});
        for (sort, kind, count) in self.coverage.rows() {
            coverage[sort][kind] = count.into();
        }
        json!({
            "histories": self.histories,
            "milliseconds": self.milliseconds,
            "historiesPerSecond": rate(self.histories, self.milliseconds),
            "simulatedHours": self.simulated_hours,
            "coverage": coverage,
            "failure": self.failure.as_ref().map(Failure::json),
        })
    }
}

impl Failure {
    /// The command that finds and shortens it again.
    fn replay(&self) -> Option<String> {
        let seed = self.seed?;
        Some(format!(
            "cargo xtask simulate --seed {seed}{}",
            bug(self.bug)
        ))
    }

    /// The command that tells the short history alone.
    fn shortest(&self) -> String {
        let tape = self.history.tape.clone().trimmed();
        format!("cargo xtask simulate --tape '{tape}'{}", bug(self.bug))
    }

    fn json(&self) -> Value {
        let broken = self.history.broken.as_ref();
        json!({
            "seed": self.seed,
            "promise": broken.map(|broken| broken.promise.to_string()),
            "how": broken.map(|broken| &broken.how),
            "story": self.history.story,
            "replay": self.replay(),
            "shortest": self.shortest(),
        })
    }
}

/// Histories per second.
pub(crate) fn rate(histories: u64, milliseconds: u64) -> u64 {
    histories.saturating_mul(1000) / milliseconds.max(1)
}

fn bug(bug: Option<Bug>) -> String {
    use clap::ValueEnum as _;
    let value = bug.and_then(|bug| bug.to_possible_value());
    value.map_or_else(String::new, |value| format!(" --bug {}", value.get_name()))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, rate) = (
            self.milliseconds / 1000,
            rate(self.histories, self.milliseconds),
        );
        writeln!(
            f,
            "{} histories of {} hours in {seconds} s: {rate} a second",
            self.histories, self.simulated_hours
        )?;
        for (_, kind, count) in self.coverage.rows() {
            writeln!(f, "{count:>10}  {kind}")?;
        }
        match &self.failure {
            None => writeln!(f, "every promise held"),
            Some(failure) => failure.fmt(f),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.history.story {
            writeln!(f, "{line}")?;
        }
        writeln!(f)?;
        match &self.history.broken {
            Some(broken) => writeln!(f, "broken: {broken}")?,
            None => writeln!(f, "every promise held")?,
        }
        if let Some(replay) = self.replay() {
            writeln!(f, "replay:   {replay}")?;
        }
        writeln!(f, "shortest: {}", self.shortest())
    }
}
