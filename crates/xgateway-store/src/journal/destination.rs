//! Where an attempt was sent.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use xgateway_core::secret::ApiKey;

use super::FingerprintKey;
use super::fingerprint::{bytes_of, update};

/// Where an attempt was sent: the environment, and the account there.
///
/// A gateway knows its own orders only, and of those only the account's that asks. So "there is no such order" proves
/// something if it comes from where the order was sent, and nothing otherwise.
///
/// The environment is its base URL, whatever it is called. The account is kept as the first 16 bytes of HMAC-SHA-256
/// over its API key: nobody reads the key from it. An account whose key was changed therefore looks like another one,
/// until a person says that it is the same: see [`NewIntent::same_account`](super::NewIntent::same_account).
///
/// ```
/// use xgateway_core::secret::ApiKey;
/// use xgateway_store::{Destination, FingerprintKey};
///
/// let key = FingerprintKey::new(&[7; 32])?; // 32 random bytes, kept apart from the store.
/// let api_key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
/// let here = Destination::new("https://api.example.com/api", &key, &api_key);
///
/// let kept = (here.environment().to_owned(), here.account_text());
/// assert_eq!(Destination::from_text(&kept.0, &kept.1), Some(here));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Destination {
    environment: Box<str>,
    account: [u8; 16],
}

impl Destination {
    /// The account whose API key this is, in the environment with this base URL.
    pub fn new(base_url: &str, key: &FingerprintKey, api_key: &ApiKey) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("any length of key is fine");
        // No field of an order begins like this: its operation stands in this place.
        update(&mut mac, "the account of an API key");
        update(&mut mac, api_key.expose());
        let hash = mac.finalize().into_bytes();
        let (first, _) = hash.split_at(16);
        Self {
            environment: base_url.into(),
            account: first.try_into().expect("16 of 32 bytes"),
        }
    }

    /// The base URL of the environment.
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// The account as a store keeps it: 32 hexadecimal digits.
    #[must_use]
    pub fn account_text(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.account))
    }

    /// Reads what [`environment`](Self::environment) and [`account_text`](Self::account_text) gave.
    pub fn from_text(environment: &str, account: &str) -> Option<Self> {
        Some(Self {
            environment: environment.into(),
            account: bytes_of(account)?,
        })
    }

    /// Whether an attempt that was sent there may be followed from here. With `same_account` only the environment counts.
    ///
    /// `None` is where versions before this one have sent it, which nobody has written down.
    #[must_use]
    pub fn may_follow(&self, there: Option<&Self>, same_account: bool) -> bool {
        there.is_none_or(|there| {
            self.environment == there.environment && (same_account || self.account == there.account)
        })
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Destination")
            .field("environment", &self.environment)
            .field("account", &"**")
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destination(url: &str, byte: u8, api_key: &str) -> Destination {
        let key = FingerprintKey::new(&[byte; 32]).unwrap();
        Destination::new(url, &key, &ApiKey::parse(api_key).unwrap())
    }

    #[test]
    fn environment_account_and_key_all_count() {
        let here = destination("https://a/api", 1, "secret-key");
        assert!(here.may_follow(Some(&destination("https://a/api", 1, "secret-key")), false));
        for there in [
            destination("https://b/api", 1, "secret-key"),
            destination("https://a/api", 1, "other-key"),
            destination("https://a/api", 2, "secret-key"),
        ] {
            assert!(!here.may_follow(Some(&there), false), "{there:?}");
        }
    }

    #[test]
    fn a_person_can_vouch_for_the_account_only() {
        let here = destination("https://a/api", 1, "secret-key");
        assert!(here.may_follow(Some(&destination("https://a/api", 1, "new-key")), true));
        assert!(!here.may_follow(Some(&destination("https://b/api", 1, "secret-key")), true));
    }

    #[test]
    fn the_api_key_shows_nowhere() {
        let here = destination("https://a/api", 1, "secret-key");
        assert_eq!(
            format!("{here:?}"),
            r#"Destination { environment: "https://a/api", account: "**" }"#
        );
        assert!(!here.account_text().contains("secret"));
        assert_eq!(Destination::from_text("https://a/api", "xyz"), None);
    }
}
