//! Forms with one file, as `multipart/form-data`: what stands before the file and after it. The file itself is sent as
//! it is read, so it is no part of this.

use std::fmt::Write as _;

use bytes::Bytes;
use http::HeaderValue;

use crate::call::Upload;

/// What stands around the file of a form.
///
/// ```
/// use xgateway_api::multipart::{FilePart, Multipart};
/// use xgateway_api::types::{KycDocumentType, UploadDocument};
///
/// let upload = UploadDocument {
///     customer_id: "customer-1".to_owned(),
///     document_type: KycDocumentType::Passport,
///     document_sub_type: None,
/// };
/// let file = FilePart { name: "passport.pdf", media_type: "application/pdf" };
/// let form = Multipart::new(&upload, &file, [0xAB; 32]);
/// assert_eq!(
///     form.head,
///     "--xgateway-abababababababababababababababababababababababab\r\n\
///      content-disposition: form-data; name=\"documentType\"\r\n\r\n\
///      PASSPORT\r\n\
///      --xgateway-abababababababababababababababababababababababab\r\n\
///      content-disposition: form-data; name=\"file\"; filename=\"passport.pdf\"\r\n\
///      content-type: application/pdf\r\n\r\n"
/// );
/// assert_eq!(form.tail, "\r\n--xgateway-abababababababababababababababababababababababab--\r\n");
/// ```
#[derive(Debug)]
pub struct Multipart {
    /// What stands before the file.
    pub head: Bytes,
    /// What stands after it.
    pub tail: Bytes,
    /// The value of the header `content-type`, which names the boundary.
    pub content_type: HeaderValue,
}

/// What a form says about its file. Both texts are ours, never the customer's.
#[derive(Clone, Copy, Debug)]
pub struct FilePart<'a> {
    /// A name for the file: `passport.pdf`.
    pub name: &'a str,
    /// Its media type.
    pub media_type: &'a str,
}

impl Multipart {
    /// Writes what stands around a file whose content has this SHA-256.
    ///
    /// The boundary is made of that hash. A file would have to hold part of its own hash to hold the boundary, and
    /// nobody can make such a file.
    pub fn new<U: Upload + ?Sized>(upload: &U, file: &FilePart<'_>, digest: [u8; 32]) -> Self {
        const DIGEST_BYTES: usize = 24; // A boundary has at most 70 characters.
        let hex = |byte: &u8| format!("{byte:02x}");
        let hash: String = digest.iter().take(DIGEST_BYTES).map(hex).collect();
        let boundary = format!("xgateway-{hash}");
        let mut head = String::new();
        for (name, text) in upload.texts() {
            let _ = write!(
                head,
                "--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"
            );
        }
        let form = U::OPERATION.form.as_ref();
        let field = form.map_or("file", |form| form.file);
        let FilePart { name, media_type } = file;
        let _ = write!(
            head,
            "--{boundary}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             content-type: {media_type}\r\n\r\n"
        );
        let content_type = format!("multipart/form-data; boundary={boundary}");
        Self {
            head: head.into(),
            tail: format!("\r\n--{boundary}--\r\n").into(),
            content_type: HeaderValue::try_from(content_type)
                .expect("letters, digits and a dash can be in a header"),
        }
    }
}
