//! The secret keys that callbacks are hashed with: from the settings, or from a person.

use xgateway::api::environment::Environment;
use xgateway::callback::{KeyRing, explain};
use xgateway::core::secret::{ApiKey, SecretKey};
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

/// What people set in place of the secret key: the mistake, if one of these makes the hash, and what else there is then.
pub(super) fn mistakes(
    body: &[u8],
    settings: &Settings,
    console: &mut Console,
) -> Result<Vec<String>, Failure> {
    let key = current(settings, console)?;
    let text = key.expose();
    let in_sandbox = matches!(settings.environment, Environment::Sandbox(_));
    let play = in_sandbox.then(|| Config::new(DEFAULT_SEED));
    let usual_key = play.as_ref().map(|play| &play.api_key);
    let api_key = settings.api_key.as_ref().or(usual_key);
    let api_key = api_key.map_or("", ApiKey::expose);
    let mut mistakes = Vec::new();
    if text == api_key {
        mistakes.push("what is set as the secret key is the API key".to_owned());
    }
    let bare = text.trim_matches(['"', '\'']);
    let play_key = play.as_ref().map_or("", |play| play.secret_key.expose());
    let others = [
        (api_key, "the hash was made with what is set as the API key"),
        (
            bare,
            "the secret key is set with quotes around it, and the hash was made without them",
        ),
        (
            &bare.to_lowercase(),
            "the hash was made with the secret key in small letters",
        ),
        (
            &bare.to_uppercase(),
            "the hash was made with the secret key in capital letters",
        ),
        (
            play_key,
            "the hash was made with the play key of `xgateway sandbox`, and another one is set",
        ),
    ];
    for (other, mistake) in others {
        let Ok(other) = SecretKey::parse(other) else {
            continue;
        };
        let explained = explain(body, &KeyRing::new(other));
        if explained.key().is_some() {
            mistakes.push(mistake.to_owned());
            mistakes.extend(explained.mistakes().iter().map(ToString::to_string));
            break;
        }
    }
    Ok(mistakes)
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
