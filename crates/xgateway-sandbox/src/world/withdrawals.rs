//! `POST /_sandbox/withdrawals`: the merchant pays a customer, as in the gateway's back office.
//!
//! The gateway has `POST /v2/withdrawal`, too. What it answers is documented nowhere, so it is not in our OpenAPI
//! document and not here. What follows is documented: the transaction begins as `pending`, a callback tells its end,
//! and in Demo it fails at first for want of money (protocol §10).

use std::sync::Arc;

use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xgateway_api::types::SimulateTransactionRequest;
use xgateway_core::money::{Amount, Currency};

use super::World;
use super::on_chain::read;
use crate::answer::{Refusal, success};
use crate::event::{DepositFacts, EventKind, MerchantText, TransactionState};
use crate::random::Purpose;
use crate::state::{Deposit, Direction, parse_id};
use crate::wire::{Id, Moment};
use crate::{money, rates};

/// How long the gateway takes.
const PAYOUT_TIME: SignedDuration = SignedDuration::from_secs(10);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Withdrawal {
    customer_id: String,
    currency: String,
    amount: String,
    order_id: Option<String>,
    #[serde(default)]
    outcome: Outcome,
}

#[derive(Clone, Copy, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// As every withdrawal in Demo.
    #[default]
    Failed,
    /// If the balance holds it.
    Confirmed,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    transaction_id: String,
    invoice_id: Option<Id>,
    status: &'static str,
    /// When the gateway will have decided.
    settles_at: Option<Moment>,
}

impl World {
    pub(super) fn withdraw(&mut self, body: &[u8]) -> Result<Response<Bytes>, Refusal> {
        let request: Withdrawal = read(body)?;
        if request.customer_id.is_empty() || request.order_id.as_deref() == Some("") {
            return Err(Refusal::BadId);
        }
        for text in [Some(&request.customer_id), request.order_id.as_ref()] {
            self.check_id(text.map_or("", String::as_str))?;
        }
        self.is_about(&*request.customer_id);
        let currency = Currency::from(&*request.currency);
        let amount = Amount::parse(&request.amount, currency.clone())
            .ok()
            .map(|amount| amount.value().normalize())
            .filter(|amount| *amount <= money::AMOUNT_MAX)
            .ok_or(Refusal::AmountNotSimulable)?;
        let (channels, limits) = (&self.state.channels, &self.config.limits);
        let is_first = channels.count(&place(&request.customer_id)) == 0;
        let places_max = limits.addresses.saturating_mul(2);
        let places_max = places_max.saturating_add(limits.customers.saturating_mul(3));
        if is_first && channels.place_count() >= places_max {
            return Err(Refusal::TooManyCustomers);
        }
        let id = self.withdrawal_id(&request);
        match self.state.channels.deposit(id) {
            // The order id is the idempotency key.
            Some(known) if is_same(known, &request, amount) => {}
            Some(_) => return Err(Refusal::OtherBody),
            None => {
                let facts = self.withdrawal_facts(id, &request, currency, amount)?;
                self.record(EventKind::WithdrawalRequested(Arc::new(facts)));
                self.forget_old_payments();
            }
        }
        let withdrawal = self.state.channels.deposit(id).ok_or(Refusal::Internal)?;
        let linked = !self.config.no_linked_invoices;
        let answer = Answer {
            transaction_id: id.to_string(),
            invoice_id: linked.then(|| Id(withdrawal.facts.invoice_id())),
            status: withdrawal.now().status.as_str(),
            settles_at: withdrawal.facts.plan.last().map(|(at, _)| Moment(*at)),
        };
        Ok(success(StatusCode::CREATED, &answer))
    }

    /// Ends a withdrawal by the invoice that belongs to it: in Demo the only way to a success (protocol §10 and §11.4).
    pub(super) fn simulate_withdrawal(
        &mut self,
        request: &SimulateTransactionRequest,
        wanted: TransactionState,
    ) -> Result<(), Refusal> {
        let id = parse_id(&request.invoice_id).filter(|_| !self.config.no_linked_invoices);
        let known = id.and_then(|id| self.state.channels.deposit(DepositFacts::linked(id)));
        let withdrawal = known
            .filter(|known| known.direction == Direction::Out)
            .ok_or(Refusal::UnknownId)?;
        let facts = &*withdrawal.facts;
        let id = facts.id;
        let is_fiat = facts.currency.network().is_none();
        match (withdrawal.now().status, wanted) {
            (TransactionState::Confirmed, TransactionState::Confirmed)
            | (TransactionState::Failed, TransactionState::Failed) => {
                self.queue_callback(id, None);
            }
            (TransactionState::Pending | TransactionState::Processing, _) => {
                check_amount(&request.amount, facts)?;
                self.change_deposit(id, wanted);
            }
            (TransactionState::Failed, TransactionState::Confirmed) if is_fiat => {
                check_amount(&request.amount, facts)?;
                self.change_deposit(id, wanted);
            }
            (TransactionState::Confirmed | TransactionState::Failed, _) => {
                return Err(Refusal::NotSimulable);
            }
        }
        Ok(())
    }

    fn withdrawal_id(&self, request: &Withdrawal) -> Uuid {
        if let Some(order) = &request.order_id {
            let name = DepositFacts::name_of_order(order);
            return self.id_of_named(Purpose::WithdrawalOfOrder, order.as_bytes(), &name);
        }
        let ordinal = self.state.channels.count(&place(&request.customer_id));
        let customer = request.customer_id.as_bytes();
        self.random.uuid(Purpose::Withdrawal, customer, ordinal)
    }

    fn withdrawal_facts(
        &self,
        id: Uuid,
        request: &Withdrawal,
        currency: Currency,
        amount: Decimal,
    ) -> Result<DepositFacts, Refusal> {
        let now = self.state.now;
        let (usd, eur) = rates::worth(amount, &currency, now, &self.random)
            .ok_or(Refusal::AmountNotSimulable)?;
        let processing_fee = money::fee(amount, &self.random, id.as_bytes());
        let is_there = amount + processing_fee <= self.balance_in(&currency);
        let outcome = if request.outcome == Outcome::Confirmed && is_there {
            TransactionState::Confirmed
        } else {
            TransactionState::Failed
        };
        let settles_at = now.saturating_add(PAYOUT_TIME).unwrap_or(Timestamp::MAX);
        Ok(DepositFacts {
            id,
            address: place(&request.customer_id).as_str().into(),
            customer_id: MerchantText::from(&*request.customer_id),
            price: rates::price(&currency, now, &self.random).ok_or(Refusal::AmountNotSimulable)?,
            currency,
            amount,
            usd,
            eur,
            processing_fee,
            technical_fee: Decimal::ZERO,
            chain_hash: "".into(),
            plan: vec![(settles_at, outcome)],
            sender: None,
            order_id: request.order_id.as_deref().map(MerchantText::from),
        })
    }
}

/// Under which withdrawals to a customer are counted: no address and no account is called so.
fn place(customer_id: &str) -> String {
    format!("withdrawals to {customer_id}")
}

fn is_same(known: &Deposit, request: &Withdrawal, amount: Decimal) -> bool {
    known.facts.amount == amount
        && known.facts.currency.as_str() == request.currency
        && known.facts.customer_id.as_str() == request.customer_id
}

/// What was asked for is what is paid out: nothing says that it could be another amount.
fn check_amount(text: &str, facts: &DepositFacts) -> Result<(), Refusal> {
    Amount::parse(text, facts.currency.clone())
        .ok()
        .filter(|amount| amount.value() == facts.amount)
        .map(drop)
        .ok_or(Refusal::AmountNotSimulable)
}
