//! A map in the order of its keys that is copied in constant time.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::pairs::read;

/// How many pairs are copied together when one of them changes that a copy of the map has, too.
const CHUNK_MAX: usize = 64;

/// What a [`Sorted`] is sorted by.
pub(crate) trait Key: Copy + Ord {
    /// How far it is behind `first`, if most keys are numbers that follow each other: where to look before searching.
    fn distance(self, first: Self) -> Option<usize>;
}

impl Key for u64 {
    fn distance(self, first: Self) -> Option<usize> {
        usize::try_from(self.checked_sub(first)?).ok()
    }
}

/// By key, in its order. Keys mostly come in that order and leave in it, which is what it is quick at.
#[derive(Clone, Debug)]
pub(crate) struct Sorted<K, V> {
    /// None of them is empty, unless it is the only one: what comes and goes alone needs no new one each time.
    chunks: Arc<VecDeque<Chunk<K, V>>>,
    len: usize,
}

#[derive(Clone, Debug)]
struct Chunk<K, V> {
    /// No key of an earlier chunk reaches it, and none of this one lies before it, unless this is the first.
    start: K,
    pairs: Arc<VecDeque<(K, V)>>,
}

impl<K, V> Sorted<K, V> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn first(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let pairs = self.chunks.iter().flat_map(|chunk| chunk.pairs.iter());
        pairs.map(|(key, value)| (key, value))
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }
}

impl<K, V> Sorted<K, V>
where
    K: Key,
    V: Clone,
{
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let chunk = self.chunks.get(self.chunk_of(key))?;
        let place = chunk.find(key).ok()?;
        Some(&chunk.pairs[place].1)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let index = self.chunk_of(key);
        let place = self.chunks.get(index)?.find(key).ok()?;
        let pairs = Arc::make_mut(&mut Arc::make_mut(&mut self.chunks)[index].pairs);
        Some(&mut pairs[place].1)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        let index = self.chunk_of(&key);
        let chunks = Arc::make_mut(&mut self.chunks);
        let is_last = index + 1 >= chunks.len();
        let Some(chunk) = chunks.get_mut(index) else {
            chunks.push_back(Chunk::of(key, value));
            self.len += 1;
            return;
        };
        let place = match chunk.find(&key) {
            Ok(place) => {
                Arc::make_mut(&mut chunk.pairs)[place].1 = value;
                return;
            }
            Err(place) => place,
        };
        self.len += 1;
        if chunk.pairs.len() < CHUNK_MAX {
            Arc::make_mut(&mut chunk.pairs).insert(place, (key, value));
        } else if is_last && place == CHUNK_MAX {
            let mut next = Chunk::of(key, value);
            // Another one will be as full as this one, which need not grow to that step by step.
            if let Some(pairs) = Arc::get_mut(&mut next.pairs) {
                pairs.reserve_exact(CHUNK_MAX - 1);
            }
            chunks.push_back(next);
        } else {
            let pairs = Arc::make_mut(&mut chunk.pairs);
            pairs.insert(place, (key, value));
            let rest = pairs.split_off(CHUNK_MAX / 2);
            let rest = Chunk {
                start: rest[0].0,
                pairs: Arc::new(rest),
            };
            chunks.insert(index + 1, rest);
        }
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let index = self.chunk_of(key);
        let place = self.chunks.get(index)?.find(key).ok()?;
        let chunks = Arc::make_mut(&mut self.chunks);
        let pairs = Arc::make_mut(&mut chunks[index].pairs);
        let (_, value) = pairs.remove(place)?;
        self.len -= 1;
        if pairs.is_empty() && chunks.len() > 1 {
            chunks.remove(index);
        }
        Some(value)
    }

    /// Where the chunk is that has this key, if any has it.
    fn chunk_of(&self, key: &K) -> usize {
        let last = self.chunks.len().saturating_sub(1);
        if self.chunks.back().is_some_and(|chunk| chunk.start <= *key) {
            return last;
        }
        if self.chunks.get(1).is_some_and(|second| *key < second.start) {
            return 0;
        }
        // The first chunk has lost some of its keys, if they leave in their order: the second one is a whole one.
        let distance = self
            .chunks
            .get(1)
            .and_then(|second| key.distance(second.start));
        if let Some(guess) = distance.map(|distance| 1 + distance / CHUNK_MAX)
            && self
                .chunks
                .get(guess)
                .is_some_and(|chunk| chunk.start <= *key)
            && self
                .chunks
                .get(guess + 1)
                .is_some_and(|next| *key < next.start)
        {
            return guess;
        }
        let later = self.chunks.partition_point(|chunk| chunk.start <= *key);
        later.saturating_sub(1)
    }
}

