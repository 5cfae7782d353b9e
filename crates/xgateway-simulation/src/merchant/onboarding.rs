//! Customers who are onboarded for payments by bank.

use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use xgateway::api::types::BankCurrency;
use xgateway::client::document::DocumentFile;
use xgateway::core::document::{Document, Page};
use xgateway::core::id::CustomerId;
use xgateway::core::issue::Issues;
use xgateway::flows::onboarding::{
    CallbackHint, Dossier, Files, Keep, Machine, OnboardingFlow, Patience, Pause, Plan, Progress,
    Sequence,
};
use xgateway::store::StoreError;
use xgateway_sandbox::EXAMPLE_AGREEMENT_HASHES;

use super::Shop;
use crate::canary;
use crate::kinds::{Fault, Point};
use crate::plan::{Fate, NewcomerPlan};
use crate::sim::{Event, Millis};

/// The grace is longer than any request is under way.
const PATIENCE: Patience = Patience {
    grace: Duration::from_mins(4),
    pauses_max: 30,
};

/// Between two looks, if no callback comes.
const PAUSE: Millis = 60_000;

impl Shop {
    /// Sees to a customer for as long as the process lives: what has ended may be taken back.
    pub(crate) async fn onboard(self: Arc<Self>, newcomer: usize) {
        let rings = || self.sim.with(|state| state.desks[newcomer].rings);
        // Where a process ended while it rested, the next one does not rest yet.
        self.sim
            .with(|state| state.desks[newcomer].rests_since = None);
        let mut is_hinted = false;
        loop {
            let heard = rings();
            let Ok(progress) = self.round(newcomer, is_hinted).await else {
                self.sim.pause(1_000).await;
                continue;
            };
            canary::note_debug(&progress);
            if let Progress::Onboarded(account) = &progress
                && let Some(iban) = &account.details().iban
            {
                self.disk.tell_account(newcomer, iban.expose());
            }
            let has_failed = matches!(progress, Progress::Failed(_));
            if has_failed {
                self.customer_corrects(newcomer);
            }
            let has_ended = matches!(progress, Progress::Onboarded(_) | Progress::Rejected(_))
                || (has_failed && !self.disk.is_corrected(newcomer));
            if has_ended {
                self.rest(newcomer, heard).await;
            } else {
                self.sim.pause(10_000).await;
            }
            is_hinted = rings() != heard;
        }
    }

    /// Says that there is news of a customer.
    pub(super) fn ring(&self, customer: &str) {
        let mut newcomers = self.plan.newcomers.iter();
        if let Some(newcomer) = newcomers.position(|it| it.id == customer) {
            self.sim.with(|state| state.desks[newcomer].rings += 1);
        }
    }

    /// How many onboardings have nothing to do.
    pub(super) fn resting(&self) -> usize {
        self.sim.with(|state| {
            let desks = state.desks.iter();
            desks
                .filter(|desk| desk.rests_since == Some(desk.rings))
                .count()
        })
    }

    /// From what is stored to where somebody must act, or patience ends.
    async fn round(&self, newcomer: usize, is_hinted: bool) -> Result<Progress, StoreError> {
        let plan = &self.plan.newcomers[newcomer];
        let id = CustomerId::parse(&plan.id).expect("the plan's ids are ids");
        let is_corrected = self.disk.is_corrected(newcomer);
        let dossier = || dossier(plan, id.clone(), is_corrected);
        let client = self.client.clone();
        let flow = match self.disk.onboarding(newcomer) {
            Some(snapshot) => OnboardingFlow::resume(client, &snapshot, dossier()),
            None => OnboardingFlow::new(client, what_for(plan, id.clone()), dossier()),
        };
        let mut flow = flow.expect("the disk gives back what was stored");
        canary::note_debug(&flow);
        if is_corrected {
            let is_document = plan.fate == Fate::BadDocument;
            let pages = if is_document {
                vec![Page::Selfie]
            } else {
                Vec::new()
            };
            // It changes nothing but where KYC has failed.
            let taken = flow.correct(dossier(), pages);
            taken.expect("the dossier is the customer's");
        }
        let mut keeper = Keeper {
            shop: self,
            newcomer,
        };
        if is_hinted {
            let hint = CallbackHint::new(id.clone());
            let progress = flow.callback_hint(&hint).await;
            if !progress.is_open() {
                keeper.keep(&flow.snapshot()).await?;
                return Ok(progress);
            }
        }
        let pause = ForNews {
            shop: self,
            newcomer,
        };
        let progress = flow.run(&mut keeper, &pause, PATIENCE);
        let progress = progress.await?;
        let state = flow.machine().state();
        self.sim
            .tell("merchant", || format!("{}: {state}", plan.id));
        Ok(progress)
    }

