//! What survives.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use rust_decimal::Decimal;
use xgateway::flows::deposit::Machine;
use xgateway::flows::onboarding::{Machine as Onboarding, State};
use xgateway::store::{
    Attempt, EffectKey, Entry, EntryId, EntryState, Inbox as _, Intent, IntentState, ListQuery,
    MemoryInbox, MemoryJournal, Outcome,
};

use crate::history::now_or_never;

/// A customer gets money.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Credit {
    pub(crate) transaction: String,
    pub(crate) customer: String,
    pub(crate) amount: Decimal,
    pub(crate) currency: String,
}

/// What one commit writes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    /// How far the deposits of a customer of the plan have come.
    pub(crate) saver: Option<(usize, String)>,
    pub(crate) credit: Option<Credit>,
}

/// The merchant's database.
#[derive(Default)]
pub(crate) struct Disk {
    pub(crate) inbox: Arc<MemoryInbox>,
    pub(crate) journal: Arc<MemoryJournal>,
    /// Held by one task at a time, and free again when its process has ended.
    pub(super) saver_locks: [tokio::sync::Mutex<()>; 2],
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    savers: BTreeMap<usize, String>,
    /// What the journal said last of each attempt.
    intents: BTreeMap<Attempt, IntentState>,
    /// The attempts that were begun when the journal held the decline of the one before.
    after_declines: BTreeSet<Attempt>,
    wanted: Vec<usize>,
    missed: BTreeMap<u64, Bytes>,
    /// How the onboardings of newcomers stand; before anything was stored, that they are wanted.
    onboardings: BTreeMap<usize, Option<String>>,
    corrected: BTreeSet<usize>,
    /// The accounts that newcomers were told to pay to.
    accounts: BTreeSet<(usize, String)>,
    ledger: Vec<Credit>,
    /// The effects that ran.
    effects: BTreeSet<String>,
    /// What ran twice, or was to be credited once more as something else.
    doubled: Option<String>,
    /// Everything that was ever stored of a flow, or journalled.
    stored: String,
    regressions: Vec<String>,
}

impl Disk {
    /// Writes a change. Returns the credit if the customer got it now: the transaction's id is a unique key.
    pub(crate) fn commit(&self, change: &Change) -> Option<Credit> {
        let mut books = self.books();
        if let Some((saver, snapshot)) = &change.saver {
            books.store(*saver, snapshot);
        }
        let credit = change.credit.clone()?;
        let known = books
            .ledger
            .iter()
            .find(|it| it.transaction == credit.transaction);
        match known {
            None => {
                books.ledger.push(credit.clone());
                Some(credit)
            }
            Some(known) => {
                if *known != credit {
                    let how = format!("{credit}, which was credited as {known}");
                    books.doubled.get_or_insert(how);
                }
                None
            }
        }
    }

    /// Notes that an effect runs.
    pub(crate) fn run(&self, effect: &EffectKey) {
        let mut books = self.books();
        if !books.effects.insert(effect.as_str().to_owned()) {
            let how = format!("the effect {} ran twice", effect.as_str());
            books.doubled.get_or_insert(how);
        }
    }

    /// What happened twice.
    pub(crate) fn doubled(&self) -> Option<String> {
        self.books().doubled.clone()
    }

    /// The callbacks that were given up since what is done about them took too long.
    pub(crate) fn took_too_long(&self) -> Vec<EntryId> {
        let query = ListQuery::default().with_state(EntryState::Dead);
        let dead = now_or_never(self.inbox.list(query));
        let dead = dead.and_then(Result::ok).unwrap_or_default();
        let is_slow = |entry: &Entry| {
            let reason = entry.reason.as_ref();
            reason.is_some_and(|reason| reason.as_str() == "the handler failed: it took too long")
        };
        dead.into_iter().filter(is_slow).map(|it| it.id).collect()
    }

    /// Writes a credit and nothing else, without the unique key: only a bug does that.
    pub(crate) fn credit_blindly(&self, credit: Credit) {
        self.books().ledger.push(credit);
    }

    /// How far the deposits of a customer have come.
    pub(crate) fn saver(&self, saver: usize) -> Option<String> {
        self.books().savers.get(&saver).cloned()
    }

    /// Notes what the journal says of an attempt after it was written.
    pub(crate) fn journalled(&self, intent: &Intent) {
        self.books().journalled(intent);
    }

    /// Whether an attempt was begun when the journal held the decline of the one before.
    pub(crate) fn followed_a_decline(&self, attempt: &Attempt) -> bool {
        self.books().after_declines.contains(attempt)
    }

    /// That a person has found a callback which was given up.
    pub(crate) fn miss(&self, number: u64, body: Bytes) {
        self.books().missed.insert(number, body);
    }

    /// The callbacks that were given up, and of which nothing has come yet.
    pub(crate) fn missed(&self) -> BTreeMap<u64, Bytes> {
        self.books().missed.clone()
    }

    /// That what a callback had told is known.
    pub(crate) fn make_up_for(&self, number: u64) {
        self.books().missed.remove(&number);
    }

    /// That a customer wants an address.
    pub(crate) fn want(&self, saver: usize) {
        self.books().wanted.push(saver);
    }

    pub(crate) fn wanted(&self) -> Vec<usize> {
        self.books().wanted.clone()
    }

