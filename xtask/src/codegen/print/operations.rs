//! `operations.rs`: constants of each operation.

use quote::quote;

use super::rust::{Import, Module, constant, docs, ident, number};
use crate::codegen::model::{Api, Operation};

const IMPORTS: &[Import] = &[
    Import {
        block: 1,
        path: "http",
        names: &["Method"],
    },
    Import {
        block: 2,
        path: "super",
        names: &["rules"],
    },
    Import {
        block: 2,
        path: "crate::operation",
        names: &["Answer", "Form", "Operation"],
    },
];

pub(super) fn print(api: &Api) -> Module {
    let mut module = Module::new(
        "Method, path, authentication, idempotency and answers of each operation.",
        IMPORTS,
    );
    if let Some(header) = &api.key_header {
        let header = header.to_lowercase();
        module.push(quote! {
            /// The header that carries the API key.
            pub const API_KEY_HEADER: &str = #header;
        });
    }
    for operation in &api.operations {
        module.push(print_operation(api, operation));
    }
    let all = api.operations.iter().map(|it| constant(&it.name));
    module.push(quote! {
        /// Every operation, in the order of the document.
        pub static ALL: &[&Operation] = &[#(&#all),*];
    });
    module
}

fn print_operation(api: &Api, operation: &Operation) -> proc_macro2::TokenStream {
    let Operation {
        name,
        id,
        path,
        summary,
        needs_key,
        moves_money,
        ..
    } = operation;
    let docs = docs(
        &format!("`{} {path}`: {summary}", operation.method),
        &api.sources.line(&operation.place),
    );
    let rust = constant(name);
    let method = ident(&operation.method);
    let idempotency_key = option(operation.idempotency_key.as_ref());
    let body = operation.body.as_ref().map(|body| {
        let rules = constant(&api.schema(body).rust);
        quote!(&rules::#rules)
    });
    let body = option(body);
    let query = operation.query().map(|(schema, _)| {
        let rules = constant(&schema.rust);
        quote!(&rules::#rules)
    });
    let query = option(query);
    let form = api.form(operation).map(|form| {
        let rules = constant(&form.schema.rust);
        let file = form.file;
        let bytes = number(form.file_bytes_max);
        quote!(Form { rules: &rules::#rules, file: #file, file_bytes_max: #bytes })
    });
    let form = option(form);
    let path_inferred = operation.path_inferred;
    let bytes = number(operation.body_bytes_max);
    let answers = operation.answers.iter().map(|answer| {
        let status = proc_macro2::Literal::u16_unsuffixed(answer.status);
        let schema = option(answer.schema.as_ref());
        let inferred = answer.inferred;
        quote!(Answer { status: #status, schema: #schema, inferred: #inferred })
    });
    quote! {
        #docs
        pub static #rust: Operation = Operation {
            name: #name,
            id: #id,
            method: Method::#method,
            path: #path,
            path_inferred: #path_inferred,
            summary: #summary,
            needs_key: #needs_key,
            moves_money: #moves_money,
            idempotency_key: #idempotency_key,
            query: #query,
            body: #body,
            form: #form,
            body_bytes_max: #bytes,
            answers: &[#(#answers),*],
        };
    }
}

pub(super) fn option<T: quote::ToTokens>(value: Option<T>) -> proc_macro2::TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}
