//! The receiver that is let loose on: `soak-receiver`, a process of its own.
//!
//! It says on stdout where it is, and obeys words on stdin: `drain` lets its clock run until nothing is left to be
//! done. At the end of stdin it ends.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use xgateway::api::environment::Environment;
use xgateway::callback::{Clock, KeyRing, Processor, ProcessorSettings, Receiver, SystemClock};
use xgateway::client::Client;
use xgateway::store::SharedInbox;
use xgateway::{ConfirmThrough, ReqwestTransport};
use xgateway_sandbox::Config;

use super::book::Place;
use crate::Outcome;
use crate::arguments::DatabaseUrl;
use crate::callbacks::runtime;

/// How many batches are confirmed and booked at a time.
const WORKERS: usize = 2;

/// What the parent tells it.
#[derive(Debug, clap::Args)]
pub(crate) struct Receiving {
    /// Where the gateway's API is.
    #[arg(long)]
    gateway: String,
    /// The seed of the gateway's keys.
    #[arg(long)]
    seed: u64,
    /// The SQLite file; without it the database is a PostgreSQL.
    #[arg(long)]
    file: Option<PathBuf>,
    /// Where that is.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<DatabaseUrl>,
}

pub(crate) fn run(receiving: &Receiving) -> Outcome<()> {
    runtime()?.block_on(async {
        let place = match (&receiving.file, &receiving.database_url) {
            (Some(file), _) => Place::Sqlite(file.clone()),
            (None, Some(url)) => Place::Postgres(url.expose().to_owned()),
            (None, None) => return Err("neither a file nor a server".into()),
        };
        let books = place.open().await?;
        let inbox = books.inbox();
        let config = Config::new(receiving.seed);
        let environment = Environment::sandbox(&receiving.gateway)?;
        let client = Client::new(environment, config.api_key, ReqwestTransport::new()?);
        let clock = Arc::new(MovableClock::default());
        let receiver = Receiver::new(
            inbox.clone(),
            ConfirmThrough::name_of(client.environment()),
            KeyRing::new(config.secret_key),
            clock.clone(),
        );
        let processor = Processor::new(
            Arc::new(ConfirmThrough::new(client)),
            books.together(),
            clock.clone(),
        );
        let settings = ProcessorSettings::default()
            .with_lease(Duration::from_secs(20))
            .with_idle(Duration::from_millis(250));
        let processor = Arc::new(processor.with_settings(settings));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/callbacks", listener.local_addr()?);
        let app = receiver.router("/callbacks");
        tokio::spawn(async move { axum::serve(listener, app).await });
        for _ in 0..WORKERS {
            let processor = processor.clone();
            tokio::spawn(async move { processor.run(std::future::pending()).await });
        }
        say(&url)?;
        for word in std::io::stdin().lock().lines() {
            if word? == "drain" {
                let dead = drain(&processor, &inbox, &clock).await?;
                say(&dead.to_string())?;
            }
        }
        Ok(())
    })
}

/// Works until nothing is open, whatever has to wait and whoever died with a lease; says how many were given up.
async fn drain(processor: &Processor, inbox: &SharedInbox, clock: &MovableClock) -> Outcome<u64> {
    loop {
        match processor.round().await {
            Ok(round) if round.claimed() > 0 => continue,
            Ok(_) => {}
            Err(error) if error.is_transient() => continue,
            Err(error) => return Err(error.into()),
        }
        let counts = inbox.counts().await?;
        if counts.open == 0 {
            return Ok(counts.dead);
        }
        clock.pass(SignedDuration::from_mins(10));
    }
}

fn say(line: &str) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// The clock of the machine, and what was put on top.
#[derive(Debug, Default)]
struct MovableClock {
    ahead_seconds: AtomicI64,
}

impl MovableClock {
    fn pass(&self, time: SignedDuration) {
        self.ahead_seconds
            .fetch_add(time.as_secs(), Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.ahead_seconds.load(Ordering::Relaxed));
        SystemClock
            .now()
            .saturating_add(ahead)
            .unwrap_or(Timestamp::MAX)
    }

    async fn pause(&self, time: Duration) {
        SystemClock.pause(time).await;
    }
}
