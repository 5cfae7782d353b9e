//! What people write by hand: owned structs of texts with serde's derives, and the amount as a float.

#![expect(clippy::disallowed_types, reason = "the peer counts money in floats")]
#![expect(clippy::struct_field_names, reason = "the gateway's own names")]
#![expect(dead_code, reason = "what an answer holds must be decoded, not used")]

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deposit {
    pub(crate) amount: f64,
    pub(crate) account_id: String,
    pub(crate) base_currency: String,
    pub(crate) customer_id: String,
    pub(crate) customer_date_of_birth: String,
    pub(crate) customer_email: String,
    pub(crate) customer_first_name: String,
    pub(crate) customer_last_name: String,
    pub(crate) customer_phone: String,
    pub(crate) user_ip: String,
    pub(crate) billing_address: BillingAddress,
    pub(crate) card: Card,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) invoice_strategy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirect_url: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BillingAddress {
    pub(crate) address_line1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address_line2: Option<String>,
    pub(crate) city: String,
    pub(crate) country_code: String,
    pub(crate) postal_code: String,
    pub(crate) state: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Card {
    pub(crate) card_number: String,
    pub(crate) cardholder_name: String,
    pub(crate) expiry_month: String,
    pub(crate) expiry_year: String,
    pub(crate) card_security_code: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Envelope<T> {
    pub(crate) success: bool,
    pub(crate) data: T,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    #[serde(rename = "threeDSURL")]
    pub(crate) three_ds_url: Option<String>,
    pub(crate) message: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transaction {
    pub(crate) id: String,
    pub(crate) amount: String,
    pub(crate) currency: String,
    pub(crate) customer_id: String,
    pub(crate) hash: Option<String>,
    pub(crate) invoice_id: Option<String>,
    pub(crate) network: Option<String>,
    pub(crate) order_id: Option<String>,
    pub(crate) status: String,
    pub(crate) transaction_hash: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    pub(crate) info: Option<Info>,
    pub(crate) fees: Option<Fees>,
    pub(crate) eur: Option<String>,
    pub(crate) usd: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Info {
    pub(crate) exchange_rate: Option<String>,
    pub(crate) reference_amount: Option<String>,
    pub(crate) reference_currency: Option<String>,
    pub(crate) reference_exchange_rate: Option<String>,
    pub(crate) transaction_amount: Option<String>,
    pub(crate) transaction_currency: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Fees {
    pub(crate) processing: Option<String>,
    pub(crate) technical: Option<String>,
}

/// The request of a deposit, as one writes it without a library for the gateway.
pub(crate) fn request(
    deposit: &Deposit,
    base: &str,
    key: &str,
) -> Result<Request<Bytes>, Box<dyn std::error::Error>> {
    let body = serde_json::to_vec(deposit)?;
    let mut key = HeaderValue::from_str(key)?;
    key.set_sensitive(true);
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("{base}/v2/gateway8"))
        .header(ACCEPT, "application/json")
        .header("x-api-key", key)
        .header(CONTENT_TYPE, "application/json")
        .body(Bytes::from(body))?;
    Ok(request)
}
