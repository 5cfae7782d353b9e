//! Money under every model of idempotency that the sandbox has, and when it has forgotten the key.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::SignedDuration;
use jiff::civil::date;
use serde_json::{Value, json};
use tokio::time::Instant;
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::policy::CardPolicy;
use xgateway_client::retry::RetryPolicy;
use xgateway_client::{Client, Effect, Error};
use xgateway_core::secret::ApiKey;
use xgateway_sandbox::{Config, IdempotencyModel, Sandbox, SandboxCard};
use xgateway_transport::test_util::{Fault, FaultyTransport};
use xgateway_transport::{Body, Transport, TransportError};

use crate::fixture::DEPOSIT;

const MODELS: [IdempotencyModel; 3] = [
    IdempotencyModel::Replay,
    IdempotencyModel::Finish,
    IdempotencyModel::Reject,
];

const FAULTS: [Fault; 4] = [
    Fault::Pass,
    Fault::RefuseConnection,
    Fault::LoseRequest,
    Fault::LoseAnswer,
];

/// The sandbox, whose clock goes with that of the runtime.
#[derive(Clone, Debug)]
struct InTime {
    sandbox: Sandbox,
    start: Instant,
}

#[async_trait]
impl Transport for InTime {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let now = self.sandbox.world(|world| world.now());
        let begin = self.sandbox.world(|world| world.config().start);
        let elapsed = SignedDuration::try_from(self.start.elapsed()).unwrap();
        let behind = elapsed - now.duration_since(begin);
        self.sandbox.world(|world| world.advance(behind));
        self.sandbox.transport().send(request).await
    }
}

/// Faults on three attempts, cards that fail before and after the payment, all models: at most one charge, and whoever
/// may have been charged is told so.
#[tokio::test(start_paused = true)]
async fn nobody_is_charged_twice_and_the_effect_is_true() {
    let life = Duration::from_mins(1);
    let mut resent = 0;
    for model in MODELS {
        for (first, second) in FAULTS
            .iter()
            .flat_map(|it| FAULTS.map(|other| (*it, other)))
        {
            for card in [
                "frictionless",
                "answer_lost",
                "partner_failure",
                "lost_card",
            ] {
                for policy in [
                    RetryPolicy::default(),
                    RetryPolicy::default().assume_key_life(life),
                ] {
                    let story = format!("{model:?} {first:?} {second:?} {card} {policy:?}");
                    let mut gateway = Gateway::new(model, Some(life));
                    gateway.network = gateway.network.then(first).then(second);
                    let outcome = gateway.deposit(policy, card).await;
                    let charges = gateway.charges();
                    assert!(charges <= 1, "{story}");
                    match outcome {
                        Ok(()) => assert_eq!(charges, 1, "{story}"),
                        Err(error) if error.effect() == Effect::Nothing => {
                            assert_eq!(charges, 0, "{story}");
                        }
                        Err(_) => {}
                    }
                    resent += gateway.network.arrived_count().saturating_sub(1);
                }
            }
        }
    }
    // Some did arrive more than once.
    assert!(resent > 0);
}

/// By default an order's request can be processed once, whatever the network does.
#[tokio::test(start_paused = true)]
async fn by_default_a_deposit_arrives_once() {
    for model in MODELS {
        for (first, second) in FAULTS
            .iter()
            .flat_map(|it| FAULTS.map(|other| (*it, other)))
        {
            for card in [
                "frictionless",
                "answer_lost",
                "partner_failure",
                "lost_card",
            ] {
                let mut gateway = Gateway::new(model, None);
                gateway.network = gateway.network.then(first).then(second);
                let _ = gateway.deposit(RetryPolicy::default(), card).await;
                assert!(gateway.network.arrived_count() <= 1);
            }
        }
    }
}

/// The gateway forgets after ten seconds. Who knows that waits less; who assumes too much charges twice, which is why
/// nobody assumes it unasked.
#[tokio::test(start_paused = true)]
async fn a_forgotten_key_charges_twice_only_if_too_long_a_life_is_assumed() {
    let life = Duration::from_secs(10);
    let slow = RetryPolicy::default().waits(Duration::from_secs(12), Duration::from_secs(12));
    for (policy, want) in [
        (slow, 1),
        (slow.assume_key_life(life), 1),
        (slow.assume_key_life(Duration::from_hours(1)), 2),
    ] {
        let mut gateway = Gateway::new(IdempotencyModel::Replay, Some(life));
        gateway.network = gateway.network.then(Fault::LoseAnswer);
        let _ = gateway.deposit(policy, "frictionless").await;
        assert_eq!(gateway.charges(), want, "{policy:?}");
    }
}

struct Gateway {
    sandbox: Sandbox,
    network: FaultyTransport,
}

impl Gateway {
    fn new(model: IdempotencyModel, life: Option<Duration>) -> Self {
        let mut config = Config::new(1);
        config.idempotency = model;
        config.idempotency_life = life.map(|life| SignedDuration::try_from(life).unwrap());
        let sandbox = Sandbox::new(config);
        let network = FaultyTransport::new(InTime {
            sandbox: sandbox.clone(),
            start: Instant::now(),
        });
        Self { sandbox, network }
    }

    async fn deposit(&self, policy: RetryPolicy, card: &str) -> Result<(), Error> {
        let key = self
            .sandbox
            .world(|world| world.config().api_key.expose().to_owned());
        let environment = Environment::sandbox(&self.sandbox.base_url()).unwrap();
        let key = ApiKey::parse(key).unwrap();
        Client::builder(environment, key, self.network.clone())
            .retry_policy(policy)
            .jitter(|| u32::MAX)
            .build()
            .create_card_deposit(&deposit(card))
            .await
            .map(drop)
    }

    /// How many payments of the order were confirmed.
    fn charges(&self) -> usize {
        let callbacks = self.sandbox.world(|world| {
            world.advance(SignedDuration::from_hours(48));
            world.take_callbacks()
        });
        let confirmed = |body: &[u8]| {
            let body: Value = serde_json::from_slice(body).unwrap();
            body["status"] == "confirmed"
        };
        callbacks.iter().filter(|it| confirmed(it.body())).count()
    }
}

fn deposit(card: &str) -> CardDeposit {
    let mut body: Value = serde_json::from_str(DEPOSIT).unwrap();
    body["card"]["cardNumber"] = json!(SandboxCard::named(card).unwrap().number);
    let sandbox = Environment::sandbox("http://127.0.0.1:4010").unwrap();
    let policy = CardPolicy::new(&sandbox, date(2026, 11, 21));
    CardDeposit::from_json(body.to_string().as_bytes(), &policy).unwrap()
}
