//! The part of the merchant that takes payments by bank.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Cursor;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::json;
use xgateway::api::types::{BankCurrency, TransactionCallback};
use xgateway::client::Client;
use xgateway::client::document::DocumentFile;
use xgateway::core::document::{Document, Page};
use xgateway::core::id::{CustomerId, TransactionId};
use xgateway::core::issue::Issues;
use xgateway::flows::card::JournalledCards;
use xgateway::flows::deposit::{CallbackHint, DepositFlow, Progress};
use xgateway::flows::onboarding::{
    Dossier, Files, Keep, OnboardingFlow, Patience, Pause, Plan, Sequence,
};
use xgateway_sandbox::{EXAMPLE_AGREEMENT_HASHES, Sandbox};

use super::lock;

/// Between two looks, on the sandbox's clock.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// Onboards customers, and credits what the gateway itself says they paid, under the transaction's id.
pub(super) struct Banking {
    sandbox: Sandbox,
    client: Client,
    cards: JournalledCards,
    ledger: Mutex<BTreeMap<String, Decimal>>,
}

impl Banking {
    pub(super) fn new(sandbox: &Sandbox, client: Client, cards: JournalledCards) -> Self {
        Self {
            sandbox: sandbox.clone(),
            client,
            cards,
            ledger: Mutex::default(),
        }
    }

    /// Brings a customer to an account as far as the gateway lets it; what comes of it shows when the customer pays.
    pub(super) async fn onboard(&self, customer: &str, last_name: &str) {
        let Some(mut flow) = self.flow(customer, last_name) else {
            return;
        };
        let patience = Patience {
            grace: 5 * PAUSE.unsigned_abs(),
            pauses_max: 1000,
        };
        let pause = VirtualTime(&self.sandbox);
        let Ok(_progress) = flow.run(&mut Nowhere, &pause, patience).await;
    }

    /// Takes a callback that no order is for: of a payment by bank, of KYC, of an account.
    pub(super) async fn callback(&self, body: &[u8]) -> u16 {
        // What else it may be tells of no money.
        match serde_json::from_slice::<TransactionCallback>(body) {
            Ok(callback) => self.settle(&callback).await,
            Err(_) => 200,
        }
    }

    pub(super) fn credits(&self, transaction_id: &str) -> Vec<Decimal> {
        let ledger = lock(&self.ledger);
        ledger.get(transaction_id).copied().into_iter().collect()
    }

    async fn settle(&self, callback: &TransactionCallback) -> u16 {
        let (Ok(customer), Ok(id)) = (
            CustomerId::parse(&callback.customer_id),
            TransactionId::parse(&callback.id),
        ) else {
            return 200;
        };
        let mut flow = DepositFlow::new(self.client.clone(), customer, self.cards.clone());
        let progress = flow.callback_hint(&CallbackHint::new(id)).await;
        if let Progress::Credit(deposit) = &progress {
            lock(&self.ledger)
                .entry(deposit.transaction_id().to_string())
                .or_insert_with(|| deposit.amount().value().normalize());
        }
        // Whose payment it is could not be found out, so it must come once more.
        let is_unknown = matches!(
            progress,
            Progress::Unread(_) | Progress::Unsure { .. } | Progress::OfOrder(_)
        );
        if is_unknown { 503 } else { 200 }
    }

    fn flow(&self, customer: &str, last_name: &str) -> Option<OnboardingFlow> {
        let customer_id = CustomerId::parse(customer).ok()?;
        let documents = [
            Document::Passport(()),
            Document::Selfie(()),
            Document::UtilityBill(()),
        ];
        let plan = Plan {
            customer_id: customer_id.clone(),
            sequence: Sequence::AccountFirst,
            currency: BankCurrency::Eur,
            pages: documents.iter().flat_map(Document::pages).collect(),
        };
        let profile = json!({
            "firstName": "John", "lastName": last_name, "email": "john.doe@example.com", "country": "GB",
            "currency": "EUR", "acceptedPrivacyPolicyHash": EXAMPLE_AGREEMENT_HASHES[0],
            "acceptedTermsAndConditionsHash": EXAMPLE_AGREEMENT_HASHES[1], "acceptedTermsOfServiceHash": EXAMPLE_AGREEMENT_HASHES[2],
        });
        let applicant = json!({
            "address1": "Hlavni mesto Praha 11 22", "postCode": "15000", "city": "Prague", "country": "CZ",
            "dateOfBirth": "2000-02-10", "sourceOfFunds": "SALARY",
        });
        let dossier = Dossier::new(customer_id)
            .profile(serde_json::from_value(profile).ok()?)
            .applicant(serde_json::from_value(applicant).ok()?)
            .files(Scans);
        OnboardingFlow::new(self.client.clone(), plan, dossier).ok()
    }
}

/// Scans that everybody can read.
struct Scans;

#[async_trait]
impl Files for Scans {
    async fn open(&self, _page: Page) -> Result<Option<DocumentFile>, Issues> {
        let pdf = &b"%PDF-1.7\na scan\n%%EOF\n"[..];
        DocumentFile::from_reader(Cursor::new(pdf)).await.map(Some)
    }
}

/// The story ends with the process.
struct Nowhere;

#[async_trait]
impl Keep for Nowhere {
    type Error = Infallible;

    async fn keep(&mut self, _snapshot: &str) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// Moves the sandbox's clock on instead of waiting.
struct VirtualTime<'a>(&'a Sandbox);

#[async_trait]
impl Pause for VirtualTime<'_> {
    async fn pause(&self, _attempt: u32) -> Duration {
        self.0.world(|world| world.advance(PAUSE));
        PAUSE.unsigned_abs()
    }
}
