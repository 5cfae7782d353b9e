//! `xgateway sandbox`: serves a sandbox until it is told to stop, or speaks to one.

mod clock;
mod control;
mod loopback;
mod run;
mod seed;
mod start;
mod token;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use http::Method;
use jiff::SignedDuration;
use tokio::sync::oneshot;
use tokio::time::timeout;
use xgateway::ReqwestTransport;
use xgateway::transport::SharedTransport;
use xgateway_sandbox::{Account, CallbackUrl, ClockMode, Config, DataError, FaultRule, Sandbox};

use self::control::Control;
use self::loopback::LoopbackOnly;
use self::seed::Seed;
use self::token::Token;
use crate::arguments::{
    GlobalArguments, KycArguments, OpenArguments, SandboxArguments, SandboxCommand, ServeArguments,
};
use crate::clock::now;
use crate::console::Console;
use crate::failure::Failure;
use crate::listening;
use crate::settings::{Key, Layers, SettingsError};
use crate::signals;
use crate::style::{GOOD, WARNING};

/// How long running requests may take once it is time to stop.
const GRACE: Duration = Duration::from_secs(3);

pub(super) fn execute(
    arguments: &SandboxArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    match &arguments.command {
        None => serve_with(&arguments.serve, global, console),
        Some(SandboxCommand::Clock(arguments)) => clock::execute(arguments, global, console),
        Some(SandboxCommand::Run(arguments)) => run::execute(arguments, global, console),
    }
}

fn serve_with(
    arguments: &ServeArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let token = token::find(arguments)?;
    let seed = seed::find(arguments)?;
    let mut config = Config::new(seed.number);
    config.start = now();
    config.clock = arguments.clock;
    open_accounts(&mut config, &arguments.account)?;
    treat_customers(&mut config, &arguments.kyc)?;
    if let Some(bytes) = arguments.data_rewrite_after {
        config.limits.log_bytes = bytes;
    }
    config.faults = arguments
        .fault
        .iter()
        .map(|text| fault(text))
        .collect::<Result<_, _>>()?;
    config.callback_url = arguments
        .callback_url
        .as_deref()
        .map(callback_url)
        .transpose()?;
    dial(&mut config, arguments, global)?;
    decide_what_is_open(&mut config, &arguments.open);
    let public_url = arguments.public_url.as_deref().map(public_url);
    let public_url = public_url.transpose()?;
    // One thread serves: whoever asks needs the one world, and two threads that take turns at it need 20.4 µs for a deposit
    // where one needs 18.9. What may wait for a terminal stays on this thread, and pages of much text are made on others.
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failure::system("start", error))?
        .block_on(serve(arguments, (token, seed), config, public_url, console))
}

/// Takes over what nobody has documented.
fn decide_what_is_open(config: &mut Config, open: &OpenArguments) {
    let seconds = |seconds: u32| SignedDuration::from_secs(seconds.into());
    config.idempotency = open.idempotency;
    config.refusals_take_orders = open.refusals_take_orders;
    config.idempotency_life = open.idempotency_life_seconds.map(seconds);
    if let Some(life) = open.invoice_life_seconds {
        config.invoice_life = seconds(life);
    }
    if let Some(life) = open.floating_invoice_life_seconds {
        config.floating_invoice_life = seconds(life);
    }
    config.old_callbacks = open.old_callbacks;
    config.processing_callbacks = open.processing_callbacks;
    config.utr.clone_from(&open.utr);
    config.missing_documents_as_texts = open.missing_documents_as_texts;
    config.pending_accounts = open.pending_accounts;
    config.application_id.clone_from(&open.application_id);
    config.no_linked_invoices = open.no_linked_invoices;
    config.channel_order_ids = open.channel_order_ids;
    config.channel_currency = open.channel_currency;
    config.card_currency = open.card_currency;
    config.mode = open.mode;
}

