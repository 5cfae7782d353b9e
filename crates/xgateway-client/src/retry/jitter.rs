use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the draws come from that spread retries: even over all of `u32`.
#[derive(Clone)]
pub(crate) struct Jitter(Arc<dyn Fn() -> u32 + Send + Sync>);

impl Jitter {
    pub(crate) fn new(draw: impl Fn() -> u32 + Send + Sync + 'static) -> Self {
        Self(Arc::new(draw))
    }

    pub(crate) fn draw(&self) -> u32 {
        (self.0)()
    }
}

impl Default for Jitter {
    /// Draws that differ from process to process. Nothing secret hangs on them.
    fn default() -> Self {
        // The standard library's only source of randomness: its keys are the system's.
        let state = AtomicU64::new(RandomState::new().hash_one(0_u8));
        Self::new(move || {
            const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
            spread(state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP))
        })
    }
}

/// The finish of `SplitMix64`: neighbouring numbers end far from each other.
fn spread(mut number: u64) -> u32 {
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^= number >> 31;
    u32::try_from(number >> 32).expect("32 bits are left")
}

impl fmt::Debug for Jitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jitter")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_spread() {
        let jitter = Jitter::default();
        let mut quarters = [0_u32; 4];
        for _ in 0..4000 {
            quarters[(jitter.draw() >> 30) as usize] += 1;
        }
        // Some forty deviations wide: a fair source does not leave it.
        assert!(
            quarters.iter().all(|count| (500..1500).contains(count)),
            "{quarters:?}"
        );
    }
}
