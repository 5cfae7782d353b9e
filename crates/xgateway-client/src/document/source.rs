use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::io::{AsyncRead as _, ReadBuf};
use xgateway_core::document::{Inspected, Inspector};
use zeroize::Zeroizing;

use super::PIECE_BYTES;
use super::file::{DocumentFile, Reader};

/// A form with one file, as frames: what comes before the file, the file piece by piece, and what comes after it.
pub(crate) struct FileSource {
    next: Next,
    head: Bytes,
    tail: Bytes,
    reader: Box<dyn Reader>,
    /// What the file was when it was looked at.
    inspected: Inspected,
    /// What it is now.
    inspector: Inspector,
    sent_bytes: u64,
    on_sent: Box<dyn FnMut(u64) + Send>,
    /// The buffer of a read that is under way. It goes out as it is, and is wiped when the last handle on it goes.
    piece: Zeroizing<Vec<u8>>,
}

enum Next {
    Head,
    File,
    End,
}

impl FileSource {
    /// Calls `on_sent` with the bytes of the file that were handed over so far.
    pub(crate) fn new(
        head: Bytes,
        file: DocumentFile,
        tail: Bytes,
        on_sent: Box<dyn FnMut(u64) + Send>,
    ) -> Self {
        let (reader, inspected) = file.into_parts();
        Self {
            next: Next::Head,
            head,
            tail,
            reader,
            inspected,
            inspector: Inspector::new(inspected.length()),
            sent_bytes: 0,
            on_sent,
            piece: Zeroizing::default(),
        }
    }

    /// The length of the whole form.
    pub(crate) fn length(&self) -> u64 {
        self.head.len() as u64 + self.inspected.length() + self.tail.len() as u64
    }

    fn poll_file(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        self.piece.resize(PIECE_BYTES, 0);
        let mut buffer = ReadBuf::new(&mut self.piece);
        ready!(Pin::new(&mut self.reader).poll_read(context, &mut buffer))?;
        let count = buffer.filled().len();
        let mut piece = std::mem::take(&mut self.piece);
        piece.truncate(count);
        self.inspector.update(&piece);
        if count == 0 || self.inspector.is_too_large() {
            return Poll::Ready(self.has_not_changed().map(|()| None));
        }
        self.sent_bytes += count as u64;
        (self.on_sent)(self.sent_bytes);
        Poll::Ready(Ok(Some(Bytes::from_owner(piece))))
    }

    fn has_not_changed(&self) -> io::Result<()> {
        match self.inspector.clone().finish() {
            Ok(inspected) if inspected == self.inspected => Ok(()),
            Ok(_) | Err(_) => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

impl Body for FileSource {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let data = match self.next {
            Next::Head => {
                self.next = Next::File;
                Ok(std::mem::take(&mut self.head))
            }
            Next::File => match ready!(self.poll_file(context)) {
                Ok(Some(piece)) => Ok(piece),
                Ok(None) => {
                    self.next = Next::End;
                    Ok(std::mem::take(&mut self.tail))
                }
                Err(err) => Err(err),
            },
            Next::End => return Poll::Ready(None),
        };
        Poll::Ready(Some(data.map(Frame::data)))
    }
}
