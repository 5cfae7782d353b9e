//! The other attempts at an order: money must not move twice for it, nor be overlooked.

use jiff::Timestamp;
use tracing::warn;
use xgateway_store::{Attempt, Intent, IntentState, Outcome};

use super::look::{Seen, is_outage};
use super::verdict;
use super::{JournalledCards, JournalledError, Standing};
use crate::card::{CallbackHint, Contradiction, InProgress, Progress, State};

/// Of which attempt a look tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum About {
    /// Of this one, whatever others there are.
    Itself,
    /// Of the one at the order that matters: if this one is over, and nothing was paid by it, of one that was paid.
    TheOrder,
}

impl JournalledCards {
    /// Asks the gateway about an attempt, writes down what it said, and says how it stands among the others.
    pub(super) async fn follow(
        &self,
        attempt: &Attempt,
        hint: Option<&CallbackHint>,
        now: Timestamp,
    ) -> Result<Standing, JournalledError> {
        let about = match hint {
            // Whoever takes in a callback acts on what that is about.
            Some(_) => About::Itself,
            None => About::TheOrder,
        };
        let seen = self.look_at(attempt, hint, now).await?;
        let told = self.weigh(seen, about, now).await?;
        Ok(told.standing())
    }

    /// What is to be told instead of beginning `next`, if one before it was paid after all.
    ///
    /// Each is asked about: what the journal calls declined is so only as far as the gateway says it now.
    pub(super) async fn paid_after_all(
        &self,
        next: &Attempt,
        now: Timestamp,
    ) -> Result<Option<Standing>, JournalledError> {
        for attempt in next.earlier() {
            if self.intent(&attempt).await?.is_none() {
                continue;
            }
            let seen = self.look_at(&attempt, None, now).await?;
            if seen.is_charged() {
                let told = self.weigh(seen, About::TheOrder, now).await?;
                return Ok(Some(told.standing()));
            }
            let is_declined = seen.known == IntentState::Finished(Outcome::Declined);
            // A person's word on what cannot be read is the last one.
            let is_unheard = seen
                .unread()
                .is_some_and(|error| seen.resolution.is_none() || is_outage(error));
            if is_declined && (is_unheard || seen.is_forgotten()) {
                return Err(seen.not_heard());
            }
        }
        Ok(None)
    }

    /// What is to be told of an order, one of whose attempts was seen and is written down.
    pub(super) async fn weigh(
        &self,
        seen: Seen,
        about: About,
        now: Timestamp,
    ) -> Result<Seen, JournalledError> {
        let others = match self.others(&seen, now).await {
            Ok(others) => others,
            Err(source) => {
                return Err(JournalledError::NotFollowed {
                    attempt: seen.attempt.clone(),
                    standing: Some(Box::new(seen.standing())),
                    source: Box::new(source),
                });
            }
        };
        let states = others.iter().map(Other::state).chain([seen.state()]);
        let is_double = verdict::may_charge_twice(states);
        let mut others: Vec<_> = others.into_iter().filter_map(Other::into_seen).collect();
        let mut told = seen;
        if about == About::TheOrder && !told.is_left_open() && told.resolution.is_none() {
            let open = others.iter().position(Seen::is_left_open);
            let charged = || others.iter().position(Seen::is_charged);
            let matters = open.or_else(|| charged().filter(|_| !told.is_charged()));
            if let Some(index) = matters {
                told = std::mem::replace(&mut others[index], told);
            }
        }
        if told.resolution.is_some() {
            return Ok(told);
        }
        if is_double && (told.is_charged() || told.is_left_open()) {
            warn!(order = %told.attempt.order(), "a person must look: an order may be charged twice");
            told.progress = Progress::Contradiction(Contradiction::OtherAttempt);
            return Ok(told);
        }
        let is_credited = |seen: &Seen| seen.known == IntentState::Finished(Outcome::Charged);
        let is_in_doubt = |seen: &Seen| {
            seen.unread().is_some() && !is_credited(seen) && seen.resolution.is_none()
        };
        let Some(index) = others.iter().position(is_in_doubt) else {
            return Ok(told);
        };
        // With that one unheard this one must not count: it may be the second payment, or not the last word.
        let error = others.swap_remove(index).into_unread();
        let is_open = !is_credited(&told);
        if let Progress::Deposited(settled) = &told.progress
            && is_open
        {
            told.progress = Progress::InProgress(InProgress {
                invoice_id: Some(settled.invoice_id().clone()),
                payment_url: None,
                is_completed: false,
                error,
            });
        } else if let Progress::Failed { error: unread, .. } = &mut told.progress
            && unread.is_none()
        {
            *unread = error;
        }
        Ok(told)
    }

    /// The other attempts at the order of one that was seen. While that one is under way the journal's word on them is
    /// enough; once it is over, the gateway is asked what became of them since.
    async fn others(&self, seen: &Seen, now: Timestamp) -> Result<Vec<Other>, JournalledError> {
        let is_under_way = verdict::proven(seen.flow.machine().state()).is_none();
        let mut others = Vec::new();
        for intent in self.other_intents(&seen.attempt).await? {
            others.push(if is_under_way {
                let is_paid = matches!(
                    self.recall(&intent)?.machine().state(),
                    State::Deposited { .. }
                );
                let is_paid = is_paid && intent.state == IntentState::Open;
                Other::Recalled(if is_paid {
                    IntentState::Finished(Outcome::Charged)
                } else {
                    intent.state
                })
            } else {
                let seen = self.look_at(&intent.attempt, None, now).await?;
                Other::Seen(Box::new(seen))
            });
        }
        Ok(others)
    }

    /// What the journal knows of the other attempts at an order.
    async fn other_intents(&self, attempt: &Attempt) -> Result<Vec<Intent>, JournalledError> {
        let mut others = Vec::new();
        for other in attempt.earlier() {
            others.extend(self.intent(&other).await?);
        }
        let mut later = attempt.next();
        while let Ok(other) = later {
            let Some(intent) = self.intent(&other).await? else {
                break;
            };
            others.push(intent);
            later = other.next();
        }
        Ok(others)
    }
}

/// Another attempt at the same order.
enum Other {
    /// As the gateway says now.
    Seen(Box<Seen>),
    /// As the journal knows it.
    Recalled(IntentState),
}

impl Other {
    fn state(&self) -> IntentState {
        match self {
            Self::Seen(seen) => seen.state(),
            Self::Recalled(state) => *state,
        }
    }

    fn into_seen(self) -> Option<Seen> {
        match self {
            Self::Seen(seen) => Some(*seen),
            Self::Recalled(_) => None,
        }
    }
}
