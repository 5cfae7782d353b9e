//! Playing a scenario.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request};
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use xgateway_api::call::API_KEY_HEADER;
use xgateway_core::secret::SecretKey;

use super::Scenario;
use super::file::{BankWord, Button, DepositStep, PressStep, Step};
use super::report::{ScenarioOutcome, ScenarioReport, ScenarioStep, ScenarioVerdict};
use crate::card::SandboxCard;
use crate::config::{CallbackUrl, Config, EXAMPLE_ACCOUNT_ID};
use crate::sandbox::Sandbox;
use crate::world::World;

/// What every order costs.
const AMOUNT: &str = "25.00";

/// The merchant in a scenario: whoever must neither double nor lose money.
///
/// Nothing is answered to the scenario but the status of a callback: in the end it asks what was credited.
#[async_trait]
pub trait Merchant: Send + Sync {
    /// Pays an order: `body` is the JSON of a card deposit, which names it.
    async fn pay(&self, body: &[u8], now: Timestamp);

    /// Looks how an order stands: the customer is back, or says to be.
    async fn look(&self, order: &str, now: Timestamp);

    /// Looks at everything that is open, as a job does every few minutes.
    async fn sweep(&self, now: Timestamp);

    /// Takes a callback, and answers with a status.
    async fn callback(&self, body: Vec<u8>, now: Timestamp) -> u16;

    /// Callbacks may come under this key, too, from now on.
    fn add_key(&self, key: SecretKey);

    /// Brings a customer, John of that last name, through KYC to a bank account in euro, and waits by moving the
    /// sandbox's clock. A merchant who takes no payments by bank does nothing.
    async fn onboard(&self, customer: &str, last_name: &str) {
        let _ = (customer, last_name);
    }

    /// What the customer was credited for an order, each time.
    fn credits(&self, order: &str) -> Vec<Decimal>;

    /// The same for a payment that no order is for: by the transaction's id.
    fn credits_of_payment(&self, transaction_id: &str) -> Vec<Decimal> {
        let _ = transaction_id;
        Vec::new()
    }
}

impl Scenario {
    /// The world in which it plays.
    pub fn sandbox(&self, seed: u64) -> Sandbox {
        let part = &self.0.world;
        let mut config = Config::new(seed);
        let url = CallbackUrl::parse("http://merchant.invalid/callback");
        config.callback_url = Some(url.expect("it is absolute"));
        config.idempotency_life = part
            .key_life_seconds
            .map(|seconds| SignedDuration::from_secs(seconds.into()));
        let dials = &mut config.callback_dials;
        dials.duplicate_percent = part.duplicate_percent;
        dials.reorder_percent = part.reorder_percent;
        dials.loss_percent = part.loss_percent;
        dials.delay_max = SignedDuration::from_secs(part.delay_seconds.into());
        Sandbox::new(config)
    }

    /// Plays it with a merchant who talks to `sandbox`, and says what came of it.
    ///
    /// The same seed gives the same events, if the merchant does the same.
    pub async fn play(&self, sandbox: &Sandbox, merchant: &dyn Merchant) -> ScenarioReport {
        let mut payments = BTreeMap::new();
        let mut not_done = Vec::new();
        let mut story = Vec::new();
        for (index, step) in self.0.steps.iter().enumerate() {
            let before = sandbox.world(|world| world.events().last());
            let done = play_step(step, sandbox, merchant, &mut payments).await;
            let mut told = ScenarioStep {
                step: step.to_string(),
                events: sandbox.world(|world| world.told_after(before)),
            };
            if let Err(problem) = done {
                not_done.push(format!("steps[{index}]: {problem}"));
                told.events.push(problem);
            }
            story.push(told);
        }
        let orders: Vec<_> = self
            .0
            .expect
            .iter()
            .map(|expected| {
                let (order, charged, credited) = match (&expected.order, &expected.payment) {
                    (Some(order), _) => {
                        let charged = sandbox.world(|world| world.charges(order));
                        (&**order, charged, merchant.credits(order))
                    }
                    (None, payment) => {
                        let name = payment.as_deref().unwrap_or_default();
                        let id = payments.get(name).map_or("", String::as_str);
                        let charged = sandbox.world(|world| world.paid(id));
                        (name, charged, merchant.credits_of_payment(id))
                    }
                };
                ScenarioOutcome::new(order, expected.paid, &charged, &credited)
            })
            .collect();
        let verdicts = orders.iter().map(|order| order.verdict);
        let verdict = verdicts.max().unwrap_or(ScenarioVerdict::AsExpected);
        ScenarioReport {
            scenario: self.name().to_owned(),
            seed: sandbox.world(|world| world.config().seed),
            ok: verdict == ScenarioVerdict::AsExpected,
            verdict,
            orders,
            not_done,
            story,
            events: sandbox.world(|world| world.events().last()),
        }
    }
}

/// The transactions of payments by bank, by what the scenario calls them.
type Payments = BTreeMap<String, String>;

