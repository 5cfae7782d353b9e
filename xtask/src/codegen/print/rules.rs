//! `rules.rs`: the rule tables of requests.

use std::collections::HashMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::operations::option;
use super::rust::{Import, Module, constant, docs, raw_text};
use crate::codegen::model::{Api, Field, NumberCheck, Object, Schema, SchemaKind, TextCheck, Type};
use crate::codegen::read::pattern::{Part, Pattern};

const IMPORTS: &[Import] = &[Import {
    block: 1,
    path: "xgateway_core::rules",
    names: &[
        "Class",
        "Field",
        "Kind",
        "Limit",
        "NumberCheck",
        "Part",
        "Pattern",
        "Schema",
        "StringCheck",
    ],
}];

pub(super) fn print(api: &Api) -> Module {
    let mut module = Module::new(
        "The rule tables that a request's body, or its query, is checked against.",
        IMPORTS,
    );
    let patterns = patterns(api);
    if patterns
        .ordered
        .iter()
        .any(|(_, it)| uses_digits(&it.parts))
    {
        module.push(quote!(
            const DIGIT: Class = Class(&[('0', '9')]);
        ));
    }
    for (name, pattern) in &patterns.ordered {
        let name = constant(name);
        let regex = raw_text(&pattern.regex);
        let parts = pattern.parts.iter().map(part);
        module.push(quote! {
            static #name: Pattern = Pattern { regex: #regex, parts: &[#(#parts),*] };
        });
    }
    for (schema, object) in api.ruled() {
        module.push(table(api, schema, object, &patterns));
    }
    module
}

/// The patterns, each once, named after the first field that has it.
struct Patterns<'a> {
    ordered: Vec<(String, &'a Pattern)>,
    by_regex: HashMap<&'a str, usize>,
}

fn patterns(api: &Api) -> Patterns<'_> {
    let mut patterns = Patterns {
        ordered: Vec::new(),
        by_regex: HashMap::new(),
    };
    for field in api.ruled().flat_map(|(_, object)| &object.fields) {
        let Type::Text(text) = &field.kind else {
            continue;
        };
        for check in &text.checks {
            if let TextCheck::Pattern(pattern) = check
                && !patterns.by_regex.contains_key(pattern.regex.as_str())
            {
                let mut name = format!("{}_pattern", field.rust);
                while patterns.ordered.iter().any(|(other, _)| *other == name) {
                    name.push_str("_too");
                }
                patterns
                    .by_regex
                    .insert(&pattern.regex, patterns.ordered.len());
                patterns.ordered.push((name, pattern));
            }
        }
    }
    patterns
}

const DIGITS: &[(char, char)] = &[('0', '9')];

fn uses_digits(parts: &[Part]) -> bool {
    parts.iter().any(|part| match part {
        Part::Repeat { ranges, .. } => ranges == DIGITS,
        Part::Optional(parts) => uses_digits(parts),
    })
}

fn part(part: &Part) -> TokenStream {
    match part {
        Part::Optional(parts) => {
            let parts = parts.iter().map(self::part);
            quote!(Part::Optional(&[#(#parts),*]))
        }
        Part::Repeat { ranges, min, max } => {
            let class = if ranges == DIGITS {
                quote!(DIGIT)
            } else {
                let ranges = ranges.iter().map(|(first, last)| quote!((#first, #last)));
                quote!(Class(&[#(#ranges),*]))
            };
            let min = Literal::u32_unsuffixed(*min);
            let max = option(max.map(Literal::u32_unsuffixed));
            quote!(Part::Repeat { class: #class, min: #min, max: #max })
        }
    }
}

fn table(api: &Api, schema: &Schema, object: &Object, patterns: &Patterns<'_>) -> TokenStream {
    let rust = constant(&schema.rust);
    let name = &schema.name;
    let strict = object.strict;
    let docs = docs(
        &format!("The rules of `{name}`, in the gateway's order."),
        &api.sources.line(&schema.place),
    );
    let fields = object.fields.iter().map(|field| {
        let Field {
            name,
            required,
            nullable,
            ..
        } = field;
        let path = object.path.iter().chain([name]);
        let kind = kind(api, field, patterns);
        quote! {
            Field {
                name: #name,
                path: &[#(#path),*],
                required: #required,
                nullable: #nullable,
                kind: #kind,
            }
        }
    });
    quote! {
        #docs
        pub static #rust: Schema = Schema {
            name: #name,
            strict: #strict,
            fields: &[#(#fields),*],
        };
    }
}

fn kind(api: &Api, field: &Field, patterns: &Patterns<'_>) -> TokenStream {
    match &field.kind {
        Type::Text(text) => {
            let checks = text.checks.iter().map(|check| text_check(check, patterns));
            quote!(Kind::Text(&[#(#checks),*]))
        }
        Type::Number(checks) => {
            let checks = checks.iter().map(|check| match check {
                NumberCheck::Min(limit) => quote!(NumberCheck::Min(Limit::new(#limit))),
                NumberCheck::Max(limit) => quote!(NumberCheck::Max(Limit::new(#limit))),
                NumberCheck::MultipleOf(limit) => {
                    quote!(NumberCheck::MultipleOf(Limit::new(#limit)))
                }
            });
            quote!(Kind::Number(&[#(#checks),*]))
        }
        Type::Boolean => quote!(Kind::Boolean),
        Type::Named(name) => {
            let schema = api.schema(name);
            match &schema.kind {
                SchemaKind::Enum(values) => {
                    let values = values.values.iter().map(|value| &value.text);
                    quote!(Kind::Enum(&[#(#values),*]))
                }
                SchemaKind::Object(_) | SchemaKind::OneOf(_) => {
                    let rust = constant(&schema.rust);
                    quote!(Kind::Object(&#rust))
                }
            }
        }
        // Whether it is there; its content is not looked at by rules.
        Type::File(_) => quote!(Kind::Text(&[])),
        Type::Integer | Type::List(_) | Type::Map => {
            unreachable!("refused in a request when the document was read")
        }
    }
}

fn text_check(check: &TextCheck, patterns: &Patterns<'_>) -> TokenStream {
    match check {
        TextCheck::Email => quote!(StringCheck::Email),
        TextCheck::Url => quote!(StringCheck::Url),
        TextCheck::Ip => quote!(StringCheck::Ip),
        TextCheck::Uuid => quote!(StringCheck::Uuid),
        TextCheck::Date => quote!(StringCheck::Date),
        TextCheck::Pattern(pattern) => {
            let index = patterns.by_regex[pattern.regex.as_str()];
            let name = constant(&patterns.ordered[index].0);
            quote!(StringCheck::Pattern(&#name))
        }
        TextCheck::CountryCode => quote!(StringCheck::CountryCode),
        TextCheck::StripNonDigits => quote!(StringCheck::StripNonDigits),
        TextCheck::LengthMin(size) => {
            let size = Literal::u32_unsuffixed(*size);
            quote!(StringCheck::LengthMin(#size))
        }
        TextCheck::LengthMax(size) => {
            let size = Literal::u32_unsuffixed(*size);
            quote!(StringCheck::LengthMax(#size))
        }
    }
}
