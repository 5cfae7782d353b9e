//! Who may reach a served sandbox, and from which pages.

use std::fmt;

use axum::body::{Body, HttpBody};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    AUTHORIZATION, COOKIE, HOST, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use http::{Method, Request, StatusCode};
use xgateway_core::secret::{ApiKey, KeyError};

use super::router::read;
use crate::page;
use crate::world::is_api;

/// The cookie that a browser keeps the token in.
const COOKIE_NAME: &str = "xgateway_sandbox";

/// The header that others send it in, beside `Authorization: Bearer`.
const HEADER_NAME: &str = "x-sandbox-token";

/// A secret that opens the pages and `/_sandbox` of a sandbox that others can reach. `Debug` does not show it.
#[derive(Clone, Eq, PartialEq)]
pub struct AccessToken(ApiKey);

impl AccessToken {
    /// Takes a token as somebody chose it.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if it is empty or holds anything but visible ASCII.
    pub fn parse(text: impl Into<String>) -> Result<Self, KeyError> {
        ApiKey::parse(text).map(Self)
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(**)")
    }
}

/// Who may come in.
#[derive(Clone, Debug, Default)]
pub(super) enum Access {
    /// Whoever mounted the router sees to it.
    #[default]
    Mounted,
    /// This machine: requests that name it by a loopback address or name. A page of another site that had its own name
    /// point here would be refused.
    Loopback,
    /// Whoever knows the token. The API and its OpenAPI document need none; the API has its key.
    Token(AccessToken),
}

/// What a request may do.
#[derive(Debug, Eq, PartialEq)]
enum Verdict {
    Welcome,
    /// The name by which the request calls this machine is not one of its own.
    StrangeHost,
    /// A page of another site sent it.
    StrangeOrigin,
    NeedsToken,
}

/// Lets a request through to `serve`, or tells why not. Pages served from loopback may use the API from their scripts.
pub(super) async fn guard<B, F>(
    access: &Access,
    request: Request<B>,
    serve: impl FnOnce(Request<B>) -> F,
) -> Response
where
    B: HttpBody<Data = Bytes> + Unpin,
    F: Future<Output = Response>,
{
    let (method, path) = (request.method(), request.uri().path());
    let shared = is_shared(path);
    let origin = request.headers().get(ORIGIN).cloned();
    let origin = origin.filter(|origin| shared && is_loopback_origin(origin));
    if matches!(access, Access::Token(_)) && path == "/token" && method == Method::POST {
        return log_in(access, request).await;
    }
    // The browser asks for itself, without the token or the key.
    let is_preflight = method == Method::OPTIONS
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let verdict = access.judge(method, request.uri(), request.headers());
    let mut answer = match verdict {
        Verdict::StrangeHost | Verdict::StrangeOrigin => refused(&verdict),
        _ if is_preflight && origin.is_some() => StatusCode::NO_CONTENT.into_response(),
        Verdict::NeedsToken => refused(&verdict),
        Verdict::Welcome => serve(request).await,
    };
    if shared {
        share(answer.headers_mut(), origin, is_preflight);
    }
    answer
}

impl Access {
    fn judge(&self, method: &Method, uri: &http::Uri, headers: &HeaderMap) -> Verdict {
        if matches!(self, Self::Mounted) {
            return Verdict::Welcome;
        }
        let path = uri.path();
        let host = uri
            .host()
            .or_else(|| headers.get(HOST)?.to_str().ok())
            .unwrap_or_default();
        if matches!(self, Self::Loopback) && !is_loopback_name(without_port(host)) {
            return Verdict::StrangeHost;
        }
        let is_read = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        if !is_read && !is_api(path) && !is_from_here(path, host, headers) {
            return Verdict::StrangeOrigin;
        }
        if let Self::Token(token) = self
            && !is_open(path)
            && !carries(headers, token)
        {
            return Verdict::NeedsToken;
        }
        Verdict::Welcome
    }
}

/// Whether scripts of other pages on this machine may use the path.
fn is_shared(path: &str) -> bool {
    is_api(path) || path.starts_with("/_sandbox/") || path.starts_with("/openapi.")
}

