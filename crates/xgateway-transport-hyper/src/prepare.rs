use http::header::{
    ACCEPT, CONNECTION, CONTENT_LENGTH, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE,
    USER_AGENT,
};
use http::uri::{Parts, PathAndQuery, Scheme, Uri};
use http::{Method, Request};
use http_body::Body as _;
use xgateway_transport::{Body, TransportError, TransportErrorKind};

/// Where a connection leads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) https: bool,
    /// As the URL has it; an IPv6 address without its brackets.
    pub(crate) host: &'a str,
    pub(crate) port: u16,
}

impl PartialEq for Origin<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.https, self.port) == (other.https, other.port)
            // Mostly they are the same, and to compare bytes is quicker.
            && (self.host == other.host || self.host.eq_ignore_ascii_case(other.host))
    }
}

/// Why a request cannot be sent as it is. Names no part of its content.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum RequestError {
    #[error("the URL is not an absolute http or https URL")]
    NotAbsolute,
    #[error("the URL holds a user name or password")]
    UserInfo,
    #[error("the port in the URL is not a number from 1 to 65535")]
    Port,
    #[error("CONNECT opens a tunnel and has no answer")]
    Connect,
    /// They belong to one connection, and connections belong to the transport.
    #[error("a header is about the connection, which is the transport's own")]
    ConnectionHeader,
    /// The server would take the rest for another request.
    #[error("the header content-length differs from the length of the body")]
    ContentLength,
}

impl From<RequestError> for TransportError {
    fn from(err: RequestError) -> Self {
        Self::not_sent(TransportErrorKind::InvalidRequest).with_source(err)
    }
}

/// Checks that `request` would reach the wire as it is, and completes its
/// headers.
pub(crate) fn prepare(
    request: &mut Request<Body>,
    user_agent: &HeaderValue,
) -> Result<(), RequestError> {
    if request.method() == Method::CONNECT {
        return Err(RequestError::Connect);
    }
    let length = request.body().size_hint().exact();
    let headers = request.headers_mut();
    let mut stated = None;
    let (mut has_agent, mut has_accept) = (false, false);
    // One walk: there are few headers, and a look-up of each name would hash it.
    for (name, value) in &*headers {
        if is_about_connection(name) {
            return Err(RequestError::ConnectionHeader);
        }
        has_agent |= *name == USER_AGENT;
        has_accept |= *name == ACCEPT;
        if *name == CONTENT_LENGTH
            && (stated.replace(()).is_some() || parse_length(value) != length)
        {
            return Err(RequestError::ContentLength);
        }
    }
    if !has_agent {
        headers.insert(USER_AGENT, user_agent.clone());
    }
    if !has_accept {
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    }
    Ok(())
}

fn is_about_connection(name: &HeaderName) -> bool {
    [CONNECTION, TE, TRANSFER_ENCODING, UPGRADE].contains(name)
        || matches!(name.as_str(), "keep-alive" | "proxy-connection")
}

/// Takes the path, and the query, out of a URL: all that stands in the first line of an HTTP/1.1 request.
pub(crate) fn take_path(url: &mut Parts) -> PathAndQuery {
    url.path_and_query
        .take()
        .unwrap_or_else(|| PathAndQuery::from_static("/"))
}

/// The whole URL again.
pub(crate) fn with_path(url: &Parts, path: Option<PathAndQuery>) -> Result<Uri, RequestError> {
    let mut whole = Parts::default();
    whole.scheme.clone_from(&url.scheme);
    whole.authority.clone_from(&url.authority);
    whole.path_and_query = path;
    Uri::from_parts(whole).map_err(|_| RequestError::NotAbsolute)
}

/// The value of the header `host`: no port where the scheme says it. It is mostly that of the `last` request.
pub(crate) fn host(
    url: &Parts,
    origin: Origin<'_>,
    last: Option<&HeaderValue>,
) -> Result<HeaderValue, RequestError> {
    let authority = url.authority.as_ref().ok_or(RequestError::NotAbsolute)?;
    let text = if origin.port == default_port(origin.https) {
        authority.host()
    } else {
        authority.as_str()
    };
    match last {
        Some(last) if last == text => Ok(last.clone()),
        _ => HeaderValue::from_str(text).map_err(|_| RequestError::NotAbsolute),
    }
}

