//! How the world's clock moves while nobody moves it.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::{Instant, sleep};

use super::Sandbox;
use crate::config::ClockMode;
use crate::world::World;

/// How often a clock that goes by itself looks whether something is due.
const REAL_TICK: Duration = Duration::from_millis(200);

/// How long nothing may have been asked before a clock jumps.
const IDLE: Duration = Duration::from_millis(20);

/// How much was asked, and how much of it is not finished.
#[derive(Debug, Default)]
pub(super) struct Activity {
    begun: AtomicU64,
    ended: AtomicU64,
}

/// Ends with whatever it stands for.
pub(super) struct Busy<'a>(&'a Activity);

impl Activity {
    pub(super) fn begin(&self) -> Busy<'_> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        Busy(self)
    }

    /// How much was begun, if all of it has ended.
    fn idle_since(&self) -> Option<u64> {
        let ended = self.ended.load(Ordering::SeqCst);
        (self.begun.load(Ordering::SeqCst) == ended).then_some(ended)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}

impl Sandbox {
    /// Lets a clock that follows ours catch up. One that cannot be kept stands still, and catches up afterwards.
    pub(super) fn catch_up(&self, world: &mut World) {
        if world.config().clock != ClockMode::Real || self.is_stuck() {
            return;
        }
        let now = Instant::now();
        let mut followed = self
            .shared
            .followed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let passed = followed.replace(now).map(|before| now - before);
        let passed = SignedDuration::try_from(passed.unwrap_or_default());
        let to = passed.map(|passed| world.now().saturating_add(passed));
        if let Ok(Ok(to)) = to {
            world.follow(to);
        }
    }

    /// Notes that the clock moves in another way from now on. What has passed until then is not made up for.
    pub(super) fn change_pace(&self, mode: ClockMode) {
        let followed = self.shared.followed.lock();
        followed.unwrap_or_else(PoisonError::into_inner).take();
        self.shared.clock_mode.send_replace(mode);
    }

    /// Moves the clock as its mode says, until it is dropped.
    pub(super) async fn keep_time(&self) {
        let mut modes = self.shared.clock_mode.subscribe();
        loop {
            let mode = *modes.borrow_and_update();
            tokio::select! {
                () = self.move_clock(mode) => {}
                _ = modes.changed() => {}
            }
        }
    }

    async fn move_clock(&self, mode: ClockMode) {
        match mode {
            ClockMode::Manual => std::future::pending().await,
            ClockMode::Real => loop {
                // To look at the world is enough: what is due happens, and callbacks that are due are told.
                self.change(|_| ()).await;
                sleep(REAL_TICK).await;
            },
            ClockMode::Auto => self.jump_when_idle().await,
        }
    }

    async fn jump_when_idle(&self) {
        loop {
            let before = self.shared.activity.idle_since();
            sleep(IDLE).await;
            let after = self.shared.activity.idle_since();
            if before.is_none() || before != after || self.is_stuck() {
                continue;
            }
            let delivers = self.callback_transport.is_some();
            self.change(|world| {
                // The mode may have changed a moment ago.
                let jumps = world.config().clock == ClockMode::Auto;
                // What is due is waited for, if somebody delivers it.
                if jumps && !(delivers && world.has_due_callbacks()) {
                    world.advance_past_callbacks();
                }
            })
            .await;
        }
    }
}
