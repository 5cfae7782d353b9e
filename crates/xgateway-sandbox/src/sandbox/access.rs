//! Who may reach a served sandbox, and from which pages.

mod token;

pub use token::AccessToken;

use axum::body::{Body, HttpBody};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST,
    HeaderMap, HeaderValue, ORIGIN, VARY,
};
use http::{Method, Request, StatusCode};

use super::body::read;
use crate::answer::Refusal;
use crate::page;
use crate::world::is_api;

/// Who may come in.
#[derive(Clone, Debug, Default)]
pub(super) enum Access {
    /// Whoever mounted the router sees to it.
    #[default]
    Mounted,
    /// This machine: requests that name it by a loopback address or name. A page of another site that had its own name
    /// point here would be refused.
    Loopback,
    /// Whoever knows the token. The API and its OpenAPI document need none; the API has its key, which protects it as far as
    /// nobody knows the seed.
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
        Verdict::StrangeHost | Verdict::StrangeOrigin => refused(&verdict, shared),
        _ if is_preflight && origin.is_some() => StatusCode::NO_CONTENT.into_response(),
        Verdict::NeedsToken => refused(&verdict, shared),
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
            && !token.is_in(headers)
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

/// Whether a path needs no token: what the API key opens, what tells nothing of the world, what the login needs, and what a
/// customer is sent to. Customers have no token at the gateway either, and shops show these in frames and pictures, for which
/// no browser sends a cookie: the link is the key, and its end cannot be guessed.
fn is_open(path: &str) -> bool {
    let of_customers = ["/3ds/", "/kyc/", "/checkout/", "/public/"];
    is_api(path)
        || of_customers.iter().any(|place| path.starts_with(place))
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

/// Takes the token from the form.
async fn log_in<B>(access: &Access, request: Request<B>) -> Response
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    const FORM_BYTES_MAX: usize = 1024;
    let Access::Token(token) = access else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let body = read(request.into_body(), FORM_BYTES_MAX).await;
    if token.is_in_form(&body.unwrap_or_default()) {
        token.welcome()
    } else {
        refused(&Verdict::NeedsToken, false)
    }
}

/// Says why not: to programs in the gateway's envelope, to people as a page.
fn refused(verdict: &Verdict, is_program: bool) -> Response {
    let reason = match verdict {
        Verdict::StrangeHost => {
            "This sandbox answers to names of this machine only: 127.0.0.1, [::1] or localhost. To reach it by another \
             name, start it with --listen and a token."
        }
        Verdict::StrangeOrigin => {
            "A page of another site sent this. Only pages of this sandbox may change something here."
        }
        Verdict::NeedsToken | Verdict::Welcome => {
            let answer = if is_program {
                Refusal::NeedsToken.answer()
            } else {
                page::ask_for_token()
            };
            return answer.map(Body::from);
        }
    };
    let answer = if is_program {
        Refusal::NotServed(reason).answer()
    } else {
        page::refused(StatusCode::FORBIDDEN, reason)
    };
    answer.map(Body::from)
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
mod tests;
