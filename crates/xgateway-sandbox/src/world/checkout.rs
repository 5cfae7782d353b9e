//! `/checkout/{invoiceId}` and `/checkout/{address}`: what a customer follows while paying.

use std::cmp::Reverse;

use bytes::Bytes;
use http::header::HeaderValue;
use http::{Method, Response, StatusCode};
use serde_json::json;
use xgateway_api::query::Query;

use super::channels::network_name;
use super::{Received, World};
use crate::answer::Refusal;
use crate::event::AddressFacts;
use crate::page::{self, AddressShown};
use crate::state::parse_id;

impl World {
    /// The page of an invoice or of an address.
    pub(super) fn checkout(&self, name: &str) -> Response<Bytes> {
        if let Some(invoice) = self.state.invoice_by_id(name) {
            let changes = self.changes(&format!("/checkout/{name}"));
            return page::answer(StatusCode::OK, page::checkout(invoice, &changes));
        }
        match self.state.channels.address(name, None) {
            Some(facts) => page::answer(StatusCode::OK, self.checkout_of(facts)),
            None => page::answer(StatusCode::NOT_FOUND, page::unknown()),
        }
    }

    /// Whether there is a page of a customer at a path.
    pub(crate) fn has_customers_page(&self, path: &str) -> bool {
        if let Some(name) = path.strip_prefix("/checkout/") {
            return self.state.invoice_by_id(name).is_some()
                || self.state.channels.address(name, None).is_some();
        }
        let page = path.strip_prefix("/kyc/").and_then(parse_id);
        page.is_some_and(|page| self.state.customers.of_page(page).is_some())
    }

    /// The form by which a person plays the customer: it pays, and shows the page again.
    pub(super) fn pay_by_form(
        &mut self,
        method: &Method,
        address: &str,
        body: Received<'_>,
    ) -> Result<Response<Bytes>, Refusal> {
        self.form(method, body, |world, form| {
            let payment = json!({
                "address": address,
                "amount": form.get("amount").unwrap_or_default().trim(),
                "outcome": form.get("outcome").unwrap_or("confirmed"),
            });
            world.asks("pay_on_chain");
            world.pay_on_chain(payment.to_string().as_bytes())?;
            let to = HeaderValue::from_str(&format!("/checkout/{address}"));
            Ok(page::see_other(to.map_err(|_| Refusal::UnknownPath)?))
        })
    }

    /// Does what a form says, which only browsers and whoever plays one send.
    pub(super) fn form(
        &mut self,
        method: &Method,
        body: Received<'_>,
        act: impl FnOnce(&mut Self, &Query) -> Result<Response<Bytes>, Refusal>,
    ) -> Result<Response<Bytes>, Refusal> {
        match method.as_str() {
            "POST" => {}
            "OPTIONS" => return Ok(super::routes::options("POST, OPTIONS")),
            _ => return Err(super::routes::not_allowed("POST, OPTIONS")),
        }
        let text = std::str::from_utf8(body.whole()?).map_err(|_| Refusal::NotUnderstood)?;
        act(self, &Query::parse(text))
    }

    /// Where a page at `path` hears of what has changed since it was made.
    pub(super) fn changes(&self, path: &str) -> String {
        format!("{path}/changes?after={}", self.events.last())
    }

    fn checkout_of(&self, facts: &AddressFacts) -> maud::Markup {
        let deposits = self.state.channels.deposits();
        let mut payments: Vec<_> = deposits
            .filter(|deposit| deposit.facts.address.as_str() == &*facts.address)
            .collect();
        payments.sort_by_key(|deposit| Reverse((deposit.created_at, deposit.facts.id)));
        let payments = payments.into_iter();
        let payments = payments
            .map(|deposit| {
                let amount = format!(
                    "{} {}",
                    deposit.facts.amount,
                    deposit.facts.currency.as_str()
                );
                let settles_at = deposit.facts.plan.first().map(|(at, _)| *at);
                (
                    deposit.created_at,
                    amount,
                    deposit.now().status.as_str(),
                    settles_at,
                )
            })
            .collect();
        page::checkout_of_address(&AddressShown {
            address: &facts.address,
            currency: facts.currency.as_str(),
            network: network_name(&facts.currency),
            qr_code: facts.qr_code,
            changes: self.changes(&format!("/checkout/{}", facts.address)),
            payments,
        })
    }
}
