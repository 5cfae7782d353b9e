//! Strategies for property tests: valid bodies, and mutations with the issues that they must yield.
//!
//! Both follow from the rule tables, so that a new field or limit is tested as soon as it stands in the OpenAPI
//! document. What must come of a mutation is worked out check by check, not by the engine that it tests.
//!
//! ```
//! use proptest::prelude::*;
//! use proptest::test_runner::TestRunner;
//! use xgateway_api::{json, rules, strategies};
//!
//! TestRunner::deterministic().run(&strategies::gateway8_request(), |body| {
//!     prop_assert!(json::check(&rules::GATEWAY8_REQUEST, body.to_string().as_bytes()).is_ok());
//!     Ok(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod mutation;
mod number;
mod text;

pub use crate::generated::strategies::*;
pub use mutation::{Change, Mutation, mutations};

use proptest::prelude::*;
use serde_json::{Map, Value};
use xgateway_core::rules::{Kind, Schema};

/// Valid bodies for a rule table: optional fields come and go, texts and numbers like their limits.
pub fn bodies(schema: &'static Schema) -> BoxedStrategy<Value> {
    let fields: Vec<_> = schema
        .fields
        .iter()
        .map(|field| {
            let mut values = values(&field.kind);
            if field.nullable {
                values = prop_oneof![3 => values, 1 => Just(Value::Null)].boxed();
            }
            if field.required {
                values.prop_map(Some).boxed()
            } else {
                proptest::option::of(values).boxed()
            }
        })
        .collect();
    fields
        .prop_map(|values| {
            let names = schema.fields.iter().map(|field| field.name.to_owned());
            let present = names
                .zip(values)
                .filter_map(|(name, value)| Some((name, value?)));
            Value::Object(present.collect::<Map<_, _>>())
        })
        .boxed()
}

fn values(kind: &'static Kind) -> BoxedStrategy<Value> {
    match kind {
        Kind::Text(checks) => text::valid(checks).prop_map(Value::String).boxed(),
        Kind::Number(checks) => number::valid(checks).boxed(),
        Kind::Enum(options) => proptest::sample::select(*options)
            .prop_map(Value::from)
            .boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::Bool).boxed(),
        Kind::Object(schema) => bodies(schema),
    }
}
