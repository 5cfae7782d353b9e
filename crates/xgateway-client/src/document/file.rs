use std::fmt;
use std::io::{self, SeekFrom};
use std::path::Path;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncSeek, AsyncSeekExt as _};
use xgateway_api::call::Upload as _;
use xgateway_api::types::UploadDocument;
use xgateway_core::document::{FileKind, Inspected, Inspector, too_large_file, unreadable_file};
use xgateway_core::issue::Issues;
use zeroize::Zeroizing;

use super::PIECE_BYTES;

/// What can be read from its start, twice.
pub(crate) trait Reader: AsyncRead + AsyncSeek + Send + Unpin {}

impl<R: AsyncRead + AsyncSeek + Send + Unpin> Reader for R {}

/// A file that was read once and may be sent. See the [module](super).
pub struct DocumentFile {
    reader: Box<dyn Reader>,
    inspected: Inspected,
}

impl DocumentFile {
    /// Opens a file of this machine and looks at it.
    ///
    /// # Errors
    ///
    /// [`Issues`] at `file`: it is not there or cannot be read, it is empty or too large, it is neither JPEG nor PNG
    /// nor PDF, or it is cut off. None repeats the path, which may hold a name.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, Issues> {
        let path = path.as_ref();
        // First, since opening something else, such as a pipe, may wait for ever.
        let metadata = tokio::fs::metadata(path)
            .await
            .map_err(|err| refused(&err))?;
        if !metadata.is_file() {
            return Err(unreadable_file("it is no regular file"));
        }
        if metadata.len() > bytes_max() {
            return Err(too_large_file(bytes_max()));
        }
        let file = tokio::fs::File::open(path)
            .await
            .map_err(|err| refused(&err))?;
        Self::from_reader(file).await
    }

    /// Looks at what `reader` holds, from its start.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn from_reader(
        mut reader: impl AsyncRead + AsyncSeek + Send + Unpin + 'static,
    ) -> Result<Self, Issues> {
        let inspected = inspect(&mut reader).await?;
        Ok(Self {
            reader: Box::new(reader),
            inspected,
        })
    }

    /// What it is by its content.
    pub fn kind(&self) -> FileKind {
        self.inspected.kind()
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.inspected.length()
    }

    /// The SHA-256 of the content.
    pub(crate) fn digest(&self) -> &[u8; 32] {
        self.inspected.digest()
    }

    pub(crate) fn into_parts(self) -> (Box<dyn Reader>, Inspected) {
        (self.reader, self.inspected)
    }
}

async fn inspect(reader: &mut dyn Reader) -> Result<Inspected, Issues> {
    let mut inspector = Inspector::new(bytes_max());
    let mut piece = Zeroizing::new(vec![0; PIECE_BYTES]);
    reader
        .seek(SeekFrom::Start(0))
        .await
        .map_err(|err| refused(&err))?;
    while !inspector.is_too_large() {
        let count = reader.read(&mut piece).await.map_err(|err| refused(&err))?;
        if count == 0 {
            break;
        }
        inspector.update(&piece[..count]);
    }
    let inspected = inspector.finish()?;
    reader
        .seek(SeekFrom::Start(0))
        .await
        .map_err(|err| refused(&err))?;
    Ok(inspected)
}

/// The most bytes of a file that the gateway takes.
fn bytes_max() -> u64 {
    let form = UploadDocument::OPERATION.form.as_ref();
    form.map_or(0, |form| form.file_bytes_max)
}

/// The system's own error may name the path; its kind does not.
fn refused(err: &io::Error) -> Issues {
    if err.kind() == io::ErrorKind::NotFound {
        unreadable_file("there is no such file")
    } else {
        unreadable_file(err.kind())
    }
}

impl fmt::Debug for DocumentFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, length) = (self.kind(), self.length());
        write!(f, "DocumentFile({kind}, {length} bytes)")
    }
}
