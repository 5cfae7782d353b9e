//! What the engine, or the gateway, finds wrong, in the gateway's own shape (zod 3).
//!
//! Our engine and the gateway's answers give the same type, so code that shows issues to people needs to know only
//! one. [`Serialize`] writes them key for key as the gateway does.
//!
//! An issue of ours never holds the value it is about, with two exceptions that the gateway's own format demands: the text
//! of an unknown enum value and the names of unknown keys. The gateway's own may tell more ([`Parameter`]). All is scrubbed
//! of anything that could be a card number.
//!
//! [`Serialize`]: serde::Serialize

mod json;
mod parameter;
mod path;

pub use parameter::Parameter;
pub use path::{Path, Segment};

use std::borrow::Cow;
use std::fmt;

use crate::secret::scrub;

/// One thing that is wrong with a document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Issue {
    kind: IssueKind,
    path: Path,
    /// The gateway's own words, or a policy's; otherwise the kind says it.
    message: Option<Box<str>>,
}

/// What kind of thing is wrong, with its parameters.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum IssueKind {
    /// The value is missing or of a wrong type.
    InvalidType {
        /// The type that it must be.
        expected: Cow<'static, str>,
        /// The type that it is; `undefined` for a missing one.
        received: Cow<'static, str>,
    },
    /// The value must be one of some texts and is no text.
    InvalidEnumType {
        /// The texts that it may be.
        options: Options,
        /// The type that it is; `undefined` for a missing one.
        received: Cow<'static, str>,
    },
    /// The text is none of those that it may be.
    InvalidEnumValue {
        /// The texts that it may be.
        options: Options,
        /// The text that it is, scrubbed.
        received: Box<str>,
    },
    /// A text is too short or a number too small.
    TooSmall {
        /// The least that is admitted.
        minimum: Size,
        /// `string`, `number`, ...
        of: Cow<'static, str>,
        /// Whether the least itself is admitted.
        bound: Bound,
    },
    /// A text is too long or a number too big.
    TooBig {
        /// The most that is admitted.
        maximum: Size,
        /// `string`, `number`, ...
        of: Cow<'static, str>,
        /// Whether the most itself is admitted.
        bound: Bound,
    },
    /// A number has more decimals than are admitted.
    NotMultipleOf {
        /// The step.
        of: Size,
    },
    /// A text does not have its format.
    InvalidString {
        /// `email`, `url`, `ip`, `uuid`, `date`, `regex`, ...
        validation: Cow<'static, str>,
    },
    /// A rule of its own: the gateway's refinements, and our policy.
    Custom,
    /// Keys that a strict object does not have.
    UnrecognizedKeys {
        /// The keys, scrubbed.
        keys: Box<[Box<str>]>,
    },
    /// A kind that this version does not know, or one with parameters that it does not know: the gateway's are kept.
    Other {
        /// The code.
        code: Box<str>,
        /// Everything else but message and path.
        parameters: Vec<(Box<str>, Parameter)>,
    },
}

/// Whether a limit is admitted itself. All limits of our rules are.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Bound {
    /// At least, at most.
    #[default]
    Inclusive,
    /// More than, less than.
    Exclusive,
    /// Nothing but the limit.
    Exact,
}

/// The texts that a value may be.
#[derive(Clone, Debug, Eq)]
pub enum Options {
    /// From our rule tables.
    Known(&'static [&'static str]),
    /// From the gateway.
    Told(Box<[Box<str>]>),
}

/// A limit, as decimal text.
#[derive(Clone, Debug, Eq)]
pub enum Size {
    /// A length.
    Known(u32),
    /// A number, as it is written.
    Text(Cow<'static, str>),
}

/// All that is wrong with a document: at least one [`Issue`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Issues(Vec<Issue>);

impl Issue {
    /// An issue whose message follows from its kind.
    pub fn new(kind: IssueKind, path: Path) -> Self {
        Self {
            kind,
            path,
            message: None,
        }
    }

    /// An issue in somebody's own words: a policy's, or the gateway's.
    ///
    /// The message is kept only if it differs from what the kind says anyway.
    #[must_use]
    pub fn with_message(self, message: impl Into<String>) -> Self {
        let message = message.into();
        let message = match scrub(&message) {
            Cow::Borrowed(_) => message,
            Cow::Owned(scrubbed) => scrubbed,
        };
        let own = Issue {
            message: None,
            ..self
        };
        if own.message() == message {
            return own;
        }
        Issue {
            message: Some(message.into_boxed_str()),
            ..own
        }
    }

    /// The same issue at another place.
    #[must_use]
    pub fn at(self, path: Path) -> Self {
        Self { path, ..self }
    }

    /// What kind of issue it is.
    pub fn kind(&self) -> &IssueKind {
        &self.kind
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The gateway's code: `too_big`, `invalid_type`, ...
    pub fn code(&self) -> &str {
        self.kind.code()
    }

    /// What is wrong, in a sentence, without the path.
    pub fn message(&self) -> Cow<'_, str> {
        match &self.message {
            Some(message) => Cow::Borrowed(message),
            None => self.kind.message(),
        }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_root() {
            write!(f, "{}", self.message())
        } else {
            write!(f, "{}: {}", self.path, self.message())
        }
    }
}

impl IssueKind {
    /// Unknown text where one of `options` must stand.
    pub fn invalid_enum_value(options: Options, received: &str) -> Self {
        Self::InvalidEnumValue {
            options,
            received: scrub(received).into(),
        }
    }

