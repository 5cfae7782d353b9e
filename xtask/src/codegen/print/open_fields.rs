//! `open_fields.rs`: which fields of a request may be shown.

use std::collections::BTreeSet;

use quote::quote;

use super::rust::Module;
use crate::codegen::model::Api;

pub(super) fn print(api: &Api) -> Module {
    let mut module = Module::new("Which fields of a request may be shown.", &[]);
    let mut open = BTreeSet::new();
    let mut sensitive = BTreeSet::new();
    for (_, object) in api.ruled() {
        for field in &object.fields {
            let set = match field.sensitive {
                Some(_) => &mut sensitive,
                None => &mut open,
            };
            set.insert(field.name.as_str());
        }
    }
    let names = open.difference(&sensitive);
    module.push(quote! {
        /// The names of the fields of requests that are sensitive in none of them, sorted.
        ///
        /// Whoever shows a request's body to a person masks every other field.
        pub static OPEN_FIELDS: &[&str] = &[#(#names),*];
    });
    module
}
