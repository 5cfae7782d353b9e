//! Callbacks to this machine only, whatever their URL is called.

use std::net::SocketAddr;

use async_trait::async_trait;
use bytes::Bytes;
use xgateway::transport::{Body, SharedTransport, Transport, TransportError, TransportErrorKind};

/// A transport that sends nothing but to loopback addresses.
///
/// The name is looked up here and the address is what is sent to, so that no name server can point elsewhere between
/// the check and the connection. With https the name stays, since the certificate is for it, and guards it.
#[derive(Debug)]
pub(super) struct LoopbackOnly(pub(super) SharedTransport);

#[async_trait]
impl Transport for LoopbackOnly {
    async fn send(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let mut addresses = local_addresses(request.uri()).await.into_iter().peekable();
        // A name may lead to more addresses than somebody listens at: `localhost` is both ::1 and 127.0.0.1.
        while let Some(address) = addresses.next() {
            let answer = self.0.send(to(address, &request)?).await;
            let is_unheard = |error: &TransportError| error.kind() == TransportErrorKind::Connect;
            if addresses.peek().is_none() || !answer.as_ref().is_err_and(is_unheard) {
                return answer;
            }
        }
        Err(refused())
    }
}

fn refused() -> TransportError {
    TransportError::not_sent(TransportErrorKind::InvalidRequest)
}

/// The same request to an address, by the name that it has.
fn to(
    address: SocketAddr,
    request: &http::Request<Body>,
) -> Result<http::Request<Body>, TransportError> {
    // A callback is a text, which can be sent twice.
    let body = request.body().as_bytes().ok_or_else(refused)?;
    let mut sent = http::Request::new(Body::from(body.to_vec()));
    *sent.method_mut() = request.method().clone();
    *sent.uri_mut() = request.uri().clone();
    sent.headers_mut().clone_from(request.headers());
    if request.uri().scheme_str() == Some("http") {
        let authority = request.uri().authority().ok_or_else(refused)?.to_string();
        let host = authority.parse().map_err(|_| refused())?;
        sent.headers_mut().insert(http::header::HOST, host);
        let mut parts = request.uri().clone().into_parts();
        parts.authority = Some(address.to_string().parse().map_err(|_| refused())?);
        *sent.uri_mut() = http::Uri::from_parts(parts).map_err(|_| refused())?;
    }
    Ok(sent)
}

/// The addresses of a URL, if every one that its host has is this machine's own; else none.
pub(super) async fn local_addresses(uri: &http::Uri) -> Vec<SocketAddr> {
    let Some(host) = uri.host() else {
        return Vec::new();
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_https = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    let found = tokio::net::lookup_host((host, port)).await;
    let addresses: Vec<_> = found.into_iter().flatten().collect();
    let is_local = |address: &SocketAddr| address.ip().to_canonical().is_loopback();
    if addresses.iter().all(is_local) {
        addresses
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_addresses_of_this_machine_pass() {
        for (url, want) in [
            ("http://127.0.0.1:9/hook", true),
            ("http://127.8.8.8/", true),
            ("http://[::1]:9/", true),
            ("http://[::ffff:127.0.0.1]:9/", true),
            ("http://localhost:9/", true),
            ("http://169.254.169.254/latest", false),
            ("http://10.0.0.1/", false),
            ("http://0.0.0.0:9/", false),
            ("http://[::]:9/", false),
            ("http://[::ffff:10.0.0.1]/", false),
            ("/hook", false),
        ] {
            let found = local_addresses(&url.parse().unwrap()).await;
            assert_eq!(!found.is_empty(), want, "{url}");
        }
    }
}
