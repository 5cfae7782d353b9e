//! What a body was, without the body.

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Attempt;

/// Why something is no [`FingerprintKey`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FingerprintKeyError {
    /// It has less than 32 bytes.
    #[error("a fingerprint key has at least 32 bytes")]
    TooShort,
}

/// The secret that makes fingerprints unreadable: at least 32 random bytes, one key for each store.
///
/// Keep it apart from the store. Whoever has the store alone learns nothing about a field, not even whether two orders
/// have the same card; whoever has both can try all expiry dates. A journal whose key is lost takes every repeated
/// order for a conflict, and every account for another.
pub struct FingerprintKey(pub(super) Zeroizing<Vec<u8>>);

impl FingerprintKey {
    /// Takes a copy of the key.
    ///
    /// # Errors
    ///
    /// [`FingerprintKeyError::TooShort`] for less than 32 bytes. Whether they are random, nobody can check.
    pub fn new(bytes: &[u8]) -> Result<Self, FingerprintKeyError> {
        if bytes.len() < 32 {
            return Err(FingerprintKeyError::TooShort);
        }
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(**)")
    }
}

/// A body, field by field, as keyed hashes: enough to say which fields of two bodies differ, and no more.
///
/// Each field's value is replaced by the first 16 bytes of HMAC-SHA-256 over attempt, operation, name and value. The
/// attempt is in it so that equal values of different orders do not show.
///
/// The **security code is left out**, whatever its value, since it must not be kept in any form once the payment is
/// authorised, and since its thousand values are tried in no time by whoever gets hold of the key. So a second try of
/// the same order with another code is not a conflict: it resumes the first.
#[derive(Clone, Eq, PartialEq)]
pub struct Fingerprint(BTreeMap<Box<str>, [u8; 16]>);

impl Fingerprint {
    /// Starts a fingerprint of the body that `operation` is about to send for `attempt`.
    pub fn builder(key: &FingerprintKey, attempt: &Attempt, operation: &str) -> FingerprintBuilder {
        let mut start = Hmac::<Sha256>::new_from_slice(&key.0).expect("any length of key is fine");
        update(&mut start, attempt.gateway_order_id().as_str());
        update(&mut start, operation);
        FingerprintBuilder {
            start,
            fields: BTreeMap::new(),
        }
    }

    /// The names of the fields that differ or that only one of the two has, in alphabetical order.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let names = self.0.keys().chain(
            other
                .0
                .keys()
                .filter(|name| !self.0.contains_key(name.as_ref())),
        );
        let mut different: Vec<_> = names
            .filter(|name| self.0.get(name.as_ref()) != other.0.get(name.as_ref()))
            .map(ToString::to_string)
            .collect();
        different.sort_unstable();
        different
    }

    /// The fingerprint as a store keeps it: a line for each field, its hash in hexadecimal digits and its name.
    #[must_use]
    pub fn to_text(&self) -> String {
        use fmt::Write as _;

        let mut text = String::new();
        for (name, hash) in &self.0 {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{:032x} {name}", u128::from_be_bytes(*hash));
        }
        text
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut fields = BTreeMap::new();
        for line in text.lines() {
            let (digits, name) = line.split_once(' ')?;
            fields.insert(name.into(), bytes_of(digits)?);
        }
        Some(Self(fields))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(")?;
        f.debug_list().entries(self.0.keys()).finish()?;
        f.write_str(")")
    }
}

/// Collects the fields of a body.
#[derive(Clone)]
#[must_use = "call `build`"]
pub struct FingerprintBuilder {
    start: Hmac<Sha256>,
    fields: BTreeMap<Box<str>, [u8; 16]>,
}

impl FingerprintBuilder {
    /// Adds a field: its path in the body, such as `cardDetails.expiryYear`, and its value as it is sent.
    ///
    /// A field whose last part names a security code is left out. A field that is given twice counts with both values.
    pub fn field(mut self, path: &str, value: &str) -> Self {
        if is_security_code(path) {
            return self;
        }
        // A line holds a name, so a name must not hold a line.
        let name: Box<str> = path.chars().filter(|c| !c.is_control()).collect();
        let mut mac = self.start.clone();
        update(&mut mac, path);
        update(&mut mac, value);
        if let Some(earlier) = self.fields.get(&name) {
            mac.update(earlier);
        }
        let hash = mac.finalize().into_bytes();
        let (first, _) = hash.split_at(16);
        self.fields
            .insert(name, first.try_into().expect("16 of 32 bytes"));
        self
    }

    /// The fingerprint.
    #[must_use]
    pub fn build(self) -> Fingerprint {
        Fingerprint(self.fields)
    }
}

