//! Whatever is not the API: the pages for people, and windows into the world.

use bytes::Bytes;
use http::header::HeaderMap;
use http::{Method, Response, StatusCode, Uri};
use serde::{Serialize, Serializer};
use xgateway_api::OPENAPI;
use xgateway_api::query::Query;

use super::routes::{json_body, not_allowed, options};
use super::{Received, World};
use crate::answer::{Refusal, success, with_body};
use crate::event::Event;
use crate::page;
use crate::percent::decoded;

impl World {
    /// The answer to a request that no operation of the gateway is for.
    pub(super) fn site(
        &mut self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: Received<'_>,
    ) -> Result<Response<Bytes>, Refusal> {
        let path = uri.path();
        if let Some(rest) = path.strip_prefix("/3ds/") {
            self.asks("three_ds_page");
            return self.three_ds(method, rest);
        }
        if let Some(rest) = path.strip_prefix("/kyc/") {
            // Looking is no event: the page looks again after each.
            if method == Method::POST {
                self.asks("kyc_page");
            }
            return self.hosted_kyc(method, rest);
        }
        if let Some(rest) = path.strip_prefix("/_sandbox/faults") {
            return self.faults(method, rest, headers, body);
        }
        if path == "/_sandbox/clock" && method != Method::POST {
            return self.show_clock(method);
        }
        if let "/_sandbox/deposits"
        | "/_sandbox/withdrawals"
        | "/_sandbox/clock"
        | "/_sandbox/clock/advance" = path
        {
            return self.outside(method, path, headers, body);
        }
        if let Some(address) = path
            .strip_prefix("/checkout/")
            .and_then(|rest| rest.strip_suffix("/pay"))
        {
            return self.pay_by_form(method, address, body);
        }
        if let Some(rest) = path.strip_prefix("/inspector") {
            return self.inspector(method, uri, rest, body);
        }
        if let Some(id) = path.strip_prefix("/_sandbox/explain/") {
            return match *method {
                Method::GET | Method::HEAD => self.explain(&decoded(id)),
                Method::OPTIONS => Ok(options("GET, HEAD, OPTIONS")),
                _ => Err(not_allowed("GET, HEAD, OPTIONS")),
            };
        }
        let is_read = method == Method::GET || method == Method::HEAD;
        let checkout = path.strip_prefix("/checkout/");
        let qr_code = path.strip_prefix("/public/");
        let asset = match path {
            // Browsers ask for it beside whatever is no page of ours.
            "/favicon.ico" => page::asset("icon.svg"),
            _ => path.strip_prefix("/assets/").and_then(page::asset),
        };
        if !is_read {
            let is_known = checkout.is_some()
                || qr_code.is_some()
                || asset.is_some()
                || matches!(
                    path,
                    "/" | "/docs"
                        | "/openapi.yaml"
                        | "/openapi.json"
                        | "/_sandbox/health"
                        | "/_sandbox/events"
                );
            return match (is_known, method == Method::OPTIONS) {
                (true, true) => Ok(options("GET, HEAD, OPTIONS")),
                (true, false) => Err(not_allowed("GET, HEAD, OPTIONS")),
                (false, _) => Err(Refusal::UnknownPath),
            };
        }
        if let Some(id) = checkout {
            return Ok(self.checkout(id));
        }
        if let Some(name) = qr_code {
            return self.qr_code(name);
        }
        if let Some(asset) = asset {
            return Ok(asset);
        }
        match path {
            "/" => Ok(page::answer(StatusCode::OK, page::home(&self.public_url))),
            "/docs" => Ok(self.reference()),
            "/openapi.json" => Ok(self.openapi_json()),
            "/openapi.yaml" => Ok(with_body(
                StatusCode::OK,
                "application/yaml",
                Bytes::from_static(OPENAPI.as_bytes()),
            )),
            "/_sandbox/health" => Ok(success(StatusCode::OK, &"ok")),
            "/_sandbox/events" => Ok(success(StatusCode::OK, &Listed(self.events_after(uri)?))),
            _ => Err(Refusal::UnknownPath),
        }
    }

    /// What happens outside of the gateway, as somebody tells it.
    fn outside(
        &mut self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        body: Received<'_>,
    ) -> Result<Response<Bytes>, Refusal> {
        if method == Method::OPTIONS {
            return Ok(options("POST, OPTIONS"));
        }
        if method != Method::POST {
            return Err(not_allowed("POST, OPTIONS"));
        }
        let body = json_body(headers, body)?;
        if path.starts_with("/_sandbox/clock") {
            self.asks("pass_time");
            self.pass_time(body)
        } else if path == "/_sandbox/withdrawals" {
            self.asks("withdraw");
            self.withdraw(body)
        } else {
            self.asks("pay_on_chain");
            self.pay(body)
        }
    }

    /// The events after the sequence number in the query, or from the first; so many as it says, or all.
    fn events_after(&self, uri: &Uri) -> Result<impl Iterator<Item = &Event> + Clone, Refusal> {
        let text = uri.query().unwrap_or_default();
        let query = Query::parse(text);
        // What cannot be read must not look like a wish for everything: old events would be taken for new ones.
        for name in text.split('&').filter(|part| !part.is_empty()) {
            let name = name.split('=').next().unwrap_or_default();
            if !["after", "limit"].contains(&name) {
                let problem = "The query has a parameter other than after and limit.";
                return Err(Refusal::BadOwn(problem.to_owned()));
            }
        }
        let number = |name| match query.get(name) {
            None => Ok(None),
            Some(text) => text.parse::<u64>().map(Some).map_err(|_| {
                let problem = format!("The query's parameter {name} must be a whole number.");
                Refusal::BadOwn(problem)
            }),
        };
        let after = number("after")?.unwrap_or_default();
        let limit = number("limit")?.and_then(|limit| usize::try_from(limit).ok());
        Ok(self.events.after(after).take(limit.unwrap_or(usize::MAX)))
    }
}

/// A list that is made while it is written.
struct Listed<I>(I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for Listed<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}
