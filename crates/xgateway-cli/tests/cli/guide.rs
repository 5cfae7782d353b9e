//! What docs/guides/sandbox.md tells other languages to do, done; and that command-line.md lists every command.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::fixture::Cli;
use crate::sandbox::Served;

/// The text of the first block in that language below "Other languages".
fn snippet(language: &str) -> String {
    let guide = include_str!("../../../../docs/guides/sandbox.md");
    let (_, rest) = guide.split_once("## Other languages").unwrap();
    let (_, rest) = rest.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// The request that command-line.md shows, for this order.
fn request(order: &str) -> String {
    let guide = include_str!("../../../../docs/guides/command-line.md");
    let (_, rest) = guide.split_once("### `card deposit`").unwrap();
    let (_, rest) = rest.split_once("```json\n").unwrap();
    let request = rest.split_once("```").unwrap().0;
    assert!(request.contains("\"redirectUrl\""), "{request}");
    request.replace("order-1", order)
}

/// Runs a snippet if its program is installed.
fn check(language: &str, program: &str, flag: &str) {
    check_with(language, program, program, flag);
}

#[expect(
    clippy::disallowed_methods,
    reason = "`CI` is how build servers make themselves known"
)]
fn is_build_server() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true" || value == "1")
}

/// Whether a program that a snippet needs is there. On a build server it must be.
pub(crate) fn is_installed(needed: &str, language: &str) -> bool {
    let is_there = Command::new(needed)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !is_there {
        // Where nobody looks at what a passing test says, it must not pass.
        assert!(
            !is_build_server(),
            "the snippet in {language} needs {needed}"
        );
        // Past the harness, which keeps what a passing test prints to itself.
        let mut stderr = std::io::stderr();
        let _ = writeln!(stderr, "the snippet in {language} NOT RUN: no {needed}");
    }
    is_there
}

/// The same through a shell of its own.
fn check_with(language: &str, needed: &str, program: &str, flag: &str) {
    if !is_installed(needed, language) {
        return;
    }
    let served = Served::new(&[]);
    let order = format!("guide-{language}");
    let folder = Cli::new().file("deposit.json", &request(&order));
    let output = Command::new(program)
        .args([flag, &snippet(language)])
        .current_dir(folder.path(""))
        .env("SANDBOX", served.url())
        .env("API_KEY", served.api_key())
        .env("ORDER_ID", &order)
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(
        stdout.contains("\"status\":\"completed\""),
        "{stdout}\n{stderr}"
    );
}

#[test]
fn with_curl() {
    check_with("sh", "curl", "sh", "-c");
}

#[test]
fn with_node() {
    check("js", "node", "-e");
}

#[test]
fn with_python() {
    check("python", "python3", "-c");
}

#[test]
fn every_command_has_its_row() {
    let guide = include_str!("../../../../docs/guides/command-line.md");
    let (_, table) = guide.split_once("\n## Commands\n").unwrap();
    let (table, _) = table.split_once("\n### ").unwrap();
    let help = Cli::new().run(&["--help"]).ends(0).stdout;
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    let names = commands
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help");
    let mut count = 0;
    for name in names {
        count += 1;
        assert!(table.contains(&format!("| `{name}")), "no row for {name}");
    }
    assert!(count > 15, "{help}");
}
