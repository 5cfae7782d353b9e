//! What the generator writes from the OpenAPI document: see `cargo xtask codegen`.

pub mod currency;
pub mod limits;
