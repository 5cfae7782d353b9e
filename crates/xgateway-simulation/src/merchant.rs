//! The merchant: the product's own pieces, put together as a merchant would.
//!
//! What is in [`Disk`] survives a crash. All else is a [`Process`], and dropped by one.

mod card;
mod channel;
mod clock;
mod credit;
mod disk;
mod inbox;
mod journal;
mod onboarding;
mod person;
mod planted;
mod process;

pub(crate) use disk::{Credit, Disk};
pub(crate) use planted::Bug;
pub(crate) use process::{Installed, Process};

use std::sync::Arc;

use xgateway::api::policy::CardPolicy;
use xgateway::callback::Receiver;
use xgateway::client::Client;
use xgateway::flows::card::JournalledCards;
use xgateway::store::{SharedInbox, StoreError};

use self::clock::MerchantClock;
use self::disk::Change;
use crate::kinds::{Fault, Point};
use crate::plan::Plan;
use crate::sim::Sim;

/// What the tasks of one process share.
pub(crate) struct Shop {
    sim: Sim,
    disk: Arc<Disk>,
    plan: Plan,
    client: Client,
    cards: JournalledCards,
    inbox: SharedInbox,
    receiver: Receiver,
    clock: MerchantClock,
    policy: CardPolicy,
    /// Whether it is the one that does what only one may do at a time.
    is_first: bool,
    bug: Option<Bug>,
}

impl Shop {
    /// Keeps how far a flow has come, and what it credits, in one commit. A store that is away is tried again.
    async fn keep(&self, change: Change) {
        while let Err(error) = self.try_keep(&change).await {
            self.sim
                .tell("merchant", || format!("cannot store: {error}"));
            self.sim.pause(1_000).await;
        }
    }

    async fn try_keep(&self, change: &Change) -> Result<(), StoreError> {
        let (before, after) = if change.credit.is_some() {
            (Point::BeforeCredit, Point::AfterCredit)
        } else {
            (Point::BeforeSnapshot, Point::AfterSnapshot)
        };
        self.sim
            .store_point(before, Fault::StoreFailsBefore)
            .await?;
        self.commit(change);
        self.sim.store_point(after, Fault::StoreFailsAfter).await
    }

    /// The commit itself: nothing can come between its parts.
    fn commit(&self, change: &Change) {
        if let Some(credit) = self.disk.commit(change) {
            self.sim.tell("merchant", || format!("credits {credit}"));
        }
    }

    /// One task at a time is at the deposits of a customer, in whichever process: the database has a lock on them.
    async fn lock(&self, saver: usize) -> tokio::sync::MutexGuard<'_, ()> {
        self.disk.saver_locks[saver].lock().await
    }
}
