//! From the model to files.

mod core;
mod environments;
mod open_fields;
mod operations;
mod reference;
mod rules;
mod rust;
mod sources;
mod strategies;
mod types;

use std::fmt::Write as _;

pub(super) use types::own_names;

use super::Error;
use super::model::Api;

/// One file that follows from the document.
pub(super) struct File {
    /// From the root of the workspace.
    pub(super) path: String,
    pub(super) text: String,
}

const API: &str = "crates/xgateway-api/src/generated";
const CORE: &str = "crates/xgateway-core/src/generated";
const REFERENCE: &str = "docs/reference";

/// The folders that hold files of ours.
pub(super) const FOLDERS: &[&str] = &[API, CORE, REFERENCE];

/// Every file that follows from the document.
pub(super) fn files(api: &Api) -> Result<Vec<File>, Error> {
    let rust = [
        (API, "environments", environments::print(api)),
        (API, "open_fields", open_fields::print(api)),
        (API, "operations", operations::print(api)),
        (API, "rules", rules::print(api)),
        (API, "sources", sources::print(api)),
        (API, "strategies", strategies::print(api)),
        (API, "types", types::print(api)),
        (CORE, "currency", core::currency(api)),
        (CORE, "limits", core::limits(api)),
    ];
    let mut files = Vec::new();
    for (folder, name, module) in rust {
        files.push(File {
            path: format!("{folder}/{name}.rs"),
            text: rust::format(&format!("{HEADER}\n\n{}", module.text()))?,
        });
    }
    for (name, text) in reference::print(api) {
        files.push(File {
            path: format!("{REFERENCE}/{name}.md"),
            text: format!("{MARKDOWN_HEADER}\n\n{text}"),
        });
    }
    Ok(files)
}

/// The document as JSON, in its own order and without its servers: whoever serves it names himself.
pub(super) fn document(text: &str) -> Result<File, Error> {
    let mut document: serde_yaml_ng::Mapping = serde_yaml_ng::from_str(text)?;
    document.shift_remove("servers");
    let mut document = serde_yaml_ng::Value::Mapping(document);
    say_plainly(&mut document);
    let json = serde_json::to_string(&document).expect("the keys of the document are texts");
    Ok(File {
        path: format!("{API}/openapi.json"),
        text: json + "\n",
    })
}

/// Says in the words of every tool what ours alone understand: how many digits a text has once all else is stripped, and
/// that an address is one of two kinds. The rules have no use for it.
fn say_plainly(value: &mut serde_yaml_ng::Value) {
    if let Some(map) = value.as_mapping_mut() {
        let digits = |key: &str| map.get(key).and_then(serde_yaml_ng::Value::as_u64);
        if let (Some(min), Some(max)) = (digits("x-min-digits"), digits("x-max-digits")) {
            let pattern = format!("^(?:[^0-9]*[0-9]){{{min},{max}}}[^0-9]*$");
            map.insert("pattern".into(), pattern.into());
        }
        if map.get("format").and_then(serde_yaml_ng::Value::as_str) == Some("ip") {
            let format = |name: &str| {
                let pair = ("format".into(), name.into());
                serde_yaml_ng::Value::Mapping([pair].into_iter().collect())
            };
            let either = vec![format("ipv4"), format("ipv6")];
            map.insert("anyOf".into(), serde_yaml_ng::Value::Sequence(either));
        }
        map.iter_mut().for_each(|(_, value)| say_plainly(value));
    } else if let Some(items) = value.as_sequence_mut() {
        items.iter_mut().for_each(say_plainly);
    }
}

/// The modules of a tiny document in one file.
pub(super) fn golden(api: &Api) -> Result<String, Error> {
    let mut text = String::from(
        "// Generated from the document of the same name by `cargo xtask codegen --bless-golden`. Do not edit.\n",
    );
    for (name, module) in [
        ("operations", operations::print(api)),
        ("rules", rules::print(api)),
        ("types", types::print(api)),
    ] {
        let _ = write!(text, "\npub mod {name} {{\n{}\n}}\n", module.text());
    }
    rust::format(&text)
}

/// What stands in the first line of every file of ours.
pub(super) const MARK: &str = "by `cargo xtask codegen`. Do not edit.";

const HEADER: &str = "// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.";

const MARKDOWN_HEADER: &str = "<!-- Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit. -->";
