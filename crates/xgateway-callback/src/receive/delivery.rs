//! An authentic callback as an entry of the inbox.

use bytes::Bytes;
use jiff::Timestamp;
use xgateway_api::types::{CustomerBankAccountStatus, KycStatus, TransactionStatus};
use xgateway_store::{ContentDigest, EntryError, EventKey, Kind, NewEntry, Repeat};

use crate::authentic::{AuthenticCallback, Proven};

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
            let status = format!("?{}?{status}", bucket(kind));
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
