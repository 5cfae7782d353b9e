//! Callbacks to the merchant: one attempt each.

mod taken;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use xgateway_transport::{Body, SharedTransport, Transport as _};

use self::taken::{Taken, Ticket};
use super::Sandbox;
use super::time::Busy;
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
    /// wait on; so they do while [the log cannot be written](Self::next_log_problem).
    ///
    /// If this is dropped before its end, what was not attempted waits on, and what was under way comes again.
    ///
    /// # Panics
    ///
    /// If the transport does.
    pub async fn deliver_callbacks(&self, transport: &SharedTransport) -> usize {
        if self.is_stuck() {
            return 0;
        }
        let mut round = Round::new(self, transport);
        let count = round.take().await;
        while let Some(attempted) = round.running.join_next().await {
            round.go_on(attempted);
        }
        count
    }

    /// Delivers callbacks as they arise, until it is dropped. One that is not answered holds up what follows about the same
    /// thing, and nothing else.
    pub(super) async fn keep_delivering(self, transport: SharedTransport) {
        let mut round = Round::new(&self, &transport);
        // Some may wait already.
        let mut is_rung = true;
        loop {
            if is_rung && !self.is_stuck() {
                is_rung = false;
                round.take().await;
            }
            tokio::select! {
                Some(attempted) = round.running.join_next() => round.go_on(attempted),
                () = self.shared.callbacks.notified(), if !is_rung => is_rung = true,
                () = self.unstuck(), if is_rung => {}
            }
        }
    }

    /// Waits until nothing keeps events from being kept.
    async fn unstuck(&self) {
        if let Some(keeper) = &self.shared.keeper {
            keeper.unstuck().await;
        }
    }
}

/// What follows each other: callbacks about one thing, and the second copies of those apart.
type Lane = (String, bool);

/// Callbacks on their way.
struct Round<'a> {
    sandbox: &'a Sandbox,
    transport: &'a SharedTransport,
    url: Option<CallbackUrl>,
    /// Dropped before what was taken goes back.
    running: JoinSet<Lane>,
    taken: Taken,
    /// What waits in each lane of which something waits or is under way.
    lanes: BTreeMap<Lane, VecDeque<(Ticket, OutgoingCallback)>>,
    /// The lanes that wait for room, in their turn.
    ready: VecDeque<Lane>,
    /// A clock that jumps waits meanwhile.
    busy: Option<Busy<'a>>,
}

impl<'a> Round<'a> {
    fn new(sandbox: &'a Sandbox, transport: &'a SharedTransport) -> Self {
        Self {
            sandbox,
            transport,
            url: None,
            running: JoinSet::new(),
            taken: Taken::new(sandbox),
            lanes: BTreeMap::new(),
            ready: VecDeque::new(),
            busy: None,
        }
    }

    /// Takes what is due and sends it as far as there is room; how many there are.
    async fn take(&mut self) -> usize {
        let sandbox = self.sandbox;
        self.url = sandbox.act(|world| world.config().callback_url.clone()).0;
        if self.url.is_none() {
            return 0;
        }
        let activity = &sandbox.shared.activity;
        self.busy.get_or_insert_with(|| activity.begin());
        let waiting = Arc::clone(self.taken.waiting());
        let first = waiting.next();
        let (taken, last) = sandbox.act(|world| {
            let callbacks = world.take_callbacks().into_iter();
            let taken = callbacks.map(|callback| (waiting.add(&callback), callback));
            taken.collect::<Vec<_>>()
        });
        let mut count = 0;
        // Nobody is told of what would be gone after a crash.
        if sandbox.kept(last).await {
            count = taken.len();
            self.line_up(taken);
            self.send();
        } else {
            self.taken.put_back_since(first);
        }
        self.rest();
        count
    }

