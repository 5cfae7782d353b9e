//! The one place that looks at clocks.

use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use nix::time::{ClockId, clock_gettime};

/// A moment on two clocks: the wall's, and the CPU's of this thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    wall: Instant,
    cpu: Duration,
}

/// What has passed between two moments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed {
    pub(crate) wall: Duration,
    /// CPU time of this thread, in the kernel and outside.
    pub(crate) cpu: Duration,
}

impl Moment {
    #[expect(
        clippy::disallowed_methods,
        reason = "measuring time is what this program is for"
    )]
    pub(crate) fn now() -> Self {
        // Counts in nanoseconds, where `getrusage` of a thread counts in ticks of the scheduler.
        let cpu = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
            .expect("every system that this program runs on has this clock");
        Self {
            wall: Instant::now(),
            cpu: Duration::from(cpu),
        }
    }

    pub(crate) fn elapsed(self) -> Elapsed {
        let now = Self::now();
        Elapsed {
            wall: now.wall.saturating_duration_since(self.wall),
            cpu: now.cpu.saturating_sub(self.cpu),
        }
    }
}

/// The CPU time of all child processes that have ended, their own children included.
pub(crate) fn cpu_of_children() -> nix::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

fn duration(time: TimeVal) -> Duration {
    let seconds = u64::try_from(time.tv_sec()).unwrap_or(0);
    let micros = u64::try_from(time.tv_usec()).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_micros(micros)
}
