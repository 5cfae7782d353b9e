//! What was once known of a payment is not forgotten: no later word makes "nothing was charged" of it.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_client::retry::RetryPolicy;
use xgateway_core::id::TransactionId;
use xgateway_flows::card::{
    CallbackHint, Contradiction, JournalledCards, JournalledError, Progress, Resolution, Resolved,
};
use xgateway_sandbox::{Config, Sandbox};
use xgateway_store::{IntentState, Outcome};
use xgateway_transport::test_util::{Fault, FaultyTransport};
use xgateway_transport::{Body, SharedTransport, Transport, TransportError};

use crate::attempts::{look, retry, with_a_decline};
use crate::shop::{GRACE, Shop, attempt, deposit, deposited};

const OPEN: Option<IntentState> = Some(IntentState::Open);

/// What becomes of the answer to a request with this method and path.
type Alter = fn(&Method, &str, &Response<Bytes>) -> Response<Bytes>;

/// A gateway of which some answers come otherwise.
#[derive(Debug)]
struct Altered {
    gateway: SharedTransport,
    alter: Alter,
}

#[async_trait]
impl Transport for Altered {
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        if let Some(known) = path.strip_suffix(SECOND) {
            // What is made up is a copy of what is known.
            *request.uri_mut() = format!("http://sandbox.invalid{known}").parse().unwrap();
        }
        let answer = self.gateway.send(request).await?;
        Ok((self.alter)(&method, &path, &answer))
    }
}

pub(crate) fn process_over(shop: &Shop, alter: Alter) -> JournalledCards {
    shop.process_over(Altered {
        gateway: SharedTransport::new(shop.sandbox.transport()),
        alter,
    })
}

fn answer(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = status;
    answer
}

pub(crate) fn with_json(
    answer: &Response<Bytes>,
    change: impl FnOnce(&mut Value),
) -> Response<Bytes> {
    let mut body: Value = serde_json::from_slice(answer.body()).unwrap();
    change(&mut body);
    self::answer(answer.status(), body.to_string())
}

#[track_caller]
pub(crate) fn is_contradiction(progress: &Progress, want: Contradiction) {
    assert!(
        matches!(progress, Progress::Contradiction(got) if *got == want),
        "{want}, not {progress:?}"
    );
}

#[tokio::test]
async fn an_order_that_was_paid_and_is_gone_is_never_called_not_charged() {
    for is_lost in [false, true] {
        let mut shop = Shop::new();
        if is_lost {
            let network = FaultyTransport::new(shop.sandbox.transport()).then(Fault::LoseAnswer);
            let sent = shop.process_over(network);
            let sent = sent.deposit(deposit("frictionless"), shop.now).await;
            assert!(matches!(sent.unwrap().progress, Progress::Unknown { .. }));
            let _ = deposited(look(&shop, "order-1").await);
        } else {
            let _ = deposited(shop.deposit("frictionless").await.unwrap());
        }
        // Nobody is credited; the process dies, and the gateway forgets.
        shop.sandbox = Sandbox::new(Config::new(1));
        for hours in [1, 23] {
            shop.pass(SignedDuration::from_hours(hours));
            is_contradiction(
                &look(&shop, "order-1").await.progress,
                Contradiction::Reversed,
            );
            let again = shop.deposit("frictionless").await.unwrap();
            is_contradiction(&again.progress, Contradiction::Reversed);
            assert_eq!(shop.state("order-1").await, OPEN);
        }
        assert_eq!(shop.charges(), 0, "of the new world");
    }
}

#[tokio::test]
async fn a_payment_that_is_taken_back_before_it_is_credited_is_no_decline() {
    let shop = Shop::new();
    let _ = deposited(shop.deposit("frictionless").await.unwrap());
    let process = process_over(&shop, |_, path, answer| {
        with_json(answer, |body| {
            if path.contains("/invoices/") {
                body["data"]["status"] = "completed".into();
                body["data"]["transactions"][0]["status"] = "failed".into();
            } else {
                body["data"]["status"] = "failed".into();
            }
        })
    });
    for _ in 0..2 {
        let standing = process.look(&attempt("order-1"), shop.now).await.unwrap();
        is_contradiction(&standing.progress, Contradiction::Reversed);
        assert_eq!(shop.state("order-1").await, OPEN);
    }
    let order = attempt("order-1");
    let again = process.retry(deposit("frictionless"), &order, shop.now);
    let standing = again.await.unwrap();
    is_contradiction(&standing.progress, Contradiction::Reversed);
    assert_eq!(shop.state("order-1#2").await, None);
}

