use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use http_body::{Body, Frame};

/// Why a streamed body came to no good end. Holds no byte of it.
///
/// An adapter finds it in the errors of its library with
/// [`is_cause_of`](Self::is_cause_of) and reports
/// [`TransportErrorKind::Body`](crate::TransportErrorKind::Body).
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// Whoever makes the bytes failed. Its own error is not kept: nobody here
    /// knows what is in it.
    #[error("the body could not be read to its end: {0}")]
    Source(io::ErrorKind),
    /// It ended before its length.
    #[error("the body ended {missing} bytes before its length")]
    TooShort {
        /// How many bytes were still to come.
        missing: u64,
    },
    /// It went on after its length.
    #[error("the body went on after its length")]
    TooLong,
    /// It had trailers, which a request of known length has no place for.
    #[error("the body had trailers")]
    Trailers,
}

impl BodyError {
    /// Whether `err`, or one of its sources, came from the body that was sent.
    pub fn is_cause_of(err: &(dyn Error + 'static)) -> bool {
        let mut cause = Some(err);
        while let Some(err) = cause {
            let inner = err.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
            if err.is::<Self>() || inner.is_some_and(<dyn Error + Send + Sync>::is::<Self>) {
                return true;
            }
            cause = err.source();
        }
        false
    }
}

impl From<BodyError> for io::Error {
    fn from(err: BodyError) -> Self {
        let kind = match err {
            BodyError::Source(kind) => kind,
            BodyError::TooShort { .. } => io::ErrorKind::UnexpectedEof,
            BodyError::TooLong | BodyError::Trailers => io::ErrorKind::InvalidData,
        };
        Self::new(kind, err)
    }
}

type Source = Pin<Box<dyn Body<Data = Bytes, Error = io::Error> + Send>>;

/// Frames of a length that was promised.
///
/// The frame that completes the length waits here until the source has said
/// that it is the last: a source of another length must not become a whole
/// request.
pub(super) struct Streamed {
    /// Nobody waits for this lock. It is there because HTTP libraries ask for
    /// bodies that are `Sync`, and sources need not be.
    source: Mutex<Source>,
    /// The bytes that the source still owes.
    owed: u64,
    last: Bytes,
    broken: bool,
}

impl Streamed {
    pub(super) fn new(length: u64, source: Source) -> Self {
        Self {
            source: Mutex::new(source),
            owed: length,
            last: Bytes::new(),
            broken: false,
        }
    }

    /// The bytes still to be sent.
    pub(super) fn left(&self) -> u64 {
        self.owed + self.last.len() as u64
    }

    pub(super) const fn is_broken(&self) -> bool {
        self.broken
    }

    pub(super) fn poll_data(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BodyError>>> {
        if self.broken || self.is_drained() {
            return Poll::Ready(None);
        }
        let data = ready!(self.poll_source(context)).transpose();
        self.broken = matches!(data, Some(Err(_)));
        Poll::Ready(data)
    }

    fn is_drained(&self) -> bool {
        self.owed == 0 && self.last.is_empty()
    }

    fn poll_source(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, BodyError>> {
        loop {
            let source = self
                .source
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner);
            let Some(frame) = ready!(source.as_mut().poll_frame(context)) else {
                return Poll::Ready(match self.owed {
                    0 => Ok(Some(std::mem::take(&mut self.last))),
                    missing => Err(BodyError::TooShort { missing }),
                });
            };
            let data = frame
                .map_err(|err| BodyError::Source(err.kind()))?
                .into_data()
                .map_err(|_: Frame<Bytes>| BodyError::Trailers)?;
            if !data.has_remaining() {
                continue;
            }
            self.owed = self
                .owed
                .checked_sub(data.len() as u64)
                .ok_or(BodyError::TooLong)?;
            if self.owed > 0 {
                return Poll::Ready(Ok(Some(data)));
            }
            self.last = data;
        }
    }
}
