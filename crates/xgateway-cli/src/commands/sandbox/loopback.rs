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
        mut request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let refused = || TransportError::not_sent(TransportErrorKind::InvalidRequest);
        let address = local_address(request.uri()).await.ok_or_else(refused)?;
        if request.uri().scheme_str() == Some("http") {
            let authority = request.uri().authority().ok_or_else(refused)?.to_string();
            let host = authority.parse().map_err(|_| refused())?;
            request.headers_mut().insert(http::header::HOST, host);
            let mut parts = request.uri().clone().into_parts();
            parts.authority = Some(address.to_string().parse().map_err(|_| refused())?);
            *request.uri_mut() = http::Uri::from_parts(parts).map_err(|_| refused())?;
        }
        self.0.send(request).await
    }
}

/// The address of a URL, if every one that its host has is this machine's own.
pub(super) async fn local_address(uri: &http::Uri) -> Option<SocketAddr> {
    let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
    let is_https = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    let addresses: Vec<_> = tokio::net::lookup_host((host, port)).await.ok()?.collect();
    let is_local = addresses
        .iter()
        .all(|address| address.ip().to_canonical().is_loopback());
    addresses.first().copied().filter(|_| is_local)
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
            let found = local_address(&url.parse().unwrap()).await;
            assert_eq!(found.is_some(), want, "{url}");
        }
    }
}
