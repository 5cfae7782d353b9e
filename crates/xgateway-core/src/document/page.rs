use std::fmt;

use crate::issue::{Issue, IssueKind, Issues, Path};

/// A document of a customer, with a file for each of its sides.
///
/// The kinds and their sides are those of protocol §5.3.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Document<F> {
    /// The page of a passport with the photograph.
    Passport(F),
    /// A driving licence, which has two sides.
    DrivingLicence {
        /// The side with the photograph.
        front: F,
        /// The other side.
        back: F,
    },
    /// An identity card, which has two sides.
    IdCard {
        /// The side with the photograph.
        front: F,
        /// The other side.
        back: F,
    },
    /// A residence permit, on paper with one side, as a card with two.
    ResidencePermit {
        /// The side with the photograph.
        front: F,
        /// The other side, if it has one.
        back: Option<F>,
    },
    /// A photograph of the customer's face.
    Selfie(F),
    /// A proof of address, not older than three months: a utility bill, a statement of a bank, a letter of an authority.
    UtilityBill(F),
}

/// One side of a [`Document`]: what is uploaded at once.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Page {
    /// The one side of a passport.
    Passport,
    /// The front of a driving licence.
    DrivingLicenceFront,
    /// The back of a driving licence.
    DrivingLicenceBack,
    /// The front of an identity card.
    IdCardFront,
    /// The back of an identity card.
    IdCardBack,
    /// A residence permit with one side.
    ResidencePermit,
    /// The front of a residence permit with two sides.
    ResidencePermitFront,
    /// The back of a residence permit with two sides.
    ResidencePermitBack,
    /// The photograph of the face.
    Selfie,
    /// The proof of address.
    UtilityBill,
}

impl<F> Document<F> {
    /// The sides with their files, front first.
    pub fn into_pages(self) -> impl Iterator<Item = (Page, F)> {
        let (first, second) = match self {
            Self::Passport(file) => ((Page::Passport, file), None),
            Self::DrivingLicence { front, back } => (
                (Page::DrivingLicenceFront, front),
                Some((Page::DrivingLicenceBack, back)),
            ),
            Self::IdCard { front, back } => {
                ((Page::IdCardFront, front), Some((Page::IdCardBack, back)))
            }
            Self::ResidencePermit { front, back: None } => ((Page::ResidencePermit, front), None),
            Self::ResidencePermit {
                front,
                back: Some(back),
            } => (
                (Page::ResidencePermitFront, front),
                Some((Page::ResidencePermitBack, back)),
            ),
            Self::Selfie(file) => ((Page::Selfie, file), None),
            Self::UtilityBill(file) => ((Page::UtilityBill, file), None),
        };
        std::iter::once(first).chain(second)
    }

    /// The sides, front first.
    pub fn pages(&self) -> impl Iterator<Item = Page> {
        self.as_ref().into_pages().map(|(page, _)| page)
    }

    /// The same document with references to its files.
    pub fn as_ref(&self) -> Document<&F> {
        match self {
            Self::Passport(file) => Document::Passport(file),
            Self::DrivingLicence { front, back } => Document::DrivingLicence { front, back },
            Self::IdCard { front, back } => Document::IdCard { front, back },
            Self::ResidencePermit { front, back } => Document::ResidencePermit {
                front,
                back: back.as_ref(),
            },
            Self::Selfie(file) => Document::Selfie(file),
            Self::UtilityBill(file) => Document::UtilityBill(file),
        }
    }

    /// Whether it says who somebody is, as opposed to how they look or where they live.
    pub fn proves_identity(&self) -> bool {
        match self {
            Self::Passport(_)
            | Self::DrivingLicence { .. }
            | Self::IdCard { .. }
            | Self::ResidencePermit { .. } => true,
            Self::Selfie(_) | Self::UtilityBill(_) => false,
        }
    }
}

impl Page {
    /// Every page that there is.
    pub const ALL: [Self; 10] = [
        Self::Passport,
        Self::DrivingLicenceFront,
        Self::DrivingLicenceBack,
        Self::IdCardFront,
        Self::IdCardBack,
        Self::ResidencePermit,
        Self::ResidencePermitFront,
        Self::ResidencePermitBack,
        Self::Selfie,
        Self::UtilityBill,
    ];

