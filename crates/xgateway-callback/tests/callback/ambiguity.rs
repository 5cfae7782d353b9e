//! No two accepted callbacks with different meaning share the text that is hashed.

use std::collections::HashMap;

use proptest::prelude::*;
use xgateway_callback::{CallbackError, Proven, hash_of, sign};

use crate::fixture::{key, read};

/// One way to take a text apart into the fields of a kind.
#[derive(Clone, Debug)]
struct Reading(String);

/// Every callback, of every kind, whose hash is made of `text`.
fn readings(text: &str) -> Vec<Reading> {
    let dots: Vec<usize> = text.match_indices('.').map(|(at, _)| at).collect();
    let quote = |text: &str| serde_json::to_string(text).unwrap();
    let mut readings = vec![Reading(format!(
        r#"{{"callbackType":"kyc","customerId":{}}}"#,
        quote(text)
    ))];
    for &last in &dots {
        let (customer, currency) = (quote(&text[..last]), quote(&text[last + 1..]));
        readings.push(Reading(format!(
            r#"{{"callbackType":"bank_account","customerId":{customer},"currency":{currency}}}"#
        )));
        for &first in &dots {
            for &middle in &dots {
                if first < middle && middle < last {
                    let [id, customer, amount] = [
                        quote(&text[..first]),
                        quote(&text[first + 1..middle]),
                        quote(&text[middle + 1..last]),
                    ];
                    readings.push(Reading(format!(
                        r#"{{"id":{id},"customerId":{customer},"amount":{amount},"currency":{currency}}}"#
                    )));
                }
            }
        }
    }
    readings
}

/// How many readings of a text are accepted: signed, and authentic afterwards.
fn accepted(text: &str) -> Vec<Reading> {
    let secret = key("test_secret_key");
    let mut readings = readings(text);
    readings.retain(|Reading(body)| {
        sign(body.as_bytes(), &secret)
            .is_ok_and(|body| read(str::from_utf8(&body).unwrap()).is_ok())
    });
    readings
}

#[test]
fn the_known_ambiguities_are_closed() {
    for (text, count) in [
        // Customer `user.9` with 1, or customer `user` with 9.1: only the second is one that we accept.
        ("7e71d132-d80d-4140-8e60-9c89d0bd9eed.user.9.1.USD", 1),
        ("7e71d132-d80d-4140-8e60-9c89d0bd9eed.user.9.1.2.USD", 0),
        (
            "7e71d132-d80d-4140-8e60-9c89d0bd9eed.john.doe@example.com.10.USD",
            1,
        ),
        // The check of `john.EUR`, or the account of `john` in euro.
        ("john.EUR", 1),
        ("john.doe@example.com", 1),
        ("user.9", 0),
        ("a..1.USD", 1),
    ] {
        let accepted = accepted(text);
        assert_eq!(accepted.len(), count, "{text}: {accepted:?}");
    }
}

#[test]
fn a_field_that_would_be_ambiguous_says_so() {
    let secret = key("test_secret_key");
    let check = |body: &str, field| {
        let error = hash_of(body.as_bytes(), &secret).unwrap_err();
        assert_eq!(error, CallbackError::Ambiguous { field }, "{body}");
    };
    check(
        r#"{"id":"a","customerId":"user.9","amount":"1","currency":"USD"}"#,
        "customerId",
    );
    check(
        r#"{"id":"a","customerId":"user.","amount":"1","currency":"USD"}"#,
        "customerId",
    );
    check(
        r#"{"id":"a.b","customerId":"user","amount":"1","currency":"USD"}"#,
        "id",
    );
    check(
        r#"{"id":"a","customerId":"user","amount":".1","currency":"USD"}"#,
        "amount",
    );
    check(
        r#"{"id":"a","customerId":"user","amount":"1","currency":"U.D"}"#,
        "currency",
    );
    check(
        r#"{"id":"a","customerId":"user","amount":"1","currency":"1USD"}"#,
        "currency",
    );
    check(
        r#"{"callbackType":"kyc","customerId":"john.EUR"}"#,
        "customerId",
    );
    check(
        r#"{"callbackType":"bank_account","customerId":"john","currency":"eUSDC"}"#,
        "currency",
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any text of dots and of what fields are made of, taken apart in every way.
    #[test]
    fn a_text_is_accepted_in_one_reading_at_most(text in "[a9A.@-]{1,14}(\\.[A9]{3})?") {
        let accepted = accepted(&text);
        prop_assert!(accepted.len() <= 1, "{text}: {accepted:?}");
    }

    /// The same for texts that look like a transaction.
    #[test]
    fn a_transaction_is_accepted_in_one_reading_at_most(
        text in "[a9-]{1,2}\\.[a9]{0,2}(\\.[a9]{0,1}){0,2}\\.9{1,2}(\\.9)?\\.A[A9]{2}",
    ) {
        let accepted = accepted(&text);
        prop_assert!(accepted.len() <= 1, "{text}: {accepted:?}");
    }

    /// Callbacks that look like each other: whoever has the same hash means the same.
    #[test]
    fn the_same_hash_is_the_same_meaning(
        callbacks in prop::collection::vec(
            ("(a|a\\.1|b)", "(user|user\\.9|user\\.|u\\.EUR|)", "(1|9\\.1|1\\.9|10)", "(USD|EUR|eUSDC|9)", 0..3_usize),
            2..20,
        ),
    ) {
        let secret = key("test_secret_key");
        let mut seen: HashMap<String, String> = HashMap::new();
        for (id, customer, amount, currency, kind) in callbacks {
            let kind = ["transaction", "bank_account", "kyc"][kind];
            let body = format!(
                r#"{{"callbackType":"{kind}","id":"{id}","customerId":"{customer}","amount":"{amount}","currency":"{currency}"}}"#
            );
            let Ok(signed) = sign(body.as_bytes(), &secret) else { continue };
            let callback = read(str::from_utf8(&signed).unwrap()).unwrap();
            let meaning = match callback.proven() {
                Proven::Transaction { id, customer_id, amount, currency } => format!("{id} {customer_id:?} {amount} {currency}"),
                Proven::BankAccount { customer_id, currency } => format!("account {customer_id} {currency}"),
                Proven::Kyc { customer_id } => format!("kyc {customer_id}"),
                Proven::Unrecognized { .. } | _ => panic!("every kind is known"),
            };
            let hash = hash_of(body.as_bytes(), &secret).unwrap().to_string();
            let first = seen.entry(hash).or_insert_with(|| meaning.clone());
            prop_assert_eq!(&*first, &meaning);
        }
    }
}
