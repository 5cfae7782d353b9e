//! The pages of enums, currencies and environments.

use std::fmt::Write as _;

use super::markdown::{Table, paragraph, source, sources};
use crate::codegen::model::{Api, Schema};
use crate::codegen::source::Claim;

/// Every enum but that of currencies.
pub(super) fn enums(api: &Api) -> String {
    let mut text = String::from(
        "An open enum may grow: a value that is not known is kept as its text. In a request every enum is closed.\n",
    );
    for (schema, values) in api.enums().filter(|(_, it)| !it.is_currency()) {
        let growth = if values.open { "Open. " } else { "" };
        let _ = write!(
            text,
            "\n## {}\n\n{growth}{}\n\n",
            schema.name,
            paragraph(&schema.docs)
        );
        let mut table = Table::new(&["value", "source"]);
        for value in &values.values {
            table.row([
                format!("`{}`", value.text),
                value_source(api, schema, &value.text),
            ]);
        }
        text.push_str(&table.text());
    }
    text
}

/// The currencies.
pub(super) fn currencies(api: &Api) -> String {
    let mut text = String::new();
    for (schema, values) in api.enums().filter(|(_, it)| it.is_currency()) {
        let _ = write!(text, "{}\n\n", schema.docs.trim());
        let claims = api.sources.at(&schema.place);
        if let Some(claim) = claims.iter().find(|it| it.subject == "x-fraction-digits") {
            let _ = write!(text, "The fraction digits are {}.\n\n", source(claim));
        }
        for (name, what) in [
            ("x-kinds", "kinds"),
            ("x-networks", "networks"),
            ("x-evm-networks", "networks marked EVM"),
        ] {
            if let Some(claim) = claims.iter().find(|it| it.subject == name) {
                let _ = write!(text, "The {what} are {}.\n\n", source(claim));
            }
        }
        let mut table = Table::new(&["code", "kind", "network", "fraction digits", "source"]);
        for value in &values.values {
            let digits = value.fraction_digits.unwrap_or_default();
            let network = match &value.network {
                Some(name) if values.evm_networks.contains(name) => format!("{name} (EVM)"),
                Some(name) => name.clone(),
                None => String::new(),
            };
            table.row([
                format!("`{}`", value.text),
                value.kind.clone().unwrap_or_default(),
                network,
                digits.to_string(),
                value_source(api, schema, &value.text),
            ]);
        }
        text.push_str(&table.text());
    }
    text
}

fn value_source(api: &Api, schema: &Schema, value: &str) -> String {
    let claims = api.sources.at(&schema.place);
    let find = |name: &str| claims.iter().find(|claim: &&Claim| claim.subject == name);
    find(&format!("enum.{value}"))
        .or_else(|| find("enum"))
        .or(claims.first())
        .map(source)
        .unwrap_or_default()
}

/// Addresses, limits and test cards.
pub(super) fn environments(api: &Api) -> String {
    let mut servers = Table::new(&["environment", "address", "", "source"]);
    for server in &api.servers {
        servers.row([
            server.environment.clone(),
            format!("`{}`", server.url),
            server.docs.clone(),
            sources(api.sources.at(&server.place)),
        ]);
    }
    let mut limits = Table::new(&["field", "Demo handles", "source"]);
    let mut cards = Table::new(&["number", "name", "outcome", "3DS page", "source"]);
    for (schema, object) in api.requests() {
        for field in &object.fields {
            let claims = api.sources.at(&field.place);
            let from = |name: &str| {
                let claim = claims.iter().find(|claim| claim.subject == name);
                claim.map(source).unwrap_or_default()
            };
            if let Some(demo) = &field.demo {
                let bound = |word: &str, limit: &Option<String>| {
                    limit.as_ref().map(|limit| format!("{word} {limit}"))
                };
                let bounds = [bound("min", &demo.minimum), bound("max", &demo.maximum)];
                let bounds: Vec<_> = bounds.into_iter().flatten().collect();
                limits.row([
                    format!("`{}` of `{}`", field.name, schema.name),
                    bounds.join("; "),
                    from("x-demo"),
                ]);
            }
            for card in &field.test_cards {
                let who = if card.is_manual {
                    "a person approves"
                } else {
                    "passes by itself"
                };
                cards.row([
                    format!("`{}`", card.number),
                    format!("`{}`", card.name),
                    card.outcome.clone(),
                    who.to_owned(),
                    from("x-test-cards"),
                ]);
            }
        }
    }
    format!(
        "{}\n## Limits on Demo\n\n{}\n## Test cards\n\nThey work on Demo only.\n\n{}",
        servers.text(),
        limits.text(),
        cards.text()
    )
}
