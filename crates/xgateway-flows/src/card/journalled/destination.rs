//! Whether the gateway that would be asked is the one that an attempt was sent to.

use xgateway_client::Client;
use xgateway_store::{Attempt, Destination, FingerprintKey, Intent};

use super::{JournalledCards, JournalledError};

/// Where a client sends to.
pub(super) fn of(client: &Client, key: &FingerprintKey) -> Destination {
    Destination::new(client.environment().base_url(), key, client.api_key())
}

/// Why nobody is asked here about what was sent there.
pub(super) fn refusal(
    attempt: Attempt,
    here: &Destination,
    there: &Destination,
) -> JournalledError {
    if here.environment() == there.environment() {
        return JournalledError::OtherAccount { attempt };
    }
    JournalledError::OtherEnvironment {
        attempt,
        sent_to: there.environment().into(),
        asked: here.environment().into(),
    }
}

impl JournalledCards {
    /// Refuses what was sent elsewhere, before anybody is asked.
    pub(super) fn must_be_from_here(&self, intent: &Intent) -> Result<(), JournalledError> {
        match &intent.destination {
            Some(there) if !self.here.may_follow(Some(there), self.same_account) => {
                Err(refusal(intent.attempt.clone(), &self.here, there))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether "there is no such order" proves anything about it: not if nobody knows where it was sent.
    pub(super) fn is_known_to_be_from_here(&self, intent: &Intent) -> bool {
        self.same_account || intent.destination.is_some()
    }
}
