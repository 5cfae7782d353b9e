//! What is noted of each request.

use std::borrow::Cow;

use bytes::Bytes;
use http::{Response, Uri};
use xgateway_api::OPEN_FIELDS;
use xgateway_api::json::View;

use super::{Received, World};
use crate::hidden::shown;
use crate::journal::{Body, Exchange, KEPT_BYTES_MAX};

impl World {
    /// Makes of a body that was read as JSON what people may see of it.
    pub(super) fn keep_view(&mut self, view: &View<'_>, body: &[u8]) {
        if body.len() <= KEPT_BYTES_MAX {
            let room = self.journal.spare_room();
            self.asked.body = Body::of_view(view, body, room).or_else(|| Body::of_json(body));
        }
    }

    /// Notes what a request said that has become an event, and what is `kept` of its body if that is known already.
    pub(super) fn note(
        &mut self,
        event: u64,
        uri: &Uri,
        kept: Option<Body>,
        body: Received<'_>,
        answer: &Response<Bytes>,
    ) {
        let body = kept.or_else(|| match body {
            Received::Whole(body) if body.len() <= KEPT_BYTES_MAX => Body::of(body),
            Received::Whole(_) | Received::TooLarge | Received::Unread | Received::Late => None,
        });
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
    let path = shown(&path);
    let Some(query) = uri.query() else {
        return path.into_owned();
    };
    let mut target = path.into_owned();
    for (index, pair) in query.split('&').enumerate() {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        target.push(if index == 0 { '?' } else { '&' });
        target.push_str(&shown(name));
        target.push('=');
        let is_open = OPEN_FIELDS.binary_search(&name).is_ok();
        let value = if is_open { shown(value) } else { "**".into() };
        target.push_str(&value);
    }
    shown(&target).into_owned()
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
            (
                "/api/v2/invoices/4000%200000%200000%200002",
                "/api/v2/invoices/**",
            ),
            (
                "/api/v2/x?amount=4000%2D0000%2D0000%2D0002",
                "/api/v2/x?amount=**",
            ),
            ("/api/v2/invoices/order%2F1", "/api/v2/invoices/order%2F1"),
        ] {
            assert_eq!(target(&uri.parse().unwrap()), want);
        }
    }
}
