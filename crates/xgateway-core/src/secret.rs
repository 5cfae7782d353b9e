//! Texts that cannot be printed, and the keys of the gateway.
//!
//! `Debug` of each prints a constant, since even a length tells something; there is no `Display`. The memory is wiped
//! when the value goes. [`PersonalText::expose`] and its like are the only way in: call them where a request is
//! written, and nowhere else. What has passed through a JSON parser or an HTTP stack may have left copies in their
//! buffers, which no type of ours can wipe.

mod scrub;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use self::scrub::scrub;

/// What stands where a secret would.
pub const MASK: &str = "**";

macro_rules! secret_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// Takes the text over, without a copy.
            pub fn new(text: impl Into<String>) -> Self {
                Self(Zeroizing::new(text.into()))
            }

            /// The text itself. Call this only where it is written into a request.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(**)"))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_string(SecretVisitor).map(Self)
            }
        }
    };
}

secret_text! {
    /// A personal datum as it was written: a name, an address line, a birth date, an IP address.
    PersonalText
}

secret_text! {
    /// A card number as it was written, delimiters included. Not checked: see
    /// [`CardNumber`](crate::card::CardNumber) for one that is.
    CardNumberText
}

secret_text! {
    /// A card security code as it was written. It can be neither cloned nor serialised. Not checked: see
    /// [`SecurityCode`](crate::card::SecurityCode) for one that is.
    SecurityCodeText
}

impl Clone for PersonalText {
    fn clone(&self) -> Self {
        Self::new(self.expose())
    }
}

impl Clone for CardNumberText {
    fn clone(&self) -> Self {
        Self::new(self.expose())
    }
}

impl PartialEq for PersonalText {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for PersonalText {}

/// Serialises as [`MASK`]: what is received may be logged or stored by whoever received it.
impl Serialize for PersonalText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(MASK)
    }
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no character in it.
    #[error("the key is empty")]
    Empty,
    /// It holds white space or a character that a header cannot carry.
    #[error("the key holds white space or a character other than visible ASCII")]
    Invisible,
}

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// Takes a key as it was handed out.
            ///
            /// # Errors
            ///
            /// [`KeyError`] if it is empty or holds anything but visible ASCII, such as the line end of a file.
            pub fn parse(text: impl Into<String>) -> Result<Self, KeyError> {
                let text = Zeroizing::new(text.into());
                if text.is_empty() {
                    return Err(KeyError::Empty);
                }
                if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                    return Err(KeyError::Invisible);
                }
                Ok(Self(text))
            }

            /// Whether `told` is this key, in constant time and without a copy of it.
            pub fn is(&self, told: &[u8]) -> bool {
                self.0.as_bytes().ct_eq(told).into()
            }

            /// The key itself.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(**)"))
            }
        }

        /// Compares in constant time.
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.is(other.0.as_bytes())
            }
        }

        impl Eq for $name {}
    };
}

key! {
    /// The API key that every request carries (protocol §1).
    ///
    /// ```
    /// use xgateway_core::secret::ApiKey;
    ///
    /// let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
    /// assert_eq!(format!("{key:?}"), "ApiKey(**)");
    /// # Ok::<(), xgateway_core::secret::KeyError>(())
    /// ```
    ApiKey
}

key! {
    /// The secret key that callbacks are hashed with (protocol §4). It is never sent.
    SecretKey
}

/// Moves an owned text in without a copy that nobody would wipe.
struct SecretVisitor;

impl serde::de::Visitor<'_> for SecretVisitor {
    type Value = Zeroizing<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Zeroizing::new(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Zeroizing::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_is_a_constant() {
        assert_eq!(
            format!("{:?}", PersonalText::new("John")),
            "PersonalText(**)"
        );
        assert_eq!(
            format!("{:#?}", CardNumberText::new("4000")),
            "CardNumberText(**)"
        );
        assert_eq!(
            format!("{:?}", SecurityCodeText::new("444")),
            "SecurityCodeText(**)"
        );
    }

    #[test]
    fn a_wrong_type_is_refused_without_telling_the_value() {
        let error = serde_json::from_str::<SecurityCodeText>("[\"444\"]").unwrap_err();
        assert!(!error.to_string().contains("444"), "{error}");
    }

    #[test]
    fn a_key_with_a_line_end_is_refused() {
        assert_eq!(ApiKey::parse("abc\n").unwrap_err(), KeyError::Invisible);
        assert_eq!(SecretKey::parse("").unwrap_err(), KeyError::Empty);
    }
}
