//! When callbacks go out: at once and in order, unless the dials say otherwise; again after a failure.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::World;
use crate::event::EventKind;
use crate::random::Purpose;
use crate::state::{Callback, Key, Sorted};

/// What waits. It is not part of the state: whether somebody has taken something is no event. What was taken and not
/// attempted when a process ended is found again by [`World::refill_outbox`].
#[derive(Clone, Debug, Default)]
pub(super) struct Outbox(Sorted<Place, Delivery>);

/// By the time from which on it may go, then by number; a negative one has overtaken the others.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Place {
    at: Timestamp,
    order: i64,
    copy: u32,
}

/// The copy that somebody asked for. The first and its duplicate are 0 and 1.
const RESENT: u32 = 2;

/// One way of a callback to the merchant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delivery {
    /// Of the callback.
    pub(super) number: u64,
    attempt: u32,
    copy: u32,
    /// A fault has held it back already.
    pub(super) is_late: bool,
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
        self.0.first().map(|(place, _)| place.at)
    }

    /// The next one that may go now.
    pub(super) fn take(&mut self, now: Timestamp) -> Option<Delivery> {
        let (place, delivery) = self.0.first()?;
        let (place, delivery) = (*place, *delivery);
        if place.at > now {
            return None;
        }
        self.0.remove(&place);
        Some(delivery)
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
        if callback.is_taken_over() {
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
        let is_late = true;
        let delivery = Delivery {
            is_late,
            ..delivery
        };
        self.outbox.0.insert(place, delivery);
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
            is_late: false,
        };
        self.outbox.0.insert(place, delivery);
        if self.outbox.0.len() > self.config.limits.callbacks {
            self.drop_first();
        }
    }

    /// Gives up what has waited longest.
    fn drop_first(&mut self) {
        if let Some((place, delivery)) = self.outbox.0.first() {
            let (place, number) = (*place, delivery.number);
            self.outbox.0.remove(&place);
            self.record(EventKind::CallbackDropped { number });
        }
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
