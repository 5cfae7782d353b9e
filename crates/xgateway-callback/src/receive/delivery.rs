//! An authentic callback as an entry of the inbox.

use bytes::Bytes;
use jiff::Timestamp;
use xgateway_api::types::{CustomerBankAccountStatus, KycStatus, TransactionStatus};
use xgateway_store::{ContentDigest, EntryError, EventKey, Kind, NewEntry, Repeat};

use crate::authentic::{AuthenticCallback, Proven};

/// What is around the bucket of a kind that this version does not know.
const MARK: char = '?';

/// The status that a callback claims of which this version did not know the kind, or `None` if it knew the kind.
///
/// Such an entry's key says as what it was hashed, and its status is marked, so that it is no other's event.
///
/// ```
/// use xgateway_callback::unrecognized_status;
/// use xgateway_store::{EventKey, Kind};
///
/// let known = EventKey::new(Kind::Transaction, "t-1", "confirmed")?;
/// assert_eq!(unrecognized_status(&known), None);
/// let unknown = EventKey::new(Kind::Transaction, "t-1", "?4?confirmed")?;
/// assert_eq!(unrecognized_status(&unknown), Some("confirmed"));
/// # Ok::<(), xgateway_store::EntryError>(())
/// ```
#[must_use]
pub fn unrecognized_status(key: &EventKey) -> Option<&str> {
    let (_bucket, status) = key.status().strip_prefix(MARK)?.split_once(MARK)?;
    Some(status)
}

/// The entry that `body`, which `callback` was read from, becomes.
pub(super) fn entry(
    callback: &AuthenticCallback<'_>,
    body: Bytes,
    now: Timestamp,
) -> Result<NewEntry, EntryError> {
    let proven = callback.proven();
    let status = status(proven, callback.claim());
    let (key, digest) = match proven {
        Proven::Unrecognized { kind, hashed_as } => {
            // The marks keep it apart from every known event: no status holds one.
            let status = format!("{MARK}{}{MARK}{status}", bucket(kind));
            event(hashed_as, &status)?
        }
        known @ (Proven::Transaction { .. } | Proven::BankAccount { .. } | Proven::Kyc { .. }) => {
            event(known, status)?
        }
    };
    // Status and time are not proven: a forged `confirmed` may have been given up before the true one comes, and an
    // identical callback may be news. Processing reads the present from the API, so once more does no harm.
    Ok(NewEntry::new(key, digest, body, now)?.on_repeat(Repeat::Reopen))
}

fn event(proven: &Proven<'_>, status: &str) -> Result<(EventKey, ContentDigest), EntryError> {
    let nothing_else = ContentDigest::of(&[]);
    Ok(match proven {
        Proven::Transaction {
            id,
            customer_id,
            amount,
            currency,
        } => (
            EventKey::new(Kind::Transaction, id, status)?,
            ContentDigest::of(&[customer_id.as_deref().unwrap_or_default(), amount, currency]),
        ),
        Proven::BankAccount {
            customer_id,
            currency,
        } => {
            // Three capitals first, so that it can be taken apart.
            let subject = format!("{currency} {customer_id}");
            (
                EventKey::new(Kind::BankAccount, &subject, status)?,
                nothing_else,
            )
        }
        Proven::Kyc { customer_id } => {
            (EventKey::new(Kind::Kyc, customer_id, status)?, nothing_else)
        }
        Proven::Unrecognized { hashed_as, .. } => event(hashed_as, status)?,
    })
}

/// The status that the callback claims, if it is one that we know. Anybody can send a callback again with a status of
/// their own, so all others are one: that is an entry at most, and what is read for it is the present anyway.
fn status<'a>(proven: &Proven<'_>, claim: Option<&'a str>) -> &'a str {
    let Some(text) = claim else {
        return "none";
    };
    let is_known = match proven {
        Proven::Transaction { .. } => TransactionStatus::from(text).is_known(),
        Proven::BankAccount { .. } => CustomerBankAccountStatus::from(text).is_known(),
        Proven::Kyc { .. } => KycStatus::from(text).is_known(),
        Proven::Unrecognized { hashed_as, .. } => return status(hashed_as, claim),
    };
    if is_known { text } else { "other" }
}

/// How many entries the kinds that nobody knows become, of one subject and status. Anybody can send a genuine callback
/// again with a kind of their own; and two kinds that the gateway may once have are apart as a rule.
const KINDS_MAX: u8 = 8;

fn bucket(kind: &str) -> u8 {
    let [first, ..] = *ContentDigest::of(&[kind]).as_bytes();
    first % KINDS_MAX
}
