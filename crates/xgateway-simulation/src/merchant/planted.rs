//! Mistakes that a merchant could make around the product, to see whether the simulation finds them.
//!
//! The product makes each of them hard: what is here goes around it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use rust_decimal::Decimal;
use xgateway::ConfirmThrough;
use xgateway::api::types::{
    BankTransferAccountResponse, KycApplicationDetailsResponse, TransactionData,
};
use xgateway::callback::{
    ApplyError, Clock as _, Confirm, ConfirmedCallback, ConfirmedTransaction, NoAnswer, Processor,
};
use xgateway::core::id::CustomerId;
use xgateway::flows::deposit::Machine;
use xgateway::store::{
    Claim, Completed, EffectKey, Inbox as _, ListQuery, MemoryInbox, StoreError,
};
use xgateway::transport::{Body, Delivery, Transport, TransportError};

use super::Shop;
use super::disk::{Change, Credit};
use crate::kinds::{Fault, Point};
use crate::network::Network;
use crate::plan::OrderPlan;

/// A mistake.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Bug {
    /// Whatever fails is sent again, without the order id.
    #[value(name = "retry-without-key")]
    RetriesWithoutKey,
    /// A callback is acknowledged before it is stored.
    #[value(name = "acknowledge-before-commit")]
    AcknowledgesEarly,
    /// What a callback says of its status is believed.
    #[value(name = "trust-status")]
    TrustsStatus,
    /// A customer is credited before, and not in, the commit that ends the callback.
    #[value(name = "credit-outside")]
    CreditsOutside,
    /// Whoever does not know what became of a deposit leaves it at that.
    #[value(name = "forget-tickets")]
    ForgetsTickets,
    /// A late hint at what is over brings back what was stored first.
    #[value(name = "store-old-snapshots")]
    StoresOldSnapshots,
    /// An account whose answer was lost is asked for again, without a look at what is there.
    #[value(name = "ask-again")]
    AsksAgain,
    /// What a callback says of a bank account is believed.
    #[value(name = "trust-account")]
    TrustsAccount,
    /// Requests are logged as they are.
    #[value(name = "log-bodies")]
    LogsBodies,
    /// What is done about a callback is not noted with it, so it is done for each repetition.
    #[value(name = "run-effects-twice")]
    RunsEffectsTwice,
    /// Another card is tried as soon as the customer wants to, whatever has become of the first.
    #[value(name = "try-at-once")]
    TriesAtOnce,
    /// What is not done about a callback at once is not done at all.
    #[value(name = "give-up-early")]
    GivesUpEarly,
    /// What customers with addresses wanted is forgotten by a restart.
    #[value(name = "forget-addresses")]
    ForgetsAddresses,
    /// What newcomers wanted is forgotten by a restart.
    #[value(name = "forget-newcomers")]
    ForgetsNewcomers,
    /// A worker ends when its store is away.
    #[value(name = "stop-workers")]
    StopsWorkers,
    /// What has been answered is asked again, for ever.
    #[value(name = "ask-for-ever")]
    AsksForEver,
    /// An answer is read as if it were whole.
    #[value(name = "unwrap-answers")]
    UnwrapsAnswers,
}

/// Sends what failed once more, and takes the order id out, so that it is not "refused as a repetition".
#[derive(Debug)]
pub(super) struct RetriesWithoutKey(pub(super) Network);

#[async_trait]
impl Transport for RetriesWithoutKey {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        // A document is streamed and cannot be sent again: it has no order id either.
        let Some(bytes) = request.body().as_bytes().map(Bytes::copy_from_slice) else {
            return self.0.send(request).await;
        };
        let (head, _) = request.into_parts();
        let first = Request::from_parts(head.clone(), Body::from(bytes.clone()));
        match self.0.send(first).await {
            Err(error) if error.delivery() == Delivery::Unknown => {}
            outcome => return outcome,
        }
        let mut json: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if let Some(object) = json.as_object_mut() {
            object.remove("orderId");
        }
        let body = if json.is_null() {
            bytes
        } else {
            json.to_string().into()
        };
        self.0
            .send(Request::from_parts(head, Body::from(body)))
            .await
    }
}

