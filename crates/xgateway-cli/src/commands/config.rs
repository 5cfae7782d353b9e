//! `xgateway config show`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;
use xgateway::api::environment::Environment;
use xgateway::core::secret::MASK;

use super::session;
use crate::arguments::GlobalArguments;
use crate::console::Console;
use crate::failure::Failure;
use crate::settings::{Key, Layers, Origin, SANDBOX_ADDRESS, Settings};
use crate::style::{FAINT, STRONG};

#[derive(Serialize)]
struct Document {
    ok: bool,
    settings: Vec<Shown>,
    /// Operations and the paths that the file has for them.
    paths: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Shown {
    key: &'static str,
    value: Option<String>,
    #[serde(rename = "from")]
    origin: Option<String>,
}

/// A default that depends on other settings or on the machine.
fn usual(key: Key, settings: &Settings, is_keyless: bool) -> Option<String> {
    let in_sandbox = matches!(settings.environment, Environment::Sandbox(_));
    let shown = |path: PathBuf| path.display().to_string();
    if key == Key::Url && in_sandbox {
        Some(format!("http://{SANDBOX_ADDRESS}"))
    } else if key == Key::ApiKey && in_sandbox && is_keyless {
        Some("the play key of `xgateway sandbox`".to_owned())
    } else if key == Key::Journal {
        settings.usual_journal().ok().map(shown)
    } else if key == Key::JournalKeyFile {
        Settings::usual_journal_key().ok().map(shown)
    } else {
        None
    }
}

pub(super) fn show(global: &GlobalArguments, console: &mut Console) -> Result<(), Failure> {
    // What cannot be used is told before anything is shown.
    let settings_now = session::settings(global, console)?;
    let layers = Layers::read(&global.flags())?;
    let is_keyless = layers.text(Key::ApiKeyFile)?.is_none();
    let mut settings = Vec::new();
    for &key in Key::ALL {
        let (mut value, mut origin) = (layers.text(key)?, layers.origin(key));
        if value.is_none()
            && let Some(usual) = usual(key, &settings_now, is_keyless)
        {
            value = Some(usual);
            origin = Some(Origin::Default);
        }
        settings.push(Shown {
            key: key.name(),
            value: if key.is_secret() && origin.as_ref() != Some(&Origin::Default) {
                value.map(|_| MASK.to_owned())
            } else {
                value
            },
            origin: origin.map(|origin| origin.to_string()),
        });
    }
    let paths = layers.paths.into_iter().collect();
    if console.is_json() {
        return console.document(&Document {
            ok: true,
            settings,
            paths,
        });
    }
    for setting in settings {
        let value = setting.value.as_deref().unwrap_or("(not set)");
        let origin = setting
            .origin
            .map(|origin| format!("  {FAINT}from {origin}{FAINT:#}"))
            .unwrap_or_default();
        console.line(format_args!(
            "{STRONG}{:<26}{STRONG:#} {value}{origin}",
            setting.key
        ))?;
    }
    for (operation, path) in paths {
        console.line(format_args!(
            "{STRONG}{:<26}{STRONG:#} {path}",
            format!("paths.{operation}")
        ))?;
    }
    Ok(())
}
