//! A test that fails tells with which seed, and how to play it again.

use std::process::Command;

use xgateway_sandbox::{Config, Sandbox};

/// What makes the first test fail, in a process of the second one.
const FAIL: &str = "SANDBOX_TEST_SHALL_FAIL";

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "it is told to fail by the environment"
)]
fn fails_when_it_is_told_to() {
    let sandbox = Sandbox::new(Config::new(4711));
    sandbox.world(|world| world.advance(jiff::SignedDuration::from_secs(1)));
    assert!(std::env::var_os(FAIL).is_none());
}

#[test]
fn a_failure_tells_how_it_is_played_again() {
    let name = "replay::fails_when_it_is_told_to";
    let ended = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name])
        .env(FAIL, "1")
        .output()
        .unwrap();
    assert!(!ended.status.success());
    let said = String::from_utf8(ended.stderr).unwrap();
    let want =
        format!("xgateway-sandbox: seed 4711, 1 events; again: cargo test -- --exact '{name}'\n");
    assert!(said.contains(&want), "{said}");
}
