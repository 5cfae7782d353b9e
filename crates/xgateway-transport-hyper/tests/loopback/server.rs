//! A right server, on hyper, over plain TCP or TLS.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// The certificate to trust, if it speaks TLS.
    pub(crate) pem: String,
    connections: Arc<AtomicUsize>,
    /// Of each connection that is over, whether it ended in order.
    pub(crate) ends: UnboundedReceiver<bool>,
}

impl Server {
    pub(crate) async fn http2() -> Self {
        Self::start(None, String::new()).await
    }

    /// With a certificate for `name`.
    pub(crate) async fn tls(name: &str, protocols: &[&str]) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed([name.to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|it| it.as_bytes().to_vec()).collect();
        Self::start(Some(TlsAcceptor::from(Arc::new(config))), cert.pem()).await
    }

    async fn start(tls: Option<TlsAcceptor>, pem: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let (ended, ends) = unbounded_channel();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::Relaxed);
                let (tls, ended) = (tls.clone(), ended.clone());
                tokio::spawn(async move {
                    let end = match tls {
                        None => serve(stream, true).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => {
                                let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                                serve(stream, http2).await
                            }
                            // A client that trusts nobody goes away here.
                            Err(_) => return,
                        },
                    };
                    // Most tests do not ask.
                    let _ = ended.send(end.is_ok());
                });
            }
        });
        Self {
            address,
            pem,
            connections,
            ends,
        }
    }

    pub(crate) fn connection_count(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    http2: bool,
) -> hyper::Result<()> {
    let io = TokioIo::new(stream);
    let service = service_fn(answer);
    if http2 {
        let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        builder.serve_connection(io, service).await
    } else {
        let builder = hyper::server::conn::http1::Builder::new();
        builder.serve_connection(io, service).await
    }
}

/// Says what came, as far as the tests ask.
async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.uri().path() == "/never" {
        std::future::pending::<()>().await;
    }
    let head = format!(
        "{:?} {} {}",
        request.version(),
        request.method(),
        request.uri().path_and_query().unwrap(),
    );
    let key = request.headers().get("x-api-key").cloned();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let mut response = Response::new(Full::new(body));
    response
        .headers_mut()
        .insert("x-seen", head.parse().unwrap());
    if let Some(key) = key {
        response.headers_mut().insert("x-seen-key", key);
    }
    Ok(response)
}
