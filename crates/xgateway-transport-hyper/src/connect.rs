use std::io;

use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use xgateway_transport::TransportError;

use crate::builder::Limits;
use crate::failure::{ConnectError, connect};
use crate::http1::Http1;
use crate::pool::Connection;
use crate::prepare::Origin;
use crate::stream::{Stream, WriteLimit};

/// Opens connections.
pub(crate) struct Connector {
    limits: Limits,
    /// Nothing if no CA is trusted.
    tls: Option<TlsConnector>,
}

impl Connector {
    pub(crate) const fn new(limits: Limits, tls: Option<TlsConnector>) -> Self {
        Self { limits, tls }
    }

    /// A new connection to `origin`. Whatever fails here, no request was sent.
    pub(crate) async fn connect(&self, origin: Origin<'_>) -> Result<Connection, TransportError> {
        if origin.https && self.tls.is_none() {
            return Err(connect(ConnectError::NoCaCertificates));
        }
        let stream = timeout(self.limits.connect_timeout, self.connect_tcp(origin))
            .await
            .map_err(|_| connect(ConnectError::ConnectTimeout))??;
        timeout(
            self.limits.handshake_timeout,
            self.shake_hands(origin, stream),
        )
        .await
        .map_err(|_| connect(ConnectError::HandshakeTimeout))?
    }

    async fn connect_tcp(&self, origin: Origin<'_>) -> Result<TcpStream, TransportError> {
        let addresses: Vec<_> = lookup_host((origin.host, origin.port))
            .await
            .map_err(connect)?
            .collect();
        let count = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
        let mut failure = connect(ConnectError::NoAddress);
        for address in addresses {
            match timeout(
                self.limits.connect_timeout / count,
                TcpStream::connect(address),
            )
            .await
            {
                Ok(Ok(stream)) => {
                    // Requests are written in one go; waiting for more to send only delays them.
                    stream.set_nodelay(true).map_err(connect)?;
                    return Ok(stream);
                }
                Ok(Err(err)) => failure = connect(err),
                Err(_) => failure = connect(ConnectError::ConnectTimeout),
            }
        }
        Err(failure)
    }

    async fn shake_hands(
        &self,
        origin: Origin<'_>,
        stream: TcpStream,
    ) -> Result<Connection, TransportError> {
        let stream = WriteLimit::new(stream, self.limits.write_timeout);
        if !origin.https {
            let http2 = self.limits.http2_prior_knowledge;
            return self.speak_http(Stream::Plain(stream), http2).await;
        }
        let tls = self
            .tls
            .as_ref()
            .ok_or_else(|| connect(ConnectError::NoCaCertificates))?;
        let name = ServerName::try_from(origin.host.to_ascii_lowercase())
            .map_err(|_| connect(ConnectError::ServerName))?;
        let stream = tls
            .connect(name, stream)
            .await
            .map_err(|err: io::Error| connect(err))?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        self.speak_http(Stream::Tls(Box::new(stream)), http2).await
    }

    /// A connection of HTTP/2 is handed to a task that ends with it: when the other side closes it, or when nobody can
    /// send on it any more. One of HTTP/1.1 is driven by who uses it.
    async fn speak_http(&self, stream: Stream, http2: bool) -> Result<Connection, TransportError> {
        let io = TokioIo::new(stream);
        let head_bytes_max = self.limits.answer_head_bytes_max;
        if http2 {
            let (sender, connection) = http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .max_header_list_size(head_bytes_max)
                // A shared connection that died unnoticed would take every later request with it.
                .keep_alive_interval(self.limits.read_timeout)
                .keep_alive_timeout(self.limits.handshake_timeout)
                .handshake(io)
                .await
                .map_err(connect)?;
            // The connection's errors reach those who wait for answers.
            tokio::spawn(async { drop(connection.await) });
            Ok(Connection::Http2(sender))
        } else {
            let (sender, connection) = http1::Builder::new()
                // Without it, hyper copies bodies into a buffer that nobody wipes.
                .writev(true)
                .max_buf_size(usize::try_from(head_bytes_max).unwrap_or(usize::MAX))
                .handshake(io)
                .await
                .map_err(connect)?;
            Ok(Connection::Http1(Box::new(Http1::new(sender, connection))))
        }
    }
}
