//! `GET /v2/balance/accounts`: what deposits brought and withdrawals took, less fees.

use bytes::Bytes;
use http::{Response, StatusCode};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use xgateway_core::money::Currency;

use super::World;
use super::on_chain::{FULL_FROM_USD, Pace};
use crate::answer::{Refusal, success};
use crate::config::Account;
use crate::event::{EventKind, MerchantText, TransactionState};
use crate::random::Purpose;
use crate::state::{Deposit, Direction, Invoice};
use crate::wire::Text;
use crate::{money, rates};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountView {
    #[serde(rename = "type")]
    kind: &'static str,
    account_id: String,
    account_label: Option<()>,
    account_number: String,
    account_currency: String,
    reference_currency: &'static str,
    currency: String,
    balance: Text,
    balance_reference_currency: Text,
    withdrawable_balance: Text,
    withdrawable_balance_reference_currency: Text,
    payment_method: Option<()>,
    is_active: bool,
    is_withdrawal_allowed: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    chain: Option<ChainView>,
}

/// What only an account in crypto money has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChainView {
    network: String,
    min_confirmation_block: i64,
    full_confirmation_block: i64,
    deposit_full_confirmation_threshold_reference_currency: Text,
}

impl World {
    pub(super) fn read_balances(&self) -> Response<Bytes> {
        success(StatusCode::OK, &self.accounts().collect::<Vec<_>>())
    }

    pub(super) fn read_balance(&self, id: &str) -> Result<Response<Bytes>, Refusal> {
        let account = self
            .accounts()
            .find(|account| account.account_id == id)
            .ok_or(Refusal::UnknownId)?;
        Ok(success(StatusCode::OK, &account))
    }

    /// Those of the configuration, then one for each crypto currency.
    fn accounts(&self) -> impl Iterator<Item = AccountView> {
        let fiat = self.config.accounts.iter().map(|account| {
            let currency = account.currencies.first().unwrap_or(&Currency::Usd);
            let balance = self.fiat_balance(account, currency);
            self.account(account.id.as_str().to_owned(), currency, balance)
        });
        let crypto = Currency::KNOWN
            .iter()
            .filter(|currency| currency.network().is_some())
            .map(|currency| {
                let id = self.crypto_account(currency);
                self.account(id, currency, self.crypto_balance(currency))
            });
        fiat.chain(crypto)
    }

    fn account(&self, id: String, currency: &Currency, balance: Decimal) -> AccountView {
        let code = currency.as_str();
        let short: String = id.chars().take(8).collect();
        let pair = (currency, &Currency::Usd);
        let in_usd = rates::convert(balance, pair, self.state.now, &self.random);
        let in_usd = with_decimals(in_usd.unwrap_or_default(), 2);
        let network = currency.network();
        let balance = match network {
            Some(_) => balance,
            None => with_decimals(balance, currency.fraction_digits()),
        };
        AccountView {
            kind: if network.is_some() { "crypto" } else { "fiat" },
            account_number: format!("{code}-{short}-{code}"),
            account_id: id,
            account_label: None,
            account_currency: code.to_owned(),
            reference_currency: "USD",
            currency: code.to_owned(),
            balance: Text(balance),
            balance_reference_currency: Text(in_usd),
            withdrawable_balance: Text(balance),
            withdrawable_balance_reference_currency: Text(in_usd),
            payment_method: None,
            is_active: true,
            is_withdrawal_allowed: true,
            chain: network.map(|network| {
                let pace = Pace::of(&network);
                ChainView {
                    network: network.as_str().to_owned(),
                    min_confirmation_block: pace.blocks_min,
                    full_confirmation_block: pace.blocks_full,
                    deposit_full_confirmation_threshold_reference_currency: Text(FULL_FROM_USD),
                }
            }),
        }
    }

    /// What is on the account that takes a currency, in that currency.
    pub(super) fn balance_in(&self, currency: &Currency) -> Decimal {
        if currency.network().is_some() {
            return self.crypto_balance(currency);
        }
        let Some(account) = self.account_for(currency) else {
            return Decimal::ZERO;
        };
        let kept = account.currencies.first().unwrap_or(&Currency::Usd);
        let balance = self.fiat_balance(account, kept);
        rates::convert(balance, (kept, currency), self.state.now, &self.random).unwrap_or_default()
    }

    /// Where payments by bank in a currency go: to the first account that is configured for it, or else to the first.
    fn account_for(&self, currency: &Currency) -> Option<&Account> {
        let accounts = &self.config.accounts;
        let configured = accounts.iter().find(|it| it.currencies.contains(currency));
        configured.or(accounts.first())
    }

    fn crypto_balance(&self, currency: &Currency) -> Decimal {
        let deposits = self.state.channels.deposits();
        let sum: Decimal = deposits
            .filter(|deposit| deposit.facts.currency == *currency)
            .map(brought)
            .sum();
        let carried = self.state.carried(&self.crypto_account(currency));
        (sum + carried).normalize()
    }

