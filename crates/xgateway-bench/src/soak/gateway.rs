//! The gateway: a sandbox on a port, whose callbacks travel as badly as they can.

use bytes::Bytes;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::net::TcpListener;
use xgateway::api::environment::Environment;
use xgateway::client::Client;
use xgateway::core::id::CustomerId;
use xgateway::core::money::Currency;
use xgateway_sandbox::{Config, OutgoingCallback, Sandbox, World};

use super::book::Row;
use super::random::Random;
use crate::Outcome;

const CUSTOMERS: usize = 50;

pub(super) struct Gateway {
    sandbox: Sandbox,
    addresses: Vec<String>,
}

/// A deposit, as somebody pays it.
pub(super) struct Paid {
    pub(super) transaction_id: String,
}

impl Gateway {
    /// Serves a world that forgets no payment: the ledger is compared with all of them at the end.
    pub(super) async fn serve(seed: u64) -> Outcome<Self> {
        let mut config = Config::new(seed);
        config.limits.payments = usize::MAX;
        let dials = &mut config.callback_dials;
        dials.duplicate_percent = 30;
        dials.delay_max = SignedDuration::from_secs(45);
        dials.reorder_percent = 30;
        dials.loss_percent = 20;
        dials.burst = SignedDuration::from_secs(5);
        let api_key = config.api_key.clone();
        let sandbox = Sandbox::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        tokio::spawn(sandbox.serve(listener, std::future::pending()));
        let environment = Environment::sandbox(&sandbox.base_url())?;
        let client = Client::new(environment, api_key, sandbox.transport());
        let mut addresses = Vec::new();
        for number in 0..CUSTOMERS {
            let customer = CustomerId::parse(&format!("customer-{number}"))?;
            let address = client.address(&Currency::TUsdt, &customer).await?;
            addresses.push(address.data().as_str().to_owned());
        }
        Ok(Self { sandbox, addresses })
    }

    pub(super) fn api(&self) -> String {
        self.sandbox.base_url()
    }

    /// Somebody pays something to some address: most payments are confirmed, some fail, some fail at first.
    pub(super) fn pay(&self, random: &mut Random) -> Outcome<Paid> {
        let turn = random.below(self.addresses.len() as u64);
        let address = &self.addresses[usize::try_from(turn)?];
        let (whole, fraction) = (1 + random.below(900), random.below(100));
        let outcome = match random.below(10) {
            0 => "failed",
            1 => "failed_then_confirmed",
            _ => "confirmed",
        };
        let body = format!(
            r#"{{"address":"{address}","amount":"{whole}.{fraction:02}","outcome":"{outcome}"}}"#
        );
        let request = Request::post("/_sandbox/deposits")
            .header("content-type", "application/json")
            .body(Bytes::from(body))?;
        let answer = self.sandbox.world(|world| world.handle(&request));
        let answer: Value = serde_json::from_slice(answer.body())?;
        let id = &answer["data"]["transactionId"];
        Ok(Paid {
            transaction_id: id.as_str().ok_or("the payment was refused")?.to_owned(),
        })
    }

    pub(super) fn now(&self) -> Timestamp {
        self.sandbox.world(|world| world.now())
    }

    pub(super) fn pass(&self, time: SignedDuration) {
        self.sandbox.world(|world| world.advance(time));
    }

    pub(super) fn due(&self) -> Vec<OutgoingCallback> {
        self.sandbox.world(World::take_callbacks)
    }

    pub(super) fn is_anything_waiting(&self) -> bool {
        self.sandbox
            .world(|world| world.next_callback_at().is_some())
    }

    pub(super) fn note(&self, number: u64, status: Option<u16>) {
        self.sandbox
            .world(|world| world.record_callback_attempt(number, status));
    }

    /// What must be in the books for a transaction, according to the API: nothing unless it is confirmed.
    pub(super) fn credit(&self, transaction_id: &str) -> Outcome<Option<Row>> {
        let answer = self.sandbox.world(|world| {
            let request = Request::get(format!("/api/v2/transaction/{transaction_id}"))
                .header("x-api-key", world.config().api_key.expose())
                .body(Bytes::new())?;
            Ok::<_, http::Error>(world.handle(&request))
        })?;
        let answer: Value = serde_json::from_slice(answer.body())?;
        let data = &answer["data"];
        let text = |key: &str| {
            let text = data[key].as_str().map(str::to_owned);
            text.ok_or_else(|| format!("the API tells no {key}"))
        };
        if text("status")? != "confirmed" {
            return Ok(None);
        }
        Ok(Some((
            text("id")?,
            text("customerId")?,
            text("amount")?,
            text("currency")?,
        )))
    }
}
