//! Receivers under a stream of callbacks that travel badly: what `cargo xtask soak` does at length, in short.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write as _;
use std::process::Command;

fn soak(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_xgateway-bench"))
        .arg("soak")
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
}

/// Two of four are killed, four times in all, while they receive, confirm and book.
#[test]
fn four_receivers_over_one_database_book_each_deposit_once() {
    if has_server() {
        soak(&[
            "--store",
            "postgres",
            "--receivers",
            "4",
            "--kills",
            "4",
            "--deliveries",
            "20000",
        ]);
    }
}

#[test]
fn one_receiver_over_a_file_books_each_deposit_once_and_stays_small() {
    soak(&["--store", "sqlite", "--deliveries", "4000"]);
}

#[test]
fn one_receiver_that_is_killed_again_and_again_books_each_deposit_once() {
    soak(&["--store", "sqlite", "--deliveries", "3000", "--kills", "6"]);
}

/// Says so if there is no server, and fails on a build server.
fn has_server() -> bool {
    let is_there = variable("DATABASE_URL").is_some_and(|url| url.starts_with("postgres"));
    if !is_there {
        let message =
            "PostgreSQL tests NOT RUN: DATABASE_URL names no server; `cargo xtask test` brings one";
        assert!(variable("CI").is_none_or(|ci| ci != "true"), "{message}");
        // Past the harness, which keeps what a passing test prints to itself.
        let _ = writeln!(std::io::stderr(), "{message}");
    }
    is_there
}

#[expect(
    clippy::disallowed_methods,
    reason = "where the server is, cannot be written down here"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
