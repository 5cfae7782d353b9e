//! `strategies.rs`: a strategy for each request.

use quote::quote;

use super::rust::{Import, Module, constant, docs, ident};
use crate::codegen::model::Api;

const IMPORTS: &[Import] = &[
    Import {
        block: 1,
        path: "proptest::strategy",
        names: &["BoxedStrategy"],
    },
    Import {
        block: 1,
        path: "serde_json",
        names: &["Value"],
    },
    Import {
        block: 1,
        path: "xgateway_core::rules",
        names: &["Schema"],
    },
    Import {
        block: 2,
        path: "super",
        names: &["rules"],
    },
    Import {
        block: 2,
        path: "crate",
        names: &["strategies"],
    },
];

pub(super) fn print(api: &Api) -> Module {
    let mut module = Module::new("Valid bodies of each request.", IMPORTS);
    let bodies: Vec<_> = api
        .requests()
        .filter(|(_, object)| object.path.is_empty())
        .map(|(schema, _)| schema)
        .collect();
    let tables = bodies.iter().map(|schema| constant(&schema.rust));
    module.push(quote! {
        /// The rule table of every request's body, in the order of the document.
        pub static REQUESTS: &[&Schema] = &[#(&rules::#tables),*];
    });
    for schema in bodies {
        use heck::ToSnakeCase as _;
        let docs = docs(&format!("Valid bodies of `{}`.", schema.name), "");
        let name = ident(&schema.rust.to_snake_case());
        let table = constant(&schema.rust);
        module.push(quote! {
            #docs
            pub fn #name() -> BoxedStrategy<Value> {
                strategies::bodies(&rules::#table)
            }
        });
    }
    module
}
