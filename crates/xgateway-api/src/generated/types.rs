// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.

//! Requests and answers, field by field.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use xgateway_core::issue::Issues;
use xgateway_core::money::{Currency, DecimalText, JsonNumber};
use xgateway_core::open_enum::open_enum;
use xgateway_core::rules::{Document, Field, Schema, Value};
use xgateway_core::secret::{CardNumberText, PersonalText, SecurityCodeText};

use crate::call::Call;
use crate::json::{self, Ruled};
use crate::operation::Operation;
use crate::{operations, rules};

open_enum! {
    /// A currency in which cards can be charged.
    pub enum CardCurrency {
        /// `EUR`.
        Eur = "EUR",
        /// `USD`.
        Usd = "USD",
    }
}

open_enum! {
    /// `fixed`: the rate is locked when the invoice is activated. `floating`: the rate follows the market.
    pub enum InvoiceStrategy {
        /// `fixed`.
        Fixed = "fixed",
        /// `floating`.
        Floating = "floating",
    }
}

open_enum! {
    /// How far an invoice has come. `created` and not yet activated; `active` and waiting for the customer;
    /// `processing`; then `completed` or `canceled`, which includes expired.
    pub enum InvoiceStatus {
        /// `created`.
        Created = "created",
        /// `active`.
        Active = "active",
        /// `processing`.
        Processing = "processing",
        /// `completed`.
        Completed = "completed",
        /// `canceled`.
        Canceled = "canceled",
    }
}

open_enum! {
    /// The direction of money, as the customer sees it.
    pub enum TransactionType {
        /// `deposit`.
        Deposit = "deposit",
        /// `withdrawal`.
        Withdrawal = "withdrawal",
    }
}

open_enum! {
    /// How far a transaction has come. `confirmed` and `failed` are final in the usual case, yet a dispute can still
    /// turn `failed` into `confirmed`.
    pub enum TransactionStatus {
        /// `pending`.
        Pending = "pending",
        /// `processing`.
        Processing = "processing",
        /// `confirmed`.
        Confirmed = "confirmed",
        /// `failed`.
        Failed = "failed",
    }
}

open_enum! {
    /// How a simulated transaction ends.
    pub enum SimulatedStatus {
        /// `confirmed`.
        Confirmed = "confirmed",
        /// `failed`.
        Failed = "failed",
    }
}

open_enum! {
    /// What a callback is about.
    pub enum CallbackType {
        /// `transaction`.
        Transaction = "transaction",
        /// `bank_account`.
        BankAccount = "bank_account",
        /// `kyc`.
        Kyc = "kyc",
    }
}

open_enum! {
    /// What kind of failure it was, by the gateway's name.
    pub enum AppErrorCode {
        /// `bad_request`.
        BadRequest = "bad_request",
        /// `unauthorized`.
        Unauthorized = "unauthorized",
        /// `forbidden`.
        Forbidden = "forbidden",
        /// `not_found`.
        NotFound = "not_found",
        /// `method_not_allowed`.
        MethodNotAllowed = "method_not_allowed",
        /// `conflict`.
        Conflict = "conflict",
        /// `content_too_large`.
        ContentTooLarge = "content_too_large",
        /// `unsupported_media_type`.
        UnsupportedMediaType = "unsupported_media_type",
        /// `unprocessable_content`.
        UnprocessableContent = "unprocessable_content",
        /// `db_violation`.
        DbViolation = "db_violation",
        /// `too_many_requests`.
        TooManyRequests = "too_many_requests",
        /// `internal_server_error`.
        InternalServerError = "internal_server_error",
        /// `service_unavailable`.
        ServiceUnavailable = "service_unavailable",
    }
}

