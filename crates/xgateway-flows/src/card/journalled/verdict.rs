//! What may be written about an attempt, as functions of what is known.

use xgateway_store::{IntentState, Outcome};

use crate::card::State;

/// The end that a state proves, if it proves one.
pub(super) fn proven(state: &State) -> Option<Outcome> {
    match state {
        State::Deposited { .. } => Some(Outcome::Charged),
        State::Failed { .. } => Some(Outcome::Declined),
        State::Refused | State::NotCharged => Some(Outcome::NotTaken),
        // A person must look: until then nobody knows.
        State::Contradiction(_) | State::Sending | State::Unknown { .. } | State::InProgress => {
            None
        }
    }
}

/// What to write into the journal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Entry {
    /// Nothing: it is known, or not this look's to tell.
    Nothing,
    /// How far it has come.
    Note,
    /// How it ended.
    End(Outcome),
}

/// What a look at an attempt adds to what the journal knows.
///
/// A charge of an open attempt is not written here, but once its customer has been credited: until then the attempt stays
/// open, so that whoever resumes it is told of the money again. Of one that had ended otherwise it is written at once:
/// nobody resumes that, and who credits it may not get round to saying so.
pub(super) fn entry(known: IntentState, state: &State) -> Entry {
    match (known, proven(state)) {
        (IntentState::Open, None) => Entry::Note,
        (IntentState::Finished(Outcome::Declined | Outcome::NotTaken), Some(Outcome::Charged)) => {
            Entry::End(Outcome::Charged)
        }
        (IntentState::Open, Some(Outcome::Charged)) | (IntentState::Finished(_), _) => {
            Entry::Nothing
        }
        (IntentState::Open, Some(outcome @ (Outcome::Declined | Outcome::NotTaken))) => {
            Entry::End(outcome)
        }
    }
}

/// Whether money may move twice for one order: an attempt was charged, and another was too or may still be.
pub(super) fn may_charge_twice(attempts: impl IntoIterator<Item = IntentState>) -> bool {
    let (mut charged, mut open) = (0, 0);
    for state in attempts {
        match state {
            IntentState::Finished(Outcome::Charged) => charged += 1,
            IntentState::Open => open += 1,
            IntentState::Finished(Outcome::Declined | Outcome::NotTaken) => {}
        }
    }
    charged > 1 || (charged == 1 && open > 0)
}

#[cfg(test)]
mod tests {
    use xgateway_core::id::TransactionId;

    use super::*;

    const OPEN: IntentState = IntentState::Open;
    const CHARGED: IntentState = IntentState::Finished(Outcome::Charged);
    const DECLINED: IntentState = IntentState::Finished(Outcome::Declined);
    const NOT_TAKEN: IntentState = IntentState::Finished(Outcome::NotTaken);

    #[test]
    fn one_charge_beside_ended_attempts_is_fine() {
        for others in [
            &[][..],
            &[DECLINED],
            &[DECLINED, NOT_TAKEN],
            &[DECLINED, DECLINED],
        ] {
            let states = [CHARGED].into_iter().chain(others.iter().copied());
            assert!(!may_charge_twice(states), "{others:?}");
        }
        assert!(!may_charge_twice([OPEN]));
        assert!(!may_charge_twice([DECLINED, OPEN]));
    }

    #[test]
    fn a_charge_beside_another_that_was_or_may_be_is_not() {
        for states in [
            &[CHARGED, CHARGED][..],
            &[CHARGED, OPEN],
            &[CHARGED, DECLINED, OPEN],
            &[CHARGED, DECLINED, CHARGED],
        ] {
            assert!(may_charge_twice(states.iter().copied()), "{states:?}");
        }
    }

    #[test]
    fn what_has_ended_is_not_written_again() {
        for known in [CHARGED, DECLINED, NOT_TAKEN] {
            for state in [State::InProgress, State::NotCharged, State::Refused] {
                assert_eq!(entry(known, &state), Entry::Nothing);
            }
        }
    }

    #[test]
    fn a_charge_after_another_end_is_written_when_it_is_seen() {
        let deposited = State::Deposited {
            transaction_id: TransactionId::parse("t-1").unwrap(),
        };
        for known in [DECLINED, NOT_TAKEN] {
            assert_eq!(entry(known, &deposited), Entry::End(Outcome::Charged));
        }
        for known in [OPEN, CHARGED] {
            assert_eq!(entry(known, &deposited), Entry::Nothing);
        }
    }

    #[test]
    fn only_what_is_proven_ends_an_attempt() {
        let unknown = State::Unknown {
            grace_elapsed: true,
        };
        for state in [State::Sending, unknown, State::InProgress] {
            assert_eq!(entry(OPEN, &state), Entry::Note);
        }
        let failed = State::Failed {
            transaction_id: None,
        };
        assert_eq!(entry(OPEN, &failed), Entry::End(Outcome::Declined));
        assert_eq!(
            entry(OPEN, &State::NotCharged),
            Entry::End(Outcome::NotTaken)
        );
        assert_eq!(entry(OPEN, &State::Refused), Entry::End(Outcome::NotTaken));
    }
}
