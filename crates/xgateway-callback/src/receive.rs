//! Takes callbacks from HTTP into the inbox.

mod answer;
mod delivery;
mod dropped;
mod owner;
#[cfg(feature = "axum")]
mod router;
#[cfg(feature = "tower")]
mod service;

pub use answer::Answer;
pub use delivery::unrecognized_status;
#[cfg(feature = "tower")]
pub use service::{ReceiverBody, ReceiverFuture};

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, Method, Response};
use xgateway_store::{Accepted, Inbox, Receipt, SharedInbox, StoreError, StoreErrorKind};

use self::dropped::Dropped;
use self::owner::Owner;

use crate::authentic::{AuthenticCallback, Proven};
use crate::clock::Clock;
use crate::error::CallbackError;
use crate::raw::RawCallback;
use crate::ring::{KeyLabel, KeyRing};

/// Receives callbacks: authenticates each and puts it into the inbox, and only then answers that it arrived.
///
/// It neither asks the API nor causes effects; that is the work of a [`Processor`](crate::Processor), so that the
/// gateway gets its answer at once. Any number of receivers can stand before one inbox. It has no time limit of its
/// own, as servers have one.
///
/// Nothing is answered with success before the inbox has said that it [belongs](xgateway_store::Inbox::belongs_to) to the
/// environment of this receiver: the processors of another one would ask the wrong API about what it holds. [`check`](Self::check)
/// asks that before anything comes.
///
/// Cheap to clone: clones share the keys and their counts.
///
/// ```
/// use xgateway_callback::{KeyRing, Receiver, SystemClock};
/// use xgateway_core::secret::SecretKey;
/// use xgateway_store::MemoryInbox;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ring = KeyRing::new(SecretKey::parse("test_secret_key")?);
/// let environment = "https://api.xgateway.tech/api"; // As `Confirm::environment` has it.
/// let receiver = Receiver::new(MemoryInbox::new(), environment, ring, SystemClock);
/// receiver.check().await?;
/// let answer = receiver.receive(&b"{}"[..]).await;
/// assert_eq!(answer.status(), http::StatusCode::BAD_REQUEST);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Receiver {
    inbox: SharedInbox,
    owner: Owner,
    dropped: Arc<Dropped>,
    ring: Arc<KeyRing>,
    clock: Arc<dyn Clock>,
}

impl Receiver {
    /// A receiver that puts what is authentic into `inbox`, which is that of `environment`: what
    /// [`Confirm::environment`](crate::Confirm::environment) says of the API that confirms it.
    pub fn new(
        inbox: impl Inbox,
        environment: &str,
        ring: impl Into<Arc<KeyRing>>,
        clock: impl Clock,
    ) -> Self {
        Self {
            inbox: Arc::new(inbox),
            owner: Owner::new(environment),
            dropped: Arc::default(),
            ring: ring.into(),
            clock: Arc::new(clock),
        }
    }