    /// Waits until there is news.
    async fn rest(&self, newcomer: usize, heard: u64) {
        let desk = |rests_since| {
            self.sim
                .with(|state| state.desks[newcomer].rests_since = rests_since);
        };
        desk(Some(heard));
        std::future::poll_fn(|_| {
            if self.sim.with(|state| state.desks[newcomer].rings != heard) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
        desk(None);
    }

    /// The customer is told what is wrong, once.
    fn customer_corrects(&self, newcomer: usize) {
        let Some(after) = self.plan.newcomers[newcomer].corrects_after else {
            return;
        };
        self.sim.with(|state| {
            if !state.told_to_correct.contains(&newcomer) {
                state.told_to_correct.push(newcomer);
                state.after(after, Event::Corrected(newcomer));
            }
        });
    }
}

fn what_for(plan: &NewcomerPlan, customer_id: CustomerId) -> Plan {
    let documents = [
        Document::Passport(()),
        Document::Selfie(()),
        Document::UtilityBill(()),
    ];
    Plan {
        customer_id,
        sequence: if plan.is_account_first {
            Sequence::AccountFirst
        } else {
            Sequence::KycFirst
        },
        currency: BankCurrency::Eur,
        pages: documents.iter().flat_map(Document::pages).collect(),
    }
}

fn dossier(plan: &NewcomerPlan, id: CustomerId, is_corrected: bool) -> Dossier {
    // What the sandbox decides by.
    let birth = match plan.fate {
        Fate::Passes | Fate::BadDocument => canary::BIRTH,
        Fate::Reviewed => "1901-01-01",
        Fate::WrongBirth => canary::BIRTH_TO_CORRECT,
        Fate::Rejected => "1903-03-03",
        Fate::Reversed => "1904-04-04",
    };
    let profile = json!({
        "firstName": canary::FIRST_NAME, "lastName": canary::LAST_NAME, "email": canary::EMAIL,
        "country": "GB", "currency": "EUR", "acceptedPrivacyPolicyHash": EXAMPLE_AGREEMENT_HASHES[0],
        "acceptedTermsAndConditionsHash": EXAMPLE_AGREEMENT_HASHES[1], "acceptedTermsOfServiceHash": EXAMPLE_AGREEMENT_HASHES[2],
    });
    let applicant = json!({
        "address1": canary::STREET, "postCode": canary::POSTAL_CODE, "city": canary::CITY,
        "country": "CZ", "dateOfBirth": birth, "sourceOfFunds": "SALARY",
    });
    let dossier = Dossier::new(id)
        .profile(serde_json::from_value(profile).expect("the body is fixed"))
        .applicant(serde_json::from_value(applicant).expect("the body is fixed"))
        .files(Scans {
            is_readable: is_corrected || plan.fate != Fate::BadDocument,
        });
    if is_corrected && plan.fate == Fate::WrongBirth {
        let correction = json!({ "dateOfBirth": canary::BIRTH });
        dossier.correction(serde_json::from_value(correction).expect("the body is fixed"))
    } else {
        dossier
    }
}

/// The customer's scans.
struct Scans {
    is_readable: bool,
}

#[async_trait]
impl Files for Scans {
    async fn open(&self, page: Page) -> Result<Option<DocumentFile>, Issues> {
        let unreadable = "xgateway-sandbox: unreadable";
        let is_bad = page == Page::Selfie && !self.is_readable;
        let what = if is_bad { unreadable } else { "a scan" };
        let pdf = format!("%PDF-1.7\n{} of {}\n%%EOF\n", what, canary::LAST_NAME);
        let file = DocumentFile::from_reader(Cursor::new(pdf.into_bytes()));
        file.await.map(Some)
    }
}

/// Stores how far an onboarding has come.
struct Keeper<'a> {
    shop: &'a Shop,
    newcomer: usize,
}

#[async_trait]
impl Keep for Keeper<'_> {
    type Error = StoreError;

    async fn keep(&mut self, snapshot: &str) -> Result<(), StoreError> {
        let sim = &self.shop.sim;
        sim.store_point(Point::BeforeOnboarding, Fault::StoreFailsBefore)
            .await?;
        let is_passed = Machine::from_json(snapshot).is_ok_and(|machine| machine.is_passed());
        let customer = &self.shop.plan.newcomers[self.newcomer].id;
        let may_fall = !is_passed
            && sim.with(|state| state.gateway.kyc(customer)).as_deref() != Some("FULL_USER");
        self.shop
            .disk
            .store_onboarding(self.newcomer, snapshot, may_fall);
        sim.store_point(Point::AfterOnboarding, Fault::StoreFailsAfter)
            .await
    }
}

/// Waits for news, or some time.
struct ForNews<'a> {
    shop: &'a Shop,
    newcomer: usize,
}

#[async_trait]
impl Pause for ForNews<'_> {
    async fn pause(&self, _attempt: u32) -> Duration {
        let newcomer = self.newcomer;
        let sim = &self.shop.sim;
        let (began, heard) = sim.with(|state| (state.now, state.desks[newcomer].rings));
        sim.pause_until(PAUSE, |state| state.desks[newcomer].rings != heard)
            .await;
        Duration::from_millis(sim.with(|state| state.now) - began)
    }
}
