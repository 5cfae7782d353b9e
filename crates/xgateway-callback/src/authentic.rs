//! The second stage: what the hash proves, and nothing else.

use std::borrow::Cow;
use std::fmt;

use xgateway_api::types::CallbackType;
use xgateway_core::callback::HashedFields;
use xgateway_store::{Entry, Kind};

use crate::accept;
use crate::error::CallbackError;
use crate::raw::{BODY_BYTES_MAX, Fields, Found, scan};
use crate::ring::KeyLabel;

/// A callback whose sender knows a key of ours.
///
/// It offers what the hash covers and no more: there is no status, no type, no IBAN here, because anybody who has seen
/// one genuine callback can send it again with another status (protocol §4). It means "look": hand it to
/// [`confirm`](Self::confirm), which reads the truth from the API.
///
/// ```compile_fail
/// # fn credit(callback: &xgateway_callback::AuthenticCallback<'_>) {
/// if callback.status() == "confirmed" { /* There is no such method. */ }
/// # }
/// ```
#[derive(Clone)]
pub struct AuthenticCallback<'a> {
    proven: Proven<'a>,
    /// What it says of the status. Nothing proves it, so it stays in here.
    claim: Option<Cow<'a, str>>,
    key: Option<Cow<'a, KeyLabel>>,
}

/// What the hash of a callback covers: the texts exactly as they came.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub enum Proven<'a> {
    /// A transaction of this id moved this amount for this customer. Whether it moved is not proven.
    Transaction {
        /// The transaction's id at the gateway.
        id: Cow<'a, str>,
        /// The merchant's id of the customer, if there is one.
        customer_id: Option<Cow<'a, str>>,
        /// The amount, in major units of `currency`.
        amount: Cow<'a, str>,
        /// The currency's code.
        currency: Cow<'a, str>,
    },
    /// There is news of a bank account of this customer. Its IBAN is not proven.
    BankAccount {
        /// The merchant's id of the customer.
        customer_id: Cow<'a, str>,
        /// The currency's code.
        currency: Cow<'a, str>,
    },
    /// There is news of the identity check of this customer.
    Kyc {
        /// The merchant's id of the customer.
        customer_id: Cow<'a, str>,
    },
    /// A kind that this version does not know, hashed in the way of one that it knows. It is kept for a person to look
    /// at, and never applied.
    Unrecognized {
        /// The name of the kind, which is not proven.
        kind: Box<str>,
        /// The kind whose hash it has.
        hashed_as: Box<Proven<'a>>,
    },
}

impl<'a> AuthenticCallback<'a> {
    pub(crate) fn new(proven: Proven<'a>, claim: Option<Cow<'a, str>>, key: &'a KeyLabel) -> Self {
        Self {
            proven,
            claim,
            key: Some(Cow::Borrowed(key)),
        }
    }

    /// Reads an entry of an inbox, which was authentic when it was put there: the key may be out of the ring by now.
    ///
    /// # Errors
    ///
    /// [`CallbackError`] if the payload is nothing that a [`Receiver`](crate::Receiver) would have stored.
    pub fn from_entry(entry: &'a Entry) -> Result<Self, CallbackError> {
        let payload = entry.payload.as_bytes();
        if payload.len() > BODY_BYTES_MAX {
            return Err(CallbackError::TooLarge);
        }
        let fields = scan(payload)?;
        let proven = match fields.kind()? {
            Ok(kind) => Proven::read(&fields, kind)?,
            Err(kind) => Proven::Unrecognized {
                kind,
                hashed_as: Box::new(Proven::read(&fields, entry.key.kind())?),
            },
        };
        Ok(Self {
            proven,
            claim: fields.claim(),
            key: None,
        })
    }

    /// What the hash proves.
    pub fn proven(&self) -> &Proven<'a> {
        &self.proven
    }

    /// What it is about. A callback without a kind is about a transaction.
    pub fn kind(&self) -> CallbackType {
        match &self.proven {
            Proven::Transaction { .. } => CallbackType::Transaction,
            Proven::BankAccount { .. } => CallbackType::BankAccount,
            Proven::Kyc { .. } => CallbackType::Kyc,
            Proven::Unrecognized { kind, .. } => CallbackType::Unknown(kind.clone()),
        }
    }

    /// The transaction's id.
    pub fn id(&self) -> Option<&str> {
        match &self.proven {
            Proven::Transaction { id, .. } => Some(id),
            Proven::BankAccount { .. } | Proven::Kyc { .. } | Proven::Unrecognized { .. } => None,
        }
    }

    /// The merchant's id of the customer.
    pub fn customer_id(&self) -> Option<&str> {
        match &self.proven {
            Proven::Transaction { customer_id, .. } => customer_id.as_deref(),
            Proven::BankAccount { customer_id, .. } | Proven::Kyc { customer_id } => {
                Some(customer_id)
            }
            Proven::Unrecognized { .. } => None,
        }
    }

    /// The amount of the transaction in major units of [`currency`](Self::currency), as it was written.
    pub fn amount(&self) -> Option<&str> {
        match &self.proven {
            Proven::Transaction { amount, .. } => Some(amount),
            Proven::BankAccount { .. } | Proven::Kyc { .. } | Proven::Unrecognized { .. } => None,
        }
    }

    /// The code of the currency of a transaction or a bank account.
    pub fn currency(&self) -> Option<&str> {
        match &self.proven {
            Proven::Transaction { currency, .. } | Proven::BankAccount { currency, .. } => {
                Some(currency)
            }
            Proven::Kyc { .. } | Proven::Unrecognized { .. } => None,
        }
    }

    /// The key that matched; `None` for a callback out of an inbox.
    pub fn key(&self) -> Option<&KeyLabel> {
        self.key.as_deref()
    }

    /// The same without the bytes that it was read from.
    #[must_use]
    pub fn into_owned(self) -> AuthenticCallback<'static> {
        AuthenticCallback {
            proven: self.proven.into_owned(),
            claim: self.claim.map(own),
            key: self.key.map(own),
        }
    }

    /// What it says of the status, which nothing proves.
    pub(crate) fn claim(&self) -> Option<&str> {
        self.claim.as_deref()
    }
}

