//! `xgateway callback listen`: receives callbacks until it is told to stop.

mod document;
mod event;
mod forward;
mod front;
mod idle;
mod inbox;
mod mark;
mod printer;
mod teller;

use std::future::IntoFuture as _;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};
use xgateway::api::environment::Environment;
use xgateway::callback::{AtLeastOnce, Processor, ProcessorSettings, Receiver, SystemClock};
use xgateway::store::{MemoryInbox, SharedInbox, StoreErrorKind};
use xgateway::transport::SharedTransport;
use xgateway::{ConfirmThrough, ReqwestTransport};

use super::keys;
use crate::arguments::{GlobalArguments, ListenArguments};
use crate::commands::session;
use crate::commands::store::{Place, Store};
use crate::console::Console;
use crate::failure::Failure;
use crate::listening;
use crate::settings::{Settings, SettingsError};
use crate::signals;
use crate::style::{FAINT, STRONG};
use event::Event;
use forward::{Forward, PassOn};
use idle::Impatient;
use inbox::TellingInbox;
use mark::Mark;
use printer::Printer;
use teller::Teller;

/// How many callbacks are confirmed and passed on at a time.
const WORKERS: usize = 4;
/// How many lines may wait to be printed. What comes while a terminal stands still is counted, and not told.
const EVENTS_MAX: usize = 1024;
/// How long what is under way may take once it is time to stop.
const GRACE: Duration = Duration::from_secs(5);

/// What all parts work with.
struct Parts {
    settings: Settings,
    receiver: Receiver,
    processor: Arc<Processor>,
    events: mpsc::Receiver<Event>,
    /// To be closed at the end.
    store: Option<Store>,
    router: axum::Router,
}

/// The first line on stdout with `--json`.
#[derive(Serialize)]
struct Start<'a> {
    url: &'a str,
    environment: &'a str,
    store: Option<&'a Path>,
    /// Whether what is confirmed is passed on.
    forwards: bool,
}

pub(super) fn execute(
    arguments: &ListenArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::system("start", error))?
        .block_on(async {
            let parts = set_up(arguments, global, console).await?;
            run(parts, arguments, console).await
        })
}

