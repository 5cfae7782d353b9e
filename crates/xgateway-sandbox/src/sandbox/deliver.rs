//! Callbacks to the merchant: one attempt each.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::task::JoinSet;
use xgateway_transport::{Body, SharedTransport, Transport as _};

use super::Sandbox;
use crate::config::CallbackUrl;
use crate::world::{OutgoingCallback, World};

/// How long the merchant may take to answer.
const CALLBACK_TIMEOUT: Duration = Duration::from_secs(10);

/// How many callbacks are on their way at a time.
const AT_A_TIME: usize = 8;

impl Sandbox {
    /// Sends the callbacks that are due, one attempt each, and says how many there were. Those about the same thing follow
    /// each other, the oldest first; different things, and two copies of one, do not wait for each other.
    ///
    /// A callback that is not answered with 2xx falls due again later, by the world's clock. What became of each
    /// attempt is in the world's events. Without a callback URL in the configuration nothing is sent, and the callbacks
    /// wait on.
    ///
    /// # Panics
    ///
    /// If the transport does.
    pub async fn deliver_callbacks(&self, transport: &SharedTransport) -> usize {
        let Some(url) = self.act(|world| world.config().callback_url.clone()).0 else {
            return 0;
        };
        let _busy = self.shared.activity.begin();
        let callbacks = self.change(World::take_callbacks).await;
        let count = callbacks.len();
        let mut queues = queues(callbacks).into_iter();
        let mut running = JoinSet::new();
        loop {
            while running.len() < AT_A_TIME
                && let Some(queue) = queues.next()
            {
                let (sandbox, transport) = (self.clone(), transport.clone());
                let url = url.clone();
                running.spawn(async move {
                    for callback in &queue {
                        sandbox.attempt(callback, &url, &transport).await;
                    }
                });
            }
            match running.join_next().await {
                Some(Ok(())) => {}
                Some(Err(error)) => {
                    if let Ok(panic) = error.try_into_panic() {
                        std::panic::resume_unwind(panic);
                    }
                }
                None => return count,
            }
        }
    }

    async fn attempt(
        &self,
        callback: &OutgoingCallback,
        url: &CallbackUrl,
        transport: &SharedTransport,
    ) {
        let request = callback.request(url).map(Body::from);
        let answer = tokio::time::timeout(CALLBACK_TIMEOUT, transport.send(request)).await;
        let status = match answer {
            Ok(Ok(answer)) => Some(answer.status().as_u16()),
            Ok(Err(_)) | Err(_) => None,
        };
        let number = callback.number();
        tracing::debug!(number, status, "callback attempted");
        self.change(|world| world.record_callback_attempt(number, status))
            .await;
    }

    /// Delivers callbacks as they arise, until it is dropped.
    pub(super) async fn keep_delivering(self, transport: SharedTransport) {
        loop {
            self.deliver_callbacks(&transport).await;
            self.shared.callbacks.notified().await;
        }
    }
}

/// What follows each other: callbacks about one thing, and its second copies apart. In the order in which they are due.
fn queues(callbacks: Vec<OutgoingCallback>) -> Vec<Vec<OutgoingCallback>> {
    let mut queues: Vec<Vec<OutgoingCallback>> = Vec::new();
    let mut places = BTreeMap::new();
    let mut last = 0;
    for callback in callbacks {
        let is_copy = std::mem::replace(&mut last, callback.number()) == callback.number();
        let key = (callback.subject_id().to_owned(), is_copy);
        let place = *places.entry(key).or_insert(queues.len());
        if place == queues.len() {
            queues.push(Vec::new());
        }
        queues[place].push(callback);
    }
    queues
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::mpsc;

    use bytes::Bytes;
    use xgateway_transport::test_util::MockTransport;

    use super::*;
    use crate::config::Config;
    use crate::event::Event;
    use crate::sandbox::keeper::{Disk, Keeper};

    /// Writes when somebody says so.
    struct Slow(mpsc::Receiver<()>);

    impl Disk for Slow {
        fn append(&mut self, _: &[Event]) -> io::Result<()> {
            let _ = self.0.recv();
            Ok(())
        }

        fn is_long(&self) -> bool {
            false
        }

        fn compact(&mut self, _: &World, _: &[Event]) -> io::Result<()> {
            Ok(())
        }
    }

    /// There is one thread: if it waited for the disk, nobody would be left to say so.
    #[tokio::test]
    async fn a_delivery_does_not_hold_up_the_thread_while_the_disk_is_slow() {
        let mut config = Config::new(1);
        config.callback_url = CallbackUrl::parse("http://merchant.invalid/").ok();
        let key = config.api_key.clone();
        let mut world = World::new(config);
        world.keep_unsaved();
        let request = http::Request::post("/api/v2/customer/c/bank-transfer/user")
            .header("x-api-key", key.expose())
            .header("content-type", "application/json")
            .body(Bytes::from("{}"))
            .unwrap();
        assert_eq!(world.handle(&request).status(), 201);
        let (write, written) = mpsc::channel();
        let keeper = Keeper::new(Slow(written), 0).unwrap();
        let sandbox = Sandbox::of(world, Some(keeper));
        let mut transport = MockTransport::new();
        let answer = |_| Ok(http::Response::new(Bytes::new()));
        transport.expect_send().times(1).returning(answer);
        let transport = SharedTransport::new(transport);
        let delivered = sandbox.deliver_callbacks(&transport);
        let disk = async {
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            drop(write);
        };
        assert_eq!(tokio::join!(delivered, disk).0, 1);
    }
}
