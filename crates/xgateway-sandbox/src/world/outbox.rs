//! When callbacks go out: at once and in order, unless the dials say otherwise; again after a failure.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::World;
use crate::event::EventKind;
use crate::random::Purpose;
use crate::state::{Callback, Key, Sorted};

/// What waits. It is not part of the state: whether somebody has taken something is no event. What was taken and not
/// attempted is [put back](World::put_back), or, when a process ended, found again by [`World::refill_outbox`].
#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    waiting: Sorted<Place, Delivery>,
    /// How many of them are second ones of the same callback.
    copies: usize,
}

/// By the time from which on it may go, then by number; a negative one has overtaken the others.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Place {
    at: Timestamp,
    order: i64,
    copy: u32,
}

/// The copy that somebody asked for. The first and its duplicate are 0 and 1.
const RESENT: u32 = 2;

/// From here on copies are the second ones that a fault makes of the others.
const TWINS: u32 = 3;

/// One way of a callback to the merchant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delivery {
    /// Of the callback.
    pub(super) number: u64,
    attempt: u32,
    copy: u32,
    pub(super) fate: Fate,
}

/// What faults make of a delivery. That is drawn once: else one without an end would hold it back for ever.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fate {
    /// Not drawn yet.
    Open,
    /// It goes out as it is.
    Genuine,
    /// It goes out with a wrong hash.
    Forged,
}

/// A delivery that was taken, and where it goes if it is put back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    place: Place,
    pub(super) delivery: Delivery,
}

impl Way {
    pub(super) fn number(self) -> u64 {
        self.delivery.number
    }

    /// The same with its faults drawn.
    pub(super) fn with(mut self, fate: Fate) -> Self {
        self.delivery.fate = fate;
        self
    }

    /// A second one, which can be put back beside it.
    pub(super) fn twin(mut self) -> Self {
        self.place.copy += TWINS;
        self
    }
}

impl Key for Place {
    fn distance(self, _: Self) -> Option<usize> {
        None
    }
}

impl Outbox {
    pub(super) fn has_due(&self, now: Timestamp) -> bool {
        self.next_at().is_some_and(|at| at <= now)
    }

    /// When the next one may go.
    pub(super) fn next_at(&self) -> Option<Timestamp> {
        self.waiting.first().map(|(place, _)| place.at)
    }

    /// The next one that may go now.
    pub(super) fn take(&mut self, now: Timestamp) -> Option<Way> {
        let (place, _) = self.waiting.first()?;
        if place.at > now {
            return None;
        }
        self.take_first()
    }

    fn take_first(&mut self) -> Option<Way> {
        let (place, delivery) = self.waiting.first()?;
        let (place, delivery) = (*place, *delivery);
        self.waiting.remove(&place);
        self.copies -= usize::from(place.copy > 0);
        Some(Way { place, delivery })
    }

    fn insert(&mut self, place: Place, delivery: Delivery) {
        let before = self.waiting.len();
        self.waiting.insert(place, delivery);
        let is_more = self.waiting.len() > before;
        self.copies += usize::from(is_more && place.copy > 0);
    }

    /// Whether another delivery of this callback waits.
    fn has(&self, number: u64) -> bool {
        // Nearly always there are no copies, and nothing to look for.
        let mut waiting = self.waiting.values();
        self.copies > 0 && waiting.any(|delivery| delivery.number == number)
    }
}

impl World {
    /// Puts a new callback into the outbox.
    pub(super) fn post(&mut self, number: u64) {
        let Some(callback) = self.state.callbacks.get(number) else {
            return;
        };
        let percent = self.config.callback_dials.duplicate_percent;
        let subject = subject(callback, 0, 0);
        let copies = 1 + u32::from(self.falls(percent, Purpose::CallbackDuplicate, &subject));
        for copy in 0..copies {
            self.put(number, copy, SignedDuration::ZERO);
        }
    }

    /// Puts a callback into the outbox once more, as somebody asked.
    pub(super) fn post_again(&mut self, number: u64) {
        self.put(number, RESENT, SignedDuration::ZERO);
    }

    /// Puts a callback into the outbox again, if its last attempt failed and there is one left.
    pub(super) fn repeat(&mut self, number: u64) {
        let Some(callback) = self.state.callbacks.get(number) else {
            return;
        };
        if callback.is_taken_over() || callback.is_dropped {
            return;
        }
        let failures = failures(callback);
        if failures > self.config.callback_retries {
            return;
        }
        // Beyond this any time is as good as never.
        let doublings = failures.saturating_sub(1).min(30);
        let pause = self
            .config
            .callback_backoff
            .checked_mul(1 << doublings)
            .unwrap_or(SignedDuration::MAX);
        // Never at once: whoever takes callbacks at a moment must come to an end.
        self.put(number, 0, pause.max(SignedDuration::from_millis(1)));
    }

    /// Puts every callback into the outbox that is owed still, as after a start from a log.
    pub(super) fn refill_outbox(&mut self) {
        self.outbox = Outbox::default();
        let callbacks = self.state.callbacks.iter();
        let owed: Vec<_> = callbacks
            .filter(|(_, callback)| !callback.is_taken_over() && !callback.is_dropped)
            .map(|(number, callback)| (number, callback.attempts.is_empty()))
            .collect();
        let callbacks = self.state.callbacks.iter();
        let wanted: Vec<_> = callbacks
            .filter(|(_, callback)| callback.is_wanted)
            .map(|(number, _)| number)
            .collect();
        for number in wanted {
            self.post_again(number);
        }
        for (number, is_new) in owed {
            if is_new {
                self.post(number);
            } else {
                self.repeat(number);
            }
        }
    }

