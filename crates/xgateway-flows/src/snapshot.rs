//! What the snapshots of all flows have in common: a version, and how a text that is none of them is refused.

use std::borrow::Cow;

use serde::Deserialize;
use xgateway_client::Client;

/// The version that is written. Others are refused, not guessed at.
pub(crate) const VERSION: u64 = 1;

pub(crate) type Text<'a> = Cow<'a, str>;

/// Why a text is no snapshot of a flow. It never repeats the text.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It is no JSON object with a version.
    #[error("the snapshot is no JSON object with a version")]
    Malformed,
    /// Another version of this library wrote it.
    #[error("the snapshot has version {version}, but this library reads version {VERSION} only")]
    UnknownVersion {
        /// The version that it has.
        version: u64,
    },
    /// It was begun in another environment than the client's. What the one knows says nothing about the other.
    #[error("it was begun at {begun_at}, not at {asked}; nobody was asked about it")]
    OtherEnvironment {
        /// The base URL of the environment that it belongs to.
        begun_at: Box<str>,
        /// The base URL of the client's environment.
        asked: Box<str>,
    },
    /// A field is missing, unknown, or holds what it cannot.
    #[error("the snapshot does not hold {flow}: {field}")]
    Invalid {
        /// What it was read as, in words: `a card flow`.
        flow: &'static str,
        /// What is wrong with it.
        field: &'static str,
    },
}

/// Where a flow goes on: at the client's environment, unless it was begun elsewhere. One that does not say where, since an older
/// version wrote it, belongs there from now on.
pub(crate) fn environment(
    begun_at: Option<&str>,
    client: &Client,
) -> Result<Box<str>, SnapshotError> {
    let asked = client.environment().base_url();
    match begun_at {
        Some(begun_at) if begun_at != asked => Err(SnapshotError::OtherEnvironment {
            begun_at: begun_at.into(),
            asked: asked.into(),
        }),
        Some(_) | None => Ok(asked.into()),
    }
}

#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

/// What snapshots are read as, in words.
pub(crate) struct Format(pub(crate) &'static str);

impl Format {
    /// Reads what a flow has stored.
    pub(crate) fn read<'a, T: Deserialize<'a>>(&self, json: &'a str) -> Result<T, SnapshotError> {
        let Versioned { version } =
            serde_json::from_str(json).map_err(|_| SnapshotError::Malformed)?;
        if version != VERSION {
            return Err(SnapshotError::UnknownVersion { version });
        }
        serde_json::from_str(json).map_err(|_| self.invalid("fields"))
    }

    pub(crate) fn invalid(&self, field: &'static str) -> SnapshotError {
        SnapshotError::Invalid {
            flow: self.0,
            field,
        }
    }
}
