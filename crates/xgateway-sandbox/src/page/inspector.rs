use bytes::Bytes;
use http::{Response, StatusCode};
use maud::{Markup, html};

use super::{POLICY_UNFRAMED, document, with_policy};
use crate::world::MENU;

/// A page of the inspector around its content.
pub(crate) fn inspector(status: StatusCode, path: &str, content: &Markup) -> Response<Bytes> {
    let title = MENU
        .iter()
        .find(|(known, _)| *known == path)
        .map_or("Inspector", |(_, name)| name);
    let page = document(
        title,
        &html! {
            a.skip href="#content" { "Skip to the content" }
            header {
                a.home href="/" { "XGateway sandbox" }
                nav aria-label="Inspector" {
                    @for (known, name) in MENU {
                        a href=(known) aria-current=[(*known == path).then_some("page")] { (name) }
                    }
                }
            }
            main #content.wide {
                h1 { (title) }
                (content)
            }
        },
    );
    with_policy(status, page.into_string(), POLICY_UNFRAMED)
}
