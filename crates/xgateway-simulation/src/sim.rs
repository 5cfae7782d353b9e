//! The one thread in which everything happens: virtual time, a queue of what is to come, and the tape.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Poll;

use bytes::Bytes;
use http::Request;
use xgateway::store::{StoreError, StoreErrorKind};

use crate::gateway::Gateway;
use crate::kinds::{Coverage, Fault, Point};
use crate::network::{AnswerFate, Outcome, Slot};
use crate::plan::{LATE_STORM, Plan};
use crate::tape::{Choices, Tape};

/// Milliseconds since the history began.
pub(crate) type Millis = u64;

/// The most crashes of a history. More of them only make it longer.
const CRASHES_MAX: u32 = 8;

/// More than this before the gateway does something by itself is left out, but for the rest.
const LONG: Millis = 10 * 60 * 1_000;
const REST: Millis = 60 * 1_000;

/// The grace of the card flow, unless said otherwise.
const GRACE: i64 = 60 * 60 * 1_000;

/// A handle to the simulation, cheap to clone. Never held across an await.
#[derive(Clone)]
pub(crate) struct Sim(Arc<Mutex<State>>);

/// Everything that is not the merchant.
pub(crate) struct State {
    pub(crate) tape: Tape,
    pub(crate) plan: Plan,
    pub(crate) gateway: Gateway,
    pub(crate) now: Millis,
    /// How far the merchant's clock is ahead of the truth.
    pub(crate) merchant_ahead: i64,
    pub(crate) coverage: Coverage,
    /// The bodies that were forged.
    pub(crate) forged: Vec<Bytes>,
    /// The orders whose decline the bank has turned.
    pub(crate) turned: Vec<usize>,
    /// The callbacks that the merchant has not answered yet, and which process they came to.
    pub(crate) callbacks_open: Vec<(usize, u64)>,
    /// The transactions of what was paid to addresses, and what was to become of each.
    pub(crate) paid: Vec<(String, &'static str)>,
    /// The customers who were told their address.
    pub(crate) addressed: Vec<usize>,
    /// The bodies of all deposits that were sent.
    pub(crate) deposits: Vec<Bytes>,
    /// The orders for which another card was tried.
    pub(crate) tried_again: Vec<usize>,
    /// How many callbacks the merchant has stored.
    pub(crate) rings: u64,
    /// What may be asked for once, as often as it was.
    pub(crate) asked: Vec<String>,
    /// The newcomers who were told to correct something.
    pub(crate) told_to_correct: Vec<usize>,
    pub(crate) desks: Vec<Desk>,
    /// What must not happen and was noticed on the way.
    pub(crate) violations: Vec<String>,
    queue: BTreeMap<(Millis, u64), Event>,
    turn: u64,
    crashes: u32,
    /// Which of the merchant's processes does what is done now.
    pub(crate) running: usize,
    /// Where the merchant's process is to end now.
    crash: Option<Point>,
    story: Option<Vec<String>>,
}

/// Where the merchant sees to a newcomer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Desk {
    /// How often somebody said that there is news.
    pub(crate) rings: u64,
    /// The last ring that was heard by whoever has nothing to do until the next.
    pub(crate) rests_since: Option<u64>,
}

/// Something that is to happen.
pub(crate) enum Event {
    /// Somebody has waited for this moment.
    Wake,
    /// A request comes to the gateway.
    Request {
        request: Request<Bytes>,
        reply: Option<(Slot, AnswerFate)>,
    },
    /// A request comes once more, which nobody has sent again.
    Copy(Request<Bytes>),
    /// An answer comes to the merchant, or that there will be none.
    Answer { slot: Slot, outcome: Outcome },
    /// A callback comes to the merchant; without a number nobody waits for the answer.
    Callback {
        body: Bytes,
        number: Option<u64>,
        answer_lost: bool,
    },
    /// What the gateway learns of an attempt to deliver a callback.
    CallbackAttempt { number: u64, status: Option<u16> },
    /// A customer orders.
    Order(usize),
    /// A customer submits the same form once more.
    OrderTwice(usize),
    /// A customer tries another card.
    Again(usize),
    /// A customer is gone.
    Gone(usize),
    /// A customer does something at the 3DS page of an order.
    ThreeDs {
        order: usize,
        path: String,
        button: &'static str,
    },
    /// A bank confirms what it had declined.
    Turn(usize),
    /// A customer comes back from the 3DS page.
    Return(usize),
    /// A customer wants an address.
    AddressWanted(usize),
    /// A customer pays to an address.
    Payment { payment: usize, address: String },
    /// A customer wants to pay by bank.
    OnboardingWanted(usize),
    /// A customer has corrected what was wrong.
    Corrected(usize),
    /// One of the merchant's processes starts.
    Start(usize),
    /// One of the merchant's processes ends, if what it was doing then still goes on.
    Crash {
        process: usize,
        point: Point,
        doing: Weak<()>,
    },
    /// One of the merchant's processes is stopped, to start with what is installed by then.
    Stop(usize),
    /// The merchant restarts with the keys that are then known to it.
    Deploy {
        knows_secret: bool,
        knows_api_key: bool,
    },
    /// The gateway changes its keys.
    Rotate,
    /// The merchant's clock jumps.
    MerchantClock(i64),
    /// The gateway's clock jumps.
    GatewayClock(u32),
}

