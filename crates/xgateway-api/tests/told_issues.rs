//! Issues of the gateway's: nothing of them is lost or changed, whatever their kind, and however odd one is.

use serde_json::{Value, json};
use xgateway_api::answer::Refusal;
use xgateway_core::issue::{Bound, IssueKind};

fn refusal(errors: &Value) -> Refusal {
    let body = json!({"errors": errors, "success": false});
    Refusal::decode(422, body.to_string().as_bytes())
}

/// One issue of each code that zod 3 has, as it writes them.
fn one_of_each() -> Vec<Value> {
    let path = json!(["card", 0, "number"]);
    let issues = [
        json!({"code": "invalid_type", "expected": "string", "received": "number", "message": "Expected string, received number"}),
        json!({"code": "invalid_literal", "expected": true, "received": 5, "message": "Invalid literal value, expected true"}),
        json!({"code": "custom", "message": "Invalid input"}),
        json!({"code": "custom", "message": "No.", "params": {"why": [null, 1.5]}, "fatal": true}),
        json!({"code": "invalid_union", "unionErrors": [{"issues": [{"code": "custom"}], "name": "ZodError"}], "message": "Invalid input"}),
        json!({"code": "invalid_union_discriminator", "options": ["a", 1, null], "message": "Invalid discriminator value. Expected 'a' | 1"}),
        json!({"code": "invalid_enum_value", "options": ["EUR"], "received": "X", "message": "Invalid enum value. Expected 'EUR', received 'X'"}),
        json!({"code": "unrecognized_keys", "keys": ["a"], "message": "Unrecognized key(s) in object: 'a'"}),
        json!({"code": "invalid_arguments", "argumentsError": {"issues": []}, "message": "Invalid function arguments"}),
        json!({"code": "invalid_return_type", "returnTypeError": {"issues": []}, "message": "Invalid function return type"}),
        json!({"code": "invalid_date", "message": "Invalid date"}),
        json!({"code": "invalid_string", "validation": "email", "message": "Invalid email"}),
        json!({"code": "invalid_string", "validation": {"includes": "@", "position": 2}, "message": "Invalid input: must include \"@\""}),
        json!({"code": "too_small", "minimum": 0, "type": "number", "inclusive": false, "exact": false, "message": "Number must be greater than 0"}),
        json!({"code": "too_small", "minimum": 2, "type": "string", "inclusive": true, "exact": true, "message": "String must contain exactly 2 character(s)"}),
        json!({"code": "too_small", "minimum": 1, "type": "array", "inclusive": true, "exact": false, "message": "Array must contain at least 1 element(s)"}),
        json!({"code": "too_big", "maximum": 0.5, "type": "number", "inclusive": false, "exact": false, "message": "Number must be less than 0.5"}),
        json!({"code": "too_big", "maximum": 4, "type": "string", "inclusive": true, "exact": false, "message": "String must contain at most 4 character(s)"}),
        json!({"code": "invalid_intersection_types", "message": "Intersection results could not be merged"}),
        json!({"code": "not_multiple_of", "multipleOf": 0.01, "message": "Number must be a multiple of 0.01"}),
        json!({"code": "not_finite", "message": "Number must be finite"}),
    ];
    let with_path = |mut issue: Value| {
        issue["path"] = path.clone();
        issue
    };
    issues.into_iter().map(with_path).collect()
}

#[test]
fn every_kind_of_issue_comes_back_as_it_was_told() {
    let told = one_of_each();
    for issue in &told {
        let refusal = refusal(&json!([issue]));
        let issues = refusal.issues().expect("it is one");
        assert_eq!(serde_json::to_value(issues).unwrap(), json!([issue]));
    }
    let all = refusal(&json!(told));
    assert_eq!(serde_json::to_value(all.issues()).unwrap(), json!(told));
}

#[test]
fn whether_a_limit_itself_is_admitted_is_kept() {
    let bounds: Vec<_> = one_of_each()
        .iter()
        .filter_map(|issue| {
            let refusal = refusal(&json!([issue]));
            let (IssueKind::TooSmall { bound, .. } | IssueKind::TooBig { bound, .. }) =
                refusal.issues()?.iter().next()?.kind()
            else {
                return None;
            };
            Some(*bound)
        })
        .collect();
    let (inclusive, exclusive) = (Bound::Inclusive, Bound::Exclusive);
    assert_eq!(
        bounds,
        [exclusive, Bound::Exact, inclusive, exclusive, inclusive]
    );
}

#[test]
fn one_odd_issue_hides_no_other() {
    let usual = json!({"code": "custom", "message": "Invalid input", "path": ["amount"]});
    for odd in [
        json!({"code": "custom", "message": "Odd."}),
        json!({"code": "custom", "message": "Odd.", "path": null}),
        json!({"code": "custom", "message": "Odd.", "path": [null, {"a": 1}]}),
        json!({"code": 5, "message": "Odd.", "path": []}),
        json!({"code": "too_small", "minimum": [], "type": 1, "message": "Odd.", "path": []}),
        json!({"code": "invalid_enum_value", "options": [null], "received": {}, "message": "Odd.", "path": []}),
    ] {
        let refusal = refusal(&json!([odd, usual]));
        let issues = refusal.issues().expect("one of them is usual");
        let told: Vec<_> = issues.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["Odd.", "amount: Invalid input"], "{odd}");
    }
    for nothing in [json!("text"), json!(null), json!([1])] {
        let refusal = refusal(&json!([nothing, usual]));
        assert_eq!(refusal.issues().unwrap().iter().len(), 1, "{nothing}");
    }
    // The gateway's own errors have no path, and stay what they are.
    let own = refusal(&json!([{"code": "bad_request", "message": "No."}]));
    assert!(own.issues().is_none());
    assert_eq!(own.errors().len(), 1);
}

#[test]
fn parameters_that_nobody_knows_are_not_printed_and_hold_no_card_number() {
    let issue = json!({
        "code": "invalid_literal", "expected": "jo@example.com", "received": 4_000_000_000_000_002_u64,
        "more": {"4000 0000 0000 0002": "4000000000000002"}, "message": "No.", "path": [],
    });
    let refusal = refusal(&json!([issue]));
    let issues = refusal.issues().unwrap();
    let debugged = format!("{issues:?}");
    assert!(!debugged.contains("example"), "{debugged}");
    let json = serde_json::to_string(issues).unwrap();
    assert!(!json.contains("4000"), "{json}");
}
