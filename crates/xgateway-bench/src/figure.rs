//! One line of a report: how one thing of ours compares with a peer, what is aimed at, and what would be a step back.

use std::fmt;
use std::time::Duration;

use crate::bounds;
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
    pub(crate) goal: Option<Limit>,
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

/// What is not to be passed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// At most so much of the peer.
    Ratio(Ratio),
    /// At least so much of the peer.
    AtLeast(Ratio),
    /// At most so many more than the peer.
    More(usize),
}

impl Figure {
    pub(crate) fn cpu(name: &'static str, peer: &'static str, standing: Standing) -> Self {
        Self {
            name,
            peer,
            value: Value::Cpu(standing),
            goal: None,
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
            goal: None,
        }
    }

    pub(crate) fn at_least(self, thousandths: u64) -> Self {
        Self {
            goal: Some(Limit::AtLeast(Ratio::thousandths(thousandths))),
            ..self
        }
    }

    pub(crate) fn at_most(self, thousandths: u64) -> Self {
        Self {
            goal: Some(Limit::Ratio(Ratio::thousandths(thousandths))),
            ..self
        }
    }

    /// Whether the goal is met; `None` without one, or if it was not measured.
    pub(crate) fn is_met(&self) -> Option<bool> {
        self.goal?.holds(&self.value)
    }

    /// What would be a step back.
    pub(crate) fn bound(&self) -> Option<Limit> {
        bounds::of(self.name, self.value.measure())
    }

    /// Whether it is no step back. What was measured and has no bound is one: then nobody would notice.
    pub(crate) fn is_in_bounds(&self) -> bool {
        match self.bound() {
            Some(bound) => bound.holds(&self.value) != Some(false),
            None => matches!(self.value, Value::NotMeasured),
        }
    }
}

impl Limit {
    /// Whether a value keeps to it; `None` if nothing was measured.
    fn holds(self, value: &Value) -> Option<bool> {
        Some(match (self, value) {
            (Self::Ratio(limit), value) => value.ratio()? <= limit,
            (Self::AtLeast(limit), value) => value.ratio()? >= limit,
            (Self::More(most), Value::Crates { subject, peer }) => *subject <= peer + most,
            (
                Self::More(_),
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
    pub(crate) fn ratio(&self) -> Option<Ratio> {
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

    pub(crate) fn spread(&self) -> Option<Spread<Ratio>> {
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

    pub(crate) fn measure(&self) -> &'static str {
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
    pub(crate) fn numbers(&self) -> Option<(&'static str, u128, u128)> {
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
    pub(crate) fn sizes(&self) -> (String, String) {
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

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ratio(ratio) => write!(f, "{ratio}"),
            Self::AtLeast(ratio) => write!(f, ">={ratio}"),
            Self::More(count) => write!(f, "+{count}"),
        }
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
