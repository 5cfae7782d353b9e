//! Requests: a type to fill in, and a document that the rules look at and that JSON is written from.

use proc_macro2::TokenStream;
use quote::quote;

use super::{field_docs, rename, serde, text_type};
use crate::codegen::model::{Api, Field, Object, Role, Schema, SchemaKind, Type};
use crate::codegen::print::rust::{Module, constant, docs, ident};

pub(super) fn print(api: &Api, schema: &Schema, object: &Object, module: &mut Module) {
    let name = ident(&schema.rust);
    let docs = docs(&schema.docs, &api.sources.line(&schema.place));
    // A typed reader would drop what strict rules must see.
    let strict = object.strict.then(|| quote!(, deny_unknown_fields));
    let fields = object.fields.iter().map(|field| declaration(api, field));
    module.push(quote! {
        #docs
        #[derive(Debug, Deserialize)]
        #[serde(rename_all = "camelCase" #strict)]
        pub struct #name {
            #(#fields,)*
        }
    });
    module.push(document(api, &name, object));
    let table = constant(&schema.rust);
    module.push(quote! {
        impl Ruled for #name {
            const SCHEMA: &'static Schema = &rules::#table;
        }
    });
}

/// How often a value may be missing or null.
#[derive(Clone, Copy)]
enum Presence {
    Always,
    OrMissing,
    OrNull,
    OrMissingOrNull,
}

fn presence(field: &Field) -> Presence {
    match (field.required, field.nullable) {
        (true, false) => Presence::Always,
        (false, false) => Presence::OrMissing,
        (true, true) => Presence::OrNull,
        (false, true) => Presence::OrMissingOrNull,
    }
}

