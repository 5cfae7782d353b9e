//! The hash of callbacks (protocol §4).
//!
//! It is a plain SHA-512 over texts joined by dots, the secret key last. It proves who sent a callback and, for a
//! transaction, its id, customer, amount and currency. It does **not** cover the status or anything else: ask the API
//! before you act.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha512};
use subtle::ConstantTimeEq;

use crate::secret::SecretKey;

/// How many characters of base64 a hash has.
const TEXT_LENGTH: usize = 88;

/// The hash of a callback.
///
/// ```
/// use xgateway_core::callback::CallbackHash;
/// use xgateway_core::secret::SecretKey;
///
/// let secret = SecretKey::parse("test_secret_key")?;
/// let fields = ["916c9ef9-8678-4676-b8bf-14e6333090f6", "demo_customer_id", "10", "USD"];
/// let hash = CallbackHash::of(&fields, &secret);
/// assert!(hash.matches(
///     "9pnXH92QDrsu+ntdByIXtfq4jkc7RWYb/Ii7DLaO1x0Bv+in88B7m1DzGtPZMS6Z1oFmtBO+iNE4Trxci+7FqA=="
/// ));
/// # Ok::<(), xgateway_core::secret::KeyError>(())
/// ```
#[derive(Clone)]
pub struct CallbackHash([u8; 64]);

impl CallbackHash {
    /// Hashes the texts of the fields, exactly as they stand in the JSON, with the secret key.
    ///
    /// Which fields, and in which order, the OpenAPI document says for each callback.
    #[must_use]
    pub fn of(fields: &[&str], secret: &SecretKey) -> Self {
        HashedFields::new(fields).with(secret)
    }

    /// Whether `text` is this hash in base64. The comparison takes the same time wherever they differ.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let mut ours = [0; TEXT_LENGTH];
        // Ours is written rather than theirs read, which is quicker: a hash has one text only.
        let length = STANDARD.encode_slice(self.0, &mut ours);
        debug_assert_eq!(length, Ok(TEXT_LENGTH));
        <&[u8; TEXT_LENGTH]>::try_from(text.as_bytes()).is_ok_and(|theirs| same(&ours, theirs))
    }

    /// Whether `text` could be a hash: 88 characters of base64 (standard alphabet, padded).
    #[must_use]
    pub fn is_form(text: &str) -> bool {
        let mut bytes = [0; 64];
        // Exactly that many: a longer text must not be cut, nor a shorter one filled up.
        text.len() == TEXT_LENGTH
            && STANDARD
                .decode_slice(text, &mut bytes)
                .is_ok_and(|length| length == bytes.len())
    }
}

/// Whether all bytes are equal, in a time that does not depend on where they differ.
fn same(ours: &[u8; TEXT_LENGTH], theirs: &[u8; TEXT_LENGTH]) -> bool {
    const { assert!(TEXT_LENGTH.is_multiple_of(8)) };
    // Eight bytes at a time: one at a time takes nearly as long as the hash.
    let (ours, _) = ours.as_chunks::<8>();
    let (theirs, _) = theirs.as_chunks::<8>();
    let word = |bytes: &[u8; 8]| u64::from_ne_bytes(*bytes);
    let pairs = ours.iter().zip(theirs);
    let differ = pairs.fold(0, |differ, (our, their)| differ | (word(our) ^ word(their)));
    differ.ct_eq(&0).into()
}

/// The texts of the fields, joined and waiting for a key.
///
/// ```
/// use xgateway_core::callback::HashedFields;
/// use xgateway_core::secret::SecretKey;
///
/// let told = "l9g6R+pEkE+zCiXBXb/myZ/56LD++EYKQgCtUn5nK7g6iCDlao6YLaCqyHc3L7fUrC8bSRBMhaHiQw7D/lGR4g==";
/// let fields = HashedFields::new(&["demo_customer_id"]);
/// assert!(!fields.with(&SecretKey::parse("next_secret_key")?).matches(told));
/// assert!(fields.with(&SecretKey::parse("test_secret_key")?).matches(told));
/// # Ok::<(), xgateway_core::secret::KeyError>(())
/// ```
#[derive(Clone)]
pub struct HashedFields(Box<[u8]>);

impl HashedFields {
    /// Joins the texts of the fields, exactly as they stand in the JSON.
    #[must_use]
    pub fn new(fields: &[&str]) -> Self {
        // Usually one block of the hash, so to hash piece by piece would only be dearer.
        let length = fields.iter().map(|field| field.len() + 1).sum();
        let mut joined = Vec::with_capacity(length);
        for field in fields {
            joined.extend_from_slice(field.as_bytes());
            joined.push(b'.');
        }
        Self(joined.into())
    }

    /// The hash that these fields have with `secret`.
    #[must_use]
    pub fn with(&self, secret: &SecretKey) -> CallbackHash {
        let mut hasher = Sha512::new_with_prefix(&self.0);
        hasher.update(secret.expose().as_bytes());
        CallbackHash(hasher.finalize().into())
    }
}

impl fmt::Debug for HashedFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashedFields(**)")
    }
}

impl fmt::Display for CallbackHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for CallbackHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackHash(**)") // Whoever knows the right hash can forge the callback.
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fields: &[&str], want: &str) {
        let secret = SecretKey::parse("test_secret_key").unwrap();
        let hash = CallbackHash::of(fields, &secret);
        assert_eq!(hash.to_string(), want);
        assert!(hash.matches(want));
        for at in 0..want.len() {
            let mut other = want.as_bytes().to_vec();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert!(
                !hash.matches(std::str::from_utf8(&other).unwrap()),
                "byte {at}"
            );
        }
        assert!(!hash.matches(&want[..87]));
        assert!(!hash.matches(&format!("{want}=")));
        assert!(!hash.matches(""));
    }

    #[test]
    fn agrees_with_the_vectors_of_protocol_section_4() {
        check(
            &[
                "916c9ef9-8678-4676-b8bf-14e6333090f6",
                "demo_customer_id",
                "10",
                "USD",
            ],
            "9pnXH92QDrsu+ntdByIXtfq4jkc7RWYb/Ii7DLaO1x0Bv+in88B7m1DzGtPZMS6Z1oFmtBO+iNE4Trxci+7FqA==",
        );
        check(
            &[
                "7e71d132-d80d-4140-8e60-9c89d0bd9eed",
                "000394",
                "200",
                "EUR",
            ],
            "XsERtzadWPF7zyi3IufSUfPxHEcXpedRJqaUXL8K3is5yw70XyX8phD/c4tqapYUe1+wOKBwhc3ZDEilxFt/IA==",
        );
        check(
            &["demo_customer_id", "USD"],
            "XdHvJfNISk5IG9Qp72NEMV1QTnkmQx+NAOEkRlQ7s3hp0ZxuaRBIOKIN1lioQi5Mi37AW12IagbfKWAXmbyatA==",
        );
        check(
            &["demo_customer_id"],
            "l9g6R+pEkE+zCiXBXb/myZ/56LD++EYKQgCtUn5nK7g6iCDlao6YLaCqyHc3L7fUrC8bSRBMhaHiQw7D/lGR4g==",
        );
    }
}
