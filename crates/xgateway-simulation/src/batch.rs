//! Many histories, one to a thread at a time.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use crate::history::{self, History};
use crate::invariants::Promise;
use crate::kinds::Coverage;
use crate::merchant::Bug;
use crate::sim::Millis;
use crate::tape::Tape;

/// How many histories a thread takes at a time.
const PORTION: u64 = 32;

/// What came of them.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) histories: u64,
    pub(crate) coverage: Coverage,
    /// The first history that broke a promise, by its seed.
    pub(crate) broken: Option<(u64, History)>,
    /// How long all of them took, in the time of the simulation.
    pub(crate) took: Millis,
}

/// Runs the histories of these seeds on so many threads, until one breaks a promise, or the one wanted. `told` learns after each portion
/// how many are done.
///
/// Which one is found does not depend on the threads: the seeds before it are all looked at.
pub(crate) fn run(
    seeds: Range<u64>,
    bug: Option<Bug>,
    wanted: Option<Promise>,
    threads: usize,
    mut told: impl FnMut(u64),
) -> Batch {
    let next = AtomicU64::new(seeds.start);
    // Beyond a seed that broke a promise nobody needs to look.
    let end = AtomicU64::new(seeds.end);
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..threads.max(1) {
            let sender = sender.clone();
            let (next, end) = (&next, &end);
            scope.spawn(move || {
                loop {
                    let start = next.fetch_add(PORTION, Ordering::Relaxed);
                    if start >= end.load(Ordering::Relaxed) {
                        return;
                    }
                    let batch = portion(start, end, bug, wanted);
                    if sender.send(batch).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        sum(&receiver, &mut told)
    })
}

fn portion(start: u64, end: &AtomicU64, bug: Option<Bug>, wanted: Option<Promise>) -> Batch {
    let mut batch = Batch::default();
    for seed in start..start.saturating_add(PORTION) {
        if seed >= end.load(Ordering::Relaxed) {
            break;
        }
        let history = history::run(Tape::of_seed(seed), bug, false);
        batch.histories += 1;
        batch.coverage.add(&history.coverage);
        batch.took += history.took;
        let broken = history.broken.as_ref();
        if broken.is_some_and(|it| wanted.is_none_or(|promise| promise == it.promise)) {
            end.fetch_min(seed, Ordering::Relaxed);
            batch.broken = Some((seed, history));
            break;
        }
    }
    batch
}

fn sum(receiver: &Receiver<Batch>, told: &mut impl FnMut(u64)) -> Batch {
    let mut sum = Batch::default();
    for batch in receiver {
        sum.histories += batch.histories;
        sum.coverage.add(&batch.coverage);
        sum.took += batch.took;
        let is_earlier =
            |(seed, _): &(u64, History)| sum.broken.as_ref().is_none_or(|(first, _)| seed < first);
        if batch.broken.as_ref().is_some_and(is_earlier) {
            sum.broken = batch.broken;
        }
        told(sum.histories);
    }
    sum
}
