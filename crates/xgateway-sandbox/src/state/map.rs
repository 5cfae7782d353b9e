//! A map that is copied in constant time and is as quick as any other while nobody has a copy.
//!
//! Of our own, since the persistent maps of other crates are tries, and worlds are copied rarely and written to all the time:
//! as tries this one and [`Sorted`](super::sorted::Sorted) took a fifth of the time of a deposit.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::pairs::read;

/// By key. Its hash is quick rather than strong: most keys are ids of our own, and every request looks up a dozen.
#[derive(Clone, Debug)]
pub(crate) struct Map<K, V> {
    /// What has changed since there was a copy last.
    top: Arc<Layer<K, V>>,
    /// What stood before that, the oldest first. Copies share it, so nobody changes it.
    below: Vec<Arc<Layer<K, V>>>,
    len: usize,
}

/// A key without a value is gone, whatever older layers say.
type Layer<K, V> = HashMap<K, Option<V>, RandomState>;

impl<K, V> Map<K, V> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// In no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)>
    where
        K: Eq + Hash,
    {
        self.layers().enumerate().flat_map(move |(depth, layer)| {
            let newer = move |key: &K| self.layers().take(depth).any(|it| it.contains_key(key));
            let known = layer.iter().filter(move |(key, _)| !newer(key));
            known.filter_map(|(key, value)| Some((key, value.as_ref()?)))
        })
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V>
    where
        K: Eq + Hash,
    {
        self.iter().map(|(_, value)| value)
    }

    /// The newest first.
    fn layers(&self) -> impl Iterator<Item = &Layer<K, V>> {
        let below = self.below.iter().rev();
        std::iter::once(&self.top)
            .chain(below)
            .map(|layer| &**layer)
    }
}

impl<K, V> Map<K, V>
where
    K: Clone + Eq + Hash,
    V: Clone,
{
    pub(crate) fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let below = || self.get_below(key).map(|(_, value)| value);
        self.top.get(key).or_else(below)?.as_ref()
    }

    pub(crate) fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.lift(key);
        own(&mut self.top).get_mut(key)?.as_mut()
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.lift(&key);
        let before = own(&mut self.top).insert(key, Some(value));
        self.len += usize::from(before.flatten().is_none());
    }

    /// The value of `key`, which is made if there is none.
    pub(crate) fn entry(&mut self, key: &K) -> &mut V
    where
        V: Default,
    {
        self.lift(key);
        let place = own(&mut self.top).entry(key.clone()).or_default();
        self.len += usize::from(place.is_none());
        place.get_or_insert_default()
    }

    pub(crate) fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.lift(key);
        let stood = self.below.iter().any(|layer| layer.contains_key(key));
        let top = own(&mut self.top);
        let value = if stood {
            top.get_mut(key)?.take()
        } else {
            top.remove(key).flatten()
        };
        self.len -= usize::from(value.is_some());
        value
    }

    fn get_below<Q>(&self, key: &Q) -> Option<(&K, &Option<V>)>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let mut below = self.below.iter().rev();
        below.find_map(|layer| layer.get_key_value(key))
    }

    /// Sees to it that nobody shares the newest layer, and that it knows of `key` what any layer knows.
    fn lift<Q>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        // Copies are made of this map only, which is borrowed: what nobody shares now nobody will meanwhile.
        if Arc::strong_count(&self.top) > 1 {
            self.begin_layer();
        }
        if self.below.is_empty() {
            return;
        }
        self.unite();
        if !self.top.contains_key(key)
            && let Some((key, value)) = self.get_below(key)
        {
            let (key, value) = (key.clone(), value.clone());
            own(&mut self.top).insert(key, value);
        }
    }

    /// Leaves the newest layer to the copies. Each layer is less than half as large as the one below, so that they are
    /// few, and each value is copied few times.
    fn begin_layer(&mut self) {
        let mut layer = std::mem::take(&mut self.top);
        while let Some(older) = self.below.pop_if(|older| older.len() < 2 * layer.len()) {
            layer = Arc::new(united(older, layer, self.below.is_empty()));
        }
        if !layer.is_empty() {
            self.below.push(layer);
        }
    }

    /// Makes one layer of the newest and those below that are no larger.
    fn unite(&mut self) {
        while let Some(older) = self.below.pop_if(|older| older.len() <= self.top.len()) {
            let top = std::mem::take(&mut self.top);
            self.top = Arc::new(united(older, top, self.below.is_empty()));
        }
    }
}

/// A layer that nobody shares.
fn own<K, V>(top: &mut Arc<Layer<K, V>>) -> &mut Layer<K, V> {
    Arc::get_mut(top).expect("it was made when it was found shared")
}

