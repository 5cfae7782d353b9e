//! `/inspector`: what happened in the world and why, for people.

mod controls;
mod faults;
mod item;
mod table;
mod tables;
mod timeline;
pub(super) mod why;

pub(crate) use timeline::Filter;

use bytes::Bytes;
use http::{Method, Response, StatusCode, Uri};
use maud::Markup;
use xgateway_api::query::Query;

use super::routes::{not_allowed, options};
use super::{Received, World};
use crate::answer::Refusal;
use crate::page;

/// The pages, with the words of the menu.
pub(crate) const MENU: &[(&str, &str)] = &[
    ("/inspector", "Timeline"),
    ("/inspector/payments", "Payments"),
    ("/inspector/customers", "Customers"),
    ("/inspector/accounts", "Accounts"),
    ("/inspector/controls", "Controls"),
];

impl World {
    /// `rest` is what stands behind `/inspector`.
    pub(super) fn inspector(
        &mut self,
        method: &Method,
        uri: &Uri,
        rest: &str,
        body: Received<'_>,
    ) -> Result<Response<Bytes>, Refusal> {
        if let Some(number) = between(rest, "/callbacks/", "/resend") {
            return self.form(method, body, |world, _| world.resend(number));
        }
        if let Some(id) = between(rest, "/faults/", "/remove") {
            return self.form(method, body, |world, _| world.remove_fault(id));
        }
        if rest == "/faults" {
            return self.form(method, body, Self::add_fault);
        }
        if rest == "/clock" {
            return self.form(method, body, Self::move_clock);
        }
        let query = Query::parse(uri.query().unwrap_or_default());
        let show: &dyn Fn(&Self) -> Markup = match rest {
            "" => &|world| world.timeline(&query),
            "/payments" => &Self::payments,
            "/customers" => &Self::customers,
            "/accounts" => &Self::accounts_page,
            "/controls" => &Self::controls,
            _ => return Err(Refusal::UnknownPath),
        };
        match method.as_str() {
            "GET" | "HEAD" => Ok(page::inspector(StatusCode::OK, uri.path(), &show(self))),
            "OPTIONS" => Ok(options("GET, HEAD, OPTIONS")),
            _ => Err(not_allowed("GET, HEAD, OPTIONS")),
        }
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.strip_suffix(end)
}
