// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.

//! Requests and answers, field by field.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use xgateway_core::issue::Issues;
use xgateway_core::money::{Currency, DecimalText, JsonNumber, LongDecimal};
use xgateway_core::open_enum::open_enum;
use xgateway_core::rules::{Document, Field, Schema, Value};
use xgateway_core::secret::{CardNumberText, PersonalText, SecurityCodeText};

use super::{operations, rules};
use crate::call::{Call, Upload};
use crate::json::{self, Ruled};
use crate::operation::Operation;
use crate::path::{self};

open_enum! {
    /// A currency in which cards can be charged.
    ///
    /// Source: `seed:host-to-host, Required payload`; `enum`: `seed:host-to-host, Validating limits`.
    pub enum CardCurrency {
        /// `EUR`.
        Eur = "EUR",
        /// `USD`.
        Usd = "USD",
    }
}

open_enum! {
    /// `fixed`: the rate is locked when the invoice is activated. `floating`: the rate follows the market.
    ///
    /// Source: `seed:host-to-host, Required payload`; `x-open-enum`:
    /// `inferred:it occurs in answers, where a newer value must not hurt; requests stay closed`.
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
    ///
    /// Source: `docs:miscellaneous/invoice-retrieval-api`; `enum.completed`:
    /// `docs:miscellaneous/deposit-and-withdrawal-simulation`.
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
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`; `enum.deposit`:
    /// `seed:integration-using-api, Channel payment flow`.
    pub enum TransactionType {
        /// `deposit`.
        Deposit = "deposit",
        /// `withdrawal`.
        Withdrawal = "withdrawal",
    }
}

open_enum! {
    /// How far a transaction has come. `confirmed` and `failed` are final in the usual case, yet a dispute can
    /// still turn `failed` into `confirmed`.
    ///
    /// Source: `docs:miscellaneous/check-transaction-status`; `enum`:
    /// `docs:miscellaneous/how-to-process-the-callback, transaction callback`; `enum.pending`:
    /// `docs:guides/how-to-initiate-a-withdrawal`; `enum.confirmed`:
    /// `seed:integration-using-api, Channel payment flow`.
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
    ///
    /// Source: `docs:miscellaneous/deposit-and-withdrawal-simulation`.
    pub enum SimulatedStatus {
        /// `confirmed`.
        Confirmed = "confirmed",
        /// `failed`.
        Failed = "failed",
    }
}

open_enum! {
    /// A currency in which a customer can pay to an address.
    ///
    /// Source: `docs:integration-guides/crypto-payments-using-api`; `x-open-enum`:
    /// `inferred:the gateway announces more; requests stay closed`.
    pub enum CryptoCurrency {
        /// `BTC`.
        Btc = "BTC",
        /// `ETH`.
        Eth = "ETH",
        /// `eUSDC`.
        EUsdc = "eUSDC",
        /// `eUSDT`.
        EUsdt = "eUSDT",
        /// `BNB`.
        Bnb = "BNB",
        /// `bUSDT`.
        BUsdt = "bUSDT",
        /// `POL`.
        Pol = "POL",
        /// `pUSDC`.
        PUsdc = "pUSDC",
        /// `wpUSDC`.
        WpUsdc = "wpUSDC",
        /// `wpUSDT`.
        WpUsdt = "wpUSDT",
        /// `SOL`.
        Sol = "SOL",
        /// `sUSDT`.
        SUsdt = "sUSDT",
        /// `tUSDC`.
        TUsdc = "tUSDC",
        /// `tUSDT`.
        TUsdt = "tUSDT",
        /// `FTN`.
        Ftn = "FTN",
    }
}

open_enum! {
    /// In which of the two currencies the amount is.
    ///
    /// Source: `docs:miscellaneous/exchange-rates`.
    pub enum ExchangeDirection {
        /// `toTarget`.
        ToTarget = "toTarget",
        /// `toSource`.
        ToSource = "toSource",
    }
}

open_enum! {
    /// What money an account holds.
    ///
    /// Source: `docs:miscellaneous/account-balance-api`.
    pub enum AccountKind {
        /// `fiat`.
        Fiat = "fiat",
        /// `crypto`.
        Crypto = "crypto",
    }
}

open_enum! {
    /// What a callback is about.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
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
    /// A currency that has an exchange rate: fiat money, then crypto money by the code that names its network. The
    /// names without a network, which occur in callbacks, are none.
    ///
    /// Source: `docs:miscellaneous/exchange-rates`; `enum.EUR`, `enum.RUB`:
    /// `seed:integration-using-api, Channel payment flow`.
    pub enum RateCurrency {
        /// `AZN`.
        Azn = "AZN",
        /// `BDT`.
        Bdt = "BDT",
        /// `EUR`.
        Eur = "EUR",
        /// `GBP`.
        Gbp = "GBP",
        /// `INR`.
        Inr = "INR",
        /// `JPY`.
        Jpy = "JPY",
        /// `KES`.
        Kes = "KES",
        /// `PKR`.
        Pkr = "PKR",
        /// `RUB`.
        Rub = "RUB",
        /// `TRY`.
        Try = "TRY",
        /// `USD`.
        Usd = "USD",
        /// `UZS`.
        Uzs = "UZS",
        /// `BTC`.
        Btc = "BTC",
        /// `ETH`.
        Eth = "ETH",
        /// `eUSDC`.
        EUsdc = "eUSDC",
        /// `eUSDT`.
        EUsdt = "eUSDT",
        /// `BNB`.
        Bnb = "BNB",
        /// `bUSDT`.
        BUsdt = "bUSDT",
        /// `POL`.
        Pol = "POL",
        /// `pUSDC`.
        PUsdc = "pUSDC",
        /// `wpUSDC`.
        WpUsdc = "wpUSDC",
        /// `wpUSDT`.
        WpUsdt = "wpUSDT",
        /// `SOL`.
        Sol = "SOL",
        /// `sUSDT`.
        SUsdt = "sUSDT",
        /// `tUSDC`.
        TUsdc = "tUSDC",
        /// `tUSDT`.
        TUsdt = "tUSDT",
        /// `FTN`.
        Ftn = "FTN",
    }
}

open_enum! {
    /// What kind of failure it was, by the gateway's name.
    ///
    /// Source: `docs:assets/openapi/extracted/gateway8_post.json`; `enum`:
    /// `inferred:the list is not public; the HTTP names of the statuses in the form of the two codes seen`;
    /// `enum.db_violation`: `docs:assets/openapi/extracted/invoices_post.json`.
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

open_enum! {
    /// A currency in which customers pay by bank.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `enum`:
    /// `inferred:the currencies of the pages about bank accounts; no page lists them`; `enum.USD`:
    /// `docs:miscellaneous/how-to-process-the-callback, bank account callback`; `x-open-enum`:
    /// `inferred:the gateway announces more; requests stay closed`.
    pub enum BankCurrency {
        /// `EUR`.
        Eur = "EUR",
        /// `GBP`.
        Gbp = "GBP",
        /// `USD`.
        Usd = "USD",
    }
}

open_enum! {
    /// What a customer lives on.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `enum`:
    /// `docs:integration-guides/sepa-secure-payments-using-checkout, query parameters`.
    pub enum SourceOfFunds {
        /// `SALARY`.
        Salary = "SALARY",
        /// `BUSINESS_INCOME`.
        BusinessIncome = "BUSINESS_INCOME",
        /// `PENSION`.
        Pension = "PENSION",
        /// `OTHER`.
        Other = "OTHER",
    }
}

open_enum! {
    /// A document that KYC asks for.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/upload-kyc-documents`.
    pub enum KycDocumentType {
        /// `SELFIE`.
        Selfie = "SELFIE",
        /// `PASSPORT`.
        Passport = "PASSPORT",
        /// `ID_CARD`.
        IdCard = "ID_CARD",
        /// `DRIVERS`.
        Drivers = "DRIVERS",
        /// `RESIDENCE_PERMIT`.
        ResidencePermit = "RESIDENCE_PERMIT",
        /// `UTILITY_BILL`.
        UtilityBill = "UTILITY_BILL",
    }
}

