//! A server of HTTP/2 in clear text, as far as the duties need one: it looks at the frames and not into the heads.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::Violation;

/// A request with this body is answered once [`Server::answer_held`] is called.
pub(super) const HELD: &[u8] = b"holds the stream";

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// Types of frames, and their flags (RFC 9113, section 6).
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
/// Of `SETTINGS` and `PING`.
const ACK: u8 = 1;
/// Of `DATA` and `HEADERS`.
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const PADDED: u8 = 8;

/// One stream at a time: `SETTINGS_MAX_CONCURRENT_STREAMS`.
const ONE_STREAM: &[u8] = &[0, 3, 0, 0, 0, 1];
/// `:status: 200`, from the static table.
const STATUS_200: &[u8] = &[0x88];

/// What arrived.
#[derive(Clone, Default)]
pub(super) struct Record {
    /// Requests whose head arrived.
    pub(super) begun: usize,
    /// The bodies of those that arrived to their end.
    pub(super) whole: Vec<Vec<u8>>,
}

pub(super) struct Server {
    address: SocketAddr,
    record: watch::Sender<Record>,
    held: Arc<Notify>,
    accepting: JoinHandle<()>,
}

/// What is done with requests.
#[derive(Clone, Copy)]
enum Conduct {
    Answer,
    /// These bytes follow the first head.
    Refuse(&'static [u8]),
}

impl Server {
    /// Takes one stream at a time on each connection.
    pub(super) fn of_one_stream() -> Result<Self, Violation> {
        Self::start(Conduct::Answer)
    }

    /// Sends these bytes after the head of a request, and nothing else.
    pub(super) fn refusing(frames: &'static [u8]) -> Result<Self, Violation> {
        Self::start(Conduct::Refuse(frames))
    }

    fn start(conduct: Conduct) -> Result<Self, Violation> {
        let listener =
            listen().map_err(|err| Violation::new(format!("no server for the test: {err}")))?;
        let address = listener
            .local_addr()
            .map_err(|err| Violation::new(format!("no server for the test: {err}")))?;
        let record = watch::Sender::<Record>::default();
        let held = Arc::new(Notify::new());
        let (shared, waits) = (record.clone(), Arc::clone(&held));
        let accepting = tokio::spawn(async move {
            // Ends with this task, and all connections with it.
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let connection = Connection::new(stream, conduct, shared.clone());
                let held = Arc::clone(&waits);
                connections.spawn(async move {
                    // A client that goes away is what some duties are about.
                    let _: io::Result<()> = connection.run(&held).await;
                });
            }
        });
        Ok(Self {
            address,
            record,
            held,
            accepting,
        })
    }

    pub(super) fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.address)
    }

    pub(super) fn record(&self) -> Record {
        self.record.borrow().clone()
    }

    pub(super) fn answer_held(&self) {
        self.held.notify_one();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn listen() -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    socket.listen(128)
}

struct Connection {
    reading: BufReader<OwnedReadHalf>,
    writing: OwnedWriteHalf,
    conduct: Conduct,
    record: watch::Sender<Record>,
    /// What has arrived of the bodies that are not whole yet.
    bodies: HashMap<u32, Vec<u8>>,
}

struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: Vec<u8>,
}

impl Connection {
    fn new(stream: TcpStream, conduct: Conduct, record: watch::Sender<Record>) -> Self {
        let (reading, writing) = stream.into_split();
        Self {
            reading: BufReader::new(reading),
            writing,
            conduct,
            record,
            bodies: HashMap::new(),
        }
    }

    async fn run(mut self, held: &Notify) -> io::Result<()> {
        self.write(SETTINGS, 0, 0, ONE_STREAM).await?;
        let mut preface = [0; PREFACE.len()];
        self.reading.read_exact(&mut preface).await?;
        loop {
            let frame = self.read().await?;
            match frame.kind {
                SETTINGS if frame.flags & ACK == 0 => self.write(SETTINGS, ACK, 0, &[]).await?,
                PING if frame.flags & ACK == 0 => self.write(PING, ACK, 0, &frame.payload).await?,
                HEADERS => self.begin(&frame, held).await?,
                DATA => self.go_on(&frame, held).await?,
                _ => {}
            }
        }
    }

    async fn begin(&mut self, frame: &Frame, held: &Notify) -> io::Result<()> {
        self.record.send_modify(|record| record.begun += 1);
        self.bodies.insert(frame.stream, Vec::new());
        if let Conduct::Refuse(frames) = self.conduct {
            self.writing.write_all(frames).await?;
        }
        self.end(frame, held).await
    }

    async fn go_on(&mut self, frame: &Frame, held: &Notify) -> io::Result<()> {
        let mut data = frame.payload.as_slice();
        if frame.flags & PADDED != 0
            && let Some((length, padded)) = data.split_first()
        {
            data = &padded[..padded.len().saturating_sub(usize::from(*length))];
        }
        self.bodies
            .entry(frame.stream)
            .or_default()
            .extend_from_slice(data);
        self.end(frame, held).await
    }

    /// Answers if this was the last frame of a request.
    async fn end(&mut self, frame: &Frame, held: &Notify) -> io::Result<()> {
        if frame.flags & END_STREAM == 0 {
            return Ok(());
        }
        let body = self.bodies.remove(&frame.stream).unwrap_or_default();
        let is_held = body == HELD;
        self.record.send_modify(|record| record.whole.push(body));
        if matches!(self.conduct, Conduct::Refuse(_)) {
            return Ok(());
        }
        if is_held {
            // Nothing else is to be read meanwhile: there is one stream.
            held.notified().await;
        }
        let flags = END_HEADERS | END_STREAM;
        self.write(HEADERS, flags, frame.stream, STATUS_200).await
    }

    async fn read(&mut self) -> io::Result<Frame> {
        // Three bytes of length, then the type.
        let length_and_kind = self.reading.read_u32().await?;
        let [.., kind] = length_and_kind.to_be_bytes();
        let flags = self.reading.read_u8().await?;
        let stream = self.reading.read_u32().await?;
        let mut payload = vec![0; (length_and_kind >> 8) as usize];
        self.reading.read_exact(&mut payload).await?;
        Ok(Frame {
            kind,
            flags,
            stream,
            payload,
        })
    }

    async fn write(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> io::Result<()> {
        let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
        let mut frame = Vec::from((length << 8 | u32::from(kind)).to_be_bytes());
        frame.push(flags);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        self.writing.write_all(&frame).await
    }
}
