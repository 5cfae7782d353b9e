//! Maps that are copied in constant time: copies share whatever neither of them has changed since.

use std::hash::Hash;

use foldhash::fast::RandomState;
use rpds::{HashTrieMapSync, RedBlackTreeMapSync};

/// By key. Its hash is quick rather than strong: most keys are ids of our own, and every request looks up a dozen.
pub(crate) type Map<K, V> = HashTrieMapSync<K, V, RandomState>;

/// By key, in its order.
pub(crate) type Sorted<K, V> = RedBlackTreeMapSync<K, V>;

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
