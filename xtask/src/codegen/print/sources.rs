//! `sources.rs`: where each fact of the document comes from.

use quote::quote;

use super::rust::{Module, ident};
use crate::codegen::model::Api;
use crate::codegen::source::SourceKind;

pub(super) fn print(api: &Api) -> Module {
    let mut module = Module::new(
        "Where each fact of the OpenAPI document comes from: `xgateway spec --sources`.",
        &[],
    );
    module.push(quote! {
        /// Where one fact comes from.
        #[derive(Clone, Copy, Debug)]
        pub struct Source {
            /// What it is about: an operation, a field, a status, ...
            pub location: &'static str,
            /// What is claimed: the thing itself (`field`, `operation`, ...) or the keyword beside it.
            pub claim: &'static str,
            /// How much it weighs.
            pub kind: SourceKind,
            /// The page and its part; for what is inferred, the reason.
            pub place: &'static str,
        }

        /// How much a [`Source`] weighs.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum SourceKind {
            /// A page that wins over every other.
            Seed,
            /// Another public page.
            Docs,
            /// Nobody wrote it down; the place says why we believe it.
            Inferred,
        }
    });
    let sources = api.sources.all().iter().map(|claim| {
        let kind = ident(match claim.kind {
            SourceKind::Seed => "Seed",
            SourceKind::Docs => "Docs",
            SourceKind::Inferred => "Inferred",
        });
        let (location, name, place) = (&claim.location, &claim.subject, &claim.place);
        quote! {
            Source { location: #location, claim: #name, kind: SourceKind::#kind, place: #place }
        }
    });
    module.push(quote! {
        /// Every claim, in the order of the document.
        pub static SOURCES: &[Source] = &[#(#sources),*];
    });
    module
}
