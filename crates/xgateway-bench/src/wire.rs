//! Building requests and decoding answers, against hand-written serde code.

use std::hint::black_box;

use xgateway_api::call::{self, Call};
use xgateway_api::types::{Gateway8Request, GetTransaction};
use xgateway_api::{answer, environments};
use xgateway_core::secret::ApiKey;

use crate::contest::{Effort, contest};
use crate::figure::Figure;
use crate::rules::ours;
use crate::{samples, serde_peer};

pub(crate) fn measure(effort: Effort) -> [Figure; 3] {
    let base = environments::PRODUCTION_URL;
    let key = ApiKey::parse(samples::API_KEY).expect("it is visible ASCII");
    let deposit = ours(samples::DEPOSIT);
    let by_hand: serde_peer::Deposit =
        serde_json::from_str(samples::DEPOSIT).expect("the sample fits the type");
    let building = contest(
        effort,
        || call::request(&deposit, base, &key),
        || serde_peer::request(&by_hand, base, samples::API_KEY),
    );
    let decoding = contest(
        effort,
        || decode::<Gateway8Request>(samples::ANSWER),
        || decode_by_hand::<serde_peer::Answer>(samples::ANSWER),
    );
    let decoding_more = contest(
        effort,
        || decode::<GetTransaction>(samples::TRANSACTION),
        || decode_by_hand::<serde_peer::Transaction>(samples::TRANSACTION),
    );
    [
        Figure::cpu(
            "request building, deposit",
            "serde_json and http by hand",
            building,
        ),
        Figure::cpu("answer decoding, deposit", "serde_json by hand", decoding),
        Figure::cpu(
            "answer decoding, transaction",
            "serde_json by hand",
            decoding_more,
        ),
    ]
}

fn decode<C: Call>(body: &str) -> Result<C::Answer, answer::AnswerError> {
    answer::decode::<C>(201, black_box(body).as_bytes())
}

fn decode_by_hand<T: serde::de::DeserializeOwned>(body: &str) -> serde_json::Result<T> {
    let envelope: serde_peer::Envelope<T> = serde_json::from_slice(black_box(body).as_bytes())?;
    // By hand one forgets the case of `false` in a success; here it only must be read.
    black_box(envelope.success);
    Ok(envelope.data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_build_the_same_request() {
        let key = ApiKey::parse(samples::API_KEY).unwrap();
        let base = "https://api.example.com/api";
        let ours = call::request(&ours(samples::DEPOSIT), base, &key).unwrap();
        let by_hand: serde_peer::Deposit = serde_json::from_str(samples::DEPOSIT).unwrap();
        let theirs = serde_peer::request(&by_hand, base, samples::API_KEY).unwrap();
        assert_eq!((ours.method(), ours.uri()), (theirs.method(), theirs.uri()));
        assert_eq!(ours.headers(), theirs.headers());
        let value = |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).unwrap();
        let (ours, mut theirs) = (value(ours.body()), value(theirs.body()));
        // The one difference: a float does not keep how it was written.
        assert_eq!(theirs["amount"].to_string(), "10.0");
        theirs["amount"] = 10.into();
        assert_eq!(ours, theirs);
    }

    #[test]
    fn both_decode_the_answers() {
        let ours = decode::<Gateway8Request>(samples::ANSWER).unwrap();
        let theirs = decode_by_hand::<serde_peer::Answer>(samples::ANSWER).unwrap();
        assert_eq!(
            (ours.three_ds_url, ours.message),
            (theirs.three_ds_url, theirs.message)
        );
        let ours = decode::<GetTransaction>(samples::TRANSACTION).unwrap();
        let theirs = decode_by_hand::<serde_peer::Transaction>(samples::TRANSACTION).unwrap();
        assert_eq!((ours.id, ours.order_id), (theirs.id, theirs.order_id));
    }
}
