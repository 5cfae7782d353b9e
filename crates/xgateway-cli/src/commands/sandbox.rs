//! `xgateway sandbox`: serves a sandbox until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::SignedDuration;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval, timeout};
use xgateway::ReqwestTransport;
use xgateway::api::environment::Environment;
use xgateway::client::Client;
use xgateway::core::id::OrderId;
use xgateway::transport::SharedTransport;
use xgateway_sandbox::{CallbackUrl, Config, Sandbox};

use crate::arguments::{GlobalArguments, SandboxArguments};
use crate::clock;
use crate::console::Console;
use crate::failure::Failure;
use crate::settings::{Key, Layers, SettingsError};
use crate::signals;
use crate::style::{FAINT, STRONG};

/// How often the sandbox's clock follows ours at least. Each step is an event, so not too often.
const STEP: SignedDuration = SignedDuration::from_secs(10);
/// How often we look whether a callback is due, for which the clock goes on at once.
const TICK: Duration = Duration::from_millis(250);
/// How long running requests may take once it is time to stop.
const GRACE: Duration = Duration::from_secs(3);

/// The first line on stdout. The keys protect nothing: they follow from the seed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Start<'a> {
    url: &'a str,
    api_key: &'a str,
    secret_key: &'a str,
}

pub(super) fn execute(
    arguments: &SandboxArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    if !arguments.listen.ip().is_loopback() {
        return Err(Failure::usage(
            "a sandbox listens on this machine only: it takes card numbers from whoever reaches it",
            "use --listen 127.0.0.1:PORT, and forward that port if another machine must reach it",
        ));
    }
    let mut config = Config::new(arguments.seed);
    config.start = clock::now();
    config.callback_url = arguments
        .callback_url
        .as_deref()
        .map(callback_url)
        .transpose()?;
    dial(&mut config, arguments, global)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::system("start", error))?
        .block_on(serve(arguments.listen, config, console))
}

/// Takes over how callbacks travel.
fn dial(
    config: &mut Config,
    arguments: &SandboxArguments,
    global: &GlobalArguments,
) -> Result<(), Failure> {
    let mut flags = global.flags();
    flags.numbers = arguments.dials.numbers();
    let layers = Layers::read(&flags)?;
    let seconds = |key| {
        let number = layers.number(key)?;
        Ok::<_, SettingsError>(SignedDuration::from_secs(number.into()))
    };
    let dials = &mut config.callback_dials;
    dials.duplicate_percent = layers.number(Key::CallbackDuplicatePercent)?;
    dials.delay_max = seconds(Key::CallbackDelaySeconds)?;
    dials.reorder_percent = layers.number(Key::CallbackReorderPercent)?;
    dials.loss_percent = layers.number(Key::CallbackLossPercent)?;
    dials.burst = seconds(Key::CallbackBurstSeconds)?;
    config.callback_retries = layers.number(Key::CallbackRetries)?;
    config.callback_backoff = seconds(Key::CallbackBackoffSeconds)?;
    Ok(())
}

fn callback_url(text: &str) -> Result<CallbackUrl, Failure> {
    CallbackUrl::parse(text).map_err(|error| {
        Failure::usage(
            error.to_string(),
            "write it as http://127.0.0.1:8080/callback",
        )
    })
}

async fn serve(address: SocketAddr, config: Config, console: &mut Console) -> Result<(), Failure> {
    let listener = bind(address).await?;
    let transport = ReqwestTransport::new()
        .map_err(|error| Failure::system("set up the HTTP client", error))?;
    let sandbox = Sandbox::new(config.clone())
        .with_callback_transport(SharedTransport::new(transport.clone()));
    // Before anybody is told of us, so that no signal is missed.
    let stop = signals::stop().map_err(|error| Failure::system("wait for signals", error))?;
    let (stopping, stopped) = oneshot::channel::<()>();
    let mut server = tokio::spawn(sandbox.serve(listener, async {
        // A sender that is gone means the same.
        let _ = stopped.await;
    }));

    check(&sandbox, &config, transport).await?;
    show(&sandbox, &config, console)?;
    let ticking = tokio::spawn(follow_the_clock(sandbox));
    tokio::select! {
        result = &mut server => return ended(result),
        () = stop => {}
    }
    ticking.abort();
    let _ = stopping.send(());
    // Whoever still holds a connection open then is cut off.
    match timeout(GRACE, server).await {
        Ok(result) => ended(result),
        Err(_) => Ok(()),
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|source| Failure::System {
            action: format!("listen on {address}"),
            hint: (source.kind() == io::ErrorKind::AddrInUse).then(|| {
                "another program listens there: stop it, or use --listen 127.0.0.1:0 for a free port"
                    .to_owned()
            }),
            source: source.into(),
        })
}

/// Asks the sandbox something over the network: only an answer of its own proves that it is ready.
async fn check(
    sandbox: &Sandbox,
    config: &Config,
    transport: ReqwestTransport,
) -> Result<(), Failure> {
    let environment = Environment::sandbox(&sandbox.base_url())
        .map_err(|error| Failure::system("reach the sandbox", error))?;
    let client = Client::new(environment, config.api_key.clone(), transport);
    let nobody = OrderId::parse("readiness").expect("a word is an order id");
    match client.invoice_by_order(&nobody).await {
        Err(error) if !error.is_not_found() => Err(error.into()),
        Ok(_) | Err(_) => Ok(()),
    }
}

fn show(sandbox: &Sandbox, config: &Config, console: &mut Console) -> Result<(), Failure> {
    let url = sandbox.world(|world| world.public_url().to_owned());
    let (api_key, secret_key) = (config.api_key.expose(), config.secret_key.expose());
    if console.is_json() {
        return console.document(&Start {
            url: &url,
            api_key,
            secret_key,
        });
    }
    console.line(format_args!(
        "{STRONG}The sandbox answers at {url}{STRONG:#} {FAINT}(seed {}){FAINT:#}",
        config.seed
    ))?;
    console.line(format_args!("  API         {}", sandbox.base_url()))?;
    console.line(format_args!("  API key     {api_key}"))?;
    console.line(format_args!("  secret key  {secret_key}"))?;
    console.line(format_args!("  page        {url}/"))?;
    console.line(format_args!("  events      {url}/_sandbox/events"))?;
    if config.callback_url.is_none() {
        console.line("  callbacks   nowhere: name a place with --callback-url")?;
    }
    console.note(format_args!(
        "{FAINT}Both keys are play keys. Ctrl-C ends it.{FAINT:#}"
    ));
    Ok(())
}

/// Moves the sandbox's clock, which does not move by itself, so that invoices expire, slow banks answer and callbacks
/// come again.
async fn follow_the_clock(sandbox: Sandbox) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = clock::now();
        sandbox.world(|world| {
            let late = now.duration_since(world.now());
            let is_callback_due = world.next_callback_at().is_some_and(|at| at <= now);
            if late >= STEP || is_callback_due {
                world.advance(late);
            }
        });
    }
}

fn ended(result: Result<io::Result<()>, tokio::task::JoinError>) -> Result<(), Failure> {
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Failure::system("serve", error)),
        Err(error) => Err(Failure::system("serve", error)),
    }
}