/// Whether a path needs no token: what the API key opens, what tells nothing of the world, and what the login needs.
fn is_open(path: &str) -> bool {
    is_api(path)
        || path.starts_with("/openapi.")
        || path.starts_with("/assets/")
        || path == "/favicon.ico"
        || path == "/_sandbox/health"
}

/// Whether a request that changes something comes from a page of ours, or from no page at all.
fn is_from_here(path: &str, host: &str, headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    match headers.get(ORIGIN) {
        // Only JSON is read there, which no form can send; a script needs our consent, which we give to this machine.
        Some(origin) if is_shared(path) && is_loopback_origin(origin) => true,
        Some(origin) => origin
            .to_str()
            .ok()
            .and_then(|origin| origin.split_once("://"))
            .is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host)),
        None => site.is_none_or(|site| site == "same-origin" || site == "none"),
    }
}

fn carries(headers: &HeaderMap, token: &AccessToken) -> bool {
    let is_it = |text: &str| AccessToken::parse(text).is_ok_and(|given| given == *token);
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
        || cookies.any(|(_, value)| is_it(value))
}

/// Takes the token from the form, and keeps it in the browser.
async fn log_in<B>(access: &Access, request: Request<B>) -> Response
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    const FORM_BYTES_MAX: usize = 1024;
    let Access::Token(token) = access else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let body = read(request.into_body(), FORM_BYTES_MAX).await;
    let body = body.unwrap_or_default();
    let form = xgateway_api::query::Query::parse(&String::from_utf8_lossy(&body));
    let given = form
        .get("token")
        .and_then(|text| AccessToken::parse(text).ok());
    if given.as_ref() != Some(token) {
        return refused(&Verdict::NeedsToken);
    }
    // Lax, because a customer comes to the 3DS page from the merchant's.
    let cookie = format!(
        "{COOKIE_NAME}={}; Path=/; HttpOnly; SameSite=Lax",
        token.0.expose()
    );
    let mut answer = page::see_other(HeaderValue::from_static("/")).map(Body::from);
    if let Ok(mut cookie) = HeaderValue::from_str(&cookie) {
        cookie.set_sensitive(true);
        answer
            .headers_mut()
            .insert(http::header::SET_COOKIE, cookie);
    }
    answer
}

fn refused(verdict: &Verdict) -> Response {
    let page = match verdict {
        Verdict::StrangeHost => page::refused(
            StatusCode::FORBIDDEN,
            "This sandbox answers to names of this machine only: 127.0.0.1, [::1] or localhost. To reach it by another \
             name, start it with --listen and a token.",
        ),
        Verdict::StrangeOrigin => page::refused(
            StatusCode::FORBIDDEN,
            "A page of another site sent this. Only pages of this sandbox may change something here.",
        ),
        Verdict::NeedsToken | Verdict::Welcome => page::ask_for_token(),
    };
    page.map(Body::from)
}

/// Cross-origin sharing, with pages on this machine only.
fn share(headers: &mut HeaderMap, origin: Option<HeaderValue>, is_preflight: bool) {
    headers.append(VARY, HeaderValue::from_static("origin"));
    let Some(origin) = origin else {
        return;
    };
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if is_preflight {
        let methods = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        let allowed =
            HeaderValue::from_static("x-api-key, content-type, authorization, x-sandbox-token");
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    } else {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
    }
}

fn is_loopback_origin(origin: &HeaderValue) -> bool {
    origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
        .is_some_and(|(scheme, authority)| {
            matches!(scheme, "http" | "https") && is_loopback_name(without_port(authority))
        })
}

