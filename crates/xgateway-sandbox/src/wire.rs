//! Answers and callbacks as the gateway writes them: the order of the keys is the documents'.
//!
//! They borrow from the state and go straight into bytes. The types of `xgateway-api` are for readers: they tolerate
//! what a gateway must not write.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use uuid::Uuid;
use xgateway_api::types::TransactionCallback;
use xgateway_core::callback::CallbackHash;
use xgateway_core::secret::SecretKey;

use crate::config::{CardCurrency, ChannelCurrency};
use crate::event::{InvoiceFacts, MerchantText, Personal, SenderFacts};
use crate::money;
use crate::random::Random;
use crate::state::{Deposit, Direction, Invoice, State, Transaction, Version};

/// What moves when a card is charged.
const MOVED: &str = "USDC";

/// The most decimals of a rate (protocol §8).
const RATE_DECIMALS: u32 = 20;

/// A time as the gateway writes it: UTC with milliseconds.
pub(crate) struct Moment(pub(crate) Timestamp);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

/// A decimal as a text.
pub(crate) struct Text(pub(crate) Decimal);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// An id as a text, without the allocation of `to_string`.
pub(crate) struct Id(pub(crate) Uuid);

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created<'a> {
    #[serde(rename = "threeDSURL")]
    pub(crate) three_ds_url: Option<&'a str>,
    pub(crate) message: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublicInvoice<'a> {
    amount: Text,
    base_currency: &'a str,
    created_at: Moment,
    customer_id: &'a str,
    id: Id,
    payment_url: String,
    status: &'static str,
    strategy: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    account_id: &'a str,
    order_id: Option<&'a str>,
    payment_currency: &'a str,
    transactions: Vec<InvoiceTransaction>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InvoiceTransaction {
    id: Id,
    created_at: Moment,
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_type: Option<&'static str>,
    sender_details: Option<SenderDetails<'a>>,
    amount: String,
    application_id: Option<&'a str>,
    currency: &'a str,
    customer_id: &'a str,
    hash: String,
    id: String,
    invoice_id: Option<Id>,
    network: Option<&'a str>,
    order_id: Option<&'a str>,
    status: &'static str,
    transaction_hash: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'static str,
    created_at: Moment,
    updated_at: Moment,
    info: Info<'a>,
    fees: Fees,
    eur: Text,
    usd: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_params: Option<AdditionalParams<'a>>,
}

/// What only some methods of payment tell.
#[derive(Serialize)]
struct AdditionalParams<'a> {
    utr: &'a str,
}

/// A transaction callback as the gateway's first example has it: these keys in this order, and no others (seed "Channel
/// payment flow").
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OldCallback<'a> {
    amount: String,
    currency: &'a str,
    customer_id: &'a str,
    hash: String,
    id: String,
    invoice_id: Option<Id>,
    network: Option<&'a str>,
    order_id: Option<&'a str>,
    status: &'static str,
    transaction_hash: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'static str,
    info: Info<'a>,
}

/// Who paid by bank.
#[derive(Serialize)]
struct SenderDetails<'a> {
    #[serde(rename = "senderIban")]
    iban: Option<&'a str>,
    #[serde(rename = "senderAccountNumber")]
    account_number: Option<&'a str>,
    #[serde(rename = "senderSortCode")]
    sort_code: Option<&'a str>,
}

