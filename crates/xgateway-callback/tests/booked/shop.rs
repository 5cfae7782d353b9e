//! A shop with a ledger, and everything that can go wrong in it.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway_api::types::{
    BankTransferAccountResponse, KycApplicationDetailsResponse, TransactionData,
};
use xgateway_callback::{
    Book, Clock, Confirm, ConfirmedCallback, ExactlyOnce, HandlerError, KeyRing, NoAnswer,
    Processor, ProcessorSettings, Receiver, sign,
};
use xgateway_core::secret::SecretKey;
use xgateway_store::{Backoff, EffectStore, Entry, EntryState, Inbox as _, ListQuery};

/// A store with a ledger beside it.
pub(crate) trait Database: Sized + Send + Sync {
    type Connection: Ledger + 'static;
    type Store: EffectStore<Connection = Self::Connection, Effect: Send> + Clone;

    /// Whether a transaction goes on after a statement that failed.
    const GOES_ON: bool;

    /// An empty one, unless there is no server.
    async fn open() -> Option<Self>;

    fn store(&self) -> Self::Store;

    /// The ids of the deposits that are booked, in the order in which they were written.
    fn ledger(&self) -> impl Future<Output = Vec<String>> + Send;
}

/// What is written to.
#[async_trait]
pub(crate) trait Ledger: Send {
    async fn insert(&mut self, id: &str, customer: &str) -> sqlx::Result<()>;
    async fn fail(&mut self) -> sqlx::Result<()>;
}

macro_rules! ledger {
    ($connection:ty) => {
        #[async_trait]
        impl Ledger for $connection {
            async fn insert(&mut self, id: &str, customer: &str) -> sqlx::Result<()> {
                let insert = sqlx::query("INSERT INTO ledger (id, customer) VALUES ($1, $2)");
                insert.bind(id).bind(customer).execute(self).await?;
                Ok(())
            }

            async fn fail(&mut self) -> sqlx::Result<()> {
                let insert = sqlx::query("INSERT INTO nowhere VALUES (1)");
                insert.execute(self).await?;
                Ok(())
            }
        }
    };
}

ledger!(sqlx::SqliteConnection);
ledger!(sqlx::PgConnection);

/// What happens when a certain deposit is booked.
#[derive(Clone, Copy)]
pub(crate) enum Poison {
    /// The book refuses it, after it has written.
    Refused,
    /// A statement fails.
    Fails,
    /// A statement fails, and nobody looks.
    FailsUnseen,
    /// Its customer is unknown, which is seen at the commit only.
    NoCustomer,
    Panics,
    /// It never comes to an end.
    Stalls,
}

/// Something that happens once, in the middle.
#[derive(Default)]
pub(crate) struct Meanwhile(Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>);

impl Meanwhile {
    pub(crate) fn set(&self, what: impl Future<Output = ()> + Send + 'static) {
        *self.0.lock().unwrap() = Some(Box::pin(what));
    }

    async fn happen(&self) {
        let what = self.0.lock().unwrap().take();
        if let Some(what) = what {
            what.await;
        }
    }
}

/// Writes deposits, and remembers which it was given.
#[derive(Default)]
pub(crate) struct Books {
    pub(crate) poisons: Mutex<HashMap<&'static str, Poison>>,
    /// The ids of each call.
    pub(crate) calls: Mutex<Vec<Vec<String>>>,
    pub(crate) meanwhile: Meanwhile,
    /// Told when one begins to stall.
    pub(crate) stalled: tokio::sync::Notify,
}

impl Books {
    pub(crate) fn poison(&self, id: &'static str, poison: Poison) {
        self.poisons.lock().unwrap().insert(id, poison);
    }

    async fn write(
        &self,
        connection: &mut impl Ledger,
        callback: &ConfirmedCallback,
    ) -> Result<(), HandlerError> {
        let ConfirmedCallback::Transaction(transaction) = callback else {
            return Err(HandlerError::Never("deposits only".to_owned()));
        };
        let again = |why: &str| HandlerError::Again(why.to_owned());
        let Some(deposit) = transaction.settled_deposit() else {
            return Ok(());
        };
        let poison = self.poisons.lock().unwrap().get(deposit.id()).copied();
        let customer = match poison {
            Some(Poison::NoCustomer) => "nobody",
            _ => deposit.customer_id(),
        };
        let insert = connection.insert(deposit.id(), customer).await;
        insert.map_err(|_| again("the ledger is away"))?;
        match poison {
            Some(Poison::Refused) => return Err(again("the books are closed")),
            Some(Poison::Fails) => {
                let failed = connection.fail().await;
                failed.map_err(|_| again("no such table"))?;
            }
            Some(Poison::FailsUnseen) => drop(connection.fail().await),
            Some(Poison::Panics) => panic!("a mistake of the merchant's"),
            Some(Poison::Stalls) => {
                self.stalled.notify_one();
                std::future::pending::<()>().await;
            }
            Some(Poison::NoCustomer) | None => {}
        }
        Ok(())
    }

    async fn called_with(&self, callbacks: &[&ConfirmedCallback]) {
        let ids = callbacks.iter().filter_map(|callback| {
            let ConfirmedCallback::Transaction(transaction) = callback else {
                return None;
            };
            Some(transaction.data().id.clone())
        });
        self.calls.lock().unwrap().push(ids.collect());
        self.meanwhile.happen().await;
    }
}

