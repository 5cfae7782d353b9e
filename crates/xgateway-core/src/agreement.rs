//! Which version of an agreement a customer has accepted (protocol §5.8).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The hash of an agreement's PDF: SHA-256 as a base64 text of 44 characters.
///
/// It tells the gateway which text the customer has seen, so compute it from the very file that was shown.
///
/// ```
/// use xgateway_core::agreement::AgreementHash;
///
/// let hash = AgreementHash::of(b"%PDF-1.7 ...");
/// assert_eq!(AgreementHash::parse(&hash.to_string())?, hash);
/// assert_eq!(hash.to_string().len(), 44);
/// # Ok::<(), xgateway_core::agreement::AgreementHashError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AgreementHash([u8; 32]);

/// The text is no [`AgreementHash`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the hash of an agreement is the base64 text of 32 bytes: 44 characters, the last one `=`")]
pub struct AgreementHashError;

impl AgreementHash {
    /// Computes the hash of a PDF's bytes, whole as they were shown.
    #[must_use]
    pub fn of(pdf: &[u8]) -> Self {
        Self(Sha256::digest(pdf).into())
    }

    /// Reads a hash as the gateway takes it.
    ///
    /// # Errors
    ///
    /// [`AgreementHashError`] if it is none.
    pub fn parse(text: &str) -> Result<Self, AgreementHashError> {
        let bytes = STANDARD.decode(text).map_err(|_| AgreementHashError)?;
        bytes.try_into().map(Self).map_err(|_| AgreementHashError)
    }
}

impl fmt::Display for AgreementHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_hashes() {
        let empty = AgreementHash::of(b"").to_string();
        assert_eq!(empty, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        for text in [
            "XN3dk1G98sjCQlt7rbFEz9I1Yh2vJRgsuAWgCVgY8ZE=",
            "HqKJAiAyPqBFOs386w6EVO5KlKQt5z8EzGvSB+iQeTQ=",
            "r2BdP3ld6s8+5mTJZeuWUy5sz29krKigOTH7bVefTJg=",
        ] {
            assert_eq!(AgreementHash::parse(text).unwrap().to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn a_hash_comes_back_from_its_text(pdf in proptest::collection::vec(any::<u8>(), 0..200)) {
            let hash = AgreementHash::of(&pdf);
            prop_assert_eq!(AgreementHash::parse(&hash.to_string()), Ok(hash));
        }

        #[test]
        fn nothing_else_is_one(text in "[A-Za-z0-9+/=]{0,60}|\\PC{0,50}") {
            let parsed = AgreementHash::parse(&text);
            prop_assert!(parsed.is_ok_and(|hash| hash.to_string() == text) || parsed.is_err());
        }
    }
}
