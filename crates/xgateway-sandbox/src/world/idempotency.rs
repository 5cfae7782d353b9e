//! The order id as a key: what a repetition gets.

use bytes::Bytes;
use http::{Response, StatusCode};
use sha2::{Digest as _, Sha256};
use xgateway_api::json::Ruled;
use xgateway_core::rules::{Document, Kind, Schema, StringCheck, Value};

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

    /// A keyed hash over every field that the gateway reads: the body itself is never kept.
    ///
    /// How a body is written does not matter, nor do keys that the gateway drops.
    pub(super) fn digest<T: Ruled>(&self, request: &T) -> BodyDigest {
        let mut hasher = self.random.hasher(Purpose::BodyDigest);
        object(&mut hasher, T::SCHEMA, request);
        BodyDigest(hasher.finalize().into())
    }
}

fn object(hasher: &mut Sha256, schema: &Schema, document: &dyn Document) {
    for (index, field) in schema.fields.iter().enumerate() {
        match (document.value(index, field), &field.kind) {
            (Value::Object(document), Kind::Object(schema)) => object(hasher, schema, document),
            (Value::Number(number), _) => match money::from_json_number(number) {
                Some(value) => text(hasher, &value.normalize().to_string()),
                None => text(hasher, number),
            },
            // Delimiters of a card number do not count.
            (Value::Text(value), Kind::Text(checks))
                if checks
                    .iter()
                    .any(|check| matches!(check, StringCheck::StripNonDigits)) =>
            {
                digits(hasher, value);
            }
            (Value::Text(value), _) => text(hasher, value),
            // A kind of value that says nothing more, such as that there is none.
            (value, _) => {
                hasher.update([0]);
                text(hasher, value.received());
            }
        }
    }
}

fn text(hasher: &mut Sha256, text: &str) {
    // The length first, so that no two lists of fields run into the same bytes.
    hasher.update([1]);
    hasher.update((text.len() as u64).to_be_bytes());
    hasher.update(text.as_bytes());
}

fn digits(hasher: &mut Sha256, text: &str) {
    let digits = || text.bytes().filter(u8::is_ascii_digit);
    hasher.update([1]);
    hasher.update((digits().count() as u64).to_be_bytes());
    for digit in digits() {
        hasher.update([digit]);
    }
}
