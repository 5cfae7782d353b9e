//! XGateway for Rust: one crate over all of its parts.
