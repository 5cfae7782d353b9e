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

/// How often a decision is taken anew because somebody else was faster. Each time somebody got ahead, so that two
/// rounds are rare and more are a sign of something else.
pub(crate) const RACES_MAX: u32 = 16;
