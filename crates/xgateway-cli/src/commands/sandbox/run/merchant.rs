mod banking;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use rust_decimal::Decimal;
use xgateway::api::deposit::CardDeposit;
use xgateway::api::environment::Environment;
use xgateway::api::policy::CardPolicy;
use xgateway::api::types::TransactionCallback;
use xgateway::callback::{KeyRing, RawCallback};
use xgateway::client::Client;
use xgateway::core::id::OrderId;
use xgateway::core::secret::SecretKey;
use xgateway::flows::card::{CallbackHint, JournalledCards, JournalledError, Progress, Standing};
use xgateway::store::{Attempt, FingerprintKey, MemoryJournal, StoreError};
use xgateway_sandbox::{Merchant, Sandbox};

use self::banking::Banking;
use crate::clock;
use crate::failure::Failure;

/// A merchant who uses the flows as the guides say: a journal, callbacks as hints, credits under the transaction's id.
pub(super) struct FlowMerchant {
    cards: JournalledCards,
    environment: Environment,
    keys: Mutex<Vec<SecretKey>>,
    ledger: Mutex<BTreeMap<String, Credit>>,
    banking: Banking,
}

struct Credit {
    order: String,
    amount: Decimal,
}

impl FlowMerchant {
    /// One who talks to `sandbox`, in this process.
    pub(super) fn new(sandbox: &Sandbox) -> Result<Self, Failure> {
        let environment = Environment::sandbox(&sandbox.base_url())
            .map_err(|error| Failure::system("reach the sandbox", error))?;
        let (api_key, secret_key) = sandbox.world(|world| {
            let config = world.config();
            (config.api_key.clone(), config.secret_key.clone())
        });
        let client = Client::new(environment.clone(), api_key, sandbox.transport());
        // The journal ends with the process, and so may its key be known.
        let key = FingerprintKey::new(&[7; 32]).map_err(|error| Failure::system("start", error))?;
        // It does one thing at a time, so nothing is under way when it sweeps.
        let cards = JournalledCards::new(client.clone(), Arc::new(MemoryJournal::new()), key)
            .with_call_time(Duration::ZERO);
        Ok(Self {
            banking: Banking::new(sandbox, client, cards.clone()),
            cards,
            environment,
            keys: Mutex::new(vec![secret_key]),
            ledger: Mutex::default(),
        })
    }

    /// Credits what the gateway itself says was paid, once for each transaction.
    async fn settle(&self, standing: Result<Standing, JournalledError>, now: Timestamp) {
        let Ok(Standing {
            attempt,
            progress: Progress::Deposited(settled),
            ..
        }) = standing
        else {
            return;
        };
        let credit = Credit {
            order: attempt.order().as_str().to_owned(),
            amount: settled.amount().value().normalize(),
        };
        lock(&self.ledger)
            .entry(settled.transaction_id().to_string())
            .or_insert(credit);
        // What cannot be noted is handed out again, and credited under the same id.
        let _ = self.cards.credited(&settled, now).await;
    }

    /// A callback of any kind, if it is authentic.
    fn authentic<'a>(&self, body: &'a [u8]) -> Option<&'a [u8]> {
        let keys = lock(&self.keys);
        let mut newest_first = keys.iter().rev();
        let mut ring = KeyRing::new(newest_first.next()?.clone());
        if let Some(previous) = newest_first.next() {
            ring = ring.with_previous(previous.clone()).ok()?;
        }
        RawCallback::new(body).ok()?.authenticate(&ring).ok()?;
        Some(body)
    }

    /// The order of a callback, if it is for one of ours.
    async fn of_order(&self, body: &[u8]) -> Result<Option<(Attempt, CallbackHint)>, StoreError> {
        let Ok(callback) = serde_json::from_slice::<TransactionCallback>(body) else {
            return Ok(None);
        };
        let Some(order) = callback.order_id.as_deref() else {
            return Ok(None);
        };
        let attempt = self.cards.attempt_at(order).await?;
        Ok(attempt.zip(CallbackHint::of(&callback).ok()))
    }
}

#[async_trait]
impl Merchant for FlowMerchant {
    async fn pay(&self, body: &[u8], now: Timestamp) {
        let policy = CardPolicy::new(&self.environment, clock::date(now));
        if let Ok(deposit) = CardDeposit::from_json(body, &policy) {
            let standing = self.cards.deposit(deposit, now).await;
            self.settle(standing, now).await;
        }
    }

    async fn look(&self, order: &str, now: Timestamp) {
        if let Ok(order) = OrderId::parse(order)
            && let Ok(attempt) = Attempt::first(order)
        {
            let standing = self.cards.look(&attempt, now).await;
            self.settle(standing, now).await;
        }
    }

    async fn sweep(&self, now: Timestamp) {
        for resumed in self.cards.resume_all(now).await.unwrap_or_default() {
            self.settle(resumed.outcome, now).await;
        }
    }

    async fn callback(&self, body: Vec<u8>, now: Timestamp) -> u16 {
        let Some(body) = self.authentic(&body) else {
            return 401;
        };
        let (attempt, hint) = match self.of_order(body).await {
            Ok(Some(known)) => known,
            Ok(None) => return self.banking.callback(body).await,
            Err(_) => return 503,
        };
        let standing = self.cards.callback_hint(&attempt, &hint, now).await;
        let is_heard = |standing: &Standing| standing.progress.unread().is_none();
        // Else it must come once more: the gateway was not heard, or what it said is not kept.
        let status = if standing.as_ref().is_ok_and(is_heard) {
            200
        } else {
            503
        };
        self.settle(standing, now).await;
        status
    }

    fn add_key(&self, key: SecretKey) {
        lock(&self.keys).push(key);
    }

    async fn onboard(&self, customer: &str, last_name: &str) {
        self.banking.onboard(customer, last_name).await;
    }

    fn credits_of_payment(&self, transaction_id: &str) -> Vec<Decimal> {
        self.banking.credits(transaction_id)
    }

    fn credits(&self, order: &str) -> Vec<Decimal> {
        let ledger = lock(&self.ledger);
        let of_order = ledger.values().filter(|credit| credit.order == order);
        of_order.map(|credit| credit.amount).collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