pub(crate) const SECOND: &str = "-second";

/// The order was paid once more, on the same invoice.
pub(crate) fn paid_once_more(_: &Method, path: &str, answer: &Response<Bytes>) -> Response<Bytes> {
    with_json(answer, |body| {
        let data = &mut body["data"];
        if path.contains("/invoices/") {
            let mut second = data["transactions"][0].clone();
            second["id"] = format!("{}{SECOND}", second["id"].as_str().unwrap()).into();
            data["transactions"]
                .as_array_mut()
                .unwrap()
                .insert(0, second);
        } else if path.ends_with(SECOND) {
            data["id"] = path.rsplit('/').next().unwrap().into();
        }
    })
}

#[tokio::test]
async fn crediting_one_payment_hides_no_second_one() {
    let mut shop = Shop::new();
    let settled = deposited(shop.deposit("frictionless").await.unwrap());
    let process = process_over(&shop, paid_once_more);
    let second = TransactionId::parse(&format!("{}{SECOND}", settled.transaction_id())).unwrap();
    let hint = CallbackHint::new(second);
    let order = attempt("order-1");
    let told = process.callback_hint(&order, &hint, shop.now);
    is_contradiction(
        &told.await.unwrap().progress,
        Contradiction::SecondTransaction,
    );
    // Meanwhile the customer was credited for the first.
    shop.credit(&settled).await;
    assert_eq!(shop.state("order-1").await, OPEN);
    let resumed = process.resume_all(shop.now).await.unwrap();
    let [resumed] = <[_; 1]>::try_from(resumed).unwrap();
    is_contradiction(
        &resumed.outcome.unwrap().progress,
        Contradiction::SecondTransaction,
    );
    let resolution = Resolution::new(Resolved::Charged, "jo", "given back", shop.now).unwrap();
    let resolved = process.resolve(&order, resolution, shop.now);
    resolved.await.unwrap();
    assert_eq!(
        shop.state("order-1").await,
        Some(IntentState::Finished(Outcome::Charged))
    );
}

