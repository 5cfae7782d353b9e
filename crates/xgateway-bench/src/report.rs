//! What was measured, for people and for programs.

use std::fmt;
use std::thread::available_parallelism;
use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::contest::Standing;
use crate::ratio::{Ratio, Spread};

/// One line: how one thing of ours compares with a peer.
#[derive(Debug)]
pub(crate) struct Figure {
    /// What was done.
    pub(crate) name: &'static str,
    /// Who did the same.
    pub(crate) peer: &'static str,
    /// Ours and the peer's.
    pub(crate) value: Value,
    /// What is aimed at.
    pub(crate) target: Option<Limit>,
}

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    /// CPU time of one run.
    Cpu(Standing),
    /// Time on the wall of one run.
    Latency(Standing),
    /// How many runs there are in a second; the standing is one of rates.
    Rate(Standing),
    /// Nothing, for want of what it needs.
    NotMeasured,
    /// CPU time, once.
    Build { subject: Duration, peer: Duration },
    /// Time on the wall, once.
    Time { subject: Duration, peer: Duration },
    /// Memory of a process, in KiB.
    Memory { subject: u64, peer: u64 },
    /// Numbers of crates.
    Crates { subject: usize, peer: usize },
}

/// A target.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// At most so much of the peer.
    Ratio(Ratio),
    /// At least so much of the peer.
    AtLeast(Ratio),
    /// At most so many more than the peer.
    More(usize),
}

/// All that one measurement found.
#[derive(Debug)]
pub(crate) struct Report {
    measurement: &'static str,
    quick: bool,
    figures: Vec<Figure>,
    /// What explains the figures, in lines.
    notes: Vec<Note>,
}

/// What one crate adds to a build.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Note {
    /// The crate, with its version.
    #[serde(rename = "crate")]
    pub(crate) name: String,
    /// CPU time of its compilation, as far as rustc did it.
    pub(crate) cpu_ms: u64,
}

impl Figure {
    pub(crate) fn cpu(name: &'static str, peer: &'static str, standing: Standing) -> Self {
        Self {
            name,
            peer,
            value: Value::Cpu(standing),
            target: None,
        }
    }

    pub(crate) fn latency(name: &'static str, peer: &'static str, standing: Standing) -> Self {
        Self {
            value: Value::Latency(standing),
            ..Self::cpu(name, peer, standing)
        }
    }

    pub(crate) fn rate(name: &'static str, peer: &'static str, standing: Standing) -> Self {
        Self {
            value: Value::Rate(standing),
            ..Self::cpu(name, peer, standing)
        }
    }

    pub(crate) fn not_measured(name: &'static str, peer: &'static str) -> Self {
        Self {
            name,
            peer,
            value: Value::NotMeasured,
            target: None,
        }
    }

    pub(crate) fn at_least(self, thousandths: u64) -> Self {
        Self {
            target: Some(Limit::AtLeast(Ratio::thousandths(thousandths))),
            ..self
        }
    }

    pub(crate) fn at_most(self, thousandths: u64) -> Self {
        Self {
            target: Some(Limit::Ratio(Ratio::thousandths(thousandths))),
            ..self
        }
    }

    /// Whether the target is met; `None` without one.
    fn is_met(&self) -> Option<bool> {
        Some(match (self.target?, self.value) {
            (Limit::Ratio(limit), value) => value.ratio()? <= limit,
            (Limit::AtLeast(limit), value) => value.ratio()? >= limit,
            (Limit::More(most), Value::Crates { subject, peer }) => subject <= peer + most,
            (
                Limit::More(_),
                Value::Cpu(_)
                | Value::Latency(_)
                | Value::Rate(_)
                | Value::NotMeasured
                | Value::Build { .. }
                | Value::Time { .. }
                | Value::Memory { .. },
            ) => true,
        })
    }
}

impl Value {
    fn ratio(&self) -> Option<Ratio> {
        Some(match self {
            Self::Cpu(standing) | Self::Latency(standing) | Self::Rate(standing) => {
                standing.ratio.median
            }
            Self::NotMeasured => return None,
            Self::Build { subject, peer } | Self::Time { subject, peer } => {
                Ratio::of(*subject, *peer)
            }
            Self::Memory { subject, peer } => {
                Ratio::of(Duration::from_nanos(*subject), Duration::from_nanos(*peer))
            }
            Self::Crates { subject, peer } => {
                let duration = |count: usize| Duration::from_nanos(count as u64);
                Ratio::of(duration(*subject), duration(*peer))
            }
        })
    }

