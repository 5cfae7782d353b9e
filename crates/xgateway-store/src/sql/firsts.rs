//! Which of many come first.

/// Many with keys, put into the order of their keys, and of those with one key only the first.
///
/// One order everywhere, so that two processes that write the same keys cannot wait for each other.
pub(crate) struct Firsts {
    /// The indices of those that come first, in ascending order of their keys.
    pub(crate) order: Vec<usize>,
    /// For each of the many the place of its key in [`order`](Self::order), and whether it comes first itself.
    pub(crate) places: Vec<(usize, bool)>,
}

impl Firsts {
    /// Of `count`, whose keys are told by their index.
    pub(crate) fn of<K: Ord>(count: usize, key: impl Fn(usize) -> K) -> Self {
        let mut all: Vec<_> = (0..count).collect();
        // Stable: of those with one key the first stays the first.
        all.sort_by_key(|&index| key(index));
        let mut order: Vec<usize> = Vec::with_capacity(count);
        let mut places = vec![(0, false); count];
        for index in all {
            let is_first = order.last().is_none_or(|&last| key(last) != key(index));
            if is_first {
                order.push(index);
            }
            places[index] = (order.len() - 1, is_first);
        }
        Self { order, places }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_one_key_the_first_stays_the_first() {
        let keys = ["c", "a", "c", "b", "a"];
        let firsts = Firsts::of(keys.len(), |index| keys[index]);
        assert_eq!(firsts.order, [1, 3, 0]);
        let want = [(2, true), (0, true), (2, false), (1, true), (0, false)];
        assert_eq!(firsts.places, want);
        let none = Firsts::of(0, |index| keys[index]);
        assert!(none.order.is_empty() && none.places.is_empty());
    }
}
