//! Calls on several lanes at a time, each making one after the other.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::clock::Moment;
use crate::ratio::Spread;

/// What may go wrong in a task.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// One way to make the call: checks that the answer holds a URL for 3DS.
pub(crate) trait Caller: Send + Sync + 'static {
    fn call(&self) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// What one slice of calls took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice {
    /// CPU time of them all.
    pub(super) cpu: Duration,
    /// The median time of one.
    pub(super) latency: Duration,
}

pub(super) fn slice(
    runtime: &Runtime,
    caller: &Arc<impl Caller>,
    lanes: u32,
    calls: u32,
) -> Outcome<Slice> {
    runtime.block_on(async {
        let start = Moment::now();
        let mut tasks = JoinSet::new();
        for _ in 0..lanes {
            tasks.spawn(lane(Arc::clone(caller), calls));
        }
        let mut latencies = Vec::new();
        while let Some(lane) = tasks.join_next().await {
            latencies.extend(lane?.map_err(|error| error.to_string())?);
        }
        Ok(Slice {
            cpu: start.elapsed().cpu,
            latency: Spread::of(latencies).median,
        })
    })
}

async fn lane(caller: Arc<impl Caller>, calls: u32) -> Result<Vec<Duration>, Failure> {
    let mut latencies = Vec::new();
    for _ in 0..calls {
        let before = Moment::now();
        caller.call().await?;
        latencies.push(before.elapsed().wall);
    }
    Ok(latencies)
}