open_enum! {
    /// A side of a document that has two.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/upload-kyc-documents`.
    pub enum KycDocumentSubType {
        /// `FRONT_SIDE`.
        FrontSide = "FRONT_SIDE",
        /// `BACK_SIDE`.
        BackSide = "BACK_SIDE",
    }
}

open_enum! {
    /// How a customer's KYC stands. `CREATED`: a profile and no applicant. `KYC_NEEDED`: it must be started.
    /// `PENDING_KYC_DATA`: data and documents are awaited. `KYC_PENDING`: it is being checked. `SOFT_KYC_FAILED`:
    /// something can be corrected. `HARD_KYC_FAILED`: refused for good. `FULL_USER`: passed, which may be taken
    /// back later.
    ///
    /// Source: `docs:payment-flows/kyc-checks-diagram/supported-kyc-callbacks`.
    pub enum KycStatus {
        /// `CREATED`.
        Created = "CREATED",
        /// `KYC_NEEDED`.
        KycNeeded = "KYC_NEEDED",
        /// `PENDING_KYC_DATA`.
        PendingKycData = "PENDING_KYC_DATA",
        /// `KYC_PENDING`.
        KycPending = "KYC_PENDING",
        /// `SOFT_KYC_FAILED`.
        SoftKycFailed = "SOFT_KYC_FAILED",
        /// `HARD_KYC_FAILED`.
        HardKycFailed = "HARD_KYC_FAILED",
        /// `FULL_USER`.
        FullUser = "FULL_USER",
    }
}

open_enum! {
    /// Whether payments to a virtual bank account arrive.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`; `enum`:
    /// `docs:miscellaneous/how-to-process-the-callback, bank account callback`.
    pub enum CustomerBankAccountStatus {
        /// `PENDING`.
        Pending = "PENDING",
        /// `ACTIVE`.
        Active = "ACTIVE",
    }
}

/// A card deposit with all that the bank wants to know.
///
/// Source: `seed:host-to-host, Required payload`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway8Request {
    /// The amount in major units of `baseCurrency`, with at most two decimals.
    ///
    /// Source: `seed:host-to-host, Required payload`; `minimum`, `maximum`, `multipleOf`, `x-demo`:
    /// `seed:host-to-host, Validating limits`.
    #[serde(deserialize_with = "json::number")]
    pub amount: JsonNumber,
    /// The merchant's account that takes the payment.
    ///
    /// Source: `seed:host-to-host, Required payload`; `minLength`: `inferred:a mandatory text is not empty`.
    pub account_id: String,
    /// The currency of `amount`. The account must be configured for it.
    ///
    /// Source: `seed:host-to-host, Required payload`.
    pub base_currency: CardCurrency,
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `seed:host-to-host, Required payload`; `minLength`: `inferred:a mandatory text is not empty`.
    pub customer_id: String,
    /// The customer's date of birth, as `yyyy-mm-dd`.
    ///
    /// Source: `seed:host-to-host, Required payload`.
    pub customer_date_of_birth: PersonalText,
    /// The customer's e-mail address.
    ///
    /// Source: `seed:host-to-host, Required payload`.
    pub customer_email: PersonalText,
    /// The customer's first name.
    ///
    /// Source: `seed:host-to-host, Required payload`; `minLength`: `inferred:a mandatory text is not empty`.
    pub customer_first_name: PersonalText,
    /// The customer's last name.
    ///
    /// Source: `seed:host-to-host, Required payload`; `minLength`: `inferred:a mandatory text is not empty`.
    pub customer_last_name: PersonalText,
    /// The customer's telephone number: country code, one space, the rest. No plus sign.
    ///
    /// Source: `seed:host-to-host, Required payload`; `pattern`:
    /// `inferred:the form is the seed's, the 4 to 14 digits after the space are ours`.
    pub customer_phone: PersonalText,
    /// The IP address from which the customer pays.
    ///
    /// Source: `seed:host-to-host, Required payload`.
    pub user_ip: PersonalText,
    /// The address to which the card is registered.
    ///
    /// Source: `seed:host-to-host, Required payload`.
    pub billing_address: Gateway8BillingAddress,
    /// The card that pays.
    ///
    /// Source: `seed:host-to-host, Required payload`.
    pub card: Gateway8Card,
    /// Whether the rate is locked. Fixed where it is missing.
    ///
    /// Source: `seed:host-to-host, Required payload`.
    #[serde(default, deserialize_with = "json::present")]
    pub invoice_strategy: Option<InvoiceStrategy>,
    /// The merchant's id of this payment. It makes a repeated request safe, and finds the invoice.
    ///
    /// Source: `seed:host-to-host, Required payload`; `minLength`:
    /// `inferred:an empty text could not tell two orders apart`.
    #[serde(default, deserialize_with = "json::present")]
    pub order_id: Option<String>,
    /// Where the customer goes after a 3DS check that succeeded, with its protocol.
    ///
    /// Source: `seed:host-to-host, Required payload`.
    #[serde(default, deserialize_with = "json::present")]
    pub redirect_url: Option<String>,
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
///
/// Source: `seed:host-to-host, Required payload`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway8BillingAddress {
    /// Street and number.
    ///
    /// Source: `seed:host-to-host, Required payload`; `minLength`: `inferred:a mandatory text is not empty`.
    pub address_line1: PersonalText,
    /// Suite, flat or the like.
    ///
    /// Source: `seed:host-to-host, Required payload`.
    #[serde(default, deserialize_with = "json::present")]
    pub address_line2: Option<PersonalText>,
    /// City or town.
    ///
    /// Source: `seed:host-to-host, Required payload`; `minLength`: `inferred:a mandatory text is not empty`.
    pub city: PersonalText,
    /// The country, as two capital letters of ISO 3166-1.
    ///
    /// Source: `seed:host-to-host, Required payload`.
    pub country_code: String,
    /// Postal or zip code.
    ///
    /// Source: `seed:host-to-host, Required payload`; `minLength`: `inferred:a mandatory text is not empty`.
    pub postal_code: PersonalText,
    /// State or region.
    ///
    /// Source: `seed:host-to-host, Required payload`; `minLength`: `inferred:a mandatory text is not empty`.
    pub state: PersonalText,
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
///
/// Source: `seed:host-to-host, Required payload`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway8Card {
    /// The card number. Whatever is no digit is ignored.
    ///
    /// Source: `seed:host-to-host, Required payload`; `x-min-digits`:
    /// `inferred:no issuer has shorter card numbers`; `x-test-cards`: `seed:host-to-host, Test cards`.
    pub card_number: CardNumberText,
    /// The name as it is printed on the card.
    ///
    /// Source: `seed:host-to-host, Required payload`; `minLength`: `inferred:a mandatory text is not empty`.
    pub cardholder_name: PersonalText,
    /// The month of expiry, as two digits.
    ///
    /// Source: `seed:host-to-host, Required payload`; `pattern`:
    /// `inferred:the seed says digits, not how they are checked`; `minLength`: `inferred:the seed says 2 digits`.
    pub expiry_month: PersonalText,
    /// The year of expiry, as four digits.
    ///
    /// Source: `seed:host-to-host, Required payload`; `pattern`:
    /// `inferred:the seed says digits, not how they are checked`; `minLength`: `inferred:the seed says 4 digits`;
    /// `maxLength`: `seed:host-to-host, structured error sample`.
    pub expiry_year: PersonalText,
    /// The security code of three or four digits. Nobody may store it.
    ///
    /// Source: `seed:host-to-host, Required payload`; `pattern`:
    /// `inferred:the seed says digits, not how they are checked`.
    pub card_security_code: SecurityCodeText,
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
///
/// Source: `docs:miscellaneous/deposit-and-withdrawal-simulation`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimulateTransactionRequest {
    /// The amount that arrives, in major units of the invoice's currency.
    ///
    /// Source: `docs:miscellaneous/deposit-and-withdrawal-simulation`; `format`:
    /// `inferred:the sample is a decimal text`; `pattern`:
    /// `inferred:the form that other pages give for amounts, with at most 18 decimals`.
    pub amount: String,
    /// The invoice's id at the gateway.
    ///
    /// Source: `docs:miscellaneous/deposit-and-withdrawal-simulation`; `minLength`:
    /// `inferred:a mandatory text is not empty`; `maxLength`:
    /// `inferred:as long as a text of a database column is by habit`.
    pub invoice_id: String,
    /// How the transaction ends.
    ///
    /// Source: `docs:miscellaneous/deposit-and-withdrawal-simulation`.
    pub status: SimulatedStatus,
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

