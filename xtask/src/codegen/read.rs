//! From the document to the model.

mod extension;
mod field;
mod operation;
pub(super) mod pattern;
mod schema;

use std::collections::HashMap;

use heck::ToUpperCamelCase as _;
use indexmap::IndexMap;
use openapiv3::{APIKeyLocation, ReferenceOr, SecurityScheme};

use super::audit;
use super::document::Document;
use super::model::{Api, Schema, SchemaKind, Server};
use super::name::Names;
use super::place::{Place, Refusal};
use super::print::own_names;
use super::source::Sources;
use extension::Extensions;

/// Reads a whole document.
pub(super) fn read(text: &str) -> Result<Api, Refusal> {
    let document = Document::read(text)?;
    let sources = audit::audit(&document)?;
    let mut reader = Reader {
        document: &document,
        sources: &sources,
        schemas: HashMap::new(),
        open: Vec::new(),
    };
    let servers = reader.servers()?;
    let key_header = reader.key_header()?;
    let operations = reader.operations()?;
    reader.enums()?;
    let mut found = reader.schemas;
    let schemas: IndexMap<String, Schema> = document
        .schema_names()
        .filter_map(|name| found.remove_entry(name))
        .collect();
    let api = Api {
        sources,
        servers,
        key_header,
        operations,
        schemas,
    };
    check_names(&api)?;
    check_shapes(&api)?;
    Ok(api)
}

/// What is read so far.
struct Reader<'a> {
    document: &'a Document,
    sources: &'a Sources,
    schemas: HashMap<String, Schema>,
    /// Those that are being read.
    open: Vec<String>,
}

impl Reader<'_> {
    fn servers(&self) -> Result<Vec<Server>, Refusal> {
        let mut servers = Vec::new();
        for (index, server) in self.document.api.servers.iter().enumerate() {
            let place = Place::root().at("servers").at(&index.to_string());
            let extensions = Extensions::new(&server.extensions, &place);
            let Some(environment) = extensions.word("x-environment", ENVIRONMENTS)? else {
                return place.refuse("`x-environment` is missing");
            };
            servers.push(Server {
                url: server.url.clone(),
                environment: environment.to_owned(),
                docs: server.description.clone().unwrap_or_default(),
                place,
            });
        }
        Ok(servers)
    }

    fn key_header(&self) -> Result<Option<String>, Refusal> {
        let place = Place::root().at("components").at("securitySchemes");
        let schemes = self.document.api.components.iter();
        let mut header = None;
        for (name, scheme) in schemes.flat_map(|components| &components.security_schemes) {
            let ReferenceOr::Item(SecurityScheme::APIKey {
                location: APIKeyLocation::Header,
                name: key,
                ..
            }) = scheme
            else {
                return place
                    .at(name)
                    .refuse("only an API key in a header is supported");
            };
            if header.replace(key.clone()).is_some() {
                return place.at(name).refuse("only one API key is supported");
            }
        }
        Ok(header)
    }
}

/// The environments that a server or an operation may have.
const ENVIRONMENTS: &[&str] = &["production", "demo"];

/// Refuses names that clash in Rust.
fn check_names(api: &Api) -> Result<(), Refusal> {
    let mut types = Names::default();
    let mut constants = Names::default();
    for schema in api.schemas.values() {
        let is_currency = matches!(&schema.kind, SchemaKind::Enum(values) if values.is_currency());
        if !is_currency && own_names().any(|name| name == schema.rust) {
            return schema.place.refuse(format!(
                "generated code uses the name `{}` itself: choose another with `x-rust-name`",
                schema.rust
            ));
        }
        types.take(&schema.rust, &schema.place)?;
    }
    for operation in &api.operations {
        constants.take(&operation.name, &operation.place)?;
        if operation.has_own_type() {
            types.take(&operation.name.to_upper_camel_case(), &operation.place)?;
        }
    }
    for (_, object) in api.objects() {
        let mut fields = Names::default();
        for field in &object.fields {
            fields.take(&field.rust, &field.place)?;
        }
    }
    // A type calls only one operation.
    let mut bodies = HashMap::new();
    for operation in api.operations.iter().filter(|it| !it.has_own_type()) {
        if let Some(other) = bodies.insert(&operation.body, &operation.place) {
            return operation.place.refuse(format!(
                "it has the body of {other}, and no parameter: give each a schema of its own"
            ));
        }
    }
    Ok(())
}

/// Refuses a `oneOf` whose shapes cannot be told apart by what they must have.
fn check_shapes(api: &Api) -> Result<(), Refusal> {
    for schema in api.schemas.values() {
        let SchemaKind::OneOf(variants) = &schema.kind else {
            continue;
        };
        let shapes: Vec<_> = variants
            .iter()
            .filter_map(|variant| match &api.schema(&variant.schema).kind {
                SchemaKind::Object(object) => Some((&variant.schema, object)),
                SchemaKind::Enum(_) | SchemaKind::OneOf(_) => None,
            })
            .collect();
        for (index, (name, shape)) in shapes.iter().enumerate() {
            for (other_name, other) in &shapes[index + 1..] {
                let tells = |field: &&super::model::Field| {
                    field.essential && other.fields.iter().all(|its| its.name != field.name)
                };
                if !shape.fields.iter().any(|field| tells(&field)) {
                    return schema.place.at("oneOf").refuse(format!(
                        "`{name}` needs an `x-essential` field that `{other_name}` does not have: \
                         shapes are told apart by that, in their order"
                    ));
                }
            }
        }
    }
    Ok(())
}

impl super::model::Operation {
    /// Whether it is called through a type of its own and not through that of its body.
    pub(super) fn has_own_type(&self) -> bool {
        self.body.is_none() || !self.parameters.is_empty() || self.query.is_some()
    }
}
