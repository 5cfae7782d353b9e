//! Entries that are confirmed and applied together.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use xgateway_api::types::TransactionStatus;
use xgateway_store::{Claim, EffectKey, StoreError, StoreErrorKind};

use super::Processor;
use super::apply::{ApplyError, HandlerError};
use super::caught::{Unfinished, caught_within};
use super::end::is_over;
use super::round::Outcome;
use super::withhold::Confirmed;
use crate::authentic::AuthenticCallback;
use crate::confirm::{ConfirmedCallback, Unconfirmed, effect_key, reversal_key};

/// An entry on its way.
pub(super) struct Step<'a> {
    /// Its place in the group.
    index: usize,
    pub(super) claim: &'a Claim,
    pub(super) callback: AuthenticCallback<'a>,
}

impl Step<'_> {
    /// The effect that the callback claims to have, and what says that it was taken back, if looking them up may save the
    /// question to the API. A contradiction must come to light, and so must a `failed` that comes again: the transaction
    /// may have been confirmed in between.
    fn claimed_effect(&self) -> Option<[EffectKey; 2]> {
        let is_looked_up = !self.claim.is_first()
            && self.claim.entry().contradicts.is_none()
            && self.callback.claim() == Some(TransactionStatus::Confirmed.as_str());
        let id = self.callback.id().filter(|_| is_looked_up)?;
        let confirmed = effect_key(id, &TransactionStatus::Confirmed)?;
        Some([confirmed, reversal_key(id)?])
    }
}

/// What the API says, unless whoever asks it panicked or took too long.
type Answer = Result<Result<ConfirmedCallback, Unconfirmed>, Unfinished>;

/// What became of the entries of a group. Of whom nothing is noted, that one was lost.
pub(super) struct Outcomes(Vec<Outcome>);

impl Outcomes {
    /// Notes what became of an entry. One that was lost concerns nobody else; any other trouble is the store's, and all
    /// entries'.
    pub(super) fn note(
        &mut self,
        step: &Step<'_>,
        ended: Result<Outcome, StoreError>,
    ) -> Result<(), StoreError> {
        self.note_at(step.index, ended)
    }

