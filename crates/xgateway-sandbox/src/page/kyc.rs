//! The KYC vendor's page.

use maud::{Markup, html};

use super::narrow;

/// What it shows. It names nobody: whoever has the link sees it.
pub(crate) struct HostedKyc<'a> {
    /// Its name in the path.
    pub(crate) page: &'a str,
    /// Where it hears of changes.
    pub(crate) changes: String,
    /// Whether there is something to do.
    pub(crate) is_open: bool,
    pub(crate) status: &'static str,
    /// What the customer is told.
    pub(crate) message: Option<&'a str>,
    /// Whether it is done after a while if nobody does it.
    pub(crate) goes_on_by_itself: bool,
}

/// The buttons: what they post to, how they look, and what they say.
const BUTTONS: [(&str, &str, &str); 4] = [
    ("finish", "approve", "Hand in everything"),
    ("fail", "leave", "Hand in a wrong date of birth"),
    ("refuse", "decline", "Hand in a forged document"),
    ("leave", "leave", "Leave without finishing"),
];

pub(crate) fn hosted_kyc(shown: &HostedKyc<'_>) -> Markup {
    let HostedKyc { page, status, .. } = shown;
    narrow(
        "Who are you?",
        &html! {
            div data-follow=(shown.changes) role="status" {
                p { "Your KYC stands at " strong { (status) } "." }
                @if let Some(message) = shown.message { p { (message) } }
                @if shown.is_open {
                    div.buttons {
                        @for (press, look, label) in BUTTONS {
                            form method="post" action={"/kyc/" (page) "/" (press)} {
                                button class=(look) type="submit" { (label) }
                            }
                        }
                    }
                } @else {
                    p { "There is nothing to do here. You may close this page." }
                }
                @if shown.is_open && shown.goes_on_by_itself {
                    p.note { "If nobody presses a button, everything is handed in two minutes after the link was made." }
                }
                @if shown.is_open {
                    p.note { "What is handed in is checked for ten seconds of the sandbox's clock; magic data of the profile count." }
                }
            }
        },
    )
}
