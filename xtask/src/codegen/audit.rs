//! Looks at the document as a tree: known keywords and extensions only, a source for everything, no dead reference.
//!
//! The typed reader drops what it does not know without a word, so this runs before it.

use serde_yaml_ng::{Mapping, Value};

use super::document::Document;
use super::place::{Place, Refusal};
use super::source::{Claim, Sources};

const SCHEMA_KEYWORDS: &[&str] = &[
    "additionalProperties",
    "allOf",
    "default",
    "description",
    "enum",
    "example",
    "format",
    "items",
    "maxLength",
    "maximum",
    "minLength",
    "minimum",
    "multipleOf",
    "nullable",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
];

const SCHEMA_EXTENSIONS: &[&str] = &[
    "x-callback-hash",
    "x-envelope",
    "x-evm-networks",
    "x-fraction-digits",
    "x-kinds",
    "x-networks",
    "x-open-enum",
    "x-rust-name",
    "x-rust-names",
];

const PROPERTY_EXTENSIONS: &[&str] = &[
    "x-demo",
    "x-essential",
    "x-idempotency-key",
    "x-max-bytes",
    "x-max-digits",
    "x-min-digits",
    "x-readable",
    "x-rule",
    "x-rust-name",
    "x-sensitive",
    "x-test-cards",
];

const OPERATION_EXTENSIONS: &[&str] = &["x-environment", "x-limits", "x-money", "x-rust-name"];

/// What may stand at each kind of place outside of schemas. Whatever else stands there would have no effect, and nobody would be
/// told.
mod keys {
    pub(super) const DOCUMENT: &[&str] = &[
        "components",
        "info",
        "openapi",
        "paths",
        "security",
        "servers",
        "tags",
    ];
    pub(super) const SERVER: &[&str] = &["description", "url"];
    pub(super) const OPERATION: &[&str] = &[
        "callbacks",
        "description",
        "operationId",
        "parameters",
        "requestBody",
        "responses",
        "security",
        "summary",
        "tags",
    ];
    pub(super) const PARAMETER: &[&str] = &["description", "in", "name", "required", "schema"];
    pub(super) const BODY: &[&str] = &["content", "description", "required"];
    pub(super) const RESPONSE: &[&str] = &["content", "description"];
    pub(super) const MEDIA: &[&str] = &["example", "examples", "schema"];
    pub(super) const EXAMPLE: &[&str] = &["description", "summary", "value"];
    pub(super) const SECURITY_SCHEME: &[&str] = &["description", "in", "name", "type"];
}

const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Audits the document and collects its sources.
pub(super) fn audit(document: &Document) -> Result<Sources, Refusal> {
    let mut audit = Audit {
        root: &document.raw,
        sources: Sources::default(),
    };
    audit.document()?;
    Ok(audit.sources)
}

struct Audit<'a> {
    root: &'a Value,
    sources: Sources,
}

/// A part of the tree: what it holds, where it stands, and what people call it.
struct Node<'a> {
    map: &'a Mapping,
    place: Place,
    location: String,
}

impl<'a> Node<'a> {
    fn new(value: &'a Value, place: Place, location: String) -> Result<Self, Refusal> {
        match value.as_mapping() {
            Some(map) => Ok(Self {
                map,
                place,
                location,
            }),
            None => place.refuse("a map must stand here"),
        }
    }

    /// The map under `key`, if there is one.
    fn map(&self, key: &str) -> Result<Option<Node<'a>>, Refusal> {
        self.map
            .get(key)
            .map(|value| Node::new(value, self.place.at(key), self.location.clone()))
            .transpose()
    }

    /// The maps under the keys of this map, extensions left out.
    fn children(&self) -> Result<Vec<(&'a str, Node<'a>)>, Refusal> {
        let mut children = Vec::new();
        for (key, value) in self.map {
            let Some(key) = key.as_str() else {
                return self.place.refuse("a key is no text");
            };
            if !key.starts_with("x-") {
                let node = Node::new(value, self.place.at(key), self.location.clone())?;
                children.push((key, node));
            }
        }
        Ok(children)
    }

    fn named(mut self, location: String) -> Self {
        self.location = location;
        self
    }

    fn reference(&self) -> Option<&'a str> {
        self.map.get("$ref").and_then(Value::as_str)
    }
}

