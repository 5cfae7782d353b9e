//! The lines of the file.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::DataError;
use crate::config::Config;
use crate::event::{Event, EventKind};

/// The version that is written.
pub(super) const VERSION: u64 = 1;

const FORMAT: &str = "xgateway-sandbox-events";

/// The first line.
#[derive(Deserialize, Serialize)]
pub(super) struct Header {
    format: String,
    version: u64,
    seed: u64,
    pub(super) start: Timestamp,
}

/// What every version of the first line tells.
#[derive(Deserialize)]
struct Kind {
    format: String,
    version: u64,
}

/// Any other line.
#[derive(Serialize)]
struct Batch<'a> {
    /// The number of the first event.
    first: u64,
    events: Vec<(Timestamp, &'a EventKind)>,
}

#[derive(Deserialize)]
struct StoredBatch {
    first: u64,
    events: Vec<(Timestamp, EventKind)>,
}

impl Header {
    pub(super) fn of(config: &Config) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            seed: config.seed,
            start: config.start,
        }
    }

    /// Whether a file that has only `text` is ours to write.
    pub(super) fn may_begin(text: &[u8]) -> bool {
        let beginning = format!("{{\"format\":\"{FORMAT}\"");
        let common = text.len().min(beginning.len());
        text[..common] == beginning.as_bytes()[..common]
    }

    pub(super) fn read(line: &[u8], config: &Config, path: &Path) -> Result<Self, DataError> {
        let path = || path.to_owned();
        let kind: Kind =
            serde_json::from_slice(line).map_err(|_| DataError::Foreign { path: path() })?;
        if kind.format != FORMAT {
            return Err(DataError::Foreign { path: path() });
        }
        if kind.version > VERSION {
            return Err(DataError::Newer {
                path: path(),
                found: kind.version,
            });
        }
        let header: Self = serde_json::from_slice(line).map_err(|_| DataError::Damaged {
            path: path(),
            line: 1,
        })?;
        if header.seed != config.seed {
            return Err(DataError::OtherSeed {
                path: path(),
                found: header.seed,
            });
        }
        Ok(header)
    }

    pub(super) fn to_line(&self) -> Vec<u8> {
        to_line(self)
    }
}

/// One line for all `events`.
pub(super) fn write(events: &[Event]) -> Vec<u8> {
    to_line(&Batch {
        first: events.first().map_or(0, |event| event.sequence),
        events: events.iter().map(|event| (event.at, &event.kind)).collect(),
    })
}

/// The events of a line, if it is whole and follows the event with the number `last`.
pub(super) fn read(line: &[u8], last: u64) -> Option<Vec<Event>> {
    let batch: StoredBatch = serde_json::from_slice(line.strip_suffix(b"\n")?).ok()?;
    (batch.first == last + 1).then_some(())?;
    let events = batch.events.into_iter().zip(batch.first..);
    Some(
        events
            .map(|((at, kind), sequence)| Event { sequence, at, kind })
            .collect(),
    )
}

fn to_line(value: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(value).expect("memory can be written and no map is inside");
    line.push(b'\n');
    line
}