/// For whom and for what an address is wanted, by the old operation.
///
/// Source: `seed:integration-using-api, Channel payment flow`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WalletAddressRequest {
    /// The currency that the customer will pay in, which names the network too.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub currency: CryptoCurrency,
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`; `minLength`:
    /// `inferred:a mandatory text is not empty`; `maxLength`:
    /// `inferred:as long as a text of a database column is by habit`.
    pub customer_id: String,
}

impl Document for WalletAddressRequest {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Text(self.currency.as_str()),
            1 => Value::Text(&self.customer_id),
            _ => Value::Missing,
        }
    }
}

impl Ruled for WalletAddressRequest {
    const SCHEMA: &'static Schema = &rules::WALLET_ADDRESS_REQUEST;
}

/// For whom and for what an address is wanted.
///
/// Source: `docs:integration-guides/crypto-payments-using-api`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelRequest {
    /// The currency that the customer will pay in, which names the network too.
    ///
    /// Source: `docs:integration-guides/crypto-payments-using-api`.
    pub currency: CryptoCurrency,
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `docs:integration-guides/crypto-payments-using-api`; `minLength`:
    /// `inferred:a mandatory text is not empty`; `maxLength`:
    /// `inferred:as long as a text of a database column is by habit`.
    pub customer_id: String,
}

impl Document for ChannelRequest {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Text(self.currency.as_str()),
            1 => Value::Text(&self.customer_id),
            _ => Value::Missing,
        }
    }
}

impl Ruled for ChannelRequest {
    const SCHEMA: &'static Schema = &rules::CHANNEL_REQUEST;
}

/// Who the customer is, for bank transfers. Whatever is missing can be given later.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateProfileRequest {
    /// The customer's country, as two capital letters of ISO 3166-1.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`.
    #[serde(default, deserialize_with = "json::present")]
    pub country: Option<String>,
    /// The currency in which the customer will pay.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`.
    #[serde(default, deserialize_with = "json::present")]
    pub currency: Option<BankCurrency>,
    /// The customer's e-mail address.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `format`:
    /// `inferred:as for card deposits`.
    #[serde(default, deserialize_with = "json::present")]
    pub email: Option<PersonalText>,
    /// The customer's first name.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:what is given is not empty`; `maxLength`: `inferred:the usual length of a column`.
    #[serde(default, deserialize_with = "json::present")]
    pub first_name: Option<PersonalText>,
    /// The customer's last name.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:what is given is not empty`; `maxLength`: `inferred:the usual length of a column`.
    #[serde(default, deserialize_with = "json::present")]
    pub last_name: Option<PersonalText>,
    /// The base64 text of the SHA-256 digest of the privacy policy, which the customer has accepted.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `pattern`:
    /// `docs:miscellaneous/sepa-secure-service-api/generating-terms-and-conditions-hashes`.
    #[serde(default, deserialize_with = "json::present")]
    pub accepted_privacy_policy_hash: Option<String>,
    /// The base64 text of the SHA-256 digest of the terms and conditions, which the customer has accepted.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `pattern`:
    /// `docs:miscellaneous/sepa-secure-service-api/generating-terms-and-conditions-hashes`.
    #[serde(default, deserialize_with = "json::present")]
    pub accepted_terms_and_conditions_hash: Option<String>,
    /// The base64 text of the SHA-256 digest of the terms of service, which the customer has accepted.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `pattern`:
    /// `docs:miscellaneous/sepa-secure-service-api/generating-terms-and-conditions-hashes`.
    #[serde(default, deserialize_with = "json::present")]
    pub accepted_terms_of_service_hash: Option<String>,
}

