//! rustc with a meter: cargo runs this program in place of rustc, and it writes down what each crate took.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::{Outcome, clock};

/// The variable that names the file in which is written what each crate took.
pub(super) const LOG: &str = "XGATEWAY_BENCH_RUSTC_LOG";

/// Does rustc's work if cargo runs this program in its place; `None` if a person runs it.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo passes a wrapper of rustc nothing of ours but the environment"
)]
pub(crate) fn metered_rustc() -> Option<ExitCode> {
    let log = env::var_os(LOG)?;
    let mut words = env::args_os().skip(1);
    let rustc = words.next()?;
    let arguments: Vec<OsString> = words.collect();
    Some(run(&rustc, &arguments, Path::new(&log)).unwrap_or(ExitCode::FAILURE))
}

fn run(rustc: &OsString, arguments: &[OsString], log: &Path) -> Outcome<ExitCode> {
    let status = Command::new(rustc).args(arguments).status()?;
    // cargo names the package in the environment of each rustc; it is missing when it only asks for the version.
    if let Some(name) = package() {
        let millis = clock::cpu_of_children()?.as_millis();
        let mut file = OpenOptions::new().create(true).append(true).open(log)?;
        // In one write, since several of us append.
        file.write_all(format!("{millis} {name}\n").as_bytes())?;
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo passes the package's name in the environment only"
)]
fn package() -> Option<String> {
    let name = env::var("CARGO_PKG_NAME").ok()?;
    let version = env::var("CARGO_PKG_VERSION").ok()?;
    Some(format!("{name} {version}"))
}

/// The milliseconds of each crate. One with a build script was compiled twice, and both count.
pub(super) fn read(log: &str) -> BTreeMap<String, u64> {
    let mut by_crate = BTreeMap::new();
    for line in log.lines() {
        if let Some((millis, name)) = line.split_once(' ') {
            *by_crate.entry(name.to_owned()).or_default() += millis.parse().unwrap_or(0);
        }
    }
    by_crate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_script_counts_for_its_crate() {
        let by_crate = read("120 serde 1.0.2\n30 serde 1.0.2\n7 syn 2.0.1\n");
        assert_eq!(by_crate["serde 1.0.2"], 150);
        assert_eq!(by_crate["syn 2.0.1"], 7);
    }
}
