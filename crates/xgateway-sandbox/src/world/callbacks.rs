//! Callbacks on their way out.

use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request};
use jiff::Timestamp;
use memchr::memmem;
use uuid::Uuid;
use xgateway_api::types::CallbackType;

use super::World;
use super::outbox::{Fate, Way};
use crate::config::CallbackUrl;
use crate::event::{CallbackOutcome, CustomerNews, EventKind};
use crate::faults::CallbackFault;
use crate::state::Told;

/// A callback that the gateway owes the merchant.
#[derive(Clone)]
pub struct OutgoingCallback {
    number: u64,
    kind: CallbackType,
    subject_id: String,
    body: Bytes,
    /// How it was taken; of one that is only shown there is none.
    way: Option<Way>,
}

impl OutgoingCallback {
    /// Its number in this world, counted from 1 without gaps. A callback that is sent again has a new one.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// What it tells of. In one of the old transaction callbacks it does not stand, all the same.
    pub fn kind(&self) -> CallbackType {
        self.kind.clone()
    }

    /// The id of what it tells of: of a transaction, or else the sandbox's own one of the customer.
    pub fn subject_id(&self) -> &str {
        &self.subject_id
    }

    /// The signed JSON body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// How it was taken.
    pub(crate) fn way(&self) -> Option<Way> {
        self.way
    }

    fn with_way(self, way: Way) -> Self {
        Self {
            way: Some(way),
            ..self
        }
    }

    /// The same as somebody would send it who does not know the key: the hash is another one.
    fn forged(mut self) -> Self {
        const HASH: &[u8] = br#""hash":""#;
        // Within a text there would be backslashes before the quotes.
        let start = memmem::find(&self.body, HASH).expect("every callback has a hash");
        let mut body = self.body.to_vec();
        let first = &mut body[start + HASH.len()];
        *first = if *first == b'A' { b'B' } else { b'A' };
        self.body = body.into();
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
            .field("kind", &self.kind)
            .field("subject_id", &self.subject_id)
            .finish_non_exhaustive()
    }
}

impl World {
    /// Takes over the callbacks that are due and that nobody has taken yet, the oldest first.
    pub fn take_callbacks(&mut self) -> Vec<OutgoingCallback> {
        let mut taken = Vec::new();
        // Each loss puts a repetition into the outbox, which is not due before the clock moves.
        while let Some(way) = self.outbox.take(self.state.now) {
            let number = way.number();
            if self.is_stale(way.delivery) {
                continue;
            }
            let Some(outgoing) = self.outgoing(number) else {
                self.give_up(number);
                continue;
            };
            let genuine = way.with(Fate::Genuine);
            match way.delivery.fate {
                Fate::Open => {}
                Fate::Genuine => {
                    taken.push(outgoing.with_way(way));
                    continue;
                }
                Fate::Forged => {
                    taken.push(outgoing.forged().with_way(way));
                    continue;
                }
            }
            let lost = self.is_lost(way.delivery);
            match self.draw_for_callback(number) {
                _ if lost => self.record_callback_attempt(number, None),
                Some(CallbackFault::Lose) => self.record_callback_attempt(number, None),
                Some(CallbackFault::Delay(seconds)) => self.hold_back(way.delivery, seconds),
                Some(CallbackFault::Twice) => {
                    taken.push(outgoing.clone().with_way(genuine));
                    taken.push(outgoing.with_way(genuine.twin()));
                }
                Some(CallbackFault::Unanswered) => {
                    self.deaf_to.insert(number);
                    taken.push(outgoing.with_way(genuine));
                }
                Some(CallbackFault::Forge) => {
                    self.deaf_to.insert(number);
                    let forged = way.with(Fate::Forged);
                    taken.push(outgoing.forged().with_way(forged));
                }
                None => taken.push(outgoing.with_way(genuine)),
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
        // A fault has eaten the merchant's answer to this attempt, if there was one.
        let is_deaf = self.deaf_to.remove(&number);
        let status = status.filter(|_| !is_deaf);
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
        let number = self.next_callback();
        self.record(EventKind::CallbackQueued {
            number,
            transaction,
            invoice,
        });
        self.post(number);
    }

    /// The same about one that is under way, which only some merchants are told of.
    pub(super) fn tell_processing(&mut self, transaction: Uuid, invoice: Option<Uuid>) {
        if self.config.processing_callbacks {
            self.queue_callback(transaction, invoice);
        }
    }

    /// The number of a callback that is about to be made. If there is no room for the oldest one any more, that is given up.
    pub(super) fn next_callback(&mut self) -> u64 {
        if let Some(oldest) = self.state.callbacks.without_room() {
            self.give_up(oldest);
        }
        self.state.callbacks.count() + 1
    }

    pub(super) fn outgoing(&self, number: u64) -> Option<OutgoingCallback> {
        let callback = self.state.callbacks.get(number)?;
        let (kind, body) = match &callback.told {
            Told::Transaction(version) => {
                let view = self.view_of_version(callback.subject, *version, callback.key)?;
                let body = if self.config.old_callbacks {
                    serde_json::to_vec(&view.into_old_callback())
                } else {
                    serde_json::to_vec(&view.into_callback())
                };
                let body = body.expect("memory can be written");
                (CallbackType::Transaction, body)
            }
            Told::Customer(customer_id, news) => {
                let kind = match news {
                    CustomerNews::Kyc { .. } => CallbackType::Kyc,
                    CustomerNews::Account(_) | CustomerNews::PendingAccount(_) => {
                        CallbackType::BankAccount
                    }
                };
                let body = self.customer_callback(customer_id, news, callback.key)?;
                (kind, body)
            }
        };
        Some(OutgoingCallback {
            number,
            kind,
            subject_id: callback.subject.to_string(),
            body: body.into(),
            way: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Config;
    use crate::event::EventKind;
    use crate::state::parse_id;
    use crate::world::World;

    #[test]
    fn a_callback_for_which_there_is_no_room_is_given_up_and_that_is_told() {
        let mut config = Config::new(1);
        config.limits.callbacks = usize::MAX;
        let mut world = World::new(config);
        let body = crate::world::tests::body("order", "4000000000011017", "fixed");
        world.deposit(body.as_bytes()).unwrap();
        let invoice = world.invoice("order").unwrap();
        let paid = invoice.transactions.iter().flatten().next().unwrap();
        let paid = parse_id(&paid.id).unwrap();
        let numbers = |world: &World| {
            let events = world.events().iter();
            let mut numbers = Vec::new();
            for event in events {
                if let EventKind::CallbackDropped { number } = event.kind {
                    numbers.push(number);
                }
            }
            numbers
        };
        world.record_callback_attempt(1, Some(200));
        while world.state.callbacks.without_room() != Some(1) {
            world.queue_callback(paid, None);
        }
        // The first was taken over, and somebody waits for the second.
        for dropped in [&[][..], &[2], &[2, 3]] {
            world.queue_callback(paid, None);
            assert_eq!(numbers(&world), dropped);
        }
    }
}
