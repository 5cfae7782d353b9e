//! A client that is set up from the settings, and a runtime for it.

use std::future::Future;

use xgateway::ReqwestTransport;
use xgateway::api::environment::Environment;
use xgateway::api::operations::CREATE_CARD_DEPOSIT;
use xgateway::client::{Client, ClientBuilder};
use xgateway::core::secret::{ApiKey, scrub};

use xgateway_sandbox::Config;

use crate::arguments::{DEFAULT_SEED, GlobalArguments};
use crate::console::Console;
use crate::failure::{Failure, Stopped};
use crate::prompt;
use crate::settings::{Layers, Settings, SettingsError};
use crate::signals;
use crate::style::WARNING;

/// The settings, after a warning about what looks like one and is none.
pub(super) fn settings(
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<Settings, Failure> {
    let flags = global.flags();
    let layers = Layers::read(&flags)?;
    let mut warn = |text: &str| console.note(format_args!("{WARNING}warning{WARNING:#}: {text}"));
    for name in &layers.ignored {
        warn(&format!("{} is no setting and was ignored", scrub(name)));
    }
    for name in &layers.empty {
        warn(&format!("{name} is empty and counts as not set"));
    }
    for what in layers.readable_secrets()? {
        warn(&format!(
            "every user of this machine can read {what}: take that from them with chmod 600"
        ));
    }
    let settings = Settings::read(&flags)?;
    console.note_environment(&settings.environment);
    Ok(settings)
}

/// A client over the network.
pub(super) fn client(settings: &Settings, console: &Console) -> Result<Client, Failure> {
    client_with(settings, console, |builder| builder)
}

/// A client with settings of its own.
pub(super) fn client_with(
    settings: &Settings,
    console: &Console,
    change: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<Client, Failure> {
    let api_key = match &settings.api_key {
        Some(key) => key.clone(),
        None => ask_for_key(&settings.environment, console)?,
    };
    Ok(change(builder(settings, api_key)?).build())
}

/// A client for operations that need no key: nobody is asked for one, and none is sent.
pub(super) fn client_without_key(settings: &Settings) -> Result<Client, Failure> {
    let none = ApiKey::parse("none").expect("a word is visible ASCII");
    Ok(builder(settings, none)?.build())
}

fn builder(settings: &Settings, api_key: ApiKey) -> Result<ClientBuilder, Failure> {
    let transport = ReqwestTransport::new()
        .map_err(|error| Failure::system("set up the HTTP client", error))?;
    let builder = Client::builder(settings.environment.clone(), api_key, transport);
    Ok(builder
        .paths(settings.paths.clone())
        .timeout(settings.timeout)
        .operation_timeout(&CREATE_CARD_DEPOSIT, settings.deposit_timeout))
}

fn ask_for_key(environment: &Environment, console: &Console) -> Result<ApiKey, Failure> {
    // The sandbox that `xgateway sandbox` serves by default has a key that everybody knows.
    if let Environment::Sandbox(_) = environment {
        return Ok(Config::new(DEFAULT_SEED).api_key);
    }
    let missing = || SettingsError::NoApiKey {
        environment: environment.to_string(),
    };
    if !console.can_ask() {
        return Err(missing().into());
    }
    let text = prompt::hidden(&format!("API key for {environment}: "))?;
    let key = ApiKey::parse(text.expose().trim()).map_err(|source| SettingsError::Key {
        key: "api_key",
        source,
    })?;
    Ok(key)
}

/// Runs a future that only reads, until it ends or somebody stops it.
pub(super) fn ask<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    until_stopped(future, Stopped::Reading)
}

/// Runs a future that changes something, until it ends or somebody stops it.
pub(super) fn act<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    until_stopped(future, Stopped::Acting)
}

fn until_stopped<T>(
    future: impl Future<Output = Result<T, Failure>>,
    stopped: Stopped,
) -> Result<T, Failure> {
    block_on(async {
        let stop = stop()?;
        tokio::select! {
            outcome = future => outcome,
            () = stop => Err(Failure::Stopped(stopped)),
        }
    })
}

/// Ready when somebody wants us to stop.
pub(super) fn stop() -> Result<impl Future<Output = ()>, Failure> {
    signals::stop().map_err(|error| Failure::system("wait for signals", error))
}

/// Runs a future to its end on this thread. After a question at the terminal a signal does nothing by itself: whoever
/// does not wait for [`stop`] uses [`ask`] or [`act`].
pub(super) fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::system("start", error))?
        .block_on(future)
}
