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
                li { a href="/openapi.yaml" { "OpenAPI document" } span { "for tools" } }
                li { a href="/_sandbox/events" { "Events" } span { "everything that happened, as JSON" } }
            }
        },
    )
}