    /// Finds out whether the inbox is that of this receiver's environment, or makes it so if it is nobody's yet. Ask at the start:
    /// over another one's inbox every callback is answered 503, until somebody reads the log.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::OtherEnvironment`] if it is another one's; other [`StoreError`]s if it did not say.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.owner.must_own(&*self.inbox).await
    }

    /// The keys, with their counts.
    pub fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// Handles a request whose body has been read. Read at most [`BODY_BYTES_MAX`](crate::BODY_BYTES_MAX) bytes of it,
    /// or one more: what is larger is refused.
    pub async fn handle(&self, head: &Parts, body: impl Into<Bytes>) -> Response<Bytes> {
        let answer = match check_head(&head.method, &head.headers) {
            Ok(()) => self.receive(body).await,
            Err(answer) => answer,
        };
        answer.into()
    }

    /// Handles the body of a callback, for whoever speaks HTTP otherwise.
    pub async fn receive(&self, body: impl Into<Bytes>) -> Answer {
        let body = body.into();
        let authentic = RawCallback::new(&body).and_then(|raw| raw.authenticate(&self.ring));
        let callback = match authentic {
            Ok(callback) => callback,
            Err(error) => {
                self.tell_refused(&body, &error);
                return Answer::refused(&error);
            }
        };
        let entry = match delivery::entry(&callback, body.clone(), self.clock.now()) {
            Ok(entry) => entry,
            Err(error) => {
                tracing::error!(%error, outcome = "unstorable", "callback refused");
                return Answer::unstorable();
            }
        };
        let stored = match self.check().await {
            Ok(()) => Receipt::from_inbox(&*self.inbox, entry).await,
            Err(error) => Err(error),
        };
        match stored {
            Ok(receipt) => {
                tell(&callback, &receipt);
                self.tell_dropped(&callback, &receipt);
                Answer::stored(&receipt)
            }
            Err(error) if error.kind() == StoreErrorKind::OtherEnvironment => {
                let cause = error.source().map(tracing::field::display);
                tracing::error!(%error, cause, outcome = "unavailable", "callback not stored: give each environment a store of its own");
                Answer::unavailable(&error)
            }
            Err(error) => {
                let cause = error.source().map(tracing::field::display);
                tracing::error!(%error, cause, outcome = "unavailable", "callback not stored; the gateway will send it again");
                Answer::unavailable(&error)
            }
        }
    }

    /// Tells the log of a kind that nobody knows and of which nothing is kept, since another one shares its place.
    fn tell_dropped(&self, callback: &AuthenticCallback<'_>, receipt: &Receipt) {
        if let (Proven::Unrecognized { kind, .. }, Accepted::Duplicate(entry)) =
            (callback.proven(), receipt.accepted())
            && let Some(kind) = self.dropped.first_of(kind)
        {
            let entry = entry.get();
            tracing::warn!(
                kind,
                entry,
                outcome = "duplicate",
                "callback of an unknown kind came again, or shares the place of another one: it is not kept"
            );
        }
    }

    /// Tells the log what was refused. What the gateway itself may have sent is lost when it gives up, so that is an error.
    fn tell_refused(&self, body: &[u8], error: &CallbackError) {
        let outcome = error.reason();
        let ambiguous = matches!(error, CallbackError::Ambiguous { .. })
            .then(|| RawCallback::new(body).ok()?.ambiguous(&self.ring))
            .flatten();
        if let Some(it) = ambiguous {
            tracing::error!(
                kind = it.kind.as_str(),
                id = it.id.as_deref(),
                outcome,
                "callback refused although its hash is right: look it up by hand"
            );
        } else {
            tracing::warn!(outcome, "callback refused");
        }
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("inbox", &self.inbox)
            .field("ring", &self.ring)
            .finish_non_exhaustive()
    }
}

/// Whether the head is one that a callback has.
pub(crate) fn check_head(method: &Method, headers: &HeaderMap) -> Result<(), Answer> {
    if method != Method::POST {
        return Err(Answer::wrong_method());
    }
    // A missing type is no lie. Nothing depends on it, so that a proxy that drops it costs no callback.
    let is_json = headers.get(CONTENT_TYPE).is_none_or(|value| {
        value.to_str().is_ok_and(|text| {
            let essence = text.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case("application/json")
        })
    });
    if is_json {
        Ok(())
    } else {
        Err(Answer::wrong_type())
    }
}

/// Tells the log what came: kind, id, key and outcome, nothing else.
fn tell(callback: &AuthenticCallback<'_>, receipt: &Receipt) {
    let kind = match callback.proven() {
        Proven::Transaction { .. } => "transaction",
        Proven::BankAccount { .. } => "bank_account",
        Proven::Kyc { .. } => "kyc",
        Proven::Unrecognized { .. } => "unrecognized",
    };
    let entry = receipt.id().get();
    let id = callback.id();
    let key = callback.key().map(KeyLabel::as_str);
    match receipt.accepted() {
        Accepted::New(_) => {
            tracing::info!(kind, id, key, entry, outcome = "new", "callback stored");
        }
        Accepted::Duplicate(_) => tracing::debug!(
            kind,
            id,
            key,
            entry,
            outcome = "duplicate",
            "callback stored before"
        ),
        Accepted::Contradiction { first, .. } => {
            let first = first.get();
            tracing::warn!(
                kind,
                id,
                key,
                entry,
                first,
                outcome = "contradiction",
                "callback contradicts an earlier one"
            );
        }
    }
}
