//! Settings: defaults, then `xgateway.toml`, then `XGATEWAY_*`, then flags; the later wins.
//!
//! Secrets come from the environment, from a file or from a person at a terminal, never from the command line: what
//! stands there is visible to every user of the machine.

mod error;
mod layers;
mod table;

pub(crate) use error::SettingsError;
pub(crate) use layers::{Flags, Layers, Origin};
pub(crate) use table::Key;

use std::fs;
use std::time::Duration;

use xgateway::api::environment::Environment;
use xgateway::core::secret::{ApiKey, KeyError, PersonalText, SecretKey};

/// Where a sandbox is served unless told otherwise.
pub(crate) const SANDBOX_ADDRESS: &str = "127.0.0.1:4010";

/// The settings of one run, checked.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) environment: Environment,
    pub(crate) api_key: Option<ApiKey>,
    /// What callbacks are hashed with.
    pub(crate) secret_key: Option<SecretKey>,
    /// What they were hashed with before, and for a while still are.
    pub(crate) previous_secret_key: Option<SecretKey>,
    /// Where the PostgreSQL is; it may hold a password.
    pub(crate) database_url: Option<PersonalText>,
    pub(crate) timeout: Duration,
    pub(crate) deposit_timeout: Duration,
}

impl Settings {
    /// Reads all layers.
    pub(crate) fn read(flags: &Flags) -> Result<Self, SettingsError> {
        let layers = Layers::read(flags)?;
        Ok(Self {
            environment: environment(&layers)?,
            api_key: key(&layers, Key::ApiKey, Key::ApiKeyFile, |text| {
                ApiKey::parse(text)
            })?,
            secret_key: key(&layers, Key::SecretKey, Key::SecretKeyFile, |text| {
                SecretKey::parse(text)
            })?,
            previous_secret_key: key(
                &layers,
                Key::PreviousSecretKey,
                Key::PreviousSecretKeyFile,
                |text| SecretKey::parse(text),
            )?,
            database_url: secret(&layers, Key::DatabaseUrl, Key::DatabaseUrlFile)?,
            timeout: seconds(&layers, Key::TimeoutSeconds)?,
            deposit_timeout: seconds(&layers, Key::DepositTimeoutSeconds)?,
        })
    }
}

fn environment(layers: &Layers) -> Result<Environment, SettingsError> {
    let name = layers.text(Key::Environment)?.unwrap_or_default();
    let url = layers.text(Key::Url)?;
    let fixed = match name.as_str() {
        "production" => Environment::Production,
        "demo" => Environment::Demo,
        "sandbox" => {
            let url = url.unwrap_or_else(|| format!("http://{SANDBOX_ADDRESS}"));
            let url = with_path(&url);
            return Environment::sandbox(&url).map_err(|source| SettingsError::Url { source });
        }
        _ => {
            return Err(layers.wrong(
                Key::Environment,
                "one of `production`, `demo` and `sandbox`",
            ));
        }
    };
    if url.is_some() {
        return Err(SettingsError::UrlOfFixed { name });
    }
    Ok(fixed)
}

/// A sandbox says where it is, and its API is below that: `http://127.0.0.1:4010` is completed to
/// `http://127.0.0.1:4010/api`.
fn with_path(url: &str) -> String {
    let has_path = url
        .split_once("://")
        .is_none_or(|(_, rest)| rest.trim_end_matches('/').contains('/'));
    if has_path {
        url.to_owned()
    } else {
        format!("{}/api", url.trim_end_matches('/'))
    }
}

fn seconds(layers: &Layers, key: Key) -> Result<Duration, SettingsError> {
    Ok(Duration::from_secs(layers.number(key)?.into()))
}

/// A key that is given directly or as a file.
fn key<T>(
    layers: &Layers,
    own: Key,
    file: Key,
    parse: impl FnOnce(&str) -> Result<T, KeyError>,
) -> Result<Option<T>, SettingsError> {
    let Some(text) = secret(layers, own, file)? else {
        return Ok(None);
    };
    let key = parse(text.expose()).map_err(|source| SettingsError::Key {
        key: own.name(),
        source,
    })?;
    Ok(Some(key))
}

/// A secret that is given directly or as a file; the one from the later layer counts.
fn secret(layers: &Layers, own: Key, file: Key) -> Result<Option<PersonalText>, SettingsError> {
    let direct = layers.origin(own);
    let by_file = layers.origin(file);
    if direct == by_file && direct.is_some() {
        return Err(SettingsError::Twice {
            key: own.name(),
            file: file.name(),
        });
    }
    if direct > by_file {
        return Ok(layers.text(own)?.map(PersonalText::from));
    }
    let Some(path) = layers.path(file)? else {
        return Ok(None);
    };
    match fs::read_to_string(&path) {
        Ok(text) => {
            let text = PersonalText::from(text);
            Ok(Some(PersonalText::from(text.expose().trim_end())))
        }
        Err(source) => Err(SettingsError::Secret {
            key: file.name(),
            origin: by_file.unwrap_or(Origin::Default),
            source,
        }),
    }
}
