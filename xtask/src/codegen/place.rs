//! Where in the document something stands, and why it was refused.

use std::fmt;

/// A place in the document, as a JSON pointer: `#/components/schemas/Currency/enum`.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Place(String);

/// Why no code can be made of the document.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub(crate) struct Refusal {
    place: Place,
    problem: String,
}

impl Place {
    /// The whole document.
    pub(super) fn root() -> Self {
        Self("#".to_owned())
    }

    /// What stands under `key` here.
    pub(super) fn at(&self, key: &str) -> Self {
        Self(format!(
            "{}/{}",
            self.0,
            key.replace('~', "~0").replace('/', "~1")
        ))
    }

    /// The place of a named schema.
    pub(super) fn schema(name: &str) -> Self {
        Self::root().at("components").at("schemas").at(name)
    }

    /// Says what is wrong here.
    pub(super) fn refusal(&self, problem: impl Into<String>) -> Refusal {
        Refusal {
            place: self.clone(),
            problem: problem.into(),
        }
    }

    /// Says what is wrong here, as a result.
    pub(super) fn refuse<T>(&self, problem: impl Into<String>) -> Result<T, Refusal> {
        Err(self.refusal(problem))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
