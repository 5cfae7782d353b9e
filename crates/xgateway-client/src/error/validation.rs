use std::fmt;

use http::StatusCode;
use xgateway_api::operation::Operation;
use xgateway_core::issue::{Issue, Issues, Path, Segment};
use xgateway_core::rules::{Kind, Schema};

use super::codes::{Code, list};
use crate::Attempts;
use crate::hidden::Hidden;

/// The request breaks rules.
#[derive(Clone, Debug)]
pub struct ValidationError {
    operation: &'static Operation,
    issues: Hidden<Issues>,
    status: Option<StatusCode>,
    pub(super) attempts: Attempts,
}

impl ValidationError {
    pub(crate) fn local(operation: &'static Operation, issues: Issues) -> Self {
        Self {
            operation,
            issues: Hidden(issues),
            status: None,
            attempts: Attempts::NONE,
        }
    }

    /// The gateway's verdict.
    pub(super) fn remote(
        operation: &'static Operation,
        status: StatusCode,
        issues: Issues,
    ) -> Self {
        Self {
            operation,
            issues: Hidden(issues),
            status: Some(status),
            attempts: Attempts::NONE,
        }
    }

    /// The operation that was not carried out.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// All that is wrong.
    pub fn issues(&self) -> &Issues {
        &self.issues
    }

    /// Whether the gateway found it; otherwise nothing was sent.
    pub fn is_remote(&self) -> bool {
        self.status.is_some()
    }

    /// The HTTP status, if the gateway found it.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not valid: ", self.operation.name)?;
        list(
            f,
            self.issues
                .iter()
                .map(|issue| Place(issue, self.operation.body)),
        )?;
        self.attempts.fmt(f)
    }
}

impl std::error::Error for ValidationError {}

/// Where an issue is and of which kind; its message may repeat the value.
struct Place<'a>(&'a Issue, Option<&'static Schema>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(issue, schema) = self;
        let code = Code(issue.code());
        if issue.path().is_root() {
            return write!(f, "{code}");
        }
        // What the gateway names as a place is shown only if it is one.
        let is_ours = match issue.path() {
            Path::Known(_) => true,
            Path::Told(segments) => segments.iter().all(|segment| match segment {
                Segment::Key(key) => schema.is_some_and(|schema| has_field(schema, key)),
                Segment::Index(_) => true,
            }),
        };
        if is_ours {
            write!(f, "{} ({code})", issue.path())
        } else {
            write!(f, "an unknown field ({code})")
        }
    }
}

fn has_field(schema: &Schema, name: &str) -> bool {
    schema.fields.iter().any(|field| {
        field.name == name || matches!(&field.kind, Kind::Object(inner) if has_field(inner, name))
    })
}