impl Document for CreateProfileRequest {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => match &self.country {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            1 => match &self.currency {
                Some(value) => Value::Text(value.as_str()),
                None => Value::Missing,
            },
            2 => match &self.email {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            3 => match &self.first_name {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            4 => match &self.last_name {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            5 => match &self.accepted_privacy_policy_hash {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            6 => match &self.accepted_terms_and_conditions_hash {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            7 => match &self.accepted_terms_of_service_hash {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            _ => Value::Missing,
        }
    }
}

impl Ruled for CreateProfileRequest {
    const SCHEMA: &'static Schema = &rules::CREATE_PROFILE_REQUEST;
}

/// Where the customer lives and what the money comes from, for the KYC vendor.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `required`:
/// `inferred:the printed sample has all; a second line of an address is never mandatory`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateApplicantRequest {
    /// Street and number.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:a mandatory text is not empty`; `maxLength`: `inferred:the usual length of a column`.
    pub address1: PersonalText,
    /// Suite, flat or the like.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `maxLength`:
    /// `inferred:the usual length of a column`.
    #[serde(default, deserialize_with = "json::present")]
    pub address2: Option<PersonalText>,
    /// Postal or zip code.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:a mandatory text is not empty`; `maxLength`: `inferred:the usual length of a column`.
    pub post_code: PersonalText,
    /// City or town.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:a mandatory text is not empty`; `maxLength`: `inferred:the usual length of a column`.
    pub city: PersonalText,
    /// The country of residence, as two capital letters of ISO 3166-1.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`.
    pub country: String,
    /// The customer's date of birth, as `yyyy-mm-dd`.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`.
    pub date_of_birth: PersonalText,
    /// What the customer lives on.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`.
    pub source_of_funds: SourceOfFunds,
}

impl Document for CreateApplicantRequest {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Text(self.address1.expose()),
            1 => match &self.address2 {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            2 => Value::Text(self.post_code.expose()),
            3 => Value::Text(self.city.expose()),
            4 => Value::Text(&self.country),
            5 => Value::Text(self.date_of_birth.expose()),
            6 => Value::Text(self.source_of_funds.as_str()),
            _ => Value::Missing,
        }
    }
}

impl Ruled for CreateApplicantRequest {
    const SCHEMA: &'static Schema = &rules::CREATE_APPLICANT_REQUEST;
}

/// The text items that change. What is missing stays as it is.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CorrectProfileRequest {
    /// The customer's first name.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `minLength`:
    /// `inferred:what is given is not empty`; `maxLength`: `inferred:the usual length of a column`.
    #[serde(default, deserialize_with = "json::present")]
    pub first_name: Option<PersonalText>,
    /// The customer's last name.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `minLength`:
    /// `inferred:what is given is not empty`; `maxLength`: `inferred:the usual length of a column`.
    #[serde(default, deserialize_with = "json::present")]
    pub last_name: Option<PersonalText>,
    /// The customer's e-mail address.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `format`:
    /// `inferred:as for card deposits`.
    #[serde(default, deserialize_with = "json::present")]
    pub email: Option<PersonalText>,
    /// The customer's date of birth, as `yyyy-mm-dd`.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`.
    #[serde(default, deserialize_with = "json::present")]
    pub date_of_birth: Option<PersonalText>,
    /// The lines of the address that change.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`.
    #[serde(default, deserialize_with = "json::present")]
    pub address: Option<CorrectedAddress>,
    /// The base64 text of the SHA-256 digest of the privacy policy, which the customer has accepted.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `pattern`:
    /// `docs:miscellaneous/sepa-secure-service-api/generating-terms-and-conditions-hashes`.
    #[serde(default, deserialize_with = "json::present")]
    pub accepted_privacy_policy_hash: Option<String>,
    /// The base64 text of the SHA-256 digest of the terms and conditions, which the customer has accepted.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `pattern`:
    /// `docs:miscellaneous/sepa-secure-service-api/generating-terms-and-conditions-hashes`.
    #[serde(default, deserialize_with = "json::present")]
    pub accepted_terms_and_conditions_hash: Option<String>,
    /// The base64 text of the SHA-256 digest of the terms of service, which the customer has accepted.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `pattern`:
    /// `docs:miscellaneous/sepa-secure-service-api/generating-terms-and-conditions-hashes`.
    #[serde(default, deserialize_with = "json::present")]
    pub accepted_terms_of_service_hash: Option<String>,
}

impl Document for CorrectProfileRequest {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => match &self.first_name {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            1 => match &self.last_name {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            2 => match &self.email {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            3 => match &self.date_of_birth {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            4 => match &self.address {
                Some(value) => Value::Object(value),
                None => Value::Missing,
            },
            5 => match &self.accepted_privacy_policy_hash {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            6 => match &self.accepted_terms_and_conditions_hash {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            7 => match &self.accepted_terms_of_service_hash {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            _ => Value::Missing,
        }
    }
}

impl Ruled for CorrectProfileRequest {
    const SCHEMA: &'static Schema = &rules::CORRECT_PROFILE_REQUEST;
}

/// The lines of an address that change.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CorrectedAddress {
    /// City or town.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `minLength`:
    /// `inferred:what is given is not empty`; `maxLength`: `inferred:the usual length of a column`.
    #[serde(default, deserialize_with = "json::present")]
    pub city: Option<PersonalText>,
    /// Postal or zip code.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `minLength`:
    /// `inferred:what is given is not empty`; `maxLength`: `inferred:the usual length of a column`.
    #[serde(default, deserialize_with = "json::present")]
    pub post_code: Option<PersonalText>,
    /// Street and number.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `minLength`:
    /// `inferred:what is given is not empty`; `maxLength`: `inferred:the usual length of a column`.
    #[serde(default, deserialize_with = "json::present")]
    pub address_line1: Option<PersonalText>,
    /// Suite, flat or the like.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `maxLength`:
    /// `inferred:the usual length of a column`.
    #[serde(default, deserialize_with = "json::present")]
    pub address_line2: Option<PersonalText>,
    /// The country of residence, as two capital letters of ISO 3166-1.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `x-rule`:
    /// `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`.
    #[serde(default, deserialize_with = "json::present")]
    pub country: Option<String>,
}

impl Document for CorrectedAddress {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => match &self.city {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            1 => match &self.post_code {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            2 => match &self.address_line1 {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            3 => match &self.address_line2 {
                Some(value) => Value::Text(value.expose()),
                None => Value::Missing,
            },
            4 => match &self.country {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            _ => Value::Missing,
        }
    }
}

impl Ruled for CorrectedAddress {
    const SCHEMA: &'static Schema = &rules::CORRECTED_ADDRESS;
}

/// How the KYC vendor's pages shall look.
///
/// Source: `docs:integration-guides/sepa-secure-no-invoice-integration`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateKycLinkRequest {
    /// The language of the pages.
    ///
    /// Source: `docs:integration-guides/sepa-secure-no-invoice-integration`; `minLength`:
    /// `inferred:the shortest tag of a language`; `maxLength`: `inferred:what RFC 5646 asks a buffer to hold`.
    #[serde(default, deserialize_with = "json::present")]
    pub locale: Option<String>,
    /// The merchant's application, where it has several.
    ///
    /// Source: `inferred:as for the link to the management of destination bank accounts`; `minLength`:
    /// `inferred:an empty id names nothing`; `maxLength`: `inferred:the usual length of a column`.
    #[serde(default, deserialize_with = "json::present")]
    pub application_id: Option<String>,
    /// Whether the vendor's pages are used without its software in the merchant's page.
    ///
    /// Source: `inferred:as for the link to the management of destination bank accounts`.
    #[serde(default, deserialize_with = "json::present")]
    pub is_kyc_no_sdk: Option<bool>,
}

impl Document for CreateKycLinkRequest {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => match &self.locale {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            1 => match &self.application_id {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            2 => match &self.is_kyc_no_sdk {
                Some(value) => Value::Boolean(*value),
                None => Value::Missing,
            },
            _ => Value::Missing,
        }
    }
}

impl Ruled for CreateKycLinkRequest {
    const SCHEMA: &'static Schema = &rules::CREATE_KYC_LINK_REQUEST;
}

/// The share token of the KYC vendor.
///
/// Source: `inferred:the page speaks of a share token and shows no body`; `required`:
/// `inferred:without the token there is nothing to import`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportKycTokenRequest {
    /// The token, with which anybody could take the applicant over.
    ///
    /// Source: `inferred:the page speaks of a share token and shows no body`; `minLength`:
    /// `inferred:a mandatory text is not empty`; `maxLength`: `inferred:far longer than any token`.
    pub token: PersonalText,
}

impl Document for ImportKycTokenRequest {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Text(self.token.expose()),
            _ => Value::Missing,
        }
    }
}

impl Ruled for ImportKycTokenRequest {
    const SCHEMA: &'static Schema = &rules::IMPORT_KYC_TOKEN_REQUEST;
}

/// Which account is wanted.
///
/// Source: `inferred:no body is public`; `required`:
/// `inferred:the currency decides which kind of account it is`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateBankAccountRequest {
    /// The currency, which decides between SEPA, Faster Payments and a US dollar account.
    ///
    /// Source: `inferred:the listed accounts and their callbacks have it`.
    pub currency: BankCurrency,
}

impl Document for CreateBankAccountRequest {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Text(self.currency.as_str()),
            _ => Value::Missing,
        }
    }
}

impl Ruled for CreateBankAccountRequest {
    const SCHEMA: &'static Schema = &rules::CREATE_BANK_ACCOUNT_REQUEST;
}

/// What becomes of a card deposit next.
///
/// Source: `seed:host-to-host, API Response`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreateInvoiceResponse {
    /// Where the customer must go for the 3DS check; null where none is needed.
    ///
    /// Source: `seed:host-to-host, API Response`.
    #[serde(
        rename = "threeDSURL",
        default,
        deserialize_with = "crate::answer::readable::scalar"
    )]
    pub three_ds_url: Option<String>,
    /// A sentence for people. Its wording differs from page to page, so no program may read it.
    ///
    /// Source: `seed:host-to-host, API Response`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub message: Option<String>,
}

/// An invoice as its merchant sees it.
///
/// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`; `required`:
/// `inferred:the keys that every printed invoice has; the list itself is not public`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PublicInvoice {
    /// The amount in major units of `baseCurrency`.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`; `format`:
    /// `inferred:the prose says number, the sample is a text`.
    pub amount: DecimalText,
    /// The currency that the customer sees.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub base_currency: Option<Currency>,
    /// When it was created, in UTC.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub created_at: Option<String>,
    /// The customer's id in the merchant's system.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub customer_id: Option<String>,
    /// The invoice's id at the gateway.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    pub id: String,
    /// The gateway's checkout page for it.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub payment_url: Option<String>,
    /// How far it has come.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    pub status: InvoiceStatus,
    /// Whether its rate is locked.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub strategy: Option<InvoiceStrategy>,
    /// The direction; only `deposit` is documented.
    ///
    /// Source: `docs:miscellaneous/invoice-retrieval-api`.
    #[serde(
        rename = "type",
        default,
        deserialize_with = "crate::answer::readable::scalar"
    )]
    pub kind: Option<TransactionType>,
    /// The merchant's account that takes the payment.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub account_id: Option<String>,
    /// The merchant's id of the payment.
    ///
    /// Source: `docs:miscellaneous/invoice-retrieval-api`.
    #[serde(default, deserialize_with = "crate::answer::readable::or_refused")]
    pub order_id: Option<String>,
    /// The currency in which the customer pays, once chosen.
    ///
    /// Source: `docs:miscellaneous/invoice-retrieval-api`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub payment_currency: Option<Currency>,
    /// Its transactions, the newest first.
    ///
    /// Source: `docs:miscellaneous/invoice-retrieval-api`.
    #[serde(default)]
    pub transactions: Option<Vec<InvoiceTransaction>>,
}

