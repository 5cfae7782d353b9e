//! A merchant: a journal, a ledger of credits, and processes that come and go.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::policy::CardPolicy;
use xgateway_client::Client;
use xgateway_core::id::OrderId;
use xgateway_core::secret::ApiKey;
use xgateway_flows::card::{
    JournalledCards, JournalledError, Progress, SettledTransaction, Standing,
};
use xgateway_sandbox::{Config, Sandbox, SandboxCard};
use xgateway_store::{
    Attempt, Destination, FingerprintKey, Intent, IntentState, MemoryJournal, Outcome,
    SharedJournal,
};
use xgateway_transport::Transport;

/// How long a request may be under way in these tests.
pub(crate) const GRACE: SignedDuration = SignedDuration::from_hours(1);

pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) journal: SharedJournal,
    pub(crate) now: Timestamp,
    credited: BTreeSet<String>,
}

impl Shop {
    pub(crate) fn new() -> Self {
        Self::with(Config::new(1))
    }

    pub(crate) fn with(config: Config) -> Self {
        let now = config.start;
        Self {
            sandbox: Sandbox::new(config),
            journal: Arc::new(MemoryJournal::new()),
            now,
            credited: BTreeSet::new(),
        }
    }

    /// A process of the merchant's, over this network.
    pub(crate) fn process_over(&self, transport: impl Transport) -> JournalledCards {
        let environment = Environment::sandbox(&self.sandbox.base_url()).unwrap();
        self.process_of(Client::new(environment, self.api_key(), transport))
    }

    /// A process of the merchant's with this client. It asks about what is begun in the same moment, too.
    pub(crate) fn process_of(&self, client: Client) -> JournalledCards {
        JournalledCards::new(client, self.journal.clone(), key())
            .with_grace(Duration::try_from(GRACE).unwrap())
            .with_call_time(Duration::ZERO)
    }

    pub(crate) fn api_key(&self) -> ApiKey {
        let key = self
            .sandbox
            .world(|world| world.config().api_key.expose().to_owned());
        ApiKey::parse(key).unwrap()
    }

    /// Where the merchant sends to.
    pub(crate) fn destination(&self) -> Destination {
        Destination::new(&self.sandbox.base_url(), &key(), &self.api_key())
    }

    /// A process over a network without faults.
    pub(crate) fn process(&self) -> JournalledCards {
        self.process_over(self.sandbox.transport())
    }

    /// A process sends the deposit of order 1 with this card, and dies.
    pub(crate) async fn deposit(&self, card: &str) -> Result<Standing, JournalledError> {
        self.process().deposit(deposit(card), self.now).await
    }

    /// Lets time pass, here and at the gateway.
    pub(crate) fn pass(&mut self, time: SignedDuration) {
        self.now += time;
        self.sandbox.world(|world| world.advance(time));
    }

    /// Credits the customer, once for each transaction, and says so.
    pub(crate) async fn credit(&mut self, settled: &SettledTransaction) {
        let id = settled.transaction_id().to_string();
        self.credited.insert(id);
        self.process().credited(settled, self.now).await.unwrap();
    }

    /// A new process resumes what is open, and credits what is paid. Says how many were open.
    pub(crate) async fn resume(&mut self) -> usize {
        let resumed = self.process().resume_all(self.now).await.unwrap();
        let count = resumed.len();
        for resumed in resumed {
            if let Progress::Deposited(settled) = resumed.outcome.unwrap().progress {
                self.credit(&settled).await;
            }
        }
        count
    }

    pub(crate) async fn intent(&self, order: &str) -> Option<Intent> {
        self.journal.intent(&attempt(order)).await.unwrap()
    }

    pub(crate) async fn state(&self, order: &str) -> Option<IntentState> {
        self.intent(order).await.map(|intent| intent.state)
    }

    /// How many payments of the order, all attempts included, the world has confirmed.
    pub(crate) fn charges(&self) -> usize {
        self.sandbox.world(|world| {
            let events = world.events().iter();
            let events = events.map(|event| serde_json::to_value(event).unwrap());
            let confirmed = events
                .filter(|event| event["type"] == "transaction_changed")
                .filter(|event| event["status"] == "confirmed")
                .map(|event| event["transactionId"].to_string());
            confirmed.collect::<BTreeSet<_>>().len()
        })
    }

    /// What the journal says is what the world did, and the customer got what was paid.
    #[track_caller]
    pub(crate) fn assert_ended(&self, state: Option<IntentState>) {
        let Some(IntentState::Finished(outcome)) = state else {
            panic!("it has not ended: {state:?}");
        };
        let charged = usize::from(outcome == Outcome::Charged);
        assert_eq!(self.charges(), charged, "{outcome}");
        assert_eq!(self.credited.len(), charged, "{outcome}");
    }
}

fn key() -> FingerprintKey {
    FingerprintKey::new(&[7; 32]).unwrap()
}

pub(crate) fn attempt(order: &str) -> Attempt {
    Attempt::of_gateway_order(&OrderId::parse(order).unwrap()).unwrap()
}

/// A deposit of order `order-1` with this card of the sandbox.
pub(crate) fn deposit(card: &str) -> CardDeposit {
    deposit_with(card, &json!({}))
}

/// The same with other fields.
pub(crate) fn deposit_with(card: &str, changes: &Value) -> CardDeposit {
    let body = body_with(card, changes);
    let environment = Environment::sandbox("http://sandbox.invalid/api").unwrap();
    let policy = CardPolicy::new(&environment, date(2026, 1, 1));
    CardDeposit::from_json(body.to_string().as_bytes(), &policy).unwrap()
}

/// The body of such a deposit.
pub(crate) fn body_with(card: &str, changes: &Value) -> Value {
    let mut body = crate::body::body_with(&json!({}));
    body["card"]["cardNumber"] = SandboxCard::named(card).unwrap().number.into();
    for (key, value) in changes.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

#[track_caller]
pub(crate) fn deposited(standing: Standing) -> SettledTransaction {
    let Progress::Deposited(settled) = standing.progress else {
        panic!("deposited, not {standing:?}");
    };
    settled
}

#[track_caller]
pub(crate) fn declined(standing: &Standing) {
    let progress = &standing.progress;
    assert!(matches!(progress, Progress::Failed { .. }), "{progress:?}");
}
