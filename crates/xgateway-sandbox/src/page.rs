//! The pages that people see: HTML from this process alone, whole without script.

mod assets;
mod checkout;
mod docs;
mod home;
mod inspector;
mod kyc;
mod markdown;
mod three_ds;

pub(crate) use assets::asset;
pub(crate) use checkout::{AddressShown, checkout, checkout_of_address};
pub(crate) use docs::docs;
pub(crate) use home::home;
pub(crate) use inspector::inspector;
pub(crate) use kyc::{HostedKyc, hosted_kyc};
pub(crate) use three_ds::{Shown, three_ds_answer};

use bytes::Bytes;
use http::header::{
    CONTENT_SECURITY_POLICY, HeaderValue, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Response, StatusCode};
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};

use crate::answer::with_body;
use crate::state::Invoice;

/// Only what this process serves, and no script or style in the page itself.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'";

/// Browsers hold a form's redirect against `form-action` too, so pages that may lead to the merchant let it.
const POLICY_WITH_REDIRECT: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self' http: https:; base-uri 'none'";

/// For pages with buttons that change the world: nobody may lay them under a page of his own.
const POLICY_UNFRAMED: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page with the headers that keep it to itself.
pub(crate) fn answer(status: StatusCode, page: Markup) -> Response<Bytes> {
    with_policy(status, page.into_string(), POLICY)
}

pub(crate) fn see_other(to: HeaderValue) -> Response<Bytes> {
    let mut answer = with_policy(StatusCode::SEE_OTHER, String::new(), POLICY);
    answer.headers_mut().insert(LOCATION, to);
    answer
}

pub(crate) fn unknown() -> Markup {
    narrow(
        "Unknown page",
        &html! { p { "There is nothing at this address." } },
    )
}

/// A request that is not served.
pub(crate) fn refused(status: StatusCode, reason: &str) -> Response<Bytes> {
    answer(status, narrow("Not served", &html! { p { (reason) } }))
}

/// Asks for the token of a sandbox that others can reach.
pub(crate) fn ask_for_token() -> Response<Bytes> {
    let page = narrow(
        "Who are you?",
        &html! {
            p { "This sandbox can be reached by others, so it asks for its token. Whoever started it was told." }
            form method="post" action="/token" {
                label { "Token " input type="password" name="token" required autocomplete="current-password"; }
                button.approve type="submit" { "Open" }
            }
            p.note { "Programs send it as " code { "Authorization: Bearer" } " or " code { "x-sandbox-token" } "." }
        },
    );
    answer(StatusCode::UNAUTHORIZED, page)
}

/// A time as people read it, in full.
pub(crate) fn moment(at: Timestamp) -> Markup {
    html! { time datetime={ (format!("{at:.0}")) } { (at.strftime("%Y-%m-%d %H:%M:%S UTC")) } }
}

/// A time of day, where the day goes without saying.
pub(crate) fn clock_time(at: Timestamp) -> Markup {
    html! { time datetime={ (format!("{at:.3}")) } title=(at.strftime("%Y-%m-%d %H:%M:%S UTC")) { (at.strftime("%H:%M:%S")) } }
}

/// A page of one column, such as a customer sees.
fn narrow(title: &str, content: &Markup) -> Markup {
    document(
        title,
        &html! {
            main.card {
                p.mark { "Sandbox: no money moves" }
                h1 { (title) }
                (content)
            }
        },
    )
}

fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " - XGateway sandbox" }
                link rel="stylesheet" href="/assets/style.css";
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                script src="/assets/live.js" defer {}
            }
            body { (body) }
        }
    }
}

fn facts(invoice: &Invoice) -> Markup {
    let facts = &invoice.facts;
    html! {
        dl {
            @if let Some(order_id) = &facts.order_id {
                dt { "Order" }
                dd { (name(order_id.as_str())) }
            }
            dt { "Amount" }
            dd { (facts.amount) " " (facts.currency.as_str()) }
            dt { "Card" }
            dd { "ending in " (facts.card.last_four) }
        }
    }
}

/// An id of the merchant's as people see it: what could be a card number is hidden, and a blank that nobody would see, at
/// an end or beside another one, stands as `\u{2423}`. With it the id would be another order's, or another customer's.
pub(crate) fn name(id: &str) -> String {
    let id = crate::hidden::shown(id);
    let mut shown = String::with_capacity(id.len());
    let mut rest = id.chars().peekable();
    let mut is_hard_to_see = true;
    while let Some(char) = rest.next() {
        let is_blank = char.is_whitespace();
        is_hard_to_see |= rest.peek().is_none_or(|next| next.is_whitespace());
        shown.push(if is_blank && is_hard_to_see {
            '\u{2423}'
        } else {
            char
        });
        is_hard_to_see = is_blank;
    }
    shown
}

/// A page that reads in the order of its characters: what turns the direction of text is shown as `\u{202e}`, since an id
/// that holds it would look like another one.
pub(crate) fn in_order(html: String) -> String {
    let turns = |char: char| {
        matches!(
            char,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
    };
    if !html.contains(turns) {
        return html;
    }
    let mut shown = String::with_capacity(html.len() + 8);
    for char in html.chars() {
        if turns(char) {
            shown.extend(char.escape_unicode());
        } else {
            shown.push(char);
        }
    }
    shown
}

fn with_policy(status: StatusCode, html: String, policy: &'static str) -> Response<Bytes> {
    let html = in_order(html);
    let mut answer = with_body(status, "text/html; charset=utf-8", html.into());
    let headers = answer.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    // The page's URL is a key to the payment. Without any referrer a browser would hide the origin of our own forms,
    // by which they are told from those of others.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_that_nobody_would_see_are_shown() {
        for (id, want) in [
            ("order 1", "order 1"),
            (" order 1\t", "\u{2423}order 1\u{2423}"),
            ("a  b", "a\u{2423}\u{2423}b"),
            ("\u{a0}", "\u{2423}"),
            ("", ""),
            ("4000 0000 0000 0002 ", "**\u{2423}"),
        ] {
            assert_eq!(name(id), want, "{id:?}");
        }
    }
}
