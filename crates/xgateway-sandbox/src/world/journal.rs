//! What is noted of each request.

use std::borrow::Cow;

use bytes::Bytes;
use http::{Response, Uri};
use xgateway_api::OPEN_FIELDS;
use xgateway_core::secret::scrub;

use super::{Received, World};
use crate::journal::{Body, Exchange, KEPT_BYTES_MAX};

impl World {
    /// Notes what a request said that has become an event. `is_json` if its body was read as JSON.
    pub(super) fn note(
        &mut self,
        event: u64,
        uri: &Uri,
        body: Received<'_>,
        is_json: bool,
        answer: &Response<Bytes>,
    ) {
        let body = match body {
            Received::Whole(body) if body.len() > KEPT_BYTES_MAX => None,
            Received::Whole(body) if is_json => Body::of_json(body),
            Received::Whole(body) => Body::of(body),
            Received::TooLarge | Received::Unread | Received::Late => None,
        };
        let answered = answer.body();
        let answer = if answered.len() <= KEPT_BYTES_MAX {
            answered.clone()
        } else {
            Bytes::new()
        };
        self.journal.note(Exchange {
            event,
            target: target(uri),
            body,
            answer,
        });
    }
}

/// Path and query without what opens a payment, could be a card number, or is nobody's business.
fn target(uri: &Uri) -> String {
    let path = uri.path();
    let mut opening = ["/3ds/", "/kyc/"].into_iter();
    let path = match opening.find_map(|start| Some((start, path.strip_prefix(start)?))) {
        Some((start, rest)) => {
            let button = rest.find('/').map_or("", |at| &rest[at..]);
            Cow::Owned(format!("{start}**{button}"))
        }
        None => Cow::Borrowed(path),
    };
    let path = scrub(&path);
    let Some(query) = uri.query() else {
        return path.into_owned();
    };
    let mut target = path.into_owned();
    for (index, pair) in query.split('&').enumerate() {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        target.push(if index == 0 { '?' } else { '&' });
        target.push_str(&scrub(name));
        target.push('=');
        let is_open = OPEN_FIELDS.binary_search(&name).is_ok();
        target.push_str(if is_open { value } else { "**" });
    }
    scrub(&target).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_tells_no_secret() {
        for (uri, want) in [
            ("/3ds/0123456789abcdef0123456789abcdef", "/3ds/**"),
            ("/3ds/0123456789abcdef/approve", "/3ds/**/approve"),
            ("/kyc/0f8fad5b/finish", "/kyc/**/finish"),
            ("/api/v2/invoices/order-1", "/api/v2/invoices/order-1"),
            ("/api/v2/invoices/4000000000000002", "/api/v2/invoices/**"),
            (
                "/api/v2/exchange/rate?amount=1&source=EUR&pin=1234",
                "/api/v2/exchange/rate?amount=1&source=EUR&pin=**",
            ),
            ("/api/v2/x?4000000000000002", "/api/v2/x?**=**"),
            ("/api/v2/x?amount=4000000000000002", "/api/v2/x?amount=**"),
        ] {
            assert_eq!(target(&uri.parse().unwrap()), want);
        }
    }
}