    /// The id of the account in a crypto currency.
    fn crypto_account(&self, currency: &Currency) -> String {
        let code = currency.as_str().as_bytes();
        self.random.uuid(Purpose::Account, code, 0).to_string()
    }

    /// What came to an account by bank, less what was withdrawn from it.
    fn bank_balance(&self, account: &Account, currency: &Currency) -> Decimal {
        let is_theirs = |deposit: &&Deposit| {
            let paid = &deposit.facts.currency;
            let place = self.account_for(paid).map(|it| &it.id);
            paid.network().is_none() && place == Some(&account.id)
        };
        let deposits = self.state.channels.deposits().filter(is_theirs);
        deposits
            .map(|deposit| self.brought_by_bank(deposit, currency))
            .sum()
    }

    fn brought_by_bank(&self, deposit: &Deposit, currency: &Currency) -> Decimal {
        let pair = (&deposit.facts.currency, currency);
        rates::convert(brought(deposit), pair, deposit.created_at, &self.random)
            .unwrap_or_default()
            .round_dp_with_strategy(currency.fraction_digits(), RoundingStrategy::ToZero)
    }

    /// Payments beyond the limit are no longer kept, the oldest first, once they have ended.
    pub(super) fn forget_old_payments(&mut self) {
        while self.state.channels.deposit_count() > self.config.limits.payments
            && let Some(deposit) = self.state.channels.oldest_ended()
        {
            let currency = &deposit.facts.currency;
            let (account, net) = if currency.network().is_some() {
                (self.crypto_account(currency), brought(deposit))
            } else {
                let account = self.account_for(currency);
                let kept = account.and_then(|it| it.currencies.first());
                let net = self.brought_by_bank(deposit, kept.unwrap_or(&Currency::Usd));
                let id = account.map(|it| it.id.as_str().to_owned());
                (id.unwrap_or_default(), net)
            };
            self.record(EventKind::PaymentForgotten {
                transaction: deposit.facts.id,
                account: MerchantText::from(&*account),
                net,
            });
        }
    }

    /// Card payments, which are worth what moved in US dollars, and payments by bank.
    fn fiat_balance(&self, account: &Account, currency: &Currency) -> Decimal {
        let theirs = self
            .state
            .invoices()
            .filter(|invoice| invoice.facts.account_id.as_str() == account.id.as_str());
        let kept: Decimal = theirs.map(|invoice| self.net(invoice, currency)).sum();
        let by_bank = self.bank_balance(account, currency);
        kept + by_bank + self.state.carried(account.id.as_str())
    }

    /// Invoices beyond the limit are no longer kept, the oldest first, once they have ended.
    pub(super) fn forget_old_invoices(&mut self) {
        while self.state.invoice_count() > self.config.limits.invoices
            && let Some(invoice) = self.state.oldest_ended()
        {
            let account = invoice.facts.account_id.clone();
            let known = self.config.account(account.as_str());
            let currency = known.and_then(|account| account.currencies.first());
            let net = self.net(invoice, currency.unwrap_or(&Currency::Usd));
            let invoice = invoice.facts.id;
            self.record(EventKind::InvoiceForgotten {
                invoice,
                account,
                net,
            });
        }
    }

    /// What an invoice brought, less fees.
    fn net(&self, invoice: &Invoice, currency: &Currency) -> Decimal {
        let mut sum = Decimal::ZERO;
        let transactions = invoice.transactions.iter();
        for transaction in transactions.filter_map(|id| self.state.transaction(*id)) {
            let now = transaction.now();
            if now.status != TransactionState::Confirmed {
                continue;
            }
            let at = transaction.rate_at(&invoice.facts);
            let base = &invoice.facts.currency;
            let (_, moved) = money::moved(now.amount, base, at, &self.random);
            let fee = money::fee(moved, &self.random, transaction.id.as_bytes());
            let pair = (&Currency::Usd, currency);
            let net = rates::convert(moved - fee, pair, at, &self.random);
            sum += net
                .unwrap_or_default()
                .round_dp_with_strategy(currency.fraction_digits(), RoundingStrategy::ToZero);
        }
        sum
    }
}

/// As money is written: `1000.00`.
fn with_decimals(mut amount: Decimal, decimals: u32) -> Decimal {
    amount.rescale(decimals);
    amount
}

/// What a payment has brought, less fees; what a withdrawal takes, which counts from the moment it is asked for.
fn brought(deposit: &Deposit) -> Decimal {
    let facts = &deposit.facts;
    let fees = facts.processing_fee + facts.technical_fee;
    match (deposit.direction, deposit.now().status) {
        (Direction::In, TransactionState::Confirmed) => facts.amount - fees,
        (
            Direction::Out,
            TransactionState::Pending | TransactionState::Processing | TransactionState::Confirmed,
        ) => -(facts.amount + fees),
        (Direction::In, _) | (Direction::Out, TransactionState::Failed) => Decimal::ZERO,
    }
}
