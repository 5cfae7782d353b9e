//! From HTTP to the disk: our receiver against a handler by hand, each with its own file or table.
//!
//! Both are served by axum on one runtime; the clients have a thread and a runtime of their own.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use xgateway_callback::{Receiver, SystemClock};
use xgateway_store::{PostgresOptions, PostgresStore, SharedInbox, SqliteOptions, SqliteStore};

use super::delivery::{self, Deliveries};
use super::handler_peer::HandlerPeer;
use super::load::Load;
use super::schema::Schema;
use super::turns::Turns;
use super::{CLIENTS, folder, runtime};
use crate::Outcome;
use crate::contest::{Effort, Standing};
use crate::figure::Figure;

pub(super) const PATH: &str = "/callbacks";
const PEER: &str = "one autocommit insert each";
const SQLITE: [&str; 2] = [
    "callbacks over HTTP, SQLite, 64 connections",
    "callbacks over HTTP, SQLite, 1 connection",
];
const POSTGRES: [&str; 2] = [
    "callbacks over HTTP, PostgreSQL, 64 conn.",
    "callbacks over HTTP, PostgreSQL, 1 conn.",
];

pub(super) fn measure(
    effort: Effort,
    deliveries: &mut Deliveries,
    database_url: Option<&str>,
) -> Outcome<Vec<Figure>> {
    let servers = runtime()?;
    let mut figures = sqlite(&servers, effort, deliveries)?;
    figures.extend(if let Some(url) = database_url {
        postgres(&servers, effort, deliveries, url)?
    } else {
        let [many, one] = POSTGRES.map(|name| Figure::not_measured(name, PEER));
        vec![many.at_least(3000), one.at_most(1000)]
    });
    Ok(figures)
}

fn sqlite(servers: &Runtime, effort: Effort, deliveries: &mut Deliveries) -> Outcome<Vec<Figure>> {
    let folder = folder()?;
    let (store, peer) = servers.block_on(async {
        let path = |name: &str| folder.path().join(name);
        let store = SqliteStore::open(SqliteOptions::new(path("store.db"))).await?;
        Outcome::Ok((store, HandlerPeer::sqlite(&path("peer.db")).await?))
    })?;
    let standings = contest(servers, Arc::new(store.clone()), &peer, effort, deliveries)?;
    servers.block_on(async {
        store.close().await;
        peer.close().await;
    });
    Ok(figures(SQLITE, standings, 6000))
}

fn postgres(
    servers: &Runtime,
    effort: Effort,
    deliveries: &mut Deliveries,
    url: &str,
) -> Outcome<Vec<Figure>> {
    let schema = servers.block_on(Schema::new(url, "ingest"))?;
    let url = schema.url();
    let measured = (|| {
        let (store, peer) = servers.block_on(async {
            let store = PostgresStore::open(PostgresOptions::new(&url)).await?;
            Outcome::Ok((store, HandlerPeer::postgres(&url).await?))
        })?;
        let standings = contest(servers, Arc::new(store.clone()), &peer, effort, deliveries);
        servers.block_on(async {
            store.close().await;
            peer.close().await;
        });
        standings
    })();
    // Also after a failure: the server is not ours.
    servers.block_on(schema.drop())?;
    Ok(figures(POSTGRES, measured?, 3000))
}

fn figures(names: [&'static str; 2], standings: Standings, many_min: u64) -> Vec<Figure> {
    let [many, one] = names;
    vec![
        Figure::rate(many, PEER, standings.many).at_least(many_min),
        Figure::latency(one, PEER, standings.one).at_most(1000),
    ]
}

#[derive(Clone, Copy, Debug)]
struct Standings {
    /// Rates with 64 connections.
    many: Standing,
    /// Times with one.
    one: Standing,
}

fn contest(
    servers: &Runtime,
    inbox: SharedInbox,
    peer: &HandlerPeer,
    effort: Effort,
    deliveries: &mut Deliveries,
) -> Outcome<Standings> {
    let receiver = Receiver::new(inbox, "bench", delivery::ring(), SystemClock);
    let ours = serve(servers, receiver.router(PATH))?;
    let theirs = serve(servers, peer.clone().router(PATH))?;
    let clients = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    clients.block_on(async {
        let mut turns = Vec::new();
        for connections in [CLIENTS, 1] {
            let mut ours = Load::connect(ours, PATH, connections).await?;
            let mut theirs = Load::connect(theirs, PATH, connections).await?;
            turns.push(Turns::take(effort, deliveries, connections, &mut ours, &mut theirs).await?);
        }
        Ok(Standings {
            many: turns[0].rates(),
            one: turns[1].latencies(),
        })
    })
}

/// Serves it on a free port of this machine, until the runtime ends.
pub(super) fn serve(servers: &Runtime, app: Router) -> Outcome<SocketAddr> {
    let listener = servers.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    servers.spawn(async move { axum::serve(listener, app).await });
    Ok(address)
}

#[cfg(test)]
mod tests {
    use xgateway_store::Inbox as _;

    use super::*;

    #[test]
    fn the_peer_waits_for_the_disk() {
        let folder = folder().unwrap();
        runtime().unwrap().block_on(async {
            let peer = HandlerPeer::sqlite(&folder.path().join("peer.db")).await;
            let peer = peer.unwrap();
            let HandlerPeer::Sqlite(pool) = &peer else {
                panic!("another database");
            };
            let level = sqlx::query_scalar::<_, i64>("PRAGMA synchronous")
                .fetch_one(pool)
                .await;
            assert_eq!(level.unwrap(), 2, "FULL");
            peer.close().await;
        });
    }

    #[test]
    fn both_store_every_delivery() {
        let servers = runtime().unwrap();
        let folder = folder().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (store, peer) = servers.block_on(async {
            let options = SqliteOptions::new(path("store.db"));
            let store = SqliteStore::open(options).await.unwrap();
            (store, HandlerPeer::sqlite(&path("peer.db")).await.unwrap())
        });
        let inbox = Arc::new(store.clone());
        contest(
            &servers,
            inbox,
            &peer,
            Effort::QUICK,
            &mut Deliveries::new(),
        )
        .unwrap();
        servers.block_on(async {
            // Two rounds and one before, of 64 and of single ones.
            assert_eq!(store.counts().await.unwrap().open, 3 * (64 + 1));
            assert_eq!(peer.count().await, 3 * (64 + 1));
            store.close().await;
            peer.close().await;
        });
    }
}
