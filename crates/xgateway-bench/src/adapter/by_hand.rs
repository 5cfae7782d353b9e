use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::lanes::{Caller, Failure};
use crate::server::Version;
use crate::{Outcome, samples, serde_peer};

/// How long it waits for an answer, as the client does.
const TIMEOUT: Duration = Duration::from_secs(30);

/// hyper's connections and serde's structs, and no more than is needed to call again and again.
pub(crate) struct ByHand {
    address: SocketAddr,
    version: Version,
    uri: String,
    host: HeaderValue,
    deposit: serde_peer::Deposit,
    /// Connections without a call.
    idle: Mutex<Vec<http1::SendRequest<Full<Bytes>>>>,
    shared: Mutex<Option<http2::SendRequest<Full<Bytes>>>>,
}

impl ByHand {
    pub(crate) fn new(address: SocketAddr, version: Version) -> Outcome<Self> {
        let path = "/api/v2/gateway8";
        Ok(Self {
            address,
            version,
            uri: match version {
                Version::Http1 => path.to_owned(),
                Version::Http2 => format!("http://{address}{path}"),
            },
            host: HeaderValue::from_str(&address.to_string())?,
            deposit: serde_json::from_str(samples::DEPOSIT)?,
            idle: Mutex::default(),
            shared: Mutex::default(),
        })
    }

    fn request(&self) -> Result<Request<Full<Bytes>>, Failure> {
        let body = serde_json::to_vec(&self.deposit)?;
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&self.uri)
            .header(ACCEPT, "application/json")
            .header("x-api-key", samples::API_KEY)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "by-hand/1.0");
        if self.version == Version::Http1 {
            request = request.header(HOST, &self.host);
        }
        Ok(request.body(Full::from(body))?)
    }

    async fn exchange(&self) -> Result<(), Failure> {
        let request = self.request()?;
        match self.version {
            Version::Http1 => {
                let kept = lock(&self.idle).pop();
                let mut sender = match kept {
                    Some(sender) => sender,
                    None => self.connect_http1().await?,
                };
                sender.ready().await?;
                let answer = sender.send_request(request).await?;
                read(answer).await?;
                lock(&self.idle).push(sender);
            }
            Version::Http2 => {
                let kept = lock(&self.shared).clone();
                let mut sender = match kept {
                    Some(sender) => sender,
                    None => self.connect_http2().await?,
                };
                sender.ready().await?;
                let answer = sender.send_request(request).await?;
                read(answer).await?;
            }
        }
        Ok(())
    }

    async fn connect_http1(&self) -> Result<http1::SendRequest<Full<Bytes>>, Failure> {
        let (sender, connection) = http1::handshake(self.connect().await?).await?;
        tokio::spawn(connection);
        Ok(sender)
    }

    async fn connect_http2(&self) -> Result<http2::SendRequest<Full<Bytes>>, Failure> {
        let io = self.connect().await?;
        // A connection for all calls must not die unnoticed.
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(TIMEOUT)
            .handshake(io)
            .await?;
        tokio::spawn(connection);
        Ok(lock(&self.shared).get_or_insert(sender).clone())
    }

    async fn connect(&self) -> Result<TokioIo<TcpStream>, Failure> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        Ok(TokioIo::new(stream))
    }
}

impl Caller for ByHand {
    async fn call(&self) -> Result<(), Failure> {
        timeout(TIMEOUT, self.exchange()).await?
    }
}

async fn read(answer: http::Response<hyper::body::Incoming>) -> Result<(), Failure> {
    if !answer.status().is_success() {
        return Err(format!("status {}", answer.status()).into());
    }
    let body = answer.into_body().collect().await?.to_bytes();
    let answer: serde_peer::Envelope<serde_peer::Answer> = serde_json::from_slice(&body)?;
    match answer.data.three_ds_url {
        Some(_) => Ok(()),
        None => Err("the answer holds no URL".into()),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
