use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long something takes: differently each time, as the seed says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Latency {
    min_ms: u32,
    max_ms: u32,
    shape: LatencyShape,
}

/// How delays are spread between the shortest and the longest.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LatencyShape {
    /// Evenly.
    #[default]
    Uniform,
    /// Half of them within the first 256th of the span, a quarter within the next one, an eighth within the next two,
    /// and so on: few are long, as in real life.
    LongTail,
}

impl Latency {
    /// Always the same.
    pub const fn fixed(ms: u32) -> Self {
        Self::between(ms, ms, LatencyShape::Uniform)
    }

    /// Between two lengths in milliseconds; the wrong way round they are swapped.
    pub const fn between(min_ms: u32, max_ms: u32, shape: LatencyShape) -> Self {
        let (min_ms, max_ms) = if min_ms <= max_ms {
            (min_ms, max_ms)
        } else {
            (max_ms, min_ms)
        };
        Self {
            min_ms,
            max_ms,
            shape,
        }
    }

    pub(super) fn parts(self) -> (u32, u32, LatencyShape) {
        (self.min_ms, self.max_ms, self.shape)
    }

    /// One of them.
    pub(crate) fn draw(self, random: [u8; 32]) -> Duration {
        let number = |at: usize| {
            u64::from(u32::from_be_bytes([
                random[at],
                random[at + 1],
                random[at + 2],
                random[at + 3],
            ]))
        };
        let span = u64::from(self.max_ms - self.min_ms);
        let part = match self.shape {
            LatencyShape::Uniform => number(0) % (span + 1),
            LatencyShape::LongTail => {
                let doublings = random[31].leading_ones().min(8);
                (span >> (8 - doublings)) * (number(0) % 1025) / 1024
            }
        };
        Duration::from_millis(u64::from(self.min_ms) + part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Random};

    #[test]
    fn delays_stay_in_their_span_and_few_are_long() {
        let random = Random::new(1);
        for shape in [LatencyShape::Uniform, LatencyShape::LongTail] {
            let latency = Latency::between(2000, 100, shape);
            let mut delays: Vec<_> = (0..1000)
                .map(|ordinal| latency.draw(random.bytes(Purpose::Latency, b"", ordinal)))
                .collect();
            delays.sort_unstable();
            assert!(delays[0] >= Duration::from_millis(100));
            assert!(delays[999] <= Duration::from_secs(2));
            assert!(delays[999] > Duration::from_millis(1500));
            let median = delays[500] < Duration::from_millis(150);
            assert_eq!(median, shape == LatencyShape::LongTail);
        }
        let fixed = Latency::fixed(7).draw([255; 32]);
        assert_eq!(fixed, Duration::from_millis(7));
    }
}
