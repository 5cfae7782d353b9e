//! The rules of the journal, as functions of what it holds, so that every store decides alike.
//!
//! They are for whoever writes a [`Journal`](crate::Journal) of their own: read what is held, ask here, write what comes of
//! it, and let nobody write in between. [`MemoryJournal`](crate::MemoryJournal) is the shortest example.

use jiff::Timestamp;

use super::{
    Begun, Fingerprint, Intent, IntentState, NewIntent, Outcome, Progress, Round, Sighting,
};
use crate::error::{StoreError, StoreErrorKind};

/// What a store holds of an attempt.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The intent.
    pub intent: Intent,
    /// The body that was begun with.
    pub fingerprint: Fingerprint,
}

/// What to do about a beginning.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Beginning {
    /// Write it down as this round.
    Write(Round),
    /// Write nothing.
    Answer(Begun),
}

/// Decides about a beginning, given what is held of the attempt and of all before it, the nearest first
/// ([`Attempt::earlier`](crate::Attempt::earlier)).
///
/// All, because what was declined may have been paid since, however many attempts ago.
#[must_use]
pub fn begin(new: &NewIntent<'_>, kept: Option<Kept>, earlier: &[Option<Intent>]) -> Beginning {
    let round = match kept {
        // What may have been sent is no beginning, whatever has become of the earlier ones since.
        Some(kept) if kept.intent.state != IntentState::Finished(Outcome::NotTaken) => {
            return Beginning::Answer(begun_before(new, kept));
        }
        // Wherever: where it was sent before, there is nothing of it.
        Some(kept) => kept.intent.round.next(),
        None => Round::FIRST,
    };
    let declined = IntentState::Finished(Outcome::Declined);
    let is_too_early =
        |it: &&Option<Intent>| it.as_ref().is_none_or(|intent| intent.state != declined);
    if let Some(previous) = earlier.iter().find(is_too_early) {
        let previous = previous.as_ref().map(|intent| intent.state);
        return Beginning::Answer(Begun::TooEarly { previous });
    }
    // Whoever is asked about the earlier ones once more must be able to know of them.
    let mut earlier = earlier.iter().flatten();
    match earlier.find_map(|intent| elsewhere(new, intent)) {
        Some(elsewhere) => Beginning::Answer(elsewhere),
        None => Beginning::Write(round),
    }
}

/// What to answer about an attempt that was begun before.
fn begun_before(new: &NewIntent<'_>, kept: Kept) -> Begun {
    let Kept {
        intent,
        fingerprint,
    } = kept;
    if let Some(elsewhere) = elsewhere(new, &intent) {
        return elsewhere;
    }
    let fields = if intent.operation == new.operation {
        fingerprint.differences(&new.fingerprint)
    } else {
        // Every hash differs then; the fields would say nothing.
        vec!["operation".to_owned()]
    };
    if fields.is_empty() {
        Begun::Resumed(intent)
    } else {
        let state = intent.state;
        Begun::Conflict { fields, state }
    }
}

/// What to answer if an intent was begun elsewhere.
fn elsewhere(new: &NewIntent<'_>, intent: &Intent) -> Option<Begun> {
    let there = intent.destination.as_ref();
    if new.destination.may_follow(there, new.same_account) {
        return None;
    }
    there.map(|destination| Begun::Elsewhere {
        attempt: intent.attempt.clone(),
        destination: destination.clone(),
    })
}

/// What to do about an end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ending {
    /// Write it down.
    Write,
    /// It is known.
    Known,
}

/// Decides about an end.
///
/// # Errors
///
/// [`StoreErrorKind::OutcomeConflict`]; then nothing may be written.
pub fn finish(
    intent: &Intent,
    sighting: Sighting<'_>,
    outcome: Outcome,
) -> Result<Ending, StoreError> {
    match intent.state {
        IntentState::Finished(known) if known == outcome => Ok(Ending::Known),
        IntentState::Open if is_as_seen(intent, sighting) => Ok(Ending::Write),
        // No end that was written before hides that money moved.
        IntentState::Finished(_) if outcome == Outcome::Charged => Ok(Ending::Write),
        IntentState::Open | IntentState::Finished(_) => Err(StoreErrorKind::OutcomeConflict.into()),
    }
}

/// Changes an intent as an end does.
pub fn finished(
    intent: &mut Intent,
    outcome: Outcome,
    progress: Option<&Progress>,
    now: Timestamp,
) {
    intent.state = IntentState::Finished(outcome);
    intent.finished_at = Some(now);
    if let Some(progress) = progress {
        intent.progress = Some(progress.clone());
    }
}

/// Whether it has ended so, is still as somebody saw it, and may be opened again.
#[must_use]
pub fn has_ended(intent: &Intent, sighting: Sighting<'_>, ended: Outcome) -> bool {
    intent.state == IntentState::Finished(ended) && is_unchanged(intent, sighting)
}

/// Changes an intent as opening it again does.
pub fn reopened(intent: &mut Intent, progress: &Progress) {
    intent.state = IntentState::Open;
    intent.finished_at = None;
    intent.progress = Some(progress.clone());
}

/// Whether nobody knows yet how it ended.
#[must_use]
pub fn is_open(intent: &Intent) -> bool {
    intent.state == IntentState::Open
}

/// Whether it is open, and still as somebody saw it.
#[must_use]
pub fn is_as_seen(intent: &Intent, sighting: Sighting<'_>) -> bool {
    is_open(intent) && is_unchanged(intent, sighting)
}

fn is_unchanged(intent: &Intent, sighting: Sighting<'_>) -> bool {
    intent.round == sighting.round && intent.progress.as_ref() == sighting.progress
}

/// Why nothing is written about an attempt that does not stand as the caller believes.
#[must_use]
pub fn outpaced(is_known: bool) -> StoreError {
    if is_known {
        StoreErrorKind::OutcomeConflict.into()
    } else {
        StoreErrorKind::NotFound.into()
    }
}
