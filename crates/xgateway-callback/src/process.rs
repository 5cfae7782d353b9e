//! Takes callbacks out of the inbox, confirms and applies them.

mod apply;
mod round;

pub use apply::{Apply, ApplyError, AtLeastOnce, Handler, HandlerError};
pub use round::Round;

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use jiff::Timestamp;
use xgateway_store::{
    Backoff, Claim, Completed, EffectKey, EntryState, Reason, SharedInbox, StoreError,
    StoreErrorKind,
};

use self::round::Outcome;
use crate::authentic::AuthenticCallback;
use crate::clock::Clock;
use crate::confirm::{Confirm, NO_ANSWER, NoAnswer, Unconfirmed};

/// Takes callbacks out of an inbox, one after the other: confirms each through the API and applies it.
///
/// Run as many as the API and the database bear, in one process or in many: an entry is with one of them at a time.
/// Whatever fails for a while is tried again, later and later; what fails too often, or for good, becomes a dead letter
/// with its reason, for a person to look at and replay. An API that cannot be reached makes no dead letters.
pub struct Processor {
    inbox: SharedInbox,
    api: Arc<dyn Confirm>,
    apply: Arc<dyn Apply>,
    clock: Arc<dyn Clock>,
    settings: ProcessorSettings,
}

/// How a [`Processor`] works.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ProcessorSettings {
    /// How many entries are taken at once. They wait for each other.
    pub batch: usize,
    /// How long the entries of a batch are held: longer than all of them ever take.
    pub lease: Duration,
    /// How long to wait when there is nothing to do, or the store is away.
    pub idle: Duration,
    /// When to try again.
    pub backoff: Backoff,
}

impl Default for ProcessorSettings {
    /// Four entries for two minutes; half a second between looks; the store's own back-off.
    fn default() -> Self {
        Self {
            batch: 4,
            lease: Duration::from_mins(2),
            idle: Duration::from_millis(500),
            backoff: Backoff::default(),
        }
    }
}