    /// A name for snapshots, logs and people: `driving-licence-front`. Not the gateway's.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::DrivingLicenceFront => "driving-licence-front",
            Self::DrivingLicenceBack => "driving-licence-back",
            Self::IdCardFront => "id-card-front",
            Self::IdCardBack => "id-card-back",
            Self::ResidencePermit => "residence-permit",
            Self::ResidencePermitFront => "residence-permit-front",
            Self::ResidencePermitBack => "residence-permit-back",
            Self::Selfie => "selfie",
            Self::UtilityBill => "utility-bill",
        }
    }

    /// The page of this [name](Self::as_str).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.as_str() == name)
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a set of documents lacks of the least that the gateway verifies, or has twice: one that proves the identity,
/// a selfie, and a proof of address (protocol §5.3).
///
/// # Errors
///
/// [`Issues`] at `documents`, one for each thing.
///
/// ```
/// use xgateway_core::document::{Document, missing_documents};
///
/// let documents = [Document::Passport(()), Document::Selfie(())];
/// let issues = missing_documents(&documents).unwrap_err();
/// assert_eq!(issues.to_string(), "documents: A proof of address is missing");
/// ```
pub fn missing_documents<F>(documents: &[Document<F>]) -> Result<(), Issues> {
    let count = |wanted: fn(&Document<F>) -> bool| documents.iter().filter(|it| wanted(it)).count();
    let identity = count(Document::proves_identity);
    let selfie = count(|it| matches!(it, Document::Selfie(_)));
    let address = count(|it| matches!(it, Document::UtilityBill(_)));
    let mut issues = Vec::new();
    for (count, what) in [
        (identity, "document that proves the identity"),
        (selfie, "selfie"),
        (address, "proof of address"),
    ] {
        let text = match count {
            0 => format!("A {what} is missing"),
            1 => continue,
            _ => format!("There is more than one {what}"),
        };
        issues.push(Issue::new(IssueKind::Custom, Path::Known(&["documents"])).with_message(text));
    }
    Issues::new(issues).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_a_name_of_its_own() {
        for page in Page::ALL {
            assert_eq!(Page::from_name(page.as_str()), Some(page));
        }
        assert_eq!(Page::from_name("PASSPORT"), None);
    }

    #[test]
    fn each_kind_has_as_many_sides_as_files() {
        let permit = |back| Document::ResidencePermit { front: 1, back };
        for (document, want) in [
            (Document::Passport(1), &[Page::Passport][..]),
            (
                Document::DrivingLicence { front: 1, back: 2 },
                &[Page::DrivingLicenceFront, Page::DrivingLicenceBack],
            ),
            (
                Document::IdCard { front: 1, back: 2 },
                &[Page::IdCardFront, Page::IdCardBack],
            ),
            (permit(None), &[Page::ResidencePermit]),
            (
                permit(Some(2)),
                &[Page::ResidencePermitFront, Page::ResidencePermitBack],
            ),
            (Document::Selfie(1), &[Page::Selfie]),
            (Document::UtilityBill(1), &[Page::UtilityBill]),
        ] {
            assert_eq!(document.pages().collect::<Vec<_>>(), want);
            let files: Vec<_> = document.into_pages().map(|(_, file)| file).collect();
            assert_eq!(files, (1..=want.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_set_has_one_of_each_purpose() {
        let licence = Document::DrivingLicence {
            front: (),
            back: (),
        };
        let (selfie, bill) = (Document::Selfie(()), Document::UtilityBill(()));
        missing_documents(&[licence, selfie, bill]).unwrap();
        let issues =
            |documents: &[Document<()>]| missing_documents(documents).unwrap_err().to_string();
        assert_eq!(
            issues(&[]),
            "documents: A document that proves the identity is missing; documents: A selfie is missing; \
             documents: A proof of address is missing"
        );
        assert_eq!(
            issues(&[licence, Document::Passport(()), selfie, bill]),
            "documents: There is more than one document that proves the identity"
        );
    }
}
