use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::metered_rustc;
use crate::{Outcome, clock};

/// Variables that `cargo run` sets for this program, or that would let a build be less than cold.
const VARIABLES_NOT_PASSED_ON: [&str; 6] = [
    "CARGO_BUILD_RUSTC_WRAPPER",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTFLAGS",
];

/// A program of one file.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) name: &'static str,
    /// Its dependencies, as in a manifest.
    pub(super) dependencies: &'static str,
    /// Its code.
    pub(super) main: &'static str,
}

impl Program {
    /// Puts it on the disk.
    pub(super) fn write(&self) -> Outcome<()> {
        let folder = self.folder();
        fs::create_dir_all(folder.join("src"))?;
        // An own workspace, so that the one around it does not count it in.
        let manifest = format!(
            "[workspace]\n\n[package]\nname = \"{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{}",
            self.name,
            self.dependencies.trim_start(),
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(folder.join("src/main.rs"), self.main)?;
        // The workspace's versions, and no question to a registry.
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(())
    }

    /// The crates that it builds, itself and what is only for tests excepted, as `name version`.
    pub(super) fn crates(&self) -> Outcome<Vec<String>> {
        let output = self
            .cargo("tree")
            .args(["--edges", "normal,build", "--prefix", "none", "--no-dedupe"])
            .args(["--format", "{p}"])
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("cargo tree of {} failed", self.name).into());
        }
        Ok(crates_of_tree(
            &String::from_utf8(output.stdout)?,
            self.name,
        ))
    }

    /// Builds it from nothing: all CPU time, and rustc's milliseconds by crate.
    pub(super) fn build(&self) -> Outcome<(Duration, BTreeMap<String, u64>)> {
        let target = self.folder().join("target");
        match fs::remove_dir_all(&target) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        fs::create_dir_all(&target)?;
        let log = target.join("rustc.log");
        let before = clock::cpu_of_children()?;
        let status = self
            .cargo("build")
            .args(["--release", "--jobs", "2", "--quiet"])
            .env("RUSTC_WRAPPER", std::env::current_exe()?)
            .env(metered_rustc::LOG, &log)
            .status()?;
        if !status.success() {
            return Err(format!("cargo build of {} failed", self.name).into());
        }
        let cpu = clock::cpu_of_children()?.saturating_sub(before);
        Ok((cpu, metered_rustc::read(&fs::read_to_string(log)?)))
    }

    fn cargo(&self, subcommand: &str) -> Command {
        let mut command = Command::new("cargo");
        command
            .arg(subcommand)
            .arg("--offline")
            .current_dir(self.folder())
            .env("CARGO_TARGET_DIR", self.folder().join("target"));
        for variable in VARIABLES_NOT_PASSED_ON {
            command.env_remove(variable);
        }
        command
    }

    fn folder(&self) -> PathBuf {
        root().join("target/budget").join(self.name)
    }
}

/// The root of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this crate stands in crates/ of the workspace")
}

/// `name version` of each line `name vVERSION (...)`, each once, without `own`.
fn crates_of_tree(text: &str, own: &str) -> Vec<String> {
    let crates: BTreeSet<String> = text
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (name, version) = (words.next()?, words.next()?);
            Some((name, version.trim_start_matches('v')))
        })
        .filter(|(name, _)| *name != own)
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    crates.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_lists_each_crate_once() {
        let text =
            "facade v0.0.0 (/somewhere)\nserde v1.0.2\nsyn v2.0.1 (proc-macro)\nserde v1.0.2\n";
        assert_eq!(crates_of_tree(text, "facade"), ["serde 1.0.2", "syn 2.0.1"]);
    }
}
