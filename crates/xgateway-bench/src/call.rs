//! One whole call over loopback on a connection that stays open: ours over reqwest, and the same in plain reqwest.
//!
//! Both run in turn on one thread with one runtime, so the CPU clock of that thread counts all that a client costs
//! and nothing of the server, which has a thread of its own.

use std::time::Duration;

use http::header::ACCEPT;
use tokio::runtime::Runtime;
use xgateway_api::environment::Environment;
use xgateway_api::types::Gateway8Request;
use xgateway_client::Client;
use xgateway_core::secret::ApiKey;
use xgateway_transport_reqwest::ReqwestTransport;

use crate::clock::Moment;
use crate::contest::{Effort, Standing};
use crate::figure::Figure;
use crate::ratio::Spread;
use crate::rules::ours;
use crate::{Outcome, samples, serde_peer, server};

/// How long ours waits for an answer, and so the peers.
const TIMEOUT: Duration = Duration::from_secs(30);

/// One way to make the call: checks that the answer holds a URL for 3DS.
trait Caller {
    async fn call(&mut self) -> Outcome<()>;
}

/// What one slice of calls took.
#[derive(Clone, Copy, Debug)]
struct Slice {
    /// CPU time of them all.
    cpu: Duration,
    /// The median time of one.
    latency: Duration,
}

pub(crate) fn measure(effort: Effort) -> Outcome<[Figure; 2]> {
    let address = server::start(server::Version::Http1)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let base = format!("http://{address}/api");
    let mut ours = Ours::new(&base)?;
    let mut reqwest = PlainReqwest::new(&base)?;

    // Opens the connections and warms up.
    for _ in 0..8 {
        slice(&runtime, &mut ours, effort.calls)?;
        slice(&runtime, &mut reqwest, effort.calls)?;
    }
    let mut rounds = Vec::new();
    for round in 0..effort.rounds {
        // Who goes first changes.
        rounds.push(if round % 2 == 0 {
            let first = slice(&runtime, &mut ours, effort.calls)?;
            (first, slice(&runtime, &mut reqwest, effort.calls)?)
        } else {
            let second = slice(&runtime, &mut reqwest, effort.calls)?;
            (slice(&runtime, &mut ours, effort.calls)?, second)
        });
    }
    let cpu: Vec<_> = rounds.iter().map(|(a, b)| (a.cpu, b.cpu)).collect();
    let cpu = Standing::of(&cpu, effort.calls, effort.calls);
    let latency: Vec<_> = rounds.iter().map(|(a, b)| (a.latency, b.latency)).collect();
    let latency = Standing::of(&latency, 1, 1);
    Ok([
        Figure::cpu("one call, loopback", "reqwest by hand", cpu).at_most(1050),
        Figure::latency("one call, loopback", "reqwest by hand", latency).at_most(1050),
    ])
}

fn slice(runtime: &Runtime, caller: &mut impl Caller, calls: u32) -> Outcome<Slice> {
    runtime.block_on(async {
        let mut latencies = Vec::new();
        let start = Moment::now();
        for _ in 0..calls {
            let before = Moment::now();
            caller.call().await?;
            latencies.push(before.elapsed().wall);
        }
        Ok(Slice {
            cpu: start.elapsed().cpu,
            latency: Spread::of(latencies).median,
        })
    })
}

/// The client with its own transport. It checks the rules before each call, which the peers do not.
struct Ours {
    client: Client,
    deposit: Gateway8Request,
}

impl Ours {
    fn new(base: &str) -> Outcome<Self> {
        let environment = Environment::sandbox(base)?;
        let key = ApiKey::parse(samples::API_KEY)?;
        Ok(Self {
            client: Client::new(environment, key, ReqwestTransport::new()?),
            deposit: ours(samples::DEPOSIT),
        })
    }
}

impl Caller for Ours {
    async fn call(&mut self) -> Outcome<()> {
        let answer = self.client.send(&self.deposit).await?;
        has_url(answer.data().three_ds_url.as_deref())
    }
}

/// reqwest with the same settings as our transport's.
struct PlainReqwest {
    client: reqwest::Client,
    url: String,
    deposit: serde_peer::Deposit,
}

impl PlainReqwest {
    fn new(base: &str) -> Outcome<Self> {
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .pool_idle_timeout(Duration::from_secs(20))
            .pool_max_idle_per_host(64)
            .user_agent("by-hand/1.0")
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .timeout(TIMEOUT)
            .build()?;
        Ok(Self {
            client,
            url: format!("{base}/v2/gateway8"),
            deposit: serde_json::from_str(samples::DEPOSIT)?,
        })
    }
}

impl Caller for PlainReqwest {
    async fn call(&mut self) -> Outcome<()> {
        let answer: serde_peer::Envelope<serde_peer::Answer> = self
            .client
            .post(&self.url)
            .header(ACCEPT, "application/json")
            .header("x-api-key", samples::API_KEY)
            .json(&self.deposit)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        has_url(answer.data.three_ds_url.as_deref())
    }
}

fn has_url(url: Option<&str>) -> Outcome<()> {
    match url {
        Some(_) => Ok(()),
        None => Err("the answer holds no URL".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_make_the_call() {
        assert_eq!(measure(Effort::QUICK).unwrap().len(), 2);
    }
}
