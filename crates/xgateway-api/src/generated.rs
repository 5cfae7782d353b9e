//! What the generator writes from the OpenAPI document: see `cargo xtask codegen`.

pub mod environments;
pub mod operations;
pub mod rules;
pub mod sources;
#[cfg(feature = "proptest")]
pub(crate) mod strategies;
pub mod types;
