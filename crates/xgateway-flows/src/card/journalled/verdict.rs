//! What may be written about an attempt, as functions of what is known.

use xgateway_store::{IntentState, Outcome};

use crate::card::machine::Turn;
use crate::card::{Machine, State};

/// How an attempt stands by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Judged<'a> {
    state: &'a State,
    /// What has become of what has paid for it.
    turn: Turn,
}

impl<'a> From<&'a Machine> for Judged<'a> {
    fn from(machine: &'a Machine) -> Self {
        let is_paid = matches!(machine.state(), State::Deposited { .. });
        Self {
            state: machine.state(),
            turn: if is_paid { machine.turn() } else { Turn::Paid },
        }
    }
}

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
    /// That it has not ended as the journal says.
    Reopen(Outcome),
}

/// What a look at an attempt adds to what the journal knows.
///
/// A charge is not written here, but once its customer has been credited: until then the attempt is open, also if it had
/// ended otherwise, so that whoever resumes it is told of the money again. The same goes for what only a person can judge: a
/// payment that was credited and is taken back.
pub(super) fn entry(known: IntentState, now: Judged<'_>, is_heard: bool) -> Entry {
    let state = now.state;
    let ended = match known {
        IntentState::Open => {
            return match proven(state) {
                // Of what was paid once, no later word makes "nothing was charged".
                None | Some(Outcome::Charged) => Entry::Note,
                // Half of a look proves no decline: what could not be read may say more.
                Some(Outcome::Declined) if !is_heard => Entry::Note,
                Some(outcome @ (Outcome::Declined | Outcome::NotTaken)) => Entry::End(outcome),
            };
        }
        IntentState::Finished(ended) => ended,
    };
    let is_news = match state {
        State::Contradiction(_) => true,
        State::Deposited { .. } => now.turn != Turn::Paid || ended != Outcome::Charged,
        // On the way to a transaction that could not be read a flow says so, too.
        State::InProgress => ended != Outcome::Charged && is_heard,
        State::Sending
        | State::Unknown { .. }
        | State::Failed { .. }
        | State::Refused
        | State::NotCharged => false,
    };
    if is_news {
        Entry::Reopen(ended)
    } else {
        Entry::Nothing
    }
}

/// Whether it is something that the person did not know who ended the attempt when it stood as before.
pub(super) fn is_news(ended: Outcome, before: Judged<'_>, after: Judged<'_>) -> bool {
    if before.turn != after.turn && before.state == after.state {
        return match after.turn {
            // Taken back from a customer who has got it.
            Turn::Reversed => ended == Outcome::Charged,
            // Paid after all by one who has got nothing.
            Turn::Paid | Turn::Restored => ended != Outcome::Charged,
        };
    }
    before.state != after.state
        && match proven(after.state) {
            Some(Outcome::Charged) => ended != Outcome::Charged,
            Some(Outcome::Declined | Outcome::NotTaken) => false,
            None => matches!(after.state, State::Contradiction(_)),
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
    use crate::card::Contradiction;

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

    fn as_is(state: &State) -> Judged<'_> {
        Judged {
            state,
            turn: Turn::Paid,
        }
    }

    fn taken_back(state: &State) -> Judged<'_> {
        Judged {
            state,
            turn: Turn::Reversed,
        }
    }

    fn deposited() -> State {
        State::Deposited {
            transaction_id: TransactionId::parse("t-1").unwrap(),
        }
    }

    #[test]
    fn what_has_ended_is_not_written_again() {
        let failed = State::Failed {
            transaction_id: None,
        };
        for known in [CHARGED, DECLINED, NOT_TAKEN] {
            for state in [&failed, &State::NotCharged, &State::Refused] {
                assert_eq!(entry(known, as_is(state), true), Entry::Nothing);
            }
            assert_eq!(
                entry(known, as_is(&State::InProgress), false),
                Entry::Nothing
            );
        }
        for state in [deposited(), State::InProgress] {
            assert_eq!(entry(CHARGED, as_is(&state), true), Entry::Nothing);
        }
    }

    #[test]
    fn a_charge_is_known_at_once_and_ended_only_by_whoever_has_credited_it() {
        for is_heard in [false, true] {
            assert_eq!(entry(OPEN, as_is(&deposited()), is_heard), Entry::Note);
        }
        for ended in [Outcome::Declined, Outcome::NotTaken] {
            let known = IntentState::Finished(ended);
            assert_eq!(
                entry(known, as_is(&deposited()), true),
                Entry::Reopen(ended)
            );
        }
    }

    #[test]
    fn what_turned_out_otherwise_is_opened_again() {
        let contradiction = State::Contradiction(Contradiction::Amount);
        for ended in Outcome::ALL {
            let known = IntentState::Finished(ended);
            assert_eq!(
                entry(known, as_is(&contradiction), true),
                Entry::Reopen(ended)
            );
        }
        for ended in [Outcome::Declined, Outcome::NotTaken] {
            let known = IntentState::Finished(ended);
            assert_eq!(
                entry(known, as_is(&State::InProgress), true),
                Entry::Reopen(ended)
            );
        }
    }

    #[test]
    fn a_person_is_overruled_only_by_what_was_not_known() {
        let before = State::InProgress;
        let amount = State::Contradiction(Contradiction::Amount);
        for ended in [Outcome::Charged, Outcome::Declined] {
            assert!(!is_news(ended, as_is(&before), as_is(&before)));
            assert!(!is_news(ended, as_is(&before), as_is(&State::NotCharged)));
            assert!(!is_news(ended, as_is(&deposited()), as_is(&deposited())));
            assert!(is_news(ended, as_is(&before), as_is(&amount)));
        }
        assert!(is_news(
            Outcome::Declined,
            as_is(&before),
            as_is(&deposited())
        ));
        assert!(!is_news(
            Outcome::Charged,
            as_is(&before),
            as_is(&deposited())
        ));
    }

    #[test]
    fn only_what_is_proven_ends_an_attempt() {
        let unknown = State::Unknown {
            grace_elapsed: true,
        };
        for state in [State::Sending, unknown, State::InProgress] {
            assert_eq!(entry(OPEN, as_is(&state), true), Entry::Note);
        }
        let failed = State::Failed {
            transaction_id: None,
        };
        assert_eq!(entry(OPEN, as_is(&failed), false), Entry::Note);
        for (state, outcome) in [
            (failed, Outcome::Declined),
            (State::NotCharged, Outcome::NotTaken),
            (State::Refused, Outcome::NotTaken),
        ] {
            assert_eq!(entry(OPEN, as_is(&state), true), Entry::End(outcome));
        }
    }

    #[test]
    fn a_payment_that_is_taken_back_is_open_until_a_person_ends_it() {
        let paid = deposited();
        assert_eq!(
            entry(CHARGED, taken_back(&paid), true),
            Entry::Reopen(Outcome::Charged)
        );
        assert_eq!(entry(OPEN, taken_back(&paid), true), Entry::Note);
        for (ended, before, after, want) in [
            (
                Outcome::Charged,
                taken_back(&paid),
                taken_back(&paid),
                false,
            ),
            (Outcome::Charged, as_is(&paid), taken_back(&paid), true),
            (Outcome::Charged, taken_back(&paid), as_is(&paid), false),
            (Outcome::Declined, as_is(&paid), taken_back(&paid), false),
            (Outcome::Declined, taken_back(&paid), as_is(&paid), true),
        ] {
            assert_eq!(is_news(ended, before, after), want, "{ended}: {before:?}");
        }
    }
}
