use std::io::{Cursor, Write as _};
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use expect_test::{Expect, expect};
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use xgateway_client::document::DocumentFile;
use xgateway_client::{Effect, Error};
use xgateway_core::document::Page;
use xgateway_transport::TransportErrorKind;
use xgateway_transport::test_util::ScriptedTransport;

use crate::wire::client;
use crate::{customer, pdf};

async fn check(path: &Path, want: &Expect) {
    let issues = DocumentFile::open(path).await.unwrap_err();
    assert_eq!(issues.iter().count(), 1);
    want.assert_eq(&issues.to_string());
}

#[tokio::test]
async fn each_file_that_cannot_be_sent_has_an_issue_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    check(
        &folder.path().join("missing-canary.pdf"),
        &expect!["file: File cannot be read: there is no such file"],
    )
    .await;
    check(
        folder.path(),
        &expect!["file: File cannot be read: it is no regular file"],
    )
    .await;
    check(
        &path("renamed.jpg", b"MZ\x90\0\x03 a program"),
        &expect!["file: File must be a JPEG, PNG or PDF by its content, whatever its name"],
    )
    .await;
    check(
        &path("truncated.jpg", b"\xFF\xD8\xFF\xE0 half a photograph"),
        &expect!["file: policy: the JPEG is cut off: its end is missing"],
    )
    .await;
    check(
        &path("empty.pdf", b""),
        &expect!["file: File must contain at least 1 byte(s)"],
    )
    .await;

    // 51 MB, of which the disk holds nothing.
    let large = folder.path().join("large.pdf");
    let mut file = std::fs::File::create(&large).unwrap();
    file.write_all(b"%PDF-1.7").unwrap();
    file.set_len(51_000_000).unwrap();
    check(
        &large,
        &expect!["file: File must contain at most 49999999 byte(s)"],
    )
    .await;
}

#[tokio::test]
async fn a_reader_of_any_kind_is_checked_as_well() {
    let large = Cursor::new(pdf(51_000_000));
    let issues = DocumentFile::from_reader(large).await.unwrap_err();
    expect!["file: File must contain at most 49999999 byte(s)"].assert_eq(&issues.to_string());
}

/// Another file from the second reading on.
#[derive(Debug)]
struct Changing {
    content: Cursor<Vec<u8>>,
    then: Vec<u8>,
    starts: usize,
}

impl AsyncRead for Changing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.content).poll_read(context, buffer)
    }
}

impl AsyncSeek for Changing {
    fn start_seek(mut self: Pin<&mut Self>, position: std::io::SeekFrom) -> std::io::Result<()> {
        self.starts += 1;
        if self.starts == 2 {
            self.content = Cursor::new(self.then.clone());
        }
        Pin::new(&mut self.content).start_seek(position)
    }

    fn poll_complete(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<u64>> {
        Pin::new(&mut self.content).poll_complete(context)
    }
}

#[tokio::test]
async fn a_file_that_changed_since_it_was_looked_at_is_not_sent() {
    let mut other = pdf(200_000);
    other[100_000] = b'y';
    for then in [other, pdf(199_999), pdf(200_001), Vec::new()] {
        let reader = Changing {
            content: Cursor::new(pdf(200_000)),
            then,
            starts: 0,
        };
        let file = DocumentFile::from_reader(reader).await.unwrap();
        let gateway = ScriptedTransport::new([]);
        let error = client(gateway.clone())
            .upload_document(&customer(), Page::Selfie, file, |_| ())
            .await
            .unwrap_err();
        let Error::Transport(exchange) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(exchange.transport().kind(), TransportErrorKind::Body);
        assert_eq!(error.effect(), Effect::Nothing);
        gateway.finish().unwrap();
    }
}
