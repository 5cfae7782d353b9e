//! Which event a callback tells of, and whether two tell the same.

use std::fmt;

use sha2::{Digest as _, Sha512_256};

/// Why something cannot be put into an inbox.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// A part of a key is empty.
    #[error("a part of the key is empty")]
    Empty,
    /// A part of a key is longer than 1024 bytes.
    #[error("a part of the key is longer than 1024 bytes")]
    TooLong,
    /// A part of a key holds a control character.
    #[error("a part of the key holds a control character")]
    Control,
    /// The payload is larger than [`PAYLOAD_BYTES_MAX`](crate::PAYLOAD_BYTES_MAX).
    #[error("the payload is larger than a callback ever is")]
    PayloadTooLarge,
}

/// What a callback is about. The gateway may send other kinds one day.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Kind {
    /// A transaction reached a status.
    Transaction,
    /// A bank account of a customer reached a status.
    BankAccount,
    /// The identity check of a customer reached a status.
    Kyc,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Transaction, Self::BankAccount, Self::Kyc];

    /// The gateway's own word for it: `transaction`, `bank_account` or `kyc`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Transaction => "transaction",
            Self::BankAccount => "bank_account",
            Self::Kyc => "kyc",
        }
    }

    /// The kind with this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which event a callback tells of: the subject and the status that it reached.
///
/// `confirmed` after `failed` of one transaction are two events; ten deliveries of `confirmed` are one. Keys never
/// expire: a callback may be delivered again years later.
///
/// A transaction's id is its subject. The other kinds have no id of their own: put whatever tells their events apart
/// into the subject (the customer and the currency; the customer and what is missing), and see [`Repeat`](crate::Repeat).
///
/// `Debug` hides the subject of those: a customer's id may be an e-mail address.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct EventKey {
    kind: Kind,
    subject: Box<str>,
    status: Box<str>,
}

impl fmt::Debug for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = match self.kind {
            Kind::Transaction => &*self.subject,
            Kind::BankAccount | Kind::Kyc => "**",
        };
        f.debug_struct("EventKey")
            .field("kind", &self.kind)
            .field("subject", &subject)
            .field("status", &self.status)
            .finish()
    }
}

impl EventKey {
    /// The key of an event.
    ///
    /// # Errors
    ///
    /// [`EntryError`] unless `subject` and `status` have 1 to 1024 bytes and no control characters.
    pub fn new(kind: Kind, subject: &str, status: &str) -> Result<Self, EntryError> {
        check_key(subject)?;
        check_key(status)?;
        Ok(Self {
            kind,
            subject: subject.into(),
            status: status.into(),
        })
    }

    /// What the callback is about.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Which of that kind.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The status that it reached, as the callback says. Nothing proves it: ask the gateway.
    pub fn status(&self) -> &str {
        &self.status
    }

    /// The key in 16 bytes, for a unique index: the first half of a hash over all parts with their lengths.
    #[must_use]
    pub fn packed(&self) -> [u8; 16] {
        first_half(digest(&self.parts()))
    }

    /// Another key for a callback that contradicts the first one of this event.
    #[must_use]
    pub fn packed_with(&self, content: &ContentDigest) -> [u8; 16] {
        let [kind, subject, status] = self.parts();
        first_half(digest(&[kind, subject, status, &content.0]))
    }

    fn parts(&self) -> [&[u8]; 3] {
        [
            self.kind.as_str().as_bytes(),
            self.subject.as_bytes(),
            self.status.as_bytes(),
        ]
    }
}

/// What a callback says beyond its [`EventKey`], packed: two deliveries of one event must agree on it.
///
/// Take the fields whose change would be a contradiction (customer, amount, currency), and leave out those that may
/// differ from delivery to delivery (rates, `updatedAt`).
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct ContentDigest([u8; 32]);

impl ContentDigest {
    /// Packs fields, in this order. `["ab", "c"]` and `["a", "bc"]` differ.
    #[must_use]
    pub fn of(fields: &[&str]) -> Self {
        let fields: Vec<_> = fields.iter().map(|field| field.as_bytes()).collect();
        Self(digest(&fields))
    }

    /// The packed bytes, as a store keeps them.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What a store has kept.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentDigest(**)") // Amounts and customers can be guessed from it.
    }
}

pub(super) fn check_key(text: &str) -> Result<(), EntryError> {
    if text.is_empty() {
        return Err(EntryError::Empty);
    }
    if text.len() > 1024 {
        return Err(EntryError::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(EntryError::Control);
    }
    Ok(())
}

pub(super) fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha512_256::new();
    for part in parts {
        // The length keeps neighbours apart.
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

pub(super) fn first_half(digest: [u8; 32]) -> [u8; 16] {
    let (half, _) = digest.split_at(16);
    half.try_into().expect("16 of 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(subject: &str, status: &str) -> EventKey {
        EventKey::new(Kind::Transaction, subject, status).unwrap()
    }

    #[test]
    fn neighbouring_parts_do_not_run_together() {
        assert_ne!(key("ab", "c").packed(), key("a", "bc").packed());
        assert_ne!(
            ContentDigest::of(&["ab", "c"]),
            ContentDigest::of(&["a", "bc"])
        );
        assert_ne!(ContentDigest::of(&["a"]), ContentDigest::of(&["a", ""]));
    }

    #[test]
    fn every_part_counts() {
        let first = key("a", "confirmed");
        assert_ne!(first.packed(), key("a", "failed").packed());
        assert_ne!(first.packed(), key("b", "confirmed").packed());
        let kyc = EventKey::new(Kind::Kyc, "a", "confirmed").unwrap();
        assert_ne!(first.packed(), kyc.packed());
        let ten = ContentDigest::of(&["10"]);
        assert_ne!(first.packed(), first.packed_with(&ten));
        assert_ne!(
            first.packed_with(&ContentDigest::of(&["11"])),
            first.packed_with(&ten)
        );
    }

    #[test]
    fn the_packed_form_never_changes() {
        // Written into databases that live for years.
        assert_eq!(
            key("916c9ef9-8678-4676-b8bf-14e6333090f6", "confirmed").packed(),
            0x4855_9d76_0f91_b83d_ab52_33a4_4208_7d96_u128.to_be_bytes()
        );
    }

    #[test]
    fn a_database_must_be_able_to_hold_a_key() {
        let check = |text: &str| EventKey::new(Kind::Kyc, text, "x").map(|_| ());
        assert_eq!(check(""), Err(EntryError::Empty));
        assert_eq!(check("a\0b"), Err(EntryError::Control));
        assert_eq!(check(&"a".repeat(1025)), Err(EntryError::TooLong));
        assert_eq!(check(&"a".repeat(1024)), Ok(()));
    }

    #[test]
    fn words_of_kinds_are_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse("chargeback"), None);
    }
}
