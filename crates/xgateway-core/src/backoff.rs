//! How long to wait between attempts: a bound that doubles, and an even draw below it ("full jitter"), so that what failed
//! together does not come back together.
//!
//! The draw is an argument: the same draw, the same wait.

use std::time::Duration;

/// The most to wait after this many failed attempts, of which the first is 1: `first`, then twice as long each time, up to
/// `most`.
///
/// ```
/// use std::time::Duration;
///
/// use xgateway_core::backoff::bound;
///
/// let (first, most) = (Duration::from_secs(1), Duration::from_secs(5));
/// let seconds = [1, 2, 3, 4, 5].map(|attempts| bound(first, most, attempts).as_secs());
/// assert_eq!(seconds, [1, 2, 4, 5, 5]);
/// ```
#[must_use]
pub fn bound(first: Duration, most: Duration, attempts: u32) -> Duration {
    // Past 2^31 times the first wait, every bound in use is reached.
    let doublings = attempts.saturating_sub(1).min(31);
    first.saturating_mul(1 << doublings).min(most)
}

/// The part of `bound` that `draw` gives, in whole milliseconds: nothing at 0, all of it at [`u32::MAX`].
#[must_use]
pub fn drawn(bound: Duration, draw: u32) -> Duration {
    let milliseconds = (bound.as_millis() * (u128::from(draw) + 1)) >> 32;
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or(u64::MAX))
}

/// A draw made of a number: neighbouring numbers end far from each other. No secret may hang on it.
#[must_use]
pub fn spread(mut number: u64) -> u32 {
    // The finish of SplitMix64: every bit of the input moves every bit of the output.
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^= number >> 31;
    u32::try_from(number >> 32).expect("32 bits are left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_neither_overflow_nor_wait_too_long() {
        for attempts in [0, 1, 31, 32, 33, u32::MAX] {
            assert_eq!(bound(Duration::MAX, Duration::MAX, attempts), Duration::MAX);
            assert_eq!(
                bound(Duration::MAX, Duration::ZERO, attempts),
                Duration::ZERO
            );
        }
        assert!(drawn(Duration::MAX, u32::MAX) > Duration::from_hours(24 * 365));
        assert_eq!(drawn(Duration::from_secs(1), 0), Duration::ZERO);
    }

    #[test]
    fn what_is_made_of_a_number_stays_the_same() {
        assert_eq!([0, 1, 2].map(spread), [0, 1_452_414_493, 3_687_987_351]);
    }
}
