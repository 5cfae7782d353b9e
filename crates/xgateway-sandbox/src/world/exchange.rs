//! `GET /v2/exchange/rate`, and the same of version 1.

use std::str::FromStr as _;

use bytes::Bytes;
use http::{Response, StatusCode};
use rust_decimal::Decimal;
use xgateway_api::operation::Operation;
use xgateway_api::query::Query;
use xgateway_core::issue::{Issue, IssueKind, Issues, Path, Segment};
use xgateway_core::money::Currency;

use super::World;
use crate::answer::{Refusal, success};
use crate::event::Strategy;
use crate::rates;
use crate::wire::Text;

impl World {
    /// Converts. The query has passed the rules.
    pub(super) fn exchange_rate(
        &self,
        query: &Query,
        operation: &Operation,
    ) -> Result<Response<Bytes>, Refusal> {
        // What the operation does not declare means nothing to it.
        let get = |name| {
            let declared = operation.query?.fields.iter().any(|it| it.name == name);
            declared.then(|| query.get(name)).flatten()
        };
        let currency = |name| Currency::from(get(name).unwrap_or_default());
        let (source, target) = (currency("source"), currency("target"));
        // The rules admit more digits than a decimal has: the last ones are rounded off.
        let amount =
            Decimal::from_str(get("amount").unwrap_or("1")).map_err(|_| amount_too_large())?;
        let at = match get("invoiceId") {
            None => self.state.now,
            Some(id) => {
                let invoice = self.state.find_invoice(id).ok_or(Refusal::UnknownId)?;
                match invoice.facts.strategy {
                    Strategy::Fixed => invoice.facts.created_at,
                    Strategy::Floating => self.state.now,
                }
            }
        };
        let pair = match get("direction") {
            Some("toSource") => (&target, &source),
            Some(_) | None => (&source, &target),
        };
        let converted =
            rates::convert(amount, pair, at, &self.random).ok_or_else(amount_too_large)?;
        Ok(success(StatusCode::OK, &Text(converted)))
    }
}

fn amount_too_large() -> Refusal {
    let path = Path::Told([Segment::Key("amount".into())].into());
    let issue = Issue::new(IssueKind::Custom, path).with_message("Amount is too large");
    Refusal::Invalid(Issues::from(issue))
}
