//! A server on loopback that does as it is told, down to the byte, and records
//! what arrives.

mod connection;
mod message;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::Violation;
use crate::server::connection::Connection;

pub(crate) use self::message::{Seen, answer};

/// Small, so that a client that sends much cannot leave it all with the kernel.
const RECEIVE_BUFFER_BYTES: u32 = 64 << 10;

/// What to answer to a request.
type Answering = dyn Fn(&Seen) -> Vec<u8> + Send + Sync;

/// What the server does next on a connection.
#[derive(Clone)]
pub(crate) enum Step {
    /// Reads a whole request.
    Read,
    /// Waits until a request arrives and reads one byte of it.
    ReadOneByte,
    /// Waits until a request arrives and reads nothing of it.
    Notice,
    /// Waits for the first message of TLS.
    Hello,
    /// Answers what was read last.
    Answer(Arc<Answering>),
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes one by one.
    Drip(Vec<u8>),
    /// Sends these bytes so many times, until the client closes.
    Flood(Vec<u8>, usize),
    /// Closes, and waits until the client closes too.
    Close,
    /// Does nothing any more, and reads nothing.
    Hold,
    /// Resets the connection.
    Reset,
    /// Starts again with the first step.
    Again,
}

/// What arrived.
#[derive(Clone, Default)]
pub(crate) struct Record {
    /// Requests of which at least one byte arrived.
    pub(crate) begun: usize,
    /// Requests that were read to the end.
    pub(crate) seen: Vec<Seen>,
    /// Connections that the client closed after [`Step::Close`].
    pub(crate) closed: usize,
}

pub(crate) struct Server {
    address: SocketAddr,
    record: watch::Sender<Record>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Takes these steps on every connection, then closes it.
    pub(crate) fn start(steps: Vec<Step>) -> Result<Self, Violation> {
        Self::try_start(steps)
            .map_err(|err| Violation::new(format!("no server for the test: {err}")))
    }

    /// Answers each request as `answer` says.
    pub(crate) fn answering(
        answer: impl Fn(&Seen) -> Vec<u8> + Send + Sync + 'static,
    ) -> Result<Self, Violation> {
        Self::start(vec![
            Step::Read,
            Step::Answer(Arc::new(answer)),
            Step::Again,
        ])
    }

    fn try_start(steps: Vec<Step>) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let listener = socket.listen(128)?;
        let address = listener.local_addr()?;
        let record = watch::Sender::<Record>::default();
        let shared = record.clone();
        let accepting = tokio::spawn(async move {
            // Ends with this task, and all connections with it.
            let mut connections = JoinSet::new();
            let mut number = 0;
            while let Ok((stream, _)) = listener.accept().await {
                let connection = Connection::new(number, stream, shared.clone());
                let steps = steps.clone();
                connections.spawn(async move {
                    // A client that goes away is what some duties are about.
                    let _: io::Result<()> = connection.run(&steps).await;
                });
                number += 1;
            }
        });
        Ok(Self {
            address,
            record,
            accepting,
        })
    }

    /// A URL of this server, such as `http://127.0.0.1:4010/v2/invoices`.
    pub(crate) fn url(&self, scheme: &str, target: &str) -> String {
        format!("{scheme}://{}{target}", self.address)
    }

    pub(crate) fn record(&self) -> Record {
        self.record.borrow().clone()
    }

    /// The record, for whoever outlives a look at it.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Record> {
        self.record.subscribe()
    }

    /// Waits until the record is as `wanted`.
    pub(crate) async fn until(&self, wanted: impl Fn(&Record) -> bool + Send) {
        // The sender is `self`, so the channel cannot close.
        drop(self.subscribe().wait_for(|record| wanted(record)).await);
    }
}

/// An address where nobody listens.
pub(crate) async fn refusing_address() -> Result<SocketAddr, Violation> {
    let address = async { TcpListener::bind("127.0.0.1:0").await?.local_addr() };
    address
        .await
        .map_err(|err: io::Error| Violation::new(format!("no address for the test: {err}")))
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
