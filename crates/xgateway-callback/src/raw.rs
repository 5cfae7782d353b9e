//! The first stage: bytes that anybody may have sent.

mod depth;
mod keys;
mod scan;

pub(crate) use scan::{Fields, Found, scan};

use std::borrow::Cow;
use std::fmt;

use xgateway_core::callback::{CallbackHash, HashedFields};
use xgateway_store::Kind;

use crate::accept;
use crate::authentic::{AuthenticCallback, Proven};
use crate::error::CallbackError;
use crate::ring::{KeyLabel, KeyRing};

/// The largest callback that is read, in bytes. Those of the gateway have about a thousand.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// The deepest nesting of arrays and objects that is read. Those of the gateway have two levels.
pub const DEPTH_MAX: usize = 32;

/// The most keys of a callback's object. Those of the gateway have about twenty.
pub const KEYS_MAX: usize = 256;

/// A callback as it was received. Nothing is known of it but that it is not too large.
///
/// ```
/// use xgateway_callback::{KeyRing, RawCallback, sign};
/// use xgateway_core::secret::SecretKey;
///
/// let key = SecretKey::parse("test_secret_key")?;
/// let body = sign(
///     br#"{"id":"916c9ef9-8678-4676-b8bf-14e6333090f6","customerId":"demo","amount":"10","currency":"USD"}"#,
///     &key,
/// )?;
/// let ring = KeyRing::new(key);
/// let callback = RawCallback::new(&body)?.authenticate(&ring)?;
/// assert_eq!(callback.amount(), Some("10"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct RawCallback<'a>(&'a [u8]);

impl<'a> RawCallback<'a> {
    /// Takes the body of a request, byte for byte.
    ///
    /// # Errors
    ///
    /// [`CallbackError::TooLarge`] if it has more than [`BODY_BYTES_MAX`] bytes.
    pub fn new(body: &'a [u8]) -> Result<Self, CallbackError> {
        if body.len() > BODY_BYTES_MAX {
            return Err(CallbackError::TooLarge);
        }
        Ok(Self(body))
    }

    /// Checks that whoever sent this knows a key of the ring.
    ///
    /// The hash is computed over the texts of the fields as they stand in the JSON, nothing reformatted, and compared
    /// for every key of the ring, in constant time. What it covers depends on the kind, and so does what the result
    /// offers: see [`Proven`].
    ///
    /// Unknown fields, any order of fields and unknown kinds are accepted: a callback is not refused for being new.
    ///
    /// # Errors
    ///
    /// [`CallbackError`] says what is wrong. Only [`CallbackError::NotAuthentic`] speaks of the key.
    pub fn authenticate(self, ring: &'a KeyRing) -> Result<AuthenticCallback<'a>, CallbackError> {
        let fields = scan(self.0)?;
        let told = fields.hash.required("hash")?;
        match prove(&fields, told, ring) {
            Ok((proven, key)) => Ok(AuthenticCallback::new(proven, fields.claim(), key)),
            // Looked at last, since what matches has the form.
            Err(_) if !CallbackHash::is_form(told) => Err(CallbackError::HashForm),
            Err(error) => Err(error),
        }
    }
}

/// What is known of a callback that is refused as [ambiguous](CallbackError::Ambiguous) although its hash is right: somebody
/// who knows a key has sent it, or has seen another one with the same joined texts.
pub(crate) struct Ambiguous<'a> {
    pub(crate) kind: Kind,
    /// The transaction's id, if it is one.
    pub(crate) id: Option<Cow<'a, str>>,
}

impl<'a> RawCallback<'a> {
    /// For a callback that was refused as ambiguous: tells it from what anybody can send.
    pub(crate) fn ambiguous(self, ring: &KeyRing) -> Option<Ambiguous<'a>> {
        let fields = scan(self.0).ok()?;
        let kind = fields.kind().ok()?.ok()?;
        let customer_id = || fields.customer_id.optional("customerId").ok().flatten();
        let text = |found: &Found<'a>| found.required("").ok().cloned();
        let hashed = match kind {
            Kind::Transaction => HashedFields::new(&[
                &text(&fields.id)?,
                customer_id().map_or("", |text| text),
                &text(&fields.amount)?,
                &text(&fields.currency)?,
            ]),
            Kind::BankAccount => HashedFields::new(&[customer_id()?, &text(&fields.currency)?]),
            Kind::Kyc => HashedFields::new(&[customer_id()?]),
            _ => return None,
        };
        ring.find(&hashed, text(&fields.hash)?.as_ref())?;
        let id = text(&fields.id).filter(|id| kind == Kind::Transaction && accept::is_id(id));
        Some(Ambiguous { kind, id })
    }
}

impl fmt::Debug for RawCallback<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawCallback({} bytes)", self.0.len())
    }
}

/// Finds the key that gives the hash told for what it covers.
fn prove<'a>(
    fields: &Fields<'a>,
    told: &str,
    ring: &'a KeyRing,
) -> Result<(Proven<'a>, &'a KeyLabel), CallbackError> {
    let found = match fields.kind()? {
        Ok(kind) => {
            let proven = Proven::read(fields, kind)?;
            let key = ring.find(&proven.hashed(), told);
            key.map(|key| (proven, key))
        }
        Err(name) => find_by_any_hash(fields, name, ring, told),
    };
    found.ok_or(CallbackError::NotAuthentic)
}

/// Tries the hashes of the known kinds on a kind that nobody knows yet: it is hashed in one of their ways, or cannot be
/// told from a forgery.
fn find_by_any_hash<'a>(
    fields: &Fields<'a>,
    kind: Box<str>,
    ring: &'a KeyRing,
    told: &str,
) -> Option<(Proven<'a>, &'a KeyLabel)> {
    let (hashed_as, key) = Kind::ALL.into_iter().find_map(|known| {
        let proven = Proven::read(fields, known).ok()?;
        let key = ring.find(&proven.hashed(), told)?;
        Some((proven, key))
    })?;
    let hashed_as = Box::new(hashed_as);
    Some((Proven::Unrecognized { kind, hashed_as }, key))
}
