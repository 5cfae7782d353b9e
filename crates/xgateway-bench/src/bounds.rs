//! What `--check` compares: figures that are worse are a step back.
//!
//! Each is the worst of the last runs in `docs/benchmarks.md`, and a tenth. So a machine that is busy passes, and code that
//! got slower by a fifth does not. Whoever writes new figures there writes new bounds here, with the reason if they are
//! looser than before.

use crate::figure::Limit;
use crate::ratio::Ratio;

/// The bound of a figure, by its name and what is measured.
pub(crate) fn of(name: &str, measure: &str) -> Option<Limit> {
    let mut bounds = BOUNDS.iter();
    let bound = bounds.find(|(known, what, _)| *known == name && *what == measure)?;
    Some(bound.2)
}

const fn at_most(thousandths: u64) -> Limit {
    Limit::Ratio(Ratio::thousandths(thousandths))
}

const fn at_least(thousandths: u64) -> Limit {
    Limit::AtLeast(Ratio::thousandths(thousandths))
}

#[rustfmt::skip]
const BOUNDS: &[(&str, &str, Limit)] = &[
    ("rules, valid", "CPU", at_most(137)),
    ("rules, eight issues", "CPU", at_most(186)),
    ("rules, eight issues, written as text", "CPU", at_most(533)),
    ("JSON text to checked request", "CPU", at_most(1297)),
    ("request building, deposit", "CPU", at_most(747)),
    ("answer decoding, deposit", "CPU", at_most(865)),
    ("answer decoding, transaction", "CPU", at_most(989)),
    ("one call, loopback", "CPU", at_most(1177)),
    ("one call, loopback", "latency", at_most(1148)),
    ("one call, hyper adapter, HTTP/1.1", "CPU", at_most(1220)),
    ("one call, hyper adapter, HTTP/1.1", "latency", at_most(1161)),
    ("one call, hyper adapter, HTTP/1.1, 16 in flight", "CPU", at_most(1218)),
    ("one call, hyper adapter, HTTP/1.1, 16 in flight", "latency", at_most(1227)),
    ("one call, hyper adapter, HTTP/2", "CPU", at_most(1199)),
    ("one call, hyper adapter, HTTP/2", "latency", at_most(1158)),
    ("one call, hyper adapter, HTTP/2, 16 in flight", "CPU", at_most(1181)),
    ("one call, hyper adapter, HTTP/2, 16 in flight", "latency", at_most(1238)),
    ("card deposit, journal in memory", "CPU", at_most(2501)),
    ("card deposit, journal in memory", "latency", at_most(2074)),
    ("card deposit, journal in SQLite", "latency", at_most(13_697)),
    ("card deposit, journal in PostgreSQL", "latency", at_most(18_596)),
    ("callback verification, borrowed", "CPU", at_most(1378)),
    ("callback verification, owned", "CPU", at_most(1514)),
    ("store alone, SQLite, 64 tasks", "rate", at_least(703)),
    ("callbacks over HTTP, SQLite, 64 connections", "rate", at_least(4760)),
    ("callbacks over HTTP, SQLite, 1 connection", "latency", at_most(1230)),
    ("callbacks over HTTP, PostgreSQL, 64 conn.", "rate", at_least(1944)),
    ("callbacks over HTTP, PostgreSQL, 1 conn.", "latency", at_most(1247)),
    ("callbacks booked together, SQLite", "rate", at_least(283)),
    ("callbacks booked together, PostgreSQL", "rate", at_least(254)),
    ("callbacks booked singly, SQLite", "rate", at_least(262)),
    ("callbacks booked singly, PostgreSQL", "rate", at_least(173)),
    ("sandbox, deposits over 32 connections", "rate", at_least(325)),
    ("sandbox, the 99th of a hundred of them", "latency", at_most(3285)),
    // Two microseconds move by more than a tenth.
    ("sandbox, a world in this process", "time", at_most(10)),
    ("sandbox, start to first answer", "time", at_most(125)),
    ("sandbox, memory before the first deposit", "memory", at_most(806)),
    ("sandbox, memory after a million deposits", "memory", at_most(1100)),
    ("a minimal program on the facade", "build CPU", at_most(1232)),
    // A number of crates does not vary.
    ("a minimal program on the facade", "crates", Limit::More(15)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_figure_has_two_bounds() {
        for (index, (name, measure, _)) in BOUNDS.iter().enumerate() {
            let mut others = BOUNDS[..index].iter();
            assert!(
                !others.any(|it| it.0 == *name && it.1 == *measure),
                "{name}"
            );
        }
    }
}
