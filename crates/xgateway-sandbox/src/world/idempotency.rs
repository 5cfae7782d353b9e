//! The order id as a key: what a repetition gets.

use bytes::Bytes;
use http::{Response, StatusCode};
use sha2::{Digest as _, Sha256};
use xgateway_api::types::Gateway8Request;

use super::World;
use crate::answer::{Refusal, success};
use crate::config::IdempotencyModel;
use crate::event::{BodyDigest, OrderAnswer};
use crate::money;
use crate::random::Purpose;
use crate::state::Invoice;
use crate::wire::Created;

/// What an order id means to the request at hand.
pub(super) enum Repetition {
    /// It is new.
    First,
    /// The bank failed before; this time it does not.
    Again,
    /// It has its answer.
    Answered(Response<Bytes>),
}

impl World {
    pub(super) fn repetition(
        &self,
        order_id: &str,
        digest: BodyDigest,
    ) -> Result<Repetition, Refusal> {
        let Some(key) = self.state.order(order_id).and_then(|order| order.key) else {
            return Ok(Repetition::First);
        };
        let age = self.state.now.duration_since(key.at);
        if self.config.idempotency_life.is_some_and(|life| age >= life) {
            return Ok(Repetition::First);
        }
        if self.config.idempotency == IdempotencyModel::Reject {
            return Err(Refusal::OrderIdTaken);
        }
        if key.digest != digest {
            return Err(Refusal::OtherBody);
        }
        let finishes = self.config.idempotency == IdempotencyModel::Finish;
        match key.answer {
            OrderAnswer::Created(invoice) => Ok(self.created_again(invoice)),
            OrderAnswer::Failed(Some(invoice)) if finishes => Ok(self.created_again(invoice)),
            OrderAnswer::Failed(None) if finishes => Ok(Repetition::Again),
            OrderAnswer::Failed(_) => Err(Refusal::Internal),
        }
    }

    /// The answer that an invoice gives, the first time and every time.
    pub(super) fn created(&self, invoice: &Invoice) -> Response<Bytes> {
        let url = invoice.facts.page.as_ref().map(|page| {
            let token = page.token.0.simple();
            format!("{}/3ds/{token}", self.public_url)
        });
        let message = if url.is_some() {
            "Invoice has been successfully activated. 3DS verification is required."
        } else {
            "The invoice has been successfully finalized."
        };
        let created = Created {
            three_ds_url: url.as_deref(),
            message,
        };
        success(StatusCode::CREATED, &created)
    }

    fn created_again(&self, invoice: uuid::Uuid) -> Repetition {
        Repetition::Answered(self.created(self.state.invoice(invoice)))
    }

    /// A keyed hash over every field: the body itself is never kept. How a body is written does not matter.
    pub(super) fn digest(&self, request: &Gateway8Request) -> BodyDigest {
        let mut hasher = self.random.hasher(Purpose::BodyDigest);
        let amount = request.amount.as_str();
        match money::from_json_number(amount) {
            Some(value) => field(&mut hasher, &value.normalize().to_string()),
            None => field(&mut hasher, amount),
        }
        field(&mut hasher, &request.account_id);
        field(&mut hasher, request.base_currency.as_str());
        field(&mut hasher, &request.customer_id);
        field(&mut hasher, request.customer_date_of_birth.expose());
        field(&mut hasher, request.customer_email.expose());
        field(&mut hasher, request.customer_first_name.expose());
        field(&mut hasher, request.customer_last_name.expose());
        field(&mut hasher, request.customer_phone.expose());
        field(&mut hasher, request.user_ip.expose());
        let address = &request.billing_address;
        field(&mut hasher, address.address_line1.expose());
        let line2 = address.address_line2.as_ref().map(|text| text.expose());
        optional(&mut hasher, line2);
        field(&mut hasher, address.city.expose());
        field(&mut hasher, &address.country_code);
        field(&mut hasher, address.postal_code.expose());
        field(&mut hasher, address.state.expose());
        let card = &request.card;
        digits(&mut hasher, card.card_number.expose());
        field(&mut hasher, card.cardholder_name.expose());
        field(&mut hasher, card.expiry_month.expose());
        field(&mut hasher, card.expiry_year.expose());
        field(&mut hasher, card.card_security_code.expose());
        let strategy = request.invoice_strategy.as_ref();
        field(
            &mut hasher,
            strategy.map_or("fixed", |strategy| strategy.as_str()),
        );
        optional(&mut hasher, request.order_id.as_deref());
        optional(&mut hasher, request.redirect_url.as_deref());
        BodyDigest(hasher.finalize().into())
    }
}

fn field(hasher: &mut Sha256, text: &str) {
    // The length first, so that no two lists of fields run into the same bytes.
    hasher.update((text.len() as u64).to_be_bytes());
    hasher.update(text.as_bytes());
}

fn optional(hasher: &mut Sha256, text: Option<&str>) {
    hasher.update([u8::from(text.is_some())]);
    field(hasher, text.unwrap_or_default());
}

/// Delimiters of a card number do not count.
fn digits(hasher: &mut Sha256, text: &str) {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let count = text.bytes().filter(|byte| is_digit(byte)).count();
    hasher.update((count as u64).to_be_bytes());
    for byte in text.bytes().filter(is_digit) {
        hasher.update([byte]);
    }
}
