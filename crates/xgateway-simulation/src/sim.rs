//! The one thread in which everything happens: virtual time, a queue of what is to come, and the tape.

mod event;
mod state;
mod weather;

pub(crate) use event::Event;
pub(crate) use state::State;
pub(crate) use weather::Weather;

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use xgateway::store::{StoreError, StoreErrorKind};

use crate::kinds::{Fault, Late, Point};

/// Milliseconds since the history began.
pub(crate) type Millis = u64;

/// How long a slow handler takes: within the time that a worker gives it, and for longer.
const SLOW: [Millis; 3] = [10_000, 60_000, 150_000];

/// A handle to the simulation, cheap to clone. Never held across an await.
#[derive(Clone)]
pub(crate) struct Sim(Arc<Mutex<State>>);

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
                state.late(Late::Store);
                return Err(StoreErrorKind::Unavailable.into());
            }
            Ok(())
        })
    }

    /// What the merchant wrote may take its time, also longer than it has.
    pub(crate) async fn dawdle(&self) {
        let time = self.with(|state| {
            let percent = state.weather().slow_percent;
            if percent == 0 || !state.tape.happens(percent) {
                return None;
            }
            state.fault(Fault::SlowHandler, "merchant");
            Some(SLOW[state.tape.choose(&[2, 2, 1])])
        });
        if let Some(time) = time {
            self.pause(time).await;
        }
    }

    /// Lets a time limit run out.
    pub(crate) async fn limit(&self, time: Millis) {
        self.wait(time).await;
        self.with(|state| state.fault(Fault::LimitEnds, "merchant"));
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

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sim").finish_non_exhaustive()
    }
}
