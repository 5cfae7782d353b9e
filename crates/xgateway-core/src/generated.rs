//! What the generator writes from the OpenAPI document: see `cargo xtask codegen`.

pub(crate) mod currency;
pub(crate) mod limits;
