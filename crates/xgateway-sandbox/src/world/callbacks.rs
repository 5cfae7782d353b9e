//! Callbacks on their way out.

use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request};
use uuid::Uuid;

use super::World;
use crate::config::CallbackUrl;
use crate::event::{CallbackOutcome, EventKind};
use crate::state::Callback;
use crate::wire::TransactionView;

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

    /// The transaction that it tells of.
    pub fn transaction_id(&self) -> &str {
        &self.transaction_id
    }

    /// The signed JSON body.
    pub fn body(&self) -> &Bytes {
        &self.body
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
    /// Takes over the callbacks that nobody has taken yet, the oldest first.
    pub fn take_callbacks(&mut self) -> Vec<OutgoingCallback> {
        let taken = self.callbacks_taken;
        self.callbacks_taken = self.state.callbacks.len();
        self.state.callbacks[taken..]
            .iter()
            .zip(taken as u64 + 1..)
            .filter_map(|(callback, number)| self.outgoing(callback, number))
            .collect()
    }

    /// Notes what became of an attempt to deliver a callback: the merchant's status, or `None` if there was no
    /// answer. A number that no callback has is ignored.
    pub fn record_callback_attempt(&mut self, number: u64, status: Option<u16>) {
        let outcome = status.map_or(CallbackOutcome::Failed, CallbackOutcome::Answered);
        if (1..=self.state.callbacks.len() as u64).contains(&number) {
            self.record(EventKind::CallbackAttempted { number, outcome });
        }
    }

    /// A callback about how the transaction stands now.
    pub(super) fn queue_callback(&mut self, transaction: Uuid, invoice: Uuid) {
        let number = self.state.callbacks.len() as u64 + 1;
        self.record(EventKind::CallbackQueued {
            number,
            transaction,
            invoice,
        });
    }

    fn outgoing(&self, callback: &Callback, number: u64) -> Option<OutgoingCallback> {
        let transaction = self.state.transaction(callback.transaction)?;
        let view = TransactionView::new(
            transaction,
            callback.version,
            &self.state.invoice(transaction.invoice).facts,
            &self.config.secret_key,
            &self.random,
        )
        .into_callback(self.config.callback_type);
        let body = serde_json::to_vec(&view).expect("memory can be written");
        Some(OutgoingCallback {
            number,
            transaction_id: transaction.id.to_string(),
            body: body.into(),
        })
    }
}