/// Takes over how customers who pay by bank are treated.
fn treat_customers(config: &mut Config, kyc: &KycArguments) -> Result<(), Failure> {
    let told = &mut config.kyc;
    told.order = kyc.kyc_order;
    told.threshold_eur = kyc.kyc_threshold_eur.unwrap_or(told.threshold_eur);
    told.free_payments = kyc.kyc_free_payments.unwrap_or(told.free_payments);
    told.payment_min = kyc.kyc_payment_min.unwrap_or(told.payment_min);
    told.payment_max = kyc.kyc_payment_max.unwrap_or(told.payment_max);
    if told.payment_min > told.payment_max {
        return Err(Failure::usage(
            "--kyc-payment-min is more than --kyc-payment-max",
            "every payment would be sent back: turn them round",
        ));
    }
    Ok(())
}

/// The accounts that were named, or those that there are anyway.
fn open_accounts(config: &mut Config, accounts: &[Account]) -> Result<(), Failure> {
    let ids: BTreeSet<_> = accounts.iter().map(|account| account.id.as_str()).collect();
    if ids.len() < accounts.len() {
        return Err(Failure::usage(
            "--account names one id twice",
            "name all currencies of an account together: currencies=EUR+USD",
        ));
    }
    if !accounts.is_empty() {
        config.accounts = accounts.to_vec();
    }
    Ok(())
}

