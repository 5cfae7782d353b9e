//! Calls: each operation on the type of its body, or on a type of its own if it has parameters.

use heck::ToUpperCamelCase as _;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{answer_type, request};
use crate::codegen::model::{Api, Field, Operation, SchemaKind};
use crate::codegen::print::rust::{Module, constant, docs, ident};

pub(super) fn print(api: &Api, operation: &Operation, module: &mut Module) {
    let body = operation.body.as_ref().map(|it| &api.schema(it).rust);
    let own_name = ident(&operation.name.to_upper_camel_case());
    let query = operation
        .query()
        .map(|(schema, object)| request::texts(api, &own_name, schema, object));
    let form = api
        .form(operation)
        .map(|form| request::texts(api, &own_name, form.schema, form.object));
    let name = match body {
        Some(body) if !operation.has_own_type() => ident(body),
        _ => {
            let texts = query.as_ref().or(form.as_ref());
            module.push(own_type(api, operation, &own_name, texts));
            own_name
        }
    };
    let constant = constant(&operation.name);
    let answer = operation
        .data
        .as_ref()
        .map_or_else(|| quote!(()), |data| answer_type(api, data, None));
    let values: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| {
            let name = ident(&parameter.rust);
            if parameter.personal {
                quote!(self.#name.expose())
            } else {
                quote!(&self.#name)
            }
        })
        .collect();
    let path = if let Some(query) = &query {
        let pairs = &query.pairs;
        quote!(path::fill_with_query(template, &[#(#values),*], &[#(#pairs),*]))
    } else if values.is_empty() {
        quote!(template.to_owned())
    } else {
        quote!(path::fill(template, &[#(#values),*]))
    };
    if let Some(form) = &form {
        module.push(upload(&name, &constant, &answer, &path, form));
        return;
    }
    let (check, bytes) = match body {
        None if query.is_some() => (quote!(self.check_rules()), quote!(None)),
        None => (quote!(Ok(())), quote!(None)),
        Some(_) => {
            let (place, reference) = if operation.has_own_type() {
                (quote!(self.body), quote!(&self.body))
            } else {
                (quote!(self), quote!(self))
            };
            (
                quote!(#place.check_rules()),
                quote!(Some(json::write(#reference))),
            )
        }
    };
    let key = operation.idempotency_key.as_ref().map(|key| {
        let field = body_field(api, operation, key);
        let name = ident(&field.rust);
        let place = if operation.has_own_type() {
            quote!(self.body)
        } else {
            quote!(self)
        };
        let value = if field.required {
            quote!(Some(&#place.#name))
        } else {
            quote!(#place.#name.as_deref())
        };
        quote! {
            fn idempotency_key(&self) -> Option<&str> {
                #value
            }
        }
    });
    module.push(quote! {
        impl Call for #name {
            type Answer = #answer;

            const OPERATION: &'static Operation = &operations::#constant;

            fn check(&self) -> Result<(), Issues> {
                #check
            }

            fn path_in(&self, template: &str) -> String {
                #path
            }

            fn body(&self) -> Option<Bytes> {
                #bytes
            }

            #key
        }
    });
}

/// A form, whose file is no part of the type.
fn upload(
    name: &Ident,
    constant: &Ident,
    answer: &TokenStream,
    path: &TokenStream,
    form: &request::Texts,
) -> TokenStream {
    let pairs = &form.pairs;
    quote! {
        impl Upload for #name {
            type Answer = #answer;

            const OPERATION: &'static Operation = &operations::#constant;

            fn check(&self) -> Result<(), Issues> {
                self.check_rules()
            }

            fn path_in(&self, template: &str) -> String {
                #path
            }

            fn texts(&self) -> Vec<(&'static str, &str)> {
                let all = [#(#pairs),*];
                all.into_iter()
                    .filter_map(|(name, text)| Some((name, text?)))
                    .collect()
            }
        }
    }
}

fn body_field<'a>(api: &'a Api, operation: &Operation, name: &str) -> &'a Field {
    let body = operation
        .body
        .as_ref()
        .expect("a key is a field of the body");
    let SchemaKind::Object(object) = &api.schema(body).kind else {
        unreachable!("only an object has fields");
    };
    let field = object.fields.iter().find(|field| field.name == name);
    field.expect("the reader found the key among the fields")
}

fn own_type(
    api: &Api,
    operation: &Operation,
    name: &Ident,
    texts: Option<&request::Texts>,
) -> TokenStream {
    let docs_of_type = docs(&operation.summary, &api.sources.line(&operation.place));
    let mut fields: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| {
            let docs = docs(&parameter.docs, &api.sources.line(&parameter.place));
            let name = ident(&parameter.rust);
            let kind = if parameter.personal {
                quote!(PersonalText)
            } else {
                quote!(String)
            };
            quote!(#docs pub #name: #kind)
        })
        .collect();
    fields.extend(texts.iter().flat_map(|texts| texts.fields.clone()));
    let checks = texts.map(|texts| &texts.checks);
    // A request is not to be copied about: it may hold card data.
    let mut derive = quote!(Clone, Debug);
    if let Some(body) = &operation.body {
        let body = ident(&api.schema(body).rust);
        fields.push(quote!(#[doc = " The body."] pub body: #body));
        derive = quote!(Debug);
    }
    if fields.is_empty() {
        return quote! {
            #docs_of_type
            #[derive(#derive)]
            pub struct #name;
        };
    }
    quote! {
        #docs_of_type
        #[derive(#derive)]
        pub struct #name {
            #(#fields,)*
        }

        #checks
    }
}
