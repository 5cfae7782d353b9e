//! Settings: defaults, then `xgateway.toml`, then `XGATEWAY_*`, then flags; the later wins.
//!
//! Secrets come from the environment, from a file or from a person at a terminal, never from the command line: what
//! stands there is visible to every user of the machine.

mod error;
mod folders;
mod layers;
mod table;

pub(crate) use error::SettingsError;
pub(crate) use layers::{Flags, Layers, Origin, sandbox_token};
pub(crate) use table::Key;

use std::path::PathBuf;
use std::time::Duration;

use xgateway::api::environment::Environment;
use xgateway::api::path::Paths;
use xgateway::core::secret::{ApiKey, KeyError, PersonalText, SecretKey};

/// The word for the PostgreSQL that `database_url` names, where a file could stand.
pub(crate) const POSTGRES: &str = "postgres";

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
    /// Where intents are journalled, if not in the usual place: a file, or the word for PostgreSQL.
    pub(crate) journal: Option<PathBuf>,
    /// What makes the journal's fingerprints unreadable, if it is not in the usual place.
    pub(crate) journal_key_file: Option<PathBuf>,
    /// The true paths of operations whose path is a guess.
    pub(crate) paths: Paths,
    pub(crate) timeout: Duration,
    pub(crate) deposit_timeout: Duration,
}

impl Settings {
    /// Where the journal of this environment usually is. Each has its own: the same order id means different things.
    pub(crate) fn usual_journal(&self) -> Result<PathBuf, SettingsError> {
        let name = match &self.environment {
            Environment::Production => "production".to_owned(),
            Environment::Demo => "demo".to_owned(),
            environment @ Environment::Sandbox(_) => {
                let (_, place) = environment.base_url().split_once("://").unwrap_or_default();
                format!(
                    "sandbox-{}",
                    place.replace(|char: char| !char.is_ascii_alphanumeric(), "-")
                )
            }
        };
        let folder = folders::state().ok_or(SettingsError::NoFolder { what: "journal" })?;
        Ok(folder.join(format!("{name}.db")))
    }

    /// Where the journal's key usually is: not beside the journal, so that who copies one has not got the other.
    pub(crate) fn usual_journal_key() -> Result<PathBuf, SettingsError> {
        let what = "journal's key";
        let folder = folders::configuration().ok_or(SettingsError::NoFolder { what })?;
        Ok(folder.join("journal.key"))
    }

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
            database_url: database_url(&layers)?,
            journal: journal(&layers)?,
            journal_key_file: layers.path(Key::JournalKeyFile)?,
            paths: paths(&layers)?,
            timeout: seconds(&layers, Key::TimeoutSeconds)?,
            deposit_timeout: seconds(&layers, Key::DepositTimeoutSeconds)?,
        })
    }
}

fn paths(layers: &Layers) -> Result<Paths, SettingsError> {
    let mut paths = Paths::default();
    for (operation, template) in &layers.paths {
        let set = paths.set(operation, template);
        set.map_err(|source| SettingsError::Path { source })?;
    }
    Ok(paths)
}

fn environment(layers: &Layers) -> Result<Environment, SettingsError> {
    let name = layers.text(Key::Environment)?.unwrap_or_default();
    let url = layers.text(Key::Url)?;
    let fixed = match name.as_str() {
        "production" => Environment::Production,
        "demo" => Environment::Demo,
        "sandbox" => {
            let url = url.unwrap_or_else(|| format!("http://{SANDBOX_ADDRESS}"));
            let url = with_path(&with_address(&url));
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

/// The name of this machine in a plain URL as its address: one sandbox has one journal, whatever it is called. Behind a
/// certificate the name counts.
fn with_address(url: &str) -> String {
    let name = "http://localhost";
    match url.strip_prefix(name) {
        Some(rest) if rest.is_empty() || rest.starts_with([':', '/']) => {
            format!("http://127.0.0.1{rest}")
        }
        _ => url.to_owned(),
    }
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

/// A file from the settings' own folder, or the word for PostgreSQL as it is.
fn journal(layers: &Layers) -> Result<Option<PathBuf>, SettingsError> {
    match layers.text(Key::Journal)?.as_deref() {
        Some(POSTGRES) => Ok(Some(PathBuf::from(POSTGRES))),
        _ => layers.path(Key::Journal),
    }
}

/// The address of a PostgreSQL, as far as that can be seen without asking it.
fn database_url(layers: &Layers) -> Result<Option<PersonalText>, SettingsError> {
    let url = secret(layers, Key::DatabaseUrl, Key::DatabaseUrlFile)?;
    let Some(text) = url.as_ref().map(PersonalText::expose) else {
        return Ok(None);
    };
    if is_quoted(text) {
        let key = Key::DatabaseUrl.name();
        return Err(SettingsError::Quoted { key });
    }
    let schemes = ["postgres://", "postgresql://"];
    if !schemes.iter().any(|scheme| text.starts_with(scheme)) {
        return Err(SettingsError::DatabaseUrl);
    }
    Ok(url)
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
    // As `docker --env-file` leaves them. With a secret key `callback explain` finds it out; an API key is just refused.
    if own == Key::ApiKey && is_quoted(text.expose()) {
        return Err(SettingsError::Quoted { key: own.name() });
    }
    let key = parse(text.expose()).map_err(|source| SettingsError::Key {
        key: own.name(),
        source,
    })?;
    Ok(Some(key))
}

fn is_quoted(text: &str) -> bool {
    ['"', '\'']
        .iter()
        .any(|quote| text.len() > 1 && text.starts_with(*quote) && text.ends_with(*quote))
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
    match crate::small_file::text(&path) {
        Ok(text) => {
            let text = PersonalText::from(text);
            // Some editors begin a text with a mark that is none of it.
            let text = text.expose().trim_start_matches('\u{feff}');
            Ok(Some(PersonalText::from(text.trim_end())))
        }
        Err(source) => Err(SettingsError::Secret {
            key: file.name(),
            origin: by_file.unwrap_or(Origin::Default),
            source,
        }),
    }
}