impl<K, V> Chunk<K, V>
where
    K: Key,
{
    fn of(key: K, value: V) -> Self {
        Self {
            start: key,
            pairs: Arc::new(VecDeque::from([(key, value)])),
        }
    }

    fn find(&self, key: &K) -> Result<usize, usize> {
        // Where most of them go, or are taken from.
        if self.pairs.back().is_some_and(|(last, _)| last < key) {
            return Err(self.pairs.len());
        }
        let (first, _) = self.pairs.front().ok_or(0_usize)?;
        if key == first {
            return Ok(0);
        }
        if let Some(guess) = key.distance(*first)
            && self.pairs.get(guess).is_some_and(|(there, _)| there == key)
        {
            return Ok(guess);
        }
        self.pairs.binary_search_by_key(key, |(key, _)| *key)
    }
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self {
            chunks: Arc::default(),
            len: 0,
        }
    }
}

impl<K, V> FromIterator<(K, V)> for Sorted<K, V>
where
    K: Key,
    V: Clone,
{
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::default();
        for (key, value) in pairs {
            map.insert(key, value);
        }
        map
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for Sorted<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<K: Serialize, V: Serialize> Serialize for Sorted<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, K, V> Deserialize<'de> for Sorted<K, V>
where
    K: Deserialize<'de> + Key,
    V: Clone + Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    impl Key for u16 {
        fn distance(self, first: Self) -> Option<usize> {
            self.checked_sub(first).map(usize::from)
        }
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Append,
        Insert(u16),
        Change(u16),
        Remove(u16),
        RemoveFirst,
        Copy,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            6 => Just(Step::Append),
            3 => (0..1000_u16).prop_map(Step::Insert),
            1 => (0..1000_u16).prop_map(Step::Change),
            2 => (0..1000_u16).prop_map(Step::Remove),
            2 => Just(Step::RemoveFirst),
            1 => Just(Step::Copy),
        ]
    }

    fn assert_same(map: &Sorted<u16, u32>, want: &BTreeMap<u16, u32>) {
        assert_eq!(map.len(), want.len());
        assert!(map.iter().eq(want.iter()));
        assert_eq!(map.first(), want.first_key_value());
        let is_alone = map.chunks.len() == 1;
        assert!(
            map.chunks
                .iter()
                .all(|chunk| is_alone || !chunk.pairs.is_empty())
        );
    }

    proptest! {
        #[test]
        fn it_is_a_map_and_copies_are_others(steps in proptest::collection::vec(step(), 0..600)) {
            let (mut map, mut want) = (Sorted::default(), BTreeMap::new());
            let mut copies = Vec::new();
            for (number, step) in (0_u32..).zip(steps) {
                match step {
                    Step::Append => {
                        let key = want.last_key_value().map_or(0, |(key, _)| key + 1);
                        map.insert(key, number);
                        want.insert(key, number);
                    }
                    Step::Insert(key) => {
                        map.insert(key, number);
                        want.insert(key, number);
                    }
                    Step::Change(key) => {
                        if let Some(value) = map.get_mut(&key) {
                            *value = number;
                        }
                        if let Some(value) = want.get_mut(&key) {
                            *value = number;
                        }
                    }
                    Step::Remove(key) => {
                        prop_assert_eq!(map.get(&key), want.get(&key));
                        prop_assert_eq!(map.remove(&key), want.remove(&key));
                    }
                    Step::RemoveFirst => {
                        let first = map.first().map(|(key, _)| *key);
                        prop_assert_eq!(first.and_then(|key| map.remove(&key)), want.pop_first().map(|it| it.1));
                    }
                    Step::Copy => copies.push((map.clone(), want.clone())),
                }
            }
            copies.push((map, want));
            for (map, want) in &copies {
                assert_same(map, want);
            }
        }
    }

    #[test]
    fn whatever_comes_in_order_fills_its_chunks() {
        let mut map: Sorted<u64, ()> = (0..1000).map(|key| (key, ())).collect();
        assert_eq!(map.chunks.len(), 1000_usize.div_ceil(CHUNK_MAX));
        for key in 0..1000 {
            map.remove(&key);
            map.insert(key + 1000, ());
        }
        assert_eq!((map.len(), map.chunks.len() <= 17), (1000, true));
    }
}