    fn line_up(&mut self, taken: Vec<(Ticket, OutgoingCallback)>) {
        let mut before = 0;
        for (ticket, callback) in taken {
            let is_copy = std::mem::replace(&mut before, callback.number()) == callback.number();
            let lane = (callback.subject_id().to_owned(), is_copy);
            let queue = self.lanes.entry(lane.clone()).or_insert_with(|| {
                self.ready.push_back(lane);
                VecDeque::new()
            });
            queue.push_back((ticket, callback));
        }
    }

    /// Sends what waits, as far as there is room.
    fn send(&mut self) {
        while self.running.len() < AT_A_TIME
            && let Some(lane) = self.ready.pop_front()
        {
            let waits = self.lanes.get_mut(&lane).and_then(VecDeque::pop_front);
            let (Some((ticket, callback)), Some(url)) = (waits, self.url.clone()) else {
                self.lanes.remove(&lane);
                continue;
            };
            let (sandbox, transport) = (self.sandbox.clone(), self.transport.clone());
            let waiting = Arc::clone(self.taken.waiting());
            self.running.spawn(async move {
                let status = attempt(&callback, &url, &transport).await;
                let number = callback.number();
                tracing::debug!(number, status, "callback attempted");
                let attempted = |world: &mut World| {
                    waiting.attempted(ticket);
                    world.record_callback_attempt(number, status);
                };
                sandbox.change(attempted).await;
                lane
            });
        }
    }

    /// Sends what waited for an attempt.
    fn go_on(&mut self, attempted: Result<Lane, JoinError>) {
        match attempted {
            Ok(lane) if self.lanes.get(&lane).is_some_and(|queue| !queue.is_empty()) => {
                self.ready.push_back(lane);
            }
            Ok(lane) => drop(self.lanes.remove(&lane)),
            Err(error) => {
                if let Ok(panic) = error.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
        self.send();
        self.rest();
    }

    /// Lets the clock go on, if nothing is left.
    fn rest(&mut self) {
        if self.lanes.is_empty() {
            self.busy = None;
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

    #[tokio::test(start_paused = true)]
    async fn nobody_is_shown_what_is_not_on_disk() {
        let (write, written) = mpsc::channel();
        let keeper = Keeper::new(Slow(written), 0).unwrap();
        let sandbox = Sandbox::of(owing(1), Some(keeper));
        let ask = Request::get("/_sandbox/events").body(Bytes::new()).unwrap();
        let mut shown = Box::pin(sandbox.look(ask));
        let hour = Duration::from_hours(1);
        assert!(timeout(hour, &mut shown).await.is_err());
        drop(write);
        assert_eq!(shown.await.status(), 200);
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

    /// Never answers what is about the customer `0`, and passes on what else there is.
    #[derive(Debug)]
    struct Picky(tokio::sync::mpsc::UnboundedSender<String>);

    #[async_trait]
    impl Transport for Picky {
        async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
            let body = request.body().as_bytes().unwrap_or_default();
            let body = String::from_utf8_lossy(body).into_owned();
            if body.contains(r#""customerId":"0""#) {
                std::future::pending::<()>().await;
            }
            self.0.send(body).unwrap();
            Ok(Response::new(Bytes::new()))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_is_not_answered_holds_up_nothing_that_falls_due_later() {
        let sandbox = Sandbox::of(owing(1), None);
        let (seen, mut told) = tokio::sync::mpsc::unbounded_channel();
        let transport = SharedTransport::new(Picky(seen));
        let delivering = tokio::spawn(sandbox.clone().keep_delivering(transport));
        // The first is under way.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let begun = tokio::time::Instant::now();
        sandbox.world(|world| ask(world, "1/bank-transfer/user", "{}"));
        let later = told.recv().await.unwrap();
        assert!(later.contains(r#""customerId":"1""#), "{later}");
        assert_eq!(begun.elapsed(), Duration::ZERO);
        // What follows about the same thing waits.
        sandbox.world(|world| ask(world, "1/bank-transfer/kyc/initiate", "{}"));
        let follows = told.recv().await.unwrap();
        assert!(follows.contains("KYC_NEEDED"), "{follows}");
        assert!(!delivering.is_finished());
        delivering.abort();
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