/// Asks for an account until it hears an answer.
#[derive(Debug)]
pub(super) struct AsksAgain(pub(super) Network);

#[async_trait]
impl Transport for AsksAgain {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        if !request.uri().path().ends_with("/bank-transfer/account") {
            return self.0.send(request).await;
        }
        let (head, body) = request.into_parts();
        let bytes = body.into_bytes().unwrap_or_default();
        let request = || Request::from_parts(head.clone(), Body::from(bytes.clone()));
        match self.0.send(request()).await {
            Err(error) if error.delivery() == Delivery::Unknown => self.0.send(request()).await,
            outcome => outcome,
        }
    }
}

/// Logs what it sends.
#[derive(Debug)]
pub(super) struct LogsBodies(pub(super) Network);

#[async_trait]
impl Transport for LogsBodies {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let body = String::from_utf8_lossy(request.body().as_bytes().unwrap_or_default());
        tracing::trace!(%body, "sending");
        self.0.send(request).await
    }
}

/// Reads an answer without a doubt.
#[derive(Debug)]
pub(super) struct UnwrapsAnswers(pub(super) Network);

#[async_trait]
impl Transport for UnwrapsAnswers {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let answer = self.0.send(request).await?;
        let read: Result<serde_json::Value, _> = serde_json::from_slice(answer.body());
        read.expect("the gateway answers JSON");
        Ok(answer)
    }
}

/// Says of a transaction what some callback says of it, and asks the gateway for the rest.
pub(super) struct BelievesCallbacks {
    pub(super) inbox: Arc<MemoryInbox>,
    pub(super) others: ConfirmThrough,
}

#[async_trait]
impl Confirm for BelievesCallbacks {
    fn environment(&self) -> Option<&str> {
        self.others.environment()
    }

    async fn transaction(&self, id: &str) -> Result<Option<TransactionData>, NoAnswer> {
        let entries = self
            .inbox
            .list(ListQuery::default())
            .await
            .unwrap_or_default();
        let told = entries
            .iter()
            .filter(|entry| entry.key.subject() == id)
            .filter_map(|entry| serde_json::from_slice(entry.payload.as_bytes()).ok())
            .max_by_key(|told: &TransactionData| told.status.as_str() == "confirmed");
        Ok(told)
    }

    async fn bank_accounts(
        &self,
        customer_id: &str,
    ) -> Result<Vec<BankTransferAccountResponse>, NoAnswer> {
        self.others.bank_accounts(customer_id).await
    }

    async fn kyc(
        &self,
        customer_id: &str,
    ) -> Result<Option<KycApplicationDetailsResponse>, NoAnswer> {
        self.others.kyc(customer_id).await
    }
}

impl Shop {
    /// [`Bug::TrustsStatus`]: once, and in one commit, but for what nobody but a callback has said.
    pub(super) async fn credit_what_the_callback_says(
        &self,
        claim: &Claim,
        transaction: &ConfirmedTransaction,
        now: Timestamp,
    ) -> Result<Completed, ApplyError> {
        if let Some(deposit) = transaction.settled_deposit() {
            let is_known = |it: &Credit| it.transaction == deposit.id();
            if !self.disk.ledger().iter().any(is_known) {
                // It believes the status, and nothing else that a sound merchant would not: an order is credited as ordered.
                let id = transaction.data().order_id.as_deref();
                let id = id.and_then(|id| id.split('#').next());
                let mut orders = self.plan.orders.iter();
                let (amount, currency) = match orders.find(|it| Some(it.id.as_str()) == id) {
                    Some(order) => (Decimal::new(order.cents.into(), 2), "EUR"),
                    None => (deposit.amount().value(), deposit.currency().as_str()),
                };
                let credit = Credit {
                    transaction: deposit.id().to_owned(),
                    customer: deposit.customer_id().to_owned(),
                    amount,
                    currency: currency.to_owned(),
                };
                self.sim.tell("merchant", || format!("credits {credit}"));
                self.disk.credit_blindly(credit);
            }
        }
        Ok(self.inbox.complete(claim, None, now).await?)
    }