impl<'a> Audit<'a> {
    fn document(&mut self) -> Result<(), Refusal> {
        let root = Node::new(self.root, Place::root(), String::new())?;
        Self::extensions(&root, &[])?;
        Self::keys(&root, keys::DOCUMENT)?;
        if let Some(servers) = root.map.get("servers").and_then(Value::as_sequence) {
            for (index, server) in servers.iter().enumerate() {
                let place = root.place.at("servers").at(&index.to_string());
                let node = Node::new(server, place, String::new())?;
                let url = node.map.get("url").and_then(Value::as_str);
                let node = node.named(format!("server {}", url.unwrap_or_default()));
                Self::extensions(&node, &["x-environment"])?;
                Self::keys(&node, keys::SERVER)?;
                self.source(&node, "server")?;
            }
        }
        if let Some(paths) = root.map("paths")? {
            Self::extensions(&paths, &[])?;
            for (path, item) in paths.children()? {
                self.path_item(&item, |method| format!("{} {path}", method.to_uppercase()))?;
            }
        }
        match root.map("components")? {
            Some(components) => self.components(&components),
            None => Ok(()),
        }
    }

    fn components(&mut self, components: &Node<'a>) -> Result<(), Refusal> {
        Self::extensions(components, &[])?;
        for (kind, group) in components.children()? {
            for (name, node) in group.children()? {
                match kind {
                    "schemas" => {
                        let node = node.named(name.to_owned());
                        Self::extensions(&node, SCHEMA_EXTENSIONS)?;
                        self.source(&node, "schema")?;
                        self.schema(&node)?;
                    }
                    "responses" => self.response(&node.named(format!("response {name}")))?,
                    "parameters" => self.parameter(&node.named(format!("parameter {name}")))?,
                    "securitySchemes" => {
                        let node = node.named(format!("security scheme {name}"));
                        Self::extensions(&node, &[])?;
                        Self::keys(&node, keys::SECURITY_SCHEME)?;
                        self.source(&node, "field")?;
                    }
                    other => {
                        return group.place.refuse(format!(
                            "components of the kind `{other}` are not supported"
                        ));
                    }
                }
            }
        }
        Ok(())
    }

    fn path_item(
        &mut self,
        item: &Node<'a>,
        location: impl Fn(&str) -> String,
    ) -> Result<(), Refusal> {
        Self::extensions(item, &[])?;
        Self::keys(item, METHODS)?;
        for &method in METHODS {
            if let Some(operation) = item.map(method)? {
                self.operation(&operation.named(location(method)))?;
            }
        }
        Ok(())
    }

    fn operation(&mut self, operation: &Node<'a>) -> Result<(), Refusal> {
        Self::extensions(operation, OPERATION_EXTENSIONS)?;
        Self::keys(operation, keys::OPERATION)?;
        // The path is the key above, so its source stands here.
        let claims = Self::claims(operation, "operation", |claim| claim == "path")?;
        self.sources.add(&operation.place, claims);
        if let Some(parameters) = operation.map.get("parameters").and_then(Value::as_sequence) {
            for (index, parameter) in parameters.iter().enumerate() {
                let place = operation.place.at("parameters").at(&index.to_string());
                let node = Node::new(parameter, place, String::new())?;
                let name = node.map.get("name").and_then(Value::as_str);
                let location = format!("{} {}", operation.location, name.unwrap_or_default());
                self.parameter(&node.named(location))?;
            }
        }
        if let Some(body) = operation.map("requestBody")? {
            Self::extensions(&body, &[])?;
            if body.reference().is_some() {
                return body.place.refuse("a request's body must stand here");
            }
            Self::keys(&body, keys::BODY)?;
            self.content(&body)?;
        }
        if let Some(responses) = operation.map("responses")? {
            Self::extensions(&responses, &[])?;
            for (status, response) in responses.children()? {
                let location = format!("{} {status}", operation.location);
                self.response(&response.named(location))?;
            }
        }
        if let Some(callbacks) = operation.map("callbacks")? {
            for (name, callback) in callbacks.children()? {
                Self::extensions(&callback, &[])?;
                for (_, item) in callback.children()? {
                    self.path_item(&item, |_| format!("callback {name}"))?;
                }
            }
        }
        Ok(())
    }

