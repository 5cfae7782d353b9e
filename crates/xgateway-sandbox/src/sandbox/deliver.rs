//! Callbacks to the merchant: one attempt each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use xgateway_transport::{Body, SharedTransport, Transport as _};

use super::Sandbox;
use crate::config::CallbackUrl;
use crate::world::{OutgoingCallback, Way, World};

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
    /// wait on; so they do while [the log cannot be written](Self::next_log_problem).
    ///
    /// If this is dropped before its end, what was not attempted waits on, and what was under way comes again.
    ///
    /// # Panics
    ///
    /// If the transport does.
    pub async fn deliver_callbacks(&self, transport: &SharedTransport) -> usize {
        let Some(url) = self.act(|world| world.config().callback_url.clone()).0 else {
            return 0;
        };
        if self.is_stuck() {
            return 0;
        }
        let _busy = self.shared.activity.begin();
        let (callbacks, last) = self.act(World::take_callbacks);
        let taken = Taken::new(self, &callbacks);
        // Nobody is told of what would be gone after a crash.
        if !self.kept(last).await {
            return 0;
        }
        let count = callbacks.len();
        let mut queues = queues(callbacks).into_iter();
        let mut running = JoinSet::new();
        loop {
            while running.len() < AT_A_TIME
                && let Some(queue) = queues.next()
            {
                let (sandbox, transport) = (self.clone(), transport.clone());
                let (url, waiting) = (url.clone(), Arc::clone(&taken.waiting));
                running.spawn(async move {
                    for (place, callback) in &queue {
                        let status = attempt(callback, &url, &transport).await;
                        let number = callback.number();
                        tracing::debug!(number, status, "callback attempted");
                        let attempted = |world: &mut World| {
                            waiting.attempted(*place);
                            world.record_callback_attempt(number, status);
                        };
                        sandbox.change(attempted).await;
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

    /// Delivers callbacks as they arise, until it is dropped.
    pub(super) async fn keep_delivering(self, transport: SharedTransport) {
        loop {
            if let Some(keeper) = &self.shared.keeper {
                keeper.unstuck().await;
            }
            self.deliver_callbacks(&transport).await;
            self.shared.callbacks.notified().await;
        }
    }
}

/// The merchant's status, if there was an answer.
async fn attempt(
    callback: &OutgoingCallback,
    url: &CallbackUrl,
    transport: &SharedTransport,
) -> Option<u16> {
    let request = callback.request(url).map(Body::from);
    let answer = tokio::time::timeout(CALLBACK_TIMEOUT, transport.send(request)).await;
    match answer {
        Ok(Ok(answer)) => Some(answer.status().as_u16()),
        Ok(Err(_)) | Err(_) => None,
    }
}

/// What was taken. Whatever of it was not attempted when this is dropped is put back.
struct Taken<'a> {
    sandbox: &'a Sandbox,
    waiting: Arc<Waiting>,
}

/// How each callback goes back, unless it was attempted. Used by whoever holds the world.
struct Waiting(Mutex<Vec<Option<Way>>>);

impl<'a> Taken<'a> {
    fn new(sandbox: &'a Sandbox, callbacks: &[OutgoingCallback]) -> Self {
        let ways = callbacks.iter().map(OutgoingCallback::way).collect();
        Self {
            sandbox,
            waiting: Arc::new(Waiting(Mutex::new(ways))),
        }
    }
}

impl Waiting {
    fn attempted(&self, place: usize) {
        let mut ways = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // After it was put back there is nothing left.
        if let Some(way) = ways.get_mut(place) {
            *way = None;
        }
    }

    fn rest(&self) -> Vec<Way> {
        let mut ways = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ways.drain(..).flatten().collect()
    }

    fn is_over(&self) -> bool {
        let ways = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ways.iter().all(Option::is_none)
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if !self.waiting.is_over() {
            self.sandbox.act(|world| {
                for way in self.waiting.rest() {
                    world.put_back(way);
                }
            });
        }
    }
}

/// What follows each other: callbacks about one thing, and its second copies apart. In the order in which they are due,
/// each with its place among all.
fn queues(callbacks: Vec<OutgoingCallback>) -> Vec<Vec<(usize, OutgoingCallback)>> {
    let mut queues: Vec<Vec<_>> = Vec::new();
    let mut places = BTreeMap::new();
    let mut last = 0;
    for (number, callback) in callbacks.into_iter().enumerate() {
        let is_copy = std::mem::replace(&mut last, callback.number()) == callback.number();
        let key = (callback.subject_id().to_owned(), is_copy);
        let place = *places.entry(key).or_insert(queues.len());
        if place == queues.len() {
            queues.push(Vec::new());
        }
        queues[place].push((number, callback));
    }
    queues
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io;
    use std::pin::Pin;
    use std::sync::atomic::Ordering;
    use std::sync::mpsc;
    use std::task::Poll;

    use async_trait::async_trait;
    use bytes::Bytes;
    use http::{Request, Response};
    use tokio::time::timeout;
    use xgateway_transport::test_util::MockTransport;
    use xgateway_transport::{Transport, TransportError};

    use super::*;
    use crate::config::{ClockMode, Config};
    use crate::event::Event;
    use crate::faults::{CallbackFault, Fault, FaultRule, Faults};
    use crate::sandbox::keeper::tests::Full;
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

    /// A world that owes the merchant as many callbacks, and keeps its events for somebody.
    fn owing(callbacks: usize) -> World {
        let mut config = Config::new(1);
        config.callback_url = CallbackUrl::parse("http://merchant.invalid/").ok();
        let mut world = World::new(config);
        world.keep_unsaved();
        for customer in 0..callbacks {
            ask(&mut world, &format!("{customer}/bank-transfer/user"), "{}");
        }
        world
    }

    fn ask(world: &mut World, path: &str, body: &'static str) {
        let request = Request::post(format!("/api/v2/customer/{path}"))
            .header("x-api-key", world.config().api_key.expose())
            .header("content-type", "application/json")
            .body(Bytes::from(body))
            .unwrap();
        assert_eq!(world.handle(&request).status(), 201);
    }

    /// A merchant who takes over so many callbacks.
    fn answers(count: usize) -> SharedTransport {
        let mut transport = MockTransport::new();
        let answer = |_| Ok(Response::new(Bytes::new()));
        transport.expect_send().times(count).returning(answer);
        SharedTransport::new(transport)
    }

    /// There is one thread: if it waited for the disk, nobody would be left to say so.
    #[tokio::test]
    async fn a_delivery_does_not_hold_up_the_thread_while_the_disk_is_slow() {
        let (write, written) = mpsc::channel();
        let keeper = Keeper::new(Slow(written), 0).unwrap();
        let sandbox = Sandbox::of(owing(1), Some(keeper));
        let transport = answers(1);
        let delivered = sandbox.deliver_callbacks(&transport);
        let disk = async {
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            drop(write);
        };
        assert_eq!(tokio::join!(delivered, disk).0, 1);
    }

    #[tokio::test]
    async fn nobody_is_told_of_what_is_not_on_disk() {
        let disk = Full::default();
        let has_room = Arc::clone(&disk.has_room);
        let sandbox = Sandbox::of(owing(2), Some(Keeper::new(disk, 0).unwrap()));
        // The disk turns out to be full while they are taken, and then it is known.
        for _ in 0..2 {
            assert_eq!(sandbox.deliver_callbacks(&answers(0)).await, 0);
            assert!(sandbox.is_stuck());
        }
        has_room.store(true, Ordering::SeqCst);
        sandbox.world(|world| world.advance(jiff::SignedDuration::from_secs(1)));
        sandbox.shared.keeper.as_ref().unwrap().unstuck().await;
        assert_eq!(sandbox.deliver_callbacks(&answers(2)).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_goes_by_itself_stands_still_while_nothing_can_be_kept() {
        for mode in [ClockMode::Real, ClockMode::Auto] {
            let disk = Full::default();
            let has_room = Arc::clone(&disk.has_room);
            let mut world = owing(1);
            world.set_clock_mode(mode);
            // Nobody waits for its callback.
            world.take_callbacks();
            let start = world.now();
            let account = r#"{"currency":"EUR"}"#;
            ask(&mut world, "0/bank-transfer/account", account);
            let sandbox = Sandbox::of(world, Some(Keeper::new(disk, 0).unwrap()));
            sandbox.world(|_| ());
            assert!(sandbox.is_stuck());
            let minute = Duration::from_mins(1);
            let passed = || sandbox.act(|world| world.now().duration_since(start)).0;
            assert!(timeout(minute, sandbox.keep_time()).await.is_err());
            assert!(passed().is_zero(), "{mode:?}");
            has_room.store(true, Ordering::SeqCst);
            sandbox.shared.keeper.as_ref().unwrap().unstuck().await;
            assert!(timeout(minute, sandbox.keep_time()).await.is_err());
            assert!(passed().is_positive(), "{mode:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_jumps_past_callbacks_that_nobody_delivers() {
        let mut world = owing(1);
        let start = world.now();
        world.set_clock_mode(ClockMode::Auto);
        ask(
            &mut world,
            "0/bank-transfer/account",
            r#"{"currency":"EUR"}"#,
        );
        let idle = Sandbox::of(world.fork(), None);
        let served = Sandbox::of(world, None).with_callback_transport(answers(0));
        for (sandbox, jumps) in [(idle, true), (served, false)] {
            let minute = Duration::from_mins(1);
            assert!(timeout(minute, sandbox.keep_time()).await.is_err());
            assert_eq!(sandbox.act(|world| world.now() > start).0, jumps);
        }
    }

    async fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
        let mut future = Pin::new(future);
        poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
    }

    /// Never answers.
    #[derive(Debug)]
    struct Silent;

    #[async_trait]
    impl Transport for Silent {
        async fn send(&self, _: Request<Body>) -> Result<Response<Bytes>, TransportError> {
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn what_was_taken_and_not_attempted_waits_on() {
        let mut world = owing(12);
        let twice = FaultRule::new(Fault::Callback(CallbackFault::Twice)).order("3");
        let forged = FaultRule::new(Fault::Callback(CallbackFault::Forge)).order("4");
        world.add_faults(Faults::from_iter([twice.times(1), forged.times(1)]));
        let mut fork = world.fork();
        let bodies = |taken: Vec<OutgoingCallback>| {
            let mut bodies: Vec<_> = taken.iter().map(|it| it.body().clone()).collect();
            bodies.sort();
            bodies
        };
        let want = bodies(fork.take_callbacks());
        assert_eq!(want.len(), 13);
        let sandbox = Sandbox::of(world, None);
        let silent = SharedTransport::new(Silent);
        for _ in 0..2 {
            // More than are under way at a time.
            let mut delivery = Box::pin(sandbox.deliver_callbacks(&silent));
            for _ in 0..3 {
                assert!(poll_once(&mut delivery).await.is_pending());
                tokio::task::yield_now().await;
            }
            drop(delivery);
        }
        // The faults that were drawn hold.
        assert_eq!(bodies(sandbox.act(World::take_callbacks).0), want);
        assert_eq!(sandbox.deliver_callbacks(&answers(0)).await, 0);
    }
}
