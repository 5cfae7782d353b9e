//! Maps that are copied in constant time: copies share whatever neither of them has changed since.

use std::hash::Hash;

use foldhash::fast::RandomState;
use rpds::{HashTrieMapSync, RedBlackTreeMapSync};

/// By key. Its hash is quick rather than strong: most keys are ids of our own, and every request looks up a dozen.
pub(crate) type Map<K, V> = HashTrieMapSync<K, V, RandomState>;

/// By key, in its order.
pub(crate) type Sorted<K, V> = RedBlackTreeMapSync<K, V>;

/// Maps as lists of pairs, since their keys are not all texts.
pub(crate) mod pairs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<'a, M, K, V, S>(map: &'a M, serializer: S) -> Result<S::Ok, S::Error>
    where
        &'a M: IntoIterator<Item = (&'a K, &'a V)>,
        K: Serialize + 'a,
        V: Serialize + 'a,
        S: Serializer,
    {
        serializer.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, M, K, V, D>(deserializer: D) -> Result<M, D::Error>
    where
        M: FromIterator<(K, V)>,
        K: Deserialize<'de>,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        let pairs = Vec::<(K, V)>::deserialize(deserializer)?;
        Ok(pairs.into_iter().collect())
    }
}

/// The value of `key`, which is made if there is none.
pub(crate) fn entry<'a, K, V>(map: &'a mut Map<K, V>, key: &K) -> &'a mut V
where
    K: Clone + Eq + Hash,
    V: Clone + Default,
{
    if !map.contains_key(key) {
        map.insert_mut(key.clone(), V::default());
    }
    map.get_mut(key).expect("it is there now")
}
