use std::time::Duration;

use jiff::civil::date;
use serde_json::json;
use tokio::time::sleep;
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::policy::CardPolicy;
use xgateway_client::{Answered, Effect, Error};
use xgateway_core::id::{CustomerId, OrderId};
use xgateway_core::money::Currency;
use xgateway_flows::card::Progress;
use xgateway_sandbox::SandboxCard;

use crate::body::body_with;
use crate::gateway::Gateway;

/// How long a lane goes on: longer than the gateway is away.
const ROUNDS: u32 = 60;

/// One of those who call at the same time: deposits, readings, rates and addresses in turn.
#[derive(Debug)]
pub(crate) struct Lane {
    number: u32,
    gateway: Gateway,
    /// Its orders, and how the call ended.
    pub(crate) deposits: Vec<(OrderId, Deposited)>,
    pub(crate) reads_failed: u32,
}

/// How the call that sent a deposit ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Deposited {
    Paid,
    NotSent,
    InDoubt,
}

impl Lane {
    pub(crate) fn new(number: u32, gateway: &Gateway) -> Self {
        Self {
            number,
            gateway: gateway.clone(),
            deposits: Vec::new(),
            reads_failed: 0,
        }
    }

    pub(crate) async fn run(mut self) -> Self {
        // Spread over a round by what a request travels, so that the cut meets some on their way there and some back.
        sleep(Duration::from_millis(40) * self.number).await;
        for round in 0..ROUNDS {
            match (round + self.number) % 4 {
                0 => self.deposit(round).await,
                1 => self.read().await,
                2 => self.rate().await,
                _ => self.address().await,
            }
            sleep(Duration::from_millis(1500)).await;
        }
        self
    }

    async fn deposit(&mut self, round: u32) {
        let order = format!("order-{}-{round}", self.number);
        let now = self.gateway.now();
        let standing = self
            .gateway
            .cards()
            .deposit(deposit(&order), now)
            .await
            .unwrap();
        let how = if let Progress::Deposited(paid) = &standing.progress {
            self.gateway.cards().credited(paid, now).await.unwrap();
            Deposited::Paid
        } else if let Progress::NotCharged { .. } = standing.progress {
            Deposited::NotSent
        } else {
            assert!(standing.progress.is_open(), "{:?}", standing.progress);
            Deposited::InDoubt
        };
        self.deposits.push((OrderId::parse(&order).unwrap(), how));
    }

    async fn read(&mut self) {
        if let Some((order, _)) = self.deposits.last() {
            let outcome = self.gateway.client().invoice_by_order(order).await;
            self.note(outcome);
        }
    }

    async fn rate(&mut self) {
        let outcome = self
            .gateway
            .client()
            .rate(&Currency::Btc, &Currency::Eur)
            .await;
        self.note(outcome);
    }

    /// Whatever fails here may have made the address: asking again gives the same one.
    async fn address(&mut self) {
        let outcome = self.ask_for_address().await;
        if let Err(error) = outcome {
            assert!(matches!(error, Error::Transport(_)), "{error}");
        }
    }

    async fn ask_for_address(&self) -> Result<(), Error> {
        let customer = CustomerId::parse(&format!("customer-{}", self.number)).unwrap();
        let client = self.gateway.client();
        client.address(&Currency::Btc, &customer).await.map(drop)
    }

    fn note<T>(&mut self, outcome: Result<Answered<T>, Error>) {
        match outcome {
            Ok(_) => {}
            Err(error) if error.is_not_found() => {}
            Err(error) => {
                assert_eq!(error.effect(), Effect::Nothing);
                self.reads_failed += 1;
            }
        }
    }

    pub(crate) async fn ask_again(&self) {
        self.ask_for_address().await.unwrap();
        let client = self.gateway.client();
        client.rate(&Currency::Btc, &Currency::Eur).await.unwrap();
    }
}

fn deposit(order: &str) -> CardDeposit {
    let mut body = body_with(&json!({"customerId": order, "orderId": order}));
    body["card"]["cardNumber"] = SandboxCard::named("frictionless").unwrap().number.into();
    let environment = Environment::sandbox("http://sandbox.invalid/api").unwrap();
    let policy = CardPolicy::new(&environment, date(2026, 1, 1));
    CardDeposit::from_json(body.to_string().as_bytes(), &policy).unwrap()
}
