use std::fmt;

use xgateway_core::secret::MASK;
use xgateway_core::text::is_url;

/// The page on which the customer proves to be the card's holder.
///
/// Whoever has the address may take part in the check, so `Debug` hides it.
#[derive(Clone, Eq, PartialEq)]
pub struct ThreeDsUrl(Box<str>);

/// The text is no address to which a customer can be sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an http or https URL")]
pub struct ThreeDsUrlError;

impl ThreeDsUrl {
    /// Reads the address. Only `http` and `https` are admitted: `javascript:` would run in the merchant's own page.
    ///
    /// # Errors
    ///
    /// [`ThreeDsUrlError`] if it is none.
    pub fn parse(text: &str) -> Result<Self, ThreeDsUrlError> {
        let has_scheme = text.starts_with("https://") || text.starts_with("http://");
        (has_scheme && is_url(text))
            .then(|| Self(text.into()))
            .ok_or(ThreeDsUrlError)
    }

    /// The address. Send the customer there, and log it nowhere.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ThreeDsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ThreeDsUrl({MASK})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_only_pages() {
        assert!(ThreeDsUrl::parse("https://bank.example/3ds?id=1").is_ok());
        assert!(ThreeDsUrl::parse("http://127.0.0.1:4010/3ds/1").is_ok());
        for text in [
            "",
            "/3ds",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "ftp://a",
        ] {
            assert_eq!(ThreeDsUrl::parse(text), Err(ThreeDsUrlError), "{text}");
        }
    }
}
