//! What was measured, for people and for programs.

use std::fmt;
use std::thread::available_parallelism;

use serde::Serialize;
use serde_json::json;

use crate::figure::{Figure, Limit};

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

    /// Whether nothing is a step back. Goals do not matter: those that were never reached would hide it.
    pub(crate) fn is_ok(&self) -> bool {
        self.figures.iter().all(Figure::is_in_bounds)
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
                    "goal": figure.goal.map(|goal| goal.to_string()),
                    "met": figure.is_met(),
                    "bound": figure.bound().map(|bound| bound.to_string()),
                    "inBounds": figure.is_in_bounds(),
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

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<47} {:<34} {:<9} {:>6}  {:<13} {:>7} {:>8}  {:>9} {:>9}",
            "what", "peer", "measure", "ratio", "middle half", "goal", "bound", "ours", "theirs"
        )?;
        for figure in &self.figures {
            let Some(ratio) = figure.value.ratio() else {
                writeln!(f, "{:<47} {:<34} not measured", figure.name, figure.peer)?;
                continue;
            };
            let (subject, peer) = figure.value.sizes();
            let spread = figure.value.spread().map_or_else(String::new, |spread| {
                format!("{} {}", spread.lower, spread.upper)
            });
            let text = |limit: Option<Limit>| limit.map_or_else(String::new, |it| it.to_string());
            let (goal, bound) = (text(figure.goal), text(figure.bound()));
            let verdict = match figure.is_met() {
                Some(true) => "  met",
                Some(false) => "  missed",
                None => "",
            };
            let step_back = match figure.bound() {
                _ if figure.is_in_bounds() => "",
                Some(_) => "  WORSE THAN ITS BOUND",
                None => "  HAS NO BOUND",
            };
            writeln!(
                f,
                "{:<47} {:<34} {:<9} {:>6}  {spread:<13} {goal:>7} {bound:>8}  {subject:>9} {peer:>9}{verdict}{step_back}",
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::expect;

    use super::*;
    use crate::contest::Standing;
    use crate::figure::Value;
    use crate::ratio::{Ratio, Spread};

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
    fn a_goal_that_is_missed_is_shown_and_only_a_step_back_is_a_failure() {
        let eight = |thousandths| {
            Figure::cpu("rules, eight issues", "garde", standing(thousandths)).at_most(150)
        };
        let store = |thousandths| {
            Figure::rate(
                "store alone, SQLite, 64 tasks",
                "by hand",
                standing(thousandths),
            )
            .at_least(900)
        };
        let report = |figures: [Figure; 2]| {
            let mut report = Report::new("bench", false);
            report.extend(figures);
            report
        };
        let within = report([eight(186), store(703)]);
        assert!(within.is_ok());
        assert_eq!(within.to_string().matches("  missed\n").count(), 2);
        assert!(!report([eight(187), store(703)]).is_ok());
        assert!(!report([eight(186), store(702)]).is_ok());
        assert_eq!(eight(150).is_met(), Some(true));
        assert_eq!(eight(151).is_met(), Some(false));
        assert_eq!(store(900).is_met(), Some(true));
        assert_eq!(store(899).is_met(), Some(false));
    }

    /// Else a new figure would be one that nobody watches.
    #[test]
    fn what_is_measured_must_have_a_bound() {
        let mut report = Report::new("bench", false);
        report.extend([Figure::cpu("something new", "by hand", standing(1000))]);
        assert!(!report.is_ok());
        assert!(report.to_string().ends_with("  HAS NO BOUND\n"));
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
            name: "a minimal program on the facade",
            peer: "by hand",
            value: Value::Crates { subject, peer: 100 },
            goal: Some(Limit::More(15)),
        };
        assert_eq!(figure(115).is_met(), Some(true));
        assert_eq!(figure(116).is_met(), Some(false));
        assert!(figure(115).is_in_bounds() && !figure(116).is_in_bounds());
    }

    #[test]
    fn a_person_sees_which_goal_is_missed_and_what_is_a_step_back() {
        let mut report = Report::new("bench", false);
        report.extend([
            Figure::cpu("rules, eight issues", "garde", standing(187)).at_most(150),
            Figure::latency("one call, loopback", "reqwest", standing(1000)),
            Figure::rate("store alone, SQLite, 64 tasks", "by hand", standing(950)).at_least(900),
        ]);
        expect![[r"
            what                                            peer                               measure    ratio  middle half      goal    bound       ours    theirs
            rules, eight issues                             garde                              CPU        0.187  0.187 0.187     0.150    0.186    1234 ns  123.0 µs  missed  WORSE THAN ITS BOUND
            one call, loopback                              reqwest                            latency    1.000  1.000 1.000              1.148    1234 ns  123.0 µs
            store alone, SQLite, 64 tasks                   by hand                            rate       0.950  0.950 0.950   >=0.900  >=0.703   810372/s    8130/s  met
        "]]
        .assert_eq(&report.to_string());
    }
}
