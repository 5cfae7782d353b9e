use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use async_trait::async_trait;
use xgateway_api::json::Ruled as _;
use xgateway_api::types::{
    CorrectProfile, CorrectProfileRequest, CreateApplicant, CreateApplicantRequest, CreateProfile,
    CreateProfileRequest,
};
use xgateway_client::document::DocumentFile;
use xgateway_core::document::Page;
use xgateway_core::id::CustomerId;
use xgateway_core::issue::{Issue, Issues, Path, Segment};

/// What a customer has handed in: personal data, which lives only here and never in a snapshot.
///
/// Whoever resumes an onboarding gives what is still to be sent once more; what was sent already is not asked for.
pub struct Dossier {
    pub(super) customer_id: CustomerId,
    pub(super) profile: Option<CreateProfile>,
    pub(super) applicant: Option<CreateApplicant>,
    pub(super) correction: Option<CorrectProfile>,
    pub(super) files: Box<dyn Files>,
}

/// Where the documents of one customer are.
#[async_trait]
pub trait Files: Send + Sync {
    /// Opens the file of one side, from its start; `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`Issues`] if it is there and cannot be sent.
    async fn open(&self, page: Page) -> Result<Option<DocumentFile>, Issues>;
}

/// Files of this machine.
#[async_trait]
impl Files for BTreeMap<Page, PathBuf> {
    async fn open(&self, page: Page) -> Result<Option<DocumentFile>, Issues> {
        match self.get(&page) {
            Some(path) => DocumentFile::open(path).await.map(Some),
            None => Ok(None),
        }
    }
}

impl Dossier {
    /// Nothing but whose it is.
    pub fn new(customer_id: CustomerId) -> Self {
        Self {
            customer_id,
            profile: None,
            applicant: None,
            correction: None,
            files: Box::new(BTreeMap::new()),
        }
    }

    /// With the data of the profile.
    #[must_use]
    pub fn profile(mut self, body: CreateProfileRequest) -> Self {
        let customer_id = self.customer_id.as_str().to_owned();
        self.profile = Some(CreateProfile { customer_id, body });
        self
    }

    /// With the data of the applicant.
    #[must_use]
    pub fn applicant(mut self, body: CreateApplicantRequest) -> Self {
        let customer_id = self.customer_id.as_str().to_owned();
        self.applicant = Some(CreateApplicant { customer_id, body });
        self
    }

    /// With text items that correct earlier ones.
    #[must_use]
    pub fn correction(mut self, body: CorrectProfileRequest) -> Self {
        let customer_id = self.customer_id.as_str().to_owned();
        self.correction = Some(CorrectProfile { customer_id, body });
        self
    }

    /// With documents.
    #[must_use]
    pub fn files(mut self, files: impl Files + 'static) -> Self {
        self.files = Box::new(files);
        self
    }

    /// Whose it is.
    pub fn customer_id(&self) -> &CustomerId {
        &self.customer_id
    }

    /// Looks through all of it, and at the files of `pages` from end to end. Nothing is sent.
    ///
    /// # Errors
    ///
    /// All [`Issues`] at once, below `profile`, `applicant`, `correction` and `documents`.
    pub async fn check(&self, pages: &[Page]) -> Result<(), Issues> {
        let mut found = Vec::new();
        let texts = [
            (
                "profile",
                self.profile.as_ref().map(|it| it.body.check_rules()),
            ),
            (
                "applicant",
                self.applicant.as_ref().map(|it| it.body.check_rules()),
            ),
            (
                "correction",
                self.correction.as_ref().map(|it| it.body.check_rules()),
            ),
        ];
        for (part, result) in texts {
            if let Some(Err(issues)) = result {
                found.extend(issues.into_vec().into_iter().map(|it| below(&[part], it)));
            }
        }
        for page in pages {
            let issues = match self.files.open(*page).await {
                Ok(Some(_)) => continue,
                Ok(None) => xgateway_core::document::missing_file(),
                Err(issues) => issues,
            };
            let path = ["documents", page.as_str()];
            let at_page = |issue: Issue| issue.at(path_of(path.iter().copied()));
            found.extend(issues.into_vec().into_iter().map(at_page));
        }
        Issues::new(found).map_or(Ok(()), Err)
    }
}

fn path_of<'a>(keys: impl Iterator<Item = &'a str>) -> Path {
    Path::Told(keys.map(|key| Segment::Key(key.into())).collect())
}

/// The same issue, with its path below `keys`.
fn below(keys: &[&str], issue: Issue) -> Issue {
    let mut segments: Vec<_> = keys.iter().map(|&key| Segment::Key(key.into())).collect();
    segments.extend(issue.path().segments());
    issue.at(Path::Told(segments.into()))
}

/// Whether there is anything, and nothing of it.
impl fmt::Debug for Dossier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dossier")
            .field("profile", &self.profile.is_some())
            .field("applicant", &self.applicant.is_some())
            .field("correction", &self.correction.is_some())
            .finish_non_exhaustive()
    }
}
