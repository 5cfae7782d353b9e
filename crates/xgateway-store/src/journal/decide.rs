//! The rules of the journal, as functions of what it holds: every store decides alike.

use jiff::Timestamp;

use super::{Begun, Fingerprint, Intent, IntentState, NewIntent, Outcome, Progress, Round};
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

/// Decides about a beginning, given what is held of the attempt and the states of all before it.
///
/// All, because what was declined may have been paid since, however many attempts ago.
pub(crate) fn begin(
    new: &NewIntent<'_>,
    kept: Option<Kept>,
    earlier: impl IntoIterator<Item = Option<IntentState>>,
) -> Beginning {
    const DECLINED: Option<IntentState> = Some(IntentState::Finished(Outcome::Declined));
    if let Some(previous) = earlier.into_iter().find(|state| *state != DECLINED) {
        return Beginning::Answer(Begun::TooEarly { previous });
    }
    let Some(Kept {
        intent,
        fingerprint,
    }) = kept
    else {
        return Beginning::Write(Round::FIRST);
    };
    if intent.state == IntentState::Finished(Outcome::NotTaken) {
        return Beginning::Write(intent.round.next());
    }
    if intent.operation != new.operation {
        // Every hash differs then; the fields would say nothing.
        let fields = vec!["operation".to_owned()];
        return Beginning::Answer(Begun::Conflict { fields });
    }
    let fields = fingerprint.differences(&new.fingerprint);
    Beginning::Answer(if fields.is_empty() {
        Begun::Resumed(intent)
    } else {
        Begun::Conflict { fields }
    })
}

/// The intent that a beginning writes.
pub(crate) fn begun(new: &NewIntent<'_>, round: Round, now: Timestamp) -> Intent {
    Intent {
        attempt: new.attempt.clone(),
        round,
        operation: new.operation.to_owned(),
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
    round: Round,
    outcome: Outcome,
) -> Result<Ending, StoreError> {
    match intent.state {
        IntentState::Finished(known) if known == outcome => Ok(Ending::Known),
        IntentState::Open if intent.round == round => Ok(Ending::Write),
        // The truth about money that moved is never refused.
        IntentState::Open | IntentState::Finished(_) if outcome == Outcome::Charged => {
            Ok(Ending::Write)
        }
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

/// Whether it has ended so in this round, and may be opened again.
pub(crate) fn has_ended(intent: &Intent, round: Round, ended: Outcome) -> bool {
    intent.state == IntentState::Finished(ended) && intent.round == round
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

/// Whether it is open, and still in this round.
pub(crate) fn is_open_in(intent: &Intent, round: Round) -> bool {
    is_open(intent) && intent.round == round
}

/// Why nothing is written about an attempt that does not stand as the caller believes.
pub(crate) fn outpaced(is_known: bool) -> StoreError {
    if is_known {
        StoreErrorKind::OutcomeConflict.into()
    } else {
        StoreErrorKind::NotFound.into()
    }
}
