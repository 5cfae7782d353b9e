//! `types.rs`: requests and answers, field by field.

mod answer;
mod call;
mod request;

use proc_macro2::TokenStream;
use quote::quote;

use super::rust::{Import, Module, docs, ident};
use crate::codegen::model::{Api, Enum, Field, Role, Schema, SchemaKind, Sensitivity, Text, Type};
use crate::codegen::name::serde_camel;

const IMPORTS: &[Import] = &[
    Import {
        block: 0,
        path: "std",
        names: &["fmt"],
    },
    Import {
        block: 1,
        path: "bytes",
        names: &["Bytes"],
    },
    Import {
        block: 1,
        path: "serde",
        names: &["Deserialize", "Deserializer", "Serialize"],
    },
    Import {
        block: 1,
        path: "serde::de",
        names: &["Error as _"],
    },
    Import {
        block: 1,
        path: "serde_json::value",
        names: &["RawValue"],
    },
    Import {
        block: 1,
        path: "xgateway_core::issue",
        names: &["Issues"],
    },
    Import {
        block: 1,
        path: "xgateway_core::money",
        names: &["Currency", "DecimalText", "JsonNumber", "LongDecimal"],
    },
    Import {
        block: 1,
        path: "xgateway_core::open_enum",
        names: &["open_enum"],
    },
    Import {
        block: 1,
        path: "xgateway_core::rules",
        names: &["Document", "Field", "Schema", "Value"],
    },
    Import {
        block: 1,
        path: "xgateway_core::secret",
        names: &["CardNumberText", "PersonalText", "SecurityCodeText"],
    },
    Import {
        block: 2,
        path: "super",
        names: &["operations", "rules"],
    },
    Import {
        block: 2,
        path: "crate::call",
        names: &["Call", "Upload"],
    },
    Import {
        block: 2,
        path: "crate::json",
        names: &["self", "Ruled"],
    },
    Import {
        block: 2,
        path: "crate::operation",
        names: &["Operation"],
    },
    Import {
        block: 2,
        path: "crate::path",
        names: &["self"],
    },
];

/// Names that a schema cannot have, because the code around it uses them.
pub(in crate::codegen) fn own_names() -> impl Iterator<Item = &'static str> {
    let imported = IMPORTS.iter().flat_map(|import| import.names);
    let prelude = [
        "Box", "Err", "None", "Ok", "Option", "Result", "Some", "String", "Vec", "From",
    ];
    imported.copied().chain(prelude)
}

pub(super) fn print(api: &Api) -> Module {
    let mut module = Module::new("Requests and answers, field by field.", IMPORTS);
    for (schema, values) in api.enums() {
        // The type of currencies lives in the core crate.
        if !values.is_currency() {
            module.push_in_macro("open_enum", open_enum(api, schema, values));
        }
    }
    for (schema, object) in api.requests() {
        request::print(api, schema, object, &mut module);
    }
    for schema in api.schemas.values().filter(|it| it.role == Role::Answer) {
        match &schema.kind {
            SchemaKind::Object(object) => answer::object(api, schema, object, &mut module),
            SchemaKind::OneOf(variants) => answer::one_of(api, schema, variants, &mut module),
            SchemaKind::Enum(_) => {}
        }
    }
    for operation in &api.operations {
        call::print(api, operation, &mut module);
    }
    request::number_functions(api, &mut module);
    module
}

/// The inside of the macro that declares an enum.
pub(super) fn open_enum(api: &Api, schema: &Schema, values: &Enum) -> TokenStream {
    let docs = docs(&schema.docs, &api.sources.line(&schema.place));
    let name = ident(&schema.rust);
    let variants = values.values.iter().map(|value| {
        let doc = super::rust::doc(&format!("`{}`.", value.text));
        let (name, text) = (ident(&value.rust), &value.text);
        quote!(#doc #name = #text)
    });
    quote! {
        #docs
        pub enum #name {
            #(#variants,)*
        }
    }
}

/// The doc comment of a field.
fn field_docs(api: &Api, field: &Field) -> TokenStream {
    docs(&field.docs, &api.sources.line(&field.place))
}

/// The type of a text.
fn text_type(text: &Text, sensitive: Option<Sensitivity>, role: Role) -> TokenStream {
    match sensitive {
        Some(Sensitivity::Pan) => quote!(CardNumberText),
        Some(Sensitivity::Cvc) => quote!(SecurityCodeText),
        Some(Sensitivity::Pii) => quote!(PersonalText),
        // A request's decimal may be wrong, which its rules say; so it is kept as it is.
        None if text.decimal && role == Role::Answer => quote!(DecimalText),
        None if text.long_decimal => quote!(LongDecimal),
        None => quote!(String),
    }
}

/// The type of an answer's value.
fn answer_type(api: &Api, kind: &Type, sensitive: Option<Sensitivity>) -> TokenStream {
    match kind {
        Type::Text(text) => text_type(text, sensitive, Role::Answer),
        Type::Integer => quote!(i64),
        Type::Boolean => quote!(bool),
        Type::Named(name) => {
            let name = ident(&api.schema(name).rust);
            quote!(#name)
        }
        Type::List(item) => {
            let item = answer_type(api, item, None);
            quote!(Vec<#item>)
        }
        Type::Map => quote!(serde_json::Map<String, serde_json::Value>),
        Type::Number(_) | Type::File(_) => {
            unreachable!("refused in an answer when the document was read")
        }
    }
}

/// `rename = "..."`, where the rule of the whole struct does not give the name.
fn rename(field: &Field) -> Option<TokenStream> {
    let name = &field.name;
    (serde_camel(&field.rust) != *name).then(|| quote!(rename = #name))
}

/// A serde attribute of these arguments, if there are any.
fn serde(arguments: &[TokenStream]) -> Option<TokenStream> {
    (!arguments.is_empty()).then(|| quote!(#[serde(#(#arguments),*)]))
}
