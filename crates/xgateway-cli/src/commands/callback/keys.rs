//! The secret keys that callbacks are hashed with: from the settings, or from a person.

use xgateway::api::environment::Environment;
use xgateway::callback::KeyRing;
use xgateway::core::secret::SecretKey;
use xgateway_sandbox::Config;

use crate::arguments::DEFAULT_SEED;
use crate::console::Console;
use crate::failure::Failure;
use crate::prompt;
use crate::settings::{Settings, SettingsError};
use crate::style::FAINT;

/// The keys that a callback may be hashed with: `current`, and during a rotation `previous`.
pub(super) fn ring(settings: &Settings, current: SecretKey) -> Result<KeyRing, Failure> {
    let ring = KeyRing::new(current);
    match &settings.previous_secret_key {
        None => Ok(ring),
        Some(previous) => ring
            .with_previous(previous.clone())
            .map_err(|source| SettingsError::KeyRing { source }.into()),
    }
}

/// The key that the gateway hashes with now.
pub(super) fn current(settings: &Settings, console: &mut Console) -> Result<SecretKey, Failure> {
    if let Some(key) = &settings.secret_key {
        return Ok(key.clone());
    }
    // The sandbox that `xgateway sandbox` serves by default has a key that everybody knows.
    if let Environment::Sandbox(_) = settings.environment {
        console.note(format_args!(
            "{FAINT}No secret key is set: the play key of `xgateway sandbox` is used.{FAINT:#}"
        ));
        return Ok(Config::new(DEFAULT_SEED).secret_key);
    }
    let environment = settings.environment.to_string();
    if !console.can_ask() {
        return Err(SettingsError::NoSecretKey { environment }.into());
    }
    let text = prompt::hidden(&format!("Secret key for {environment}: "))?;
    let key = SecretKey::parse(text.expose().trim()).map_err(|source| SettingsError::Key {
        key: "secret_key",
        source,
    })?;
    Ok(key)
}
