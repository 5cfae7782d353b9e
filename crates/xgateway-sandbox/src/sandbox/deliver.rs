//! Callbacks to the merchant: one attempt each.

use std::time::Duration;

use xgateway_transport::{Body, SharedTransport, Transport as _};

use super::Sandbox;
use crate::world::World;

/// How long the merchant may take to answer.
const CALLBACK_TIMEOUT: Duration = Duration::from_secs(10);

impl Sandbox {
    /// Sends the callbacks that are due, the oldest first and one attempt each, and says how many there were.
    ///
    /// A callback that is not answered with 2xx falls due again later, by the world's clock. What became of each
    /// attempt is in the world's events. Without a callback URL in the configuration nothing is sent, and the callbacks
    /// wait on.
    pub async fn deliver_callbacks(&self, transport: &SharedTransport) -> usize {
        let Some(url) = self.world(|world| world.config().callback_url.clone()) else {
            return 0;
        };
        let _busy = self.shared.activity.begin();
        let callbacks = self.world(World::take_callbacks);
        for callback in &callbacks {
            let request = callback.request(&url).map(Body::from);
            let answer = tokio::time::timeout(CALLBACK_TIMEOUT, transport.send(request)).await;
            let status = match answer {
                Ok(Ok(answer)) => Some(answer.status().as_u16()),
                Ok(Err(_)) | Err(_) => None,
            };
            let number = callback.number();
            tracing::debug!(number, status, "callback attempted");
            self.world(|world| world.record_callback_attempt(number, status));
        }
        callbacks.len()
    }

    /// Delivers callbacks as they arise, until it is dropped.
    pub(super) async fn keep_delivering(self, transport: SharedTransport) {
        loop {
            self.deliver_callbacks(&transport).await;
            self.shared.callbacks.notified().await;
        }
    }
}
