//! `xgateway config show`.

use serde::Serialize;
use xgateway::core::secret::MASK;

use crate::arguments::GlobalArguments;
use crate::console::Console;
use crate::failure::Failure;
use crate::settings::{Key, Layers, Settings};
use crate::style::{FAINT, STRONG};

#[derive(Serialize)]
struct Document {
    ok: bool,
    settings: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    key: &'static str,
    value: Option<String>,
    #[serde(rename = "from")]
    origin: Option<String>,
}

pub(super) fn show(global: &GlobalArguments, console: &mut Console) -> Result<(), Failure> {
    let flags = global.flags();
    // What cannot be used is told before anything is shown.
    Settings::read(&flags)?;
    let layers = Layers::read(&flags)?;
    let mut settings = Vec::new();
    for &key in Key::ALL {
        let value = layers.text(key)?;
        settings.push(Shown {
            key: key.name(),
            value: if key.is_secret() {
                value.map(|_| MASK.to_owned())
            } else {
                value
            },
            origin: layers.origin(key).map(|origin| origin.to_string()),
        });
    }
    if console.is_json() {
        return console.document(&Document { ok: true, settings });
    }
    for setting in settings {
        let value = setting.value.as_deref().unwrap_or("(not set)");
        let origin = setting
            .origin
            .map(|origin| format!("  {FAINT}from {origin}{FAINT:#}"))
            .unwrap_or_default();
        console.line(format_args!(
            "{STRONG}{:<24}{STRONG:#} {value}{origin}",
            setting.key
        ))?;
    }
    Ok(())
}