    fn spread(&self) -> Option<Spread<Ratio>> {
        match self {
            Self::Cpu(standing) | Self::Latency(standing) | Self::Rate(standing) => {
                Some(standing.ratio)
            }
            Self::NotMeasured
            | Self::Build { .. }
            | Self::Time { .. }
            | Self::Memory { .. }
            | Self::Crates { .. } => None,
        }
    }

    fn measure(&self) -> &'static str {
        match self {
            Self::Cpu(_) => "CPU",
            Self::Latency(_) => "latency",
            Self::Rate(_) => "rate",
            Self::NotMeasured => "",
            Self::Build { .. } => "build CPU",
            Self::Time { .. } => "time",
            Self::Memory { .. } => "memory",
            Self::Crates { .. } => "crates",
        }
    }

    /// Ours and the peer's, with their unit.
    fn numbers(&self) -> Option<(&'static str, u128, u128)> {
        Some(match self {
            Self::Cpu(standing) | Self::Latency(standing) => {
                ("ns", standing.subject.as_nanos(), standing.peer.as_nanos())
            }
            Self::Rate(standing) => (
                "1/s",
                per_second(standing.subject),
                per_second(standing.peer),
            ),
            Self::NotMeasured => return None,
            Self::Build { subject, peer } | Self::Time { subject, peer } => {
                ("ns", subject.as_nanos(), peer.as_nanos())
            }
            Self::Memory { subject, peer } => ("KiB", u128::from(*subject), u128::from(*peer)),
            Self::Crates { subject, peer } => ("crates", *subject as u128, *peer as u128),
        })
    }

    /// Ours and the peer's, as text.
    fn sizes(&self) -> (String, String) {
        match self {
            Self::Cpu(standing) | Self::Latency(standing) => {
                (short(standing.subject), short(standing.peer))
            }
            Self::Rate(standing) => (
                format!("{}/s", per_second(standing.subject)),
                format!("{}/s", per_second(standing.peer)),
            ),
            Self::NotMeasured => (String::new(), String::new()),
            Self::Build { subject, peer } | Self::Time { subject, peer } => {
                (short(*subject), short(*peer))
            }
            Self::Memory { subject, peer } => (format!("{subject} KiB"), format!("{peer} KiB")),
            Self::Crates { subject, peer } => (subject.to_string(), peer.to_string()),
        }
    }
}

