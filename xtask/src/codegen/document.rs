//! The OpenAPI document, as text, as a tree and as types.

use openapiv3::{OpenAPI, ReferenceOr, Schema};
use serde_yaml_ng::Value;

use super::place::{Place, Refusal};

/// The document.
pub(super) struct Document {
    /// The tree, in the order in which it is written.
    pub(super) raw: Value,
    /// The same, typed.
    pub(super) api: OpenAPI,
}

impl Document {
    /// Reads YAML text.
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let root = Place::root();
        let not_read = |error: serde_yaml_ng::Error| root.refusal(format!("not read: {error}"));
        let raw = serde_yaml_ng::from_str(text).map_err(not_read)?;
        let api: OpenAPI = serde_yaml_ng::from_str(text).map_err(not_read)?;
        if !api.openapi.starts_with("3.0.") {
            return root.at("openapi").refuse("only OpenAPI 3.0 is supported");
        }
        Ok(Self { raw, api })
    }

    /// The schema of that name.
    pub(super) fn schema(&self, name: &str) -> Option<&Schema> {
        match self.api.components.as_ref()?.schemas.get(name)? {
            ReferenceOr::Item(schema) => Some(schema),
            ReferenceOr::Reference { .. } => None,
        }
    }

    /// The names of all schemas, in their order.
    pub(super) fn schema_names(&self) -> impl Iterator<Item = &str> {
        self.api
            .components
            .iter()
            .flat_map(|components| components.schemas.keys())
            .map(String::as_str)
    }
}

/// The name that `reference` has under `#/components/{kind}`.
pub(super) fn component<'a>(
    reference: &'a str,
    kind: &str,
    place: &Place,
) -> Result<&'a str, Refusal> {
    reference
        .strip_prefix("#/components/")
        .and_then(|rest| rest.strip_prefix(kind))
        .and_then(|rest| rest.strip_prefix('/'))
        .ok_or_else(|| {
            place.refusal(format!(
                "`{reference}` is no reference to one of #/components/{kind}"
            ))
        })
}
