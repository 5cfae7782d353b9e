//! What is kept of a request: never its body.

use std::borrow::Cow;
use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::MerchantText;

/// A request and how it was answered.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct RequestFacts {
    pub(crate) method: Cow<'static, str>,
    /// The operation's name in the OpenAPI document, or what the sandbox calls it.
    pub(crate) operation: Cow<'static, str>,
    /// The id that it is about: an order's, an invoice's, a customer's.
    pub(crate) subject: Option<MerchantText>,
    /// None if there was no answer.
    pub(crate) status: Option<u16>,
    /// The fault that it met: where, and what.
    pub(crate) fault: Option<Cow<'static, str>>,
    /// How many events it has caused: they stand right before it.
    pub(crate) effects: u64,
}

/// The name of a request: that of its event, so that no two are alike.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct RequestId(pub(crate) u64);

impl RequestId {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        text.strip_prefix('r')?.parse().ok().map(Self)
    }
}

impl RequestFacts {
    pub(super) fn show<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("method", &self.method)?;
        map.serialize_entry("operation", &self.operation)?;
        let subject = self.subject.as_ref().map(MerchantText::shown);
        map.serialize_entry("subject", &subject)?;
        map.serialize_entry("status", &self.status)?;
        map.serialize_entry("fault", &self.fault)?;
        map.serialize_entry("effects", &self.effects)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.0)
    }
}

impl Serialize for RequestId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
