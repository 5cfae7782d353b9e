//! Everything that looks random follows from the seed, by name and not by turn.
//!
//! A stream of random numbers would make each value depend on all that were drawn before it, so that two requests
//! that race would swap their ids. Here each value is the hash of the seed, its purpose and what it belongs to.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::rates::LastPrice;

/// What a random value is for. Two purposes never share a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    ApiKey,
    SecretKey,
    InvoiceOfOrder,
    InvoiceWithoutOrder,
    Transaction,
    Page,
    CardToken,
    Fee,
    BodyDigest,
    Address,
    QrCode,
    ChainHash,
    Deposit,
    TechnicalFee,
    Account,
    Price,
    CallbackDuplicate,
    CallbackDelay,
    CallbackReorder,
    CallbackLoss,
    Fault,
    Latency,
    Customer,
    KycLink,
    BankAccount,
    Sender,
    Withdrawal,
    WithdrawalOfOrder,
}

/// The seed, ready to derive from.
#[derive(Clone)]
pub(crate) struct Random {
    seed: [u8; 32],
    /// The price that was derived last, which is asked for again within the same minute.
    pub(crate) price: Arc<LastPrice>,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(b"xgateway-sandbox");
        hasher.update(seed.to_be_bytes());
        Self {
            seed: hasher.finalize().into(),
            price: Arc::default(),
        }
    }

    /// 32 bytes for the `ordinal`-th thing of `subject`.
    pub(crate) fn bytes(&self, purpose: Purpose, subject: &[u8], ordinal: u64) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let mut head = [0; 41];
        head[..33].copy_from_slice(&self.head(purpose));
        head[33..].copy_from_slice(&ordinal.to_be_bytes());
        hasher.update(head);
        hasher.update(subject);
        hasher.finalize().into()
    }

    /// A version 4 UUID for the `ordinal`-th thing of `subject`.
    pub(crate) fn uuid(&self, purpose: Purpose, subject: &[u8], ordinal: u64) -> Uuid {
        let bytes = self.bytes(purpose, subject, ordinal);
        let (half, _) = bytes.split_at(16);
        let half = half.try_into().expect("half of 32 bytes is 16 bytes");
        uuid::Builder::from_random_bytes(half).into_uuid()
    }

    /// A number below `bound`, which must be small against 2^32.
    pub(crate) fn below(&self, bound: u32, purpose: Purpose, subject: &[u8]) -> u32 {
        let bytes = self.bytes(purpose, subject, 0);
        u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) % bound
    }

    /// What stands before whatever is hashed for a purpose, so that only this seed can compute it.
    pub(crate) fn head(&self, purpose: Purpose) -> [u8; 33] {
        let mut head = [purpose as u8; 33];
        head[..32].copy_from_slice(&self.seed);
        head
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_depends_on_seed_purpose_subject_and_ordinal() {
        let random = Random::new(1);
        let value = random.uuid(Purpose::Transaction, b"a", 0);
        assert_eq!(value, Random::new(1).uuid(Purpose::Transaction, b"a", 0));
        for other in [
            Random::new(2).uuid(Purpose::Transaction, b"a", 0),
            random.uuid(Purpose::Page, b"a", 0),
            random.uuid(Purpose::Transaction, b"b", 0),
            random.uuid(Purpose::Transaction, b"a", 1),
        ] {
            assert_ne!(value, other);
        }
    }

    #[test]
    fn ids_look_like_version_4() {
        let id = Random::new(7).uuid(Purpose::Transaction, b"", 0);
        assert_eq!(id.get_version_num(), 4);
        assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
    }
}
