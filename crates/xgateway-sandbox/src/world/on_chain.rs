//! `POST /_sandbox/deposits` and `POST /_sandbox/clock`: what happens outside of the gateway.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xgateway_core::money::{Amount, Currency, Network};

use super::World;
use super::routes::{not_allowed, options};
use crate::address;
use crate::answer::{Refusal, success};
use crate::config::CHANNEL_ORDER_ID;
use crate::event::{AddressFacts, DepositFacts, EventKind, TransactionState};
use crate::hidden;
use crate::random::Purpose;
use crate::state::{Deposit, Direction};
use crate::wire::Moment;
use crate::{money, rates};

/// From what a deposit is worth in US dollars on it needs the full number of blocks.
pub(super) const FULL_FROM_USD: Decimal = Decimal::from_parts(1000, 0, 0, false, 0);

/// How long after it failed a deposit is confirmed after all.
const SECOND_THOUGHTS: SignedDuration = SignedDuration::from_hours(1);

/// The most characters of a transaction's hash.
const HASH_CHARS_MAX: usize = 128;

/// How fast a network is, and how many blocks it takes to trust it.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    seconds: i64,
    pub(super) blocks_min: i64,
    pub(super) blocks_full: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Payment {
    address: String,
    amount: String,
    currency: Option<String>,
    transaction_hash: Option<String>,
    #[serde(default)]
    outcome: Outcome,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    #[default]
    Confirmed,
    Failed,
    FailedThenConfirmed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Passing {
    seconds: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    transaction_id: String,
    transaction_hash: &'a str,
    status: &'static str,
    /// When the blockchain will have spoken.
    settles_at: Option<Moment>,
}

impl World {
    /// Whoever names no address pays by bank.
    pub(super) fn pay(&mut self, body: &[u8]) -> Result<Response<Bytes>, Refusal> {
        #[derive(Deserialize)]
        struct Addressed {
            address: Option<IgnoredAny>,
            iban: Option<IgnoredAny>,
            #[serde(rename = "accountNumber")]
            account_number: Option<IgnoredAny>,
        }

        let addressed: Addressed = read(body)?;
        let is_by_bank = addressed.iban.is_some() || addressed.account_number.is_some();
        if addressed.address.is_none() && is_by_bank {
            self.asks("pay_by_bank");
            return self.pay_by_bank(body);
        }
        self.pay_on_chain(body)
    }

    pub(super) fn pay_on_chain(&mut self, body: &[u8]) -> Result<Response<Bytes>, Refusal> {
        let payment: Payment = read(body)?;
        let wanted = payment.currency.as_deref().map(Currency::from);
        let channels = &self.state.channels;
        let channel = channels
            .address(&payment.address, wanted.as_ref())
            .ok_or(Refusal::UnknownId)?
            .clone();
        let amount = Amount::parse(&payment.amount, channel.currency.clone())
            .ok()
            .map(|amount| amount.value().normalize())
            .filter(|amount| *amount <= money::AMOUNT_MAX)
            .ok_or(Refusal::AmountNotSimulable)?;
        self.is_about(&*channel.address);
        let is_hash_ours = payment.transaction_hash.is_none();
        let chain_hash = self.chain_hash(&channel, payment.transaction_hash)?;
        let name = DepositFacts::name_on_chain(&channel.address, &channel.currency, &chain_hash);
        // A hash of our own making is another one each time, whatever was forgotten.
        let id = if is_hash_ours {
            self.random.uuid(Purpose::Deposit, name.as_bytes(), 0)
        } else {
            self.id_of_named(Purpose::Deposit, name.as_bytes(), &name)
        };
        match self.state.channels.deposit(id) {
            // Seen already: a blockchain has every transaction once.
            Some(deposit) if deposit.facts.amount == amount => {}
            Some(_) => return Err(Refusal::OtherBody),
            None => {
                let facts = self.facts(id, channel, amount, chain_hash, payment.outcome)?;
                self.record(EventKind::DepositSeen(Arc::new(facts)));
                self.tell_processing(id, None);
                self.forget_old_payments();
            }
        }
        let deposit = self.state.channels.deposit(id).ok_or(Refusal::Internal)?;
        Ok(success(StatusCode::CREATED, &Answer::of(deposit)))
    }

    /// The id of a payment that has a name: that of the one that is known, or one that nobody has had.
    pub(super) fn id_of_named(&self, purpose: Purpose, subject: &[u8], name: &str) -> Uuid {
        let channels = &self.state.channels;
        let first = self.random.uuid(purpose, subject, 0);
        if channels.deposit(first).is_some() {
            return first;
        }
        channels.named(name).unwrap_or_else(|| {
            let ordinal = channels.forgotten();
            self.random.uuid(purpose, subject, ordinal)
        })
    }

    pub(super) fn pass_time(&mut self, body: &[u8]) -> Result<Response<Bytes>, Refusal> {
        let passing: Passing = read(body)?;
        self.advance(SignedDuration::from_secs(passing.seconds.into()));
        Ok(success(StatusCode::OK, &Moment(self.state.now)))
    }

    pub(super) fn show_clock(&self, method: &Method) -> Result<Response<Bytes>, Refusal> {
        #[derive(Serialize)]
        struct Clock {
            now: Moment,
            mode: &'static str,
        }

        match *method {
            Method::GET | Method::HEAD => {
                let now = Moment(self.state.now);
                let mode = self.config.clock.as_str();
                Ok(success(StatusCode::OK, &Clock { now, mode }))
            }
            Method::OPTIONS => Ok(options("GET, HEAD, POST, OPTIONS")),
            _ => Err(not_allowed("GET, HEAD, POST, OPTIONS")),
        }
    }

    /// The blockchain has spoken, or whoever pays out.
    pub(super) fn change_deposit(&mut self, transaction: Uuid, status: TransactionState) {
        let direction = self.state.channels.deposit(transaction);
        let direction = direction.map_or(Direction::In, |deposit| deposit.direction);
        self.record(match direction {
            Direction::In => EventKind::DepositChanged {
                transaction,
                status,
            },
            Direction::Out => EventKind::WithdrawalChanged {
                transaction,
                status,
            },
        });
        self.queue_callback(transaction, None);
    }

    fn chain_hash(
        &self,
        channel: &AddressFacts,
        given: Option<String>,
    ) -> Result<Arc<str>, Refusal> {
        if let Some(hash) = given {
            self.check_kept(&hash)?;
            let is_word = hash.bytes().all(|byte| byte.is_ascii_graphic());
            if hash.is_empty() || hash.len() > HASH_CHARS_MAX || !is_word {
                return Err(Refusal::BadId);
            }
            return Ok(hash.into());
        }
        let ordinal = self.state.channels.count(&channel.address);
        let subject = channel.address.as_bytes();
        let bytes = self.random.bytes(Purpose::ChainHash, subject, ordinal);
        let network = network(&channel.currency)?;
        Ok(address::transaction_hash(&network, &bytes).into())
    }

    fn facts(
        &self,
        id: Uuid,
        channel: AddressFacts,
        amount: Decimal,
        chain_hash: Arc<str>,
        outcome: Outcome,
    ) -> Result<DepositFacts, Refusal> {
        let AddressFacts {
            address,
            customer_id,
            currency,
            ..
        } = channel;
        let now = self.state.now;
        let (usd, eur) = rates::worth(amount, &currency, now, &self.random)
            .ok_or(Refusal::AmountNotSimulable)?;
        let price =
            rates::price(&currency, now, &self.random).ok_or(Refusal::AmountNotSimulable)?;
        let pace = Pace::of(&network(&currency)?);
        let blocks = if usd < FULL_FROM_USD {
            pace.blocks_min
        } else {
            pace.blocks_full
        };
        let after = |at: Timestamp, by| at.saturating_add(by).unwrap_or(Timestamp::MAX);
        let settled = after(now, SignedDuration::from_secs(blocks * pace.seconds));
        let plan = match outcome {
            Outcome::Confirmed => vec![(settled, TransactionState::Confirmed)],
            Outcome::Failed => vec![(settled, TransactionState::Failed)],
            Outcome::FailedThenConfirmed => vec![
                (settled, TransactionState::Failed),
                (after(settled, SECOND_THOUGHTS), TransactionState::Confirmed),
            ],
        };
        let digits = currency.fraction_digits();
        let round = |value: Decimal| {
            value
                .round_dp_with_strategy(digits, RoundingStrategy::ToZero)
                .normalize()
        };
        let processing_fee = round(money::fee(amount, &self.random, id.as_bytes())).min(amount);
        // Gas: between 20 and 40 cents, but never more than there is.
        let cents = 20 + self.random.below(21, Purpose::TechnicalFee, id.as_bytes());
        let technical_fee =
            round(Decimal::new(cents.into(), 2) / price).min(amount - processing_fee);
        Ok(DepositFacts {
            id,
            address: address.into(),
            customer_id,
            currency,
            amount,
            usd,
            eur,
            price,
            processing_fee,
            technical_fee,
            chain_hash: chain_hash.into(),
            plan,
            sender: None,
            order_id: (self.config.channel_order_ids).then(|| CHANNEL_ORDER_ID.into()),
        })
    }
}

impl Pace {
    pub(super) fn of(network: &Network) -> Self {
        let (seconds, blocks_min, blocks_full) = match network {
            Network::Bitcoin => (600, 2, 6),
            Network::Ethereum => (12, 12, 32),
            Network::Bnb => (3, 15, 30),
            Network::Polygon => (2, 30, 128),
            Network::Solana => (1, 32, 64),
            Network::Tron => (3, 19, 38),
            Network::Bahamut | Network::Unknown(_) | _ => (5, 12, 24),
        };
        Self {
            seconds,
            blocks_min,
            blocks_full,
        }
    }
}

impl<'a> Answer<'a> {
    fn of(deposit: &'a Deposit) -> Self {
        let facts = &*deposit.facts;
        Self {
            transaction_id: facts.id.to_string(),
            transaction_hash: facts.chain_hash.as_str(),
            status: deposit.now().status.as_str(),
            settles_at: facts.plan.last().map(|(at, _)| Moment(*at)),
        }
    }
}

fn network(currency: &Currency) -> Result<Network, Refusal> {
    currency.network().ok_or(Refusal::CurrencyNotConfigured)
}

/// Reads what is no operation of the gateway, so that no rule table holds for it.
pub(super) fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        if !error.is_data() {
            return Refusal::MalformedJson;
        }
        // What is said of a value would repeat it, and it may be personal.
        let text = error.to_string();
        if text.starts_with("unknown field") || text.starts_with("missing field") {
            let problem = hidden::shown(&text);
            return Refusal::BadOwn(format!("The request body is wrong: {problem}"));
        }
        Refusal::NotUnderstood
    })
}
