//! Addresses, and what was paid to them.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xgateway_core::money::Currency;

use super::{Due, Map, Schedule, Slot, Sorted, Version};
use crate::event::{AddressFacts, DepositFacts, Event, MerchantText, TransactionState};

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Channels {
    /// What each address was asked for, the newest last; never empty.
    addresses: Map<Arc<str>, Vec<Arc<AddressFacts>>>,
    qr_codes: Map<Uuid, Arc<str>>,
    deposits: Map<Uuid, Deposit>,
    /// The same in the order in which they were seen, by the number of that event.
    seen: Sorted<u64, Uuid>,
    /// How often each address was paid to.
    counts: Map<MerchantText, u64>,
    /// How many payments are no longer kept.
    #[serde(default)]
    forgotten: u64,
    /// The payments with a name that were seen after the first was forgotten. The ids of the others follow from their names
    /// alone, as did all in older logs.
    #[serde(default)]
    named: Map<MerchantText, Uuid>,
}

/// A payment to an address or a bank account, or a withdrawal.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Deposit {
    pub(crate) facts: Arc<DepositFacts>,
    pub(crate) direction: Direction,
    pub(crate) created_at: Timestamp,
    seen: u64,
    /// How it stood, the newest last; never empty.
    versions: Vec<Version>,
}

/// Whether the customer pays the merchant, or the merchant the customer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Direction {
    In,
    Out,
}

impl Direction {
    /// As the gateway calls it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::In => "deposit",
            Self::Out => "withdrawal",
        }
    }
}

impl Channels {
    /// What an address was asked for last, or for this currency.
    pub(crate) fn address(&self, text: &str, currency: Option<&Currency>) -> Option<&AddressFacts> {
        let known = self.addresses.get(text)?;
        let wanted = known
            .iter()
            .rfind(|facts| currency.is_none_or(|currency| facts.currency == *currency))?;
        Some(wanted)
    }

    /// Every address, for each currency that it takes.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &AddressFacts> {
        self.addresses.values().flatten().map(|facts| &**facts)
    }

    /// The address whose image has this name.
    pub(crate) fn address_of_qr_code(&self, id: Uuid) -> Option<&AddressFacts> {
        self.address(self.qr_codes.get(&id)?, None)
    }

    pub(crate) fn deposit(&self, id: Uuid) -> Option<&Deposit> {
        self.deposits.get(&id)
    }

    pub(crate) fn deposits(&self) -> impl Iterator<Item = &Deposit> {
        self.deposits.values()
    }

    pub(crate) fn deposit_count(&self) -> usize {
        self.deposits.len()
    }

    /// The oldest payment of which nothing more will be heard, unless there are many before it of which there will.
    pub(crate) fn oldest_ended(&self) -> Option<&Deposit> {
        let oldest = self.seen.values().take(super::OLDEST_LOOKED_AT);
        let mut deposits = oldest.filter_map(|id| self.deposits.get(id));
        deposits.find(|it| it.versions.len() > it.facts.plan.len())
    }

    /// How many payments are no longer kept.
    pub(crate) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// The payment of this name, if it was seen after the first was forgotten.
    pub(crate) fn named(&self, name: &str) -> Option<Uuid> {
        self.named.get(name).copied()
    }

    /// How many addresses there are.
    pub(crate) fn address_count(&self) -> usize {
        self.addresses.len()
    }

    /// How many addresses, accounts and customers were paid to.
    pub(crate) fn place_count(&self) -> usize {
        self.counts.len()
    }

    /// How often an address was paid to.
    pub(crate) fn count(&self, address: &str) -> u64 {
        self.counts.get(address).copied().unwrap_or_default()
    }

    pub(super) fn make_address(&mut self, facts: &Arc<AddressFacts>) {
        self.qr_codes
            .insert(facts.qr_code, Arc::clone(&facts.address));
        self.addresses.entry(&facts.address).push(Arc::clone(facts));
    }

    /// A payment that was seen, or a withdrawal that was asked for.
    pub(super) fn see(
        &mut self,
        event: &Event,
        facts: &Arc<DepositFacts>,
        direction: Direction,
        schedule: &mut Schedule,
    ) {
        *self.counts.entry(&facts.address) += 1;
        for (at, status) in &facts.plan {
            let slot = Slot::new(*at, event.sequence);
            schedule.add(slot, Due::ChainSpeaks(facts.id, *status));
        }
        let first = Version {
            status: match direction {
                Direction::In => TransactionState::Processing,
                Direction::Out => TransactionState::Pending,
            },
            amount: facts.amount,
            at: event.at,
        };
        let deposit = Deposit {
            facts: Arc::clone(facts),
            direction,
            created_at: event.at,
            seen: event.sequence,
            versions: vec![first],
        };
        if self.forgotten > 0
            && let Some(name) = facts.name()
        {
            self.named.insert(MerchantText::from(&*name), facts.id);
        }
        self.deposits.insert(facts.id, deposit);
        self.seen.insert(event.sequence, facts.id);
    }

    pub(super) fn forget(&mut self, id: Uuid) {
        let Some(deposit) = self.deposits.remove(&id) else {
            return;
        };
        self.seen.remove(&deposit.seen);
        if let Some(name) = deposit.facts.name() {
            self.named.remove(&*name);
        }
        self.forgotten += 1;
    }

    pub(super) fn change(
        &mut self,
        at: Timestamp,
        id: Uuid,
        status: TransactionState,
        schedule: &mut Schedule,
    ) {
        schedule.remove_first(Due::ChainSpeaks(id, status));
        if let Some(deposit) = self.deposits.get_mut(&id) {
            // Somebody may have decided before the time, and otherwise.
            if deposit.direction == Direction::Out {
                for (_, planned) in &deposit.facts.plan {
                    schedule.remove_first(Due::ChainSpeaks(id, *planned));
                }
            }
            let amount = deposit.facts.amount;
            deposit.versions.push(Version { status, amount, at });
        }
    }
}

impl Deposit {
    /// How it stands now.
    pub(crate) fn now(&self) -> Version {
        *self
            .versions
            .last()
            .expect("a deposit is made with its first version")
    }
}
