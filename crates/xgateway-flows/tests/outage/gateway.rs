use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep};
use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_core::id::OrderId;
use xgateway_core::secret::ApiKey;
use xgateway_flows::card::JournalledCards;
use xgateway_sandbox::{Config, Sandbox};
use xgateway_store::{FingerprintKey, MemoryJournal, SharedJournal};
use xgateway_transport::{Body, Transport, TransportError, TransportErrorKind};

/// When it is pulled away, and when it is back.
const AWAY: Duration = Duration::from_secs(20);
const BACK: Duration = Duration::from_secs(80);
/// How long a request travels, and how long its answer.
const TRAVEL: Duration = Duration::from_millis(40);

/// A sandbox at the end of a cable, and a merchant's process on this end.
#[derive(Clone, Debug)]
pub(crate) struct Gateway {
    sandbox: Sandbox,
    cable: Cable,
    client: Client,
    journal: SharedJournal,
}

/// The cable, which is pulled for a minute. What travels on it then is lost; what is to be sent hangs at first, is reset
/// later and refused in the end, as when a host goes, a balancer notices and another comes up.
#[derive(Clone, Debug)]
struct Cable {
    sandbox: Sandbox,
    start: Instant,
    answers_lost: Arc<AtomicUsize>,
    /// So that the world's clock is moved by one at a time.
    clock: Arc<Mutex<()>>,
}

impl Gateway {
    pub(crate) fn new() -> Self {
        let config = Config::new(1);
        let api_key = ApiKey::parse(config.api_key.expose()).unwrap();
        let sandbox = Sandbox::new(config);
        let cable = Cable {
            sandbox: sandbox.clone(),
            start: Instant::now(),
            answers_lost: Arc::default(),
            clock: Arc::default(),
        };
        let environment = Environment::sandbox(&sandbox.base_url()).unwrap();
        let client = Client::builder(environment, api_key, cable.clone())
            .attempt_timeout(Duration::from_secs(4))
            // The same every time.
            .jitter(|| u32::MAX / 3)
            .build();
        Self {
            sandbox,
            cable,
            client,
            journal: Arc::new(MemoryJournal::new()),
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn cards(&self) -> JournalledCards {
        let key = FingerprintKey::new(&[7; 32]).unwrap();
        JournalledCards::new(self.client.clone(), self.journal.clone(), key)
            .with_grace(crate::GRACE)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.cable.now()
    }

    pub(crate) fn is_back(&self) -> bool {
        self.cable.start.elapsed() > BACK
    }

    pub(crate) fn answers_lost(&self) -> usize {
        self.cable.answers_lost.load(Ordering::Relaxed)
    }

    /// How many payments of each invoice the world has confirmed.
    pub(crate) fn charges(&self) -> BTreeMap<String, usize> {
        let mut charges = BTreeMap::new();
        for event in self.events("transaction_changed") {
            if event["status"] == "confirmed" {
                let invoice = event["invoiceId"].as_str().unwrap().to_owned();
                *charges.entry(invoice).or_insert(0) += 1;
            }
        }
        charges
    }

    pub(crate) fn invoice_id(&self, order: &OrderId) -> Option<String> {
        let invoice = self.sandbox.world(|world| world.invoice(order.as_str()));
        invoice.map(|invoice| invoice.id)
    }

    pub(crate) fn addresses(&self) -> usize {
        self.events("address_made").len()
    }

    fn events(&self, name: &str) -> Vec<serde_json::Value> {
        self.sandbox.world(|world| {
            let events = world.events().iter().filter(|event| event.name() == name);
            events
                .map(|event| serde_json::to_value(event).unwrap())
                .collect()
        })
    }
}

impl Cable {
    fn now(&self) -> Timestamp {
        let start = self.sandbox.world(|world| world.config().start);
        start + SignedDuration::try_from(self.start.elapsed()).unwrap()
    }

    fn is_pulled(&self) -> bool {
        (AWAY..BACK).contains(&self.start.elapsed())
    }

    async fn connect(&self) -> Result<(), TransportError> {
        let away = self.start.elapsed().saturating_sub(AWAY).as_secs();
        match (self.is_pulled(), away) {
            (false, _) => Ok(()),
            (true, 0..20) => std::future::pending().await,
            (true, 20..40) => Err(TransportError::unknown(TransportErrorKind::Io)),
            (true, _) => Err(TransportError::not_sent(TransportErrorKind::Connect)),
        }
    }
}

#[async_trait]
impl Transport for Cable {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        self.connect().await?;
        let lost = || TransportError::unknown(TransportErrorKind::Io);
        sleep(TRAVEL).await;
        if self.is_pulled() {
            return Err(lost());
        }
        {
            let _one = self.clock.lock().unwrap();
            let now = self.now();
            self.sandbox
                .world(|world| world.advance(now.duration_since(world.now())));
        }
        let answer = self.sandbox.transport().send(request).await;
        sleep(TRAVEL).await;
        if self.is_pulled() {
            self.answers_lost.fetch_add(1, Ordering::Relaxed);
            return Err(lost());
        }
        answer
    }
}