/// A card deposit with all that the bank wants to know.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway8Request {
    /// The amount in major units of `baseCurrency`, with at most two decimals.
    #[serde(deserialize_with = "json::number")]
    pub amount: JsonNumber,
    /// The merchant's account that takes the payment.
    pub account_id: String,
    /// The currency of `amount`. The account must be configured for it.
    pub base_currency: CardCurrency,
    /// The customer's id in the merchant's system. It returns in callbacks.
    pub customer_id: String,
    /// The customer's date of birth, as `yyyy-mm-dd`.
    pub customer_date_of_birth: PersonalText,
    /// The customer's e-mail address.
    pub customer_email: PersonalText,
    /// The customer's first name.
    pub customer_first_name: PersonalText,
    /// The customer's last name.
    pub customer_last_name: PersonalText,
    /// The customer's telephone number: country code, one space, the rest. No plus sign.
    pub customer_phone: PersonalText,
    /// The IP address from which the customer pays.
    pub user_ip: PersonalText,
    /// The address to which the card is registered.
    pub billing_address: Gateway8BillingAddress,
    /// The card that pays.
    pub card: Gateway8Card,
    /// Whether the rate is locked. Fixed where it is missing.
    #[serde(default, deserialize_with = "json::present")]
    pub invoice_strategy: Option<InvoiceStrategy>,
    /// The merchant's id of this payment. It makes a repeated request safe, and finds the invoice.
    #[serde(default, deserialize_with = "json::present")]
    pub order_id: Option<String>,
    /// Where the customer goes after a 3DS check that succeeded, with its protocol.
    #[serde(default, deserialize_with = "json::present")]
    pub redirect_url: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Gateway8RequestView<'a> {
    amount: &'a RawValue,
    account_id: &'a str,
    base_currency: &'a str,
    customer_id: &'a str,
    customer_date_of_birth: &'a str,
    customer_email: &'a str,
    customer_first_name: &'a str,
    customer_last_name: &'a str,
    customer_phone: &'a str,
    user_ip: &'a str,
    billing_address: Gateway8BillingAddressView<'a>,
    card: Gateway8CardView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_strategy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<&'a str>,
}

impl<'a> From<&'a Gateway8Request> for Gateway8RequestView<'a> {
    fn from(request: &'a Gateway8Request) -> Self {
        Self {
            amount: raw(&request.amount),
            account_id: &request.account_id,
            base_currency: request.base_currency.as_str(),
            customer_id: &request.customer_id,
            customer_date_of_birth: request.customer_date_of_birth.expose(),
            customer_email: request.customer_email.expose(),
            customer_first_name: request.customer_first_name.expose(),
            customer_last_name: request.customer_last_name.expose(),
            customer_phone: request.customer_phone.expose(),
            user_ip: request.user_ip.expose(),
            billing_address: Gateway8BillingAddressView::from(&request.billing_address),
            card: Gateway8CardView::from(&request.card),
            invoice_strategy: request
                .invoice_strategy
                .as_ref()
                .map(InvoiceStrategy::as_str),
            order_id: request.order_id.as_deref(),
            redirect_url: request.redirect_url.as_deref(),
        }
    }
}

impl Document for Gateway8Request {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Number(self.amount.as_str()),
            1 => Value::Text(&self.account_id),
            2 => Value::Text(self.base_currency.as_str()),
            3 => Value::Text(&self.customer_id),
            4 => Value::Text(self.customer_date_of_birth.expose()),
            5 => Value::Text(self.customer_email.expose()),
            6 => Value::Text(self.customer_first_name.expose()),
            7 => Value::Text(self.customer_last_name.expose()),
            8 => Value::Text(self.customer_phone.expose()),
            9 => Value::Text(self.user_ip.expose()),
            10 => Value::Object(&self.billing_address),
            11 => Value::Object(&self.card),
            12 => match &self.invoice_strategy {
                Some(value) => Value::Text(value.as_str()),
                None => Value::Missing,
            },
            13 => match &self.order_id {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            14 => match &self.redirect_url {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            _ => Value::Missing,
        }
    }
}

impl Ruled for Gateway8Request {
    const SCHEMA: &'static Schema = &rules::GATEWAY8_REQUEST;
}