impl<'a> Proven<'a> {
    /// Takes the fields that the hash of `kind` covers.
    pub(crate) fn read(fields: &Fields<'a>, kind: Kind) -> Result<Self, CallbackError> {
        match kind {
            Kind::Transaction => Ok(Self::Transaction {
                id: take(&fields.id, "id", accept::is_id)?,
                // Protocol §13, C20: no customer is hashed as an empty text.
                customer_id: fields
                    .customer_id
                    .optional("customerId")?
                    .filter(|text| !text.is_empty())
                    .map(|_| take(&fields.customer_id, "customerId", accept::is_customer_id))
                    .transpose()?,
                amount: take(&fields.amount, "amount", accept::is_amount)?,
                currency: take(&fields.currency, "currency", accept::is_currency)?,
            }),
            Kind::BankAccount => Ok(Self::BankAccount {
                customer_id: take(&fields.customer_id, "customerId", accept::is_customer_id)?,
                currency: take(&fields.currency, "currency", accept::is_bank_currency)?,
            }),
            Kind::Kyc => Ok(Self::Kyc {
                customer_id: take(
                    &fields.customer_id,
                    "customerId",
                    accept::is_lone_customer_id,
                )?,
            }),
            // No receiver of this version stores such a one.
            _ => Err(CallbackError::NotAuthentic),
        }
    }

    /// The texts under the hash, in their order.
    pub(crate) fn hashed(&self) -> HashedFields {
        match self {
            Self::Transaction {
                id,
                customer_id,
                amount,
                currency,
            } => HashedFields::new(&[
                id,
                customer_id.as_deref().unwrap_or_default(),
                amount,
                currency,
            ]),
            Self::BankAccount {
                customer_id,
                currency,
            } => HashedFields::new(&[customer_id, currency]),
            Self::Kyc { customer_id } => HashedFields::new(&[customer_id]),
            Self::Unrecognized { hashed_as, .. } => hashed_as.hashed(),
        }
    }

    fn into_owned(self) -> Proven<'static> {
        match self {
            Self::Transaction {
                id,
                customer_id,
                amount,
                currency,
            } => Proven::Transaction {
                id: own(id),
                customer_id: customer_id.map(own),
                amount: own(amount),
                currency: own(currency),
            },
            Self::BankAccount {
                customer_id,
                currency,
            } => Proven::BankAccount {
                customer_id: own(customer_id),
                currency: own(currency),
            },
            Self::Kyc { customer_id } => Proven::Kyc {
                customer_id: own(customer_id),
            },
            Self::Unrecognized { kind, hashed_as } => Proven::Unrecognized {
                kind,
                hashed_as: Box::new(hashed_as.into_owned()),
            },
        }
    }
}

/// Shows the kind and the transaction's id: a customer's id may be an e-mail address.
impl fmt::Debug for Proven<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transaction { id, .. } => f
                .debug_struct("Transaction")
                .field("id", id)
                .finish_non_exhaustive(),
            Self::BankAccount { .. } => f.write_str("BankAccount(**)"),
            Self::Kyc { .. } => f.write_str("Kyc(**)"),
            Self::Unrecognized { .. } => f.write_str("Unrecognized(**)"),
        }
    }
}

impl fmt::Debug for AuthenticCallback<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthenticCallback")
            .field("proven", &self.proven)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

fn take<'a>(
    found: &Found<'a>,
    field: &'static str,
    is_accepted: fn(&str) -> bool,
) -> Result<Cow<'a, str>, CallbackError> {
    let text = found.required(field)?;
    if is_accepted(text) {
        Ok(text.clone())
    } else {
        Err(CallbackError::Ambiguous { field })
    }
}

fn own<T: ToOwned + ?Sized>(text: Cow<'_, T>) -> Cow<'static, T> {
    Cow::Owned(text.into_owned())
}
