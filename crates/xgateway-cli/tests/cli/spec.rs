use std::process::Stdio;

use xgateway::api::OPENAPI;
use xgateway::api::sources::SOURCES;

use crate::fixture::Cli;

#[test]
fn the_document_is_printed_byte_for_byte() {
    // Not through `run`: the document names the public test cards.
    let output = Cli::new().command().arg("spec").output().unwrap();
    assert!(output.status.success());
    assert_eq!(output.stdout, OPENAPI.as_bytes());
    assert!(output.stderr.is_empty());
    let output = Cli::new()
        .command()
        .args(["spec", "--json"])
        .output()
        .unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["document"], OPENAPI);
}

#[test]
fn every_fact_has_its_source() {
    let outcome = Cli::new().run(&["spec", "--sources"]).ends(0);
    assert_eq!(outcome.stdout.lines().count(), SOURCES.len());
    for kind in ["seed ", "docs ", "inferred "] {
        assert!(outcome.stdout.lines().any(|line| line.starts_with(kind)));
    }
    let document = Cli::new()
        .run(&["spec", "--sources", "--json"])
        .ends(0)
        .json();
    let sources = document["sources"].as_array().unwrap();
    assert_eq!(sources.len(), SOURCES.len());
    assert_eq!(sources[0]["location"], SOURCES[0].location);
    assert_eq!(sources[0]["kind"], "seed");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for arguments in [&["spec", "--sources"][..], &["spec"], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Cli::new()
            .command()
            .args(arguments)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert!(output.status.success(), "{arguments:?}");
    }
}
