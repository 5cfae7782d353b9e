//! What an event holds and no eye may see as it is.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::hidden;

/// A text of the merchant's: kept as it is, shown scrubbed of what could be a card number.
#[derive(Clone, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub(crate) struct MerchantText(Arc<str>);

/// Proves that two bodies are the same without telling what they are.
#[derive(Clone, Copy, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct BodyDigest(pub(crate) [u8; 32]);

/// Whoever knows it may decide on the payment.
#[derive(Clone, Copy, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub(crate) struct PageToken(pub(crate) Uuid);

/// Where the customer goes after 3DS. It may hold a session of the merchant's.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct RedirectUrl(pub(crate) Arc<str>);

impl MerchantText {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As it may be shown: scrubbed.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        hidden::shown(&self.0)
    }
}

impl From<&str> for MerchantText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<Arc<str>> for MerchantText {
    fn from(text: Arc<str>) -> Self {
        Self(text)
    }
}

impl From<Uuid> for MerchantText {
    fn from(id: Uuid) -> Self {
        Self(id.to_string().into())
    }
}

impl std::borrow::Borrow<str> for MerchantText {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MerchantText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.shown(), f)
    }
}

impl fmt::Debug for BodyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyDigest(**)") // The body holds a security code of three digits: guesses could be tried.
    }
}

impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageToken(**)")
    }
}

impl fmt::Debug for RedirectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedirectUrl(**)")
    }
}