/// The address to which a card is registered.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway8BillingAddress {
    /// Street and number.
    pub address_line1: PersonalText,
    /// Suite, flat or the like.
    #[serde(default, deserialize_with = "json::present")]
    pub address_line2: Option<PersonalText>,
    /// City or town.
    pub city: PersonalText,
    /// The country, as two capital letters of ISO 3166-1.
    pub country_code: String,
    /// Postal or zip code.
    pub postal_code: PersonalText,
    /// State or region.
    pub state: PersonalText,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Gateway8BillingAddressView<'a> {
    address_line1: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_line2: Option<&'a str>,
    city: &'a str,
    country_code: &'a str,
    postal_code: &'a str,
    state: &'a str,
}

impl<'a> From<&'a Gateway8BillingAddress> for Gateway8BillingAddressView<'a> {
    fn from(request: &'a Gateway8BillingAddress) -> Self {
        Self {
            address_line1: request.address_line1.expose(),
            address_line2: request.address_line2.as_ref().map(PersonalText::expose),
            city: request.city.expose(),
            country_code: &request.country_code,
            postal_code: request.postal_code.expose(),
            state: request.state.expose(),
        }
    }
}

impl Document for Gateway8BillingAddress {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Text(self.address_line1.expose()),
            1 => match &self.address_line2 {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            2 => Value::Text(self.city.expose()),
            3 => Value::Text(&self.country_code),
            4 => Value::Text(self.postal_code.expose()),
            5 => Value::Text(self.state.expose()),
            _ => Value::Missing,
        }
    }
}

impl Ruled for Gateway8BillingAddress {
    const SCHEMA: &'static Schema = &rules::GATEWAY8_BILLING_ADDRESS;
}

/// A payment card with its security code.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway8Card {
    /// The card number. Whatever is no digit is ignored.
    pub card_number: CardNumberText,
    /// The name as it is printed on the card.
    pub cardholder_name: PersonalText,
    /// The month of expiry, as two digits.
    pub expiry_month: PersonalText,
    /// The year of expiry, as four digits.
    pub expiry_year: PersonalText,
    /// The security code of three or four digits. Nobody may store it.
    pub card_security_code: SecurityCodeText,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Gateway8CardView<'a> {
    card_number: &'a str,
    cardholder_name: &'a str,
    expiry_month: &'a str,
    expiry_year: &'a str,
    card_security_code: &'a str,
}

impl<'a> From<&'a Gateway8Card> for Gateway8CardView<'a> {
    fn from(request: &'a Gateway8Card) -> Self {
        Self {
            card_number: request.card_number.expose(),
            cardholder_name: request.cardholder_name.expose(),
            expiry_month: request.expiry_month.expose(),
            expiry_year: request.expiry_year.expose(),
            card_security_code: request.card_security_code.expose(),
        }
    }
}

impl Document for Gateway8Card {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Text(self.card_number.expose()),
            1 => Value::Text(self.cardholder_name.expose()),
            2 => Value::Text(self.expiry_month.expose()),
            3 => Value::Text(self.expiry_year.expose()),
            4 => Value::Text(self.card_security_code.expose()),
            _ => Value::Missing,
        }
    }
}

impl Ruled for Gateway8Card {
    const SCHEMA: &'static Schema = &rules::GATEWAY8_CARD;
}

/// How a Demo invoice shall end.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimulateTransactionRequest {
    /// The amount that arrives, in major units of the invoice's currency.
    pub amount: String,
    /// The invoice's id at the gateway.
    pub invoice_id: String,
    /// How the transaction ends.
    pub status: SimulatedStatus,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SimulateTransactionRequestView<'a> {
    amount: &'a str,
    invoice_id: &'a str,
    status: &'a str,
}