#[async_trait]
impl<C: Ledger> Book<C> for Books {
    async fn book(
        &self,
        connection: &mut C,
        callback: &ConfirmedCallback,
    ) -> Result<(), HandlerError> {
        self.called_with(&[callback]).await;
        self.write(connection, callback).await
    }

    async fn book_all(
        &self,
        connection: &mut C,
        callbacks: &[&ConfirmedCallback],
    ) -> Result<(), HandlerError> {
        self.called_with(callbacks).await;
        for callback in callbacks {
            self.write(connection, callback).await?;
        }
        Ok(())
    }
}

/// The gateway's API: it knows each transaction, and each is confirmed unless it says otherwise.
#[derive(Default)]
pub(crate) struct Api {
    pub(crate) meanwhile: Meanwhile,
    pub(crate) is_away: AtomicBool,
    /// What each is, unless it is confirmed.
    pub(crate) status: Mutex<Option<&'static str>>,
}

#[async_trait]
impl Confirm for Api {
    fn environment(&self) -> Option<&str> {
        None
    }

    async fn transaction(&self, id: &str) -> Result<Option<TransactionData>, NoAnswer> {
        self.meanwhile.happen().await;
        if self.is_away.load(Ordering::Relaxed) {
            return Err(NoAnswer::new("it is away"));
        }
        let status = self.status.lock().unwrap().unwrap_or("confirmed");
        Ok(Some(serde_json::from_str(&document(id, status)).unwrap()))
    }

    async fn bank_accounts(&self, _: &str) -> Result<Vec<BankTransferAccountResponse>, NoAnswer> {
        Ok(Vec::new())
    }

    async fn kyc(&self, _: &str) -> Result<Option<KycApplicationDetailsResponse>, NoAnswer> {
        Ok(None)
    }
}

fn document(id: &str, status: &str) -> String {
    format!(
        r#"{{"id":"{id}","customerId":"ann","amount":"10","currency":"USD","status":"{status}","type":"deposit"}}"#
    )
}

#[derive(Default)]
pub(crate) struct TestClock {
    now: AtomicI64,
    /// Told when whoever is limited has taken too long.
    pub(crate) time_is_up: tokio::sync::Notify,
}

impl TestClock {
    pub(crate) fn advance(&self, time: Duration) {
        let milliseconds = i64::try_from(time.as_millis()).unwrap();
        self.now.fetch_add(milliseconds, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now.load(Ordering::Relaxed)).unwrap()
    }

    async fn pause(&self, time: Duration) {
        self.advance(time);
    }

    /// Nothing takes any time, unless a test lets it pass.
    async fn limit(&self, time: Duration) {
        if !time.is_zero() {
            self.time_is_up.notified().await;
            self.advance(time);
        }
    }
}

pub(crate) const LEASE: Duration = Duration::from_secs(30);

/// Everything from the gateway's callback to the ledger.
pub(crate) struct Shop<D: Database> {
    pub(crate) database: D,
    pub(crate) books: Arc<Books>,
    pub(crate) api: Arc<Api>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) processor: Arc<Processor>,
    receiver: Receiver,
}

impl<D: Database> Shop<D> {
    pub(crate) fn new(database: D) -> Self {
        let books = Arc::new(Books::default());
        let api = Arc::new(Api::default());
        let clock = Arc::new(TestClock::default());
        let processor = processor(database.store(), books.clone(), api.clone(), clock.clone());
        let ring = KeyRing::new(key());
        Self {
            receiver: Receiver::new(
                database.store(),
                "https://gateway.example",
                ring,
                clock.clone(),
            ),
            processor: Arc::new(processor),
            database,
            books,
            api,
            clock,
        }
    }

    /// Another worker, whose API keeps it waiting for nothing.
    pub(crate) fn other_worker(&self) -> Processor {
        let (store, api) = (self.database.store(), Arc::new(Api::default()));
        processor(store, self.books.clone(), api, self.clock.clone())
    }

    pub(crate) async fn deliver(&self, ids: &[&str]) {
        for id in ids {
            self.deliver_with(id, "confirmed").await;
        }
    }

    pub(crate) async fn deliver_with(&self, id: &str, status: &str) {
        let body = sign(document(id, status).as_bytes(), &key()).unwrap();
        assert_eq!(self.receiver.receive(body).await.status(), 200);
    }

    pub(crate) async fn entry(&self, id: &str) -> Entry {
        let entries = self.database.store().list(ListQuery::default()).await;
        let mut entries = entries.unwrap().into_iter();
        entries.find(|entry| entry.key.subject() == id).unwrap()
    }

    pub(crate) async fn reason(&self, id: &str) -> String {
        self.entry(id).await.reason.unwrap().to_string()
    }

    pub(crate) async fn state(&self, id: &str) -> EntryState {
        self.entry(id).await.state
    }

    /// How many callbacks each call of the book had, since the last look.
    pub(crate) fn calls(&self) -> Vec<usize> {
        let calls = std::mem::take(&mut *self.books.calls.lock().unwrap());
        calls.iter().map(Vec::len).collect()
    }
}

pub(crate) fn processor<S, B>(store: S, book: B, api: Arc<Api>, clock: Arc<TestClock>) -> Processor
where
    S: EffectStore + Clone,
    B: Book<S::Connection> + 'static,
{
    let apply = Arc::new(ExactlyOnce::new(store, book));
    let settings = ProcessorSettings::default()
        .with_lease(LEASE)
        .with_backoff(Backoff::default().with_attempts_max(3));
    Processor::new(api, apply, clock).with_settings(settings)
}

fn key() -> SecretKey {
    SecretKey::parse("test_secret_key").unwrap()
}
