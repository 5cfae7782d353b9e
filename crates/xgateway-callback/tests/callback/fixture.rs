//! The seed's callback, a key, a gateway's API and a clock.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway_api::types::{
    BankTransferAccountResponse, KycApplicationDetailsResponse, TransactionData,
};
use xgateway_callback::{
    AuthenticCallback, CallbackError, Clock, Confirm, KeyRing, NoAnswer, RawCallback, sign,
};
use xgateway_core::secret::SecretKey;

/// The seed's example, with the hash of protocol §4.
pub(crate) const SEED: &str = r#"{
  "amount": "10",
  "currency": "USD",
  "customerId": "demo_customer_id",
  "hash": "9pnXH92QDrsu+ntdByIXtfq4jkc7RWYb/Ii7DLaO1x0Bv+in88B7m1DzGtPZMS6Z1oFmtBO+iNE4Trxci+7FqA==",
  "id": "916c9ef9-8678-4676-b8bf-14e6333090f6",
  "invoiceId": "2ab1fcbe-6044-420b-8457-2d26bf58d70a",
  "network": null,
  "orderId": "demo_order_id",
  "status": "confirmed",
  "transactionHash": null,
  "type": "deposit",
  "info": {
    "exchangeRate": "1",
    "referenceAmount": "10",
    "referenceCurrency": "USD",
    "referenceExchangeRate": "1",
    "transactionAmount": "10",
    "transactionCurrency": "USDC"
  }
}"#;

pub(crate) const ID: &str = "916c9ef9-8678-4676-b8bf-14e6333090f6";

static RING: LazyLock<KeyRing> = LazyLock::new(ring);

pub(crate) fn key(text: &str) -> SecretKey {
    SecretKey::parse(text).unwrap()
}

pub(crate) fn ring() -> KeyRing {
    KeyRing::new(key("test_secret_key"))
}

pub(crate) fn signed(body: &str) -> String {
    String::from_utf8(sign(body.as_bytes(), &key("test_secret_key")).unwrap()).unwrap()
}

pub(crate) fn read(body: &str) -> Result<AuthenticCallback<'_>, CallbackError> {
    RawCallback::new(body.as_bytes())?.authenticate(&RING)
}

/// Whose callbacks these are, where nobody asks an API that says so.
pub(crate) const ENVIRONMENT: &str = "https://gateway.example";

/// A gateway's API that says what it was told to say.
#[derive(Default)]
pub(crate) struct Api {
    transactions: Mutex<HashMap<String, String>>,
    accounts: Mutex<String>,
    kyc: Mutex<Option<String>>,
    silence: Mutex<Option<NoAnswer>>,
    /// Of this transaction it says nothing, and of others it does.
    refused: Mutex<Option<String>>,
    /// Which environment it is of.
    pub(crate) environment: Option<&'static str>,
    pub(crate) reads: AtomicUsize,
}

impl Api {
    /// The transaction of the seed, with this status and amount.
    pub(crate) fn with(self, status: &str, amount: &str) -> Self {
        self.set(status, amount);
        self
    }

    pub(crate) fn set(&self, status: &str, amount: &str) {
        let data = format!(
            r#"{{"id":"{ID}","customerId":"demo_customer_id","amount":"{amount}","currency":"USD","status":"{status}","type":"deposit"}}"#
        );
        self.transactions
            .lock()
            .unwrap()
            .insert(ID.to_owned(), data);
    }

    pub(crate) fn put(&self, data: &str) {
        self.transactions
            .lock()
            .unwrap()
            .insert(ID.to_owned(), data.to_owned());
    }

    pub(crate) fn with_accounts(self, json: &str) -> Self {
        json.clone_into(&mut self.accounts.lock().unwrap());
        self
    }

    pub(crate) fn with_kyc(self, json: &str) -> Self {
        self.set_kyc(json);
        self
    }

    pub(crate) fn set_kyc(&self, json: &str) {
        *self.kyc.lock().unwrap() = Some(json.to_owned());
    }

    pub(crate) fn go_away(&self, is_away: bool) {
        self.fall_silent(is_away.then(|| NoAnswer::new("it is away")));
    }

    pub(crate) fn fall_silent(&self, silence: Option<NoAnswer>) {
        *self.silence.lock().unwrap() = silence;
    }

    pub(crate) fn refuse(&self, id: Option<&str>) {
        *self.refused.lock().unwrap() = id.map(str::to_owned);
    }

    fn count(&self) -> Result<(), NoAnswer> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.silence.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl Confirm for Api {
    fn environment(&self) -> Option<&str> {
        self.environment
    }

    async fn transaction(&self, id: &str) -> Result<Option<TransactionData>, NoAnswer> {
        self.count()?;
        if self.refused.lock().unwrap().as_deref() == Some(id) {
            return Err(NoAnswer::refused("it is malformed"));
        }
        let transactions = self.transactions.lock().unwrap();
        Ok(transactions
            .get(id)
            .map(|json| serde_json::from_str(json).unwrap()))
    }

    async fn bank_accounts(&self, _: &str) -> Result<Vec<BankTransferAccountResponse>, NoAnswer> {
        self.count()?;
        Ok(serde_json::from_str(&self.accounts.lock().unwrap()).unwrap_or_default())
    }

    async fn kyc(&self, _: &str) -> Result<Option<KycApplicationDetailsResponse>, NoAnswer> {
        self.count()?;
        let kyc = self.kyc.lock().unwrap();
        Ok(kyc
            .as_deref()
            .map(|json| serde_json::from_str(json).unwrap()))
    }
}

/// A clock that a pause moves on.
#[derive(Debug, Default)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn advance(&self, time: Duration) {
        let milliseconds = i64::try_from(time.as_millis()).unwrap();
        self.0.fetch_add(milliseconds, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::Relaxed)).unwrap()
    }

    async fn pause(&self, time: Duration) {
        self.advance(time);
    }

    /// Nothing takes any time, unless a test lets it pass.
    async fn limit(&self, _: Duration) {
        std::future::pending::<()>().await;
    }
}

/// What is logged on this thread from now on.
pub(crate) struct Log {
    text: Arc<Mutex<Vec<u8>>>,
    _guard: tracing::subscriber::DefaultGuard,
}

struct LogWriter(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    pub(crate) fn start() -> Self {
        let text = Arc::<Mutex<Vec<u8>>>::default();
        let writer = text.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || LogWriter(writer.clone()))
            .finish();
        let guard = tracing::subscriber::set_default(subscriber);
        // A place that another test's thread has reached for the first time in this moment would stay silent.
        tracing::callsite::rebuild_interest_cache();
        Self {
            text,
            _guard: guard,
        }
    }

    /// Only the line with these words.
    pub(crate) fn line(&self, words: &str) -> String {
        let text = String::from_utf8(self.text.lock().unwrap().clone()).unwrap();
        let mut lines = text.lines().filter(|line| line.contains(words));
        let line = lines.next().unwrap_or_else(|| panic!("{words}: {text}"));
        assert_eq!(lines.next(), None);
        line.to_owned()
    }

    pub(crate) fn has(&self, words: &str) -> bool {
        String::from_utf8_lossy(&self.text.lock().unwrap()).contains(words)
    }
}
