//! What the generator cannot say of KYC.

use crate::types::{KycDocumentType, MissingDocument};

impl MissingDocument {
    /// Which document it is, whether it came as a text or as an object; `None` for a shape that nobody knows.
    ///
    /// ```
    /// use xgateway_api::types::{KycDocumentType, MissingDocument};
    ///
    /// let both: Vec<MissingDocument> = serde_json::from_str(r#"["SELFIE", {"docType": "SELFIE"}]"#)?;
    /// for document in &both {
    ///     assert_eq!(document.document_type(), Some(&KycDocumentType::Selfie));
    /// }
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn document_type(&self) -> Option<&KycDocumentType> {
        match self {
            Self::KycDocumentType(kind) => Some(kind),
            Self::MissingDocumentObject(object) => Some(&object.doc_type),
            Self::Unknown(_) => None,
        }
    }
}
