//! What it costs to build on us: a minimal program on the facade, and the same by hand on reqwest.
//!
//! Both are written into folders of their own below `target/budget`, with the versions of the workspace's lock file,
//! and built cold, offline and one after the other.

mod metered_rustc;
mod program;

use std::collections::BTreeMap;

pub(crate) use metered_rustc::metered_rustc;

use crate::Outcome;
use crate::arguments::Options;
use crate::figure::{Figure, Limit, Value};
use crate::ratio::Ratio;
use crate::report::{Note, Report};
use program::Program;

/// reqwest as our transport has it, so that the difference is us and nothing else.
const BY_HAND: Program = Program {
    name: "by-hand",
    dependencies: r#"
reqwest = { version = "0.13", default-features = false, features = ["rustls", "http2", "json"] }
serde = { version = "1", features = ["derive"] }
tokio = { version = "1", features = ["macros", "rt"] }
"#,
    main: include_str!("budget/by_hand.rs"),
};

const FACADE: Program = Program {
    name: "facade",
    dependencies: r#"
jiff = { version = "0.2", default-features = false, features = ["std"] }
tokio = { version = "1", features = ["macros", "rt"] }
xgateway = { path = "../../../crates/xgateway", default-features = false, features = ["reqwest"] }
"#,
    main: include_str!("budget/facade.rs"),
};

const WHAT: &str = "a minimal program on the facade";
const PEER: &str = "reqwest and serde by hand";

pub(crate) fn measure(options: &Options) -> Outcome<Report> {
    let mut report = Report::new("budget", options.quick);
    FACADE.write()?;
    BY_HAND.write()?;
    let (ours, theirs) = (FACADE.crates()?, BY_HAND.crates()?);
    if !options.quick {
        let (cpu_theirs, _) = BY_HAND.build()?;
        let (cpu_ours, by_crate) = FACADE.build()?;
        report.extend([Figure {
            name: WHAT,
            peer: PEER,
            value: Value::Build {
                subject: cpu_ours,
                peer: cpu_theirs,
            },
            goal: Some(Limit::Ratio(Ratio::thousandths(1250))),
        }]);
        report.note(extra(&ours, &theirs, &by_crate));
    }
    report.extend([Figure {
        name: WHAT,
        peer: PEER,
        value: Value::Crates {
            subject: ours.len(),
            peer: theirs.len(),
        },
        goal: Some(Limit::More(15)),
    }]);
    Ok(report)
}

/// The crates that only ours needs, the dearest first.
fn extra(ours: &[String], theirs: &[String], by_crate: &BTreeMap<String, u64>) -> Vec<Note> {
    let mut notes: Vec<Note> = ours
        .iter()
        .filter(|name| !theirs.contains(name))
        .map(|name| Note {
            name: name.clone(),
            cpu_ms: by_crate.get(name).copied().unwrap_or(0),
        })
        .collect();
    notes.sort_by(|a, b| b.cpu_ms.cmp(&a.cpu_ms).then_with(|| a.name.cmp(&b.name)));
    notes
}
