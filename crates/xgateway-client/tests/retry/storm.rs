//! A gateway in trouble gets few more calls than it would have got without retries.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use tokio::task::JoinSet;
use tokio::time::sleep;
use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_core::id::OrderId;
use xgateway_core::secret::ApiKey;
use xgateway_sandbox::{Config, Sandbox, SandboxTransport};
use xgateway_transport::{Body, Transport, TransportError};

const CLONES: u64 = 50;
const CALLS_EACH: u64 = 20;

/// The sandbox behind a balancer that answers every `failing`th call by itself, with 503.
#[derive(Clone, Debug)]
struct Balancer {
    sandbox: SandboxTransport,
    failing: u64,
    load: Arc<AtomicU64>,
}

#[async_trait]
impl Transport for Balancer {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let number = self.load.fetch_add(1, Ordering::Relaxed);
        if number.is_multiple_of(self.failing) {
            let mut answer = Response::new(Bytes::new());
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            return Ok(answer);
        }
        self.sandbox.send(request).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_storm_grows_by_less_than_a_tenth() {
    // All calls fail, every second one, every tenth.
    for failing in [1, 2, 10] {
        let (load, client) = storm(failing).await;
        let calls = CLONES * CALLS_EACH;
        assert!(load * 10 <= calls * 11, "{load} requests for {calls} calls");
        // It does try again, or the bound would say nothing.
        assert!(load >= calls + 10, "{load}");
        let counters = client.counters();
        assert_eq!(counters.calls, calls);
        assert_eq!(counters.requests, load);
        assert_eq!(counters.retries, load - calls);
        if failing == 1 {
            // Nothing is paid in while nothing works: what was saved is all there is.
            assert_eq!((load, client.retry_budget().left()), (calls + 10, 0));
            assert!(counters.budget_stops >= calls - 10);
        }
    }
}

async fn storm(failing: u64) -> (u64, Client) {
    let sandbox = Sandbox::new(Config::new(1));
    let balancer = Balancer {
        sandbox: sandbox.transport(),
        failing,
        load: Arc::default(),
    };
    let environment = Environment::sandbox(&sandbox.base_url()).unwrap();
    let key = sandbox.world(|world| world.config().api_key.expose().to_owned());
    let client = Client::new(environment, ApiKey::parse(key).unwrap(), balancer.clone());
    let mut tasks = JoinSet::new();
    for _ in 0..CLONES {
        let client = client.clone();
        tasks.spawn(async move {
            for _ in 0..CALLS_EACH {
                let id = OrderId::parse("no-such-order").unwrap();
                client.invoice_by_order(&id).await.unwrap_err();
                sleep(Duration::from_millis(50)).await;
            }
        });
    }
    tasks.join_all().await;
    (balancer.load.load(Ordering::Relaxed), client)
}
