//! The format checks against the verdicts of zod 3 itself (`xtask/zod`).

use std::collections::BTreeMap;

use serde::Deserialize;
use xgateway_core::text;

#[derive(Deserialize)]
struct Verdicts {
    valid: Vec<String>,
    invalid: Vec<String>,
}

fn read() -> BTreeMap<String, serde_json::Value> {
    serde_json::from_str(include_str!("vectors/strings.json")).expect("the vectors are JSON")
}

#[track_caller]
fn check(format: &str, at_least: usize, holds: fn(&str) -> bool) {
    let verdicts: Verdicts =
        serde_json::from_value(read()[format].clone()).expect("two lists of texts");
    assert!(
        verdicts.valid.len() + verdicts.invalid.len() >= at_least,
        "the vectors shrank"
    );
    let accepted = verdicts.invalid.iter().filter(|text| holds(text));
    let refused = verdicts.valid.iter().filter(|text| !holds(text));
    assert_eq!(
        accepted.collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "accepted, but zod refuses"
    );
    assert_eq!(
        refused.collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "refused, but zod accepts"
    );
}

#[test]
fn emails_as_zod() {
    check("email", 600, text::is_email);
}

#[test]
fn urls_as_zod() {
    check("url", 1_400, text::is_url);
}

#[test]
fn ip_addresses_as_zod() {
    check("ip", 1_000, text::is_ip);
}

#[test]
fn uuids_as_zod() {
    check("uuid", 500, text::is_uuid);
}

#[test]
fn dates_as_zod() {
    check("date", 700, text::is_date);
}