/// Reading is not answered.
fn is_silent(method: &Method, _: &str, given: &Response<Bytes>) -> Response<Bytes> {
    if *method == Method::GET {
        answer(StatusCode::SERVICE_UNAVAILABLE, "")
    } else {
        given.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn the_grace_of_one_process_is_not_that_of_another() {
    let mut shop = Shop::new();
    let network = FaultyTransport::new(shop.sandbox.transport()).then(Fault::LoseRequest);
    let sent = shop.process_over(network);
    let sent = sent.deposit(deposit("three_ds"), shop.now).await.unwrap();
    assert!(matches!(sent.progress, Progress::Unknown { .. }));
    shop.pass(SignedDuration::from_mins(1));
    let hasty = process_over(&shop, is_silent).with_grace(Duration::from_secs(45));
    let _ = hasty.look(&attempt("order-1"), shop.now).await.unwrap();
    shop.pass(SignedDuration::from_mins(1));
    let progress = look(&shop, "order-1").await.progress;
    assert!(matches!(progress, Progress::Unknown { .. }), "{progress:?}");
    assert_eq!(shop.state("order-1").await, OPEN);
    shop.pass(GRACE);
    let progress = look(&shop, "order-1").await.progress;
    assert!(
        matches!(progress, Progress::NotCharged { .. }),
        "{progress:?}"
    );
}

#[tokio::test]
async fn a_grace_is_no_shorter_than_the_call() {
    let mut shop = Shop::new();
    let network = FaultyTransport::new(shop.sandbox.transport()).then(Fault::LoseRequest);
    let sent = shop.process_over(network);
    let _ = sent.deposit(deposit("three_ds"), shop.now).await.unwrap();
    let hasty = shop.process().with_grace(Duration::ZERO);
    shop.pass(SignedDuration::from_secs(29));
    let _ = hasty.look(&attempt("order-1"), shop.now).await.unwrap();
    assert_eq!(shop.state("order-1").await, OPEN);
    shop.pass(SignedDuration::from_secs(1));
    let _ = hasty.look(&attempt("order-1"), shop.now).await.unwrap();
    assert_eq!(
        shop.state("order-1").await,
        Some(IntentState::Finished(Outcome::NotTaken))
    );
}

#[tokio::test]
async fn a_decline_that_is_gone_is_not_repeated_by_that() {
    let mut shop = with_a_decline().await;
    shop.sandbox = Sandbox::new(Config::new(1));
    let error = retry(&shop, "frictionless", "order-1").await.unwrap_err();
    assert!(
        matches!(
            &error,
            JournalledError::NotHeard {
                source: Some(_),
                ..
            }
        ),
        "{error:?}"
    );
    assert!(!error.may_have_sent());
    assert_eq!(shop.state("order-1#2").await, None);
    assert_eq!(shop.charges(), 0);
}

#[tokio::test]
async fn a_blocked_answer_is_no_refusal() {
    let mut shop = Shop::new();
    let process = process_over(&shop, |method, _, given| {
        if *method == Method::POST {
            answer(StatusCode::FORBIDDEN, "<html>blocked</html>")
        } else {
            given.clone()
        }
    });
    let sent = process.deposit(deposit("frictionless"), shop.now).await;
    assert!(matches!(sent.unwrap().progress, Progress::Unknown { .. }));
    assert_eq!(shop.resume().await, 1);
    shop.assert_ended(shop.state("order-1").await);
    assert_eq!(shop.charges(), 1);
}

#[tokio::test]
async fn what_was_taken_with_an_unusable_answer_is_never_called_not_taken() {
    let alter: [Alter; 2] = [
        |method, _, given| {
            if *method == Method::POST {
                with_json(given, |body| {
                    body["data"]["threeDSURL"] = "app://bank".into();
                })
            } else {
                given.clone()
            }
        },
        |method, _, given| {
            if *method == Method::POST {
                with_json(given, |body| body["data"] = json!(5))
            } else {
                given.clone()
            }
        },
    ];
    for alter in alter {
        let mut shop = Shop::new();
        let process = process_over(&shop, alter);
        let _ = process
            .deposit(deposit("three_ds"), shop.now)
            .await
            .unwrap();
        shop.sandbox = Sandbox::new(Config::new(1));
        shop.pass(SignedDuration::from_hours(24));
        is_contradiction(&look(&shop, "order-1").await.progress, Contradiction::Gone);
        assert_eq!(shop.state("order-1").await, OPEN);
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_round_does_not_trust_the_key_of_the_first() {
    let mut shop = Shop::new();
    let network = FaultyTransport::new(shop.sandbox.transport())
        .then(Fault::LoseRequest)
        .then(Fault::Pass)
        // Before it is sent again, the gateway is asked.
        .then(Fault::Pass)
        .then(Fault::LoseRequest);
    let environment = Environment::sandbox(&shop.sandbox.base_url()).unwrap();
    let client = Client::builder(environment, shop.api_key(), network.clone())
        .retry_policy(RetryPolicy::default().assume_key_life(Duration::from_hours(2)))
        .build();
    let process = shop.process_of(client.with_key_first_sent(Duration::from_hours(2)));
    let _ = process
        .deposit(deposit("three_ds"), shop.now)
        .await
        .unwrap();
    shop.pass(GRACE);
    let _ = process.look(&attempt("order-1"), shop.now).await.unwrap();
    assert_eq!(
        shop.state("order-1").await,
        Some(IntentState::Finished(Outcome::NotTaken))
    );
    // A client that believes the key to be new.
    let process = shop.process_of(client);
    let before = network.call_count();
    let sent = process
        .deposit(deposit("three_ds"), shop.now)
        .await
        .unwrap();
    assert!(
        matches!(sent.progress, Progress::Unknown { .. }),
        "{sent:?}"
    );
    assert_eq!(network.call_count() - before, 2, "and it is not sent again");
}
