//! The workspace as it is keeps to the table of allowed arrows.

use std::process::Command;

#[test]
fn every_dependency_is_in_the_table() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("layers")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}