    fn parameter(&mut self, parameter: &Node<'a>) -> Result<(), Refusal> {
        if let Some(reference) = parameter.reference() {
            return self.resolve(parameter, reference);
        }
        Self::extensions(parameter, &["x-rust-name", "x-sensitive"])?;
        Self::keys(parameter, keys::PARAMETER)?;
        // Limits stand in the schema; their sources stand beside those of the parameter.
        let schema = parameter.map("schema")?;
        self.source_with(parameter, "field", schema.as_ref())?;
        match schema {
            Some(schema) => {
                if parameter.map.get("in").and_then(Value::as_str) == Some("path") {
                    Self::path_schema(&schema)?;
                }
                self.inner_schema(&schema)
            }
            None => Ok(()),
        }
    }

    /// A path with an empty part is another path, so that much holds by itself. Nothing checks more.
    fn path_schema(schema: &Node<'_>) -> Result<(), Refusal> {
        for (key, value) in schema.map {
            let key = key.as_str().unwrap_or_default();
            if key != "type" && !(key == "minLength" && value.as_u64() == Some(1)) {
                let place = schema.place.at(key);
                return place.refuse("rules of a part of the path are not supported");
            }
        }
        Ok(())
    }

    fn response(&mut self, response: &Node<'a>) -> Result<(), Refusal> {
        if let Some(reference) = response.reference() {
            return self.resolve(response, reference);
        }
        Self::extensions(response, &[])?;
        Self::keys(response, keys::RESPONSE)?;
        let claims = Self::claims(response, "response", |claim| claim == "schema")?;
        self.sources.add(&response.place, claims);
        self.content(response)
    }

    fn content(&mut self, node: &Node<'a>) -> Result<(), Refusal> {
        let Some(content) = node.map("content")? else {
            return Ok(());
        };
        for (_, media) in content.children()? {
            Self::extensions(&media, &[])?;
            Self::keys(&media, keys::MEDIA)?;
            if let Some(schema) = media.map("schema")? {
                self.inner_schema(&schema)?;
            }
            if let Some(examples) = media.map("examples")? {
                for (name, example) in examples.children()? {
                    let location = format!("{} example {name}", node.location);
                    let example = example.named(location);
                    Self::extensions(&example, &[])?;
                    Self::keys(&example, keys::EXAMPLE)?;
                    self.source(&example, "example")?;
                }
            }
        }
        Ok(())
    }

    /// A schema inside of something that has the sources.
    fn inner_schema(&mut self, schema: &Node<'a>) -> Result<(), Refusal> {
        Self::extensions(schema, &[])?;
        self.schema(schema)
    }

    fn schema(&mut self, schema: &Node<'a>) -> Result<(), Refusal> {
        if let Some(reference) = schema.reference() {
            if schema.map.len() > 1 {
                return schema
                    .place
                    .refuse("OpenAPI 3.0 ignores what stands beside `$ref`: use `allOf`");
            }
            return self.resolve(schema, reference);
        }
        for key in schema.map.keys().filter_map(Value::as_str) {
            if !key.starts_with("x-") && !SCHEMA_KEYWORDS.contains(&key) {
                return schema.place.at(key).refuse("this keyword is not supported");
            }
        }
        if schema.map.contains_key("enum") {
            Self::enumeration(schema)?;
        }
        if let Some(properties) = schema.map("properties")? {
            for (name, property) in properties.children()? {
                let location = format!("{}.{name}", schema.location);
                let property = property.named(location);
                if property.reference().is_some() {
                    return property
                        .place
                        .refuse("a property needs a source: use `allOf` with this one entry");
                }
                Self::extensions(&property, PROPERTY_EXTENSIONS)?;
                self.source(&property, "field")?;
                self.schema(&property)?;
            }
        }
        for key in ["allOf", "oneOf"] {
            for (index, entry) in sequence(schema, key).iter().enumerate() {
                let place = schema.place.at(key).at(&index.to_string());
                self.inner_schema(&Node::new(entry, place, schema.location.clone())?)?;
            }
        }
        if let Some(items) = schema.map("items")? {
            self.inner_schema(&items)?;
        }
        match schema.map.get("additionalProperties") {
            Some(Value::Mapping(_)) => schema
                .place
                .at("additionalProperties")
                .refuse("only `true` and `false` are supported"),
            _ => Ok(()),
        }
    }