/// Whether no name server is asked for a name, and it means this machine.
fn is_loopback_name(name: &str) -> bool {
    let name = name.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = name.parse::<std::net::IpAddr>() {
        return address.is_loopback();
    }
    let lower = name.to_ascii_lowercase();
    lower == "localhost" || lower.ends_with(".localhost")
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        // The colons of an IPv6 address without a port stand in brackets.
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use http::Uri;

    use super::*;

    fn judge(access: &Access, method: &Method, path: &str, headers: &[(&str, &str)]) -> Verdict {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: http::HeaderName = name.parse().unwrap();
            map.append(name, value.parse().unwrap());
        }
        access.judge(method, &path.parse::<Uri>().unwrap(), &map)
    }

    #[test]
    fn without_a_token_only_names_of_this_machine_are_served() {
        for (host, want) in [
            ("127.0.0.1:4010", Verdict::Welcome),
            ("127.9.9.9", Verdict::Welcome),
            ("localhost:4010", Verdict::Welcome),
            ("LocalHost", Verdict::Welcome),
            ("shop.localhost:1", Verdict::Welcome),
            ("[::1]:4010", Verdict::Welcome),
            ("[::1]", Verdict::Welcome),
            ("rebound.example:4010", Verdict::StrangeHost),
            ("127.0.0.1.rebound.example", Verdict::StrangeHost),
            ("localhost.rebound.example", Verdict::StrangeHost),
            ("192.168.0.7:4010", Verdict::StrangeHost),
            ("", Verdict::StrangeHost),
        ] {
            for path in ["/inspector", "/api/v2/gateway8"] {
                let verdict = judge(&Access::Loopback, &Method::GET, path, &[("host", host)]);
                assert_eq!(verdict, want, "{host} {path}");
            }
        }
    }

    #[test]
    fn only_pages_of_ours_may_change_something() {
        let here = "127.0.0.1:4010";
        for (path, headers, want) in [
            ("/inspector/clock", &[][..], Verdict::Welcome),
            (
                "/inspector/clock",
                &[("origin", "http://127.0.0.1:4010")],
                Verdict::Welcome,
            ),
            (
                "/inspector/clock",
                &[("origin", "http://127.0.0.1:9999")],
                Verdict::StrangeOrigin,
            ),
            (
                "/3ds/0/approve",
                &[("origin", "https://evil.example")],
                Verdict::StrangeOrigin,
            ),
            (
                "/3ds/0/approve",
                &[("origin", "null")],
                Verdict::StrangeOrigin,
            ),
            (
                "/inspector/clock",
                &[("sec-fetch-site", "cross-site")],
                Verdict::StrangeOrigin,
            ),
            (
                "/inspector/clock",
                &[("sec-fetch-site", "same-origin")],
                Verdict::Welcome,
            ),
            (
                "/_sandbox/clock",
                &[("origin", "http://localhost:3000")],
                Verdict::Welcome,
            ),
            (
                "/_sandbox/clock",
                &[("origin", "http://evil.example")],
                Verdict::StrangeOrigin,
            ),
            // Its key is a header, which no page can send without consent.
            (
                "/api/v2/gateway8",
                &[("origin", "http://evil.example")],
                Verdict::Welcome,
            ),
        ] {
            let mut headers = headers.to_vec();
            headers.push(("host", here));
            let verdict = judge(&Access::Loopback, &Method::POST, path, &headers);
            assert_eq!(verdict, want, "{path} {headers:?}");
        }
    }

    #[test]
    fn a_token_opens_pages_and_controls() {
        let access = Access::Token(AccessToken::parse("open-sesame").unwrap());
        for (path, headers, want) in [
            ("/inspector", &[][..], Verdict::NeedsToken),
            ("/3ds/0", &[], Verdict::NeedsToken),
            ("/checkout/0", &[], Verdict::NeedsToken),
            ("/_sandbox/events", &[], Verdict::NeedsToken),
            ("/public/0.svg", &[], Verdict::NeedsToken),
            ("/_sandbox/health", &[], Verdict::Welcome),
            ("/api/v2/balance/accounts", &[], Verdict::Welcome),
            (
                "/inspector",
                &[("x-sandbox-token", "open-sesame")],
                Verdict::Welcome,
            ),
            (
                "/inspector",
                &[("authorization", "Bearer open-sesame")],
                Verdict::Welcome,
            ),
            (
                "/inspector",
                &[("cookie", "a=b; xgateway_sandbox=open-sesame")],
                Verdict::Welcome,
            ),
            (
                "/inspector",
                &[("cookie", "xgateway_sandbox=open-sesam")],
                Verdict::NeedsToken,
            ),
            (
                "/inspector",
                &[("x-sandbox-token", "")],
                Verdict::NeedsToken,
            ),
        ] {
            let mut headers = headers.to_vec();
            headers.push(("host", "sandbox.team.example"));
            let verdict = judge(&access, &Method::GET, path, &headers);
            assert_eq!(verdict, want, "{path} {headers:?}");
        }
        assert_eq!(format!("{access:?}"), "Token(AccessToken(**))");
    }
}
