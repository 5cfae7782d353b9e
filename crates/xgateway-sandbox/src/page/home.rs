use maud::{Markup, html};

use super::narrow;

/// Where a visitor starts.
pub(crate) fn home(public_url: &str) -> Markup {
    narrow(
        "A payment gateway for tests",
        &html! {
            dl.stacked {
                dt { "Base URL of the API" }
                dd { code { (public_url) "/api" } }
            }
            ul.links {
                li { a href="/inspector" { "Inspector" } span { "what happened, and why" } }
                li { a href="/docs" { "Reference" } span { "every operation, field and limit" } }
                li { a href="/openapi.json" { "OpenAPI document" } span { "for tools; as YAML, too, with the gateway's own servers: " a href="/openapi.yaml" { "openapi.yaml" } } }
                li { a href="/_sandbox/events" { "Events" } span { "everything that happened, as JSON" } }
            }
        },
    )
}
