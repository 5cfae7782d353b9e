//! `/kyc/{page}`: the vendor's page, on which a customer does everything at once.

use bytes::Bytes;
use http::header::HeaderValue;
use http::{Method, Response, StatusCode};

use crate::answer::Refusal;
use crate::event::{CustomerChange, Verdict};
use crate::page;
use crate::state::parse_id;
use crate::world::World;
use crate::world::routes::{not_allowed, options};

/// What somebody may do there.
#[derive(Clone, Copy)]
enum Press {
    /// What comes of it follows from the customer's data.
    Finish,
    /// The same with something that can be corrected, or not.
    Fail(Verdict),
    Leave,
}

impl Press {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "finish" => Self::Finish,
            "fail" => Self::Fail(Verdict::SoftBirth),
            "refuse" => Self::Fail(Verdict::Hard),
            "leave" => Self::Leave,
            _ => return None,
        })
    }
}

impl World {
    /// `GET /kyc/{page}` shows the page, `POST /kyc/{page}/{finish,fail,refuse,leave}` is one of its buttons.
    pub(in crate::world) fn hosted_kyc(
        &mut self,
        method: &Method,
        rest: &str,
    ) -> Result<Response<Bytes>, Refusal> {
        let (name, press) = match rest.split_once('/') {
            Some((name, press)) => (name, Some(Press::of(press).ok_or(Refusal::UnknownPath)?)),
            None => (rest, None),
        };
        let page = parse_id(name);
        let Some(customer_id) = page.and_then(|page| self.state.customers.of_page(page)) else {
            return Ok(page::answer(StatusCode::NOT_FOUND, page::unknown()));
        };
        let customer_id = customer_id.clone();
        self.is_about(customer_id.clone());
        match (method.as_str(), press) {
            ("GET" | "HEAD", None) => Ok(self.show_hosted_kyc(customer_id.as_str(), name)),
            ("POST", Some(press)) => {
                if self.is_open(customer_id.as_str()) {
                    self.press_hosted_kyc(customer_id.as_str(), press);
                }
                let back = HeaderValue::from_str(&format!("/kyc/{name}"));
                Ok(page::see_other(back.map_err(|_| Refusal::UnknownPath)?))
            }
            ("OPTIONS", None) => Ok(options("GET, HEAD, OPTIONS")),
            ("OPTIONS", Some(_)) => Ok(options("POST, OPTIONS")),
            (_, None) => Err(not_allowed("GET, HEAD, OPTIONS")),
            (_, Some(_)) => Err(not_allowed("POST, OPTIONS")),
        }
    }

    fn press_hosted_kyc(&mut self, customer_id: &str, press: Press) {
        match press {
            Press::Finish => self.finish_page(customer_id, None),
            Press::Fail(verdict) => self.finish_page(customer_id, Some(verdict)),
            Press::Leave => self.change_customer(customer_id, CustomerChange::LinkLeft),
        }
    }

    fn show_hosted_kyc(&self, customer_id: &str, name: &str) -> Response<Bytes> {
        let customer = self.state.customers.get(customer_id);
        let news = customer.and_then(|it| it.kyc.as_ref());
        let waits = self.customer_uuid(customer_id);
        let shown = page::HostedKyc {
            page: name,
            changes: self.changes(&format!("/kyc/{name}")),
            is_open: self.is_open(customer_id),
            status: news.map_or("", |it| it.status.as_str()),
            message: news.and_then(|it| it.message.as_deref()),
            goes_on_by_itself: self.state.schedule.waits_for_link(waits),
        };
        page::answer(StatusCode::OK, page::hosted_kyc(&shown))
    }
}
