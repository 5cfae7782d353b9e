//! The order id as a key: what a repetition gets.

use std::sync::LazyLock;

use bytes::Bytes;
use http::{Response, StatusCode};

use super::World;
use crate::answer::{JSON, Refusal, success, with_body};
use crate::config::IdempotencyModel;
use crate::event::{BodyDigest, OrderAnswer, OrderRefusal};
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
    /// It was refused before, and that has used the order id up.
    Refused(OrderRefusal),
}

/// The body of the answer to whoever has paid at once, which is always the same.
static FINALIZED: LazyLock<Bytes> = LazyLock::new(|| {
    let created = Created {
        three_ds_url: None,
        message: "The invoice has been successfully finalized.",
    };
    success(StatusCode::CREATED, &created).into_body()
});

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
            OrderAnswer::Refused(why) => Ok(Repetition::Refused(why)),
        }
    }

    /// The answer that an invoice gives, the first time and every time.
    pub(super) fn created(&self, invoice: &Invoice) -> Response<Bytes> {
        let url = invoice.facts.page.as_ref().map(|page| {
            let token = page.token.0.simple();
            format!("{}/3ds/{token}", self.public_url)
        });
        let message = "Invoice has been successfully activated. 3DS verification is required.";
        let three_ds_url = url.as_deref();
        if three_ds_url.is_none() {
            return with_body(StatusCode::CREATED, JSON, FINALIZED.clone());
        }
        let created = Created {
            three_ds_url,
            message,
        };
        success(StatusCode::CREATED, &created)
    }

    fn created_again(&self, invoice: uuid::Uuid) -> Repetition {
        Repetition::Answered(self.created(self.state.invoice(invoice)))
    }
}
