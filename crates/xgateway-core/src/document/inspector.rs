use std::collections::VecDeque;
use std::fmt;

use sha2::{Digest as _, Sha256};

use super::FileKind;
use crate::issue::{Bound, Issue, IssueKind, Issues, Path, Size};

/// Enough for the beginning of each kind.
const HEAD_BYTES: usize = 8;
/// How far back the end of a file is looked for.
const TAIL_BYTES: usize = 1024;

/// Where the issues of a file are.
const FILE: Path = Path::Known(&["file"]);

/// Looks at a file piece by piece, and holds a kilobyte of it.
#[derive(Clone)]
pub struct Inspector {
    bytes_max: u64,
    length: u64,
    head: Vec<u8>,
    tail: VecDeque<u8>,
    digest: Sha256,
}

/// What a file is that may be sent.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Inspected {
    kind: FileKind,
    length: u64,
    digest: [u8; 32],
}

impl Inspector {
    /// Has seen nothing of a file that may have so many bytes.
    pub fn new(bytes_max: u64) -> Self {
        Self {
            bytes_max,
            length: 0,
            head: Vec::with_capacity(HEAD_BYTES),
            tail: VecDeque::with_capacity(TAIL_BYTES),
            digest: Sha256::new(),
        }
    }

    /// The next bytes of the file.
    pub fn update(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        let head_missing = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(head_missing));
        let tail = &bytes[bytes.len().saturating_sub(TAIL_BYTES)..];
        let surplus = (self.tail.len() + tail.len()).saturating_sub(TAIL_BYTES);
        self.tail.drain(..surplus);
        self.tail.extend(tail);
        self.digest.update(bytes);
    }

    /// Whether the file is too large already, so that the rest need not be read.
    pub fn is_too_large(&self) -> bool {
        self.length > self.bytes_max
    }

    /// What the file is.
    ///
    /// # Errors
    ///
    /// [`Issues`] at `file`: it is empty, too large, neither JPEG nor PNG nor PDF, or was cut off. The last one is our
    /// own policy: the gateway would take it, and the verification fail hours later.
    pub fn finish(mut self) -> Result<Inspected, Issues> {
        if self.length == 0 {
            let kind = IssueKind::TooSmall {
                minimum: Size::Known(1),
                of: "file".into(),
                bound: Bound::Inclusive,
            };
            return Err(issue(kind, "File must contain at least 1 byte(s)"));
        }
        if self.is_too_large() {
            return Err(too_large_file(self.bytes_max));
        }
        let kind = FileKind::of(&self.head).ok_or_else(|| {
            let text = "File must be a JPEG, PNG or PDF by its content, whatever its name";
            issue(IssueKind::Custom, text)
        })?;
        if !kind.may_end_with(self.tail.make_contiguous()) {
            let text = format!("policy: the {kind} is cut off: its end is missing");
            return Err(issue(IssueKind::Custom, text));
        }
        Ok(Inspected {
            kind,
            length: self.length,
            digest: self.digest.finalize().into(),
        })
    }
}

impl Inspected {
    /// What kind of file it is.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The SHA-256 of the content. It identifies the document, so treat it as personal data.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

/// The file has more bytes than it may.
// For crates of this workspace.
#[doc(hidden)]
pub fn too_large_file(bytes_max: u64) -> Issues {
    let kind = IssueKind::TooBig {
        maximum: Size::Text(bytes_max.to_string().into()),
        of: "file".into(),
        bound: Bound::Inclusive,
    };
    issue(
        kind,
        format!("File must contain at most {bytes_max} byte(s)"),
    )
}

/// There is no such file.
// For crates of this workspace.
#[doc(hidden)]
pub fn missing_file() -> Issues {
    let kind = IssueKind::InvalidType {
        expected: "file".into(),
        received: "undefined".into(),
    };
    Issue::new(kind, FILE).into()
}

/// The file is there and cannot be read. `reason` must not hold its name or content.
// For crates of this workspace.
#[doc(hidden)]
pub fn unreadable_file(reason: impl fmt::Display) -> Issues {
    issue(IssueKind::Custom, format!("File cannot be read: {reason}"))
}

fn issue(kind: IssueKind, message: impl Into<String>) -> Issues {
    Issue::new(kind, FILE).with_message(message).into()
}

/// The length and the kind. Nothing of the content.
impl fmt::Debug for Inspected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inspected({}, {} bytes)", self.kind, self.length)
    }
}

