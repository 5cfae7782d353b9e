//! From raw to authentic.

use xgateway_callback::{
    BODY_BYTES_MAX, CallbackError, DEPTH_MAX, JsonType, KEYS_MAX, KeyRing, Proven, RawCallback,
    hash_of,
};

use crate::fixture::{ID, SEED, key, read, ring, signed};

#[track_caller]
fn refused(body: &str, want: CallbackError) {
    assert_eq!(read(body).unwrap_err(), want, "{body}");
}

/// The seed's callback with one text replaced by another.
#[track_caller]
fn changed(from: &str, to: &str) -> String {
    assert!(SEED.contains(from), "{from}");
    SEED.replacen(from, to, 1)
}

#[test]
fn the_seeds_callback_has_the_documented_hash() {
    let callback = read(SEED).unwrap();
    assert_eq!(callback.id(), Some(ID));
    assert_eq!(callback.customer_id(), Some("demo_customer_id"));
    assert_eq!(callback.amount(), Some("10"));
    assert_eq!(callback.currency(), Some("USD"));
    assert_eq!(callback.kind().as_str(), "transaction");
    assert_eq!(callback.key().unwrap().as_str(), "current");

    let unsigned = changed("9pnXH92QDrsu", "[HASH]");
    let hash = hash_of(unsigned.as_bytes(), &key("test_secret_key")).unwrap();
    assert!(SEED.contains(&hash.to_string()));
}

#[test]
fn every_kind_agrees_with_the_vectors_of_protocol_section_4() {
    let bank_account = r#"{"callbackType":"bank_account","customerId":"demo_customer_id","currency":"USD","iban":null,
        "hash":"XdHvJfNISk5IG9Qp72NEMV1QTnkmQx+NAOEkRlQ7s3hp0ZxuaRBIOKIN1lioQi5Mi37AW12IagbfKWAXmbyatA=="}"#;
    assert!(matches!(
        read(bank_account).unwrap().proven(),
        Proven::BankAccount { .. }
    ));
    for documents in [
        r#"["SELFIE","PASSPORT"]"#,
        r#"[{"docType":"SELFIE"}]"#,
        "null",
    ] {
        let kyc = format!(
            r#"{{"callbackType":"kyc","customerId":"demo_customer_id","docsMissing":{documents},"status":"BRAND_NEW",
            "hash":"l9g6R+pEkE+zCiXBXb/myZ/56LD++EYKQgCtUn5nK7g6iCDlao6YLaCqyHc3L7fUrC8bSRBMhaHiQw7D/lGR4g=="}}"#
        );
        assert!(matches!(read(&kyc).unwrap().proven(), Proven::Kyc { .. }));
    }
    let newer = r#"{"callbackType":"transaction","id":"7e71d132-d80d-4140-8e60-9c89d0bd9eed","customerId":"000394",
        "amount":"200","currency":"EUR","status":"confirmed",
        "hash":"XsERtzadWPF7zyi3IufSUfPxHEcXpedRJqaUXL8K3is5yw70XyX8phD/c4tqapYUe1+wOKBwhc3ZDEilxFt/IA=="}"#;
    assert_eq!(read(newer).unwrap().customer_id(), Some("000394"));
}

