//! Faults by form.

use std::ops::RangeInclusive;

use bytes::Bytes;
use http::Response;
use maud::{Markup, html};
use xgateway_api::operations;
use xgateway_api::query::Query;

use super::controls::back_to_controls;
use crate::answer::Refusal;
use crate::event::EventKind;
use crate::faults::FaultRule;
use crate::page::moment;
use crate::world::World;

/// The faults that a form offers: the rule, and what it means.
const OFFERED: &[(&str, &str)] = &[
    (
        "at=connect,do=refuse",
        "The connection breaks before anything arrives",
    ),
    (
        "at=proxy,do=decode",
        "A path with something encoded, such as a slash in an id, arrives decoded",
    ),
    (
        "at=before_commit,do=status,status=503,retryAfter=1",
        "503 before anything is done",
    ),
    (
        "at=before_commit,do=status,status=429,retryAfter=1",
        "429, too many requests",
    ),
    (
        "at=after_commit,do=reset",
        "The answer is lost after everything was done",
    ),
    (
        "at=after_commit,do=status,status=500",
        "500 although everything was done",
    ),
    ("at=mid_answer,do=truncate", "The answer is cut off"),
    ("at=mid_answer,do=garbage", "The answer is garbage"),
    ("at=callback,do=lose", "A callback is lost on the way"),
    ("at=callback,do=twice", "A callback comes twice"),
    (
        "at=callback,do=unanswered",
        "The merchant's answer to a callback is lost",
    ),
];

/// How often the form lets one happen.
const TIMES: RangeInclusive<u32> = 1..=1000;

impl World {
    pub(super) fn fault_controls(&self) -> Markup {
        let active: Vec<_> = self.state.faults.iter().collect();
        html! {
            h2 { "Faults" }
            @if active.is_empty() {
                p.empty { "None: everything goes well." }
            }
            ul.faults {
                @for fault in &active {
                    li {
                        span {
                            strong { (fault.rule.fault().label().replace('_', " ")) }
                            @if let Ok(rule) = serde_json::to_string(&fault.rule.shown()) { " " code { (rule) } }
                            " since " (moment(fault.since))
                        }
                        form method="post" action={"/inspector/faults/" (fault.id) "/remove"} {
                            button type="submit" aria-label={"Remove fault " (fault.id)} { "Remove" }
                        }
                    }
                }
            }
            form.filters method="post" action="/inspector/faults" {
                label { "Let this happen "
                    select name="rule" { @for (rule, meaning) in OFFERED { option value=(rule) { (meaning) } } }
                }
                label { "to "
                    select name="operation" {
                        option value="" { "everything" }
                        @for operation in operations::ALL { option value=(operation.name) { (operation.name) } }
                    }
                }
                label { "so often "
                    input type="number" name="times" min=(TIMES.start()) max=(TIMES.end()) value="1" inputmode="numeric";
                }
                button type="submit" { "Add the fault" }
            }
            p.note { "How often is counted for each operation and order. Many more are offered by "
                code { "POST /_sandbox/faults" } "." }
        }
    }

    /// A form that adds a fault.
    pub(super) fn add_fault(&mut self, form: &Query) -> Result<Response<Bytes>, Refusal> {
        let times = form.get("times").and_then(|times| times.parse().ok());
        let times = times.filter(|times: &u32| TIMES.contains(times));
        let times = times.ok_or_else(|| {
            Refusal::BadFault(format!("times: from {} to {}", TIMES.start(), TIMES.end()))
        })?;
        let rule = form.get("rule").unwrap_or_default();
        let rule = FaultRule::parse(&format!("{rule},times={times}"));
        let rule = rule.map_err(|error| Refusal::BadFault(error.to_string()))?;
        let operation = form.get("operation").unwrap_or_default();
        let known = operations::ALL.iter().find(|known| known.name == operation);
        let rule = match known {
            Some(operation) if !rule.fault().is_of_callbacks() => rule.on(operation.name),
            Some(_) | None => rule,
        };
        self.asks("add_faults");
        self.try_add_faults(vec![rule])?;
        Ok(back_to_controls())
    }

    /// A form that removes one.
    pub(super) fn remove_fault(&mut self, id: &str) -> Result<Response<Bytes>, Refusal> {
        let id = id.parse().map_err(|_| Refusal::UnknownPath)?;
        if !self.state.faults.iter().any(|active| active.id == id) {
            return Err(Refusal::UnknownPath);
        }
        self.asks("remove_faults");
        self.record(EventKind::FaultsRemoved { rule: Some(id) });
        Ok(back_to_controls())
    }
}