impl fmt::Debug for Inspector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inspector({} bytes)", self.length)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn inspected(pieces: &[&[u8]]) -> Result<Inspected, Issues> {
        let mut inspector = Inspector::new(10_000);
        for piece in pieces {
            inspector.update(piece);
        }
        inspector.finish()
    }

    #[track_caller]
    fn check(pieces: &[&[u8]], want: &Expect) {
        want.assert_eq(&match inspected(pieces) {
            Ok(inspected) => format!("{inspected:?}"),
            Err(issues) => serde_json::to_string(&issues).unwrap(),
        });
    }

    #[test]
    fn each_fault_has_its_own_issue() {
        let jpeg = b"\xFF\xD8\xFF\xE0 a photograph \xFF\xD9";
        check(&[jpeg], &expect!["Inspected(JPEG, 20 bytes)"]);
        check(
            &[&jpeg[..18]],
            &expect![[
                r#"[{"code":"custom","message":"policy: the JPEG is cut off: its end is missing","path":["file"]}]"#
            ]],
        );
        check(
            &[b"MZ\x90\0 a program"],
            &expect![[
                r#"[{"code":"custom","message":"File must be a JPEG, PNG or PDF by its content, whatever its name","path":["file"]}]"#
            ]],
        );
        check(
            &[],
            &expect![[
                r#"[{"code":"too_small","minimum":1,"type":"file","inclusive":true,"exact":false,"message":"File must contain at least 1 byte(s)","path":["file"]}]"#
            ]],
        );
        let issues = serde_json::to_string(&missing_file()).unwrap();
        expect![[
            r#"[{"code":"invalid_type","expected":"file","received":"undefined","path":["file"],"message":"Required"}]"#
        ]]
        .assert_eq(&issues);
    }

    #[test]
    fn the_size_counts_to_the_byte() {
        let pdf = b"%PDF-1.7\n%%EOF";
        let sized = |bytes_max| {
            let mut inspector = Inspector::new(bytes_max);
            inspector.update(pdf);
            inspector
        };
        assert!(!sized(14).is_too_large());
        assert_eq!(sized(14).finish().unwrap().length(), 14);
        assert!(sized(13).is_too_large());
        let issues = serde_json::to_string(&sized(13).finish().unwrap_err()).unwrap();
        expect![[
            r#"[{"code":"too_big","maximum":13,"type":"file","inclusive":true,"exact":false,"message":"File must contain at most 13 byte(s)","path":["file"]}]"#
        ]]
        .assert_eq(&issues);
    }

    #[test]
    fn pieces_do_not_matter() {
        let pdf = [b"%PDF-1.7\n", vec![b'x'; 3000].as_slice(), b"\n%%EOF\n"].concat();
        let whole = inspected(&[&pdf]).unwrap();
        for size in [1, 3, 1023, 1024, 1025] {
            let pieces: Vec<_> = pdf.chunks(size).collect();
            assert_eq!(inspected(&pieces), Ok(whole));
        }
        assert_ne!(inspected(&[&pdf, b"\n"]), Ok(whole));
    }

    #[test]
    fn debug_shows_nothing_of_the_content() {
        let mut inspector = Inspector::new(10_000);
        inspector.update(b"canary");
        assert_eq!(format!("{inspector:?}"), "Inspector(6 bytes)");
    }
}
