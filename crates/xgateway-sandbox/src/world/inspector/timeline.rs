//! The timeline: what was asked, what changed and which callbacks went, in one order.

use std::fmt::Write as _;

use maud::{Markup, html};
use xgateway_api::query::Query;

use super::item::{Item, ItemKind};
use crate::event::Event;
use crate::page::{clock_time, moment, name};
use crate::world::World;

/// How many entries a page shows.
const SHOWN_MAX: usize = 200;

/// What somebody wants to see of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    kind: Option<ItemKind>,
    /// A text that must stand in an entry, such as an order id.
    about: String,
}

impl Filter {
    pub(crate) fn of(query: &Query) -> Self {
        let kind = query.get("kind").unwrap_or_default();
        Self {
            kind: ItemKind::ALL.into_iter().find(|known| known.name() == kind),
            about: query.get("about").unwrap_or_default().trim().to_owned(),
        }
    }

    fn admits(&self, item: &Item) -> bool {
        self.kind.is_none_or(|kind| kind == item.kind)
            && (self.about.is_empty() || item.mentions(&self.about))
    }
}

impl World {
    /// What has been added after an event, as list entries, the oldest first; at most as many as a page shows.
    pub(crate) fn timeline_since(&self, seen: u64, filter: &Filter) -> Vec<Markup> {
        let fresh: Vec<_> = self.events.after(seen).collect();
        let mut items = self.items(fresh.into_iter().rev(), filter);
        items.reverse();
        items.iter().map(entry).collect()
    }

    pub(super) fn timeline(&self, query: &Query) -> Markup {
        let filter = Filter::of(query);
        let items = self.items(self.events.iter().rev(), &filter);
        html! {
            (filters(&filter))
            p.state {
                span data-state="" role="status" { "As of " (moment(self.now())) "." }
                " " a href="/inspector" { "Show all" }
            }
            ol.timeline aria-label="What happened, the newest first"
                data-live={"/inspector/live?after=" (self.events.last())
                    "&kind=" (filter.kind.map_or("", ItemKind::name))
                    "&about=" (encoded(&filter.about))} {
                @for item in &items { (entry(item)) }
            }
            @if items.is_empty() {
                p.empty data-empty="" { "Nothing yet. Send a request, or run " code { "xgateway trigger card" } "." }
            }
        }
    }

    fn items<'a>(&self, events: impl Iterator<Item = &'a Event>, filter: &Filter) -> Vec<Item> {
        let items = events.map(|event| Item::new(event, self));
        items
            .filter(|item| filter.admits(item))
            .take(SHOWN_MAX)
            .collect()
    }
}

fn filters(filter: &Filter) -> Markup {
    html! {
        form.filters method="get" action="/inspector" role="search" {
            label { "Show "
                select name="kind" {
                    option value="" { "everything" }
                    @for kind in ItemKind::ALL {
                        option value=(kind.name()) selected[filter.kind == Some(kind)] { (kind.name()) "s" }
                    }
                }
            }
            label { "about "
                input type="search" name="about" value=(filter.about) placeholder="order, invoice, customer, ..."
                    autocomplete="off" spellcheck="false";
            }
            button type="submit" { "Filter" }
        }
    }
}

fn entry(item: &Item) -> Markup {
    html! {
        li id=(item.id) class={"item " (item.kind.name()) " " (item.tone.name())} {
            details {
                summary {
                    (clock_time(item.at))
                    span.kind { (item.kind.name()) }
                    span.title { (item.title) }
                    @if !item.subject.is_empty() { span.subject { (name(&item.subject)) } }
                }
                p.why { (item.why) }
                @if let Some(cause) = item.cause {
                    p.cause { a href={"#e" (cause)} { "The request behind it" } }
                }
                @if let Some(id) = &item.explained_by {
                    p.cause { a href={"/_sandbox/explain/" (encoded(id))} { "Explain " (id) } }
                }
                @if let Some(payload) = &item.payload {
                    h3 { @if item.kind == ItemKind::Request { "Request" } @else { "Payload" } }
                    pre tabindex="0" { (payload) }
                }
                @if let Some(answer) = &item.answer {
                    h3 { "Answer" }
                    pre tabindex="0" { (answer) }
                }
                @if let Some(number) = item.callback {
                    form method="post" action={"/inspector/callbacks/" (number) "/resend"} {
                        button type="submit" { "Send callback " (number) " again" }
                    }
                }
            }
        }
    }
}

/// A text as the value of a query's parameter.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
