//! The proof that a callback is stored.

use super::{Accepted, EntryId, Inbox, NewEntry};
use crate::error::StoreError;

/// Proof that a callback is stored: the only thing that may be answered with success.
///
/// There is one way to get a receipt, and it goes through an inbox.
///
/// ```
/// # use jiff::Timestamp;
/// # use xgateway_store::{ContentDigest, EventKey, Kind, MemoryInbox, NewEntry};
/// use xgateway_store::Receipt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let inbox = MemoryInbox::new();
/// # let key = EventKey::new(Kind::Transaction, "916c9ef9", "confirmed")?;
/// # let entry = NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], Timestamp::UNIX_EPOCH)?;
/// let receipt = Receipt::from_inbox(&inbox, entry).await?;
/// assert!(receipt.accepted().is_new());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "answer the gateway with it"]
pub struct Receipt {
    accepted: Accepted,
}

impl Receipt {
    /// Stores a callback and returns the proof of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of [`Inbox::accept`]. Without a receipt the gateway must be told that something failed.
    pub async fn from_inbox(inbox: &dyn Inbox, entry: NewEntry) -> Result<Self, StoreError> {
        let accepted = inbox.accept(entry).await?;
        Ok(Self { accepted })
    }

    /// What became of the callback.
    pub fn accepted(&self) -> Accepted {
        self.accepted
    }

    /// The entry that stands for it.
    pub fn id(&self) -> EntryId {
        self.accepted.id()
    }
}
