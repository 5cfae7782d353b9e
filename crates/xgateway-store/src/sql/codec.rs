//! Between values and columns.

use bytes::Bytes;
use jiff::Timestamp;
use sqlx::{ColumnIndex, Decode, Row, Type};
use xgateway_core::id::OrderId;

use crate::error::{StoreError, StoreErrorKind};
use crate::inbox::{
    Claim, ContentDigest, Counts, Entry, EntryId, EntryState, EventKey, Kind, Payload, Reason,
};
use crate::journal::decide::Kept;
use crate::journal::{
    Attempt, Destination, Fingerprint, Intent, IntentState, Outcome, Progress, Round,
};
use crate::sql::batch::Held;

/// Times are kept to the millisecond.
pub(crate) fn time_out(time: Timestamp) -> i64 {
    time.as_millisecond()
}

pub(crate) fn state_out(state: EntryState) -> i64 {
    match state {
        EntryState::Open => 0,
        EntryState::Done => 1,
        EntryState::Dead => 2,
    }
}

fn outcome_out(outcome: Outcome) -> i64 {
    match outcome {
        Outcome::Charged => 1,
        Outcome::Declined => 2,
        Outcome::NotTaken => 3,
    }
}

pub(crate) fn intent_state_out(state: IntentState) -> i64 {
    match state {
        IntentState::Open => 0,
        IntentState::Finished(outcome) => outcome_out(outcome),
    }
}

