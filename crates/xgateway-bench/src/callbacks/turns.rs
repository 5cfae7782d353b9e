//! Two that take deliveries, in turn: time on the wall, since waiting for the disk is what they do.

use std::time::Duration;

use super::delivery::{Deliveries, Delivery};
use crate::Outcome;
use crate::contest::{Effort, Standing};

/// What takes deliveries.
pub(super) trait Taker {
    /// Takes them all, and says how long it was until the last was durable. Their number is a multiple of the unit.
    async fn take(&mut self, deliveries: &[Delivery]) -> Outcome<Duration>;
}

/// The slices of each round, and how many deliveries are in one.
pub(super) struct Turns {
    times: Vec<(Duration, Duration)>,
    runs: [u32; 2],
}

impl Turns {
    /// Lets both take deliveries, in multiples of `unit`.
    pub(super) async fn take(
        effort: Effort,
        deliveries: &mut Deliveries,
        unit: u32,
        subject: &mut impl Taker,
        peer: &mut impl Taker,
    ) -> Outcome<Self> {
        let length = effort.disk_slice;
        let runs = [
            runs_per_slice(length, deliveries, unit, subject).await?,
            runs_per_slice(length, deliveries, unit, peer).await?,
        ];
        let mut times = Vec::new();
        for round in 0..effort.disk_rounds {
            let [ours, theirs] = runs.map(|count| deliveries.take(count));
            // Who goes first changes.
            times.push(if round % 2 == 0 {
                let first = subject.take(&ours).await?;
                (first, peer.take(&theirs).await?)
            } else {
                let first = peer.take(&theirs).await?;
                (subject.take(&ours).await?, first)
            });
        }
        Ok(Self { times, runs })
    }

    pub(super) fn rates(&self) -> Standing {
        let [subject, peer] = self.runs;
        Standing::of_rates(&self.times, subject, peer)
    }

    pub(super) fn latencies(&self) -> Standing {
        let [subject, peer] = self.runs;
        Standing::of(&self.times, subject, peer)
    }
}

/// How many deliveries make a slice. Warms up as well.
async fn runs_per_slice(
    length: Duration,
    deliveries: &mut Deliveries,
    unit: u32,
    taker: &mut impl Taker,
) -> Outcome<u32> {
    let mut runs = unit;
    loop {
        let took = taker.take(&deliveries.take(runs)).await?;
        if took >= length || runs >= 1 << 16 {
            return Ok(runs);
        }
        runs *= 2;
    }
}
