//! `/docs`: the OpenAPI document for people.

use std::sync::LazyLock;

use bytes::Bytes;
use http::{Response, StatusCode};
use maud::{Markup, html};
use serde_json::Value;
use xgateway_api::operation::Operation;
use xgateway_api::{OPENAPI_JSON, operations};
use xgateway_core::rules::{Kind, Schema};

use super::markdown::{inline_markdown, markdown};
use super::{answer, document};
use crate::card::SANDBOX_CARDS;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(OPENAPI_JSON).expect("the generator writes JSON"));

/// The reference.
pub(crate) fn docs(public_url: &str) -> Response<Bytes> {
    let page = document(
        "Reference",
        &html! {
            a.skip href="#content" { "Skip to the content" }
            header {
                a.home href="/" { "XGateway sandbox" }
                nav aria-label="Operations" {
                    a href="#operations" { "Operations" }
                    a href="#cards" { "Test cards" }
                }
            }
            main #content.wide {
                h1 { "Reference" }
                p { "Base URL: " code { (public_url) "/api" } ". The key goes into the header " code { (operations::API_KEY_HEADER) } "." }
                div.note { (markdown(paragraph(&DOCUMENT["info"]["description"]))) }
                h2 #operations { "Operations" }
                ul.links {
                    @for operation in operations::ALL {
                        li { a href={"#" (operation.name)} { (operation.method) " " (operation.path) } span { (operation.summary) } }
                    }
                }
                @for operation in operations::ALL { (one(operation)) }
                (cards())
            }
        },
    );
    answer(StatusCode::OK, page)
}

fn one(operation: &Operation) -> Markup {
    let method = operation.method.as_str().to_ascii_lowercase();
    let described = &DOCUMENT["paths"][operation.path][method];
    html! {
        section {
            h2 id=(operation.name) { (operation.method) " " (operation.path) }
            p { (operation.summary) }
            (markdown(paragraph(&described["description"])))
            p.note {
                @if operation.needs_key { "Needs the API key." } @else { "Needs no key." }
                @if operation.moves_money { " It may move money." }
                @if let Some(key) = operation.idempotency_key { " Its idempotency key is " code { (key) } "." }
            }
            @for rules in [operation.query, operation.body].into_iter().flatten() {
                h3 { (if operation.body.is_some() { "Body" } else { "Query" }) }
                (table(&["Field", "Mandatory", "Type", "What it is"], &fields(rules)))
            }
            h3 { "Answers" }
            (table(&["Status", "Body", "Means"], &html! {
                @for answer in operation.answers {
                    tr {
                        td { (answer.status) @if answer.inferred { " (inferred)" } }
                        td { code { (answer.schema.unwrap_or("none")) } }
                        td.words { (meaning(&described["responses"][answer.status.to_string()])) }
                    }
                }
            }))
            @if let Some(example) = example(described) {
                details {
                    summary { "An example of a body" }
                    pre tabindex="0" { (example) }
                }
            }
        }
    }
}

fn fields(schema: &Schema) -> Markup {
    let described = &DOCUMENT["components"]["schemas"][schema.name]["properties"];
    html! {
        @for field in schema.fields {
            tr {
                td { code { (field.path.join(".")) } }
                td { (if field.required { "yes" } else { "no" }) }
                td.words { (kind(&field.kind)) }
                td.words { (inline_markdown(paragraph(&described[field.name]["description"]))) }
            }
            @if let Kind::Object(inner) = &field.kind { (fields(inner)) }
        }
    }
}

fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Text(_) => "text".to_owned(),
        Kind::Number(_) => "number".to_owned(),
        Kind::Boolean => "true or false".to_owned(),
        Kind::Object(_) => "object".to_owned(),
        Kind::Enum(values) => format!("one of: {}", values.join(", ")),
    }
}

/// What an answer means, which may stand among the components.
fn meaning(response: &Value) -> Markup {
    let response = match response["$ref"].as_str() {
        Some(reference) => {
            let name = reference.rsplit('/').next().unwrap_or_default();
            &DOCUMENT["components"]["responses"][name]
        }
        None => response,
    };
    inline_markdown(paragraph(&response["description"]))
}

/// The first example of a body, as it can be sent.
fn example(described: &Value) -> Option<String> {
    let examples = &described["requestBody"]["content"]["application/json"]["examples"];
    let (_, first) = examples.as_object()?.iter().next()?;
    serde_json::to_string_pretty(&first["value"]).ok()
}

fn cards() -> Markup {
    html! {
        h2 #cards { "Test cards" }
        (table(&["Name", "Number", "What it does"], &html! {
            @for card in SANDBOX_CARDS {
                tr {
                    td { code { (card.name) } }
                    td { code { (card.number) } }
                    td.words { (inline_markdown(card.meaning)) }
                }
            }
        }))
    }
}

fn table(heads: &[&str], rows: &Markup) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Table" {
            table {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { (rows) }
            }
        }
    }
}

fn paragraph(value: &Value) -> &str {
    value.as_str().unwrap_or_default().trim()
}