/// A transaction as its invoice lists it.
///
/// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`; `required`:
/// `inferred:every key of the printed sample; the list itself is not public`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InvoiceTransaction {
    /// The transaction's id at the gateway.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    pub id: String,
    /// When it was created, in UTC.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub created_at: Option<String>,
    /// The direction.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    #[serde(
        rename = "type",
        default,
        deserialize_with = "crate::answer::readable::scalar"
    )]
    pub kind: Option<TransactionType>,
    /// How far it has come.
    ///
    /// Source: `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
    pub status: TransactionStatus,
}

/// A transaction with its amounts, rates and fees.
///
/// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`; `required`:
/// `inferred:the keys of the printed samples, old and new; the list itself is not public`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionData {
    /// Who paid, for a deposit by bank; else null.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::object")]
    pub sender_details: Option<SenderDetails>,
    /// The amount in major units of `currency`.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    pub amount: DecimalText,
    /// The merchant's application, where it has several.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub application_id: Option<String>,
    /// The currency of `amount`.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    pub currency: Currency,
    /// The customer's id in the merchant's system.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`; `nullable`:
    /// `inferred:every sample has one, but nothing says that each payment is a customer's, and its callback may lack it`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub customer_id: Option<String>,
    /// The same hash as in the transaction's callback.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub hash: Option<String>,
    /// The transaction's id at the gateway.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    pub id: String,
    /// The invoice that it pays, or that the gateway made for it.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`; `nullable`:
    /// `inferred:every sample has one, that of a payment to an address too, but nothing says that each payment has`.
    #[serde(default, deserialize_with = "crate::answer::readable::or_refused")]
    pub invoice_id: Option<String>,
    /// The blockchain, such as `ethereum` or `tron`; null for fiat money.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub network: Option<String>,
    /// The merchant's id of the payment.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::or_refused")]
    pub order_id: Option<String>,
    /// How far it has come.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    pub status: TransactionStatus,
    /// The transaction's hash on its blockchain.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub transaction_hash: Option<String>,
    /// The direction.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(rename = "type")]
    pub kind: TransactionType,
    /// When it was created, in UTC. Older answers lack it.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub created_at: Option<String>,
    /// When it last changed, in UTC. Older answers lack it.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub updated_at: Option<String>,
    /// The amounts in other currencies, and the rates.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::object")]
    pub info: Option<TransactionInfo>,
    /// What the gateway charged.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::object")]
    pub fees: Option<TransactionFees>,
    /// The amount in euro.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub eur: Option<LongDecimal>,
    /// The amount in US dollars.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub usd: Option<LongDecimal>,
    /// What only some payment methods know, such as the bank's reference number `utr`.
    ///
    /// Source: `inferred:documented for the callback, whose fields this object shares`.
    #[serde(default, deserialize_with = "crate::answer::readable::object")]
    pub additional_params: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The amounts of a transaction in other currencies, and the rates.
///
/// Source: `seed:integration-using-api, Channel payment flow`; `required`:
/// `inferred:the keys that every printed sample has`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionInfo {
    /// The rate from the currency of the amount to the currency that moved.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub exchange_rate: Option<LongDecimal>,
    /// The amount in `referenceCurrency`.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub reference_amount: Option<LongDecimal>,
    /// The currency in which the merchant keeps books; US dollars unless agreed otherwise.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub reference_currency: Option<Currency>,
    /// The rate from the currency that moved to `referenceCurrency`.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`; `description`:
    /// `inferred:from the amounts of the transaction callback's sample`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub reference_exchange_rate: Option<LongDecimal>,
    /// What really moved, in `transactionCurrency`.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub transaction_amount: Option<LongDecimal>,
    /// The currency that really moved.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub transaction_currency: Option<Currency>,
    /// The invoice's amount.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub invoice_base_amount: Option<LongDecimal>,
    /// The invoice's currency.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub invoice_base_currency: Option<Currency>,
    /// What really moved, in the invoice's currency.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub transaction_amount_base_currency: Option<LongDecimal>,
}

/// What the gateway charged for a transaction, in the currency that moved.
///
/// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`; `required`:
/// `inferred:every printed sample has both; the list itself is not public`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionFees {
    /// The fee that the merchant's contract sets.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub processing: Option<LongDecimal>,
    /// The cost of the blockchain; null for fiat money.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub technical: Option<LongDecimal>,
}

/// The bank account from which a deposit came.
///
/// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SenderDetails {
    /// The IBAN.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`; `nullable`:
    /// `inferred:not every bank account has one`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub sender_iban: Option<PersonalText>,
    /// The account number.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`; `nullable`:
    /// `inferred:not every bank account has one`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub sender_account_number: Option<PersonalText>,
    /// The sort code, in the United Kingdom.
    ///
    /// Source: `docs:assets/openapi/extracted/transaction__transactionId__get.json`; `nullable`:
    /// `inferred:not every bank account has one`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub sender_sort_code: Option<PersonalText>,
}

/// A transaction as the gateway reports it to the merchant.
///
/// `hash` is the Base64 text (standard alphabet, padded) of the SHA-512 digest of
/// `{id}.{customerId}.{amount}.{currency}.{secret key}`, each value exactly as its text stands in this object.
/// The status, the type and the order id are not covered.
///
/// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`; `required`:
/// `inferred:the keys of the seed's sample, which every later sample has too`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionCallback {
    /// `transaction`. Old callbacks lack it, and mean the same.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub callback_type: Option<CallbackType>,
    /// Who paid, for a deposit by bank; else null.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::object")]
    pub sender_details: Option<SenderDetails>,
    /// The amount in major units of `currency`. The hash covers this text, byte for byte.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub amount: DecimalText,
    /// The merchant's application, where it has several.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub application_id: Option<String>,
    /// The currency of `amount`. The hash covers this text, byte for byte.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub currency: Currency,
    /// The customer's id in the merchant's system. The hash covers this text, byte for byte.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub customer_id: String,
    /// Proves that the sender knows the merchant's secret key. Says nothing about the status.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub hash: String,
    /// The transaction's id at the gateway. The hash covers this text, byte for byte.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub id: String,
    /// The invoice that it pays, or that the gateway made for it.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`; `nullable`:
    /// `inferred:every sample has one, that of a payment to an address too, but nothing says that each payment has`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub invoice_id: Option<String>,
    /// The blockchain, such as `ethereum` or `tron`; null for fiat money.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub network: Option<String>,
    /// The merchant's id of the payment.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`; `nullable`:
    /// `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub order_id: Option<String>,
    /// How far it has come. Not covered by the hash, so it is a hint and no proof.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub status: TransactionStatus,
    /// The transaction's hash on its blockchain.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub transaction_hash: Option<String>,
    /// The direction.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    #[serde(
        rename = "type",
        default,
        deserialize_with = "crate::answer::readable::scalar"
    )]
    pub kind: Option<TransactionType>,
    /// When it was created, in UTC. Older callbacks lack it.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub created_at: Option<String>,
    /// When it last changed, in UTC. Older callbacks lack it.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub updated_at: Option<String>,
    /// The amounts in other currencies, and the rates.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    #[serde(default, deserialize_with = "crate::answer::readable::object")]
    pub info: Option<TransactionInfo>,
    /// What the gateway charged.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::object")]
    pub fees: Option<TransactionFees>,
    /// The amount in euro.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub eur: Option<LongDecimal>,
    /// The amount in US dollars.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub usd: Option<LongDecimal>,
    /// What only some payment methods know, such as the bank's reference number `utr`.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, transaction callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::object")]
    pub additional_params: Option<serde_json::Map<String, serde_json::Value>>,
}

impl TransactionCallback {
    /// The properties whose texts the hash covers, in this order.
    pub const HASHED: &'static [&'static str] = &["id", "customerId", "amount", "currency"];
}

/// A customer's deposit address.
///
/// Source: `docs:integration-guides/crypto-payments-using-api`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AddressResponse {
    /// The address on the network of the currency.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub address: String,
    /// An image of the address as a QR code.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    #[serde(
        rename = "qrCodeURL",
        default,
        deserialize_with = "crate::answer::readable::scalar"
    )]
    pub qr_code_url: Option<String>,
    /// The QR code itself; in which form is not documented.
    ///
    /// Source: `docs:integration-guides/crypto-payments-using-api`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub qr_code: Option<String>,
}