#[test]
fn each_changed_character_of_a_hashed_field_is_noticed() {
    for (field, text) in [
        ("id", ID),
        ("customerId", "demo_customer_id"),
        ("amount", "10"),
        ("currency", "USD"),
        (
            "hash",
            "9pnXH92QDrsu+ntdByIXtfq4jkc7RWYb/Ii7DLaO1x0Bv+in88B7m1DzGtPZMS6Z1oFmtBO+iNE4Trxci+7FqA==",
        ),
    ] {
        for at in 0..text.len() {
            for other in ['A', '7', '-', 'z'] {
                let mut forged = text.to_owned();
                forged.replace_range(at..=at, &other.to_string());
                if forged != text {
                    let body = changed(
                        &format!(r#""{field}": "{text}""#),
                        &format!(r#""{field}": "{forged}""#),
                    );
                    assert!(read(&body).is_err(), "{field}: {forged}");
                }
            }
        }
        let body = changed(
            &format!(r#""{field}": "{text}""#),
            &format!(r#""{field}": "{text}0""#),
        );
        assert!(read(&body).is_err(), "{field} with a character more");
    }
}

#[test]
fn the_text_counts_and_not_the_number() {
    for amount in ["10.0", "10.00", "010", "1e1"] {
        assert!(
            read(&changed(
                r#""amount": "10""#,
                &format!(r#""amount": "{amount}""#)
            ))
            .is_err()
        );
    }
}

/// Documented, and the reason for the stage of confirmation: protocol §4.
#[test]
fn a_changed_status_is_not_noticed() {
    for status in [r#""failed""#, r#""whatever""#, "null", "17"] {
        let body = changed(
            r#""status": "confirmed""#,
            &format!(r#""status": {status}"#),
        );
        assert!(read(&body).is_ok(), "{status}");
    }
}

#[test]
fn what_is_new_is_accepted() {
    assert!(
        read(&changed(
            r#""network": null"#,
            r#""network": {"new": [1e999, {}]}, "novel": "\ud800""#
        ))
        .is_ok()
    );
    assert!(read(&changed("{", r#"{"callbackType": null,"#)).is_ok());
    assert!(read(&changed("{", r#"{"callbackType": "transaction","#)).is_ok());
    let unknown = changed("{", r#"{"callbackType": "chargeback","#);
    let callback = read(&unknown).unwrap();
    assert_eq!(callback.kind().as_str(), "chargeback");
    assert_eq!(callback.id(), None, "nobody knows what it means");
    refused(
        &unknown.replace("\"10\"", "\"11\""),
        CallbackError::NotAuthentic,
    );
    // Another kind with a hash of its own.
    refused(
        &changed("{", r#"{"callbackType": "kyc","#),
        CallbackError::NotAuthentic,
    );
}

#[test]
fn escapes_stand_for_what_they_mean() {
    assert!(read(&changed("demo_customer_id", r"d\u0065mo_customer_id")).is_ok());
    assert!(read(&changed(r#""amount": "10""#, r#""\u0061mount": "10""#)).is_ok());
    let body = signed(
        r#"{"id":"a","customerId":"J\u00fcrgen \"\ud83d\ude00\"","amount":"1","currency":"EUR"}"#,
    );
    assert_eq!(read(&body).unwrap().customer_id(), Some("Jürgen \"😀\""));
    assert!(read(&body.replace(r"\u00fc", "ü")).is_ok());
    assert!(read(&body.replace(r"\u00fc", "u")).is_err());
}

#[test]
fn no_customer_is_hashed_as_an_empty_text() {
    for customer in [r#""customerId":null,"#, r#""customerId":"","#, ""] {
        let body = signed(&format!(
            r#"{{"id":"a",{customer}"amount":"1","currency":"EUR"}}"#
        ));
        assert_eq!(read(&body).unwrap().customer_id(), None);
        assert!(read(&body.replace(customer, r#""customerId":"null","#)).is_err());
    }
    refused(
        r#"{"callbackType":"kyc","customerId":null,"hash":"l9g6R+pEkE+zCiXBXb/myZ/56LD++EYKQgCtUn5nK7g6iCDlao6YLaCqyHc3L7fUrC8bSRBMhaHiQw7D/lGR4g=="}"#,
        CallbackError::Missing {
            field: "customerId",
        },
    );
}

#[test]
fn a_key_that_occurs_twice_is_refused() {
    let twice = CallbackError::DuplicateKey;
    refused(&changed("{", r#"{"amount": "10","#), twice);
    refused(&changed("{", r#"{"amount": "99","#), twice);
    refused(&changed("{", r#"{"\u0061mount": "99","#), twice);
    refused(&changed("{", r#"{"status": "failed","#), twice);
    refused(
        &changed("{", r#"{"nobody knows": 1, "nobody knows": 2,"#),
        twice,
    );
    // Not at the top: there is nothing that we read.
    assert!(read(&changed(r#""info": {"#, r#""info": {"exchangeRate": "2","#)).is_ok());
}

#[test]
fn a_hashed_field_that_is_no_string_is_refused() {
    let not_text = |field, found| CallbackError::NotText { field, found };
    let number = changed(r#""amount": "10""#, r#""amount": 10"#);
    refused(&number, not_text("amount", JsonType::Number));
    refused(
        &number.replace("10,", "10.0,"),
        not_text("amount", JsonType::Number),
    );
    refused(
        &changed(&format!("\"{ID}\""), "[[]]"),
        not_text("id", JsonType::Array),
    );
    refused(
        &changed("\"USD\"", "{\"a\": {}}"),
        not_text("currency", JsonType::Object),
    );
    refused(
        &changed("\"demo_customer_id\"", "true"),
        not_text("customerId", JsonType::Boolean),
    );
    refused(
        &changed("{", r#"{"callbackType": -1,"#),
        not_text("callbackType", JsonType::Number),
    );
    refused(
        &changed("\"USD\"", "null"),
        CallbackError::Missing { field: "currency" },
    );
    refused(
        &changed(r#""amount""#, r#""Amount""#),
        CallbackError::Missing { field: "amount" },
    );
    refused(
        &changed(r#""hash""#, r#""Hash""#),
        CallbackError::Missing { field: "hash" },
    );
}

#[test]
fn what_is_no_json_object_is_refused() {
    refused("", CallbackError::Malformed { line: 1, column: 0 });
    refused("[]", CallbackError::NotAnObject);
    refused("\"text\"", CallbackError::NotAnObject);
    refused(
        &SEED[..SEED.len() - 1],
        CallbackError::Malformed {
            line: 21,
            column: 0,
        },
    );
    refused(&format!("{SEED}{SEED}"), CallbackError::TrailingData);
    refused(&format!("{SEED}\0"), CallbackError::TrailingData);
    assert!(read(&format!(" \r\n\t{SEED}\n")).is_ok());
    let mut latin = SEED.as_bytes().to_vec();
    latin.insert(5, 0xff);
    let error = RawCallback::new(&latin)
        .unwrap()
        .authenticate(&ring())
        .unwrap_err();
    assert_eq!(error, CallbackError::NotUtf8);
}

#[test]
fn what_is_too_much_is_refused() {
    let padding = BODY_BYTES_MAX - SEED.len();
    assert!(read(&format!("{SEED}{}", " ".repeat(padding))).is_ok());
    refused(
        &format!("{SEED}{}", " ".repeat(padding + 1)),
        CallbackError::TooLarge,
    );

    let nested = |depth| {
        let bomb = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        changed(r#""network": null"#, &format!(r#""network": {bomb}"#))
    };
    assert!(read(&nested(DEPTH_MAX - 1)).is_ok());
    refused(&nested(DEPTH_MAX), CallbackError::TooDeep);
    refused(&"[{\"a\":".repeat(10_000), CallbackError::TooDeep);

    let many = |count| {
        let keys: Vec<_> = (0..count).map(|at| format!("\"key-{at}\":0,")).collect();
        let keys = keys.concat();
        changed("{", &format!("{{{keys}"))
    };
    assert!(read(&many(KEYS_MAX - 12)).is_ok());
    refused(&many(KEYS_MAX - 11), CallbackError::TooManyKeys);
}

#[test]
fn a_hash_in_another_form_is_refused() {
    let hash =
        "9pnXH92QDrsu+ntdByIXtfq4jkc7RWYb/Ii7DLaO1x0Bv+in88B7m1DzGtPZMS6Z1oFmtBO+iNE4Trxci+7FqA==";
    for other in [
        hash.trim_end_matches('=').to_owned(),
        hash.replace('+', "-").replace('/', "_"),
        format!("{hash} "),
        String::new(),
    ] {
        refused(&changed(hash, &other), CallbackError::HashForm);
    }
}

#[test]
fn a_ring_takes_either_key_and_counts() {
    let ring = KeyRing::new(key("next_secret_key"))
        .with("old", key("test_secret_key"))
        .unwrap();
    let callback = RawCallback::new(SEED.as_bytes())
        .unwrap()
        .authenticate(&ring)
        .unwrap();
    assert_eq!(callback.key().unwrap().as_str(), "old");
    let other = KeyRing::new(key("next_secret_key"));
    let error = RawCallback::new(SEED.as_bytes())
        .unwrap()
        .authenticate(&other)
        .unwrap_err();
    assert_eq!(error, CallbackError::NotAuthentic);
    let counts: Vec<_> = ring.matched().map(|(_, count)| count).collect();
    assert_eq!(counts, [0, 1]);
}

#[test]
fn a_callback_can_outlive_its_bytes() {
    let body = SEED.to_owned();
    let callback = read(&body).unwrap().into_owned();
    drop(body);
    assert_eq!(callback.amount(), Some("10"));
}