impl<'a> From<&'a SimulateTransactionRequest> for SimulateTransactionRequestView<'a> {
    fn from(request: &'a SimulateTransactionRequest) -> Self {
        Self {
            amount: &request.amount,
            invoice_id: &request.invoice_id,
            status: request.status.as_str(),
        }
    }
}

impl Document for SimulateTransactionRequest {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Text(&self.amount),
            1 => Value::Text(&self.invoice_id),
            2 => Value::Text(self.status.as_str()),
            _ => Value::Missing,
        }
    }
}

impl Ruled for SimulateTransactionRequest {
    const SCHEMA: &'static Schema = &rules::SIMULATE_TRANSACTION_REQUEST;
}

/// What becomes of a card deposit next.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreateInvoiceResponse {
    /// Where the customer must go for the 3DS check; null where none is needed.
    #[serde(rename = "threeDSURL")]
    #[serde(default)]
    pub three_ds_url: Option<String>,
    /// A sentence for people. Its wording differs from page to page, so no program may read it.
    #[serde(default)]
    pub message: Option<String>,
}

/// A transaction as the gateway reports it to the merchant.
///
/// `hash` is the Base64 text (standard alphabet, padded) of the SHA-512 digest of
/// `{id}.{customerId}.{amount}.{currency}.{secret key}`, each value exactly as its text stands in this object.
/// The status, the type and the order id are not covered.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionCallback {
    /// `transaction`. Old callbacks lack it, and mean the same.
    #[serde(default)]
    pub callback_type: Option<CallbackType>,
    /// Who paid, for a deposit by bank; else null.
    #[serde(default)]
    pub sender_details: Option<SenderDetails>,
    /// The amount in major units of `currency`. The hash covers this text, byte for byte.
    pub amount: DecimalText,
    /// The merchant's application, where it has several.
    #[serde(default)]
    pub application_id: Option<String>,
    /// The currency of `amount`. The hash covers this text, byte for byte.
    pub currency: Currency,
    /// The customer's id in the merchant's system. The hash covers this text, byte for byte.
    pub customer_id: String,
    /// Proves that the sender knows the merchant's secret key. Says nothing about the status.
    pub hash: String,
    /// The transaction's id at the gateway. The hash covers this text, byte for byte.
    pub id: String,
    /// The invoice that it pays.
    #[serde(default)]
    pub invoice_id: Option<String>,
    /// The blockchain, such as `ethereum` or `tron`; null for fiat money.
    #[serde(default)]
    pub network: Option<String>,
    /// The merchant's id of the payment.
    #[serde(default)]
    pub order_id: Option<String>,
    /// How far it has come. Not covered by the hash, so it is a hint and no proof.
    pub status: TransactionStatus,
    /// The transaction's hash on its blockchain.
    #[serde(default)]
    pub transaction_hash: Option<String>,
    /// The direction.
    #[serde(rename = "type")]
    #[serde(default)]
    pub kind: Option<TransactionType>,
    /// When it was created, in UTC. Older callbacks lack it.
    #[serde(default)]
    pub created_at: Option<String>,
    /// When it last changed, in UTC. Older callbacks lack it.
    #[serde(default)]
    pub updated_at: Option<String>,
    /// The amounts in other currencies, and the rates.
    #[serde(default)]
    pub info: Option<TransactionInfo>,
    /// What the gateway charged.
    #[serde(default)]
    pub fees: Option<TransactionFees>,
    /// The amount in euro.
    #[serde(default)]
    pub eur: Option<DecimalText>,
    /// The amount in US dollars.
    #[serde(default)]
    pub usd: Option<DecimalText>,
    /// What only some payment methods know, such as the bank's reference number `utr`.
    #[serde(default)]
    pub additional_params: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The bank account from which a deposit came.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SenderDetails {
    /// The IBAN.
    #[serde(default)]
    pub sender_iban: Option<PersonalText>,
    /// The account number.
    #[serde(default)]
    pub sender_account_number: Option<PersonalText>,
    /// The sort code, in the United Kingdom.
    #[serde(default)]
    pub sender_sort_code: Option<PersonalText>,
}

