use std::fmt;

/// What a file is, by its content. Its name says nothing.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum FileKind {
    /// A photograph.
    Jpeg,
    /// A picture.
    Png,
    /// A document.
    Pdf,
}

/// The mark at the end of a JPEG.
const JPEG_END: &[u8] = &[0xFF, 0xD9];
/// The last chunk of a PNG, which is always the same.
const PNG_END: &[u8] = b"\0\0\0\0IEND\xAE\x42\x60\x82";
/// The mark at the end of a PDF. Readers look for it in the last kilobyte.
const PDF_END: &[u8] = b"%%EOF";

impl FileKind {
    /// The kind of a file that begins so, if it is one of the three.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let starts: [(&[u8], Self); 3] = [
            (&[0xFF, 0xD8, 0xFF], Self::Jpeg),
            (b"\x89PNG\r\n\x1A\n", Self::Png),
            (b"%PDF-", Self::Pdf),
        ];
        starts
            .into_iter()
            .find(|(start, _)| head.starts_with(start))
            .map(|(_, kind)| kind)
    }

    /// Whether a file of this kind may end so.
    ///
    /// Cameras and printers append a little after the end, so the mark need not be the last thing.
    pub(super) fn may_end_with(self, tail: &[u8]) -> bool {
        match self {
            Self::Jpeg => after_last(tail, JPEG_END).is_some_and(|rest| !has_jpeg_marker(rest)),
            Self::Png => after_last(tail, PNG_END).is_some(),
            Self::Pdf => after_last(tail, PDF_END).is_some(),
        }
    }

    /// The media type: `image/jpeg`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }

    /// How the names of such files end, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Pdf => "PDF",
        })
    }
}

/// What comes after the last place of `mark`.
fn after_last<'a>(tail: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let at = tail.windows(mark.len()).rposition(|it| it == mark)?;
    tail.get(at + mark.len()..)
}

/// Whether the picture goes on: the end before it was that of a preview inside.
fn has_jpeg_marker(bytes: &[u8]) -> bool {
    bytes
        .windows(2)
        .any(|pair| matches!(pair, [0xFF, 0xC0..=0xFE]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_says_the_kind() {
        assert_eq!(
            FileKind::of(b"\xFF\xD8\xFF\xE0..JFIF"),
            Some(FileKind::Jpeg)
        );
        assert_eq!(FileKind::of(b"\x89PNG\r\n\x1A\n\0"), Some(FileKind::Png));
        assert_eq!(FileKind::of(b"%PDF-1.4"), Some(FileKind::Pdf));
        for other in [
            &b"MZ\x90\0"[..],
            b"",
            b"%PDF",
            b"\xFF\xD8",
            b"GIF89a",
            b" %PDF-1.4",
        ] {
            assert_eq!(FileKind::of(other), None, "{other:?}");
        }
    }

    #[test]
    fn the_end_must_be_there() {
        let jpeg = |tail: &[u8]| FileKind::Jpeg.may_end_with(tail);
        assert!(jpeg(b"..\xFF\xD9"));
        assert!(jpeg(b"..\xFF\xD9\0\0padding"));
        assert!(!jpeg(b"..\xFF"));
        assert!(!jpeg(b""));
        // A preview has ended, and the picture has begun.
        assert!(!jpeg(b"..\xFF\xD9\xFF\xDB\0\x43..."));

        let png = |tail: &[u8]| FileKind::Png.may_end_with(tail);
        assert!(png(b"..\0\0\0\0IEND\xAE\x42\x60\x82"));
        assert!(!png(b"..\0\0\0\0IEND\xAE\x42\x60"));

        let pdf = |tail: &[u8]| FileKind::Pdf.may_end_with(tail);
        assert!(pdf(b"startxref\n1234\n%%EOF\n"));
        assert!(!pdf(b"startxref\n1234\n%%EO"));
    }
}
