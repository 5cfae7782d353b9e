//! Following what was left open, one after the other.

use std::time::Duration;
use std::vec::IntoIter;

use jiff::Timestamp;
use tracing::warn;
use xgateway_store::{Attempt, Intent, StoreError};

use super::look::is_outage;
use super::{JournalledCards, JournalledError, Resumed, Standing, is_card_deposit};

/// How many open intents are read at a time.
const PAGE: usize = 100;

/// After how many looks in a row at which the gateway was not heard the rest is left for the next time.
const UNHEARD_MAX: usize = 5;

/// What others have left open, told as it is found. Comes from [`JournalledCards::resume_each`].
///
/// Whoever stops in the middle, or drops a future of [`next`](Self::next), has lost nothing that was told before.
#[derive(Debug)]
#[must_use = "it asks nobody until `next` is called"]
pub struct Resuming<'a> {
    cards: &'a JournalledCards,
    now: Timestamp,
    call_time: Duration,
    page: IntoIter<Intent>,
    last: Option<Intent>,
    /// Which attempts the standings were about.
    told: Vec<Attempt>,
    unheard: usize,
    is_over: bool,
}

impl<'a> Resuming<'a> {
    pub(super) fn new(cards: &'a JournalledCards, now: Timestamp) -> Self {
        Self {
            cards,
            now,
            call_time: cards.call_time,
            page: Vec::new().into_iter(),
            last: None,
            told: Vec::new(),
            unheard: 0,
            is_over: false,
        }
    }

    /// The next one; `None` once all were asked about, or the gateway was not heard five times in a row.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the journal cannot be read. That is the end; what was told before holds.
    #[must_use = "it may say that a customer is to be credited"]
    pub async fn next(&mut self) -> Option<Result<Resumed, StoreError>> {
        while !self.is_over {
            // Taken off the page only once it was looked at, so that a future that is dropped skips none.
            let Some(intent) = self.page.as_slice().first() else {
                if let Err(error) = self.turn_over().await {
                    return Some(Err(error));
                }
                continue;
            };
            if !is_card_deposit(intent) || self.may_be_under_way(intent) {
                self.page.next();
                continue;
            }
            let attempt = intent.attempt.clone();
            let outcome = self.cards.look(&attempt, self.now).await;
            self.page.next();
            self.note(&outcome);
            if !self.is_told(&attempt, &outcome) {
                return Some(Ok(Resumed { attempt, outcome }));
            }
        }
        None
    }

    /// Whether it ended before all were asked about, since the gateway was not heard.
    pub fn is_cut_short(&self) -> bool {
        self.unheard >= UNHEARD_MAX
    }

    async fn turn_over(&mut self) -> Result<(), StoreError> {
        let journal = &self.cards.journal;
        let page = journal.open_intents(Timestamp::MAX, self.last.as_ref(), PAGE);
        // An error is the end, too.
        self.is_over = true;
        let page = page.await?;
        self.is_over = page.is_empty();
        self.last = page.last().cloned();
        self.page = page.into_iter();
        if self.is_over {
            let unreadable = journal.unreadable(PAGE).await?.len();
            if unreadable > 0 {
                warn!(
                    unreadable,
                    "open orders in the journal cannot be read by this version: Journal::unreadable names them"
                );
            }
        }
        Ok(())
    }

    /// Whether whoever began it may still be at it. What was begun later than now, by a clock that was ahead, is not: it would
    /// be told of only once the time has come.
    fn may_be_under_way(&self, intent: &Intent) -> bool {
        let age = self.now.duration_since(intent.begun_at);
        age.unsigned_abs() < self.call_time
    }

    fn note(&mut self, outcome: &Result<Standing, JournalledError>) {
        self.unheard = if is_unheard(outcome) {
            self.unheard + 1
        } else {
            0
        };
        if self.is_cut_short() {
            warn!("the gateway does not answer: what else is open is left for the next time");
            self.is_over = true;
        }
    }

    /// Whether this was told already: of an order that another attempt has paid, each attempt tells the same.
    fn is_told(&mut self, attempt: &Attempt, outcome: &Result<Standing, JournalledError>) -> bool {
        let Ok(standing) = outcome else {
            return false;
        };
        let is_told = standing.attempt != *attempt && self.told.contains(&standing.attempt);
        if !is_told {
            self.told.push(standing.attempt.clone());
        }
        is_told
    }
}

/// Whether nobody could be asked how an attempt stands. An answer that tells nothing is one all the same: it comes again each
/// time, and must not keep the others from being asked about.
fn is_unheard(outcome: &Result<Standing, JournalledError>) -> bool {
    match outcome {
        Ok(standing) => standing.progress.unread().is_some_and(is_outage),
        Err(JournalledError::NotFollowed { source, .. }) => is_not_heard(source),
        Err(error) => is_not_heard(error),
    }
}

fn is_not_heard(error: &JournalledError) -> bool {
    if let JournalledError::NotHeard { source, .. } = error {
        source.as_ref().is_none_or(is_outage)
    } else {
        false
    }
}
