//! Values for the duties.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use xgateway_core::id::OrderId;
use xgateway_core::secret::ApiKey;

use crate::inbox::{
    Claim, ContentDigest, EffectKey, EventKey, Inbox, Kind, NewEntry, Reason, Repeat,
};
use crate::journal::{Attempt, Destination, Fingerprint, FingerprintKey, NewIntent};

pub(super) const LEASE: Duration = Duration::from_secs(30);

/// So many seconds after the beginning of the test's time, which is long ago: a server may take what is still to come for
/// the mistake of a clock.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_500_000_000 + seconds)
}

/// A delivery at second 0.
pub(super) fn delivery(subject: &str, status: &str, amount: &str) -> NewEntry {
    delivery_at(0, subject, status, amount)
}

pub(super) fn delivery_at(seconds: i64, subject: &str, status: &str, amount: &str) -> NewEntry {
    let key = EventKey::new(Kind::Transaction, subject, status).expect("a key");
    let digest = ContentDigest::of(&[amount]);
    let payload = format!(r#"{{"id":"{subject}","status":"{status}","amount":"{amount}"}}"#);
    NewEntry::new(key, digest, payload, at(seconds)).expect("a small payload")
}

pub(super) fn reopening(entry: NewEntry) -> NewEntry {
    entry.on_repeat(Repeat::Reopen)
}

pub(super) fn credit(subject: &str) -> EffectKey {
    EffectKey::parse(&format!("credit:{subject}")).expect("a key")
}

pub(super) fn reason() -> Reason {
    Reason::new("the gateway did not answer")
}

/// Claims the only entry that is due.
#[track_caller]
pub(super) fn only(claims: Vec<Claim>) -> Claim {
    assert_eq!(claims.len(), 1, "one entry is due");
    claims.into_iter().next().expect("just counted")
}

pub(super) async fn claim_one(inbox: &dyn Inbox, seconds: i64) -> Claim {
    only(claim_all(inbox, seconds).await)
}

pub(super) async fn claim_all(inbox: &dyn Inbox, seconds: i64) -> Vec<Claim> {
    inbox
        .claim(at(seconds), LEASE, 1000)
        .await
        .expect("entries can be claimed")
}

pub(super) fn attempt(order: &str) -> Attempt {
    Attempt::of_gateway_order(&OrderId::parse(order).expect("an id")).expect("an attempt")
}

/// What is about to be sent under this order id for this amount.
pub(super) fn intent(order: &str, amount: &str) -> NewIntent<'static> {
    intent_of("gateway8", order, amount)
}

pub(super) fn intent_of(operation: &'static str, order: &str, amount: &str) -> NewIntent<'static> {
    intent_at(operation, attempt(order), amount)
}

pub(super) fn intent_at(
    operation: &'static str,
    attempt: Attempt,
    amount: &str,
) -> NewIntent<'static> {
    let key = FingerprintKey::new(&[7; 32]).expect("long enough");
    let fingerprint = Fingerprint::builder(&key, &attempt, operation)
        .field("amount", amount)
        .field("currency", "EUR")
        .build();
    NewIntent {
        attempt,
        operation,
        fingerprint,
        destination: destination("https://a.example.com/api", "api-key"),
        same_account: false,
        progress: None,
    }
}

/// Where the account of this API key is, in this environment.
pub(super) fn destination(base_url: &str, api_key: &str) -> Destination {
    let key = FingerprintKey::new(&[7; 32]).expect("long enough");
    let api_key = ApiKey::parse(api_key).expect("a key");
    Destination::new(base_url, &key, &api_key)
}
