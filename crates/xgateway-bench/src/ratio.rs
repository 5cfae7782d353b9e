//! Ratios without floats.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// How much of one thing goes into another, in thousandths: 250 is a quarter.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Ratio(u64);

impl Ratio {
    pub(crate) const fn thousandths(thousandths: u64) -> Self {
        Self(thousandths)
    }

    /// `subject / peer`, rounded; a peer that took no time counts as one nanosecond.
    pub(crate) fn of(subject: Duration, peer: Duration) -> Self {
        let peer = peer.as_nanos().max(1);
        let thousandths = (subject.as_nanos() * 1000 + peer / 2) / peer;
        Self(u64::try_from(thousandths).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:03}", self.0 / 1000, self.0 % 1000))
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.to_string())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

/// The middle of many measured values, and where the middle half of them lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Spread<T> {
    pub(crate) lower: T,
    pub(crate) median: T,
    pub(crate) upper: T,
}

impl<T: Copy + Ord> Spread<T> {
    /// The quartiles of `values`, of which there must be at least one.
    pub(crate) fn of(mut values: Vec<T>) -> Self {
        values.sort_unstable();
        let last = values.len() - 1;
        Self {
            lower: values[last / 4],
            median: values[last / 2],
            upper: values[last - last / 4],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_rounded_to_thousandths() {
        let ratio = |subject, peer| {
            Ratio::of(Duration::from_nanos(subject), Duration::from_nanos(peer)).to_string()
        };
        assert_eq!(ratio(1, 4), "0.250");
        assert_eq!(ratio(2, 3), "0.667");
        assert_eq!(ratio(3, 2), "1.500");
        assert_eq!(ratio(1, 0), "1.000");
    }

    #[test]
    fn a_spread_holds_the_quartiles() {
        let spread = Spread::of(vec![5, 1, 4, 2, 3]);
        assert_eq!((spread.lower, spread.median, spread.upper), (2, 3, 4));
        assert_eq!(Spread::of(vec![7]).median, 7);
    }

    #[test]
    fn a_ratio_is_a_number_in_json() {
        assert_eq!(
            serde_json::to_string(&Ratio::thousandths(1050)).unwrap(),
            "1.050"
        );
    }
}
