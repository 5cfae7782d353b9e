//! How far a run has come, for people: one line that changes on a terminal, a line now and then elsewhere.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use crate::report::rate;

/// Where a run stands.
#[derive(Debug)]
pub(crate) struct Progress {
    histories: u64,
    start: Instant,
    last: Instant,
    is_terminal: bool,
}

impl Progress {
    pub(crate) fn new(histories: u64) -> Self {
        let start = now();
        Self {
            histories,
            start,
            last: start,
            is_terminal: io::stderr().is_terminal(),
        }
    }

    /// So many are done.
    pub(crate) fn tell(&mut self, done: u64) {
        let now = now();
        let pause = if self.is_terminal {
            Duration::from_millis(200)
        } else {
            Duration::from_secs(10)
        };
        if now.duration_since(self.last) < pause {
            return;
        }
        self.last = now;
        let rate = rate(done, milliseconds(now.duration_since(self.start)));
        let line = format!("{done} of {} histories, {rate} a second", self.histories);
        let (before, after) = if self.is_terminal {
            ("\r\x1b[K", "")
        } else {
            ("", "\n")
        };
        write(&format!("{before}{line}{after}"));
    }

    /// Clears the line, and says how many milliseconds it took.
    pub(crate) fn finish(&self) -> u64 {
        if self.is_terminal {
            write("\r\x1b[K");
        }
        milliseconds(now().duration_since(self.start))
    }
}

fn write(text: &str) {
    let mut stderr = io::stderr().lock();
    // Nobody is harmed if nobody sees it.
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[expect(
    clippy::disallowed_methods,
    reason = "only printed: no history depends on it"
)]
fn now() -> Instant {
    Instant::now()
}
