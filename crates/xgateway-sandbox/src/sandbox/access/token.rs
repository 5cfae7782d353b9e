//! The secret that lets somebody in, and how a request carries it.

use std::fmt;

use axum::body::Body;
use axum::response::Response;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use sha2::{Digest as _, Sha256};
use xgateway_api::query::Query;
use xgateway_core::secret::{ApiKey, KeyError};

use crate::hexadecimal::hexadecimal;
use crate::page;

/// The cookie that a browser keeps the token in.
const COOKIE_NAME: &str = "xgateway_sandbox";

/// The header that others send it in, beside `Authorization: Bearer`.
const HEADER_NAME: &str = "x-sandbox-token";

/// A secret that opens the pages and `/_sandbox` of a sandbox that others can reach. `Debug` does not show it.
#[derive(Clone, Eq, PartialEq)]
pub struct AccessToken {
    token: ApiKey,
    /// What a browser keeps instead: letters and digits, which a cookie may hold whatever stands in the token.
    cookie: ApiKey,
}

impl AccessToken {
    /// Takes a token as somebody chose it.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if it is empty or holds anything but visible ASCII.
    pub fn parse(text: impl Into<String>) -> Result<Self, KeyError> {
        let token = ApiKey::parse(text)?;
        let mut hasher = Sha256::new();
        hasher.update(COOKIE_NAME);
        hasher.update(token.expose());
        let cookie = ApiKey::parse(hexadecimal(&hasher.finalize()))?;
        Ok(Self { token, cookie })
    }

    /// Whether a request carries it, in a header or as a cookie.
    pub(super) fn is_in(&self, headers: &HeaderMap) -> bool {
        let is = |text: &str, key: &ApiKey| ApiKey::parse(text).is_ok_and(|given| given == *key);
        let is_it = |text: &str| is(text, &self.token);
        let header = |name| {
            headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
        };
        let bearer = header(AUTHORIZATION.as_str()).and_then(|text| text.strip_prefix("Bearer "));
        let cookies = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let mut cookies = cookies
            .flat_map(|text| text.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == COOKIE_NAME);
        header(HEADER_NAME).is_some_and(is_it)
            || bearer.is_some_and(is_it)
            || cookies.any(|(_, value)| is(value, &self.cookie))
    }

    /// The cookie, as a browser sends it.
    pub(super) fn cookie(&self) -> String {
        format!("{COOKIE_NAME}={}", self.cookie.expose())
    }

    /// Whether it is what somebody has sent by the form of the login page.
    pub(super) fn is_in_form(&self, body: &[u8]) -> bool {
        let form = Query::parse(&String::from_utf8_lossy(body));
        let given = form.get("token").map(AccessToken::parse);
        given.is_some_and(|given| given.as_ref() == Ok(self))
    }

    /// Goes on to the first page, and keeps the token in the browser.
    pub(super) fn welcome(&self) -> Response {
        // Lax, because a customer comes to the 3DS page from the merchant's.
        let cookie = format!("{}; Path=/; HttpOnly; SameSite=Lax", self.cookie());
        let mut answer = page::see_other(HeaderValue::from_static("/")).map(Body::from);
        if let Ok(mut cookie) = HeaderValue::from_str(&cookie) {
            cookie.set_sensitive(true);
            answer.headers_mut().insert(SET_COOKIE, cookie);
        }
        answer
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(**)")
    }
}
