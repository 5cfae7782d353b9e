//! Everything that is not the merchant: what is to come, what has happened, and what was drawn.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::{Event, Millis, Weather};
use crate::gateway::Gateway;
use crate::kinds::{Coverage, Fault, Late, Point};
use crate::plan::{LATE_STORM, Plan};
use crate::tape::{Choices, Tape};

/// The most crashes of a history. More of them only make it longer.
const CRASHES_MAX: u32 = 8;

/// More than this before the gateway does something by itself is left out, but for the rest.
const LONG: Millis = 10 * 60 * 1_000;
const REST: Millis = 60 * 1_000;

/// The grace of the card flow, unless said otherwise.
const GRACE: i64 = 60 * 60 * 1_000;

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
    /// The callbacks that went out, by number.
    pub(crate) sent: BTreeMap<u64, Bytes>,
    /// What may be asked for once, as often as it was.
    pub(crate) asked: Vec<String>,
    /// The newcomers who were told to correct something.
    pub(crate) told_to_correct: Vec<usize>,
    pub(crate) desks: Vec<Desk>,
    /// What must not happen and was noticed on the way.
    pub(crate) violations: Vec<String>,
    /// Whether hours were left out by now, and the weather is bad again.
    is_late: bool,
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
            sent: BTreeMap::new(),
            asked: Vec::new(),
            told_to_correct: Vec::new(),
            desks: Vec::new(),
            violations: Vec::new(),
            is_late: false,
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
            self.is_late = true;
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

    /// Notes that something goes wrong, if that is hours after the first storm.
    pub(crate) fn late(&mut self, late: Late) {
        if self.is_late {
            self.coverage.late(late);
        }
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
        self.late(Late::Crash);
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

    pub(super) fn may_crash_within_pause(&mut self, time: Millis) -> Option<Arc<()>> {
        let when = |tape: &mut Tape| time * Millis::from(tape.below(16)) / 16;
        self.may_crash_within(Point::WithinPause, when)
    }

    pub(super) fn crash_weight(&self) -> u32 {
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