impl Sim {
    pub(crate) fn new(state: State) -> Self {
        Self(Arc::new(Mutex::new(state)))
    }

    /// Looks at the simulation, or changes it.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic ends the history anyway.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tell(&self, who: &'static str, what: impl FnOnce() -> String) {
        self.lock().tell(who, what);
    }

    /// A place where the merchant may be held up, or end.
    pub(crate) async fn point(&self, point: Point) {
        let weather = self.with(|state| state.weather());
        if weather.is_calm() {
            return;
        }
        let choice = self.with(|state| {
            let crash = state.crash_weight();
            state.tape.choose(&[900, 80, crash])
        });
        match choice {
            0 => {}
            1 => {
                let time = self.with(|state| Millis::from(state.tape.below(40)) + 1);
                self.wait(time).await;
            }
            _ => {
                self.with(|state| state.crash(point));
                // The process ends here: nobody will ask this future again.
                std::future::pending::<()>().await;
            }
        }
    }

    /// As [`point`](Self::point), and the store may fail.
    pub(crate) async fn store_point(&self, point: Point, fault: Fault) -> Result<(), StoreError> {
        self.point(point).await;
        self.with(|state| {
            let percent = state.weather().store_percent;
            if percent > 0 && state.tape.happens(percent) {
                state.fault(fault, "store");
                return Err(StoreErrorKind::Unavailable.into());
            }
            Ok(())
        })
    }

    /// Lets time pass; the merchant may end meanwhile.
    pub(crate) async fn pause(&self, time: Millis) {
        let doing = self.with(|state| state.may_crash_within_pause(time));
        self.wait(time).await;
        drop(doing);
    }

    /// As [`pause`](Self::pause), but no longer than until a callback comes in.
    pub(crate) async fn pause_for_callback(&self, time: Millis) {
        let rings = self.with(|state| state.rings);
        self.pause_until(time, |state| state.rings != rings).await;
    }

    /// As [`pause`](Self::pause), but no longer than until something has happened.
    pub(crate) async fn pause_until(&self, time: Millis, has_happened: impl Fn(&State) -> bool) {
        let (doing, until) = self.with(|state| {
            let until = state.now + time;
            state.at(until, Event::Wake);
            let doing = state.may_crash_within_pause(time);
            (doing, until)
        });
        poll_fn(|_| {
            if self.with(|state| state.now >= until || has_happened(state)) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        drop(doing);
    }

    async fn wait(&self, time: Millis) {
        let until = self.with(|state| {
            let until = state.now + time;
            state.at(until, Event::Wake);
            until
        });
        poll_fn(|_| {
            if self.with(|state| state.now >= until) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }
}

impl State {
    pub(crate) fn new(mut tape: Tape, is_told: bool) -> Self {
        let plan = Plan::draw(&mut tape);
        let mut state = Self {
            gateway: Gateway::new(&plan),
            tape,
            plan,
            now: 0,
            merchant_ahead: 0,
            coverage: Coverage::default(),
            forged: Vec::new(),
            turned: Vec::new(),
            callbacks_open: Vec::new(),
            paid: Vec::new(),
            addressed: Vec::new(),
            deposits: Vec::new(),
            tried_again: Vec::new(),
            rings: 0,
            asked: Vec::new(),
            told_to_correct: Vec::new(),
            desks: Vec::new(),
            violations: Vec::new(),
            queue: BTreeMap::new(),
            turn: 0,
            crashes: 0,
            running: 0,
            crash: None,
            story: is_told.then(Vec::new),
        };
        state.desks = state
            .plan
            .newcomers
            .iter()
            .map(|_| Desk::default())
            .collect();
        for (at, event) in state.plan.events() {
            state.at(at, event);
        }
        state
    }

    /// Puts something into the queue.
    pub(crate) fn at(&mut self, at: Millis, event: Event) {
        self.turn += 1;
        self.queue.insert((at, self.turn), event);
    }

    /// Puts something into the queue, from now on.
    pub(crate) fn after(&mut self, time: Millis, event: Event) {
        self.at(self.now + time, event);
    }

    /// The next event that is due.
    pub(crate) fn due(&mut self) -> Option<Event> {
        let (&(at, _), _) = self.queue.first_key_value()?;
        if at > self.now {
            return None;
        }
        self.queue.pop_first().map(|(_, event)| event)
    }

    /// When something is to happen next, here or at the gateway.
    pub(crate) fn next(&self) -> Option<Millis> {
        let queue = self.queue.first_key_value().map(|((at, _), _)| *at);
        [queue, self.gateway.next_due()].into_iter().flatten().min()
    }

    /// For how long nothing is to happen but at the gateway, if that is long.
    pub(crate) fn long_rest(&self) -> Option<Millis> {
        let left = self.gateway.next_due()?.saturating_sub(self.now);
        let is_rest = self.now >= self.plan.storm_until && self.only_wakes();
        (is_rest && left > LONG).then_some(left)
    }

    /// Brings the gateway close to what it does next.
    pub(crate) fn leave_out(&mut self, left: Millis) {
        self.gateway.jump(left.saturating_sub(REST));
        self.gateway.come_to(self.now);
        self.tell("gateway", || {
            format!("{} minutes are left out", left / (60 * 1_000))
        });
        if self.plan.late_storms > 0 && !self.plan.weather.is_calm() {
            self.plan.late_storms -= 1;
            self.plan.storm_until = self.now + LATE_STORM;
            self.fault(Fault::LateStorm, "network");
        }
    }

    /// A draw for whoever waits between two attempts: the quiet one does not wait.
    pub(crate) fn jitter(&mut self) -> u32 {
        if self.weather().is_calm() {
            return 0;
        }
        u32::from(self.tape.below(16)) * (u32::MAX / 15)
    }

    /// Whether anything is to happen but that somebody wakes up.
    pub(crate) fn is_quiet(&self) -> bool {
        self.only_wakes() && self.gateway.next_due().is_none()
    }

    fn only_wakes(&self) -> bool {
        let mut events = self.queue.values();
        events.all(|event| matches!(event, Event::Wake))
    }

    pub(crate) fn weather(&self) -> Weather {
        if self.now < self.plan.storm_until {
            self.plan.weather
        } else {
            Weather::CALM
        }
    }

    /// The merchant's clock jumps.
    pub(crate) fn merchant_clock(&mut self, by: i64) {
        self.merchant_ahead += by;
        let fault = match by {
            ..=0 => Fault::MerchantClockBack,
            1..=GRACE => Fault::MerchantClockForward,
            _ => Fault::MerchantClockFarForward,
        };
        self.fault(fault, "merchant");
    }

    /// Notes a fault.
    pub(crate) fn fault(&mut self, fault: Fault, who: &'static str) {
        self.coverage.fault(fault);
        self.tell(who, || fault.words().to_owned());
    }

    /// The merchant's process is to end.
    pub(crate) fn crash(&mut self, point: Point) {
        self.crash = Some(point);
    }

    pub(crate) fn is_crashing(&self) -> bool {
        self.crash.is_some()
    }

    /// Ends the merchant's process if it is to end now. It starts again after a while.
    pub(crate) fn take_crash(&mut self) {
        let Some(point) = self.crash.take() else {
            return;
        };
        self.crashes += 1;
        self.coverage.crash(point);
        self.tell("merchant", || format!("CRASHES {point}"));
        let down = [200, 2_000, 20_000, 90_000];
        let down = down[self.tape.choose(&[4, 3, 2, 1])];
        self.after(down, Event::Start(self.running));
    }

    /// Draws whether the merchant ends while it waits, and when. Let go of the result when the wait is over.
    pub(crate) fn may_crash_within(
        &mut self,
        point: Point,
        when: impl FnOnce(&mut Tape) -> Millis,
    ) -> Option<Arc<()>> {
        let weight = self.crash_weight();
        if weight == 0 || self.tape.choose(&[1000, weight]) == 0 {
            return None;
        }
        let doing = Arc::new(());
        let event = Event::Crash {
            process: self.running,
            point,
            doing: Arc::downgrade(&doing),
        };
        let when = when(&mut self.tape);
        self.after(when, event);
        Some(doing)
    }

    fn may_crash_within_pause(&mut self, time: Millis) -> Option<Arc<()>> {
        let when = |tape: &mut Tape| time * Millis::from(tape.below(16)) / 16;
        self.may_crash_within(Point::WithinPause, when)
    }

    fn crash_weight(&self) -> u32 {
        if self.crashes < CRASHES_MAX {
            self.weather().crash_permille
        } else {
            0
        }
    }

    /// A line of the story.
    pub(crate) fn tell(&mut self, who: &'static str, what: impl FnOnce() -> String) {
        let now = self.now;
        if let Some(story) = &mut self.story {
            let (seconds, milliseconds) = (now / 1000, now % 1000);
            story.push(format!(
                "{seconds:>6}.{milliseconds:03} s  {who:<8}  {}",
                what()
            ));
        }
    }

    pub(crate) fn take_tape(&mut self) -> Choices {
        self.tape.take_drawn()
    }

    pub(crate) fn take_story(&mut self) -> Vec<String> {
        self.story.take().unwrap_or_default()
    }
}

/// How much goes wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Weather {
    /// How many of a hundred requests.
    pub(crate) network_percent: u32,
    /// How many of a hundred callbacks.
    pub(crate) callback_percent: u32,
    /// How many of a hundred steps of a store.
    pub(crate) store_percent: u32,
    /// How many of a thousand waits are the merchant's last.
    pub(crate) crash_permille: u32,
}

impl Weather {
    pub(crate) const CALM: Self = Self {
        network_percent: 0,
        callback_percent: 0,
        store_percent: 0,
        crash_permille: 0,
    };

    pub(crate) fn is_calm(self) -> bool {
        self == Self::CALM
    }
}

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sim").finish_non_exhaustive()
    }
}