/// One of the merchant's accounts, and what is on it.
///
/// Source: `docs:miscellaneous/account-balance-api`; `required`:
/// `inferred:the keys of the printed samples; the list itself is not public`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccountPublicResponse {
    /// What money it holds.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    #[serde(
        rename = "type",
        default,
        deserialize_with = "crate::answer::readable::scalar"
    )]
    pub kind: Option<AccountKind>,
    /// The account's id at the gateway.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    pub account_id: String,
    /// What the merchant calls it.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`; `nullable`:
    /// `docs:miscellaneous/account-balance-api`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub account_label: Option<String>,
    /// Its number for people.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub account_number: Option<String>,
    /// The currency that it was opened for.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub account_currency: Option<Currency>,
    /// The currency in which the merchant keeps books.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub reference_currency: Option<Currency>,
    /// The currency of the balances.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    pub currency: Currency,
    /// What is on it, in major units of `currency`.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    pub balance: DecimalText,
    /// The same in `referenceCurrency`.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub balance_reference_currency: Option<DecimalText>,
    /// How much of it can be withdrawn.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub withdrawable_balance: Option<DecimalText>,
    /// The same in `referenceCurrency`.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub withdrawable_balance_reference_currency: Option<DecimalText>,
    /// The payment method that it serves.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`; `nullable`:
    /// `docs:miscellaneous/account-balance-api`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub payment_method: Option<String>,
    /// The blockchain of an account in crypto money.
    ///
    /// Source: `docs:miscellaneous/account-balance-api`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub network: Option<String>,
    /// Whether it is in use.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub is_active: Option<bool>,
    /// Whether money can be withdrawn from it.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts_get.json`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub is_withdrawal_allowed: Option<bool>,
    /// How many blocks confirm a small deposit.
    ///
    /// Source: `docs:miscellaneous/account-balance-api`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub min_confirmation_block: Option<i64>,
    /// How many blocks confirm a large deposit.
    ///
    /// Source: `docs:miscellaneous/account-balance-api`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub full_confirmation_block: Option<i64>,
    /// From which amount in `referenceCurrency` on a deposit is large.
    ///
    /// Source: `docs:miscellaneous/account-balance-api`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub deposit_full_confirmation_threshold_reference_currency: Option<DecimalText>,
}

/// A document that is missing. The documents print it as an object, and once as a plain text.
///
/// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_get.json`.
#[derive(Clone, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum MissingDocument {
    /// A document that KYC asks for.
    KycDocumentType(KycDocumentType),
    /// A document that is missing, as an object.
    MissingDocumentObject(MissingDocumentObject),
    /// A shape that this version does not know, as the JSON text that came.
    Unknown(Box<RawValue>),
}

impl fmt::Debug for MissingDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KycDocumentType(value) => f.debug_tuple("KycDocumentType").field(value).finish(),
            Self::MissingDocumentObject(value) => {
                f.debug_tuple("MissingDocumentObject").field(value).finish()
            }
            Self::Unknown(_) => f.write_str("Unknown(**)"),
        }
    }
}

impl<'de> Deserialize<'de> for MissingDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if let Ok(value) = serde_json::from_str(raw.get()) {
            return Ok(Self::KycDocumentType(value));
        }
        if let Ok(value) = serde_json::from_str(raw.get()) {
            return Ok(Self::MissingDocumentObject(value));
        }
        Ok(Self::Unknown(raw))
    }
}

/// A document that is missing, as an object.
///
/// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_get.json`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MissingDocumentObject {
    /// Which document it is.
    ///
    /// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_get.json`.
    pub doc_type: KycDocumentType,
}

/// How a customer's KYC stands.
///
/// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_get.json`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct KycApplicationDetailsResponse {
    /// The customer's id in the merchant's system.
    ///
    /// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_get.json`.
    pub id: String,
    /// The status; null for a customer without a profile.
    ///
    /// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_get.json`.
    #[serde(deserialize_with = "Option::deserialize")]
    pub status: Option<KycStatus>,
    /// What must be uploaded, or uploaded again.
    ///
    /// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_get.json`; `nullable`:
    /// `inferred:as in the callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::list")]
    pub docs_missing: Option<Vec<MissingDocument>>,
    /// Why it failed, in the vendor's words.
    ///
    /// Source: `inferred:as in the callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub kyc_reject_label: Option<String>,
    /// What the customer should be told.
    ///
    /// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_get.json`; `nullable`:
    /// `inferred:as in the callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub kyc_end_user_error_message: Option<PersonalText>,
}

/// A customer's virtual bank account. With SEPA it has an IBAN and a BIC, with Faster Payments an account
/// number and a sort code, in US dollars all four.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BankTransferAccountResponse {
    /// The account number.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`; `nullable`:
    /// `inferred:as in the callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub account_number: Option<PersonalText>,
    /// The BIC of the bank.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`; `nullable`:
    /// `inferred:as in the callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub bic: Option<String>,
    /// The first name of the holder.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`; `nullable`:
    /// `inferred:the profile need not have one`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub customer_first_name: Option<PersonalText>,
    /// The last name of the holder.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`; `nullable`:
    /// `inferred:the profile need not have one`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub customer_last_name: Option<PersonalText>,
    /// The country of the bank.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub country: Option<String>,
    /// The currency of the account.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub currency: Option<BankCurrency>,
    /// The IBAN.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`; `nullable`:
    /// `inferred:as in the callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub iban: Option<PersonalText>,
    /// The account's id at the gateway.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`.
    pub id: String,
    /// The sort code, in the United Kingdom.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`; `nullable`:
    /// `inferred:as in the callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub sort_code: Option<PersonalText>,
    /// Whether payments to it arrive.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`.
    pub status: CustomerBankAccountStatus,
}

/// A virtual bank account as the gateway reports it to the merchant.
///
/// `hash` is the Base64 text (standard alphabet, padded) of the SHA-512 digest of
/// `{customerId}.{currency}.{secret key}`. The IBAN, the account number, the sort code and the status are not
/// covered.
///
/// Source: `docs:miscellaneous/how-to-process-the-callback, bank account callback`; `x-callback-hash`:
/// `docs:miscellaneous/how-to-process-the-callback`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BankAccountCallback {
    /// `bank_account`.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, bank account callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub callback_type: Option<CallbackType>,
    /// The account number. Not covered by the hash.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, bank account callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub account_number: Option<PersonalText>,
    /// The BIC of the bank. Not covered by the hash.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, bank account callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub bic: Option<String>,
    /// The country of the bank.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, bank account callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub country: Option<String>,
    /// The currency of the account. The hash covers this text, byte for byte.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, bank account callback`.
    pub currency: BankCurrency,
    /// The customer's id in the merchant's system. The hash covers this text, byte for byte.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, bank account callback`.
    pub customer_id: String,
    /// Proves that the sender knows the merchant's secret key. Says nothing about the account.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, bank account callback`.
    pub hash: String,
    /// The IBAN. Not covered by the hash, so it is a hint and no proof.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, bank account callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub iban: Option<PersonalText>,
    /// The sort code, six digits. Not covered by the hash.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, bank account callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub sort_code: Option<PersonalText>,
    /// Whether payments to it arrive. Not covered by the hash.
    ///
    /// Source: `docs:miscellaneous/how-to-process-the-callback, bank account callback`.
    pub status: CustomerBankAccountStatus,
}

impl BankAccountCallback {
    /// The properties whose texts the hash covers, in this order.
    pub const HASHED: &'static [&'static str] = &["customerId", "currency"];
}

