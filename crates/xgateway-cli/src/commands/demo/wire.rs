use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How the head of a deposit begins.
const DEPOSIT: &[u8] = b"POST /api/v2/gateway8 ";

/// The network between merchant and gateway. It counts deposits, and breaks when it is told to.
#[derive(Clone, Default)]
pub(super) struct Wire(Arc<State>);

#[derive(Default)]
struct State {
    deposits: AtomicUsize,
    breaks_next: AtomicBool,
}

impl Wire {
    /// Passes on what comes to `listener`.
    pub(super) fn serve(&self, listener: TcpListener, gateway: SocketAddr) {
        let wire = self.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let wire = wire.clone();
                tokio::spawn(async move {
                    // Whatever goes wrong, the client sees a connection that breaks, as on any network.
                    let _ = wire.pass(client, gateway).await;
                });
            }
        });
    }

    /// Lets the next deposit through, and loses its answer.
    pub(super) fn break_next(&self) {
        self.0.breaks_next.store(true, Ordering::SeqCst);
    }

    /// How many deposits have come along.
    pub(super) fn deposits(&self) -> usize {
        self.0.deposits.load(Ordering::SeqCst)
    }

    async fn pass(&self, mut client: TcpStream, gateway: SocketAddr) -> io::Result<()> {
        let mut gateway = TcpStream::connect(gateway).await?;
        let mut breaks = false;
        let mut head = Vec::new();
        let (mut asked, mut answered) = (vec![0; 16 << 10], vec![0; 16 << 10]);
        loop {
            tokio::select! {
                length = client.read(&mut asked) => {
                    let part = &asked[..length?];
                    if part.is_empty() {
                        return Ok(());
                    }
                    head.extend_from_slice(part);
                    if let Some(at) = find(&head, DEPOSIT) {
                        self.0.deposits.fetch_add(1, Ordering::SeqCst);
                        breaks = self.0.breaks_next.swap(false, Ordering::SeqCst);
                        head.drain(..at + DEPOSIT.len());
                    }
                    // Enough to know the beginning of a head that comes in two parts.
                    head.drain(..head.len().saturating_sub(DEPOSIT.len() - 1));
                    gateway.write_all(part).await?;
                }
                length = gateway.read(&mut answered) => {
                    let part = &answered[..length?];
                    // It answers, so it has acted. Nobody will hear of it.
                    if part.is_empty() || breaks {
                        return Ok(());
                    }
                    client.write_all(part).await?;
                }
            }
        }
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