/// The amounts of a transaction in other currencies, and the rates.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionInfo {
    /// The rate from the currency of the amount to the currency that moved.
    #[serde(default)]
    pub exchange_rate: Option<DecimalText>,
    /// The amount in `referenceCurrency`.
    #[serde(default)]
    pub reference_amount: Option<DecimalText>,
    /// The currency in which the merchant keeps books; US dollars unless agreed otherwise.
    #[serde(default)]
    pub reference_currency: Option<Currency>,
    /// The rate to `referenceCurrency`.
    #[serde(default)]
    pub reference_exchange_rate: Option<DecimalText>,
    /// What really moved, in `transactionCurrency`.
    #[serde(default)]
    pub transaction_amount: Option<DecimalText>,
    /// The currency that really moved.
    #[serde(default)]
    pub transaction_currency: Option<Currency>,
    /// The invoice's amount.
    #[serde(default)]
    pub invoice_base_amount: Option<DecimalText>,
    /// The invoice's currency.
    #[serde(default)]
    pub invoice_base_currency: Option<Currency>,
    /// What really moved, in the invoice's currency.
    #[serde(default)]
    pub transaction_amount_base_currency: Option<DecimalText>,
}

/// What the gateway charged for a transaction, in the currency that moved.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionFees {
    /// The fee that the merchant's contract sets.
    #[serde(default)]
    pub processing: Option<DecimalText>,
    /// The cost of the blockchain; null for fiat money.
    #[serde(default)]
    pub technical: Option<DecimalText>,
}

/// An invoice as its merchant sees it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PublicInvoice {
    /// The amount in major units of `baseCurrency`.
    pub amount: DecimalText,
    /// The currency that the customer sees.
    #[serde(default)]
    pub base_currency: Option<Currency>,
    /// When it was created, in UTC.
    #[serde(default)]
    pub created_at: Option<String>,
    /// The customer's id in the merchant's system.
    #[serde(default)]
    pub customer_id: Option<String>,
    /// The invoice's id at the gateway.
    pub id: String,
    /// The gateway's checkout page for it.
    #[serde(default)]
    pub payment_url: Option<String>,
    /// How far it has come.
    pub status: InvoiceStatus,
    /// Whether its rate is locked.
    #[serde(default)]
    pub strategy: Option<InvoiceStrategy>,
    /// The direction; only `deposit` is documented.
    #[serde(rename = "type")]
    #[serde(default)]
    pub kind: Option<TransactionType>,
    /// The merchant's account that takes the payment.
    #[serde(default)]
    pub account_id: Option<String>,
    /// The merchant's id of the payment.
    #[serde(default)]
    pub order_id: Option<String>,
    /// The currency in which the customer pays, once chosen.
    #[serde(default)]
    pub payment_currency: Option<Currency>,
    /// Its transactions, the newest first.
    #[serde(default)]
    pub transactions: Option<Vec<InvoiceTransaction>>,
}

/// A transaction as its invoice lists it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InvoiceTransaction {
    /// The transaction's id at the gateway.
    pub id: String,
    /// When it was created, in UTC.
    #[serde(default)]
    pub created_at: Option<String>,
    /// The direction.
    #[serde(rename = "type")]
    #[serde(default)]
    pub kind: Option<TransactionType>,
    /// How far it has come.
    pub status: TransactionStatus,
}

