//! What leaf types of the core crate follow: currencies and limits.

use std::collections::BTreeMap;

use proc_macro2::Literal;
use quote::quote;

use super::rust::{Module, constant, doc, docs, ident};
use super::types::open_enum;
use crate::codegen::model::{Api, TextCheck, Type};

/// `currency.rs`.
pub(super) fn currency(api: &Api) -> Module {
    let mut module = Module::new("Currencies.", &[]);
    for (schema, values) in api.enums().filter(|(_, values)| values.is_currency()) {
        module.push_in_macro(
            "crate::open_enum::open_enum",
            open_enum(api, schema, values),
        );
        let name = ident(&schema.rust);
        let mut by_digits: BTreeMap<u32, Vec<_>> = BTreeMap::new();
        for value in &values.values {
            let digits = value.fraction_digits.unwrap_or(UNKNOWN_DIGITS);
            by_digits
                .entry(digits)
                .or_default()
                .push(ident(&value.rust));
        }
        // An amount in an unknown currency must not be cut.
        by_digits
            .entry(UNKNOWN_DIGITS)
            .or_default()
            .push(ident("Unknown"));
        let arms = by_digits.iter().map(|(digits, names)| {
            let digits = Literal::u32_unsuffixed(*digits);
            let names = names.iter().map(|name| match name {
                unknown if unknown == "Unknown" => quote!(Self::Unknown(_)),
                name => quote!(Self::#name),
            });
            quote!(#(#names)|* => #digits)
        });
        let docs = docs(
            "The most fraction digits of an amount; 18 for a code that is not known.",
            "",
        );
        module.push(quote! {
            impl #name {
                #docs
                pub fn fraction_digits(&self) -> u32 {
                    match self {
                        #(#arms,)*
                    }
                }
            }
        });
    }
    module
}

const UNKNOWN_DIGITS: u32 = 18;

/// `limits.rs`.
pub(super) fn limits(api: &Api) -> Module {
    let mut module = Module::new(
        "Limits of the OpenAPI document that leaf types hold to.",
        &[],
    );
    for field in api.requests().flat_map(|(_, object)| &object.fields) {
        let Type::Text(text) = &field.kind else {
            continue;
        };
        if !text.checks.contains(&TextCheck::StripNonDigits) {
            continue;
        }
        for check in &text.checks {
            let (word, end, size) = match check {
                TextCheck::LengthMin(size) => ("fewest", "min", *size),
                TextCheck::LengthMax(size) => ("most", "max", *size),
                TextCheck::Email
                | TextCheck::Url
                | TextCheck::Ip
                | TextCheck::Uuid
                | TextCheck::Date
                | TextCheck::Pattern(_)
                | TextCheck::CountryCode
                | TextCheck::StripNonDigits => continue,
            };
            let docs = doc(&format!("The {word} digits of `{}`.", field.name));
            let name = constant(&format!("{}_digits_{end}", field.rust));
            let size = Literal::u32_unsuffixed(size);
            module.push(quote! {
                #docs
                pub(crate) const #name: usize = #size;
            });
        }
    }
    module
}
