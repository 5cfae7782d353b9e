use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use xgateway::callback::Clock;

use crate::gateway::duration;
use crate::sim::Sim;

/// The merchant's clock, which jumps now and then. Pauses go by the true time.
#[derive(Clone, Debug)]
pub(crate) struct MerchantClock(pub(crate) Sim);

#[async_trait]
impl Clock for MerchantClock {
    fn now(&self) -> Timestamp {
        self.0.with(|state| {
            let ahead = SignedDuration::from_millis(state.merchant_ahead);
            state.gateway.start() + duration(state.now) + ahead
        })
    }

    async fn pause(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        // Only the workers wait by this clock, and for nothing else than callbacks.
        self.0.pause_for_callback(time).await;
    }

    async fn limit(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.0.limit(time).await;
    }
}