impl<'a> SenderDetails<'a> {
    fn new(facts: &'a SenderFacts) -> Self {
        Self {
            iban: facts.iban.as_ref().map(Personal::expose),
            account_number: facts.account_number.as_ref().map(Personal::expose),
            sort_code: facts.sort_code.as_ref().map(Personal::expose),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Info<'a> {
    exchange_rate: Text,
    reference_amount: Text,
    reference_currency: &'static str,
    reference_exchange_rate: Text,
    transaction_amount: Text,
    transaction_currency: &'a str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    invoice: Option<InvoiceInfo<'a>>,
}

/// What only the payment of an invoice tells.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InvoiceInfo<'a> {
    invoice_base_amount: Text,
    invoice_base_currency: &'a str,
    transaction_amount_base_currency: Text,
}

#[derive(Serialize)]
struct Fees {
    processing: Text,
    technical: Option<Text>,
}

impl<'a> PublicInvoice<'a> {
    pub(crate) fn new(invoice: &'a Invoice, state: &State, public_url: &str) -> Self {
        let facts = &*invoice.facts;
        let transactions = invoice
            .transactions
            .iter()
            .rev()
            .filter_map(|id| state.transaction(*id))
            .map(|transaction| InvoiceTransaction {
                id: Id(transaction.id),
                created_at: Moment(transaction.created_at),
                kind: "deposit",
                status: transaction.now().status.as_str(),
            })
            .collect();
        Self {
            amount: Text(facts.amount),
            base_currency: facts.currency.as_str(),
            created_at: Moment(facts.created_at),
            customer_id: facts.customer_id.as_str(),
            id: Id(facts.id),
            payment_url: format!("{public_url}/checkout/{}", facts.id),
            status: invoice.status.as_str(),
            strategy: facts.strategy.as_str(),
            kind: "deposit",
            account_id: facts.account_id.as_str(),
            order_id: order_id(facts),
            payment_currency: facts.currency.as_str(),
            transactions,
        }
    }
}

impl<'a> TransactionView<'a> {
    pub(crate) fn new(
        transaction: &Transaction,
        version: Version,
        facts: &'a InvoiceFacts,
        told: CardCurrency,
        secret: &SecretKey,
        random: &Random,
    ) -> Self {
        let id = transaction.id.to_string();
        let amount = version.amount.normalize();
        let customer_id = facts.customer_id.as_str();
        let at = transaction.rate_at(facts);
        let converted = money::convert(amount, &facts.currency, at, random);
        let (told_amount, currency, rate) = match told {
            CardCurrency::Invoice => (amount, facts.currency.as_str(), converted.rate),
            CardCurrency::Moved => (converted.moved, MOVED, Decimal::ONE),
        };
        let amount_text = told_amount.to_string();
        let hash = hash(secret, |field| match field {
            "id" => &id,
            "customerId" => customer_id,
            "amount" => &amount_text,
            "currency" => currency,
            other => unreachable!("the hash covers {other}, which no callback has"),
        });
        Self {
            callback_type: None,
            sender_details: None,
            application_id: None,
            currency,
            customer_id,
            hash,
            invoice_id: Some(Id(facts.id)),
            network: None,
            order_id: order_id(facts),
            status: version.status.as_str(),
            transaction_hash: None,
            kind: "deposit",
            created_at: Moment(transaction.created_at),
            updated_at: Moment(version.at),
            info: Info {
                exchange_rate: Text(rate),
                reference_amount: Text(converted.usd),
                reference_currency: "USD",
                reference_exchange_rate: Text(Decimal::ONE),
                transaction_amount: Text(converted.moved),
                transaction_currency: MOVED,
                invoice: Some(InvoiceInfo {
                    invoice_base_amount: Text(facts.amount.normalize()),
                    invoice_base_currency: facts.currency.as_str(),
                    transaction_amount_base_currency: Text(amount),
                }),
            },
            fees: Fees {
                processing: Text(money::fee(
                    converted.moved,
                    random,
                    transaction.id.as_bytes(),
                )),
                technical: None,
            },
            eur: Text(converted.eur),
            usd: Text(converted.usd),
            additional_params: None,
            id,
            amount: amount_text,
        }
    }

