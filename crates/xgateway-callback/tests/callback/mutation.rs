//! Bytes changed at random: nothing panics, and nothing but a harmless change gets through.

use proptest::prelude::*;
use xgateway_callback::{RawCallback, explain, hash_of};

use crate::fixture::{ID, SEED, key, ring};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = RawCallback::new(&bytes).unwrap().authenticate(&ring());
        let _ = hash_of(&bytes, &key("k"));
    }

    #[test]
    fn no_json_like_text_panics(text in "[{}\\[\\]\",:\\\\u0-9a-f.e+ \n-]{0,60}") {
        let _ = RawCallback::new(text.as_bytes()).unwrap().authenticate(&ring());
    }

    #[test]
    fn a_mutated_callback_says_the_same_or_is_refused(
        changes in prop::collection::vec((0..SEED.len(), 0..4_u8, any::<u8>(), 0..30_usize), 1..4),
    ) {
        let mut bytes = SEED.as_bytes().to_vec();
        for (at, how, byte, length) in changes {
            let at = at.min(bytes.len() - 1);
            let end = (at + length).min(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => bytes.extend_from_within(at..end),
                _ => {
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
            }
        }
        if let Ok(callback) = RawCallback::new(&bytes).unwrap().authenticate(&ring()) {
            // A kind that nobody knows may be made of it; then it says nothing.
            if callback.kind().as_str() == "transaction" {
                prop_assert_eq!(callback.id(), Some(ID));
                prop_assert_eq!(callback.customer_id(), Some("demo_customer_id"));
                prop_assert_eq!(callback.amount(), Some("10"));
                prop_assert_eq!(callback.currency(), Some("USD"));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn explaining_never_panics(amount in "\\PC{0,12}", customer in "\\PC{0,12}", hash in "[A-Za-z0-9+/=]{0,90}") {
        let quote = |text: &str| serde_json::to_string(text).unwrap();
        let body = format!(r#"{{"id":"a","amount":{},"customerId":{},"hash":{}}}"#, quote(&amount), quote(&customer), quote(&hash));
        let _ = explain(body.as_bytes(), &ring()).to_string();
    }
}
