//! Pages that follow the world: server-sent events.

use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{Request, StatusCode};
use http_body::Frame;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{sleep, timeout};
use xgateway_api::query::Query;

use super::router::Served;
use crate::page;
use crate::world::Filter;

/// How many pages of the inspector may follow at a time, and how many of customers, which need no token: nobody may keep the
/// inspector from following.
const OF_INSPECTOR_MAX: usize = 16;
const OF_CUSTOMERS_MAX: usize = 48;

/// How often an idle stream shows that it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The shortest time between two messages: under load they would come for each request.
const PAUSE: Duration = Duration::from_millis(100);

/// How many more pages may follow.
#[derive(Debug)]
pub(super) struct Streams {
    of_inspector: Arc<Semaphore>,
    of_customers: Arc<Semaphore>,
}

impl Streams {
    pub(super) fn new() -> Self {
        Self {
            of_inspector: Arc::new(Semaphore::new(OF_INSPECTOR_MAX)),
            of_customers: Arc::new(Semaphore::new(OF_CUSTOMERS_MAX)),
        }
    }
}

/// `GET /inspector/live`: each new entry of the timeline, as HTML.
pub(super) fn timeline<B>(served: &Served, request: &Request<B>) -> Response {
    let query = Query::parse(request.uri().query().unwrap_or_default());
    let filter = Filter::of(&query);
    let mut seen = seen(served, request, &query);
    let sandbox = served.sandbox.clone();
    let streams = &served.sandbox.shared.streams.of_inspector;
    stream(served, streams, move || {
        // A copy, so that nobody waits for the page.
        let world = sandbox.world(|world| world.fork());
        if sandbox.is_stuck() {
            return String::new();
        }
        let entries = world.timeline_since(seen, &filter);
        let now = world.events().last();
        seen = now;
        let mut message = String::new();
        for entry in entries {
            let _ = writeln!(message, "event: item\nid: {now}");
            message.push_str(&data(&page::in_order(entry.into_string())));
            message.push('\n');
        }
        message
    })
}

/// A text as the data of a message. A carriage return ends a line there, too.
fn data(text: &str) -> String {
    let mut data = String::new();
    for line in text.split(['\n', '\r']) {
        let _ = writeln!(data, "data: {line}");
    }
    data
}

/// The last event that a page has seen. It says itself which one: what happens between making a page and following it
/// would be missed otherwise.
fn seen<B>(served: &Served, request: &Request<B>, query: &Query) -> u64 {
    let reconnected = request.headers().get("last-event-id");
    reconnected
        .and_then(|value| value.to_str().ok())
        .or(query.get("after"))
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| served.sandbox.act(|world| world.events().last()).0)
}

/// `GET /inspector/changes` and the like: something has changed, whatever it is.
pub(super) fn changes<B>(served: &Served, request: &Request<B>) -> Response {
    let page = request.uri().path().trim_end_matches("/changes");
    let streams = &served.sandbox.shared.streams;
    let streams = if page == "/inspector" {
        &streams.of_inspector
    } else if served.sandbox.act(|world| world.has_customers_page(page)).0 {
        &streams.of_customers
    } else {
        return (StatusCode::NOT_FOUND, "There is no such page.").into_response();
    };
    let query = Query::parse(request.uri().query().unwrap_or_default());
    let mut seen = seen(served, request, &query);
    let sandbox = served.sandbox.clone();
    stream(served, streams, move || {
        let now = sandbox.world(|world| world.events().last());
        if sandbox.is_stuck() || std::mem::replace(&mut seen, now) == now {
            return String::new();
        }
        format!("event: change\nid: {now}\ndata: {now}\n\n")
    })
}

/// Sends what `next` says now and after every change of the world, until somebody hangs up.
fn stream(
    served: &Served,
    streams: &Arc<Semaphore>,
    next: impl FnMut() -> String + Send + 'static,
) -> Response {
    let Ok(permit) = Arc::clone(streams).try_acquire_owned() else {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many pages follow this sandbox.",
        )
            .into_response();
    };
    let (sender, receiver) = mpsc::channel(1);
    let mut progress = served.sandbox.shared.progress.subscribe();
    let served = served.clone();
    tokio::spawn(async move {
        let Some((first, mut next)) = told(next).await else {
            return;
        };
        // The first bytes tell the browser that it is connected.
        let mut message = format!(": ok\n\n{first}");
        loop {
            if !message.is_empty() {
                let sent = tokio::select! {
                    sent = sender.send(Bytes::from(message)) => sent,
                    () = served.closed() => return,
                };
                if sent.is_err() {
                    return;
                }
            }
            let woken = tokio::select! {
                woken = timeout(KEEP_ALIVE, progress.changed()) => woken,
                () = sender.closed() => return,
                () = served.closed() => return,
            };
            message = match woken {
                Ok(Ok(())) => {
                    sleep(PAUSE).await;
                    progress.mark_unchanged();
                    let Some((message, then)) = told(next).await else {
                        return;
                    };
                    next = then;
                    message
                }
                Ok(Err(_)) => return,
                Err(_) => ":\n\n".to_owned(),
            };
        }
    });
    let body = Body::new(Messages {
        receiver,
        _permit: permit,
    });
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}

/// What `next` says, and `next`: there may be much to say, which holds up no other answer.
async fn told<F: FnMut() -> String + Send + 'static>(mut next: F) -> Option<(String, F)> {
    let told = tokio::task::spawn_blocking(move || (next(), next)).await;
    told.ok()
}

/// A body that goes on.
struct Messages {
    receiver: mpsc::Receiver<Bytes>,
    _permit: OwnedSemaphorePermit,
}

impl HttpBody for Messages {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.receiver
            .poll_recv(context)
            .map(|message| message.map(|message| Ok(Frame::data(message))))
    }
}