/// Where a request with such a URL is sent, if it can be sent there as it is.
pub(crate) fn origin(url: &Parts) -> Result<Origin<'_>, RequestError> {
    let scheme = url.scheme.as_ref().ok_or(RequestError::NotAbsolute)?;
    let https = *scheme == Scheme::HTTPS;
    if !https && *scheme != Scheme::HTTP {
        return Err(RequestError::NotAbsolute);
    }
    let authority = url
        .authority
        .as_ref()
        .ok_or(RequestError::NotAbsolute)?
        .as_str();
    // One walk. What stands in brackets is an address, with colons of its own.
    let mut colon = None;
    for (at, byte) in authority.bytes().enumerate() {
        match byte {
            b'@' => return Err(RequestError::UserInfo),
            b':' => colon = Some(at),
            b']' => colon = None,
            _ => {}
        }
    }
    let (host, port) = match colon {
        // A port that is there and is no number must not become another one.
        Some(at) => (
            &authority[..at],
            parse_port(&authority[at + 1..]).ok_or(RequestError::Port)?,
        ),
        None => (authority, default_port(https)),
    };
    let host = match host.as_bytes() {
        [b'[', .., b']'] => &host[1..host.len() - 1],
        _ => host,
    };
    if host.is_empty() {
        return Err(RequestError::NotAbsolute);
    }
    Ok(Origin { https, host, port })
}

/// A port that can be connected to.
fn parse_port(digits: &str) -> Option<u16> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        .then(|| digits.parse().ok())?
        .filter(|port| *port != 0)
}

const fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

fn parse_length(text: &HeaderValue) -> Option<u64> {
    let text = text.to_str().ok()?;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(request: http::request::Builder) -> Result<(), RequestError> {
        let mut request = request.body(Body::from("body")).unwrap();
        origin(&request.uri().clone().into_parts())?;
        prepare(&mut request, &HeaderValue::from_static("agent"))
    }

    #[track_caller]
    fn check_origin(url: &str, https: bool, host: &str, port: u16, header: &str) {
        let uri: Uri = url.parse().unwrap();
        let mut parts = uri.clone().into_parts();
        let path = take_path(&mut parts);
        assert_eq!(path, uri.path_and_query().unwrap().as_str());
        let origin = origin(&parts).unwrap();
        assert_eq!(origin, Origin { https, host, port });
        assert_eq!(with_path(&parts, Some(path)).unwrap(), uri);
        for last in [None, Some(header), Some("another.example")] {
            let last = last.map(|text| HeaderValue::from_str(text).unwrap());
            assert_eq!(super::host(&parts, origin, last.as_ref()).unwrap(), header);
        }
    }

    #[test]
    fn reads_where_a_url_leads() {
        check_origin("http://A.example", false, "a.example", 80, "A.example");
        check_origin("https://a.example/b", true, "a.example", 443, "a.example");
        check_origin("https://a.example:443", true, "a.example", 443, "a.example");
        check_origin("http://a:443/", false, "a", 443, "a:443");
        check_origin("http://[::1]:80/", false, "::1", 80, "[::1]");
        check_origin("http://[::1]:81/", false, "::1", 81, "[::1]:81");
    }

    #[test]
    fn refuses_what_would_not_arrive_as_it_is() {
        let get = Request::get::<&str>;
        let post = || Request::post("http://a.example/");
        for (request, want) in [
            (get("/a"), RequestError::NotAbsolute),
            (get("ftp://a.example/"), RequestError::NotAbsolute),
            (get("http://b@a.example/"), RequestError::UserInfo),
            (get("http://a.example:0/"), RequestError::Port),
            (get("http://a.example:/"), RequestError::Port),
            (post().method("CONNECT"), RequestError::Connect),
            (
                post().header("connection", "close"),
                RequestError::ConnectionHeader,
            ),
            (
                post().header("transfer-encoding", "chunked"),
                RequestError::ConnectionHeader,
            ),
            (
                post().header("content-length", "3"),
                RequestError::ContentLength,
            ),
            (
                post().header("content-length", "+4"),
                RequestError::ContentLength,
            ),
            (
                post()
                    .header("content-length", "4")
                    .header("content-length", "4"),
                RequestError::ContentLength,
            ),
        ] {
            assert_eq!(prepared(request).unwrap_err(), want);
        }
        prepared(post().header("content-length", "4")).unwrap();
    }

    #[test]
    fn adds_only_what_is_missing() {
        let mut request = Request::get("http://a.example")
            .header("accept", "text/plain")
            .body(Body::empty())
            .unwrap();
        prepare(&mut request, &HeaderValue::from_static("agent")).unwrap();
        assert_eq!(request.headers()["accept"], "text/plain");
        assert_eq!(request.headers()["user-agent"], "agent");
        assert_eq!(request.headers().len(), 2);
    }
}
