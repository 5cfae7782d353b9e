//! The rules of the journal, as functions of what it holds: every store decides alike.

use jiff::Timestamp;

use super::{
    Begun, Fingerprint, Intent, IntentState, NewIntent, Outcome, Progress, Round, Sighting,
};
use crate::error::{StoreError, StoreErrorKind};

/// What a store holds of an attempt.
pub(crate) struct Kept {
    pub(crate) intent: Intent,
    pub(crate) fingerprint: Fingerprint,
}

/// What to do about a beginning.
pub(crate) enum Beginning {
    /// Write it down as this round.
    Write(Round),
    /// Write nothing.
    Answer(Begun),
}

/// Decides about a beginning, given what is held of the attempt and of all before it.
///
/// All, because what was declined may have been paid since, however many attempts ago.
pub(crate) fn begin(
    new: &NewIntent<'_>,
    kept: Option<Kept>,
    earlier: &[Option<Intent>],
) -> Beginning {
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

/// The intent that a beginning writes.
pub(crate) fn begun(new: &NewIntent<'_>, round: Round, now: Timestamp) -> Intent {
    Intent {
        attempt: new.attempt.clone(),
        round,
        operation: new.operation.to_owned(),
        destination: Some(new.destination.clone()),
        begun_at: now,
        state: IntentState::Open,
        finished_at: None,
        progress: new.progress.clone(),
    }
}

/// What to do about an end.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Ending {
    /// Write it down.
    Write,
    /// It is known.
    Known,
}

/// Decides about an end.
pub(crate) fn finish(
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
pub(crate) fn finished(
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
pub(crate) fn has_ended(intent: &Intent, sighting: Sighting<'_>, ended: Outcome) -> bool {
    intent.state == IntentState::Finished(ended) && is_unchanged(intent, sighting)
}

/// Changes an intent as opening it again does.
pub(crate) fn reopened(intent: &mut Intent, progress: &Progress) {
    intent.state = IntentState::Open;
    intent.finished_at = None;
    intent.progress = Some(progress.clone());
}

/// Whether nobody knows yet how it ended.
pub(crate) fn is_open(intent: &Intent) -> bool {
    intent.state == IntentState::Open
}

/// Whether it is open, and still as somebody saw it.
pub(crate) fn is_as_seen(intent: &Intent, sighting: Sighting<'_>) -> bool {
    is_open(intent) && is_unchanged(intent, sighting)
}

fn is_unchanged(intent: &Intent, sighting: Sighting<'_>) -> bool {
    intent.round == sighting.round && intent.progress.as_ref() == sighting.progress
}

/// Why nothing is written about an attempt that does not stand as the caller believes.
pub(crate) fn outpaced(is_known: bool) -> StoreError {
    if is_known {
        StoreErrorKind::OutcomeConflict.into()
    } else {
        StoreErrorKind::NotFound.into()
    }
}
