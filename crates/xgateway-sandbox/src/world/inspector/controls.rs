//! What a person may do to the world: move its clock, send a callback again.

use bytes::Bytes;
use http::Response;
use http::header::HeaderValue;
use jiff::SignedDuration;
use maud::{Markup, html};
use xgateway_api::query::Query;

use crate::answer::Refusal;
use crate::page::{self, moment};
use crate::world::World;

/// The most that one press moves the clock, in seconds: ten years.
const SECONDS_MAX: i64 = 10 * 366 * 86_400;

/// The steps that people need most: a short wait, a fixed invoice's life, a floating one's.
const STEPS: [(i64, &str); 5] = [
    (10, "10 seconds"),
    (60, "1 minute"),
    (900, "15 minutes"),
    (3600, "1 hour"),
    (86_400, "1 day"),
];

impl World {
    pub(super) fn controls(&self) -> Markup {
        html! {
            h2 { "Clock" }
            p data-follow=(self.changes("/inspector")) { "It is " strong { (moment(self.now())) } " in this world." }
            div.row {
                @for (seconds, name) in STEPS {
                    form method="post" action="/inspector/clock" {
                        input type="hidden" name="seconds" value=(seconds);
                        button type="submit" { "+ " (name) }
                    }
                }
            }
            form.filters method="post" action="/inspector/clock" {
                label { "Or move it by "
                    input type="number" name="seconds" min="1" max=(SECONDS_MAX) required inputmode="numeric";
                    " seconds"
                }
                button type="submit" { "Move" }
            }
            p.note {
                "Whatever falls due on the way happens at its own time: invoices expire, slow banks answer, blockchains \
                 confirm, callbacks are sent again."
            }
            (self.fault_controls())
        }
    }

    /// A form that moves the clock.
    pub(super) fn move_clock(&mut self, form: &Query) -> Result<Response<Bytes>, Refusal> {
        let seconds = form.get("seconds").and_then(|text| text.parse().ok());
        let seconds = seconds
            .filter(|seconds| (1..=SECONDS_MAX).contains(seconds))
            .ok_or(Refusal::NotUnderstood)?;
        self.asks("pass_time");
        self.advance(SignedDuration::from_secs(seconds));
        Ok(back_to_controls())
    }

    /// A form that sends a callback again.
    pub(super) fn resend(&mut self, number: &str) -> Result<Response<Bytes>, Refusal> {
        let number = number.parse().map_err(|_| Refusal::UnknownPath)?;
        if !self.resend_callback(number) {
            return Err(Refusal::UnknownPath);
        }
        self.asks("resend_callback");
        Ok(back_to("/inspector?kind=callback"))
    }
}

pub(super) fn back_to_controls() -> Response<Bytes> {
    back_to("/inspector/controls")
}

fn back_to(path: &'static str) -> Response<Bytes> {
    page::see_other(HeaderValue::from_static(path))
}
