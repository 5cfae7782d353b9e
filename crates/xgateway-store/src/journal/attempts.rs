//! All attempts at one order.

use xgateway_core::id::OrderId;

use super::{Attempt, Intent, Journal};
use crate::error::StoreError;

/// What a journal knows of the attempts at an order, the first one first.
///
/// # Errors
///
/// [`StoreError`] if it cannot be read.
pub async fn attempts(journal: &dyn Journal, order: &OrderId) -> Result<Vec<Intent>, StoreError> {
    let mut attempts = Vec::new();
    let mut next = Attempt::first(order.clone());
    // Each attempt is begun only after the one before it, so there are no gaps.
    while let Ok(attempt) = next {
        let Some(intent) = journal.intent(&attempt).await? else {
            break;
        };
        attempts.push(intent);
        next = attempt.next();
    }
    Ok(attempts)
}
