//! Each known mistake is recognised.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use xgateway_callback::{CallbackError, KeyLabel, KeyRing, Mistake, explain};

use crate::fixture::{SEED, key, ring};

const SECRET: &str = "test_secret_key";

fn sha512(text: &str) -> Vec<u8> {
    Sha512::digest(text.as_bytes()).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

fn body(fields: &str, hash: &str) -> String {
    format!(r#"{{"id":"a-1",{fields},"currency":"USD","status":"confirmed","hash":"{hash}"}}"#)
}

#[track_caller]
fn check(fields: &str, hash: &str, want: &[Mistake]) {
    let explanation = explain(body(fields, hash).as_bytes(), &ring());
    assert_eq!(explanation.mistakes(), want, "{explanation}");
    assert_eq!(
        explanation.key().map(KeyLabel::as_str),
        Some("current"),
        "{explanation}"
    );
    assert!(explanation.problem().is_some() || want.is_empty());
    assert!(!explanation.to_string().contains(SECRET));
}

/// A hash over another text than the right one.
#[track_caller]
fn check_text(text: &str, want: Mistake) {
    check(
        r#""customerId":"joe","amount":"10""#,
        &STANDARD.encode(sha512(text)),
        &[want],
    );
}

#[test]
fn an_authentic_callback_needs_no_explanation() {
    let explanation = explain(SEED.as_bytes(), &ring());
    assert_eq!(explanation.problem(), None);
    assert_eq!(
        explanation.to_string(),
        "authentic; the hash was made with the key \"current\""
    );
}

#[test]
fn the_key_that_was_used_is_named() {
    let ring = KeyRing::new(key("next")).with("old", key(SECRET)).unwrap();
    let broken = SEED.replace(r#""amount": "10""#, r#""amount": "10.0""#);
    let explanation = explain(broken.as_bytes(), &ring);
    assert_eq!(explanation.key().unwrap().as_str(), "old");
    assert_eq!(explanation.problem(), Some(CallbackError::NotAuthentic));
    let counts: Vec<_> = ring.matched().map(|(_, count)| count).collect();
    assert_eq!(counts, [0, 0], "an explanation is no match");
}

#[test]
fn a_mistake_in_the_text_is_found() {
    check_text(
        "a-1.joe.10.USD.test_secret_key\n",
        Mistake::SecretWhiteSpace,
    );
    check_text("a-1.joe.10.USD. test_secret_key", Mistake::SecretWhiteSpace);
    check_text("a-1.joe.10.USD.\"test_secret_key\"", Mistake::SecretQuoted);
    check_text(
        "a-1.joe.10.0.USD.test_secret_key",
        Mistake::AmountReformatted,
    );
    check_text(
        "a-1.joe.10.00.USD.test_secret_key",
        Mistake::AmountReformatted,
    );
    check_text("a-1.joe.10.usd.test_secret_key", Mistake::CurrencyCase);
    check_text("joe.a-1.10.USD.test_secret_key", Mistake::OtherOrder);
    check_text("a-1.10.USD.joe.test_secret_key", Mistake::OtherOrder);
    check_text(
        "a-1.joe.10.USD.confirmed.test_secret_key",
        Mistake::StatusIncluded,
    );
    check_text("test_secret_key.a-1.joe.10.USD", Mistake::SecretNotLast);
    check_text("joe.USD.test_secret_key", Mistake::OtherKind);
    check_text("joe.test_secret_key", Mistake::OtherKind);
    check_text("a-1joe10USDtest_secret_key", Mistake::OtherSeparator);
    check_text("a-1:joe:10:USD:test_secret_key", Mistake::OtherSeparator);
}

#[test]
fn a_mistake_in_one_field_is_found() {
    let hash = |text: &str| STANDARD.encode(sha512(text));
    let whole = hash("a-1.joe.10.USD.test_secret_key");
    check(
        r#""customerId":"joe","amount":"10.00""#,
        &whole,
        &[Mistake::AmountReformatted],
    );
    check(
        r#""customerId":"joe","amount":10"#,
        &whole,
        &[Mistake::AmountIsNumber],
    );
    check(
        r#""customerId":"joe","amount":10.0"#,
        &whole,
        &[Mistake::AmountReformatted, Mistake::AmountIsNumber],
    );
    let null = hash("a-1.null.10.USD.test_secret_key");
    check(
        r#""customerId":null,"amount":"10""#,
        &null,
        &[Mistake::NoCustomerAsWord],
    );
    check(r#""amount":"10""#, &null, &[Mistake::NoCustomerAsWord]);
    let escaped = hash(r"a-1.J\u00fcrgen.10.USD.test_secret_key");
    check(
        r#""customerId":"J\u00fcrgen","amount":"10""#,
        &escaped,
        &[Mistake::EscapesKept],
    );
    let twice = hash("a-1.JÃ¼rgen.10.USD.test_secret_key");
    check(
        r#""customerId":"Jürgen","amount":"10""#,
        &twice,
        &[Mistake::NotUtf8],
    );
    let once = hash("a-1.Jürgen.10.USD.test_secret_key");
    check(
        r#""customerId":"JÃ¼rgen","amount":"10""#,
        &once,
        &[Mistake::NotUtf8],
    );
}

#[test]
fn a_mistake_in_the_algorithm_or_the_encoding_is_found() {
    let fields = r#""customerId":"joe","amount":"10""#;
    let text = "a-1.joe.10.USD.test_secret_key";
    let right = sha512(text);
    check(fields, &STANDARD.encode(&right), &[]);
    check(fields, &hex(&right), &[Mistake::Hex]);
    check(fields, &hex(&right).to_uppercase(), &[Mistake::Hex]);
    check(
        fields,
        &STANDARD.encode(hex(&right)),
        &[Mistake::HexInBase64],
    );
    check(
        fields,
        &STANDARD_NO_PAD.encode(&right),
        &[Mistake::NoPadding],
    );
    check(
        fields,
        &format!("{}\\n", STANDARD.encode(&right)),
        &[Mistake::HashWhiteSpace],
    );
    let other = sha512("a-1.joe.10.usd.test_secret_key");
    assert!(URL_SAFE.encode(&other).contains(['-', '_']));
    check(
        fields,
        &URL_SAFE.encode(&other),
        &[Mistake::CurrencyCase, Mistake::UrlSafe],
    );
    check(
        fields,
        &STANDARD.encode(Sha256::digest(text)),
        &[Mistake::Sha256],
    );
    for message in ["a-1.joe.10.USD", text] {
        let mut mac = Hmac::<Sha512>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(message.as_bytes());
        check(
            fields,
            &STANDARD.encode(mac.finalize().into_bytes()),
            &[Mistake::Hmac],
        );
    }
}

#[test]
fn what_nothing_explains_says_so() {
    let body = SEED.replace("demo_customer_id", "somebody_else");
    let explanation = explain(body.as_bytes(), &ring());
    assert_eq!(explanation.problem(), Some(CallbackError::NotAuthentic));
    assert_eq!((explanation.key(), explanation.mistakes()), (None, &[][..]));
    assert!(explanation.to_string().contains("another key"));
    for (body, want) in [
        ("{", "malformed"),
        ("[]", "not_an_object"),
        ("{}", "missing"),
    ] {
        assert_eq!(
            explain(body.as_bytes(), &ring())
                .problem()
                .unwrap()
                .reason(),
            want
        );
    }
}

#[test]
fn a_right_hash_on_a_refused_callback_shows_both() {
    let text = "a-1.user.9.1.USD.test_secret_key";
    let body = body(
        r#""customerId":"user.9","amount":"1""#,
        &STANDARD.encode(sha512(text)),
    );
    let explanation = explain(body.as_bytes(), &ring());
    assert_eq!(
        explanation.problem(),
        Some(CallbackError::Ambiguous {
            field: "customerId"
        })
    );
    assert!(explanation.key().is_some());
    assert_eq!(explanation.mistakes(), []);
}
