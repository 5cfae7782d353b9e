use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use xgateway::api::json::{self, ReadError, Ruled};
use xgateway::api::types::{CorrectProfileRequest, CreateApplicantRequest, CreateProfileRequest};
use xgateway::core::document::{Document, Page};
use xgateway::core::id::CustomerId;
use xgateway::core::issue::{Issue, IssueKind, Issues, Path, Segment};
use xgateway::core::secret::PersonalText;
use xgateway::flows::onboarding::Dossier;

use crate::arguments::{DocumentArguments, GoOnArguments};
use crate::commands::input::{self, Whole};
use crate::failure::Failure;

/// Far more than any customer's data.
const BYTES_MAX: usize = 1 << 20;

/// What was given on the command line.
pub(super) struct Input {
    profile: Option<CreateProfileRequest>,
    applicant: Option<CreateApplicantRequest>,
    pub(super) correction: Option<CorrectProfileRequest>,
    pub(super) documents: Vec<Document<PathBuf>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data<'a> {
    #[serde(borrow)]
    profile: Option<&'a RawValue>,
    #[serde(borrow)]
    applicant: Option<&'a RawValue>,
    #[serde(borrow)]
    correction: Option<&'a RawValue>,
}

impl Input {
    pub(super) fn read(arguments: &GoOnArguments) -> Result<Self, Failure> {
        let documents = documents(&arguments.documents);
        let Some(path) = &arguments.data else {
            return Ok(Self {
                profile: None,
                applicant: None,
                correction: None,
                documents,
            });
        };
        let text = match input::read(path, BYTES_MAX)? {
            Whole::Text(text) => text,
            Whole::NotText => return Err(Failure::Malformed { line: 1, column: 1 }),
            Whole::TooLarge => return Err(Failure::TooLarge),
            Whole::Utf16 => return Err(Failure::Marked),
        };
        let data: Data<'_> = serde_json::from_str(text.expose()).map_err(|error| {
            if error.is_data() {
                // Its own words would repeat the value.
                return Failure::usage(
                    "the data is no object of `profile`, `applicant` and `correction`",
                    "see docs/guides/onboarding.md for an example",
                );
            }
            Failure::Malformed {
                line: error.line(),
                column: error.column(),
            }
        })?;
        let mut issues = Vec::new();
        let input = Self {
            profile: part("profile", data.profile, &mut issues)?,
            applicant: part("applicant", data.applicant, &mut issues)?,
            correction: part("correction", data.correction, &mut issues)?,
            documents,
        };
        Issues::new(issues).map_or(Ok(input), |issues| Err(Failure::Invalid(issues)))
    }

    /// What an onboarding begins with must be there at its beginning.
    pub(super) fn must_be_whole(&self) -> Result<(), Failure> {
        let mut issues = Vec::new();
        for (name, is_there) in [
            ("profile", self.profile.is_some()),
            ("applicant", self.applicant.is_some()),
        ] {
            if !is_there {
                let path = Path::Told([Segment::Key(name.into())].into());
                let kind = IssueKind::InvalidType {
                    expected: "object".into(),
                    received: "undefined".into(),
                };
                issues.push(Issue::new(kind, path));
            }
        }
        Issues::new(issues).map_or(Ok(()), |issues| Err(Failure::Invalid(issues)))
    }

    /// The sides of all documents that were given.
    pub(super) fn pages(&self) -> Vec<Page> {
        self.documents.iter().flat_map(Document::pages).collect()
    }

    /// What the gateway's words must not repeat.
    pub(super) fn personal(&self) -> Vec<PersonalText> {
        let profile = self.profile.iter();
        let profile = profile.flat_map(|it| [&it.email, &it.first_name, &it.last_name]);
        let applicant = self.applicant.iter().flat_map(|it| {
            let texts = [&it.address1, &it.post_code, &it.city, &it.date_of_birth];
            texts.into_iter().chain(&it.address2)
        });
        let correction = self.correction.iter();
        let address = correction.clone().flat_map(|it| &it.address);
        let address = address.flat_map(|it| {
            [
                &it.city,
                &it.post_code,
                &it.address_line1,
                &it.address_line2,
            ]
        });
        let correction =
            correction.flat_map(|it| [&it.first_name, &it.last_name, &it.email, &it.date_of_birth]);
        let told = profile.chain(correction).chain(address).flatten();
        told.chain(applicant).cloned().collect()
    }

    pub(super) fn dossier(self, customer_id: CustomerId) -> Dossier {
        let pages = self.documents.into_iter().flat_map(Document::into_pages);
        let files: BTreeMap<_, _> = pages.collect();
        let mut dossier = Dossier::new(customer_id).files(files);
        if let Some(profile) = self.profile {
            dossier = dossier.profile(profile);
        }
        if let Some(applicant) = self.applicant {
            dossier = dossier.applicant(applicant);
        }
        if let Some(correction) = self.correction {
            dossier = dossier.correction(correction);
        }
        dossier
    }
}

/// One part of the data, with the places of its issues below its name.
fn part<T: Ruled + DeserializeOwned>(
    name: &str,
    text: Option<&RawValue>,
    found: &mut Vec<Issue>,
) -> Result<Option<T>, Failure> {
    let Some(text) = text else {
        return Ok(None);
    };
    match json::read(text.get().as_bytes()) {
        Ok(part) => Ok(Some(part)),
        Err(ReadError::Invalid(issues)) => {
            found.extend(issues.into_vec().into_iter().map(|issue| {
                let mut segments = vec![Segment::Key(name.into())];
                segments.extend(issue.path().segments());
                issue.at(Path::Told(segments.into()))
            }));
            Ok(None)
        }
        Err(ReadError::Malformed { line, column }) => Err(Failure::Malformed { line, column }),
        // What else there may be is no JSON of ours either.
        Err(_) => Err(Failure::Malformed { line: 1, column: 1 }),
    }
}

fn documents(arguments: &DocumentArguments) -> Vec<Document<PathBuf>> {
    let one =
        |path: &Option<PathBuf>, kind: fn(PathBuf) -> Document<PathBuf>| path.clone().map(kind);
    let licence = |front: PathBuf, back| Document::DrivingLicence { front, back };
    let card = |front: PathBuf, back| Document::IdCard { front, back };
    [
        one(&arguments.passport, Document::Passport),
        two(&arguments.driving_licence, licence),
        two(&arguments.id_card, card),
        permit(&arguments.residence_permit),
        one(&arguments.selfie, Document::Selfie),
        one(&arguments.utility_bill, Document::UtilityBill),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn two(
    paths: &[PathBuf],
    kind: impl FnOnce(PathBuf, PathBuf) -> Document<PathBuf>,
) -> Option<Document<PathBuf>> {
    let [front, back] = paths else {
        return None;
    };
    Some(kind(front.clone(), back.clone()))
}

fn permit(paths: &[PathBuf]) -> Option<Document<PathBuf>> {
    let (front, rest) = paths.split_first()?;
    Some(Document::ResidencePermit {
        front: front.clone(),
        back: rest.first().cloned(),
    })
}
