//! Callbacks as the gateway sends them, each of another transaction.

use bytes::Bytes;
use xgateway_callback::KeyRing;
use xgateway_core::callback::CallbackHash;
use xgateway_core::secret::SecretKey;

use crate::samples;

/// The secret key, of the usual length.
pub(super) const KEY: &str = "test_secret_key";

/// Signs callbacks.
pub(super) struct Deliveries {
    key: SecretKey,
    count: u32,
}

/// One callback.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub(super) id: String,
    pub(super) body: Bytes,
}

impl Deliveries {
    pub(super) fn new() -> Self {
        Self {
            key: key(),
            count: 0,
        }
    }

    /// The next `count` callbacks.
    pub(super) fn take(&mut self, count: u32) -> Vec<Delivery> {
        (0..count).map(|_| self.next()).collect()
    }

    fn next(&mut self) -> Delivery {
        self.count += 1;
        let id = id(self.count);
        let hash = CallbackHash::of(&[&id, "demo_customer_id", "10", "USD"], &self.key);
        let body = samples::CALLBACK
            .replace(samples::CALLBACK_ID, &id)
            .replace(samples::CALLBACK_HASH, &hash.to_string());
        Delivery {
            id,
            body: body.into(),
        }
    }
}

pub(super) fn ring() -> KeyRing {
    KeyRing::new(key())
}

fn key() -> SecretKey {
    SecretKey::parse(KEY).expect("it is visible ASCII")
}

/// A UUID of its own for each number, in no order: that is how transactions have them.
fn id(number: u32) -> String {
    // Times an odd number modulo 2^128: no two numbers have one id.
    let scattered = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let mut digits = format!("{scattered:032x}");
    for hyphen in [20, 16, 12, 8] {
        digits.insert(hyphen, '-');
    }
    digits
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use xgateway_callback::RawCallback;

    use super::*;

    #[test]
    fn each_is_authentic_and_of_another_transaction() {
        let ring = ring();
        let mut deliveries = Deliveries::new();
        let ids: BTreeSet<_> = [deliveries.take(2), deliveries.take(2)]
            .concat()
            .into_iter()
            .map(|delivery| {
                let raw = RawCallback::new(&delivery.body).unwrap();
                let callback = raw.authenticate(&ring).unwrap();
                assert_eq!(callback.id(), Some(&*delivery.id));
                delivery.id
            })
            .collect();
        assert_eq!(ids.len(), 4);
    }
}
