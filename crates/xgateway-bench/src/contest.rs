//! Two pieces of code side by side: short slices in turn, and the median of the ratios.
//!
//! A machine that is busy or changes its clock rate slows both slices of a round alike, and a round that was disturbed
//! moves a median little. CPU time, not wall time, so that waiting for a core does not count.

use std::hint::black_box;
use std::time::Duration;

use crate::clock::Moment;
use crate::ratio::{Ratio, Spread};

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// How many pairs of slices.
    pub(crate) rounds: u32,
    /// The CPU time of one slice.
    pub(crate) slice: Duration,
    /// How many calls over a socket make a slice.
    pub(crate) calls: u32,
    /// How many pairs of slices where every commit waits for the disk.
    pub(crate) disk_rounds: u32,
    /// The least time of such a slice, on the wall.
    pub(crate) disk_slice: Duration,
}

impl Effort {
    /// Seconds for each figure.
    pub(crate) const FULL: Self = Self {
        rounds: 1000,
        slice: Duration::from_micros(500),
        calls: 20,
        disk_rounds: 30,
        disk_slice: Duration::from_millis(40),
    };

    /// Just enough to see that everything runs.
    pub(crate) const QUICK: Self = Self {
        rounds: 20,
        slice: Duration::from_micros(50),
        calls: 4,
        disk_rounds: 2,
        disk_slice: Duration::ZERO,
    };
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) ratio: Spread<Ratio>,
    /// The median time of one run.
    pub(crate) subject: Duration,
    /// The same of the peer.
    pub(crate) peer: Duration,
}

/// Runs `subject` and `peer` in turn. What they return is dropped within the measured time.
pub(crate) fn contest<S, P>(
    effort: Effort,
    mut subject: impl FnMut() -> S,
    mut peer: impl FnMut() -> P,
) -> Standing {
    let subject_runs = runs_per_slice(effort.slice, &mut subject);
    let peer_runs = runs_per_slice(effort.slice, &mut peer);
    let mut times = Vec::new();
    for round in 0..effort.rounds {
        // Who goes first changes, so that neither always finds the caches as the other left them.
        times.push(if round % 2 == 0 {
            let first = slice(subject_runs, &mut subject);
            (first, slice(peer_runs, &mut peer))
        } else {
            let first = slice(peer_runs, &mut peer);
            (slice(subject_runs, &mut subject), first)
        });
    }
    Standing::of(&times, subject_runs, peer_runs)
}

impl Standing {
    /// From the times of the slices of each round, and how many runs are in one.
    pub(crate) fn of(times: &[(Duration, Duration)], subject_runs: u32, peer_runs: u32) -> Self {
        let ratios = times
            .iter()
            // Crosswise, because a division of either would round.
            .map(|(subject, peer)| Ratio::of(*subject * peer_runs, *peer * subject_runs))
            .collect();
        let (subjects, peers) = times.iter().copied().unzip();
        Self {
            ratio: Spread::of(ratios),
            subject: Spread::of(subjects).median / subject_runs,
            peer: Spread::of(peers).median / peer_runs,
        }
    }

    /// The same with the ratio turned round: how many runs ours does while the peer does one.
    pub(crate) fn of_rates(
        times: &[(Duration, Duration)],
        subject_runs: u32,
        peer_runs: u32,
    ) -> Self {
        let turned: Vec<_> = times
            .iter()
            .map(|(subject, peer)| (*peer, *subject))
            .collect();
        let turned = Self::of(&turned, peer_runs, subject_runs);
        Self {
            ratio: turned.ratio,
            subject: turned.peer,
            peer: turned.subject,
        }
    }
}

fn slice<T>(runs: u32, code: &mut impl FnMut() -> T) -> Duration {
    let start = Moment::now();
    for _ in 0..runs {
        black_box(code());
    }
    start.elapsed().cpu
}

/// How often `code` runs in a slice. Warms it up as well.
fn runs_per_slice<T>(length: Duration, code: &mut impl FnMut() -> T) -> u32 {
    let mut runs = 1_u32;
    loop {
        let took = slice(runs, code);
        if took >= length || runs >= 1 << 24 {
            return runs;
        }
        runs *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_of_different_size_compare_by_the_run() {
        let micros = Duration::from_micros;
        let times = [(micros(100), micros(400)); 3];
        let standing = Standing::of(&times, 10, 20);
        assert_eq!(standing.ratio.median, Ratio::thousandths(500));
        assert_eq!((standing.subject, standing.peer), (micros(10), micros(20)));
        let rates = Standing::of_rates(&times, 10, 20);
        assert_eq!(rates.ratio.median, Ratio::thousandths(2000));
        assert_eq!((rates.subject, rates.peer), (micros(10), micros(20)));
    }
}
