//! `environments.rs`: where the gateway is, and what holds on Demo only.

use quote::quote;

use super::rust::{Module, constant, docs};
use crate::codegen::model::Api;

pub(super) fn print(api: &Api) -> Module {
    let mut module = Module::new(
        "The environments of the gateway, and what holds on Demo only.",
        &[],
    );
    for server in &api.servers {
        let docs = docs(&server.docs, &api.sources.line(&server.place));
        let name = constant(&format!("{}_url", server.environment));
        let url = &server.url;
        module.push(quote! {
            #docs
            pub const #name: &str = #url;
        });
    }
    module.push(quote! {
        /// A documented test card.
        #[derive(Clone, Copy, Debug)]
        pub struct TestCard {
            /// Its number, digits only.
            pub number: &'static str,
            /// Its name here.
            pub name: &'static str,
            /// What the document says of it.
            pub outcome: &'static str,
            /// Whether a person must approve on the 3DS page; otherwise the page passes by itself.
            pub is_manual: bool,
        }
    });
    let fields = || api.requests().flat_map(|(_, object)| &object.fields);
    let cards = fields().flat_map(|field| &field.test_cards).map(|card| {
        let (number, name, outcome) = (&card.number, &card.name, &card.outcome);
        let is_manual = card.is_manual;
        quote!(TestCard { number: #number, name: #name, outcome: #outcome, is_manual: #is_manual })
    });
    module.push(quote! {
        /// The documented test cards, which work on Demo only.
        pub static TEST_CARDS: &[TestCard] = &[#(#cards),*];
    });
    for (schema, object) in api.requests() {
        for field in &object.fields {
            let Some(demo) = &field.demo else {
                continue;
            };
            for (word, end, limit) in [
                ("least", "min", &demo.minimum),
                ("largest", "max", &demo.maximum),
            ] {
                let Some(limit) = limit else {
                    continue;
                };
                let docs = docs(
                    &format!(
                        "The {word} `{}` of `{}` that Demo handles.",
                        field.name, schema.name
                    ),
                    "",
                );
                let name = constant(&format!("demo_{}_{end}", field.rust));
                module.push(quote! {
                    #docs
                    pub const #name: &str = #limit;
                });
            }
        }
    }
    module
}
