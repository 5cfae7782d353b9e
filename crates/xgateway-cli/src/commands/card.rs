//! `xgateway card`: card deposits, journalled before anything is sent.

mod answer;
mod deposit;
mod order;
mod outcome;
mod request;
mod resolve;
mod resume;
mod status;

pub(super) use deposit::deposit;
pub(super) use resolve::resolve;
pub(super) use resume::resume;
pub(super) use status::status;
