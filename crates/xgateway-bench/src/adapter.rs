//! One whole call through our hyper adapter, all rules included, against hyper and serde by hand.
//!
//! The peer does the same job: it keeps connections for the next call, limits the time of a call, and sends the same
//! headers. Both run in turn on one thread with one runtime; the server has a thread of its own.

mod by_hand;
mod lanes;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::runtime::Runtime;
use xgateway_api::environment::Environment;
use xgateway_api::types::Gateway8Request;
use xgateway_client::Client;
use xgateway_core::secret::ApiKey;
use xgateway_transport_hyper::HyperTransport;

use self::by_hand::ByHand;
pub(crate) use self::lanes::Caller;
use self::lanes::{Failure, slice};
use crate::contest::{Effort, Standing};
use crate::figure::Figure;
use crate::rules::ours;
use crate::server::{self, Version};
use crate::{Outcome, samples};

/// A way to measure: version, calls in flight, and the names of the two figures.
const CASES: [(Version, u32, &str); 4] = [
    (Version::Http1, 1, "one call, hyper adapter, HTTP/1.1"),
    (
        Version::Http1,
        16,
        "one call, hyper adapter, HTTP/1.1, 16 in flight",
    ),
    (Version::Http2, 1, "one call, hyper adapter, HTTP/2"),
    (
        Version::Http2,
        16,
        "one call, hyper adapter, HTTP/2, 16 in flight",
    ),
];

pub(crate) fn measure(effort: Effort) -> Outcome<Vec<Figure>> {
    let mut figures = Vec::new();
    for (version, in_flight, name) in CASES {
        let address = server::start(version)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let [cpu, latency] = contest(&runtime, address, version, in_flight, effort)?;
        figures.push(Figure::cpu(name, "hyper by hand", cpu).at_most(1050));
        figures.push(Figure::latency(name, "hyper by hand", latency).at_most(1050));
    }
    Ok(figures)
}

fn contest(
    runtime: &Runtime,
    address: SocketAddr,
    version: Version,
    in_flight: u32,
    effort: Effort,
) -> Outcome<[Standing; 2]> {
    let ours = Arc::new(Ours::new(address, version)?);
    let peer = Arc::new(ByHand::new(address, version)?);
    // Opens the connections and warms up.
    for _ in 0..8 {
        slice(runtime, &ours, in_flight, effort.calls)?;
        slice(runtime, &peer, in_flight, effort.calls)?;
    }
    let (mut cpus, mut latencies) = (Vec::new(), Vec::new());
    for round in 0..effort.rounds {
        // Who goes first changes.
        let (first, second) = if round % 2 == 0 {
            let first = slice(runtime, &ours, in_flight, effort.calls)?;
            (first, slice(runtime, &peer, in_flight, effort.calls)?)
        } else {
            let second = slice(runtime, &peer, in_flight, effort.calls)?;
            (slice(runtime, &ours, in_flight, effort.calls)?, second)
        };
        cpus.push((first.cpu, second.cpu));
        latencies.push((first.latency, second.latency));
    }
    let calls = effort.calls * in_flight;
    Ok([
        Standing::of(&cpus, calls, calls),
        Standing::of(&latencies, 1, 1),
    ])
}

/// The client over the adapter. It checks the rules before each call, which the peer does not.
pub(crate) struct Ours {
    client: Client,
    deposit: Gateway8Request,
}

impl Ours {
    pub(crate) fn new(address: SocketAddr, version: Version) -> Outcome<Self> {
        let environment = Environment::sandbox(&format!("http://{address}/api"))?;
        let transport = HyperTransport::builder()
            .http2_prior_knowledge(version == Version::Http2)
            .build()?;
        Ok(Self {
            client: Client::new(environment, ApiKey::parse(samples::API_KEY)?, transport),
            deposit: ours(samples::DEPOSIT),
        })
    }
}

impl Caller for Ours {
    async fn call(&self) -> Result<(), Failure> {
        let answer = self.client.send(&self.deposit).await?;
        match answer.data().three_ds_url {
            Some(_) => Ok(()),
            None => Err("the answer holds no URL".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_make_the_call_in_each_way() {
        assert_eq!(measure(Effort::QUICK).unwrap().len(), 8);
    }
}