/// Does what the step says, or tells why that cannot be done.
async fn play_step(
    step: &Step,
    sandbox: &Sandbox,
    merchant: &dyn Merchant,
    payments: &mut Payments,
) -> Result<(), String> {
    let now = sandbox.world(|world| world.now());
    if let Some(deposit) = &step.deposit {
        let body = body(deposit);
        let pay = || merchant.pay(body.as_bytes(), now);
        all((0..deposit.times).map(|_| pay()).collect()).await;
    }
    if let Some(press) = &step.press {
        press_buttons(press, sandbox)?;
    }
    if let Some(order) = &step.look {
        merchant.look(order, now).await;
    }
    if step.sweep.is_some() {
        merchant.sweep(now).await;
    }
    if let Some(seconds) = step.pass {
        sandbox.world(|world| world.advance(SignedDuration::from_secs(seconds.into())));
    }
    if step.deliver.is_some() {
        deliver(sandbox, merchant, now).await;
    }
    if let Some(rule) = &step.fault {
        sandbox.world(|world| world.add_faults(rule.clone()));
    }
    if step.heal.is_some() {
        sandbox.world(World::clear_faults);
    }
    if step.rotate_key.is_some() {
        merchant.add_key(sandbox.world(World::rotate_secret_key));
    }
    if let Some(bank) = &step.bank {
        let status = match bank.says {
            BankWord::Confirmed => "confirmed",
            BankWord::Failed => "failed",
        };
        simulate(sandbox, &bank.order, status)?;
    }
    if let Some(step) = &step.onboard {
        merchant.onboard(&step.customer, &step.last_name).await;
    }
    if let Some(step) = &step.bank_payment {
        let pay = |world: &mut World| world.pay_to_account_of(&step.customer, &step.amount);
        if let Some(transaction) = sandbox.world(pay) {
            payments.insert(step.payment.clone(), transaction);
        }
    }
    Ok(())
}

/// Everything that is due, and what is due because of it. Those of a moment arrive together.
async fn deliver(sandbox: &Sandbox, merchant: &dyn Merchant, now: Timestamp) {
    loop {
        let callbacks = sandbox.world(World::take_callbacks);
        if callbacks.is_empty() {
            return;
        }
        let attempts = callbacks.iter().map(|callback| {
            let answer = merchant.callback(callback.body().to_vec(), now);
            let number = callback.number();
            let attempt = async move {
                let status = answer.await;
                sandbox.world(|world| world.record_callback_attempt(number, Some(status)));
            };
            Box::pin(attempt) as Pin<Box<dyn Future<Output = ()> + Send>>
        });
        all(attempts.collect()).await;
    }
}

fn press_buttons(press: &PressStep, sandbox: &Sandbox) -> Result<(), String> {
    let order = &press.order;
    let Some(url) = sandbox.world(|world| world.three_ds_url(order)) else {
        return Err(format!("{order} has no 3DS page"));
    };
    let page = sandbox.three_ds(&url);
    for _ in 0..press.times {
        match press.button {
            Button::Visit => page.visit(),
            Button::Approve => page.approve(),
            Button::Decline => page.decline(),
            Button::Leave => page.leave(),
        };
    }
    Ok(())
}

fn simulate(sandbox: &Sandbox, order: &str, status: &str) -> Result<(), String> {
    sandbox.world(|world| {
        let Some(invoice) = world.invoice(order) else {
            return Err(format!("the gateway has no invoice for {order}"));
        };
        let body = serde_json::json!({
            "invoiceId": invoice.id, "status": status, "amount": AMOUNT,
        });
        let mut request = Request::new(Bytes::from(body.to_string()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = http::Uri::from_static("/api/v2/transaction/simulate");
        let headers = request.headers_mut();
        let json = http::HeaderValue::from_static("application/json");
        headers.insert(http::header::CONTENT_TYPE, json);
        if let Ok(key) = http::HeaderValue::from_str(world.config().api_key.expose()) {
            headers.insert(API_KEY_HEADER, key);
        }
        let answer = world.handle(&request).status();
        if answer.is_success() {
            return Ok(());
        }
        let invoice = invoice.status.as_str();
        Err(format!(
            "the bank can say nothing: the invoice of {order} is {invoice} ({answer})"
        ))
    })
}

/// Runs all of them at once, on this task: always in the same order.
async fn all<'a>(mut futures: Vec<Pin<Box<dyn Future<Output = ()> + Send + 'a>>>) {
    poll_fn(|context| {
        futures.retain_mut(|future| future.as_mut().poll(context).is_pending());
        if futures.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

fn body(deposit: &DepositStep) -> String {
    let number = SandboxCard::named(&deposit.card).map_or("", |card| card.number);
    let order = serde_json::Value::from(deposit.order.as_str());
    format!(
        r#"{{"amount":{AMOUNT},"accountId":"{EXAMPLE_ACCOUNT_ID}","baseCurrency":"EUR","customerId":"customer-1",
"customerDateOfBirth":"2000-02-10","customerEmail":"john.doe@example.com","customerFirstName":"John",
"customerLastName":"Doe","customerPhone":"49 15123456789","userIp":"217.138.202.40",
"billingAddress":{{"addressLine1":"Main Street 1","city":"Prague","countryCode":"CZ","postalCode":"15000",
"state":"Praha"}},
"card":{{"cardNumber":"{number}","cardholderName":"John Doe","expiryMonth":"12","expiryYear":"2028",
"cardSecurityCode":"444"}},"orderId":{order}}}"#
    )
}
