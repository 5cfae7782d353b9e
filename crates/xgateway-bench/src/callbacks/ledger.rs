//! From HTTP into the merchant's ledger: each callback received, confirmed and booked, against received only.
//!
//! The ledger's rows are written in the transaction that ends the entries of a batch: with one statement for all, or with
//! one for each. The API answers from memory: what is measured is the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::runtime::{Handle, Runtime};
use tokio::task::JoinSet;
use xgateway_api::types::{
    BankTransferAccountResponse, KycApplicationDetailsResponse, TransactionData,
};
use xgateway_callback::{Apply, Clock as _, Confirm, NoAnswer, Processor, Receiver, SystemClock};

use super::delivery::{self, Deliveries, Delivery};
use super::ingest::{PATH, serve};
use super::load::Load;
use super::schema::Schema;
use super::turns::{Taker, Turns};
use super::{CLIENTS, folder, runtime};
use crate::Outcome;
use crate::clock::Moment;
use crate::contest::{Effort, Standing};
use crate::figure::Figure;
use crate::samples;
use crate::soak::book::{Books, Place};

const PEER: &str = "received only";

/// How many workers confirm and book: fewer than a store has connections.
const WORKERS: usize = 2;

/// How long a worker waits that has found nothing.
const IDLE: Duration = Duration::from_millis(1);

/// How the ledger is written.
#[derive(Clone, Copy, Debug)]
enum Writing {
    /// All rows of a batch with one statement.
    Together,
    /// Each row with a statement of its own.
    Singly,
}

impl Writing {
    /// The names of the rows over SQLite and over PostgreSQL.
    fn names(self) -> [&'static str; 2] {
        match self {
            Self::Together => [
                "callbacks booked together, SQLite",
                "callbacks booked together, PostgreSQL",
            ],
            Self::Singly => [
                "callbacks booked singly, SQLite",
                "callbacks booked singly, PostgreSQL",
            ],
        }
    }

    fn of(self, books: &Books) -> Arc<dyn Apply> {
        match self {
            Self::Together => books.together(),
            Self::Singly => books.singly(),
        }
    }
}

pub(super) fn measure(
    effort: Effort,
    deliveries: &mut Deliveries,
    database_url: Option<&str>,
) -> Outcome<Vec<Figure>> {
    let servers = runtime()?;
    let mut figures = Vec::new();
    for writing in [Writing::Together, Writing::Singly] {
        let [sqlite, postgres] = writing.names();
        let folder = folder()?;
        let place = |name| Place::Sqlite(folder.path().join(name));
        let places = [place("booked.db"), place("received.db")];
        let standing = contest(&servers, places, writing, effort, deliveries)?;
        figures.push(Figure::rate(sqlite, PEER, standing));
        figures.push(match database_url {
            Some(url) => {
                let standing = in_postgres(&servers, url, writing, effort, deliveries)?;
                Figure::rate(postgres, PEER, standing)
            }
            None => Figure::not_measured(postgres, PEER),
        });
    }
    let figures = figures.into_iter().map(|figure| figure.at_least(500));
    Ok(figures.collect())
}

fn in_postgres(
    servers: &Runtime,
    url: &str,
    writing: Writing,
    effort: Effort,
    deliveries: &mut Deliveries,
) -> Outcome<Standing> {
    let schemas = servers.block_on(async {
        let booked = Schema::new(url, "booked").await?;
        Outcome::Ok([booked, Schema::new(url, "received").await?])
    })?;
    let places = schemas.each_ref().map(|it| Place::Postgres(it.url()));
    let measured = contest(servers, places, writing, effort, deliveries);
    // Also after a failure: the server is not ours.
    servers.block_on(async {
        for schema in schemas {
            schema.drop().await?;
        }
        Outcome::Ok(())
    })?;
    measured
}

