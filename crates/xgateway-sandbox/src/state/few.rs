//! A list that mostly has one item, which then needs no memory of its own.

use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// In the order in which they came.
#[derive(Clone, Debug)]
pub(crate) enum Few<T> {
    One(T),
    Others(Vec<T>),
}

impl<T> Few<T> {
    pub(crate) fn push(&mut self, item: T) {
        *self = match std::mem::take(self) {
            Self::Others(none) if none.is_empty() => Self::One(item),
            Self::One(first) => Self::Others(vec![first, item]),
            Self::Others(mut all) => {
                all.push(item);
                Self::Others(all)
            }
        };
    }

    /// Removes all that are equal to `item`.
    pub(crate) fn remove(&mut self, item: &T)
    where
        T: PartialEq,
    {
        match self {
            Self::One(only) if only == item => *self = Self::default(),
            Self::One(_) => {}
            Self::Others(all) => all.retain(|other| other != item),
        }
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self::Others(Vec::new())
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::One(only) => std::slice::from_ref(only),
            Self::Others(all) => all,
        }
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: PartialEq> PartialEq for Few<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

/// As any list.
impl<T: Serialize> Serialize for Few<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::Others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_list() {
        let mut few = Few::default();
        let mut want = Vec::new();
        for item in [1, 2, 3, 2] {
            few.push(item);
            want.push(item);
            assert_eq!(*few, *want);
            let stored = serde_json::to_string(&few).unwrap();
            assert_eq!(stored, serde_json::to_string(&want).unwrap());
            assert_eq!(serde_json::from_str::<Few<i32>>(&stored).unwrap(), few);
        }
        for (item, left) in [(2, &[1, 3][..]), (4, &[1, 3]), (3, &[1]), (1, &[])] {
            few.remove(&item);
            assert_eq!(*few, *left);
        }
        few.push(5);
        few.remove(&4);
        assert_eq!((few.len(), few.last()), (1, Some(&5)));
        few.remove(&5);
        assert!(few.is_empty());
    }
}