    /// A payment to an address or by bank, or a withdrawal. All but the first are told by the code of their currency.
    pub(crate) fn of_deposit(
        deposit: &'a Deposit,
        version: Version,
        invoice_id: Option<Uuid>,
        network: Option<&'a str>,
        told: ChannelCurrency,
        secret: &SecretKey,
    ) -> Self {
        let facts = &*deposit.facts;
        let id = facts.id.to_string();
        let code = facts.currency.as_str();
        let symbol = code.trim_start_matches(|letter: char| letter.is_ascii_lowercase());
        let to_address = network.is_some() && deposit.direction == Direction::In;
        let told = if to_address {
            told
        } else {
            ChannelCurrency::Code
        };
        let (amount, currency, moved, is_shown) = match told {
            ChannelCurrency::Code => (facts.amount, code, code, true),
            ChannelCurrency::Symbol => (facts.amount, symbol, code, true),
            ChannelCurrency::Reference => (facts.usd, "USD", symbol, false),
        };
        // From what is told to what moved.
        let rate = match told {
            ChannelCurrency::Code | ChannelCurrency::Symbol => Decimal::ONE,
            ChannelCurrency::Reference => (Decimal::ONE / facts.price).round_dp(RATE_DECIMALS),
        };
        let amount = amount.to_string();
        let customer_id = facts.customer_id.as_str();
        let hash = hash(secret, |field| match field {
            "id" => &id,
            "customerId" => customer_id,
            "amount" => &amount,
            "currency" => currency,
            other => unreachable!("the hash covers {other}, which no callback has"),
        });
        Self {
            callback_type: None,
            sender_details: facts.sender.as_ref().map(SenderDetails::new),
            application_id: None,
            currency,
            customer_id,
            hash,
            invoice_id: invoice_id.map(Id),
            network: network.filter(|_| is_shown),
            order_id: facts.order_id.as_ref().map(MerchantText::as_str),
            status: version.status.as_str(),
            transaction_hash: Some(facts.chain_hash.as_str())
                .filter(|hash| is_shown && !hash.is_empty()),
            kind: deposit.direction.as_str(),
            created_at: Moment(deposit.created_at),
            updated_at: Moment(version.at),
            info: Info {
                exchange_rate: Text(rate.normalize()),
                reference_amount: Text(facts.usd),
                reference_currency: "USD",
                reference_exchange_rate: Text(facts.price),
                transaction_amount: Text(facts.amount),
                transaction_currency: moved,
                invoice: None,
            },
            fees: Fees {
                processing: Text(facts.processing_fee),
                technical: network.is_some().then_some(Text(facts.technical_fee)),
            },
            eur: Text(facts.eur),
            usd: Text(facts.usd),
            additional_params: None,
            id,
            amount,
        }
    }

    /// The same with the application that it belongs to.
    pub(crate) fn of_application(self, application_id: Option<&'a str>) -> Self {
        Self {
            application_id,
            ..self
        }
    }

    /// The same with a reference number, if it has one.
    pub(crate) fn with_utr(self, utr: Option<&'a str>) -> Self {
        Self {
            additional_params: utr.map(|utr| AdditionalParams { utr }),
            ..self
        }
    }

    /// The same as a callback, which tells its type.
    pub(crate) fn into_callback(self) -> Self {
        Self {
            callback_type: Some("transaction"),
            ..self
        }
    }

    /// The same as an old callback.
    pub(crate) fn into_old_callback(self) -> OldCallback<'a> {
        OldCallback {
            amount: self.amount,
            currency: self.currency,
            customer_id: self.customer_id,
            hash: self.hash,
            id: self.id,
            invoice_id: self.invoice_id,
            network: self.network,
            order_id: self.order_id,
            status: self.status,
            transaction_hash: self.transaction_hash,
            kind: self.kind,
            info: Info {
                invoice: None,
                ..self.info
            },
        }
    }
}

fn order_id(facts: &InvoiceFacts) -> Option<&str> {
    facts.order_id.as_ref().map(MerchantText::as_str)
}

/// The hash over the fields that the OpenAPI document names.
fn hash<'a>(secret: &SecretKey, text: impl Fn(&'static str) -> &'a str) -> String {
    let texts: Vec<&str> = TransactionCallback::HASHED
        .iter()
        .copied()
        .map(text)
        .collect();
    CallbackHash::of(&texts, secret).to_string()
}
