//! What a journal costs: a card deposit whose intent is written down before it is sent and its standing afterwards,
//! against the same deposit without.
//!
//! Both go through the flow, the client and the hyper adapter to a small server that asks for 3DS. The deposits, each of
//! an order of its own, are made beforehand.

use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;
use tokio::runtime::Runtime;
use xgateway::flows::card::{CardDepositFlow, JournalledCards, Progress};
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::policy::CardPolicy;
use xgateway_client::Client;
use xgateway_core::id::OrderId;
use xgateway_core::secret::ApiKey;
use xgateway_store::{
    FingerprintKey, MemoryJournal, PostgresOptions, PostgresStore, SharedJournal, SqliteOptions,
    SqliteStore,
};
use xgateway_transport_hyper::HyperTransport;

use crate::callbacks::folder;
use crate::callbacks::schema::Schema;
use crate::clock::{Elapsed, Moment};
use crate::contest::{Effort, Standing};
use crate::figure::Figure;
use crate::server::{self, Version};
use crate::{Outcome, samples};

const WITHOUT: &str = "the same without";
const MEMORY: &str = "card deposit, journal in memory";
const SQLITE: &str = "card deposit, journal in SQLite";
const POSTGRES: &str = "card deposit, journal in PostgreSQL";

pub(crate) fn measure(effort: Effort, database_url: Option<&str>) -> Outcome<Vec<Figure>> {
    let address = server::start(Version::Http1)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut shop = Shop::new(address)?;
    let (memory, rounds) = (Arc::new(MemoryJournal::new()), effort.rounds);
    let [cpu, latency] = shop.contest(&runtime, memory, effort.calls, rounds)?;
    let mut figures = vec![
        Figure::cpu(MEMORY, WITHOUT, cpu),
        Figure::latency(MEMORY, WITHOUT, latency),
    ];

    let folder = folder()?;
    let options = SqliteOptions::new(folder.path().join("journal.db"));
    let store = runtime.block_on(SqliteStore::open(options))?;
    let journal = Arc::new(store.clone());
    let [_, latency] = shop.contest(&runtime, journal, effort.calls, effort.disk_rounds)?;
    runtime.block_on(store.close());
    figures.push(Figure::latency(SQLITE, WITHOUT, latency));

    figures.push(match database_url {
        Some(server) => {
            let latency = shop.in_postgres(&runtime, server, effort)?;
            Figure::latency(POSTGRES, WITHOUT, latency)
        }
        None => Figure::not_measured(POSTGRES, WITHOUT),
    });
    Ok(figures)
}

/// Who makes deposits, and how many orders there were.
struct Shop {
    client: Client,
    policy: CardPolicy,
    orders: u64,
}

impl Shop {
    fn new(address: SocketAddr) -> Outcome<Self> {
        let environment = Environment::sandbox(&format!("http://{address}/api"))?;
        let policy = CardPolicy::new(&environment, date(2026, 11, 21));
        let key = ApiKey::parse(samples::API_KEY)?;
        Ok(Self {
            client: Client::new(environment, key, HyperTransport::new()?),
            policy,
            orders: 0,
        })
    }

    fn deposits(&mut self, count: u32) -> Outcome<Vec<CardDeposit>> {
        let mut deposits = Vec::new();
        for _ in 0..count {
            self.orders += 1;
            let order = OrderId::parse(&format!("order-{}", self.orders))?;
            let deposit = CardDeposit::from_json(samples::DEPOSIT.as_bytes(), &self.policy)?;
            deposits.push(deposit.with_order_id(order));
        }
        Ok(deposits)
    }

    async fn without(&self, deposits: Vec<CardDeposit>) -> Outcome<Elapsed> {
        let start = Moment::now();
        for deposit in deposits {
            let mut flow = CardDepositFlow::new(self.client.clone(), deposit);
            asks_for_three_ds(&flow.start().await)?;
        }
        Ok(start.elapsed())
    }

    async fn with(cards: &JournalledCards, deposits: Vec<CardDeposit>) -> Outcome<Elapsed> {
        let start = Moment::now();
        for deposit in deposits {
            let standing = cards.deposit(deposit, Timestamp::UNIX_EPOCH).await?;
            asks_for_three_ds(&standing.progress)?;
        }
        Ok(start.elapsed())
    }

    /// CPU time and time on the wall, in turn.
    fn contest(
        &mut self,
        runtime: &Runtime,
        journal: SharedJournal,
        calls: u32,
        rounds: u32,
    ) -> Outcome<[Standing; 2]> {
        let key = FingerprintKey::new(&[7; 32])?;
        let cards = JournalledCards::new(self.client.clone(), journal, key);
        let (mut cpus, mut latencies) = (Vec::new(), Vec::new());
        // The first rounds open the connections and warm up.
        let warm_up = 4;
        for round in 0..warm_up + rounds {
            let deposits = [self.deposits(calls)?, self.deposits(calls)?];
            let [with, without] = runtime.block_on(async {
                let [ours, theirs] = deposits;
                // Who goes first changes.
                Outcome::Ok(if round % 2 == 0 {
                    let first = Self::with(&cards, ours).await?;
                    [first, self.without(theirs).await?]
                } else {
                    let first = self.without(theirs).await?;
                    [Self::with(&cards, ours).await?, first]
                })
            })?;
            if round >= warm_up {
                cpus.push((with.cpu, without.cpu));
                latencies.push((with.wall, without.wall));
            }
        }
        Ok([
            Standing::of(&cpus, calls, calls),
            Standing::of(&latencies, calls, calls),
        ])
    }

    /// Time on the wall, in a schema that is dropped afterwards.
    fn in_postgres(
        &mut self,
        runtime: &Runtime,
        server: &str,
        effort: Effort,
    ) -> Outcome<Standing> {
        let schema = runtime.block_on(Schema::new(server, "journal"))?;
        let options = PostgresOptions::new(schema.url());
        let measured = runtime
            .block_on(PostgresStore::open(options))
            .map_err(Into::into)
            .and_then(|store| {
                let journal = Arc::new(store.clone());
                let measured = self.contest(runtime, journal, effort.calls, effort.disk_rounds);
                runtime.block_on(store.close());
                measured
            });
        runtime.block_on(schema.drop())?;
        let [_, latency] = measured?;
        Ok(latency)
    }
}

fn asks_for_three_ds(progress: &Progress) -> Outcome<()> {
    if let Progress::ThreeDsRequired { .. } = progress {
        return Ok(());
    }
    Err(format!("the deposit was not taken: {progress:?}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deposits_are_made_with_each_journal_that_needs_no_server() {
        assert_eq!(measure(Effort::QUICK, None).unwrap().len(), 4);
    }
}
