//! `xgateway config show`.

use std::collections::BTreeMap;

use serde::Serialize;
use xgateway::api::environment::Environment;
use xgateway::core::secret::MASK;

use super::session;
use crate::arguments::GlobalArguments;
use crate::console::Console;
use crate::failure::Failure;
use crate::settings::{Key, Layers, Origin, SANDBOX_ADDRESS};
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

pub(super) fn show(global: &GlobalArguments, console: &mut Console) -> Result<(), Failure> {
    // What cannot be used is told before anything is shown.
    let environment = session::settings(global, console)?.environment;
    let in_sandbox = matches!(environment, Environment::Sandbox(_));
    let layers = Layers::read(&global.flags())?;
    let mut settings = Vec::new();
    for &key in Key::ALL {
        let (mut value, mut origin) = (layers.text(key)?, layers.origin(key));
        if key == Key::Url && in_sandbox && value.is_none() {
            // The one default that depends on another setting.
            value = Some(format!("http://{SANDBOX_ADDRESS}"));
            origin = Some(Origin::Default);
        }
        settings.push(Shown {
            key: key.name(),
            value: if key.is_secret() {
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
