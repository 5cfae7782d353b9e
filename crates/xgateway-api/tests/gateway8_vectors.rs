//! Whole Gateway8 bodies against the answers of zod 3 itself (`xtask/zod`), key for key.

use serde::Deserialize;
use serde_json::value::RawValue;
use xgateway_api::answer::Refusal;
use xgateway_api::json::{self, ReadError};
use xgateway_api::rules::GATEWAY8_REQUEST;
use xgateway_api::types::Gateway8Request;
use xgateway_core::secret::scrub;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    name: String,
    body: String,
    envelope: Box<RawValue>,
    exact_amount_codes: Option<Vec<String>>,
}

fn envelope(outcome: Result<(), ReadError>) -> String {
    match outcome {
        Ok(()) => r#"{"success":true}"#.to_owned(),
        Err(ReadError::Invalid(issues)) => {
            let issues = serde_json::to_string(&issues).expect("issues always serialise");
            format!(r#"{{"errors":{issues},"success":false}}"#)
        }
        Err(error) => error.to_string(),
    }
}

/// The walk over the text and the typed way must say the same.
#[track_caller]
fn both_ways(body: &str) -> String {
    let walked = envelope(json::check(&GATEWAY8_REQUEST, body.as_bytes()));
    let typed = envelope(json::read::<Gateway8Request>(body.as_bytes()).map(drop));
    assert_eq!(walked, typed, "the two ways differ on {body}");
    walked
}

fn read(text: &str) -> Vec<Vector> {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a vector a line"))
        .collect()
}

#[test]
fn answers_as_zod_does() {
    let vectors = read(include_str!("vectors/gateway8.ndjson"));
    assert!(
        vectors.len() >= 890,
        "the vectors shrank to {}",
        vectors.len()
    );
    for vector in vectors {
        let want = without_escapes(vector.envelope.get());
        // The one liberty that we take: a text that could be a card number is never repeated.
        assert_eq!(both_ways(&vector.body), scrub(&want), "{}", vector.name);
    }
}

/// The file of vectors is plain ASCII; what we write is not.
fn without_escapes(json: &str) -> String {
    let mut parts = json.split("\\u");
    let mut text = parts.next().unwrap_or_default().to_owned();
    let mut units = Vec::new();
    for part in parts {
        let (code, rest) = part.split_at(4);
        units.push(u16::from_str_radix(code, 16).expect("four hexadecimal digits"));
        match String::from_utf16(&units) {
            Ok(character) if character.as_str() < " " => {
                // Control characters are escaped by everybody.
                text.push_str("\\u");
                text.push_str(code);
                units.clear();
            }
            Ok(character) => {
                text.push_str(&character);
                units.clear();
            }
            Err(_) => {} // The first half of a pair.
        }
        text.push_str(rest);
    }
    text
}

/// Where zod judges a rounded float, we judge the text: stricter by less than a cent's fraction, never laxer in range.
#[test]
fn judges_amounts_on_their_text() {
    let vectors = read(include_str!("vectors/gateway8-differs.ndjson"));
    assert!(!vectors.is_empty());
    for vector in vectors {
        let answer: serde_json::Value =
            serde_json::from_str(&both_ways(&vector.body)).expect("an envelope is JSON");
        let codes: Vec<_> = answer["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|issue| issue["code"].as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(Some(codes), vector.exact_amount_codes, "{}", vector.name);
    }
}

#[test]
fn what_is_no_json_is_said_to_be_none_without_quoting_it() {
    for body in [
        "",
        "{",
        "{\"card\":{\"cardNumber\":4000000000000002",
        "{} {}",
        "\u{feff}{}",
        "{'a':1}",
        "NaN",
    ] {
        let error = json::read::<Gateway8Request>(body.as_bytes()).unwrap_err();
        assert!(
            matches!(error, ReadError::Malformed { .. }),
            "{body}: {error}"
        );
        assert!(!format!("{error} {error:?}").contains("4000"), "{error}");
    }
}

/// The only known difference that is none of an amount: `JSON.parse` reads a text of length 1 there.
#[test]
fn half_of_a_pair_is_no_json_here() {
    for text in [r#""\ud83d""#, r#""\ude00""#, r#""\ud83dx""#] {
        let body = format!(r#"{{"customerLastName":{text}}}"#);
        let error = json::read::<Gateway8Request>(body.as_bytes()).unwrap_err();
        assert!(matches!(error, ReadError::Malformed { .. }), "{text}");
    }
    let whole = json::read::<Gateway8Request>(br#"{"customerLastName":"\ud83d\ude00"}"#);
    assert!(matches!(whole, Err(ReadError::Invalid(_))));
}

/// What the gateway says comes back as the type that our own engine gives, and says the same again.
#[test]
fn the_gateways_issues_read_back_into_our_own() {
    let vectors = read(include_str!("vectors/gateway8.ndjson"));
    let mut count = 0;
    for vector in vectors {
        let told = Refusal::decode(422, vector.envelope.get().as_bytes());
        let Err(ReadError::Invalid(ours)) = json::check(&GATEWAY8_REQUEST, vector.body.as_bytes())
        else {
            assert!(told.issues().is_none());
            continue;
        };
        assert_eq!(told.issues(), Some(&ours), "{}", vector.name);
        let [told, ours] =
            [told.issues(), Some(&ours)].map(|it| serde_json::to_string(&it).expect("issues"));
        assert_eq!(told, ours, "{}", vector.name);
        count += 1;
    }
    assert!(count >= 600, "only {count} vectors have issues");
}
