use std::{future, io};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::server::{Record, Seen, Step};

/// The first byte of a TLS connection: a handshake record.
const TLS_HANDSHAKE: u8 = 22;

pub(super) struct Connection {
    number: usize,
    stream: BufReader<TcpStream>,
    record: watch::Sender<Record>,
}

impl Connection {
    pub(super) fn new(number: usize, stream: TcpStream, record: watch::Sender<Record>) -> Self {
        Self {
            number,
            stream: BufReader::new(stream),
            record,
        }
    }

    pub(super) async fn run(mut self, steps: &[Step]) -> io::Result<()> {
        // Else drops would be gathered.
        self.stream.get_ref().set_nodelay(true)?;
        loop {
            let mut again = false;
            for step in steps {
                if matches!(step, Step::Reset) {
                    return self.stream.get_ref().set_zero_linger();
                }
                again |= matches!(step, Step::Again);
                self.take(step).await?;
            }
            if !again {
                return self.stream.shutdown().await;
            }
        }
    }

    async fn take(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::Read => {
                self.request_begins().await?;
                let seen = Seen::read(self.number, &mut self.stream).await?;
                self.record.send_modify(|record| record.seen.push(seen));
            }
            Step::ReadOneByte => {
                self.request_begins().await?;
                self.stream.read_u8().await?;
            }
            Step::Notice => {
                self.stream.get_ref().peek(&mut [0]).await?;
                self.record.send_modify(|record| record.begun += 1);
            }
            Step::Hello => {
                if self.stream.fill_buf().await?.first() != Some(&TLS_HANDSHAKE) {
                    self.record.send_modify(|record| record.begun += 1);
                }
            }
            Step::Answer(answer) => {
                let bytes = self
                    .record
                    .borrow()
                    .seen
                    .iter()
                    .rfind(|seen| seen.connection == self.number)
                    .map(|seen| answer(seen));
                self.stream.write_all(&bytes.unwrap_or_default()).await?;
            }
            Step::Send(bytes) => self.stream.write_all(bytes).await?,
            Step::Drip(bytes) => {
                for byte in bytes {
                    self.stream.write_u8(*byte).await?;
                    tokio::task::yield_now().await;
                }
            }
            Step::Flood(bytes, times) => {
                for _ in 0..*times {
                    self.stream.write_all(bytes).await?;
                }
            }
            Step::Close => {
                self.stream.shutdown().await?;
                while self.stream.read(&mut [0; 1024]).await? > 0 {}
                self.record.send_modify(|record| record.closed += 1);
            }
            Step::Hold => future::pending().await,
            Step::Reset | Step::Again => {}
        }
        Ok(())
    }

    /// Waits for the first byte of a request.
    async fn request_begins(&mut self) -> io::Result<()> {
        if self.stream.fill_buf().await?.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.record.send_modify(|record| record.begun += 1);
        Ok(())
    }
}