async fn set_up(
    arguments: &ListenArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<Parts, Failure> {
    let place = arguments.store.as_deref().map(Place::parse).transpose()?;
    // Forgotten in one start of many, it would end what is confirmed meanwhile for whom it was meant.
    if place.is_some() && arguments.forward.is_none() && !arguments.no_forward {
        return Err(Failure::usage(
            "with a store it must be said where what is confirmed goes: it counts as done from then on",
            "name your own URL with --forward, or say --no-forward if you read the events on stdout",
        ));
    }
    let settings = session::settings(global, console)?;
    let key = keys::current(&settings, console)?;
    let ring = keys::ring(&settings, key.clone())?;
    let client = session::client(&settings, console)?;
    let mark = mark(place, &settings)?;
    let forward = match &arguments.forward {
        Some(url) => {
            let transport = ReqwestTransport::new()
                .map_err(|error| Failure::system("set up the HTTP client", error))?;
            let transport = SharedTransport::new(transport);
            Some(Forward::new(
                url,
                arguments.listen,
                transport,
                key,
                mark,
                settings.timeout,
            )?)
        }
        None => None,
    };
    let store = match place {
        Some(place) => Some(Store::open(place, &settings).await?),
        None if settings.environment == Environment::Production => return Err(forgetful()),
        None => {
            console.note(
                "callbacks are kept in memory: what was answered is forgotten at the end; name a file with --store",
            );
            None
        }
    };
    let inbox = match &store {
        Some(store) => store.inbox(),
        None => Arc::new(MemoryInbox::new()),
    };
    let environment = client.environment().clone();
    let api = ConfirmThrough::new(client);
    let (told, events) = mpsc::channel(EVENTS_MAX);
    let told = Teller::new(told);
    let inbox: SharedInbox = Arc::new(TellingInbox::new(inbox, forward.is_some(), told.clone()));
    let environment = ConfirmThrough::name_of(&environment);
    let receiver = Receiver::new(inbox.clone(), environment, ring, SystemClock);
    must_be_ours(&receiver, &settings).await?;
    let router = front::router(receiver.clone(), mark, told.clone());
    let pass_on = PassOn::new(forward, told);
    let processor = Processor::new(
        Arc::new(api),
        Arc::new(AtLeastOnce::new(inbox, pass_on)),
        Arc::new(SystemClock),
    )
    .with_settings(work(settings.timeout));
    Ok(Parts {
        settings,
        receiver,
        processor: Arc::new(processor),
        events,
        store,
        router,
    })
}

/// By what all receivers that work for the same store know each other's forwards.
fn mark(place: Option<Place<'_>>, settings: &Settings) -> Result<Mark, Failure> {
    match (place, &settings.database_url) {
        (Some(Place::Postgres), Some(url)) => Ok(Mark::of_database(url.expose())),
        _ => Mark::of_this_process().map_err(|error| Failure::system("draw a number", error)),
    }
}

/// Before anything is answered that no worker of this environment may look into.
async fn must_be_ours(receiver: &Receiver, settings: &Settings) -> Result<(), Failure> {
    receiver.check().await.map_err(|error| {
        if error.kind() == StoreErrorKind::OtherEnvironment {
            let environment = settings.environment.to_string();
            SettingsError::OtherInbox { environment }.into()
        } else {
            Failure::system("find out whose inbox it is", error)
        }
    })
}

/// The gateway does not send again what was answered with success.
fn forgetful() -> Failure {
    Failure::usage(
        "in production callbacks are not kept in memory only",
        "name a file or `postgres` with --store",
    )
}

/// How callbacks are processed where a question to the API, or to the merchant, takes `timeout` at most.
fn work(timeout: Duration) -> ProcessorSettings {
    ProcessorSettings::default()
        .with_batch(1)
        // One question of each, and what the store takes.
        .with_lease(2 * timeout + Duration::from_secs(30))
        .with_idle(Duration::from_millis(200))
}

async fn run(
    parts: Parts,
    arguments: &ListenArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let listener = listening::bind(arguments.listen).await?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::system("listen", error))?;
    let url = listening::url(address);
    // Before anybody is told of us, so that no signal is missed.
    let signal = signals::stop().map_err(|error| Failure::system("wait for signals", error))?;
    let (stopping, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let server = axum::serve(Impatient(listener), parts.router)
        .with_graceful_shutdown(wait(stopped.clone()));
    tasks.spawn(async move {
        let outcome = server.into_future().await;
        outcome.map_err(|error| Failure::system("serve", error))
    });
    front::check(&url).await?;
    show_start(&url, &parts.settings, arguments, console)?;

    let printer = Printer::start(parts.events, console.of_its_own());
    for _ in 0..WORKERS {
        let (processor, stopped) = (parts.processor.clone(), stopped.clone());
        tasks.spawn(async move {
            let ran = processor.run(wait(stopped)).await;
            ran.map_err(|error| Failure::system("work with the inbox", error))
        });
    }
    drop(parts.processor);
    let outcome = until_the_end(printer, &mut tasks, &stopping, signal, console).await;
    tasks.shutdown().await;
    if let Some(store) = parts.store {
        store.close().await;
    }
    show_end(&parts.receiver, console);
    outcome
}

/// Waits until everything has ended: after a signal, or after the first failure.
async fn until_the_end(
    mut printer: Printer,
    tasks: &mut JoinSet<Result<(), Failure>>,
    stopping: &watch::Sender<bool>,
    signal: impl Future<Output = ()>,
    console: &mut Console,
) -> Result<(), Failure> {
    let mut signal = pin!(signal);
    let mut outcome = Ok(());
    let mut deadline = None;
    let mut is_printing = true;
    loop {
        let ended = tokio::select! {
            ended = printer.stopped(), if is_printing => {
                is_printing = false;
                ended
            }
            Some(ended) = tasks.join_next() => ended_well(ended),
            () = &mut signal, if deadline.is_none() => Ok(()),
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => break,
            else => break,
        };
        outcome = outcome.and(ended);
        // Whatever ends, ends all.
        if deadline.is_none() {
            stopping.send_replace(true);
            deadline = Some(Instant::now() + GRACE);
        }
        if tasks.is_empty() {
            break;
        }
    }
    if is_printing {
        let (is_read, ended) = printer.close().await;
        if !is_read {
            console.note("stdout stands still: what happened last is not told");
        }
        outcome = outcome.and(ended);
    }
    outcome
}

fn ended_well(ended: Result<Result<(), Failure>, JoinError>) -> Result<(), Failure> {
    ended.unwrap_or_else(|error| Err(Failure::system("go on", error)))
}

/// Ready when it is time to stop.
async fn wait(mut stopped: watch::Receiver<bool>) {
    // A sender that is gone means the same.
    let _ = stopped.wait_for(|is_stopped| *is_stopped).await;
}

fn show_start(
    url: &str,
    settings: &Settings,
    arguments: &ListenArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let environment = settings.environment.to_string();
    if console.is_json() {
        return console.document(&Start {
            url,
            environment: &environment,
            store: arguments.store.as_deref(),
            forwards: arguments.forward.is_some(),
        });
    }
    console.line(format_args!(
        "{STRONG}Callbacks are received at {url}{STRONG:#} {FAINT}(any path){FAINT:#}"
    ))?;
    console.line(format_args!("  confirmed by  {environment}"))?;
    match &arguments.store {
        Some(path) if path == Path::new(Place::POSTGRES) => {
            console.line("  stored in     the PostgreSQL that `database_url` names")?;
        }
        Some(path) => console.line(format_args!("  stored in     {}", path.display()))?,
        None => {
            console.line("  stored        in memory: name a file or `postgres` with --store")?;
        }
    }
    // Without the URL, in which a token may stand.
    console.line(match (&arguments.forward, arguments.no_forward) {
        (Some(_), _) => "  forwarded     to the URL that --forward names",
        (None, true) => "  forwarded     nowhere: what is confirmed and told here counts as done",
        (None, false) => "  forwarded     nowhere: name a place with --forward",
    })?;
    console.note(format_args!("{FAINT}Ctrl-C ends it.{FAINT:#}"));
    Ok(())
}

/// How often each key matched: what somebody who changes keys must know.
fn show_end(receiver: &Receiver, console: &mut Console) {
    if console.is_json() {
        return;
    }
    for (label, count) in receiver.ring().matched() {
        console.note(format_args!("{FAINT}key {label} matched {count}{FAINT:#}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Else a merchant's server that answers slowly gets each callback from several workers.
    #[test]
    fn a_callback_is_held_for_longer_than_a_question_and_a_forward_may_take() {
        for timeout in [Duration::from_secs(1), Duration::from_mins(5)] {
            assert!(work(timeout).lease > 2 * timeout + Duration::from_secs(10));
        }
    }
}
