//! One history: from the tape to what became of it.

mod happen;
mod life;
mod people;

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::Instant;

use self::life::Life;
use crate::canary;
use crate::invariants::{self, Broken, Promise};
use crate::kinds::Coverage;
use crate::merchant::{Bug, Disk};
use crate::sim::{Millis, Sim, State};
use crate::tape::{Choices, Tape};

/// What became of a history.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) broken: Option<Broken>,
    /// What was drawn.
    pub(crate) tape: Choices,
    /// Empty unless it was to be told.
    pub(crate) story: Vec<String>,
    pub(crate) coverage: Coverage,
    /// How long it took, in the time of the simulation.
    pub(crate) took: Millis,
}

/// Runs the history of a tape.
pub(crate) fn run(tape: Tape, bug: Option<Bug>, is_told: bool) -> History {
    canary::begin();
    let sim = Sim::new(State::new(tape, is_told));
    let checked = catch_unwind(AssertUnwindSafe(|| {
        let (disk, is_finished) = live(&sim, bug);
        invariants::check(&sim, &disk, is_finished)
    }));
    let broken = match checked {
        Ok(broken) => broken,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Some(Broken::new(Promise::NoPanic, text.unwrap_or("a panic")))
        }
    };
    sim.with(|state| History {
        broken,
        story: state.take_story(),
        coverage: state.coverage.clone(),
        took: state.now,
        tape: state.take_tape(),
    })
}

/// Lets everything happen, and returns what is left of the merchant, and whether it came to rest.
fn live(sim: &Sim, bug: Option<Bug>) -> (Arc<Disk>, bool) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without I/O needs nothing");
    let disk = Arc::new(Disk::default());
    let mut life = Life::new(sim, &disk, bug);
    let is_finished = runtime.block_on(tokio::task::unconstrained(async move {
        let start = Instant::now();
        let mut alarm = pin!(tokio::time::sleep(Duration::ZERO));
        poll_fn(|context| life.run(start, alarm.as_mut(), context)).await
    }));
    (disk, is_finished)
}

/// What a future gives that waits for nothing, as those of the stores in memory do.
pub(crate) fn now_or_never<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
