//! Where the gateway is: production, Demo, or a sandbox of one's own.

use std::fmt;

use http::Uri;

use crate::environments::{DEMO_URL, PRODUCTION_URL};

/// An environment of the gateway. Keys and accounts differ from one to the other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Environment {
    /// Real money.
    Production,
    /// The gateway's own test environment.
    Demo,
    /// A sandbox, here or elsewhere.
    Sandbox(BaseUrl),
}

/// The base URL of a sandbox: absolute, http or https, without query.
///
/// Plain http is admitted to this machine only, and to the name `sandbox.invalid` of a sandbox without sockets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BaseUrl(Box<str>);

/// Why a text is no [`BaseUrl`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// It is no absolute http or https URL, or it has a query or credentials.
    #[error("not an absolute http or https URL without query and credentials")]
    NotAbsolute,
    /// Card data would travel in clear.
    #[error("plain http is admitted to this machine only: use https")]
    NotEncrypted,
}

impl Environment {
    /// A sandbox that is served at `url`, such as `http://127.0.0.1:4010/api`.
    ///
    /// ```
    /// use xgateway_api::environment::Environment;
    ///
    /// let sandbox = Environment::sandbox("http://127.0.0.1:4010/api")?;
    /// assert_eq!(sandbox.base_url(), "http://127.0.0.1:4010/api");
    /// assert!(Environment::sandbox("http://example.com/api").is_err());
    /// # Ok::<(), xgateway_api::environment::BaseUrlError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BaseUrlError`] if `url` is none, or is not encrypted and leads elsewhere.
    pub fn sandbox(url: &str) -> Result<Self, BaseUrlError> {
        BaseUrl::parse(url).map(Self::Sandbox)
    }

    /// The base URL, without a slash at the end. An operation's path follows it.
    pub fn base_url(&self) -> &str {
        match self {
            Self::Production => PRODUCTION_URL,
            Self::Demo => DEMO_URL,
            Self::Sandbox(url) => url.as_str(),
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Production => f.write_str("production"),
            Self::Demo => f.write_str("demo"),
            Self::Sandbox(url) => write!(f, "sandbox at {}", url.as_str()),
        }
    }
}

impl BaseUrl {
    /// Reads a base URL.
    ///
    /// # Errors
    ///
    /// [`BaseUrlError`] if `text` is none, or is not encrypted and leads elsewhere.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let text = text.trim_end_matches('/');
        let uri: Uri = text.parse().map_err(|_| BaseUrlError::NotAbsolute)?;
        let authority = uri.authority().ok_or(BaseUrlError::NotAbsolute)?;
        if uri.query().is_some() || authority.as_str().contains('@') || text.contains('#') {
            return Err(BaseUrlError::NotAbsolute);
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_here(authority.host()) => {}
            Some("http") => return Err(BaseUrlError::NotEncrypted),
            _ => return Err(BaseUrlError::NotAbsolute),
        }
        Ok(Self(text.into()))
    }

    /// The URL, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a host is this machine, or no machine at all.
pub(crate) fn is_here(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host == "sandbox.invalid"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_data_never_travel_in_clear_to_elsewhere() {
        for url in [
            "http://example.com",
            "http://10.0.0.1/api",
            "http://localhost.example.com",
        ] {
            assert_eq!(
                BaseUrl::parse(url),
                Err(BaseUrlError::NotEncrypted),
                "{url}"
            );
        }
        for url in [
            "http://localhost:1/api/",
            "http://127.0.0.1",
            "http://[::1]:4010/api",
            "https://example.com/x",
        ] {
            assert!(BaseUrl::parse(url).is_ok(), "{url}");
        }
        for url in [
            "",
            "/api",
            "ftp://localhost",
            "http://user@localhost",
            "https://a/b?c",
            "localhost:80",
        ] {
            assert_eq!(BaseUrl::parse(url), Err(BaseUrlError::NotAbsolute), "{url}");
        }
    }
}