impl Report {
    pub(crate) fn new(measurement: &'static str, quick: bool) -> Self {
        Self {
            measurement,
            quick,
            figures: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(crate) fn extend(&mut self, figures: impl IntoIterator<Item = Figure>) {
        self.figures.extend(figures);
    }

    pub(crate) fn note(&mut self, notes: impl IntoIterator<Item = Note>) {
        self.notes.extend(notes);
    }

    /// Whether every target is met.
    pub(crate) fn is_ok(&self) -> bool {
        self.figures
            .iter()
            .all(|figure| figure.is_met() != Some(false))
    }

    pub(crate) fn json(&self) -> serde_json::Result<String> {
        let figures: Vec<_> = self
            .figures
            .iter()
            .map(|figure| {
                let value = &figure.value;
                let numbers = value.numbers();
                json!({
                    "name": figure.name,
                    "peer": figure.peer,
                    "measure": value.measure(),
                    "ratio": value.ratio(),
                    "lower": value.spread().map(|spread| spread.lower),
                    "upper": value.spread().map(|spread| spread.upper),
                    "unit": numbers.map(|(unit, ..)| unit),
                    "ours": numbers.map(|(_, ours, _)| ours),
                    "theirs": numbers.map(|(.., theirs)| theirs),
                    "target": figure.target.map(|target| target.to_string()),
                    "met": figure.is_met(),
                })
            })
            .collect();
        serde_json::to_string(&json!({
            "ok": self.is_ok(),
            "measurement": self.measurement,
            "quick": self.quick,
            "cpus": available_parallelism().ok(),
            "figures": figures,
            "crates": self.notes,
        }))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ratio(ratio) => write!(f, "{ratio}"),
            Self::AtLeast(ratio) => write!(f, ">={ratio}"),
            Self::More(count) => write!(f, "+{count}"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<44} {:<34} {:<9} {:>6}  {:<13} {:>7}  {:>9} {:>9}",
            "what", "peer", "measure", "ratio", "middle half", "target", "ours", "theirs"
        )?;
        for figure in &self.figures {
            let Some(ratio) = figure.value.ratio() else {
                writeln!(f, "{:<44} {:<34} not measured", figure.name, figure.peer)?;
                continue;
            };
            let (subject, peer) = figure.value.sizes();
            let spread = figure.value.spread().map_or_else(String::new, |spread| {
                format!("{} {}", spread.lower, spread.upper)
            });
            let target = figure
                .target
                .map_or_else(String::new, |target| target.to_string());
            let verdict = match figure.is_met() {
                Some(true) => "  met",
                Some(false) => "  MISSED",
                None => "",
            };
            writeln!(
                f,
                "{:<44} {:<34} {:<9} {:>6}  {spread:<13} {target:>7}  {subject:>9} {peer:>9}{verdict}",
                figure.name,
                figure.peer,
                figure.value.measure(),
                ratio,
            )?;
        }
        if !self.notes.is_empty() {
            writeln!(
                f,
                "\ncrates that only ours builds, with the CPU time of rustc"
            )?;
        }
        for note in &self.notes {
            writeln!(f, "{:>6} ms  {}", note.cpu_ms, note.name)?;
        }
        if self.quick {
            writeln!(f, "\n--quick: the figures mean nothing")?;
        }
        Ok(())
    }
}

/// How many runs fit into a second.
fn per_second(run: Duration) -> u128 {
    Duration::from_secs(1).as_nanos() / run.as_nanos().max(1)
}

/// A duration with three or four digits and its unit.
fn short(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    match nanos {
        0..10_000 => format!("{nanos} ns"),
        10_000..10_000_000 => format!("{}.{} µs", nanos / 1000, nanos / 100 % 10),
        10_000_000..1_000_000_000 => format!("{} ms", nanos / 1_000_000),
        _ => format!("{}.{} s", nanos / 1_000_000_000, nanos / 100_000_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn standing(thousandths: u64) -> Standing {
        let ratio = Ratio::thousandths(thousandths);
        Standing {
            ratio: Spread {
                lower: ratio,
                median: ratio,
                upper: ratio,
            },
            subject: Duration::from_nanos(1234),
            peer: Duration::from_micros(123),
        }
    }

    #[test]
    fn a_ratio_at_its_target_meets_it_and_one_above_does_not() {
        let mut report = Report::new("bench", false);
        report.extend([Figure::cpu("rules", "garde", standing(250)).at_most(250)]);
        assert!(report.is_ok());
        report.extend([Figure::cpu("rules", "garde", standing(251)).at_most(250)]);
        assert!(!report.is_ok());
    }

    #[test]
    fn a_rate_must_reach_its_target() {
        let mut report = Report::new("bench", false);
        report.extend([Figure::rate("store", "by hand", standing(900)).at_least(900)]);
        assert!(report.is_ok());
        report.extend([Figure::rate("store", "by hand", standing(899)).at_least(900)]);
        assert!(!report.is_ok());
    }

    #[test]
    fn what_is_not_measured_misses_nothing() {
        let mut report = Report::new("bench", false);
        report.extend([Figure::not_measured("PostgreSQL", "by hand").at_least(3000)]);
        assert!(report.is_ok());
        assert!(report.to_string().ends_with(" not measured\n"));
        let figure = &serde_json::from_str::<serde_json::Value>(&report.json().unwrap()).unwrap()["figures"]
            [0];
        assert!(figure["ratio"].is_null() && figure["met"].is_null());
    }

    #[test]
    fn crates_are_counted_as_a_difference() {
        let figure = |subject| Figure {
            name: "a program",
            peer: "by hand",
            value: Value::Crates { subject, peer: 100 },
            target: Some(Limit::More(15)),
        };
        assert_eq!(figure(115).is_met(), Some(true));
        assert_eq!(figure(116).is_met(), Some(false));
    }

    #[test]
    fn a_person_sees_which_target_is_missed() {
        let mut report = Report::new("bench", false);
        report.extend([
            Figure::cpu("rules", "garde", standing(251)).at_most(250),
            Figure::latency("call", "reqwest", standing(1000)),
            Figure::rate("store", "by hand", standing(6100)).at_least(6000),
        ]);
        expect![[r"
            what                                         peer                               measure    ratio  middle half    target       ours    theirs
            rules                                        garde                              CPU        0.251  0.251 0.251     0.250    1234 ns  123.0 µs  MISSED
            call                                         reqwest                            latency    1.000  1.000 1.000              1234 ns  123.0 µs
            store                                        by hand                            rate       6.100  6.100 6.100   >=6.000   810372/s    8130/s  met
        "]]
        .assert_eq(&report.to_string());
    }
}
