//! One whole call over loopback on a connection that stays open: ours, and the same in plain reqwest and plain hyper.
//!
//! All three run in turn on one thread with one runtime, so the CPU clock of that thread counts all that a client costs
//! and nothing of the server, which has a thread of its own.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use xgateway_api::environment::Environment;
use xgateway_api::types::Gateway8Request;
use xgateway_client::Client;
use xgateway_core::secret::ApiKey;
use xgateway_transport_reqwest::ReqwestTransport;

use crate::clock::Moment;
use crate::contest::{Effort, Standing};
use crate::ratio::Spread;
use crate::report::Figure;
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

pub(crate) fn measure(effort: Effort) -> Outcome<[Figure; 4]> {
    let address = server::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let base = format!("http://{address}/api");
    let mut ours = Ours::new(&base)?;
    let mut reqwest = PlainReqwest::new(&base)?;
    let mut hyper = runtime.block_on(PlainHyper::connect(address))?;

    // Opens the connections and warms up.
    for _ in 0..8 {
        slice(&runtime, &mut ours, effort.calls)?;
        slice(&runtime, &mut reqwest, effort.calls)?;
        slice(&runtime, &mut hyper, effort.calls)?;
    }
    let mut rounds = Vec::new();
    for round in 0..effort.rounds {
        let mut slices = [None; 3];
        // Who goes first changes.
        for turn in 0..3 {
            let who = (round + turn) % 3;
            let slice = match who {
                0 => slice(&runtime, &mut ours, effort.calls)?,
                1 => slice(&runtime, &mut reqwest, effort.calls)?,
                _ => slice(&runtime, &mut hyper, effort.calls)?,
            };
            slices[who as usize] = Some(slice);
        }
        rounds.push(slices.map(|slice| slice.expect("each had its turn")));
    }
    let cpu = |peer: usize| {
        let times: Vec<_> = rounds.iter().map(|r| (r[0].cpu, r[peer].cpu)).collect();
        Standing::of(&times, effort.calls, effort.calls)
    };
    let latency = |peer: usize| {
        let times: Vec<_> = rounds
            .iter()
            .map(|r| (r[0].latency, r[peer].latency))
            .collect();
        Standing::of(&times, 1, 1)
    };
    Ok([
        Figure::cpu("one call, loopback", "reqwest by hand", cpu(1)).at_most(1050),
        Figure::latency("one call, loopback", "reqwest by hand", latency(1)).at_most(1050),
        Figure::cpu("one call, loopback", "hyper by hand", cpu(2)),
        Figure::latency("one call, loopback", "hyper by hand", latency(2)),
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

/// hyper on one connection: no pool, no TLS, no time limit.
struct PlainHyper {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
    deposit: serde_peer::Deposit,
}

impl PlainHyper {
    async fn connect(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: HeaderValue::from_str(&address.to_string())?,
            deposit: serde_json::from_str(samples::DEPOSIT)?,
        })
    }
}

impl Caller for PlainHyper {
    async fn call(&mut self) -> Outcome<()> {
        let body = serde_json::to_vec(&self.deposit)?;
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v2/gateway8")
            .header(HOST, &self.host)
            .header(ACCEPT, "application/json")
            .header("x-api-key", samples::API_KEY)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::from(body))?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        if !response.status().is_success() {
            return Err(format!("status {}", response.status()).into());
        }
        let body = response.into_body().collect().await?.to_bytes();
        let answer: serde_peer::Envelope<serde_peer::Answer> = serde_json::from_slice(&body)?;
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
    fn all_three_make_the_call() {
        assert_eq!(measure(Effort::QUICK).unwrap().len(), 4);
    }
}
