//! What the generator writes from the OpenAPI document: see `cargo xtask codegen`.

pub mod environments;
pub mod operations;
pub mod rules;
pub mod sources;
pub mod types;
