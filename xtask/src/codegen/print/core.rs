//! What leaf types of the core crate follow: currencies and limits.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase as _;
use indexmap::IndexMap;
use proc_macro2::{Ident, Literal};
use quote::quote;

use super::rust::{Module, constant, doc, docs, ident};
use super::types::open_enum;
use crate::codegen::model::{Api, Enum, TextCheck, Type};

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
        kinds_and_networks(values, &name, &mut module);
    }
    module
}

/// What kind of money each code is, and on which blockchain.
fn kinds_and_networks(values: &Enum, name: &Ident, module: &mut Module) {
    let mut networks: IndexMap<&str, Vec<Ident>> = IndexMap::new();
    let mut kinds: BTreeMap<&str, Vec<Ident>> = BTreeMap::new();
    let mut nowhere = vec![quote!(Self::Unknown(_))];
    for value in &values.values {
        let code = ident(&value.rust);
        match value.network.as_deref() {
            Some(network) => networks.entry(network).or_default().push(code.clone()),
            None => nowhere.push(quote!(Self::#code)),
        }
        let kind = value.kind.as_deref().unwrap_or_default();
        kinds.entry(kind).or_default().push(code);
    }
    let kind_arms = kinds.iter().map(|(kind, codes)| {
        let kind = ident(&kind.to_upper_camel_case());
        quote!(#(Self::#codes)|* => Some(CurrencyKind::#kind))
    });
    let network_arms = networks.iter().map(|(network, codes)| {
        let network = ident(&network.to_upper_camel_case());
        quote!(#(Self::#codes)|* => Some(Network::#network))
    });
    module.push(quote! {
        impl #name {
            /// Whether it is fiat or crypto money; `None` for a code that is not known.
            pub fn kind(&self) -> Option<CurrencyKind> {
                match self {
                    #(#kind_arms,)*
                    Self::Unknown(_) => None,
                }
            }

            /// The blockchain that the code names; `None` for fiat money, for a code that names none, and for one that
            /// is not known.
            pub fn network(&self) -> Option<Network> {
                match self {
                    #(#network_arms,)*
                    #(#nowhere)|* => None,
                }
            }

            /// Whether its network runs Ethereum's virtual machine, so that it may share its address with others.
            pub fn is_evm(&self) -> bool {
                self.network().is_some_and(|network| network.is_evm())
            }
        }
    });
    module.push(quote! {
        /// What kind of money a currency is.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum CurrencyKind {
            /// Issued by a state.
            Fiat,
            /// On a blockchain.
            Crypto,
        }
    });
    let variants = networks.keys().map(|network| {
        let docs = doc(&format!("`{network}`."));
        let name = ident(&network.to_upper_camel_case());
        quote!(#docs #name = #network)
    });
    module.push_in_macro(
        "crate::open_enum::open_enum",
        quote! {
            /// A blockchain, as the gateway calls it.
            pub enum Network { #(#variants,)* }
        },
    );
    let evm = values
        .evm_networks
        .iter()
        .map(|network| ident(&network.to_upper_camel_case()));
    module.push(quote! {
        impl Network {
            /// Whether it runs Ethereum's virtual machine, on which one key owns the same address everywhere.
            pub fn is_evm(&self) -> bool {
                matches!(self, #(Self::#evm)|*)
            }
        }
    });
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