/// Takes over how callbacks travel.
fn dial(
    config: &mut Config,
    arguments: &ServeArguments,
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

fn fault(text: &str) -> Result<FaultRule, Failure> {
    FaultRule::parse(text).map_err(|error| {
        Failure::usage(
            format!("a fault cannot be read: {error}"),
            "write it as at=after_commit,do=reset,times=1; docs/guides/sandbox.md lists them",
        )
    })
}

fn callback_url(text: &str) -> Result<CallbackUrl, Failure> {
    CallbackUrl::parse(text).map_err(|error| {
        Failure::usage(
            error.to_string(),
            "write it as http://127.0.0.1:8080/callback",
        )
    })
}

/// The URL with which links begin: it has no query, and its path would not be ours.
fn public_url(text: &str) -> Result<String, Failure> {
    let url = CallbackUrl::parse(text).ok();
    let url = url.filter(|url| url.as_uri().path() == "/" && url.as_uri().query().is_none());
    url.map(|_| text.trim_end_matches('/').to_owned())
        .ok_or_else(|| {
            Failure::usage(
                "--public-url is no URL of a host",
                "write it as http://sandbox.team.example:4010",
            )
        })
}

async fn serve(
    arguments: &ServeArguments,
    (token, seed): (Option<Token>, Seed),
    config: Config,
    public_url: Option<String>,
    console: &mut Console,
) -> Result<(), Failure> {
    let sandbox = open(&config, arguments.data.as_deref())?;
    let listener = listening::bind(arguments.listen).await?;
    let here = listener
        .local_addr()
        .map_err(|error| Failure::system("listen", error))?;
    let transport = ReqwestTransport::new()
        .map_err(|error| Failure::system("set up the HTTP client", error))?;
    let to_merchant = SharedTransport::new(transport.clone());
    let to_merchant = if arguments.callbacks_anywhere {
        to_merchant
    } else {
        check_destination(&config).await?;
        SharedTransport::new(LoopbackOnly(to_merchant))
    };
    let sandbox = sandbox.with_callback_transport(to_merchant);
    let made = token.as_ref().and_then(|token| token.made.clone());
    let sandbox = match token {
        Some(token) => sandbox.with_access_token(token.opens),
        None => sandbox,
    };
    let sandbox = match public_url {
        Some(url) => sandbox.with_public_url(url),
        None => sandbox,
    };
    // Before anybody is told of us, so that no signal is missed.
    let stop = signals::stop().map_err(|error| Failure::system("wait for signals", error))?;
    let (stopping, stopped) = oneshot::channel::<()>();
    let mut server = tokio::spawn(sandbox.serve(listener, async {
        // A sender that is gone means the same.
        let _ = stopped.await;
    }));

    check(listening::url(here), SharedTransport::new(transport)).await?;
    let made = made.as_deref();
    start::tell(&sandbox, &config, arguments, (made, &seed), console)?;
    let problem = tokio::select! {
        result = &mut server => return ended(result),
        problem = watch_log(&sandbox, stop, console) => problem,
    };
    let _ = stopping.send(());
    // Whoever still holds a connection open then is cut off.
    if let Ok(result) = timeout(GRACE, server).await {
        ended(result)?;
    }
    match problem {
        Some(problem) => Err(not_kept(arguments.data.as_deref(), problem)),
        None => Ok(()),
    }
}

/// Tells when the world can no longer be kept and when it can again, until it is time to stop; then what is wrong still.
async fn watch_log(
    sandbox: &Sandbox,
    stop: impl Future<Output = ()>,
    console: &mut Console,
) -> Option<String> {
    let mut stop = pin!(stop);
    let mut problem: Option<String> = None;
    loop {
        tokio::select! {
            () = &mut stop => return problem,
            next = sandbox.next_log_problem(problem.as_deref()) => problem = next,
        }
        match &problem {
            Some(problem) => console.note(format_args!(
                "{WARNING}warning:{WARNING:#} the world cannot be kept: {problem}; requests are answered with 503 and do \
                 nothing, and it is tried again every second"
            )),
            None => console.note(format_args!(
                "{GOOD}The world can be kept again: requests are served.{GOOD:#}"
            )),
        }
    }
}

fn not_kept(data: Option<&Path>, problem: String) -> Failure {
    let folder = data.unwrap_or(Path::new(".")).display();
    Failure::System {
        action: format!("keep the sandbox in {folder}"),
        hint: Some(
            "make room and start it again: everything that was answered before is there".to_owned(),
        ),
        source: problem.into(),
    }
}

/// A new world, or the one that is kept in `data`.
fn open(config: &Config, data: Option<&Path>) -> Result<Sandbox, Failure> {
    let Some(directory) = data else {
        return Ok(Sandbox::new(config.clone()));
    };
    let sandbox = Sandbox::open(directory, config.clone()).map_err(|error| {
        let hint = match &error {
            DataError::OtherSeed { found, .. } => Some(format!("use --seed {found}")),
            DataError::InUse { .. } => Some("stop the other one, or use another folder".to_owned()),
            DataError::Foreign { .. } | DataError::Newer { .. } | DataError::Damaged { .. } => {
                Some("use another folder, or move the file away to begin anew".to_owned())
            }
            DataError::Io { .. } | _ => None,
        };
        Failure::System {
            action: format!("keep a sandbox in {}", directory.display()),
            hint,
            source: error.into(),
        }
    })?;
    // Time has passed while nobody served it.
    if config.clock == ClockMode::Real {
        sandbox.world(|world| world.follow(config.start));
    }
    Ok(sandbox)
}

/// Callbacks that would be refused one by one are refused before the first one.
async fn check_destination(config: &Config) -> Result<(), Failure> {
    let Some(url) = &config.callback_url else {
        return Ok(());
    };
    if !loopback::local_addresses(url.as_uri()).await.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(
        "callbacks go to this machine only: the host of --callback-url is not it, or not known",
        "add --callbacks-anywhere if they shall leave this machine",
    ))
}

/// Asks the sandbox something over the network: only an answer of its own proves that it is ready.
async fn check(url: String, transport: SharedTransport) -> Result<(), Failure> {
    Control::of(url, transport)
        .ask::<String>(Method::GET, "/_sandbox/health", String::new())
        .await
        .map(drop)
}

fn ended(result: Result<io::Result<()>, tokio::task::JoinError>) -> Result<(), Failure> {
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Failure::system("serve", error)),
        Err(error) => Err(Failure::system("serve", error)),
    }
}
