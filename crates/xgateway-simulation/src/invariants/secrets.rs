//! Nothing secret is kept or printed.

use std::fmt::Write as _;

use xgateway::store::{Inbox as _, ListQuery};

use super::{Check, Kept, Promise, broken};
use crate::canary;
use crate::history::now_or_never;

impl Check<'_> {
    /// No card number, security code, key or personal datum is anywhere but in requests.
    pub(super) fn secrets(&self) -> Kept {
        let found = |place: &str, secret: Option<&'static str>| match secret {
            Some(secret) => broken(Promise::NothingSecretKept, format!("{secret} in {place}")),
            None => Ok(()),
        };
        found("a snapshot", self.disk.with_stored(canary::secret_in))?;
        found("a log line", canary::with_printed(canary::secret_in))?;
        let events = self.state.gateway.world.events().iter();
        let mut json = Vec::new();
        for event in events.filter(|event| event.name() != "clock_advanced") {
            // Memory takes everything.
            let _ = serde_json::to_writer(&mut json, event);
        }
        let json = String::from_utf8_lossy(&json);
        found("the gateway's events", canary::secret_in(&json))?;
        let mut stored = String::new();
        let entries = now_or_never(self.disk.inbox.list(ListQuery::default()));
        for entry in entries.and_then(Result::ok).unwrap_or_default() {
            let payload = String::from_utf8_lossy(entry.payload.as_bytes());
            // Of a body the inbox keeps every byte, also of one that tells of an account.
            stored.push_str(&payload.replace(canary::IBAN, ""));
            let _ = write!(stored, "{entry:?}");
        }
        found("a stored callback", canary::secret_in(&stored))
    }
}
