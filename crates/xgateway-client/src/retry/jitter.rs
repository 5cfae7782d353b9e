use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use xgateway_core::backoff;

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
            backoff::spread(state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP))
        })
    }
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