/// A limit as databases take it.
pub(crate) fn limit_out(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Columns that every back end reads alike.
pub(crate) trait Columns: Row {
    fn number(&self, name: &str) -> Result<i64, StoreError>;
    fn number_or_null(&self, name: &str) -> Result<Option<i64>, StoreError>;
    fn text(&self, name: &str) -> Result<&str, StoreError>;
    fn text_or_null(&self, name: &str) -> Result<Option<&str>, StoreError>;
    fn blob(&self, name: &str) -> Result<&[u8], StoreError>;
}

impl<R> Columns for R
where
    R: Row,
    for<'a> &'a str: ColumnIndex<R>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> &'r str: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> &'r [u8]: Decode<'r, R::Database> + Type<R::Database>,
{
    fn number(&self, name: &str) -> Result<i64, StoreError> {
        self.try_get(name).map_err(|_| corrupt())
    }

    fn number_or_null(&self, name: &str) -> Result<Option<i64>, StoreError> {
        self.try_get(name).map_err(|_| corrupt())
    }

    fn text(&self, name: &str) -> Result<&str, StoreError> {
        self.try_get(name).map_err(|_| corrupt())
    }

    fn text_or_null(&self, name: &str) -> Result<Option<&str>, StoreError> {
        self.try_get(name).map_err(|_| corrupt())
    }

    fn blob(&self, name: &str) -> Result<&[u8], StoreError> {
        self.try_get(name).map_err(|_| corrupt())
    }
}

/// Reads a row of the inbox; an error says which.
pub(crate) fn entry_in(row: &impl Columns) -> Result<Entry, StoreError> {
    let id = row.number("id")?;
    readable_entry_in(row).map_err(|_| {
        StoreError::with_cause(
            StoreErrorKind::Corrupt,
            format!("this version cannot read the entry {id}"),
        )
    })
}

fn readable_entry_in(row: &impl Columns) -> Result<Entry, StoreError> {
    let kind = Kind::parse(row.text("kind")?).ok_or_else(corrupt)?;
    let key = EventKey::new(kind, row.text("subject")?, row.text("status")?);
    Ok(Entry {
        id: EntryId::new(row.number("id")?),
        key: key.map_err(|_| corrupt())?,
        digest: ContentDigest::from_bytes(digest_in(row)?),
        payload: Payload::from(Bytes::copy_from_slice(row.blob("payload")?)),
        received_at: time_in(row.number("received_ms")?)?,
        contradicts: row.number_or_null("contradicts")?.map(EntryId::new),
        state: match row.number("state")? {
            0 => EntryState::Open,
            1 => EntryState::Done,
            2 => EntryState::Dead,
            _ => return Err(corrupt()),
        },
        due_at: time_in(row.number("due_ms")?)?,
        attempts: u32::try_from(row.number("attempts")?).map_err(|_| corrupt())?,
        reason: row.text_or_null("reason")?.map(Reason::new),
    })
}

/// Reads a row of the inbox that was just claimed.
pub(crate) fn claim_in(row: &impl Columns) -> Result<Claim, StoreError> {
    Ok(Claim::new(entry_in(row)?, row.number("fence")?))
}

/// Reads the id of an entry.
pub(crate) fn entry_id_in(row: &impl Columns) -> Result<EntryId, StoreError> {
    row.number("id").map(EntryId::new)
}

fn digest_in(row: &impl Columns) -> Result<[u8; 32], StoreError> {
    row.blob("digest")?.try_into().map_err(|_| corrupt())
}

pub(crate) fn event_in(row: &impl Columns) -> Result<[u8; 16], StoreError> {
    row.blob("event")?.try_into().map_err(|_| corrupt())
}

/// Reads the packed key of an effect.
pub(crate) fn packed_in(row: &impl Columns) -> Result<[u8; 16], StoreError> {
    row.blob("packed")?.try_into().map_err(|_| corrupt())
}

/// Reads event, id and digest of a row of the inbox.
pub(crate) fn held_in(row: &impl Columns) -> Result<Held, StoreError> {
    Ok(Held {
        event: event_in(row)?,
        id: row.number("id")?,
        digest: digest_in(row)?,
    })
}

/// Reads a row of the journal with all its columns.
pub(crate) fn intent_in(row: &impl Columns) -> Result<Kept, StoreError> {
    let order = OrderId::vouched(row.text("gateway_order")?).map_err(|_| corrupt())?;
    let finished_at = row
        .number_or_null("finished_ms")?
        .map(time_in)
        .transpose()?;
    let progress = row.text_or_null("progress")?.map(Progress::new).transpose();
    let intent = Intent {
        attempt: Attempt::of_gateway_order(&order).map_err(|_| corrupt())?,
        round: Round::new(u32::try_from(row.number("round")?).map_err(|_| corrupt())?),
        operation: row.text("operation")?.to_owned(),
        destination: destination_in(row)?,
        begun_at: time_in(row.number("begun_ms")?)?,
        state: intent_state_in(row.number("state")?)?,
        finished_at,
        progress: progress.map_err(|_| corrupt())?,
    };
    let fingerprint = Fingerprint::from_text(row.text("fingerprint")?).ok_or_else(corrupt)?;
    Ok(Kept {
        intent,
        fingerprint,
    })
}

/// Rows of versions that wrote none have none.
fn destination_in(row: &impl Columns) -> Result<Option<Destination>, StoreError> {
    match (
        row.text_or_null("environment")?,
        row.text_or_null("account")?,
    ) {
        (None, None) => Ok(None),
        (Some(environment), Some(account)) => Destination::from_text(environment, account)
            .map(Some)
            .ok_or_else(corrupt),
        (Some(_), None) | (None, Some(_)) => Err(corrupt()),
    }
}

fn intent_state_in(number: i64) -> Result<IntentState, StoreError> {
    if number == 0 {
        return Ok(IntentState::Open);
    }
    let outcome = Outcome::ALL
        .into_iter()
        .find(|outcome| outcome_out(*outcome) == number);
    outcome.map(IntentState::Finished).ok_or_else(corrupt)
}

/// Adds a row of the counts.
pub(crate) fn count_in(counts: &mut Counts, row: &impl Columns) -> Result<(), StoreError> {
    let count = u64::try_from(row.number("count")?).map_err(|_| corrupt())?;
    match row.number("state")? {
        0 => counts.open = count,
        1 => counts.done = count,
        2 => counts.dead = count,
        _ => return Err(corrupt()),
    }
    Ok(())
}

fn time_in(milliseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| corrupt())
}

fn corrupt() -> StoreError {
    StoreErrorKind::Corrupt.into()
}