fn contest(
    servers: &Runtime,
    [booked, others]: [Place; 2],
    writing: Writing,
    effort: Effort,
    deliveries: &mut Deliveries,
) -> Outcome<Standing> {
    let (books, plain) = servers.block_on(async {
        booked.create_book().await?;
        Outcome::Ok((booked.open().await?, others.open().await?))
    })?;
    let [ours, theirs] = [&books, &plain].map(|it| {
        let receiver = Receiver::new(it.inbox(), "bench", delivery::ring(), SystemClock);
        serve(servers, receiver.router(PATH))
    });
    let (ours, theirs) = (ours?, theirs?);
    let clients = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let standing = clients.block_on(async {
        let mut ours = Booked {
            load: Load::connect(ours, PATH, CLIENTS).await?,
            processor: Arc::new(processor(&books, writing)),
            servers: servers.handle().clone(),
        };
        let mut theirs = Load::connect(theirs, PATH, CLIENTS).await?;
        let turns = Turns::take(effort, deliveries, CLIENTS, &mut ours, &mut theirs).await?;
        Outcome::Ok(turns.rates())
    })?;
    servers.block_on(async {
        books.close().await;
        plain.close().await;
    });
    Ok(standing)
}

fn processor(books: &Books, writing: Writing) -> Processor {
    Processor::new(Arc::new(Api), writing.of(books), Arc::new(SystemClock))
}

/// A receiver, and workers that book what it has stored.
struct Booked {
    load: Load,
    processor: Arc<Processor>,
    servers: Handle,
}

impl Taker for Booked {
    /// Until the last one is in the ledger.
    async fn take(&mut self, deliveries: &[Delivery]) -> Outcome<Duration> {
        let start = Moment::now();
        let left = Arc::new(AtomicU64::new(deliveries.len() as u64));
        let mut workers = JoinSet::new();
        for _ in 0..WORKERS {
            let worker = work(self.processor.clone(), left.clone());
            workers.spawn_on(worker, &self.servers);
        }
        self.load.take(deliveries).await?;
        while let Some(ended) = workers.join_next().await {
            ended??;
        }
        Ok(start.elapsed().wall)
    }
}

async fn work(processor: Arc<Processor>, left: Arc<AtomicU64>) -> Result<(), String> {
    while left.load(Ordering::Relaxed) > 0 {
        let round = processor.round().await.map_err(|error| error.to_string())?;
        if round.applied != round.claimed() {
            return Err("a callback was not booked at once".to_owned());
        }
        left.fetch_sub(round.applied as u64, Ordering::Relaxed);
        if round.claimed() == 0 {
            SystemClock.pause(IDLE).await;
        }
    }
    Ok(())
}

/// The gateway's API, which knows each transaction as its callback has it.
struct Api;

#[async_trait]
impl Confirm for Api {
    fn environment(&self) -> Option<&str> {
        None
    }

    async fn transaction(&self, id: &str) -> Result<Option<TransactionData>, NoAnswer> {
        let answer = samples::CALLBACK.replace(samples::CALLBACK_ID, id);
        serde_json::from_str(&answer)
            .map(Some)
            .map_err(|error| NoAnswer::new(&error.to_string()))
    }

    async fn bank_accounts(&self, _: &str) -> Result<Vec<BankTransferAccountResponse>, NoAnswer> {
        Ok(Vec::new())
    }

    async fn kyc(&self, _: &str) -> Result<Option<KycApplicationDetailsResponse>, NoAnswer> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delivery_is_in_the_ledger_once_whoever_writes() {
        let servers = runtime().unwrap();
        for writing in [Writing::Together, Writing::Singly] {
            let folder = folder().unwrap();
            let places = ["booked.db", "received.db"];
            let places = places.map(|name| Place::Sqlite(folder.path().join(name)));
            let (booked, mut deliveries) = (places[0].clone(), Deliveries::new());
            contest(&servers, places, writing, Effort::QUICK, &mut deliveries).unwrap();
            let mut rows = servers.block_on(booked.rows()).unwrap();
            rows.sort();
            rows.dedup();
            // Two rounds and one before.
            assert_eq!(rows.len(), 3 * 64);
        }
    }
}
