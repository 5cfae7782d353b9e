// What both databases must do about rows of the journal that this version cannot read. Included by each with `open` and
// `execute` in scope.

use jiff::{SignedDuration, Timestamp};
use xgateway_core::id::OrderId;
use xgateway_core::secret::ApiKey;
use xgateway_store::{Attempt, Begun, Destination, Fingerprint, FingerprintKey, Journal as _, NewIntent, StoreErrorKind};

async fn begin(store: &Store, order: &str, seconds: i64) {
    let key = FingerprintKey::new(b"thirty-two bytes, or more of them").unwrap();
    let attempt = Attempt::first(OrderId::vouched(order).unwrap()).unwrap();
    let api_key = ApiKey::parse("an-api-key").unwrap();
    let fingerprint = Fingerprint::builder(&key, &attempt, "gateway8").field("amount", "10").build();
    let destination = Destination::new("https://a.example.com/api", &key, &api_key);
    let intent = NewIntent::new(attempt, "gateway8", fingerprint, destination);
    let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
    assert!(matches!(store.begin(&intent, now).await, Ok(Begun::New(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_intent_that_cannot_be_read_stops_no_other() {
    let Some((store, keep)) = open().await else { return };
    // The last is no order id that is taken today.
    for (seconds, order) in ["a", "b", "c", "d", "2026_1127_0001"].into_iter().enumerate() {
        begin(&store, order, i64::try_from(seconds).unwrap()).await;
    }
    execute(&keep, "UPDATE xgateway_journal SET fingerprint = 'x' WHERE gateway_order IN ('a', 'c')").await;
    execute(&keep, "UPDATE xgateway_journal SET round = -1 WHERE gateway_order = 'd'").await;
    let open = store.open_intents(Timestamp::MAX, None, 2).await.unwrap();
    let orders: Vec<_> = open.iter().map(|intent| intent.attempt.to_string()).collect();
    assert_eq!(orders, ["b", "2026_1127_0001"]);
    let behind = store.open_intents(Timestamp::MAX, open.first(), 2).await.unwrap();
    assert_eq!(behind, open[1..]);
    assert_eq!(store.unreadable(9).await.unwrap(), ["a", "c", "d"]);
    assert_eq!(store.unreadable(2).await.unwrap(), ["a", "c"]);
    let one = Attempt::first(OrderId::parse("a").unwrap()).unwrap();
    assert_eq!(store.intent(&one).await.unwrap_err().kind(), StoreErrorKind::Corrupt);
}