    /// The words of an enum are all that its rule looks at.
    fn enumeration(schema: &Node<'_>) -> Result<(), Refusal> {
        if schema.map.get("type").and_then(Value::as_str) != Some("string") {
            let place = schema.place.at("enum");
            return place.refuse("only texts can have an enum");
        }
        for key in ["format", "maxLength", "minLength", "pattern"] {
            if schema.map.contains_key(key) {
                return schema.place.at(key).refuse("not supported beside `enum`");
            }
        }
        Ok(())
    }

    /// Refuses what would have no effect where it stands.
    fn keys(node: &Node<'_>, known: &[&str]) -> Result<(), Refusal> {
        for key in node.map.keys().filter_map(Value::as_str) {
            if !key.starts_with("x-") && !known.contains(&key) {
                let place = node.place.at(key);
                return place.refuse(format!(
                    "not supported here; these are: {}",
                    known.join(", ")
                ));
            }
        }
        Ok(())
    }

    fn resolve(&self, node: &Node<'_>, reference: &str) -> Result<(), Refusal> {
        let mut at = Some(self.root);
        let keys = reference.strip_prefix("#/");
        for key in keys.into_iter().flat_map(|keys| keys.split('/')) {
            let key = key.replace("~1", "/").replace("~0", "~");
            at = at.and_then(|value| value.get(key.as_str()));
        }
        if keys.is_none() || at.is_none() {
            return node
                .place
                .at("$ref")
                .refuse(format!("`{reference}` leads nowhere"));
        }
        Ok(())
    }

    fn extensions(node: &Node<'_>, known: &[&str]) -> Result<(), Refusal> {
        for key in node.map.keys().filter_map(Value::as_str) {
            // Those that need a source are asked for it elsewhere.
            if key.starts_with("x-") && key != "x-source" && !known.contains(&key) {
                return node
                    .place
                    .at(key)
                    .refuse("this extension is not known here");
            }
        }
        Ok(())
    }

    fn source(&mut self, node: &Node<'_>, subject: &str) -> Result<(), Refusal> {
        self.source_with(node, subject, None)
    }

    fn source_with(
        &mut self,
        node: &Node<'_>,
        subject: &str,
        inner: Option<&Node<'_>>,
    ) -> Result<(), Refusal> {
        let stands_in_inner =
            |claim: &str| inner.is_some_and(|inner| inner.map.contains_key(claim));
        let claims = Self::claims(node, subject, stands_in_inner)?;
        self.sources.add(&node.place, claims);
        Ok(())
    }

    /// Reads the sources of `node`, whose thing itself is called `subject` there.
    fn claims(
        node: &Node<'_>,
        subject: &str,
        may_claim: impl Fn(&str) -> bool,
    ) -> Result<Vec<Claim>, Refusal> {
        let Some(source) = node.map.get("x-source") else {
            return node.place.refuse("`x-source` is missing");
        };
        let place = node.place.at("x-source");
        let source = Node::new(source, place, node.location.clone())?;
        if !source.map.contains_key(subject) {
            return source.place.refuse(format!(
                "`{subject}` is missing: where does this come from?"
            ));
        }
        let mut claims = Vec::new();
        for (claim, text) in source.map {
            let claim = claim.as_str().unwrap_or_default();
            let place = source.place.at(claim);
            let stands_here = node.map.contains_key(claim)
                || claim
                    .strip_prefix("enum.")
                    .is_some_and(|value| sequence(node, "enum").contains(&Value::from(value)));
            if claim != subject && !stands_here && !may_claim(claim) {
                return place.refuse("a source for something that does not stand here");
            }
            let Some(text) = text.as_str() else {
                return place.refuse("a source is a text");
            };
            claims.push(Claim::parse(&node.location, claim, text, &place)?);
        }
        Ok(claims)
    }
}

fn sequence<'a>(node: &Node<'a>, key: &str) -> &'a [Value] {
    node.map
        .get(key)
        .and_then(Value::as_sequence)
        .map_or(&[], Vec::as_slice)
}