/// A transaction with its amounts, rates and fees.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionData {
    /// Who paid, for a deposit by bank; else null.
    #[serde(default)]
    pub sender_details: Option<SenderDetails>,
    /// The amount in major units of `currency`.
    pub amount: DecimalText,
    /// The merchant's application, where it has several.
    #[serde(default)]
    pub application_id: Option<String>,
    /// The currency of `amount`.
    pub currency: Currency,
    /// The customer's id in the merchant's system.
    pub customer_id: String,
    /// The same hash as in the transaction's callback.
    #[serde(default)]
    pub hash: Option<String>,
    /// The transaction's id at the gateway.
    pub id: String,
    /// The invoice that it pays.
    #[serde(default)]
    pub invoice_id: Option<String>,
    /// The blockchain, such as `ethereum` or `tron`; null for fiat money.
    #[serde(default)]
    pub network: Option<String>,
    /// The merchant's id of the payment.
    #[serde(default)]
    pub order_id: Option<String>,
    /// How far it has come.
    pub status: TransactionStatus,
    /// The transaction's hash on its blockchain.
    #[serde(default)]
    pub transaction_hash: Option<String>,
    /// The direction.
    #[serde(rename = "type")]
    pub kind: TransactionType,
    /// When it was created, in UTC. Older answers lack it.
    #[serde(default)]
    pub created_at: Option<String>,
    /// When it last changed, in UTC. Older answers lack it.
    #[serde(default)]
    pub updated_at: Option<String>,
    /// The amounts in other currencies, and the rates.
    #[serde(default)]
    pub info: Option<TransactionInfo>,
    /// What the gateway charged.
    #[serde(default)]
    pub fees: Option<TransactionFees>,
    /// The amount in euro.
    #[serde(default)]
    pub eur: Option<DecimalText>,
    /// The amount in US dollars.
    #[serde(default)]
    pub usd: Option<DecimalText>,
    /// What only some payment methods know, such as the bank's reference number `utr`.
    #[serde(default)]
    pub additional_params: Option<serde_json::Map<String, serde_json::Value>>,
}

impl Call for Gateway8Request {
    type Answer = CreateInvoiceResponse;

    const OPERATION: &'static Operation = &operations::CREATE_CARD_DEPOSIT;

    fn check(&self) -> Result<(), Issues> {
        self.check_rules()
    }

    fn path(&self) -> String {
        Self::OPERATION.path.to_owned()
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(&Gateway8RequestView::from(self)))
    }
}

/// Reads an invoice by its id or by the merchant's order id.
#[derive(Clone, Debug)]
pub struct GetInvoice {
    /// The invoice's id at the gateway, or the merchant's order id.
    pub invoice_id: String,
}

impl Call for GetInvoice {
    type Answer = PublicInvoice;

    const OPERATION: &'static Operation = &operations::GET_INVOICE;

    fn check(&self) -> Result<(), Issues> {
        Ok(())
    }

    fn path(&self) -> String {
        Self::OPERATION.path_with(&[&self.invoice_id])
    }

    fn body(&self) -> Option<Bytes> {
        None
    }
}

/// Reads a transaction, whose status is the gateway's last word on money.
#[derive(Clone, Debug)]
pub struct GetTransaction {
    /// The transaction's id at the gateway, as in a callback or an invoice.
    pub transaction_id: String,
}

impl Call for GetTransaction {
    type Answer = TransactionData;

    const OPERATION: &'static Operation = &operations::GET_TRANSACTION;

    fn check(&self) -> Result<(), Issues> {
        Ok(())
    }

    fn path(&self) -> String {
        Self::OPERATION.path_with(&[&self.transaction_id])
    }

    fn body(&self) -> Option<Bytes> {
        None
    }
}

impl Call for SimulateTransactionRequest {
    type Answer = String;

    const OPERATION: &'static Operation = &operations::SIMULATE_TRANSACTION;

    fn check(&self) -> Result<(), Issues> {
        self.check_rules()
    }

    fn path(&self) -> String {
        Self::OPERATION.path.to_owned()
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(&SimulateTransactionRequestView::from(self)))
    }
}

fn raw(number: &JsonNumber) -> &RawValue {
    serde_json::from_str(number.as_str()).expect("a JsonNumber is a JSON number")
}

impl TransactionCallback {
    /// The properties whose texts the hash covers, in this order.
    pub const HASHED: &'static [&'static str] = &["id", "customerId", "amount", "currency"];
}
