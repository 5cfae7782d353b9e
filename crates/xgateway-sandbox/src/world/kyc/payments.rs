//! `POST /_sandbox/deposits` to a bank account: SEPA and Faster Payments.

use std::sync::Arc;

use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xgateway_core::bank::Iban;
use xgateway_core::money::{Amount, Currency};
use xgateway_core::secret::PersonalText;

use crate::answer::{Refusal, success};
use crate::config::KycOrder;
use crate::event::{
    Bounce, CustomerChange, DepositFacts, EventKind, KycNews, KycStatus, MerchantText, Personal,
    SenderFacts, TransactionState,
};
use crate::random::Purpose;
use crate::state::{Account, Customer, account_key};
use crate::wire::Moment;
use crate::world::{World, on_chain};
use crate::{money, rates};

/// How long a bank takes.
const BANK_TIME: SignedDuration = SignedDuration::from_secs(10);

/// How company names end, in small letters.
const COMPANIES: [&str; 12] = [
    "ltd", "limited", "llc", "llp", "plc", "inc", "gmbh", "ag", "sa", "srl", "sro", "bv",
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BankPayment {
    iban: Option<PersonalText>,
    account_number: Option<PersonalText>,
    sort_code: Option<PersonalText>,
    amount: String,
    sender_name: PersonalText,
    sender_iban: Option<PersonalText>,
    sender_account_number: Option<PersonalText>,
    sender_sort_code: Option<PersonalText>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    transaction_id: Option<String>,
    status: &'static str,
    /// Why the bank sends it back.
    reason: Option<&'static str>,
    settles_at: Option<Moment>,
}

impl World {
    pub(in crate::world) fn pay_by_bank(
        &mut self,
        body: &[u8],
    ) -> Result<Response<Bytes>, Refusal> {
        let payment: BankPayment = on_chain::read(body)?;
        let key = payment.key().ok_or(Refusal::NotUnderstood)?;
        self.check_personal([
            &payment.sender_iban,
            &payment.sender_account_number,
            &payment.sender_sort_code,
        ])?;
        let (customer_id, customer, account) = self
            .state
            .customers
            .account(&key)
            .ok_or(Refusal::UnknownId)?;
        let customer_id = customer_id.clone();
        let currency = Currency::from(&*account.facts.currency);
        let amount = Amount::parse(&payment.amount, currency.clone())
            .ok()
            .map(|amount| amount.value().normalize())
            .filter(|amount| *amount > Decimal::ZERO && *amount <= money::AMOUNT_MAX)
            .ok_or(Refusal::AmountNotSimulable)?;
        let eur = self.worth(amount, &currency, &Currency::Eur)?;
        let bounce = self.bounce(customer, account, amount, eur, payment.sender_name.expose());
        let id = account.facts.id;
        let needs_kyc = customer.status() == Some(KycStatus::Created);
        self.is_about(customer_id.clone());
        if let Some(reason) = bounce {
            let change = CustomerChange::PaymentBounced {
                account: id,
                amount,
                reason,
            };
            self.change_customer(customer_id.as_str(), change);
            if reason == Bounce::KycRequired && needs_kyc {
                let news = KycNews::plain(KycStatus::KycNeeded);
                self.set_kyc(customer_id.as_str(), news);
            }
            let answer = Answer {
                transaction_id: None,
                status: "bounced",
                reason: Some(reason.as_str()),
                settles_at: None,
            };
            return Ok(success(StatusCode::CREATED, &answer));
        }
        let facts = self.payment_facts((id, customer_id), currency, (amount, eur), &payment)?;
        let answer = Answer {
            transaction_id: Some(facts.id.to_string()),
            status: "processing",
            reason: None,
            settles_at: facts.plan.last().map(|(at, _)| Moment(*at)),
        };
        let id = facts.id;
        self.record(EventKind::DepositSeen(Arc::new(facts)));
        self.tell_processing(id, None);
        self.forget_old_payments();
        Ok(success(StatusCode::CREATED, &answer))
    }

    /// A customer pays to the own account, in the own name; the transaction's id, unless the bank sends it back.
    pub(crate) fn pay_to_account_of(&mut self, customer_id: &str, amount: &str) -> Option<String> {
        let customer = self.state.customers.get(customer_id)?;
        let account = customer.accounts.first()?;
        let payment = serde_json::json!({
            "iban": account.facts.iban.as_ref()?.expose(),
            "amount": amount,
            "senderName": customer.items.full_name(),
        });
        self.begin_request();
        let answer = self.pay_by_bank(payment.to_string().as_bytes()).ok()?;
        let answer: serde_json::Value = serde_json::from_slice(answer.body()).ok()?;
        answer["data"]["transactionId"].as_str().map(str::to_owned)
    }

    fn bounce(
        &self,
        customer: &Customer,
        account: &Account,
        amount: Decimal,
        eur: Decimal,
        sender: &str,
    ) -> Option<Bounce> {
        let kyc = &self.config.kyc;
        let is_full = customer.status() == Some(KycStatus::FullUser);
        let is_small = kyc.order == KycOrder::AccountFirst && eur <= kyc.threshold_eur;
        let accounts = customer.accounts.iter();
        let earlier: u64 = accounts
            .map(|it| self.state.channels.count(&it.facts.id.to_string()))
            .sum();
        let is_free = is_small && earlier < kyc.free_payments;
        if !account.is_active {
            Some(Bounce::AccountNotOpen)
        } else if amount < kyc.payment_min || amount > kyc.payment_max {
            Some(Bounce::OutsideLimits)
        } else if is_company(sender) {
            Some(Bounce::SenderIsCompany)
        } else if !is_same_name(sender, &customer.items.full_name()) {
            Some(Bounce::SenderDiffers)
        } else if is_full || is_free {
            None
        } else {
            Some(Bounce::KycRequired)
        }
    }

    fn worth(&self, amount: Decimal, from: &Currency, to: &Currency) -> Result<Decimal, Refusal> {
        rates::convert(amount, (from, to), self.state.now, &self.random)
            .map(|value| value.round_dp(2).normalize())
            .ok_or(Refusal::AmountNotSimulable)
    }

    fn payment_facts(
        &self,
        (account, customer_id): (Uuid, MerchantText),
        currency: Currency,
        (amount, eur): (Decimal, Decimal),
        payment: &BankPayment,
    ) -> Result<DepositFacts, Refusal> {
        let address = MerchantText::from(account);
        let ordinal = self.state.channels.count(address.as_str());
        let id = self.payment_id(account, ordinal);
        let processing_fee = money::fee(amount, &self.random, id.as_bytes()).min(amount);
        Ok(DepositFacts {
            id,
            address,
            customer_id,
            usd: self.worth(amount, &currency, &Currency::Usd)?,
            eur,
            price: rates::price(&currency, self.state.now, &self.random)
                .ok_or(Refusal::AmountNotSimulable)?,
            processing_fee,
            technical_fee: Decimal::ZERO,
            chain_hash: "".into(),
            plan: vec![(self.after(BANK_TIME), TransactionState::Confirmed)],
            sender: Some(self.sender(payment, currency == Currency::Eur)?),
            order_id: None,
            currency,
            amount,
        })
    }

    /// The sender's account: as it was told, or one that follows from the seed and the name.
    fn sender(&self, payment: &BankPayment, is_sepa: bool) -> Result<SenderFacts, Refusal> {
        let told =
            |text: &Option<PersonalText>| text.as_ref().map(|it| Personal::from(it.expose()));
        let mut sender = SenderFacts {
            iban: told(&payment.sender_iban),
            account_number: told(&payment.sender_account_number),
            sort_code: told(&payment.sender_sort_code),
        };
        if sender != SenderFacts::default() {
            return Ok(sender);
        }
        let name = payment.sender_name.expose().as_bytes();
        let bytes = self.random.bytes(Purpose::Sender, name, 0);
        let digits: String = bytes
            .iter()
            .map(|byte| char::from(b'0' + byte % 10))
            .collect();
        if is_sepa {
            let iban = Iban::of("DE", &digits[..18]).map_err(|_| Refusal::Internal)?;
            sender.iban = Some(Personal::from(iban.expose()));
        } else {
            sender.account_number = Some(Personal::from(&digits[..8]));
            sender.sort_code = Some(Personal::from(&digits[8..14]));
        }
        Ok(sender)
    }
}

impl BankPayment {
    fn key(&self) -> Option<String> {
        match (&self.iban, &self.account_number, &self.sort_code) {
            (Some(iban), None, None) => Some(iban.expose().replace(' ', "")),
            (None, Some(number), Some(code)) => Some(account_key(
                &code.expose().replace('-', ""),
                number.expose(),
            )),
            _ => None,
        }
    }
}

fn is_company(name: &str) -> bool {
    let last = name.split_whitespace().next_back().unwrap_or_default();
    let last: String = last.chars().filter(|it| it.is_alphanumeric()).collect();
    COMPANIES.contains(&last.to_lowercase().as_str())
}

/// Whether two names are one, apart from case and spaces.
fn is_same_name(one: &str, other: &str) -> bool {
    let words =
        |name: &str| -> Vec<String> { name.split_whitespace().map(str::to_lowercase).collect() };
    !other.is_empty() && words(one) == words(other)
}
