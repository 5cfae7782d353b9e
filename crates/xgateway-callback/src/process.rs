//! Takes callbacks out of the inbox, confirms and applies them.

mod answers;
mod apply;
mod caught;
mod end;
mod exactly_once;
mod group;
mod round;
mod settings;
mod unended;
mod withhold;

pub use apply::{Apply, ApplyError, AtLeastOnce, Handler, HandlerError};
pub use exactly_once::{Book, ExactlyOnce};
pub use round::Round;
pub use settings::ProcessorSettings;

use std::error::Error as _;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use jiff::Timestamp;
use xgateway_store::{Claim, SharedInbox, StoreError};

use self::answers::{Answers, TOLD_EACH};
use crate::clock::Clock;
use crate::confirm::Confirm;

/// Takes callbacks out of an inbox: confirms each through the API and applies it.
///
/// With [`ExactlyOnce`] those of a batch are confirmed at the same time and booked in one database transaction. With
/// [`AtLeastOnce`], and whatever else applies them singly, they come one after the other.
///
/// Run as many as the API and the database bear, in one process or in many: an entry is with one of them at a time.
/// Whatever fails for a while is tried again, later and later; what fails too often, or for good, becomes a dead letter
/// with its reason, for a person to look at and replay. A panic of what is called for a callback counts as such a failure
/// and goes no further, and what kills the process again and again is found and given up. An API that cannot be reached makes no dead letters.
pub struct Processor {
    inbox: SharedInbox,
    api: Arc<dyn Confirm>,
    apply: Arc<dyn Apply>,
    clock: Arc<dyn Clock>,
    settings: ProcessorSettings,
    answers: Answers,
    /// Whether the inbox is known to belong to the environment that is asked.
    is_ours: AtomicBool,
}

impl Processor {
    /// A processor of the entries that `apply` [ends](Apply::inbox).
    ///
    /// [`ExactlyOnce`] makes a [`Book`] an [`Apply`], over a store with transactions; [`AtLeastOnce`] makes one of a
    /// [`Handler`], which may have effects elsewhere.
    pub fn new(api: Arc<dyn Confirm>, apply: Arc<dyn Apply>, clock: Arc<dyn Clock>) -> Self {
        Self {
            inbox: apply.inbox(),
            api,
            apply,
            clock,
            settings: ProcessorSettings::default(),
            answers: Answers::default(),
            is_ours: AtomicBool::new(false),
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
    /// [`StoreError`] if it is not transient: somebody must repair the store, or it [belongs](Confirm::environment) to another
    /// environment.
    pub async fn run(&self, stop: impl Future<Output = ()>) -> Result<(), StoreError> {
        let mut stop = pin!(stop);
        let mut told = None;
        loop {
            let time = match self.round().await {
                Ok(round) if round.claimed() > 0 => Duration::ZERO,
                Ok(_) => self.settings.idle,
                Err(error) if error.is_transient() => {
                    self.tell_away(&error, &mut told);
                    self.settings.idle
                }
                Err(error) => return Err(error),
            };
            if self.is_stopped_within(time, stop.as_mut()).await {
                return Ok(());
            }
        }
    }

    /// Once a minute, however often it is tried.
    fn tell_away(&self, error: &StoreError, told: &mut Option<Timestamp>) {
        let now = self.clock.now();
        if told.is_some_and(|at| now.duration_since(at).unsigned_abs() < TOLD_EACH) {
            return;
        }
        *told = Some(now);
        let cause = error.source().map(tracing::field::display);
        tracing::error!(%error, cause, "the inbox is away");
    }

    /// Processes one batch, and tells what became of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; what was claimed and not finished is due again when its lease is over.
    pub async fn round(&self) -> Result<Round, StoreError> {
        self.must_be_ours().await?;
        let mut round = Round::default();
        let settings = &self.settings;
        let claims = self
            .inbox
            .claim(self.clock.now(), settings.lease, self.batch())
            .await?;
        let (usual, unended) = self.by_their_ends(claims);
        let groups = usual.chunks(self.apply.together_max().max(1));
        let groups: Vec<_> = groups.chain(unended.chunks(1)).collect();
        for (done, group) in groups.iter().enumerate() {
            let until = self.until(group, groups.len() - done);
            let outcomes = self.process(group, until).await?;
            for (claim, outcome) in group.iter().zip(outcomes) {
                let entry = claim.entry();
                tracing::info!(
                    kind = entry.key.kind().as_str(),
                    entry = entry.id.get(),
                    outcome = outcome.as_str(),
                    "callback processed"
                );
                round.count(outcome);
            }
        }
        Ok(round)
    }

    /// Another environment's API would be believed about callbacks that are none of its.
    async fn must_be_ours(&self) -> Result<(), StoreError> {
        if let Some(environment) = self.api.environment()
            && !self.is_ours.load(Ordering::Relaxed)
        {
            self.inbox.belongs_to(environment).await?;
            self.is_ours.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    fn batch(&self) -> usize {
        let suits = self.apply.together_max().clamp(4, 64);
        self.settings.batch.unwrap_or(suits)
    }

    /// Until when a group may take, so that each of those that are left comes to its turn and can be put back in time.
    fn until(&self, group: &[Claim], left: usize) -> Timestamp {
        let now = self.clock.now();
        let over = group.first().map_or(now, |claim| claim.entry().due_at);
        let rest = Duration::try_from(over.duration_since(now)).unwrap_or_default();
        let rest = rest.saturating_sub(self.settings.lease / 10);
        let share = rest / u32::try_from(left.max(1)).unwrap_or(u32::MAX);
        let time = self.settings.time_limit.map_or(share, |it| it.min(rest));
        now.checked_add(time).unwrap_or(now)
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