fn declaration(api: &Api, field: &Field) -> TokenStream {
    let docs = field_docs(api, field);
    let name = ident(&field.rust);
    let inner = inner_type(api, field);
    // A number keeps its text, which takes functions of our own.
    let is_number = matches!(field.kind, Type::Number(_));
    let with = |others: &str, numbers: &str| {
        let function = if is_number { numbers } else { others };
        quote!(deserialize_with = #function)
    };
    let mut arguments: Vec<_> = rename(field).into_iter().collect();
    let (kind, expect) = match presence(field) {
        Presence::Always => {
            if is_number {
                arguments.push(quote!(deserialize_with = "json::number"));
            }
            (inner, None)
        }
        Presence::OrMissing => {
            arguments.push(quote!(default));
            arguments.push(with("json::present", "present_number"));
            (quote!(Option<#inner>), None)
        }
        Presence::OrNull => {
            // With a function of its own, serde no longer takes a missing key for null.
            arguments.push(with("Option::deserialize", "nullable_number"));
            (quote!(Option<#inner>), None)
        }
        Presence::OrMissingOrNull => {
            arguments.push(quote!(default));
            arguments.push(with("json::present", "present_nullable_number"));
            (quote!(Option<Option<#inner>>), Some(option_option()))
        }
    };
    let serde = serde(&arguments);
    quote! {
        #docs
        #expect
        #serde
        pub #name: #kind
    }
}

fn option_option() -> TokenStream {
    quote! {
        #[expect(clippy::option_option, reason = "missing and null are two things")]
    }
}

fn inner_type(api: &Api, field: &Field) -> TokenStream {
    match &field.kind {
        Type::Text(text) => text_type(text, field.sensitive, Role::Request),
        Type::Number(_) => quote!(JsonNumber),
        Type::Boolean => quote!(bool),
        Type::Named(name) => {
            let name = ident(&api.schema(name).rust);
            quote!(#name)
        }
        Type::Integer | Type::List(_) | Type::Map | Type::File(_) => {
            unreachable!("refused in a request when the document was read")
        }
    }
}

/// What a field's value is written as and looked at as.
enum Shape {
    /// `String`.
    Plain,
    /// A type with a method that gives the text.
    Text(TokenStream, TokenStream),
    Number,
    Boolean,
    /// A struct with a document of its own.
    Object,
    /// A file, which the request does not hold: it is always there, and read while it is sent.
    File,
}

fn shape(api: &Api, field: &Field) -> Shape {
    match &field.kind {
        Type::Text(_) if field.sensitive.is_none() => Shape::Plain,
        Type::Text(_) => Shape::Text(inner_type(api, field), quote!(expose)),
        Type::Number(_) => Shape::Number,
        Type::Boolean => Shape::Boolean,
        Type::Named(name) => match &api.schema(name).kind {
            SchemaKind::Object(_) => Shape::Object,
            SchemaKind::Enum(_) | SchemaKind::OneOf(_) => {
                Shape::Text(inner_type(api, field), quote!(as_str))
            }
        },
        Type::File(_) => Shape::File,
        Type::Integer | Type::List(_) | Type::Map => {
            unreachable!("refused in a request when the document was read")
        }
    }
}

const ONLY_TEXTS: &str = "only texts stand in a query or in a form beside its file";

impl Shape {
    /// From the place of a text to a `&str`.
    fn text(&self, place: &TokenStream) -> TokenStream {
        match self {
            Self::Plain => quote!(&#place),
            Self::Text(_, method) => quote!(#place.#method()),
            Self::Number | Self::Boolean | Self::Object | Self::File => {
                unreachable!("{ONLY_TEXTS}")
            }
        }
    }

    /// From an `Option` of a text to an `Option<&str>`.
    fn optional_text(&self, place: &TokenStream) -> TokenStream {
        match self {
            Self::Plain => quote!(#place.as_deref()),
            Self::Text(name, method) => quote!(#place.as_ref().map(#name::#method)),
            Self::Number | Self::Boolean | Self::Object | Self::File => {
                unreachable!("{ONLY_TEXTS}")
            }
        }
    }

    /// What a document has for it, from the place of a value or from a reference to it.
    fn value(&self, place: &TokenStream, is_reference: bool) -> TokenStream {
        let borrow = (!is_reference).then(|| quote!(&));
        let read = is_reference.then(|| quote!(*));
        match self {
            Self::Plain => quote!(Value::Text(#borrow #place)),
            Self::Text(_, method) => quote!(Value::Text(#place.#method())),
            Self::Number => quote!(Value::Number(#place.as_str())),
            Self::Boolean => quote!(Value::Boolean(#read #place)),
            Self::Object => quote!(Value::Object(#borrow #place)),
            Self::File => quote!(Value::Text("")),
        }
    }
}

/// The parameters of a query, or the texts of a form: what their type holds, and what it is written and checked with.
pub(super) struct Texts {
    pub(super) fields: Vec<TokenStream>,
    pub(super) pairs: Vec<TokenStream>,
    pub(super) checks: TokenStream,
}

/// The texts of `object`, which are fields of the type `name`.
pub(super) fn texts(
    api: &Api,
    name: &proc_macro2::Ident,
    schema: &Schema,
    object: &Object,
) -> Texts {
    let type_name = name;
    let mut fields = Vec::new();
    let mut pairs = Vec::new();
    for field in &object.fields {
        if matches!(field.kind, Type::File(_)) {
            continue;
        }
        let docs = field_docs(api, field);
        let (name, text) = (ident(&field.rust), &field.name);
        let inner = inner_type(api, field);
        let shape = shape(api, field);
        let place = quote!(self.#name);
        let (kind, value) = if field.required {
            let value = shape.text(&place);
            (inner, quote!(Some(#value)))
        } else {
            (quote!(Option<#inner>), shape.optional_text(&place))
        };
        fields.push(quote!(#docs pub #name: #kind));
        pairs.push(quote!((#text, #value)));
    }
    let document = document(api, type_name, object);
    let table = constant(&schema.rust);
    Texts {
        fields,
        pairs,
        checks: quote! {
            #document

            impl Ruled for #type_name {
                const SCHEMA: &'static Schema = &rules::#table;
            }
        },
    }
}

fn document(api: &Api, name: &proc_macro2::Ident, object: &Object) -> TokenStream {
    let arms = object.fields.iter().enumerate().map(|(index, field)| {
        let shape = shape(api, field);
        let name = ident(&field.rust);
        let place = quote!(self.#name);
        let inner = shape.value(&quote!(value), true);
        let value = match presence(field) {
            Presence::Always => shape.value(&place, false),
            Presence::OrMissing => quote! {
                match &#place {
                    Some(value) => #inner,
                    None => Value::Missing,
                }
            },
            Presence::OrNull => quote! {
                match &#place {
                    Some(value) => #inner,
                    None => Value::Null,
                }
            },
            Presence::OrMissingOrNull => quote! {
                match &#place {
                    Some(Some(value)) => #inner,
                    Some(None) => Value::Null,
                    None => Value::Missing,
                }
            },
        };
        let index = proc_macro2::Literal::usize_unsuffixed(index);
        quote!(#index => #value)
    });
    quote! {
        impl Document for #name {
            fn value(&self, index: usize, _field: &Field) -> Value<'_> {
                match index {
                    #(#arms,)*
                    _ => Value::Missing,
                }
            }
        }
    }
}

/// The functions that read and write numbers, as far as requests need them.
pub(super) fn number_functions(api: &Api, module: &mut Module) {
    let numbers: Vec<_> = api
        .requests()
        .flat_map(|(_, object)| &object.fields)
        .filter(|field| matches!(field.kind, Type::Number(_)))
        .map(|field| (field.required, field.nullable))
        .collect();
    if numbers.contains(&(false, false)) {
        module.push(quote! {
            fn present_number<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<JsonNumber>, D::Error> {
                json::number(deserializer).map(Some)
            }
        });
    }
    if numbers.iter().any(|(_, nullable)| *nullable) {
        module.push(quote! {
            fn nullable_number<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<JsonNumber>, D::Error> {
                let raw = Option::<Box<RawValue>>::deserialize(deserializer)?;
                raw.map(|raw| JsonNumber::parse(raw.get()).map_err(D::Error::custom))
                    .transpose()
            }
        });
    }
    if numbers.contains(&(false, true)) {
        let expect = option_option();
        module.push(quote! {
            #expect
            fn present_nullable_number<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<Option<JsonNumber>>, D::Error> {
                nullable_number(deserializer).map(Some)
            }
        });
    }
}