    /// That a customer wants to be onboarded.
    pub(crate) fn want_onboarding(&self, newcomer: usize) {
        self.books().onboardings.entry(newcomer).or_default();
    }

    pub(crate) fn newcomers(&self) -> Vec<usize> {
        self.books().onboardings.keys().copied().collect()
    }

    /// How far an onboarding has come.
    pub(crate) fn onboarding(&self, newcomer: usize) -> Option<String> {
        self.books().onboardings.get(&newcomer).cloned().flatten()
    }

    /// Stores how far an onboarding has come; `may_fall` says that KYC is not passed at the gateway.
    pub(crate) fn store_onboarding(&self, newcomer: usize, snapshot: &str, may_fall: bool) {
        let mut books = self.books();
        books.keep(snapshot);
        let before = books
            .onboardings
            .insert(newcomer, Some(snapshot.to_owned()));
        if let Some(before) = before.flatten()
            && !onboarding_may_follow(&before, snapshot, may_fall)
        {
            let how = format!("newcomer {newcomer} went from {before} to {snapshot}");
            books.regressions.push(how);
        }
    }

    /// That a customer is told to pay to this account.
    pub(crate) fn tell_account(&self, newcomer: usize, iban: &str) {
        self.books().accounts.insert((newcomer, iban.to_owned()));
    }

    /// What a customer was told in all.
    pub(crate) fn accounts(&self, newcomer: usize) -> Vec<String> {
        let books = self.books();
        let told = books.accounts.iter().filter(|(it, _)| *it == newcomer);
        told.map(|(_, iban)| iban.clone()).collect()
    }

    /// That a customer has handed in what was wrong.
    pub(crate) fn correct(&self, newcomer: usize) {
        self.books().corrected.insert(newcomer);
    }

    pub(crate) fn is_corrected(&self, newcomer: usize) -> bool {
        self.books().corrected.contains(&newcomer)
    }

    pub(crate) fn ledger(&self) -> Vec<Credit> {
        self.books().ledger.clone()
    }

    pub(crate) fn regressions(&self) -> Vec<String> {
        self.books().regressions.clone()
    }

    /// Looks at everything that was ever stored of a flow.
    pub(crate) fn with_stored<T>(&self, look: impl FnOnce(&str) -> T) -> T {
        look(&self.books().stored)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn store(&mut self, saver: usize, snapshot: &str) {
        self.keep(snapshot);
        if let Some(before) = self.savers.insert(saver, snapshot.to_owned())
            && before != snapshot
            && !may_follow(&before, snapshot)
        {
            let how = format!("saver {saver} went from {before} to {snapshot}");
            self.regressions.push(how);
        }
    }

    fn journalled(&mut self, intent: &Intent) {
        self.keep(&format!("{intent:?}"));
        self.keep(intent.progress.as_ref().map_or("", |it| it.as_str()));
        let declined = IntentState::Finished(Outcome::Declined);
        let previous = intent.attempt.previous();
        let is_begun = self.intents.contains_key(&intent.attempt);
        if !is_begun && previous.is_some_and(|it| self.intents.get(&it) == Some(&declined)) {
            self.after_declines.insert(intent.attempt.clone());
        }
        let before = self.intents.insert(intent.attempt.clone(), intent.state);
        let charged = IntentState::Finished(Outcome::Charged);
        if before == Some(charged) && intent.state != charged {
            let how = format!("{} was charged and is {}", intent.attempt, intent.state);
            self.regressions.push(how);
        }
    }

    fn keep(&mut self, text: &str) {
        self.stored.push_str(text);
        self.stored.push('\n');
    }
}

/// Whether what is for good in the first is in the second, too.
fn may_follow(before: &str, after: &str) -> bool {
    let (Ok(before), Ok(after)) = (Machine::from_json(before), Machine::from_json(after)) else {
        return false;
    };
    let keeps_credits = before
        .credits()
        .all(|credit| after.credits().any(|it| it == credit));
    let keeps_addresses = before
        .addresses()
        .all(|address| after.addresses().any(|it| it == address));
    keeps_credits && keeps_addresses
}

/// Whether an onboarding may go from one to the other: what was made stays made, and only the gateway takes back that
/// KYC is passed.
fn onboarding_may_follow(before: &str, after: &str, may_fall: bool) -> bool {
    let (Ok(before), Ok(after)) = (Onboarding::from_json(before), Onboarding::from_json(after))
    else {
        return false;
    };
    made(&after) >= made(&before) && (after.is_passed() || !before.is_passed() || may_fall)
}

/// How much is there for good: nothing, the profile, the applicant.
fn made(machine: &Onboarding) -> u8 {
    match machine.state() {
        State::Profile => 0,
        // An account is asked for before there is an applicant, or when KYC is passed.
        State::Account(_) => 1 + u8::from(machine.is_passed()),
        State::Applicant(_) => 1,
        State::Preparing
        | State::Documents
        | State::Verification(_)
        | State::Verifying { .. }
        | State::Failed
        | State::Correcting
        | State::Opening
        | State::Onboarded
        | State::Rejected
        | State::OtherCustomer => 2,
    }
}

impl fmt::Display for Credit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id: String = self.transaction.chars().take(8).collect();
        let Self {
            amount,
            currency,
            customer,
            ..
        } = self;
        write!(f, "{amount} {currency} to {customer} for transaction {id}")
    }
}
