//! A shop that credits its customers, each payment once, although callbacks come three times, late and forged.
//!
//! Run it with `cargo run -p xgateway-examples --bin shop`. The gateway is a sandbox in this process, the callbacks travel
//! over a socket of this machine, and the shop's ledger lives in the SQLite file in which its inbox lives too: a credit
//! and the note that it happened are one commit. It takes payments to addresses and no cards, so whatever order the gateway
//! names with a payment is none of its own. docs/guides/callbacks.md explains the stages.

#![expect(clippy::print_stdout, reason = "an example tells its story")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use bytes::Bytes;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use tokio::net::TcpListener;
use xgateway::api::environment::Environment;
use xgateway::callback::{
    Book, Clock, ConfirmedCallback, ExactlyOnce, HandlerError, KeyRing, Processor, Receiver,
    SettledDeposit,
};
use xgateway::client::Client;
use xgateway::core::id::CustomerId;
use xgateway::core::money::{Currency, DecimalText};
use xgateway::store::{SqliteOptions, SqliteStore};
use xgateway::transport::{Body, Transport as _};
use xgateway::{ConfirmThrough, ReqwestTransport};
use xgateway_sandbox::{CallbackUrl, Config, OutgoingCallback, Sandbox, World};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let mut config = Config::new(1);
    // As in the gateway's own example of a payment to an address.
    config.channel_order_ids = true;
    let (api_key, secret_key) = (config.api_key.clone(), config.secret_key.clone());
    let sandbox = Sandbox::new(config);
    let environment = Environment::sandbox(&sandbox.base_url())?;
    let client = Client::new(environment, api_key, sandbox.transport());

    let folder = tempfile::tempdir()?;
    let file = folder.path().join("shop.db");
    create_ledger(&file).await?;
    let store = SqliteStore::open(SqliteOptions::new(&file)).await?;
    // Yours is `xgateway::callback::SystemClock`. This one stands still until the story goes on.
    let clock = Arc::new(SandboxClock(sandbox.clone()));

    // The half that the gateway talks to: a callback is answered once it is stored.
    let receiver = Receiver::new(
        store.clone(),
        ConfirmThrough::name_of(client.environment()),
        KeyRing::new(secret_key),
        clock.clone(),
    );
    let app: Router = receiver.router("/callbacks");
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/callbacks", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, app).await });

    // The half that talks to the gateway. In a shop it runs for ever: `processor.run(shutdown)`.
    let processor = Processor::new(
        Arc::new(ConfirmThrough::new(client.clone())),
        Arc::new(ExactlyOnce::new(store.clone(), Ledger)),
        clock,
    );
    let gateway = Gateway {
        sandbox,
        network: ReqwestTransport::new()?,
        url: CallbackUrl::parse(&url)?,
    };

    let tether = Currency::TUsdt;
    let ann = client.address(&tether, &CustomerId::parse("ann")?).await?;
    let bob = client.address(&tether, &CustomerId::parse("bob")?).await?;
    println!("ann and bob have an address each, for ever");

    gateway.pay(ann.data().as_str(), "25", "confirmed")?;
    gateway.pay(ann.data().as_str(), "0.1", "confirmed")?;
    gateway.pay(bob.data().as_str(), "40", "failed_then_confirmed")?;
    gateway.pass(SignedDuration::from_mins(30));
    let callbacks = gateway.deliver_three_times().await?;
    process(&processor).await?;

    // The hash does not cover the status, so this is as authentic as the genuine one.
    let failed = callbacks.last().ok_or("the last payment failed")?;
    let forged = std::str::from_utf8(failed.body())?.replace("failed", "confirmed");
    let status = gateway.post(forged.into()).await?;
    println!("somebody calls bob's failed payment confirmed: answered {status}");
    process(&processor).await?;

    println!("an hour later it is confirmed in truth");
    gateway.pass(SignedDuration::from_mins(60));
    gateway.deliver_three_times().await?;
    process(&processor).await?;

    store.close().await;
    show_ledger(&file).await
}

/// What callbacks change in the books. It runs in the database transaction that ends their entries, which all that are
/// processed together share: everything happens, or nothing, and then it is called again.
struct Ledger;

#[async_trait]
impl Book<SqliteConnection> for Ledger {
    async fn book(
        &self,
        connection: &mut SqliteConnection,
        callback: &ConfirmedCallback,
    ) -> Result<(), HandlerError> {
        let ConfirmedCallback::Transaction(transaction) = callback else {
            return Err(HandlerError::Never(
                "this shop takes deposits only".to_owned(),
            ));
        };
        if transaction.is_reversal() {
            return Err(HandlerError::Never(
                "a person must take the credit back".to_owned(),
            ));
        }
        let Some(deposit) = transaction.settled_deposit() else {
            return Ok(()); // Nothing has come, or not yet.
        };
        // A shop that takes cards, too, takes `AtLeastOnce`: its handler asks the gateway whose payment it is, and a book must
        // ask nobody, nor write into a journal in this file, whose connection it holds.
        credit(connection, deposit)
            .await
            .map_err(|_| HandlerError::Again("the ledger is out of order".to_owned()))
    }
}

