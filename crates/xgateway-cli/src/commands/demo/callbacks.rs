use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;
use xgateway::api::types::TransactionCallback;
use xgateway::core::callback::CallbackHash;
use xgateway::core::secret::SecretKey;

/// Far more than a callback on loopback needs.
const PATIENCE: Duration = Duration::from_secs(10);
const REQUEST_BYTES_MAX: usize = 64 << 10;

/// The merchant's end of callbacks: takes what the sandbox sends.
pub(super) struct Callbacks {
    bodies: mpsc::UnboundedReceiver<Vec<u8>>,
    secret_key: SecretKey,
    /// What came for other orders than the one that was waited for.
    early: Vec<Received>,
}

/// A callback, and whether it comes from who knows the secret key.
pub(super) struct Received {
    pub(super) callback: TransactionCallback,
    pub(super) is_verified: bool,
}

impl Callbacks {
    pub(super) fn listen(listener: TcpListener, secret_key: SecretKey) -> Self {
        let (sender, bodies) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A request that is none is nobody's callback.
                if let Ok(body) = receive(stream).await
                    && sender.send(body).is_err()
                {
                    return;
                }
            }
        });
        Self {
            bodies,
            secret_key,
            early: Vec::new(),
        }
    }

    /// The next callback about an order; `None` if none comes.
    pub(super) async fn next_of(&mut self, order_id: &str) -> Option<Received> {
        let is_it = |received: &Received| received.callback.order_id.as_deref() == Some(order_id);
        if let Some(at) = self.early.iter().position(is_it) {
            return Some(self.early.remove(at));
        }
        loop {
            let body = timeout(PATIENCE, self.bodies.recv()).await.ok()??;
            let received = self.read(&body)?;
            if is_it(&received) {
                return Some(received);
            }
            self.early.push(received);
        }
    }

    fn read(&self, body: &[u8]) -> Option<Received> {
        let callback: TransactionCallback = serde_json::from_slice(body).ok()?;
        let fields = [
            callback.id.as_str(),
            &callback.customer_id,
            callback.amount.as_str(),
            callback.currency.as_str(),
        ];
        let is_verified = CallbackHash::of(&fields, &self.secret_key).matches(&callback.hash);
        Some(Received {
            callback,
            is_verified,
        })
    }
}

/// Reads one HTTP request, answers that all is well, and returns its body.
async fn receive(mut stream: TcpStream) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        if let Some((start, length)) = body(&bytes)
            && bytes.len() >= start + length
        {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .await?;
            return Ok(bytes[start..start + length].to_vec());
        }
        if bytes.len() > REQUEST_BYTES_MAX || stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
}

/// Where the body starts, and how long it is, once the head is there.
fn body(bytes: &[u8]) -> Option<(usize, usize)> {
    let end = bytes.windows(4).position(|part| part == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse().ok())?
    });
    Some((end + 4, length.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::body;

    #[test]
    fn finds_the_body_of_a_request() {
        let head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(body(head), Some((head.len() - 2, 2)));
        assert_eq!(body(b"POST / HTTP/1.1\r\n"), None);
        assert_eq!(body(b"GET / HTTP/1.1\r\n\r\n"), Some((18, 0)));
    }
}
