//! Answers: what the gateway sends, tolerated as far as it makes sense.

use proc_macro2::TokenStream;
use quote::quote;

use super::{answer_type, field_docs, rename, serde};
use crate::codegen::model::{Api, Field, Object, Schema, SchemaKind, Type, Variant};
use crate::codegen::print::rust::{Module, docs, ident};

pub(super) fn object(api: &Api, schema: &Schema, object: &Object, module: &mut Module) {
    let name = ident(&schema.rust);
    let docs = docs(&schema.docs, &api.sources.line(&schema.place));
    let fields = object.fields.iter().map(|field| {
        let docs = field_docs(api, field);
        let name = ident(&field.rust);
        let kind = answer_type(api, &field.kind, field.sensitive);
        let mut arguments: Vec<_> = rename(field).into_iter().collect();
        let kind = match (field.essential, field.nullable) {
            (true, false) => kind,
            (true, true) => {
                // With a function of its own, serde no longer takes a missing key for null.
                arguments.push(quote!(deserialize_with = "Option::deserialize"));
                quote!(Option<#kind>)
            }
            (false, _) => {
                arguments.push(quote!(default));
                arguments.extend(reader(api, field));
                quote!(Option<#kind>)
            }
        };
        let serde = serde(&arguments);
        quote!(#docs #serde pub #name: #kind)
    });
    module.push(quote! {
        #docs
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(rename_all = "camelCase")]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
        }
    });
    if !object.hashed.is_empty() {
        let hashed = &object.hashed;
        module.push(quote! {
            impl #name {
                /// The properties whose texts the hash covers, in this order.
                pub const HASHED: &'static [&'static str] = &[#(#hashed),*];
            }
        });
    }
}

/// What reads a property on which nothing depends: it is not there where it cannot be read.
///
/// Not so what has essential properties itself. Half of it would be another truth: an invoice whose transactions cannot be
/// read is no invoice without transactions. Nor of what is to be readable if it is there.
fn reader(api: &Api, field: &Field) -> Option<TokenStream> {
    if field.readable {
        return Some(quote!(
            deserialize_with = "crate::answer::readable::or_refused"
        ));
    }
    let kind = &field.kind;
    let named = |name: &str| &api.schema(name).kind;
    let name = match kind {
        Type::Text(_) | Type::Integer | Type::Boolean => "scalar",
        Type::Named(name) => match named(name) {
            SchemaKind::Enum(_) => "scalar",
            SchemaKind::Object(it) if it.fields.iter().any(|field| field.essential) => return None,
            SchemaKind::Object(_) => "object",
            // It keeps what it cannot read.
            SchemaKind::OneOf(_) => return None,
        },
        Type::Map => "object",
        Type::List(item) => {
            let is_lenient = |name: &str| matches!(named(name), SchemaKind::OneOf(_));
            if !matches!(&**item, Type::Named(name) if is_lenient(name)) {
                return None;
            }
            "list"
        }
        Type::Number(_) | Type::File(_) => {
            unreachable!("refused in an answer when the document was read")
        }
    };
    let path = format!("crate::answer::readable::{name}");
    Some(quote!(deserialize_with = #path))
}

pub(super) fn one_of(api: &Api, schema: &Schema, variants: &[Variant], module: &mut Module) {
    let name = ident(&schema.rust);
    let docs = docs(&schema.docs, &api.sources.line(&schema.place));
    let names: Vec<_> = variants.iter().map(|it| ident(&it.rust)).collect();
    let variant_docs = variants
        .iter()
        .map(|variant| super::super::rust::docs(&api.schema(&variant.schema).docs, ""));
    let labels = variants.iter().map(|it| &it.rust);
    let types = variants
        .iter()
        .map(|it| ident(&api.schema(&it.schema).rust));
    module.push(quote! {
        #docs
        #[derive(Clone, Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #names(#types),)*
            /// A shape that this version does not know, as the JSON text that came.
            Unknown(Box<RawValue>),
        }

        impl fmt::Debug for #name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    #(Self::#names(value) => f.debug_tuple(#labels).field(value).finish(),)*
                    // Nobody knows what is in it.
                    Self::Unknown(_) => f.write_str("Unknown(**)"),
                }
            }
        }

        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = Box::<RawValue>::deserialize(deserializer)?;
                #(
                    if let Ok(value) = serde_json::from_str(raw.get()) {
                        return Ok(Self::#names(value));
                    }
                )*
                Ok(Self::Unknown(raw))
            }
        }
    });
}