impl Processor {
    /// A processor of the entries of `inbox`.
    ///
    /// [`AtLeastOnce`] makes a [`Handler`] an [`Apply`]; a store with transactions offers one whose effects happen
    /// exactly once.
    pub fn new(
        inbox: SharedInbox,
        api: Arc<dyn Confirm>,
        apply: Arc<dyn Apply>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            inbox,
            api,
            apply,
            clock,
            settings: ProcessorSettings::default(),
        }
    }

    /// Changes how it works.
    #[must_use]
    pub fn with_settings(mut self, settings: ProcessorSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Processes until `stop` is ready. What is being processed then is finished first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if it is not transient: somebody must repair the store.
    pub async fn run(&self, stop: impl Future<Output = ()>) -> Result<(), StoreError> {
        let mut stop = pin!(stop);
        loop {
            let time = match self.round().await {
                Ok(round) if round.claimed() > 0 => Duration::ZERO,
                Ok(_) => self.settings.idle,
                Err(error) if error.is_transient() => {
                    tracing::error!(%error, "the inbox is away");
                    self.settings.idle
                }
                Err(error) => return Err(error),
            };
            if self.is_stopped_within(time, stop.as_mut()).await {
                return Ok(());
            }
        }
    }

    /// Processes one batch, and tells what became of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; what was claimed and not finished is due again when its lease is over.
    pub async fn round(&self) -> Result<Round, StoreError> {
        let mut round = Round::default();
        let settings = &self.settings;
        let claims = self
            .inbox
            .claim(self.clock.now(), settings.lease, settings.batch)
            .await?;
        for claim in &claims {
            let is_over = self.clock.now() >= claim.entry().due_at;
            let outcome = if is_over {
                Outcome::Lost
            } else {
                match self.process(claim).await {
                    Ok(outcome) => outcome,
                    Err(error) if error.kind() == StoreErrorKind::LeaseLost => Outcome::Lost,
                    Err(error) => return Err(error),
                }
            };
            let entry = claim.entry();
            tracing::info!(
                kind = entry.key.kind().as_str(),
                entry = entry.id.get(),
                outcome = outcome.as_str(),
                "callback processed"
            );
            round.count(outcome);
        }
        Ok(round)
    }

    async fn process(&self, claim: &Claim) -> Result<Outcome, StoreError> {
        let entry = claim.entry();
        let callback = match AuthenticCallback::from_entry(entry) {
            Ok(callback) => callback,
            Err(error) => return self.bury(claim, &error).await,
        };
        if self.is_old_news(claim, &callback).await? {
            self.inbox.complete(claim, None, self.clock.now()).await?;
            return Ok(Outcome::Repeated);
        }
        let confirmed = match callback.confirm(&*self.api).await {
            Ok(confirmed) => confirmed,
            Err(Unconfirmed::NoAnswer(error)) => return self.wait_for_answer(claim, &error).await,
            Err(error @ Unconfirmed::NotYet) => return self.put_back_or_bury(claim, &error).await,
            Err(error @ (Unconfirmed::Contradiction { .. } | Unconfirmed::Unrecognized)) => {
                return self.bury(claim, &error).await;
            }
        };
        match self.apply.apply(claim, &confirmed, self.clock.now()).await {
            Ok(Completed::First) => Ok(Outcome::Applied),
            Ok(Completed::Repeated) => Ok(Outcome::Repeated),
            Err(ApplyError::Store(error)) => Err(error),
            Err(ApplyError::Handler(error @ HandlerError::Again(_))) => {
                self.put_back_or_bury(claim, &error).await
            }
            Err(ApplyError::Handler(HandlerError::NoAnswer(error))) => {
                self.wait_for_answer(claim, &error).await
            }
            Err(ApplyError::Handler(error @ HandlerError::Never(_))) => {
                self.bury(claim, &error).await
            }
        }
    }

    /// Whether what the callback claims has had its effect: the API need not be asked again for each repetition.
    async fn is_old_news(
        &self,
        claim: &Claim,
        callback: &AuthenticCallback<'_>,
    ) -> Result<bool, StoreError> {
        let effect = match (callback.id(), callback.claim()) {
            // A contradiction must come to light.
            (Some(id), Some(status)) if claim.entry().contradicts.is_none() => {
                EffectKey::parse(&format!("transaction:{id}:{status}")).ok()
            }
            _ => None,
        };
        match effect {
            Some(effect) => self.inbox.is_done(&effect).await,
            None => Ok(false),
        }
    }

    /// Not the callback's fault, so it is not given up.
    async fn wait_for_answer(
        &self,
        claim: &Claim,
        error: &NoAnswer,
    ) -> Result<Outcome, StoreError> {
        let wait = self.wait(claim).unwrap_or(self.settings.backoff.most);
        self.put_back(claim, wait, error).await
    }

    async fn put_back_or_bury(
        &self,
        claim: &Claim,
        why: &(dyn fmt::Display + Sync),
    ) -> Result<Outcome, StoreError> {
        if let Some(wait) = self.wait(claim) {
            return self.put_back(claim, wait, why).await;
        }
        let last = claim.entry().reason.as_ref();
        if !last.is_some_and(|last| last.as_str().starts_with(NO_ANSWER)) {
            return self.bury(claim, why).await;
        }
        // It was the API that used the attempts up, and now that it answers they begin anew.
        let id = claim.entry().id;
        let wait = self.settings.backoff.first;
        self.inbox.replay(id, self.later(wait)).await?;
        Ok(Outcome::PutBack)
    }

    async fn put_back(
        &self,
        claim: &Claim,
        wait: Duration,
        why: &(dyn fmt::Display + Sync),
    ) -> Result<Outcome, StoreError> {
        let reason = Reason::new(&why.to_string());
        self.inbox.retry(claim, self.later(wait), &reason).await?;
        Ok(Outcome::PutBack)
    }

    fn later(&self, wait: Duration) -> Timestamp {
        let now = self.clock.now();
        // A wait past the end of time is no wait that anybody sets.
        now.checked_add(wait).unwrap_or(now)
    }

    async fn bury(
        &self,
        claim: &Claim,
        why: &(dyn fmt::Display + Sync),
    ) -> Result<Outcome, StoreError> {
        let entry = claim.entry().id.get();
        let state = EntryState::Dead.as_str();
        tracing::warn!(entry, state, reason = %why, "callback given up; a person must look");
        self.inbox
            .dead(claim, &Reason::new(&why.to_string()), self.clock.now())
            .await?;
        Ok(Outcome::Dead)
    }

    fn wait(&self, claim: &Claim) -> Option<Duration> {
        let entry = claim.entry();
        self.settings
            .backoff
            .wait(entry.attempts, jitter(entry.id.get(), entry.attempts))
    }

    async fn is_stopped_within<F: Future<Output = ()>>(
        &self,
        time: Duration,
        mut stop: Pin<&mut F>,
    ) -> bool {
        let mut pause = self.clock.pause(time);
        poll_fn(|context| {
            if stop.as_mut().poll(context).is_ready() {
                return Poll::Ready(true);
            }
            if time.is_zero() {
                return Poll::Ready(false);
            }
            pause.as_mut().poll(context).map(|()| false)
        })
        .await
    }
}

impl fmt::Debug for Processor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Processor")
            .field("inbox", &self.inbox)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// A number that differs from entry to entry and from attempt to attempt, which is all that jitter needs.
fn jitter(entry: i64, attempt: u32) -> u32 {
    // The finaliser of SplitMix64: every bit of the input moves every bit of the output.
    let mut mixed = entry.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(attempt);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or(u32::MAX)
}

/// A worker is spawned, so what it runs must be `Send`. This is checked when it is compiled, and never called.
#[cfg(test)]
mod tests {
    use super::Processor;

    fn is_send(_: impl Send) {}

    #[expect(dead_code, reason = "that it compiles is the test")]
    fn a_round_and_a_run_are_send(processor: &Processor) {
        is_send(processor.round());
        is_send(processor.run(std::future::pending()));
    }
}
