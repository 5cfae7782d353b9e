//! Customers who pay by bank.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Due, Map, Schedule, Slot};
use crate::event::{
    AccountFacts, CustomerChange, CustomerFacts, DocumentFacts, Event, Items, KycNews, KycStatus,
    MerchantText, Outcome, Personal, Step,
};

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Customers {
    all: Map<MerchantText, Customer>,
    by_id: Map<Uuid, MerchantText>,
    /// By the name of the page on which they do everything.
    #[serde(default)]
    pages: Map<Uuid, MerchantText>,
    /// By IBAN, or by sort code and account number.
    accounts: Map<Arc<str>, (MerchantText, Uuid)>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Customer {
    pub(crate) items: Items,
    pub(crate) applicant: Applicant,
    /// The vendor has an identity document from somebody else.
    pub(crate) is_shared: bool,
    pub(crate) documents: Vec<DocumentFacts>,
    pub(crate) kyc: Option<KycNews>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) verifications: u64,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Applicant {
    #[default]
    None,
    /// The vendor makes it.
    Coming,
    Ready,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Account {
    pub(crate) facts: AccountFacts,
    pub(crate) is_active: bool,
}

impl Customers {
    pub(crate) fn get(&self, customer_id: &str) -> Option<&Customer> {
        self.all.get(customer_id)
    }

    /// With their ids, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&MerchantText, &Customer)> {
        self.all.iter()
    }

    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn name(&self, id: Uuid) -> Option<&MerchantText> {
        self.by_id.get(&id)
    }

    /// Whose page this is.
    pub(crate) fn of_page(&self, page: Uuid) -> Option<&MerchantText> {
        self.pages.get(&page)
    }

    /// Whose account this is, and which.
    pub(crate) fn account(&self, key: &str) -> Option<(&MerchantText, &Customer, &Account)> {
        let (customer_id, id) = self.accounts.get(key)?;
        let customer = self.all.get(customer_id)?;
        let account = customer.accounts.iter().find(|it| it.facts.id == *id)?;
        Some((customer_id, customer, account))
    }

    pub(super) fn change(&mut self, event: &Event, facts: &CustomerFacts, schedule: &mut Schedule) {
        let id = facts.customer;
        self.by_id.insert(id, facts.customer_id.clone());
        let slot = |at| Slot::new(at, event.sequence);
        let mut plan = |at, step| schedule.add(slot(at), Due::Customer(id, step));
        let customer = self.all.entry(&facts.customer_id);
        match &facts.change {
            CustomerChange::ProfileCreated(items) | CustomerChange::ProfileCorrected(items) => {
                customer.items.take(items);
            }
            CustomerChange::ApplicantCreated { ready_at, birth } => {
                customer.items.birth = Some(*birth);
                customer.applicant = Applicant::Coming;
                plan(*ready_at, Step::ApplicantReady);
            }
            CustomerChange::DocumentStored(document) => {
                let is_other =
                    |it: &DocumentFacts| (&it.kind, &it.side) != (&document.kind, &document.side);
                customer.documents.retain(is_other);
                customer.documents.push(document.clone());
            }
            CustomerChange::TokenImported { ready_at } => {
                customer.is_shared = true;
                if let Some(at) = ready_at {
                    customer.applicant = Applicant::Coming;
                    plan(*at, Step::ApplicantReady);
                }
            }
            CustomerChange::LinkMade { done_at, page } => {
                plan(*done_at, Step::LinkDone);
                if let Some(page) = page {
                    self.pages.insert(*page, facts.customer_id.clone());
                }
            }
            CustomerChange::LinkLeft => schedule.remove_first(Due::Customer(id, Step::LinkDone)),
            CustomerChange::VerificationStarted {
                verdict,
                decided_at,
                ..
            } => {
                customer.verifications += 1;
                // Whoever is checked is an applicant, and has nothing left to do elsewhere.
                customer.applicant = Applicant::Ready;
                plan(*decided_at, Step::Decided(*verdict));
                for over in [Step::ApplicantReady, Step::LinkDone] {
                    schedule.remove_first(Due::Customer(id, over));
                }
            }
            CustomerChange::StatusChanged {
                step,
                news,
                reversed_at,
            } => {
                customer.kyc = Some(news.clone());
                if let Some(at) = reversed_at {
                    plan(*at, Step::Reversed);
                }
                if let Some(step) = step {
                    if *step == Step::ApplicantReady {
                        customer.applicant = Applicant::Ready;
                    }
                    schedule.remove_first(Due::Customer(id, *step));
                }
            }
            CustomerChange::AccountOpened {
                facts: account,
                active_at,
            } => {
                plan(*active_at, Step::AccountOpens(account.id));
                customer.accounts.push(Account {
                    facts: account.clone(),
                    is_active: false,
                });
                for key in account.keys() {
                    let place = (facts.customer_id.clone(), account.id);
                    self.accounts.insert(key, place);
                }
            }
            CustomerChange::AccountActive { account } => {
                for it in &mut customer.accounts {
                    it.is_active |= it.facts.id == *account;
                }
                schedule.remove_first(Due::Customer(id, Step::AccountOpens(*account)));
            }
            CustomerChange::PaymentBounced { .. } | CustomerChange::CallbackQueued { .. } => {}
        }
    }
}

impl Customer {
    pub(crate) fn status(&self) -> Option<KycStatus> {
        self.kyc.as_ref().map(|news| news.status)
    }

    /// What is missing of the least set, by the types that would do.
    pub(crate) fn missing(&self) -> Vec<Box<str>> {
        let mut missing: Vec<Box<str>> = Vec::new();
        let has_identity = self.is_shared || IDENTITY.iter().any(|kind| self.has(kind));
        if !has_identity {
            missing.extend(IDENTITY.iter().map(|kind| Box::from(*kind)));
        }
        for kind in ["SELFIE", "UTILITY_BILL"] {
            if !self.has(kind) {
                missing.push(kind.into());
            }
        }
        missing
    }

    /// Whether every side of a document is there.
    fn has(&self, kind: &str) -> bool {
        let sides: Vec<_> = self
            .documents
            .iter()
            .filter(|it| &*it.kind == kind)
            .map(|it| it.side.as_deref())
            .collect();
        match kind {
            "ID_CARD" | "DRIVERS" => [FRONT, BACK]
                .iter()
                .all(|side| sides.contains(&Some(*side))),
            // One side or two, but not the back alone.
            _ => sides.iter().any(|side| *side != Some(BACK)),
        }
    }

    /// The documents whose content asks for `outcome`.
    pub(crate) fn documents_with(&self, outcome: Outcome) -> Vec<Box<str>> {
        let mut kinds: Vec<Box<str>> = Vec::new();
        for document in &self.documents {
            if document.outcome == Some(outcome) && !kinds.contains(&document.kind) {
                kinds.push(document.kind.clone());
            }
        }
        kinds
    }
}

/// The documents that prove an identity, in the order in which the gateway lists them.
const IDENTITY: [&str; 4] = ["PASSPORT", "DRIVERS", "ID_CARD", "RESIDENCE_PERMIT"];

const FRONT: &str = "FRONT_SIDE";
pub(crate) const BACK: &str = "BACK_SIDE";

impl Items {
    /// Takes over what is given.
    fn take(&mut self, other: &Self) {
        let pairs = [
            (&mut self.first_name, &other.first_name),
            (&mut self.last_name, &other.last_name),
        ];
        for (mine, theirs) in pairs {
            if let Some(given) = theirs {
                *mine = Some(given.clone());
            }
        }
        for (mine, theirs) in self.accepted.iter_mut().zip(other.accepted) {
            *mine |= theirs;
        }
        if other.birth.is_some() {
            self.birth = other.birth;
        }
    }

    /// Both names, as a bank would write them.
    pub(crate) fn full_name(&self) -> String {
        let names = [&self.first_name, &self.last_name];
        let names: Vec<_> = names.into_iter().flatten().map(Personal::expose).collect();
        names.join(" ")
    }
}

impl AccountFacts {
    /// Under which a payment finds it.
    pub(crate) fn keys(&self) -> Vec<Arc<str>> {
        let iban = self.iban.as_ref().map(|it| Arc::from(it.expose()));
        let pair = self.sort_code.as_ref().zip(self.account_number.as_ref());
        let pair = pair.map(|(code, number)| account_key(code.expose(), number.expose()).into());
        iban.into_iter().chain(pair).collect()
    }
}

pub(crate) fn account_key(sort_code: &str, account_number: &str) -> String {
    format!("{sort_code}/{account_number}")
}
