//! From a history in which something goes wrong to the shortest one in which the same goes wrong.

use std::ops::Range;

use crate::history::{self, History};
use crate::invariants::Promise;
use crate::merchant::Bug;
use crate::tape::{Choices, Tape};

/// How many simpler histories are tried.
const TRIES_MAX: u32 = 1_000;

/// Finds the shortest history that breaks the same promise, as far as it can be found by leaving things out.
///
/// The tape knows nothing of what its numbers mean: parts of it are deleted, made quiet, and made smaller, for as long
/// as the promise stays broken. The same tape always shrinks to the same one.
pub(crate) fn shrink(tape: Choices, promise: Promise, bug: Option<Bug>) -> History {
    let mut search = Search {
        best: tape.trimmed(),
        promise,
        bug,
        tries: 0,
    };
    while search.pass() && search.tries < TRIES_MAX {}
    history::run(Tape::recorded(search.best), bug, true)
}

struct Search {
    best: Choices,
    promise: Promise,
    bug: Option<Bug>,
    tries: u32,
}

impl Search {
    /// Tries everything once, large parts first. Says whether something got simpler.
    fn pass(&mut self) -> bool {
        let before = self.best.clone();
        // Silence is tried first, since little of a tape is loud; the plan last, since with less to do it needs less.
        for change in [silence, delete] {
            let mut halvings = 0;
            while self.halved(halvings, change) {
                halvings += 1;
            }
            for track in (0..self.best.0.len()).rev() {
                self.smaller(track);
            }
        }
        self.best != before
    }

    /// Changes parts of every track, before smaller parts of any: what is left out at once costs one try. Says whether
    /// there were such parts.
    fn halved(&mut self, halvings: u32, change: fn(&mut Vec<u16>, Range<usize>)) -> bool {
        let mut are_there = false;
        for track in (0..self.best.0.len()).rev() {
            let size = self.best.0[track].len() >> halvings;
            if size > 0 {
                are_there = true;
                self.parts(track, size, change);
            }
        }
        are_there
    }

    /// Changes parts of this size, the last first: what comes first shapes all that follows.
    fn parts(&mut self, track: usize, size: usize, change: fn(&mut Vec<u16>, Range<usize>)) {
        let mut end = self.best.0[track].len();
        while end > 0 {
            let start = end.saturating_sub(size);
            self.attempt(track, |choices| change(choices, start..end));
            end = self.best.0[track].len().min(start);
        }
    }

    /// Makes single numbers smaller.
    fn smaller(&mut self, track: usize) {
        for at in (0..self.best.0[track].len()).rev() {
            let is_loud = |best: &Choices| best.0[track].get(at).is_some_and(|it| *it > 0);
            while is_loud(&self.best)
                && (self.attempt(track, |choices| choices[at] /= 2)
                    || self.attempt(track, |choices| choices[at] -= 1))
            {}
        }
    }

    fn attempt(&mut self, track: usize, change: impl FnOnce(&mut Vec<u16>)) -> bool {
        let mut tape = self.best.clone();
        change(&mut tape.0[track]);
        let tape = tape.trimmed();
        if self.tries >= TRIES_MAX || size(&tape) >= size(&self.best) {
            return false;
        }
        self.tries += 1;
        let history = history::run(Tape::recorded(tape), self.bug, false);
        let is_same = history
            .broken
            .is_some_and(|broken| broken.promise == self.promise);
        // What was really drawn, which may be less.
        let drawn = history.tape.trimmed();
        let is_less = is_same && size(&drawn) < size(&self.best);
        if is_less {
            self.best = drawn;
        }
        is_less
    }
}

#[expect(clippy::ptr_arg, reason = "both changes are one kind of function")]
fn silence(choices: &mut Vec<u16>, part: Range<usize>) {
    choices[part].fill(0);
}

fn delete(choices: &mut Vec<u16>, part: Range<usize>) {
    choices.drain(part);
}

/// Quieter first, then shorter, then smaller.
fn size(tape: &Choices) -> (usize, usize, u64) {
    let numbers = || tape.0.iter().flatten().copied();
    let loud = numbers().filter(|number| *number > 0).count();
    (loud, numbers().count(), numbers().map(u64::from).sum())
}
