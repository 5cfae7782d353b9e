//! The page of operations.

use std::fmt::Write as _;

use super::markdown::{Table, paragraph, sources};
use crate::codegen::model::{Api, Operation};

pub(super) fn print(api: &Api) -> String {
    let mut all = Table::new(&["operation", "method and path", "moves money", "only on"]);
    for operation in &api.operations {
        all.row([
            format!("[`{0}`](#{0})", operation.name),
            format!("`{} {}`", operation.method, operation.path),
            if operation.moves_money { "yes" } else { "" }.to_owned(),
            operation.environment.clone().unwrap_or_default(),
        ]);
    }
    let mut text = all.text();
    for operation in &api.operations {
        text.push_str(&one(api, operation));
    }
    text
}

fn one(api: &Api, operation: &Operation) -> String {
    let mut text = format!(
        "\n## {}\n\n`{} {}`. {}\n\n",
        operation.name, operation.method, operation.path, operation.summary
    );
    let mut facts = Table::new(&["fact", ""]);
    facts.row(["operation id".to_owned(), format!("`{}`", operation.id)]);
    if operation.needs_key {
        let header = api.key_header.as_deref().unwrap_or_default();
        facts.row(["authentication".to_owned(), format!("header `{header}`")]);
    } else {
        facts.row(["authentication".to_owned(), "none".to_owned()]);
    }
    if let Some((query, _)) = operation.query() {
        let name = &query.name;
        facts.row([
            "query".to_owned(),
            format!("[`{name}`](fields.md#{})", name.to_lowercase()),
        ]);
    }
    if let Some(body) = &operation.body {
        let size = operation.body_bytes_max;
        facts.row([
            "body".to_owned(),
            format!(
                "[`{body}`](fields.md#{}), at most {size} bytes",
                body.to_lowercase()
            ),
        ]);
    }
    if let Some(form) = &operation.form {
        let size = operation.body_bytes_max;
        facts.row([
            "form".to_owned(),
            format!(
                "[`{form}`](fields.md#{}) as `multipart/form-data`, at most {size} bytes",
                form.to_lowercase()
            ),
        ]);
    }
    if let Some(key) = &operation.idempotency_key {
        facts.row(["idempotency key".to_owned(), format!("`{key}`")]);
    }
    facts.row([
        "source".to_owned(),
        sources(api.sources.at(&operation.place)),
    ]);
    let mut answers = Table::new(&["status", "body", "meaning", "source"]);
    for answer in &operation.answers {
        let body = answer.schema.as_ref().map(|name| format!("`{name}`"));
        answers.row([
            answer.status.to_string(),
            body.unwrap_or_else(|| "none".to_owned()),
            paragraph(&answer.docs).to_owned(),
            sources(api.sources.at(&answer.place)),
        ]);
    }
    let _ = write!(text, "{}\n{}", facts.text(), answers.text());
    text
}
