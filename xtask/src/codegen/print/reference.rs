//! `docs/reference`: tables for people.

mod fields;
mod markdown;
mod operations;
mod values;

use super::super::model::Api;
use markdown::Table;

/// The pages, by name.
pub(super) fn print(api: &Api) -> Vec<(&'static str, String)> {
    let pages = [
        (
            "operations",
            "Operations",
            "what can be asked of the gateway, and every status that it answers with",
            operations::print(api),
        ),
        (
            "fields",
            "Fields",
            "each request and answer: types, limits, sensitivity, sources",
            fields::print(api),
        ),
        (
            "rules",
            "Rules",
            "the checks of each request, in the order in which issues are reported",
            fields::rules(api),
        ),
        (
            "values",
            "Values",
            "the enums, error codes among them",
            values::enums(api),
        ),
        (
            "currencies",
            "Currencies",
            "each code: kind, network and fraction digits",
            values::currencies(api),
        ),
        (
            "environments",
            "Environments",
            "addresses, and what holds on Demo only: limits and test cards",
            values::environments(api),
        ),
    ];
    let mut index = Table::new(&["page", "what it holds"]);
    for (name, title, what, _) in &pages {
        index.row([format!("[{title}]({name}.md)"), (*what).to_owned()]);
    }
    let readme = format!(
        "# Reference\n\n{}\n{}\n",
        "Written by `cargo xtask codegen` from the OpenAPI document. `seed` is a page that wins over every other,\n\
         `docs` another public page, and *inferred* means that nobody wrote it down: the words say why we believe it.\n",
        index.text().trim_end()
    );
    let mut printed = vec![("README", readme)];
    for (name, title, _, text) in pages {
        printed.push((name, format!("# {title}\n\n{}\n", text.trim_end())));
    }
    printed
}