/// Two layers as one.
fn united<K, V>(older: Arc<Layer<K, V>>, newer: Arc<Layer<K, V>>, is_lowest: bool) -> Layer<K, V>
where
    K: Clone + Eq + Hash,
    V: Clone,
{
    let mut all = Arc::unwrap_or_clone(older);
    for (key, value) in Arc::unwrap_or_clone(newer) {
        if value.is_none() && is_lowest {
            all.remove(&key);
        } else {
            all.insert(key, value);
        }
    }
    all
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self {
            top: Arc::default(),
            below: Vec::new(),
            len: 0,
        }
    }
}

impl<K, V> FromIterator<(K, V)> for Map<K, V>
where
    K: Clone + Eq + Hash,
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

impl<K, V> PartialEq for Map<K, V>
where
    K: Clone + Eq + Hash,
    V: Clone + PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len
            && self
                .iter()
                .all(|(key, value)| other.get(key) == Some(value))
    }
}

/// By key, so that equal maps are written alike.
impl<K, V> Serialize for Map<K, V>
where
    K: Hash + Ord + Serialize,
    V: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pairs: Vec<_> = self.iter().collect();
        pairs.sort_unstable_by_key(|(key, _)| *key);
        serializer.collect_seq(pairs)
    }
}

impl<'de, K, V> Deserialize<'de> for Map<K, V>
where
    K: Clone + Deserialize<'de> + Eq + Hash,
    V: Clone + Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Insert(u8, u8),
        Change(u8, u8),
        Entry(u8),
        Remove(u8),
        Copy,
        Forget,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => any::<(u8, u8)>().prop_map(|(key, value)| Step::Insert(key % 40, value)),
            2 => any::<(u8, u8)>().prop_map(|(key, value)| Step::Change(key % 40, value)),
            2 => any::<u8>().prop_map(|key| Step::Entry(key % 40)),
            4 => any::<u8>().prop_map(|key| Step::Remove(key % 40)),
            1 => Just(Step::Copy),
            1 => Just(Step::Forget),
        ]
    }

    #[test]
    fn equal_maps_are_written_alike() {
        let written = |keys: &mut dyn Iterator<Item = u8>| {
            let map: Map<u8, u8> = keys.map(|key| (key, key)).collect();
            serde_json::to_string(&map).unwrap()
        };
        assert_eq!(written(&mut (0..100)), written(&mut (0..100).rev()));
    }

    fn assert_same(map: &Map<u8, u8>, want: &HashMap<u8, u8>) {
        assert_eq!(map.len(), want.len());
        let seen: HashMap<u8, u8> = map.iter().map(|(key, value)| (*key, *value)).collect();
        assert_eq!(&seen, want);
        assert_eq!(map.iter().count(), want.len());
        for key in 0..40 {
            assert_eq!(map.get(&key), want.get(&key));
        }
        assert!(
            map.below
                .is_sorted_by(|older, newer| older.len() >= newer.len())
        );
    }

    proptest! {
        #[test]
        fn it_is_a_map_and_copies_are_others(steps in proptest::collection::vec(step(), 0..200)) {
            let (mut map, mut want) = (Map::default(), HashMap::new());
            let mut copies = Vec::new();
            for step in steps {
                match step {
                    Step::Insert(key, value) => {
                        map.insert(key, value);
                        want.insert(key, value);
                    }
                    Step::Change(key, value) => {
                        let places = (map.get_mut(&key), want.get_mut(&key));
                        prop_assert_eq!(places.0.is_some(), places.1.is_some());
                        if let (Some(one), Some(other)) = places {
                            (*one, *other) = (value, value);
                        }
                    }
                    Step::Entry(key) => {
                        let place = map.entry(&key);
                        *place = place.wrapping_add(1);
                        let place = want.entry(key).or_default();
                        *place = place.wrapping_add(1);
                    }
                    Step::Remove(key) => prop_assert_eq!(map.remove(&key), want.remove(&key)),
                    Step::Copy => copies.push((map.clone(), want.clone())),
                    Step::Forget => drop(copies.pop()),
                }
                assert_same(&map, &want);
            }
            for (map, want) in &copies {
                assert_same(map, want);
            }
        }
    }

    #[test]
    fn many_copies_make_few_layers() {
        let mut map = Map::default();
        let mut copies = Vec::new();
        for number in 0..10_000_u32 {
            map.insert(number, ());
            copies.push(map.clone());
        }
        assert!(map.below.len() <= 14, "{}", map.below.len());
        copies.truncate(100);
        for (index, copy) in copies.iter().enumerate() {
            assert_eq!(copy.len(), index + 1);
        }
    }

    /// Each key comes and goes, as orders do in a world that has its fill of them.
    #[test]
    fn what_is_gone_takes_no_room() {
        let mut map = Map::default();
        for number in 0..1000 {
            map.insert(number, ());
        }
        let copy = map.clone();
        for number in 0..100_000 {
            map.remove(&number);
            map.insert(number + 1000, ());
        }
        let kept: usize = map.layers().map(HashMap::len).sum();
        assert!(kept <= 4000, "{kept}");
        assert_eq!((map.len(), copy.len()), (1000, 1000));
    }
}
