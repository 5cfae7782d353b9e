//! When callbacks go out: at once and in order, unless the dials say otherwise; again after a failure.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::World;
use crate::event::CallbackOutcome;
use crate::random::Purpose;

/// What waits. It is not part of the state: whether somebody has taken something is no event.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// By the time from which on it may go, then by turn.
    waiting: BTreeMap<(Timestamp, i64), Delivery>,
    count: u32,
}

/// One way of a callback to the merchant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delivery {
    /// Of the callback.
    pub(super) number: u64,
    /// Of the delivery.
    turn: u32,
}

impl Outbox {
    pub(super) fn next_at(&self) -> Option<Timestamp> {
        self.waiting.keys().next().map(|(at, _)| *at)
    }

    pub(super) fn has_due(&self, now: Timestamp) -> bool {
        let first = self.waiting.first_key_value();
        first.is_some_and(|((at, _), _)| *at <= now)
    }

    /// The next one that may go now.
    pub(super) fn take(&mut self, now: Timestamp) -> Option<Delivery> {
        if !self.has_due(now) {
            return None;
        }
        self.waiting.pop_first().map(|(_, delivery)| delivery)
    }
}

impl World {
    /// Puts a new callback into the outbox.
    pub(super) fn post(&mut self, number: u64) {
        let percent = self.config.callback_dials.duplicate_percent;
        let copies = 1 + u32::from(self.falls(percent, Purpose::CallbackDuplicate, number));
        for _ in 0..copies {
            self.put(number, SignedDuration::ZERO);
        }
    }

    /// Puts a callback into the outbox again, if its last attempt failed and there is one left.
    pub(super) fn repeat(&mut self, number: u64) {
        let Some(callback) = self.state.callback(number) else {
            return;
        };
        let is_taken_over =
            |outcome: &CallbackOutcome| matches!(outcome, CallbackOutcome::Answered(200..300));
        if callback.attempts.iter().any(is_taken_over) {
            return;
        }
        let failures = u32::try_from(callback.attempts.len()).unwrap_or(u32::MAX);
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
        self.put(number, pause.max(SignedDuration::from_millis(1)));
    }

    pub(super) fn is_lost(&self, delivery: Delivery) -> bool {
        let percent = self.config.callback_dials.loss_percent;
        self.falls(percent, Purpose::CallbackLoss, delivery.turn.into())
    }

    fn put(&mut self, number: u64, pause: SignedDuration) {
        let dials = self.config.callback_dials;
        self.outbox.count += 1;
        let turn = self.outbox.count;
        let delay_max = u32::try_from(dials.delay_max.as_millis()).unwrap_or(u32::MAX - 1);
        let subject = turn.to_be_bytes();
        let delay = self
            .random
            .below(delay_max + 1, Purpose::CallbackDelay, &subject);
        let at = self
            .state
            .now
            .saturating_add(pause)
            .and_then(|at| at.saturating_add(SignedDuration::from_millis(delay.into())))
            .unwrap_or(Timestamp::MAX);
        let at = end_of_window(at, dials.burst);
        let overtakes = self.falls(dials.reorder_percent, Purpose::CallbackReorder, turn.into());
        let order = if overtakes {
            -i64::from(turn)
        } else {
            turn.into()
        };
        let delivery = Delivery { number, turn };
        self.outbox.waiting.insert((at, order), delivery);
    }

    fn falls(&self, percent: u32, purpose: Purpose, subject: u64) -> bool {
        percent > 0 && self.random.below(100, purpose, &subject.to_be_bytes()) < percent
    }
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