    fn note_at(
        &mut self,
        index: usize,
        ended: Result<Outcome, StoreError>,
    ) -> Result<(), StoreError> {
        match ended {
            Ok(outcome) => self.0[index] = outcome,
            Err(error) if error.kind() == StoreErrorKind::LeaseLost => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl Processor {
    /// Confirms and applies a group of entries, until then at most. What became of each, in their order.
    pub(super) async fn process(
        &self,
        claims: &[Claim],
        until: Timestamp,
    ) -> Result<Vec<Outcome>, StoreError> {
        let mut outcomes = Outcomes(vec![Outcome::Lost; claims.len()]);
        let steps = self.begin(claims, &mut outcomes).await?;
        let steps = self.without_old_news(steps, &mut outcomes).await?;
        let mut confirmed = Vec::with_capacity(steps.len());
        for (step, answer) in self.confirm(steps, self.half_way(until)).await {
            match answer {
                Ok(Ok(callback)) => confirmed.push((step, callback)),
                Ok(Err(why)) => outcomes.note(&step, self.unconfirmed(step.claim, why).await)?,
                Err(unfinished) => {
                    let ended = self.unasked(step.claim, unfinished).await;
                    outcomes.note(&step, ended)?;
                }
            }
        }
        let confirmed = self.to_be_applied(confirmed, &mut outcomes).await?;
        self.apply(&confirmed, until, &mut outcomes).await?;
        Ok(outcomes.0)
    }

    async fn apply(
        &self,
        confirmed: &[Confirmed<'_>],
        until: Timestamp,
        outcomes: &mut Outcomes,
    ) -> Result<(), StoreError> {
        if confirmed.is_empty() {
            return Ok(());
        }
        let pairs: Vec<_> = confirmed
            .iter()
            .map(|(step, callback)| (step.claim, callback))
            .collect();
        let now = self.clock.now();
        let applied = self.apply.apply_all(&pairs, now);
        let results = match caught_within(self.left(until), &*self.clock, applied).await {
            Ok(results) => results,
            Err(Unfinished::TookTooLong) if pairs.len() > 1 => {
                return self.single_out(confirmed, outcomes).await;
            }
            Err(unfinished) => {
                let error = ApplyError::Handler(HandlerError::from(unfinished));
                vec![Err(error); pairs.len()]
            }
        };
        let mut away = None;
        for ((step, _), result) in confirmed.iter().zip(results) {
            match result {
                Err(ApplyError::Store(error)) if error.is_transient() => {
                    outcomes.note(step, self.give_back(step.claim, &error).await)?;
                    away = Some(error);
                }
                result => outcomes.note(step, self.applied(step.claim, result).await)?,
            }
        }
        away.map_or(Ok(()), Err)
    }

    /// Half of the time until then: an API that answers slowly leaves the rest to whoever applies what it says.
    fn half_way(&self, until: Timestamp) -> Timestamp {
        let now = self.clock.now();
        now.checked_add(self.left(until) / 2).unwrap_or(until)
    }

    /// How long it is until then.
    fn left(&self, until: Timestamp) -> Duration {
        let left = until.duration_since(self.clock.now());
        Duration::try_from(left).unwrap_or_default()
    }

    /// Those that are still ours and that can be read.
    async fn begin<'a>(
        &self,
        claims: &'a [Claim],
        outcomes: &mut Outcomes,
    ) -> Result<Vec<Step<'a>>, StoreError> {
        let mut steps = Vec::with_capacity(claims.len());
        for (index, claim) in claims.iter().enumerate() {
            if is_over(claim, self.clock.now()) {
                continue; // It is lost, and nobody's trouble.
            }
            if let Some(why) = self.is_hopeless(claim) {
                let ended = match self.begin_anew(claim).await {
                    Ok(None) => self.bury(claim, &why).await,
                    Ok(Some(begun)) => Ok(begun),
                    Err(error) => Err(error),
                };
                outcomes.note_at(index, ended)?;
                continue;
            }
            match AuthenticCallback::from_entry(claim.entry()) {
                Ok(callback) => steps.push(Step {
                    index,
                    claim,
                    callback,
                }),
                Err(error) => outcomes.note_at(index, self.bury(claim, &error).await)?,
            }
        }
        Ok(steps)
    }

    /// Ends those whose claim has had its effect, which was not taken back since: the API need not be asked again for each repetition. What nobody had
    /// before can hardly have had one, and if it had, that comes to light when it is applied.
    async fn without_old_news<'a>(
        &self,
        steps: Vec<Step<'a>>,
        outcomes: &mut Outcomes,
    ) -> Result<Vec<Step<'a>>, StoreError> {
        let effects: Vec<_> = steps.iter().map(Step::claimed_effect).collect();
        let asked: Vec<EffectKey> = effects.iter().flatten().flatten().cloned().collect();
        if asked.is_empty() {
            return Ok(steps);
        }
        let are_done = self.inbox.are_done(&asked).await?;
        let mut are_done = are_done.chunks(2);
        let mut left = Vec::with_capacity(steps.len());
        for (step, effect) in steps.into_iter().zip(effects) {
            let is_old = effect.and_then(|_| are_done.next()) == Some(&[true, false]);
            if is_old {
                let ended = self
                    .inbox
                    .complete(step.claim, None, self.clock.now())
                    .await;
                outcomes.note(&step, ended.map(|_| Outcome::Repeated))?;
            } else {
                left.push(step);
            }
        }
        Ok(left)
    }

    /// Asks the API about all of them at the same time. No two are about one subject, which the inbox sees to: else the
    /// older answer could be handed on behind the newer one. The answers are in the order of the steps.
    async fn confirm<'a>(&self, steps: Vec<Step<'a>>, until: Timestamp) -> Vec<(Step<'a>, Answer)> {
        let questions = steps.into_iter().map(async |step| {
            let question = step.callback.confirm(&*self.api);
            let answer = caught_within(self.left(until), &*self.clock, question).await;
            if is_answered(&answer) {
                let kind = step.claim.entry().key.kind();
                self.answers.hear(kind, self.clock.now());
            }
            (step, answer)
        });
        join_all(questions).await
    }
}

/// Whether the API said something, whatever it was.
fn is_answered(answer: &Answer) -> bool {
    match answer {
        Ok(Ok(_) | Err(Unconfirmed::NotYet | Unconfirmed::Contradiction { .. })) => true,
        Ok(Err(Unconfirmed::NoAnswer(_) | Unconfirmed::Unrecognized)) | Err(_) => false,
    }
}
