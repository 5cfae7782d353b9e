//! Callbacks on their way out.

use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request};
use jiff::Timestamp;
use uuid::Uuid;

use super::World;
use crate::config::CallbackUrl;
use crate::event::{CallbackOutcome, EventKind};
use crate::faults::CallbackFault;
use crate::state::Told;

/// A callback that the gateway owes the merchant.
#[derive(Clone)]
pub struct OutgoingCallback {
    number: u64,
    transaction_id: String,
    body: Bytes,
}

impl OutgoingCallback {
    /// Its number in this world, counted from 1 without gaps. A callback that is sent again has a new one.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The transaction that it tells of; for a callback about a customer, the sandbox's own id of that customer.
    pub fn transaction_id(&self) -> &str {
        &self.transaction_id
    }

    /// The signed JSON body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The same as somebody would send it who does not know the key.
    fn forged(mut self) -> Self {
        let mut body: serde_json::Value =
            serde_json::from_slice(&self.body).expect("a callback is JSON");
        let hash = body["hash"].as_str().unwrap_or_default();
        body["hash"] = hash.chars().rev().collect::<String>().into();
        self.body = body.to_string().into();
        self
    }

    /// The HTTP request that delivers it.
    pub fn request(&self, url: &CallbackUrl) -> Request<Bytes> {
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url.as_uri().clone();
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        request
    }
}

/// Without the body: whoever knows its hash can forge the callback.
impl fmt::Debug for OutgoingCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingCallback")
            .field("number", &self.number)
            .field("transaction_id", &self.transaction_id)
            .finish_non_exhaustive()
    }
}

impl World {
    /// Takes over the callbacks that are due and that nobody has taken yet, the oldest first.
    pub fn take_callbacks(&mut self) -> Vec<OutgoingCallback> {
        let mut taken = Vec::new();
        // Each loss puts a repetition into the outbox, which is not due before the clock moves.
        while let Some(delivery) = self.outbox.take(self.state.now) {
            let lost = self.is_lost(delivery);
            // What was held back is delivered: else a fault without an end would hold it back for ever.
            let hit = if delivery.is_late {
                None
            } else {
                self.draw_for_callback(delivery.number)
            };
            match hit {
                _ if lost => self.record_callback_attempt(delivery.number, None),
                Some(CallbackFault::Lose) => self.record_callback_attempt(delivery.number, None),
                Some(CallbackFault::Delay(seconds)) => self.hold_back(delivery, seconds),
                Some(CallbackFault::Twice) => {
                    taken.extend(self.outgoing(delivery.number));
                    taken.extend(self.outgoing(delivery.number));
                }
                Some(CallbackFault::Unanswered) => {
                    self.deaf_to.insert(delivery.number);
                    taken.extend(self.outgoing(delivery.number));
                }
                Some(CallbackFault::Forge) => {
                    self.deaf_to.insert(delivery.number);
                    let outgoing = self.outgoing(delivery.number);
                    taken.extend(outgoing.map(OutgoingCallback::forged));
                }
                None => taken.extend(self.outgoing(delivery.number)),
            }
        }
        taken
    }

    /// When the next callback goes out, if one waits and the clock gets there.
    pub fn next_callback_at(&self) -> Option<Timestamp> {
        self.outbox.next_at()
    }

    /// Notes what became of an attempt to deliver a callback: the merchant's status, or `None` if there was no
    /// answer. A number that no callback has is ignored.
    ///
    /// Without a 2xx it is sent again later, as often as [`Config::callback_retries`](crate::Config::callback_retries) says.
    pub fn record_callback_attempt(&mut self, number: u64, status: Option<u16>) {
        // A fault has eaten the merchant's answer.
        let status = status.filter(|_| !self.deaf_to.remove(&number));
        let outcome = status.map_or(CallbackOutcome::Failed, CallbackOutcome::Answered);
        if self.state.callbacks.get(number).is_some() {
            self.record(EventKind::CallbackAttempted { number, outcome });
            self.repeat(number);
        }
    }

    /// Puts a callback into the outbox once more, whatever became of it; whether there is one of that number.
    ///
    /// It tells what it told before: a callback shows its transaction as it stood when it was made.
    pub fn resend_callback(&mut self, number: u64) -> bool {
        let is_known = self.state.callbacks.get(number).is_some();
        if is_known {
            self.record(EventKind::CallbackResent { number });
            self.post_again(number);
        }
        is_known
    }

    /// A callback about how the transaction stands now.
    pub(super) fn queue_callback(&mut self, transaction: Uuid, invoice: Option<Uuid>) {
        let number = self.state.callbacks.count() + 1;
        self.record(EventKind::CallbackQueued {
            number,
            transaction,
            invoice,
        });
        self.post(number);
    }

    pub(super) fn outgoing(&self, number: u64) -> Option<OutgoingCallback> {
        let callback = self.state.callbacks.get(number)?;
        let body = match &callback.told {
            Told::Transaction(version) => {
                let view = self
                    .view_of_version(callback.subject, *version, callback.key)?
                    .into_callback(self.config.callback_type);
                serde_json::to_vec(&view).expect("memory can be written")
            }
            Told::Customer(customer_id, news) => {
                self.customer_callback(customer_id, news, callback.key)?
            }
        };
        Some(OutgoingCallback {
            number,
            transaction_id: callback.subject.to_string(),
            body: body.into(),
        })
    }
}