    /// Keys that a strict object does not have.
    pub fn unrecognized_keys<'a>(keys: impl IntoIterator<Item = Cow<'a, str>>) -> Self {
        Self::UnrecognizedKeys {
            keys: keys.into_iter().map(|key| scrub(&key).into()).collect(),
        }
    }

    /// The gateway's code.
    pub fn code(&self) -> &str {
        match self {
            Self::InvalidType { .. } | Self::InvalidEnumType { .. } => "invalid_type",
            Self::InvalidEnumValue { .. } => "invalid_enum_value",
            Self::TooSmall { .. } => "too_small",
            Self::TooBig { .. } => "too_big",
            Self::NotMultipleOf { .. } => "not_multiple_of",
            Self::InvalidString { .. } => "invalid_string",
            Self::Custom => "custom",
            Self::UnrecognizedKeys { .. } => "unrecognized_keys",
            Self::Other { code, .. } => code,
        }
    }

    fn message(&self) -> Cow<'static, str> {
        match self {
            Self::InvalidType { received, .. } | Self::InvalidEnumType { received, .. }
                if received == "undefined" =>
            {
                "Required".into()
            }
            Self::InvalidType { expected, received } => {
                format!("Expected {expected}, received {received}").into()
            }
            Self::InvalidEnumType { options, received } => {
                format!("Expected {options}, received {received}").into()
            }
            Self::InvalidEnumValue { options, received } => {
                format!("Invalid enum value. Expected {options}, received '{received}'").into()
            }
            Self::TooSmall { minimum, of, bound } if of == "string" => {
                let limit = bound.words(["at least", "over", "exactly"]);
                format!("String must contain {limit} {minimum} character(s)").into()
            }
            Self::TooSmall { minimum, bound, .. } => {
                let words = [
                    "greater than or equal to",
                    "greater than",
                    "exactly equal to",
                ];
                format!("Number must be {} {minimum}", bound.words(words)).into()
            }
            Self::TooBig { maximum, of, bound } if of == "string" => {
                let limit = bound.words(["at most", "under", "exactly"]);
                format!("String must contain {limit} {maximum} character(s)").into()
            }
            Self::TooBig { maximum, bound, .. } => {
                let words = ["less than or equal to", "less than", "exactly"];
                format!("Number must be {} {maximum}", bound.words(words)).into()
            }
            Self::NotMultipleOf { of } => format!("Number must be a multiple of {of}").into(),
            Self::InvalidString { validation } if validation == "regex" => "Invalid".into(),
            Self::InvalidString { validation } => format!("Invalid {validation}").into(),
            Self::Custom | Self::Other { .. } => "Invalid input".into(),
            Self::UnrecognizedKeys { keys } => {
                let quoted: Vec<_> = keys.iter().map(|key| format!("'{key}'")).collect();
                format!("Unrecognized key(s) in object: {}", quoted.join(", ")).into()
            }
        }
    }
}

impl Bound {
    fn words(self, [inclusive, exclusive, exact]: [&'static str; 3]) -> &'static str {
        match self {
            Self::Inclusive => inclusive,
            Self::Exclusive => exclusive,
            Self::Exact => exact,
        }
    }
}

impl Options {
    /// The texts, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let (known, told): (&[&str], &[Box<str>]) = match self {
            Self::Known(texts) => (texts, &[]),
            Self::Told(texts) => (&[], texts),
        };
        known.iter().copied().chain(told.iter().map(|text| &**text))
    }
}

impl PartialEq for Options {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, text) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(" | ")?;
            }
            write!(f, "'{text}'")?;
        }
        Ok(())
    }
}

impl PartialEq for Size {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(left), Self::Known(right)) => left == right,
            (Self::Text(left), Self::Text(right)) => left == right,
            (Self::Known(size), Self::Text(text)) | (Self::Text(text), Self::Known(size)) => {
                *text == size.to_string()
            }
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(size) => write!(f, "{size}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl Issues {
    /// These issues, or `None` if there is none.
    pub fn new(issues: Vec<Issue>) -> Option<Self> {
        (!issues.is_empty()).then_some(Self(issues))
    }

    pub(crate) fn from_found(found: Vec<Issue>) -> Result<(), Self> {
        match Self::new(found) {
            Some(issues) => Err(issues),
            None => Ok(()),
        }
    }

    /// The issues, in the order in which the gateway reports them.
    pub fn iter(&self) -> std::slice::Iter<'_, Issue> {
        self.0.iter()
    }

    /// The issues as a vector.
    pub fn into_vec(self) -> Vec<Issue> {
        self.0
    }
}

impl From<Issue> for Issues {
    fn from(issue: Issue) -> Self {
        Self(vec![issue])
    }
}

impl<'a> IntoIterator for &'a Issues {
    type Item = &'a Issue;
    type IntoIter = std::slice::Iter<'a, Issue>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Issues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, issue) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{issue}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Issues {}
