//! What the generator writes from the OpenAPI document: see `cargo xtask codegen`.

pub mod environments;
pub(crate) mod open_fields;
pub mod operations;
pub mod rules;
pub mod sources;
#[cfg(feature = "proptest")]
pub(crate) mod strategies;
pub mod types;

// What the generator makes of its own tiny documents, which no product has a use for.
#[cfg(test)]
#[path = "../../../xtask/tests/codegen/goldens.rs"]
mod goldens;
