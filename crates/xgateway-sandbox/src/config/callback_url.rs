use std::fmt;
use std::str::FromStr;

use http::Uri;

/// Where callbacks go: an absolute http or https URL.
///
/// `Debug` shows the host only, because the rest may hold a merchant's token.
#[derive(Clone, Eq, PartialEq)]
pub struct CallbackUrl(Uri);

/// The text is no [`CallbackUrl`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a callback URL is an absolute http or https URL")]
pub struct CallbackUrlError;

impl CallbackUrl {
    /// Reads a URL.
    ///
    /// # Errors
    ///
    /// [`CallbackUrlError`] if it is not absolute, neither http nor https, or holds credentials.
    pub fn parse(text: &str) -> Result<Self, CallbackUrlError> {
        let uri: Uri = text.parse().map_err(|_| CallbackUrlError)?;
        let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
        // Credentials would be sent to whoever is there, and stand in logs.
        let is_plain = uri
            .authority()
            .is_some_and(|authority| !authority.as_str().contains('@'));
        (is_http && is_plain)
            .then_some(Self(uri))
            .ok_or(CallbackUrlError)
    }

    /// The URL.
    pub fn as_uri(&self) -> &Uri {
        &self.0
    }
}

impl FromStr for CallbackUrl {
    type Err = CallbackUrlError;

    fn from_str(text: &str) -> Result<Self, CallbackUrlError> {
        Self::parse(text)
    }
}

impl fmt::Debug for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallbackUrl({})", self.0.host().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_http_urls_are_taken() {
        assert!(CallbackUrl::parse("http://127.0.0.1:9/hook?token=x").is_ok());
        for text in [
            "http://user:pass@127.0.0.1/",
            "",
            "/hook",
            "ftp://a/b",
            "mailto:a@b",
            "127.0.0.1:9",
        ] {
            assert_eq!(CallbackUrl::parse(text), Err(CallbackUrlError), "{text}");
        }
    }

    #[test]
    fn debug_hides_what_may_be_a_token() {
        let url = CallbackUrl::parse("https://shop.example/hook?token=x").unwrap();
        assert_eq!(format!("{url:?}"), "CallbackUrl(shop.example)");
    }
}
