//! Our engine against a public JSON Schema validator that reads the same document: they agree on whatever JSON Schema
//! can say.

use std::sync::LazyLock;

use jsonschema::{Draft, Validator};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use xgateway_api::json::{self as ours, ReadError};
use xgateway_api::rules::{GATEWAY8_REQUEST, SIMULATE_TRANSACTION_REQUEST};
use xgateway_api::strategies::{self, Mutation};
use xgateway_core::issue::{Issue, IssueKind};
use xgateway_core::rules::Schema;

static GATEWAY8: LazyLock<Validator> = LazyLock::new(|| validator("Gateway8Request"));
static SIMULATE: LazyLock<Validator> = LazyLock::new(|| validator("SimulateTransactionRequest"));
static MUTATIONS: LazyLock<Vec<Mutation>> =
    LazyLock::new(|| strategies::mutations(&GATEWAY8_REQUEST));

fn validator(name: &str) -> Validator {
    let document: Value =
        serde_yaml_ng::from_str(xgateway_api::OPENAPI).expect("the document is YAML");
    let schema = json!({
        "$ref": format!("#/components/schemas/{name}"),
        "components": document["components"],
    });
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(false)
        .build(&schema)
        .expect("the document holds valid schemas")
}

/// Formats, refinements and stripped digits are beyond JSON Schema (of formats it knows too little).
fn is_sayable(issue: &Issue) -> bool {
    if let IssueKind::InvalidString { validation } = issue.kind() {
        return validation == "regex";
    }
    let is_stripped = issue.path().is(&["card", "cardNumber"]) && issue.code() != "invalid_type";
    issue.code() != "custom" && !is_stripped
}

/// JSON Schema counts code points and the gateway UTF-16 code units, which differ beyond the first plane only. So two
/// characters stand for each one from there.
fn in_the_first_plane(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let mut plain = String::with_capacity(text.len());
            for character in text.chars() {
                match u32::from(character) {
                    0..=0xFFFF => plain.push(character),
                    _ => plain.push_str("éé"),
                }
            }
            plain.into()
        }
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| (key, in_the_first_plane(value)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => value,
    }
}

/// Whether the two say the same, and if so, what.
fn verdict(
    schema: &'static Schema,
    validator: &Validator,
    body: Value,
) -> Result<bool, TestCaseError> {
    let body = in_the_first_plane(body);
    let sayable = match ours::check(schema, body.to_string().as_bytes()) {
        Ok(()) => Vec::new(),
        Err(ReadError::Invalid(issues)) => {
            let issues = issues.into_vec().into_iter();
            issues.filter(is_sayable).collect()
        }
        Err(error) => unreachable!("a body is JSON: {error}"),
    };
    let theirs = validator.is_valid(&body);
    prop_assert_eq!(sayable.is_empty(), theirs, "{:?} on {}", sayable, body);
    Ok(theirs)
}

proptest! {
    #[test]
    fn agree_on_valid_bodies(body in strategies::gateway8_request()) {
        prop_assert!(verdict(&GATEWAY8_REQUEST, &GATEWAY8, body)?);
    }

    #[test]
    fn agree_on_broken_bodies(
        body in strategies::gateway8_request(), chosen in proptest::collection::vec(any::<Index>(), 1..4),
    ) {
        let mut body = body;
        for index in chosen {
            index.get(&MUTATIONS).apply(&mut body);
        }
        verdict(&GATEWAY8_REQUEST, &GATEWAY8, body)?;
    }

    #[test]
    fn agree_on_simulations(body in strategies::simulate_transaction_request()) {
        prop_assert!(verdict(&SIMULATE_TRANSACTION_REQUEST, &SIMULATE, body)?);
    }
}

/// Every mutation once; and the two do not agree by always saying yes.
#[test]
fn agree_on_every_mutation() {
    use proptest::strategy::{Strategy as _, ValueTree as _};
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let bodies = strategies::gateway8_request();
    let mut refused = 0;
    for mutation in MUTATIONS.iter() {
        let tree = bodies.new_tree(&mut runner).expect("nothing is filtered");
        let mut body = tree.current();
        assert!(mutation.apply(&mut body));
        let theirs = verdict(&GATEWAY8_REQUEST, &GATEWAY8, body).expect("the same verdict");
        refused += u32::from(!theirs);
    }
    assert!(refused > 100, "only {refused} mutations were refused");
}
