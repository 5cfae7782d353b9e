//! What the stores in databases share.

pub(crate) mod again;
pub(crate) mod batch;
pub(crate) mod codec;
pub(crate) mod effects;
pub(crate) mod failure;
pub(crate) mod firsts;
pub(crate) mod inbox;
pub(crate) mod journal;
pub(crate) mod lend;
pub(crate) mod schema;
pub(crate) mod statements;
pub(crate) mod writer;

use crate::error::{StoreError, StoreErrorKind};

/// How often a decision is taken anew because somebody else was faster. Each time somebody got ahead, so that two
/// rounds are rare and more are a sign of something else.
pub(crate) const RACES_MAX: u32 = 16;

/// Whether the owner of an inbox is the one who asks.
pub(crate) fn must_be(owner: &str, environment: &str) -> Result<(), StoreError> {
    if owner == environment {
        return Ok(());
    }
    let cause = format!("it holds the callbacks of {owner}, and these are of {environment}");
    Err(StoreError::with_cause(
        StoreErrorKind::OtherEnvironment,
        cause,
    ))
}
