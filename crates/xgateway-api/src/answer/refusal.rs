use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use xgateway_core::issue::Issues;
use xgateway_core::secret::{PersonalText, scrub};

use super::{issues, keep};
use crate::types::AppErrorCode;

/// What the gateway says when it refuses.
///
/// Neither `Display` nor `Debug` prints the gateway's own words, which may repeat what was sent: its known codes tell
/// enough for a log. [`errors`](Self::errors) and [`issues`](Self::issues) have the rest.
#[derive(Clone, Eq, PartialEq)]
pub struct Refusal {
    status: u16,
    errors: Vec<RefusalError>,
    issues: Option<Issues>,
    body: PersonalText,
}

/// One reason of a [`Refusal`].
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
pub struct RefusalError {
    /// The gateway's code.
    pub code: AppErrorCode,
    /// The gateway's words, scrubbed.
    pub message: String,
}

impl Refusal {
    /// Reads a refusal. Whatever the body holds, something comes of it.
    pub fn decode(status: u16, body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Envelope<'a> {
            #[serde(borrow)]
            errors: Vec<&'a RawValue>,
        }

        let errors =
            serde_json::from_slice::<Envelope<'_>>(body).map_or(Vec::new(), |it| it.errors);
        // Zod's issues have a path, the gateway's own errors have none.
        let issues = issues::decode(&errors);
        let reasons = if issues.is_some() {
            Vec::new()
        } else {
            errors
                .iter()
                .filter_map(|raw| serde_json::from_str::<RefusalError>(raw.get()).ok())
                .map(|error| RefusalError {
                    message: scrub(&error.message).into_owned(),
                    code: AppErrorCode::from(&*scrub(error.code.as_str())),
                })
                .collect()
        };
        Self {
            status,
            errors: reasons,
            issues,
            body: keep(body),
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The gateway's own errors; empty if it found issues instead, or said nothing that can be read.
    pub fn errors(&self) -> &[RefusalError] {
        &self.errors
    }

    /// The issues that the gateway found in the request.
    pub fn issues(&self) -> Option<&Issues> {
        self.issues.as_ref()
    }

    /// The body, scrubbed of what could be a card number and cut after
    /// [`KEPT_CHARS_MAX`](super::KEPT_CHARS_MAX) characters. It may hold personal data.
    pub fn body(&self) -> &str {
        self.body.expose()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the gateway refused with status {}", self.status)?;
        if let Some(issues) = &self.issues {
            return write!(f, ": {} issue(s)", issues.iter().len());
        }
        for (index, error) in self.errors.iter().enumerate() {
            let separator = if index == 0 { ": " } else { ", " };
            // A code that nobody knows is as good as free text.
            let code = if error.code.is_known() {
                error.code.as_str()
            } else {
                "unknown code"
            };
            write!(f, "{separator}{code}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({self})")
    }
}

impl fmt::Debug for RefusalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefusalError(**)")
    }
}
