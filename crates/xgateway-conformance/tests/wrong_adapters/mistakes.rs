//! The mistakes, one per function.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use http::uri::Parts;
use http::{HeaderValue, Method, Request, StatusCode, Uri};
use xgateway_transport::{Body, Delivery, Transport as _, TransportError, TransportErrorKind};

use crate::wrong::{Answer, Wrong, copy};

/// Wraps the rest of a function into what [`Call`](crate::wrong::Call) wants.
macro_rules! mistakes {
    ($($(#[$doc:meta])* $name:ident($transport:ident, $request:pat_param) $body:block)*) => {$(
        $(#[$doc])*
        pub(crate) fn $name(
            transport: Wrong,
            request: Request<Body>,
        ) -> std::pin::Pin<Box<dyn Future<Output = Answer> + Send>> {
            Box::pin(async move {
                // Mistakes with streams are in a file of their own.
                if request.body().as_bytes().is_none() {
                    return transport.right.send(request).await;
                }
                let ($transport, $request) = (transport, request);
                $body
            })
        }
    )*};
}

mistakes! {
    patches_by_posting(transport, mut request) {
        if request.method() == Method::PATCH {
            *request.method_mut() = Method::POST;
        }
        transport.right.send(request).await
    }

    lower_cases_the_path(transport, mut request) {
        let mut parts = Parts::from(request.uri().clone());
        let target = parts.path_and_query.unwrap().as_str().to_ascii_lowercase();
        parts.path_and_query = Some(target.parse().unwrap());
        *request.uri_mut() = Uri::from_parts(parts).unwrap();
        transport.right.send(request).await
    }

    sends_repeated_headers_once(transport, mut request) {
        once_each(request.headers_mut());
        transport.right.send(request).await
    }

    asks_for_compression(transport, mut request) {
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        transport.right.send(request).await
    }

    takes_bodies_for_text(transport, mut request) {
        if let Cow::Owned(text) = String::from_utf8_lossy(request.body().as_bytes().unwrap()) {
            *request.body_mut() = Body::from(text);
        }
        transport.right.send(request).await
    }

    fills_empty_bodies(transport, mut request) {
        if request.method() == Method::POST && request.body().as_bytes() == Some(b"") {
            *request.body_mut() = Body::from("null");
        }
        transport.right.send(request).await
    }

    cuts_large_bodies(transport, mut request) {
        let bytes = request.body().as_bytes().unwrap();
        if bytes.len() > 4 << 20 {
            let bytes = bytes[..4 << 20].to_vec();
            *request.body_mut() = Body::from(bytes);
        }
        transport.right.send(request).await
    }

    takes_server_errors_for_failures(transport, request) {
        let answer = transport.right.send(request).await?;
        if answer.status().is_server_error() {
            return Err(TransportError::unknown(TransportErrorKind::Io));
        }
        Ok(answer)
    }

    returns_repeated_headers_once(transport, request) {
        let mut answer = transport.right.send(request).await?;
        once_each(answer.headers_mut());
        Ok(answer)
    }

    takes_answers_for_text(transport, request) {
        let answer = transport.right.send(request).await?;
        if answer.headers().contains_key(CONTENT_ENCODING) {
            return Ok(answer);
        }
        Ok(answer.map(|bytes| String::from_utf8_lossy(&bytes).into_owned().into()))
    }

    fills_empty_answers(transport, request) {
        let answer = transport.right.send(request).await?;
        Ok(answer.map(|bytes| if bytes.is_empty() { "{}".into() } else { bytes }))
    }

    cuts_large_answers(transport, request) {
        let answer = transport.right.send(request).await?;
        Ok(answer.map(|bytes| bytes.slice(..bytes.len().min(4 << 20))))
    }

    takes_the_first_drop_for_all(transport, request) {
        let drips = request.uri().path().ends_with("/dripping");
        let answer = transport.right.send(request).await?;
        Ok(answer.map(|bytes| if drips { bytes.slice(..1) } else { bytes }))
    }

    decompresses(transport, request) {
        let mut answer = transport.right.send(request).await?;
        if answer.headers_mut().remove(CONTENT_ENCODING).is_some() {
            *answer.body_mut() = "as sent".into();
        }
        Ok(answer)
    }

    reads_without_limit(transport, request) {
        transport.unlimited.send(request).await
    }

    follows_redirects(transport, request) {
        let mut again = copy(&request);
        let answer = transport.right.send(request).await?;
        let Some(location) = answer.headers().get(LOCATION) else {
            return Ok(answer);
        };
        let mut parts = Parts::from(again.uri().clone());
        parts.path_and_query = Some(location.to_str().unwrap().parse().unwrap());
        *again.uri_mut() = Uri::from_parts(parts).unwrap();
        transport.right.send(again).await
    }

    keeps_cookies(transport, mut request) {
        if let Some(cookie) = transport.state().cookie.clone() {
            request.headers_mut().insert(COOKIE, cookie);
        }
        let answer = transport.right.send(request).await?;
        if let Some(cookie) = answer.headers().get(SET_COOKIE) {
            transport.state().cookie = Some(cookie.clone());
        }
        Ok(answer)
    }

    repeats_when_told_to_come_later(transport, request) {
        let again = copy(&request);
        match transport.right.send(request).await {
            Ok(answer) if answer.status() == StatusCode::SERVICE_UNAVAILABLE => {
                transport.right.send(again).await
            }
            result => result,
        }
    }

    repeats_after_failures(transport, request) {
        let again = copy(&request);
        match transport.right.send(request).await {
            Err(err) if may_have_arrived(&err) => transport.right.send(again).await,
            result => result,
        }
    }

    mixes_up_answers(transport, request) {
        transport.state().running += 1;
        let result = transport.right.send(request).await;
        let mut state = transport.state();
        state.running -= 1;
        let alone = state.running == 0;
        result.map(|answer| answer.map(|bytes| {
            let other = state.last_body.replace(bytes.clone());
            if alone { bytes } else { other.unwrap_or(bytes) }
        }))
    }

    breaks_when_dropped(transport, request) {
        /// Sees whether the call came to its end.
        struct Running(Wrong);
        impl Drop for Running {
            fn drop(&mut self) {
                self.0.state().broken = true;
            }
        }
        if transport.state().broken {
            return Err(TransportError::unknown(TransportErrorKind::Io));
        }
        let running = Running(transport.clone());
        let result = transport.right.send(request).await;
        drop(running);
        transport.state().broken = false;
        result
    }

    names_the_url_in_errors(transport, request) {
        let url = request.uri().to_string();
        transport.right.send(request).await.map_err(|err| err.with_source(url))
    }

    prints_bodies(transport, request) {
        let bytes = Bytes::copy_from_slice(request.body().as_bytes().unwrap());
        transport.state().last_body = Some(bytes);
        transport.right.send(request).await
    }

    knows_of_nothing_that_it_was_not_sent(transport, request) {
        transport.right.send(request).await.map_err(|err| TransportError::unknown(err.kind()))
    }

    says_of_everything_that_it_was_not_sent(transport, request) {
        transport.right.send(request).await.map_err(|err| TransportError::not_sent(err.kind()))
    }

    does_without_tls(transport, request) {
        let mut plain = copy(&request);
        let result = transport.right.send(request).await;
        if result.is_ok() || plain.uri().scheme_str() != Some("https") {
            return result;
        }
        let mut parts = Parts::from(plain.uri().clone());
        parts.scheme = Some("http".parse().unwrap());
        *plain.uri_mut() = Uri::from_parts(parts).unwrap();
        transport.right.send(plain).await
    }

    takes_refusals_for_losses(transport, request) {
        lie(transport, request, "refused", Delivery::Unknown).await
    }

    takes_unknown_names_for_losses(transport, request) {
        lie(transport, request, "unknown-name", Delivery::Unknown).await
    }

    trusts_resets_before(transport, request) {
        lie(transport, request, "reset-before-read", Delivery::NotSent).await
    }

    trusts_resets_within(transport, request) {
        lie(transport, request, "reset-within", Delivery::NotSent).await
    }

    trusts_resets_after(transport, request) {
        lie(transport, request, "reset-after", Delivery::NotSent).await
    }

    trusts_closes(transport, request) {
        lie(transport, request, "close-after", Delivery::NotSent).await
    }

    trusts_losses_on_kept_connections(transport, request) {
        lie(transport, request, "loss-on-kept", Delivery::NotSent).await
    }

    trusts_truncation(transport, request) {
        lie(transport, request, "truncated", Delivery::NotSent).await
    }

    trusts_garbage(transport, request) {
        lie(transport, request, "garbage", Delivery::NotSent).await
    }

    denies_what_it_sent_after_an_idle_close(transport, request) {
        let idle_close = request.uri().path().ends_with("/idle-close");
        let answer = transport.right.send(request).await?;
        transport.state().calls += usize::from(idle_close);
        if idle_close && transport.state().calls == 2 {
            return Err(TransportError::not_sent(TransportErrorKind::Io));
        }
        Ok(answer)
    }

    gives_up_too_surely_within_the_request(transport, request) {
        give_up(transport, request, "stall-within-request").await
    }

    gives_up_too_surely_before_the_answer(transport, request) {
        give_up(transport, request, "stall-before-answer").await
    }

    gives_up_too_surely_within_the_answer(transport, request) {
        give_up(transport, request, "stall-within-answer").await
    }
}

/// Says `delivery` of whatever fails in `situation`.
async fn lie(
    transport: Wrong,
    request: Request<Body>,
    situation: &str,
    delivery: Delivery,
) -> Answer {
    let here = request.uri().path().ends_with(&format!("/{situation}"));
    transport
        .right
        .send(request)
        .await
        .map_err(|err| match delivery {
            _ if !here => err,
            Delivery::NotSent => TransportError::not_sent(err.kind()),
            Delivery::Unknown => TransportError::unknown(err.kind()),
        })
}

/// A body that broke is one that it cannot send again.
fn may_have_arrived(err: &TransportError) -> bool {
    err.delivery() == Delivery::Unknown && err.kind() != TransportErrorKind::Body
}

/// Takes a limit of time of its own in `situation` for proof.
async fn give_up(transport: Wrong, request: Request<Body>, situation: &str) -> Answer {
    let here = request.uri().path().ends_with(&format!("/{situation}"));
    let sending = transport.right.send(request);
    if !here {
        return sending.await;
    }
    tokio::time::timeout(Duration::from_millis(20), sending)
        .await
        .unwrap_or_else(|_| Err(TransportError::not_sent(TransportErrorKind::Timeout)))
}

fn once_each(headers: &mut HeaderMap) {
    let mut once = HeaderMap::new();
    for (name, value) in &*headers {
        once.entry(name).or_insert_with(|| value.clone());
    }
    *headers = once;
}