    /// Puts back what was taken and not attempted, as if nobody had taken it. Its faults are not drawn again.
    pub(crate) fn put_back(&mut self, way: Way) {
        self.insert(way.place, way.delivery);
    }

    /// Puts a delivery back for a while, once.
    pub(super) fn hold_back(&mut self, delivery: Delivery, seconds: u32) {
        // At least for a moment: whoever takes callbacks must come to an end.
        let pause = SignedDuration::from_secs(seconds.max(1).into());
        let at = self.state.now.saturating_add(pause);
        let order = i64::try_from(delivery.number).unwrap_or(i64::MAX);
        let place = Place {
            at: at.unwrap_or(Timestamp::MAX),
            order,
            copy: delivery.copy,
        };
        let fate = Fate::Genuine;
        self.insert(place, Delivery { fate, ..delivery });
    }

    pub(super) fn is_lost(&self, delivery: Delivery) -> bool {
        let percent = self.config.callback_dials.loss_percent;
        self.state
            .callbacks
            .get(delivery.number)
            .is_some_and(|callback| {
                let subject = subject(callback, delivery.attempt, delivery.copy);
                self.falls(percent, Purpose::CallbackLoss, &subject)
            })
    }

    fn put(&mut self, number: u64, copy: u32, pause: SignedDuration) {
        let Some(callback) = self.state.callbacks.get(number) else {
            return;
        };
        let dials = self.config.callback_dials;
        let attempt = failures(callback);
        let subject = subject(callback, attempt, copy);
        // 49 days at most, so that there is a number above it.
        let delay_max = dials.delay_max.as_millis().clamp(0, u32::MAX.into());
        let delay_max = u32::try_from(delay_max).map_or(0, |most| most.min(u32::MAX - 1));
        let delay = if delay_max == 0 {
            0
        } else {
            self.random
                .below(delay_max + 1, Purpose::CallbackDelay, &subject)
        };
        let at = callback
            .touched_at
            .saturating_add(pause)
            .and_then(|at| at.saturating_add(SignedDuration::from_millis(delay.into())))
            .unwrap_or(Timestamp::MAX);
        let at = end_of_window(at, dials.burst);
        let overtakes = self.falls(dials.reorder_percent, Purpose::CallbackReorder, &subject);
        let order = i64::try_from(number).unwrap_or(i64::MAX);
        let order = if overtakes { -order } else { order };
        let place = Place { at, order, copy };
        let delivery = Delivery {
            number,
            attempt,
            copy,
            fate: Fate::Open,
        };
        self.insert(place, delivery);
    }

    fn insert(&mut self, place: Place, delivery: Delivery) {
        self.outbox.insert(place, delivery);
        if self.outbox.waiting.len() > self.config.limits.callbacks {
            self.drop_first();
        }
    }

    /// Gives up what has waited longest.
    fn drop_first(&mut self) {
        if let Some(way) = self.outbox.take_first()
            && !self.outbox.has(way.number())
        {
            self.give_up(way.number());
        }
    }

    /// Whether a delivery is of no use any more: the callback was given up, or this is a repetition and another copy was
    /// taken over meanwhile. What somebody wants is always of use.
    pub(super) fn is_stale(&self, delivery: Delivery) -> bool {
        let callback = self.state.callbacks.get(delivery.number);
        callback.is_some_and(|callback| {
            let is_repetition = delivery.copy == 0 && delivery.attempt > 0;
            let is_over = callback.is_dropped || is_repetition && callback.is_taken_over();
            is_over && !callback.is_wanted
        })
    }

    /// Tells that a callback goes out no more, if anybody still waits for it.
    pub(super) fn give_up(&mut self, number: u64) {
        let is_owed = self.state.callbacks.get(number).is_some_and(|callback| {
            let has_time = failures(callback) <= self.config.callback_retries;
            let is_owed = !callback.is_taken_over() && !callback.is_dropped && has_time;
            callback.is_wanted || is_owed
        });
        if is_owed {
            self.record(EventKind::CallbackDropped { number });
        }
    }

    pub(super) fn falls(&self, percent: u32, purpose: Purpose, subject: &[u8]) -> bool {
        percent > 0 && self.random.below(100, purpose, subject) < percent
    }
}

fn failures(callback: &Callback) -> u32 {
    u32::try_from(callback.attempts.len()).unwrap_or(u32::MAX)
}

/// What a delivery is, whatever else happens in the world: so its luck does not depend on others.
fn subject(callback: &Callback, attempt: u32, copy: u32) -> [u8; 28] {
    let mut bytes = [0; 28];
    let numbers = [callback.ordinal, attempt, copy];
    bytes[..16].copy_from_slice(Uuid::as_bytes(&callback.subject));
    for (place, number) in bytes[16..].chunks_exact_mut(4).zip(numbers) {
        place.copy_from_slice(&number.to_be_bytes());
    }
    bytes
}

/// The next multiple of `window`, itself included.
fn end_of_window(at: Timestamp, window: SignedDuration) -> Timestamp {
    let window = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
    if window <= 0 {
        return at;
    }
    let late = at.as_millisecond().rem_euclid(window);
    let wait = if late == 0 { 0 } else { window - late };
    at.saturating_add(SignedDuration::from_millis(wait))
        .unwrap_or(Timestamp::MAX)
}
