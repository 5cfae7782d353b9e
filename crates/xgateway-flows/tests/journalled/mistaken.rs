//! Something on the way decodes an order id, so that the gateway is asked about a path that nobody serves.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::SignedDuration;
use jiff::civil::date;
use serde_json::json;
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::policy::{CardPolicy, Rule};
use xgateway_flows::card::{
    Contradiction, JournalledCards, JournalledError, Progress, Resolution, Resolved,
};
use xgateway_store::{IntentState, Outcome};
use xgateway_transport::test_util::{Fault, FaultyTransport};
use xgateway_transport::{Body, SharedTransport, Transport, TransportError};

use crate::shop::{Shop, attempt, body_with};

const ORDER: &str = "2026/1127";

/// A proxy that decodes slashes before it hands a request on.
#[derive(Debug)]
struct Decoding(SharedTransport);

#[async_trait]
impl Transport for Decoding {
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let decoded = request.uri().to_string().replace("%2F", "/");
        *request.uri_mut() = decoded.parse().unwrap();
        self.0.send(request).await
    }
}

fn process(shop: &Shop) -> JournalledCards {
    let network = Decoding(SharedTransport::new(shop.sandbox.transport()));
    shop.process_over(FaultyTransport::new(network).then(Fault::LoseAnswer))
}

fn odd_deposit() -> CardDeposit {
    let body = body_with("frictionless", &json!({"orderId": ORDER})).to_string();
    let environment = Environment::sandbox("http://sandbox.invalid/api").unwrap();
    let policy = CardPolicy::new(&environment, date(2026, 1, 1));
    CardDeposit::from_json(body.as_bytes(), &policy).expect_err("the policy refuses its order id");
    let policy = policy.relax(Rule::OrderIdPath);
    CardDeposit::from_json(body.as_bytes(), &policy).unwrap()
}

/// Nobody can ask whether an earlier request has arrived since, so it is not sent; and the merchant is told to take another id.
#[tokio::test]
async fn an_order_that_nobody_can_ask_about_is_not_sent_once_more_and_says_so() {
    let shop = Shop::new();
    let network = FaultyTransport::new(shop.sandbox.transport());
    let network = (0..3).fold(network, |network, _| network.then(Fault::RefuseConnection));
    let cards = shop.process_over(network);
    let first = cards.deposit(odd_deposit(), shop.now).await;
    let progress = first.unwrap().progress;
    assert!(
        matches!(progress, Progress::NotCharged { .. }),
        "{progress:?}"
    );
    for _ in 0..2 {
        let again = shop.process().deposit(odd_deposit(), shop.now).await;
        let error = again.unwrap_err();
        assert!(
            matches!(error, JournalledError::Unaskable { .. }),
            "{error:?}"
        );
        assert!(!error.may_have_sent());
        let not_taken = IntentState::Finished(Outcome::NotTaken);
        assert_eq!(shop.state(ORDER).await, Some(not_taken));
    }
    assert_eq!(shop.charges(), 0);
}

#[tokio::test]
async fn a_path_that_nobody_serves_proves_no_order_uncharged() {
    let mut shop = Shop::new();
    let deposit = odd_deposit();
    let cards = process(&shop);
    let _ = cards.deposit(deposit, shop.now).await.unwrap();
    for hours in [0, 2, 21] {
        shop.pass(SignedDuration::from_hours(hours));
        let standing = process(&shop).look(&attempt(ORDER), shop.now).await;
        let progress = standing.unwrap().progress;
        assert!(matches!(progress, Progress::Unknown { .. }), "{progress:?}");
        assert_eq!(shop.state(ORDER).await, Some(IntentState::Open));
    }
    assert_eq!(shop.charges(), 1);

    // From a day on a person can, and must, end it.
    shop.pass(SignedDuration::from_hours(1));
    let standing = cards.look(&attempt(ORDER), shop.now).await.unwrap();
    assert!(
        matches!(
            standing.progress,
            Progress::Contradiction(Contradiction::NoProof)
        ),
        "{standing:?}"
    );
    let resolution = Resolution::new(Resolved::Charged, "jo", "case 4711", shop.now).unwrap();
    let resolved = cards.resolve(&attempt(ORDER), resolution, shop.now).await;
    resolved.unwrap();
    let charged = IntentState::Finished(Outcome::Charged);
    assert_eq!(shop.state(ORDER).await, Some(charged));
}
