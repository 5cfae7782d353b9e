//! The golden files compile, and what they do with JSON is what the documents say.
//!
//! This is a module of the crate whose types generated code uses, in its tests only.

#![expect(
    dead_code,
    unreachable_pub,
    reason = "generated as if for users, of whom there are none here"
)]

mod error_bodies;
mod form;
mod name_clash_solved;
mod no_content;
mod nullable;
mod one_of;
mod one_of_text;
mod path_and_body;
mod query_parameter;
mod reserved_word;
mod strict;
mod unknown_enum_value;

use crate::answer::{AnswerError, decode, decode_upload};
use crate::call::{Call, Upload};
use crate::json::{self, ReadError, Ruled};

/// Reads and writes again, or says what is wrong.
fn read<T>(text: &str) -> String
where
    T: Ruled + serde::de::DeserializeOwned + Call,
{
    match json::read::<T>(text.as_bytes()) {
        Ok(request) => {
            let body = request.body().expect("a request with rules has a body");
            String::from_utf8(body.to_vec()).expect("JSON is UTF-8")
        }
        Err(ReadError::Invalid(issues)) => issues.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn null_absent_and_present_are_three_things() {
    let read = read::<nullable::types::CreateThing>;
    assert_eq!(
        read(r#"{"note":null,"price":null,"size":null,"fast":true}"#),
        r#"{"note":null,"price":null,"size":null,"fast":true}"#
    );
    let full = r#"{"note":"a","comment":"b","price":10.50,"rate":1e3,"secret":"c","size":"small","colour":"large","part":{"flag":false},"gift":true,"fast":false}"#;
    assert_eq!(read(full), full);
    let nulls = r#"{"note":"a","comment":null,"price":1,"rate":null,"secret":null,"size":"small","colour":null,"part":null,"gift":null,"fast":false}"#;
    assert_eq!(read(nulls), nulls);
    assert_eq!(
        read(r#"{"comment":"longer","fast":null,"part":{"flag":null}}"#),
        "note: Required; comment: String must contain at most 5 character(s); price: Required; size: Required; \
         part.flag: Expected boolean, received null; fast: Expected boolean, received null"
    );
}

#[test]
fn an_essential_null_must_be_there_and_another_need_not() {
    let thing = |text: &str| {
        decode::<nullable::types::CreateThing>(200, text.as_bytes())
            .map(|thing| format!("{thing:?}"))
    };
    assert_eq!(
        thing(r#"{"data":{"id":"1","note":null,"owner":"Jane"},"success":true}"#).unwrap(),
        r#"Thing { id: "1", note: None, count: None, owner: Some(PersonalText(**)), order: None }"#
    );
    assert!(thing(r#"{"data":{"id":"1"},"success":true}"#).is_err());
}

#[test]
fn shapes_are_told_apart_and_an_unknown_one_is_kept() {
    use one_of::types::{GetPayout, Payout};

    let payout = |data: &str| {
        let body = format!(r#"{{"data":{data},"success":true}}"#);
        decode::<GetPayout>(200, body.as_bytes()).unwrap()
    };
    assert!(matches!(
        payout(r#"{"lastFour":"0002"}"#),
        Payout::CardPayout(_)
    ));
    let bank = payout(r#"{"iban":"GB29","amount":"10.00","new":1}"#);
    assert!(matches!(bank, Payout::BankPayout(_)));
    assert_eq!(
        serde_json::to_string(&bank).unwrap(),
        r#"{"iban":"**","amount":"10.00"}"#
    );
    let new = r#"{"wallet": 1.00000000000000000001}"#;
    let unknown = payout(new);
    assert_eq!(format!("{unknown:?}"), "Unknown(**)");
    assert_eq!(serde_json::to_string(&unknown).unwrap(), new);
}

#[test]
fn an_answer_without_a_body_is_an_answer() {
    let call = no_content::types::DeleteThing {
        id: "a b".to_owned(),
    };
    assert_eq!(call.path(), "/things/a%20b");
    let decode = decode::<no_content::types::DeleteThing>;
    for body in [
        "",
        r#"{"data":"Deleted.","success":true}"#,
        r#"{"data":{"id":1}}"#,
        "{}",
    ] {
        assert_eq!(decode(204, body.as_bytes()), Ok(()), "{body}");
    }
    let refused = decode(204, br#"{"errors":[],"success":false}"#);
    assert!(matches!(refused, Err(AnswerError::Refused(_))));
    let broken = decode(204, b"<html>");
    assert!(matches!(broken, Err(AnswerError::Undecodable { .. })));
}

#[test]
fn every_failure_of_an_operation_is_described() {
    let operation = error_bodies::types::CreateThing::OPERATION;
    let answers: Vec<_> = operation
        .answers
        .iter()
        .map(|answer| (answer.status, answer.schema, answer.inferred))
        .collect();
    assert_eq!(
        answers,
        [
            (201, Some("Done"), true),
            (400, Some("Failure"), false),
            (422, Some("Issues"), false),
            (500, Some("Failure"), true),
        ]
    );
}

#[test]
fn names_of_the_document_stay_in_json() {
    let text = r#"{"type":"a","match":"b","self":"c","crate":"d","async":"e"}"#;
    assert_eq!(read::<reserved_word::types::Move>(text), text);
    let text = r#"{"orderId":"a","order_id":"b"}"#;
    assert_eq!(read::<name_clash_solved::types::OldCardData>(text), text);
    for value in ["new", "NEW", "unknown"] {
        let text = format!(r#"{{"status":"{value}"}}"#);
        assert_eq!(read::<name_clash_solved::types::CardData>(&text), text);
    }
}

#[test]
fn an_unknown_value_is_kept_as_its_text() {
    use unknown_enum_value::types::{GetThing, State};

    let body = br#"{"data":{"state":"melted","states":["in_use","3ds","boiled"]},"success":true}"#;
    let thing = decode::<GetThing>(200, body).unwrap();
    assert_eq!(thing.state.as_str(), "melted");
    assert!(!thing.state.is_known());
    assert_eq!(
        thing.states,
        Some(vec![
            State::InUse,
            State::ThreeDs,
            State::Unknown("boiled".into())
        ])
    );
}

#[test]
fn a_parameter_and_a_body_go_together() {
    use path_and_body::types::{Rename, RenameOptions, RenameThing};

    let call = RenameThing {
        email: "jane@example.com".into(),
        thing_id: "1/2".to_owned(),
        body: Rename {
            name: String::new(),
            options: Some(RenameOptions { loud: true }),
        },
    };
    assert_eq!(call.path(), "/customers/jane%40example.com/things/1%2F2");
    assert_eq!(
        call.body().unwrap(),
        r#"{"name":"","options":{"loud":true}}"#.as_bytes()
    );
    assert_eq!(
        call.check().unwrap_err().to_string(),
        "name: String must contain at least 1 character(s)"
    );
    assert!(!format!("{call:?}").contains("jane"));
}

#[test]
fn a_form_holds_its_texts_and_names_its_file() {
    use form::types::{Colour, UploadThing};

    let mut upload = UploadThing {
        id: "a/b".to_owned(),
        colour: Colour::Red,
        owner: Some("Jane".into()),
        note: None,
    };
    assert_eq!(upload.path_in("/v9/{id}"), "/v9/a%2Fb");
    assert_eq!(upload.texts(), [("colour", "red"), ("owner", "Jane")]);
    assert!(upload.check().is_ok());
    assert!(!format!("{upload:?}").contains("Jane"));
    upload.owner = Some("Jane Doe".into());
    assert_eq!(
        upload.check().unwrap_err().to_string(),
        "owner: String must contain at most 5 character(s)"
    );
    let operation = UploadThing::OPERATION;
    let form = operation.form.as_ref().expect("it takes a form");
    assert_eq!((form.file, form.file_bytes_max), ("file", 1024));
    assert!(operation.path_inferred && operation.body.is_none());
    let issues = json::check(form.rules, br#"{"colour":"green"}"#).unwrap_err();
    assert_eq!(
        issues.to_string(),
        "colour: Invalid enum value. Expected 'red' | 'blue', received 'green'; file: Required"
    );
    assert_eq!(decode_upload::<UploadThing>(204, b""), Ok(()));
}

#[test]
fn a_text_and_an_object_are_told_apart() {
    use one_of_text::types::{GetThing, Kind, Missing};

    let body = br#"{"data":["small",{"kind":"large"},"huge",1],"success":true}"#;
    let missing = decode::<GetThing>(200, body).unwrap();
    assert!(matches!(&missing[0], Missing::Kind(Kind::Small)));
    assert!(matches!(&missing[1], Missing::MissingThing(thing) if thing.kind == Kind::Large));
    assert!(matches!(&missing[2], Missing::Kind(Kind::Unknown(text)) if &**text == "huge"));
    assert!(matches!(&missing[3], Missing::Unknown(_)));
}

#[test]
fn a_strict_request_admits_no_other_key() {
    let read = read::<strict::types::Thing>;
    assert_eq!(
        read(
            r#"{"id":"00000000-0000-0000-0000-000000000000","step":1000000.5,"code":"A_-1","more":1}"#
        ),
        "Unrecognized key(s) in object: 'more'"
    );
    assert_eq!(
        read(r#"{"id":"1","day":"2001-02-29","code":"a","step":1.2}"#),
        "id: Invalid uuid; day: Invalid date; code: Invalid; \
         step: Number must be greater than or equal to 1000000; step: Number must be a multiple of 0.5"
    );
}

#[test]
fn a_query_is_checked_and_encoded() {
    use query_parameter::types::{ListThings, Order};

    let call = ListThings {
        kind: "a/b".to_owned(),
        page: "1 & 2".to_owned(),
        for_: Some("jane@example.com".into()),
        sort_by: Some(Order::Day),
    };
    assert!(!ListThings::OPERATION.needs_key);
    assert_eq!(
        call.path(),
        "/things/a%2Fb?page=1%20%26%202&for=jane%40example.com&sort-by=day"
    );
    assert!(call.check().is_ok() && call.body().is_none());
    assert!(!format!("{call:?}").contains("jane"));
    let call = ListThings {
        kind: "a".to_owned(),
        page: String::new(),
        for_: None,
        sort_by: Some(Order::Unknown("size".into())),
    };
    assert_eq!(call.path(), "/things/a?page=&sort-by=size");
    assert_eq!(
        call.check().unwrap_err().to_string(),
        "page: String must contain at least 1 character(s); \
         sort-by: Invalid enum value. Expected 'name' | 'day', received 'size'"
    );
}