/// Books a deposit.
async fn credit(
    connection: &mut SqliteConnection,
    deposit: SettledDeposit<'_>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (customer, currency) = (deposit.customer_id(), deposit.currency().as_str());
    let before: Option<String> =
        sqlx::query_scalar("SELECT amount FROM balance WHERE customer = $1 AND currency = $2")
            .bind(customer)
            .bind(currency)
            .fetch_optional(&mut *connection)
            .await?;
    // SQLite would add in floating point, so the sum is ours and the column is text.
    let before = DecimalText::parse(before.as_deref().unwrap_or("0"))?;
    let sum = before.value().checked_add(deposit.amount().value());
    let balance = sum.ok_or("too much money")?.normalize().to_string();
    sqlx::query(
        "INSERT INTO balance VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET amount = excluded.amount",
    )
    .bind(customer)
    .bind(currency)
    .bind(&balance)
    .execute(&mut *connection)
    .await?;
    sqlx::query("INSERT INTO credit VALUES ($1, $2, $3, $4, $5)")
        .bind(deposit.id())
        .bind(customer)
        .bind(deposit.amount().as_str())
        .bind(currency)
        .bind(&balance)
        .execute(connection)
        .await?;
    Ok(())
}

async fn create_ledger(file: &Path) -> Outcome<()> {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection = options.create_if_missing(true).connect().await?;
    sqlx::raw_sql(
        "CREATE TABLE credit (
             transaction_id TEXT PRIMARY KEY, customer TEXT, amount TEXT, currency TEXT, balance TEXT
         ) STRICT;
         CREATE TABLE balance (customer TEXT, currency TEXT, amount TEXT, PRIMARY KEY (customer, currency)) STRICT;",
    )
    .execute(&mut connection)
    .await?;
    Ok(())
}

async fn show_ledger(file: &Path) -> Outcome<()> {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection = options.connect().await?;
    let credits: Vec<(String, String, String, String)> =
        sqlx::query_as("SELECT customer, amount, currency, balance FROM credit ORDER BY rowid")
            .fetch_all(&mut connection)
            .await?;
    for (customer, amount, currency, balance) in credits {
        println!("credited: {customer} +{amount} {currency}, which makes {balance}");
    }
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT customer, amount, currency,
             (SELECT count(*) FROM credit WHERE credit.customer = balance.customer)
         FROM balance ORDER BY customer",
    )
    .fetch_all(&mut connection)
    .await?;
    for (customer, amount, currency, credits) in rows {
        println!("in the books: {customer} has {amount} {currency} (credits: {credits})");
    }
    Ok(())
}

/// Processes what is due, and tells what did not come to an end.
async fn process(processor: &Processor) -> Outcome<()> {
    loop {
        let round = processor.round().await?;
        if round.applied > 0 {
            println!("  callbacks booked in one transaction: {}", round.applied);
        }
        if round.put_back > 0 {
            println!("  not what the API says: put back, to be asked again");
        }
        if round.claimed() == 0 {
            return Ok(());
        }
    }
}

/// The gateway and the world around it.
struct Gateway {
    sandbox: Sandbox,
    network: ReqwestTransport,
    url: CallbackUrl,
}

impl Gateway {
    /// Somebody pays to an address on the blockchain.
    fn pay(&self, address: &str, amount: &str, outcome: &str) -> Outcome<()> {
        let payment =
            format!(r#"{{"address":"{address}","amount":"{amount}","outcome":"{outcome}"}}"#);
        let request = Request::post("/_sandbox/deposits")
            .header("content-type", "application/json")
            .body(Bytes::from(payment))?;
        let answer = self.sandbox.world(|world| world.handle(&request));
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(format!("the payment was answered {}", answer.status()).into())
        }
    }

    fn pass(&self, time: SignedDuration) {
        self.sandbox.world(|world| world.advance(time));
    }

    /// Delivers what is due as if the gateway never believed that it arrived.
    async fn deliver_three_times(&self) -> Outcome<Vec<OutgoingCallback>> {
        let callbacks = self.sandbox.world(World::take_callbacks);
        for callback in &callbacks {
            for _ in 0..3 {
                let status = self.post(callback.body().clone()).await?;
                self.sandbox
                    .world(|world| world.record_callback_attempt(callback.number(), Some(status)));
            }
        }
        println!("callbacks: {}, each delivered three times", callbacks.len());
        Ok(callbacks)
    }

    async fn post(&self, body: Bytes) -> Outcome<u16> {
        let request = Request::post(self.url.as_uri())
            .header("content-type", "application/json")
            .body(Body::from(body))?;
        Ok(self.network.send(request).await?.status().as_u16())
    }
}

struct SandboxClock(Sandbox);

#[async_trait]
impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.0.world(|world| world.now())
    }

    async fn pause(&self, _: Duration) {
        std::future::pending::<()>().await;
    }
}
