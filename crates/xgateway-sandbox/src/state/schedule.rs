//! What time alone will change.

use jiff::Timestamp;
use uuid::Uuid;

use serde::{Deserialize, Serialize};

use super::{Key, Sorted};
use crate::event::{Step, TransactionState};

/// What falls due.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Due {
    InvoiceExpires(Uuid),
    BankAnswers(Uuid),
    /// The blockchain says this of a deposit.
    ChainSpeaks(Uuid, TransactionState),
    /// Something about a customer who pays by bank.
    Customer(Uuid, Step),
}

impl Due {
    /// Whether it only ends the waiting for a person. A clock that jumps does not jump to it.
    fn waits_for_a_person(self) -> bool {
        match self {
            Self::InvoiceExpires(_) | Self::Customer(_, Step::LinkDone) => true,
            Self::BankAnswers(_)
            | Self::ChainSpeaks(..)
            | Self::Customer(
                _,
                Step::ApplicantReady | Step::Decided(_) | Step::AccountOpens(_) | Step::Reversed,
            ) => false,
        }
    }
}

/// When something falls due. The number is that of the event that put it there: it keeps what falls due together in
/// its order.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub(crate) struct Slot {
    pub(crate) at: Timestamp,
    sequence: u64,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Schedule(Sorted<Slot, Due>);

impl Key for Slot {
    fn distance(self, _: Self) -> Option<usize> {
        None
    }
}

impl Slot {
    pub(crate) fn new(at: Timestamp, sequence: u64) -> Self {
        Self { at, sequence }
    }
}

impl Schedule {
    /// What comes first, until `limit`.
    pub(crate) fn first(&self, limit: Timestamp) -> Option<(Timestamp, Due)> {
        let (slot, due) = self.0.first()?;
        (slot.at <= limit).then_some((slot.at, *due))
    }

    /// When the first thing falls due that needs nobody.
    pub(crate) fn first_without_a_person(&self) -> Option<Timestamp> {
        let mut all = self.0.iter();
        let (slot, _) = all.find(|(_, due)| !due.waits_for_a_person())?;
        Some(slot.at)
    }

    /// Whether a customer is on the KYC vendor's pages.
    pub(crate) fn waits_for_link(&self, customer: Uuid) -> bool {
        let waited = Due::Customer(customer, Step::LinkDone);
        self.0.values().any(|due| *due == waited)
    }

    pub(super) fn add(&mut self, slot: Slot, due: Due) {
        self.0.insert(slot, due);
    }

    pub(super) fn remove(&mut self, slot: Slot) {
        self.0.remove(&slot);
    }

    /// Removes the first that is `due`.
    pub(super) fn remove_first(&mut self, due: Due) {
        let found = self.0.iter().find(|(_, planned)| **planned == due);
        if let Some(slot) = found.map(|(slot, _)| *slot) {
            self.0.remove(&slot);
        }
    }
}
