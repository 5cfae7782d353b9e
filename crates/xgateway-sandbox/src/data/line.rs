//! The lines of the file.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::DataError;
use crate::config::Config;
use crate::event::{Event, EventKind};
use crate::state::State;
use crate::world::World;

/// The newest version.
pub(super) const VERSION: u64 = 2;

/// The one without a state.
const ONLY_EVENTS: u64 = 1;

const FORMAT: &str = "xgateway-sandbox-events";

/// The first line.
#[derive(Clone, Debug, Deserialize, Serialize)]
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

/// The second line of a log that was written anew.
#[derive(Serialize)]
struct Standing<'a> {
    at: u64,
    dropped: u64,
    state: &'a State,
}

#[derive(Deserialize)]
pub(super) struct StoredStanding {
    /// The number of the newest event that the state knows.
    pub(super) at: u64,
    /// The number of the newest event that is not shown any more.
    pub(super) dropped: u64,
    pub(super) state: State,
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
            version: ONLY_EVENTS,
            seed: config.seed,
            start: config.start,
        }
    }

    pub(super) fn begins_with_state(&self) -> bool {
        self.version > ONLY_EVENTS
    }

    pub(super) fn begin_with_state(&mut self) {
        self.version = VERSION;
    }

    /// Whether a file that has only `text` is ours to write. Of a line that was interrupted the length may be there and
    /// some of the bytes not, which are zero then.
    pub(super) fn may_begin(text: &[u8]) -> bool {
        let end = text.iter().rposition(|byte| *byte != 0);
        let text = &text[..end.map_or(0, |last| last + 1)];
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

/// How a world stands.
pub(super) fn write_state(world: &World) -> Vec<u8> {
    to_line(&Standing {
        at: world.events().last(),
        dropped: world.events().dropped(),
        state: world.state(),
    })
}

pub(super) fn read_state(line: &[u8]) -> Option<StoredStanding> {
    serde_json::from_slice(line.strip_suffix(b"\n")?).ok()
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
    let mut line =
        serde_json::to_vec(value).expect("memory can be written, and maps are written as lists");
    line.push(b'\n');
    line
}
