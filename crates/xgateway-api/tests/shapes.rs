//! An array is no object, even if a typed reader would take it for one.

use xgateway_api::json::{self, ReadError};
use xgateway_api::types::{CorrectProfileRequest, CreateBankAccountRequest};

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, ReadError>, why: &str) {
    assert_eq!(result.expect_err("it breaks a rule").to_string(), why);
}

#[test]
fn an_array_in_the_place_of_an_object_is_an_issue() {
    let read = json::read::<CorrectProfileRequest>;
    refused(read(b"[]"), "Expected object, received array");
    refused(
        read(br#"{"address":["Prague"]}"#),
        "address: Expected object, received array",
    );
    let full = json::read::<CreateBankAccountRequest>(br#"["EUR"]"#);
    refused(full, "Expected object, received array");
}

#[test]
fn a_bracket_in_a_text_or_under_an_unknown_key_is_none() {
    let body = br#"{"firstName":"Jo[hn","tags":["a"]}"#;
    let request = json::read::<CorrectProfileRequest>(body).expect("it breaks no rule");
    assert_eq!(request.first_name.expect("it is given").expose(), "Jo[hn");
}