/// A customer's KYC status as the gateway reports it to the merchant.
///
/// `hash` is the Base64 text (standard alphabet, padded) of the SHA-512 digest of `{customerId}.{secret key}`:
/// the same for every callback of a customer. The status is not covered.
///
/// Source: `docs:integration-guides/how-to-process-the-callback/kyc-callback`; `required`:
/// `inferred:the keys of the printed sample, which leaves the hash out`; `x-callback-hash`:
/// `docs:miscellaneous/how-to-process-the-callback`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct KycCallback {
    /// `kyc`.
    ///
    /// Source: `docs:integration-guides/how-to-process-the-callback/kyc-callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub callback_type: Option<CallbackType>,
    /// The customer's id in the merchant's system. The hash covers this text, byte for byte.
    ///
    /// Source: `docs:integration-guides/how-to-process-the-callback/kyc-callback`.
    pub customer_id: String,
    /// What must be uploaded, or uploaded again. Not covered by the hash.
    ///
    /// Source: `docs:integration-guides/how-to-process-the-callback/kyc-callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::list")]
    pub docs_missing: Option<Vec<MissingDocument>>,
    /// Proves that somebody has seen a callback of this customer. Says nothing about the status.
    ///
    /// Source: `docs:integration-guides/how-to-process-the-callback/kyc-callback`.
    pub hash: String,
    /// Why it failed, in the vendor's words.
    ///
    /// Source: `docs:integration-guides/how-to-process-the-callback/kyc-callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub kyc_reject_label: Option<String>,
    /// What the customer should be told.
    ///
    /// Source: `docs:integration-guides/how-to-process-the-callback/kyc-callback`.
    #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
    pub kyc_end_user_error_message: Option<PersonalText>,
    /// The status. Not covered by the hash, so it is a hint and no proof.
    ///
    /// Source: `docs:integration-guides/how-to-process-the-callback/kyc-callback`.
    pub status: KycStatus,
}

impl KycCallback {
    /// The properties whose texts the hash covers, in this order.
    pub const HASHED: &'static [&'static str] = &["customerId"];
}

impl Call for Gateway8Request {
    type Answer = CreateInvoiceResponse;

    const OPERATION: &'static Operation = &operations::CREATE_CARD_DEPOSIT;

    fn check(&self) -> Result<(), Issues> {
        self.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        template.to_owned()
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(self))
    }

    fn idempotency_key(&self) -> Option<&str> {
        self.order_id.as_deref()
    }
}

/// Reads an invoice by its id or by the merchant's order id.
///
/// Source: `docs:miscellaneous/invoice-retrieval-api`; `operationId`:
/// `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
#[derive(Clone, Debug)]
pub struct GetInvoice {
    /// The invoice's id at the gateway, or the merchant's order id.
    ///
    /// Source: `docs:miscellaneous/invoice-retrieval-api`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub invoice_id: String,
}

impl Call for GetInvoice {
    type Answer = PublicInvoice;

    const OPERATION: &'static Operation = &operations::GET_INVOICE;

    fn check(&self) -> Result<(), Issues> {
        Ok(())
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.invoice_id])
    }

    fn body(&self) -> Option<Bytes> {
        None
    }
}

/// Reads a transaction, whose status is the gateway's last word on money.
///
/// Source: `docs:miscellaneous/check-transaction-status`; `operationId`:
/// `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
#[derive(Clone, Debug)]
pub struct GetTransaction {
    /// The transaction's id at the gateway, as in a callback or an invoice.
    ///
    /// Source: `docs:miscellaneous/check-transaction-status`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub transaction_id: String,
}

impl Call for GetTransaction {
    type Answer = TransactionData;

    const OPERATION: &'static Operation = &operations::GET_TRANSACTION;

    fn check(&self) -> Result<(), Issues> {
        Ok(())
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.transaction_id])
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

    fn path_in(&self, template: &str) -> String {
        template.to_owned()
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(self))
    }
}

impl Call for WalletAddressRequest {
    type Answer = AddressResponse;

    const OPERATION: &'static Operation = &operations::CREATE_WALLET_ADDRESS;

    fn check(&self) -> Result<(), Issues> {
        self.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        template.to_owned()
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(self))
    }
}

impl Call for ChannelRequest {
    type Answer = AddressResponse;

    const OPERATION: &'static Operation = &operations::CREATE_CHANNEL;

    fn check(&self) -> Result<(), Issues> {
        self.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        template.to_owned()
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(self))
    }
}

/// Converts an amount at the current rate, by the old version of the operation.
///
/// Source: `seed:integration-using-api, Channel payment flow`; `operationId`:
/// `inferred:the gateway's name for it is not public`.
#[derive(Clone, Debug)]
pub struct GetExchangeRateV1 {
    /// The currency from which is converted.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub source: RateCurrency,
    /// The currency into which is converted.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub target: RateCurrency,
    /// The amount in major units; one where it is missing.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`; `format`, `default`:
    /// `docs:miscellaneous/exchange-rates`; `pattern`:
    /// `inferred:the form that other pages give for amounts, with bounds that no currency needs to exceed, and with more decimals than an answer, which can be sent back`.
    pub amount: Option<String>,
}

impl Document for GetExchangeRateV1 {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Text(self.source.as_str()),
            1 => Value::Text(self.target.as_str()),
            2 => match &self.amount {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            _ => Value::Missing,
        }
    }
}

impl Ruled for GetExchangeRateV1 {
    const SCHEMA: &'static Schema = &rules::GET_EXCHANGE_RATE_V1;
}

impl Call for GetExchangeRateV1 {
    type Answer = LongDecimal;

    const OPERATION: &'static Operation = &operations::GET_EXCHANGE_RATE_V1;

    fn check(&self) -> Result<(), Issues> {
        self.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        path::fill_with_query(
            template,
            &[],
            &[
                ("source", Some(self.source.as_str())),
                ("target", Some(self.target.as_str())),
                ("amount", self.amount.as_deref()),
            ],
        )
    }

    fn body(&self) -> Option<Bytes> {
        None
    }
}

/// Converts an amount at the current rate, or at that of an invoice.
///
/// Source: `docs:miscellaneous/exchange-rates`.
#[derive(Clone, Debug)]
pub struct GetExchangeRate {
    /// The currency from which is converted.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub source: RateCurrency,
    /// The currency into which is converted.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`.
    pub target: RateCurrency,
    /// The amount in major units; one where it is missing.
    ///
    /// Source: `seed:integration-using-api, Channel payment flow`; `format`, `default`:
    /// `docs:miscellaneous/exchange-rates`; `pattern`:
    /// `inferred:the form that other pages give for amounts, with bounds that no currency needs to exceed, and with more decimals than an answer, which can be sent back`.
    pub amount: Option<String>,
    /// `toTarget` takes `amount` in the source currency and answers in the target currency; `toSource` the other
    /// way round.
    ///
    /// Source: `docs:miscellaneous/exchange-rates`.
    pub direction: Option<ExchangeDirection>,
    /// The invoice whose locked rate is used.
    ///
    /// Source: `docs:miscellaneous/exchange-rates`; `minLength`: `inferred:an empty id names no invoice`.
    pub invoice_id: Option<String>,
}

impl Document for GetExchangeRate {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Text(self.source.as_str()),
            1 => Value::Text(self.target.as_str()),
            2 => match &self.amount {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            3 => match &self.direction {
                Some(value) => Value::Text(value.as_str()),
                None => Value::Missing,
            },
            4 => match &self.invoice_id {
                Some(value) => Value::Text(value),
                None => Value::Missing,
            },
            _ => Value::Missing,
        }
    }
}

impl Ruled for GetExchangeRate {
    const SCHEMA: &'static Schema = &rules::GET_EXCHANGE_RATE;
}

impl Call for GetExchangeRate {
    type Answer = LongDecimal;

    const OPERATION: &'static Operation = &operations::GET_EXCHANGE_RATE;

    fn check(&self) -> Result<(), Issues> {
        self.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        path::fill_with_query(
            template,
            &[],
            &[
                ("source", Some(self.source.as_str())),
                ("target", Some(self.target.as_str())),
                ("amount", self.amount.as_deref()),
                (
                    "direction",
                    self.direction.as_ref().map(ExchangeDirection::as_str),
                ),
                ("invoiceId", self.invoice_id.as_deref()),
            ],
        )
    }

    fn body(&self) -> Option<Bytes> {
        None
    }
}