    /// [`Bug::TrustsAccount`]: the customer is told at once.
    pub(super) fn tell_account_of_callback(&self, body: &[u8]) {
        let told: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let mut newcomers = self.plan.newcomers.iter();
        let newcomer = newcomers.position(|it| told["customerId"] == it.id);
        if let (Some(newcomer), Some(iban)) = (newcomer, told["iban"].as_str()) {
            self.disk.tell_account(newcomer, iban);
        }
    }

    /// [`Bug::StoresOldSnapshots`]: what is stored is not what the flow says now, but how every flow begins.
    pub(super) fn how_it_began(&self, saver: usize) -> Change {
        let id = CustomerId::parse(&self.plan.savers[saver].id);
        let machine = Machine::new(id.expect("the plan's ids are ids"));
        Change {
            saver: Some((saver, machine.to_json())),
            credit: None,
        }
    }

    /// [`Bug::RunsEffectsTwice`]: the credit and the end of the callback in one commit, and nothing says that it was done.
    pub(super) async fn credit_again(
        &self,
        claim: &Claim,
        effect: &EffectKey,
        change: &Change,
        now: Timestamp,
    ) -> Result<Completed, ApplyError> {
        self.disk.run(effect);
        self.commit(change);
        Ok(self.inbox.complete(claim, None, now).await?)
    }

    /// [`Bug::TriesAtOnce`]: another order to the gateway, of which the journal knows nothing.
    pub(super) async fn try_at_once(&self, plan: &OrderPlan, card: &str) {
        let mut plan = plan.clone();
        plan.id.push_str("#2");
        let deposit = self.deposit(&plan, card);
        if let Err(error) = self.client.create_card_deposit(&deposit).await {
            self.sim.tell("merchant", || error.to_string());
        }
    }

    /// [`Bug::AsksForEver`]: nobody has told it when to stop.
    pub(super) async fn ask_for_ever(&self, saver: usize) {
        loop {
            self.sim.pause(60_000).await;
            let _ = self.deposits(saver).look().await;
        }
    }

    /// [`Bug::StopsWorkers`]: the worker's own loop, which knows of no trouble.
    pub(super) async fn work_until_trouble(
        &self,
        processor: &Processor,
        idle: Duration,
    ) -> Result<(), StoreError> {
        loop {
            if processor.round().await?.claimed() == 0 {
                self.clock.pause(idle).await;
            }
        }
    }

    /// [`Bug::CreditsOutside`]: the credit first, unless it is known, and the rest in another commit.
    pub(super) async fn credit_outside(
        &self,
        claim: &Claim,
        callback: &ConfirmedCallback,
        mut change: Change,
        now: Timestamp,
    ) -> Result<Completed, ApplyError> {
        let sim = &self.sim;
        sim.store_point(Point::BeforeCredit, Fault::StoreFailsBefore)
            .await?;
        // The flow of an address asks for each credit once. For a card it is not known, so only addresses are hit.
        let credit = change.credit.take_if(|_| change.saver.is_some());
        if let Some(credit) = credit {
            sim.tell("merchant", || format!("credits {credit}"));
            self.disk.credit_blindly(credit);
        }
        sim.store_point(Point::AfterCredit, Fault::StoreFailsAfter)
            .await?;
        self.try_keep(&change).await?;
        let effect = callback.effect();
        Ok(self.inbox.complete(claim, effect.as_ref(), now).await?)
    }
}