impl fmt::Debug for FingerprintBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FingerprintBuilder").finish_non_exhaustive()
    }
}

pub(super) fn update(mac: &mut Hmac<Sha256>, text: &str) {
    // The length keeps neighbours apart.
    mac.update(&(text.len() as u64).to_be_bytes());
    mac.update(text.as_bytes());
}

/// Generous: a field too many is left out rather than a security code kept.
fn is_security_code(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    let letters: String = last
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    [
        "cvc",
        "cvv",
        "csc",
        "cid",
        "securitycode",
        "verificationcode",
    ]
    .iter()
    .any(|name| {
        letters == *name
            || (name.len() > 3 && letters.ends_with(name))
            || letters.strip_prefix("card") == Some(*name)
    }) || letters.contains("cvc")
        || letters.contains("cvv")
}

pub(super) fn bytes_of(digits: &str) -> Option<[u8; 16]> {
    // `from_str_radix` alone would take a sign.
    let is_hash = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = u128::from_str_radix(digits, 16).ok()?;
    is_hash.then(|| number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use xgateway_core::id::OrderId;

    use super::*;

    fn key() -> FingerprintKey {
        FingerprintKey::new(&[7; 32]).unwrap()
    }

    fn attempt(order: &str) -> Attempt {
        Attempt::first(OrderId::parse(order).unwrap()).unwrap()
    }

    fn fingerprint(fields: &[(&str, &str)]) -> Fingerprint {
        let builder = Fingerprint::builder(&key(), &attempt("a"), "gateway8");
        fields
            .iter()
            .fold(builder, |builder, (name, value)| builder.field(name, value))
            .build()
    }

    #[test]
    fn differences_are_named() {
        let first = fingerprint(&[("amount", "25"), ("currency", "EUR"), ("email", "x")]);
        let second = fingerprint(&[("amount", "26"), ("currency", "EUR"), ("country", "MT")]);
        assert_eq!(first.differences(&second), ["amount", "country", "email"]);
        assert!(first.differences(&first.clone()).is_empty());
    }

    #[test]
    fn the_security_code_leaves_no_trace() {
        let names = [
            "cardDetails.cvc",
            "cvv",
            "cvv2",
            "card.cardCvc",
            "securityCode",
            "card.security_code",
            "cardSecurityCode",
            "cardVerificationCode",
        ];
        for name in names {
            assert_eq!(fingerprint(&[(name, "012")]), fingerprint(&[]), "{name}");
        }
        assert_ne!(fingerprint(&[("postalCode", "012")]), fingerprint(&[]));
        assert_ne!(fingerprint(&[("city", "Lucid")]), fingerprint(&[]));
    }

    #[test]
    fn equal_values_of_two_orders_do_not_show() {
        let of = |order, operation| {
            Fingerprint::builder(&key(), &attempt(order), operation)
                .field("cardNumber", "4000000000000002")
                .build()
        };
        assert_ne!(of("a", "gateway8"), of("b", "gateway8"));
        assert_ne!(of("a", "gateway8"), of("a", "withdrawal"));
        assert_eq!(of("a", "gateway8"), of("a", "gateway8"));
    }

    #[test]
    fn another_key_gives_another_fingerprint() {
        let of = |byte| {
            let key = FingerprintKey::new(&[byte; 32]).unwrap();
            Fingerprint::builder(&key, &attempt("a"), "gateway8")
                .field("amount", "1")
                .build()
        };
        assert_ne!(of(1), of(2));
        assert_eq!(
            FingerprintKey::new(&[1; 31]).unwrap_err(),
            FingerprintKeyError::TooShort
        );
    }

    #[test]
    fn text_is_read_back_and_shows_no_value() {
        let all = fingerprint(&[("cardNumber", "4000000000000002"), ("a b", "c"), ("", "d")]);
        let text = all.to_text();
        assert_eq!(Fingerprint::from_text(&text), Some(all));
        assert!(!text.contains("4000"));
        assert_eq!(Fingerprint::from_text("xyz amount\n"), None);
        assert_eq!(
            Fingerprint::from_text("+0000000000000000000000000000001 a\n"),
            None
        );
    }

    #[test]
    fn a_field_given_twice_counts_twice() {
        let once = fingerprint(&[("a", "1")]);
        let twice = fingerprint(&[("a", "2"), ("a", "1")]);
        assert_eq!(once.differences(&twice), ["a"]);
    }

    #[test]
    fn nothing_secret_is_printed() {
        let debug = format!("{:?} {:?}", key(), fingerprint(&[("amount", "25")]));
        assert_eq!(debug, r#"FingerprintKey(**) Fingerprint(["amount"])"#);
    }
}