/// Reads the balances of all of the merchant's accounts.
///
/// Source: `seed:integration-using-api, Get balance`; `operationId`:
/// `docs:assets/openapi/extracted/balance_accounts_get.json`.
#[derive(Clone, Debug)]
pub struct GetBalances;

impl Call for GetBalances {
    type Answer = Vec<AccountPublicResponse>;

    const OPERATION: &'static Operation = &operations::GET_BALANCES;

    fn check(&self) -> Result<(), Issues> {
        Ok(())
    }

    fn path_in(&self, template: &str) -> String {
        template.to_owned()
    }

    fn body(&self) -> Option<Bytes> {
        None
    }
}

/// Reads the balance of one of the merchant's accounts.
///
/// Source: `seed:integration-using-api, Get balance`; `operationId`:
/// `docs:assets/openapi/extracted/balance_accounts__accountId__get.json`.
#[derive(Clone, Debug)]
pub struct GetBalance {
    /// The account's id at the gateway.
    ///
    /// Source: `docs:assets/openapi/extracted/balance_accounts__accountId__get.json`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub account_id: String,
}

impl Call for GetBalance {
    type Answer = AccountPublicResponse;

    const OPERATION: &'static Operation = &operations::GET_BALANCE;

    fn check(&self) -> Result<(), Issues> {
        Ok(())
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.account_id])
    }

    fn body(&self) -> Option<Bytes> {
        None
    }
}

/// Creates a customer's profile for bank transfers.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
#[derive(Debug)]
pub struct CreateProfile {
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub customer_id: String,
    /// The body.
    pub body: CreateProfileRequest,
}

impl Call for CreateProfile {
    type Answer = String;

    const OPERATION: &'static Operation = &operations::CREATE_PROFILE;

    fn check(&self) -> Result<(), Issues> {
        self.body.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.customer_id])
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(&self.body))
    }
}

/// Corrects the text items of a customer's profile and KYC application.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
#[derive(Debug)]
pub struct CorrectProfile {
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub customer_id: String,
    /// The body.
    pub body: CorrectProfileRequest,
}

impl Call for CorrectProfile {
    type Answer = ();

    const OPERATION: &'static Operation = &operations::CORRECT_PROFILE;

    fn check(&self) -> Result<(), Issues> {
        self.body.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.customer_id])
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(&self.body))
    }
}

/// Creates the applicant that the KYC vendor will look at.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
#[derive(Debug)]
pub struct CreateApplicant {
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub customer_id: String,
    /// The body.
    pub body: CreateApplicantRequest,
}

impl Call for CreateApplicant {
    type Answer = String;

    const OPERATION: &'static Operation = &operations::CREATE_APPLICANT;

    fn check(&self) -> Result<(), Issues> {
        self.body.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.customer_id])
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(&self.body))
    }
}

/// Uploads one side of a KYC document, or replaces it.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/upload-kyc-documents`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `path`:
/// `inferred:the page gives the method; the last segment is ours`; `x-limits`:
/// `inferred:the largest file, and 64 KiB for the parts around it`.
#[derive(Clone, Debug)]
pub struct UploadDocument {
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub customer_id: String,
    /// Which document it is.
    ///
    /// Source: `inferred:the values are documented, the name is that of its neighbour without 'Sub'`.
    pub document_type: KycDocumentType,
    /// Which side it is, of a document with two.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/upload-kyc-documents`.
    pub document_sub_type: Option<KycDocumentSubType>,
}

impl Document for UploadDocument {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match index {
            0 => Value::Text(self.document_type.as_str()),
            1 => match &self.document_sub_type {
                Some(value) => Value::Text(value.as_str()),
                None => Value::Missing,
            },
            2 => Value::Text(""),
            _ => Value::Missing,
        }
    }
}

impl Ruled for UploadDocument {
    const SCHEMA: &'static Schema = &rules::UPLOAD_DOCUMENT_FORM;
}

impl Upload for UploadDocument {
    type Answer = ();

    const OPERATION: &'static Operation = &operations::UPLOAD_DOCUMENT;

    fn check(&self) -> Result<(), Issues> {
        self.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.customer_id])
    }

    fn texts(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("documentType", Some(self.document_type.as_str())),
            (
                "documentSubType",
                self.document_sub_type
                    .as_ref()
                    .map(KycDocumentSubType::as_str),
            ),
        ];
        all.into_iter()
            .filter_map(|(name, text)| Some((name, text?)))
            .collect()
    }
}

/// Starts the KYC verification of what was uploaded.
///
/// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_verification_post.json`.
#[derive(Clone, Debug)]
pub struct StartVerification {
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub customer_id: String,
}

impl Call for StartVerification {
    type Answer = ();

    const OPERATION: &'static Operation = &operations::START_VERIFICATION;

    fn check(&self) -> Result<(), Issues> {
        Ok(())
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.customer_id])
    }

    fn body(&self) -> Option<Bytes> {
        None
    }
}

/// Reads how a customer's KYC stands.
///
/// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_get.json`.
#[derive(Clone, Debug)]
pub struct GetKyc {
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub customer_id: String,
}

impl Call for GetKyc {
    type Answer = KycApplicationDetailsResponse;

    const OPERATION: &'static Operation = &operations::GET_KYC;

    fn check(&self) -> Result<(), Issues> {
        Ok(())
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.customer_id])
    }

    fn body(&self) -> Option<Bytes> {
        None
    }
}

/// Makes a link to the KYC vendor's own pages, where the customer does everything.
///
/// Source: `docs:integration-guides/sepa-secure-no-invoice-integration`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
#[derive(Debug)]
pub struct CreateKycLink {
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub customer_id: String,
    /// The body.
    pub body: CreateKycLinkRequest,
}

impl Call for CreateKycLink {
    type Answer = String;

    const OPERATION: &'static Operation = &operations::CREATE_KYC_LINK;

    fn check(&self) -> Result<(), Issues> {
        self.body.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.customer_id])
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(&self.body))
    }
}

/// Takes over an applicant whom the KYC vendor has already checked for somebody else.
///
/// Source: `docs:miscellaneous/sumsub-kyc-token-sharing`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `path`:
/// `inferred:the page gives the method and speaks of an export; the last segment is ours`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
#[derive(Debug)]
pub struct ImportKycToken {
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub customer_id: String,
    /// The body.
    pub body: ImportKycTokenRequest,
}

impl Call for ImportKycToken {
    type Answer = ();

    const OPERATION: &'static Operation = &operations::IMPORT_KYC_TOKEN;

    fn check(&self) -> Result<(), Issues> {
        self.body.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.customer_id])
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(&self.body))
    }
}

/// Creates a virtual bank account, to which the customer pays.
///
/// Source: `seed:integration-using-api, Create a bank account and initiate KYC verification`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `path`:
/// `inferred:the pages give the method; the last segment is ours`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
#[derive(Debug)]
pub struct CreateBankAccount {
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub customer_id: String,
    /// The body.
    pub body: CreateBankAccountRequest,
}

impl Call for CreateBankAccount {
    type Answer = ();

    const OPERATION: &'static Operation = &operations::CREATE_BANK_ACCOUNT;

    fn check(&self) -> Result<(), Issues> {
        self.body.check_rules()
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.customer_id])
    }

    fn body(&self) -> Option<Bytes> {
        Some(json::write(&self.body))
    }
}

/// Lists a customer's virtual bank accounts.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `path`:
/// `inferred:the page gives the method; the last segment is ours`.
#[derive(Clone, Debug)]
pub struct GetBankAccounts {
    /// The customer's id in the merchant's system. It returns in callbacks.
    ///
    /// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `minLength`:
    /// `inferred:an empty segment would be another path`.
    pub customer_id: String,
}

impl Call for GetBankAccounts {
    type Answer = Vec<BankTransferAccountResponse>;

    const OPERATION: &'static Operation = &operations::GET_BANK_ACCOUNTS;

    fn check(&self) -> Result<(), Issues> {
        Ok(())
    }

    fn path_in(&self, template: &str) -> String {
        path::fill(template, &[&self.customer_id])
    }

    fn body(&self) -> Option<Bytes> {
        None
    }
}
