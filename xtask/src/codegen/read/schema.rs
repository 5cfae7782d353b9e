//! Named schemas.

use openapiv3::{
    AdditionalProperties, ObjectType, ReferenceOr, SchemaKind as ApiKind, StringType,
    Type as ApiType,
};

use serde_json::Value;

use super::Reader;
use super::extension::Extensions;
use crate::codegen::document::component;
use crate::codegen::model::{Enum, EnumValue, Object, Role, Schema, SchemaKind, Variant};
use crate::codegen::name::{self, Names};
use crate::codegen::place::{Place, Refusal};

impl Reader<'_> {
    /// Reads a schema and all that it uses. `path` leads to it from the root of a request.
    pub(super) fn schema(
        &mut self,
        name: &str,
        role: Role,
        path: &[String],
    ) -> Result<(), Refusal> {
        let place = Place::schema(name);
        if let Some(known) = self.schemas.get(name) {
            return check_again(known, role, path);
        }
        if self.open.iter().any(|open| open == name) {
            return place.refuse("a schema that holds itself is not supported");
        }
        self.open.push(name.to_owned());
        let schema = self.read_schema(name, role, path, place)?;
        self.open.pop();
        self.schemas.insert(name.to_owned(), schema);
        Ok(())
    }

    fn read_schema(
        &mut self,
        name: &str,
        role: Role,
        path: &[String],
        place: Place,
    ) -> Result<Schema, Refusal> {
        let document = self.document;
        let Some(schema) = document.schema(name) else {
            return place.refuse("a schema must stand here itself");
        };
        let extensions = Extensions::new(&schema.schema_data.extensions, &place);
        let called = extensions.text("x-rust-name")?.unwrap_or(name);
        let rust = name::camel(called, &place)?;
        if extensions.get("x-envelope").is_some() {
            return place.refuse("an envelope can stand only around the body of an answer");
        }
        let (role, kind) = match &schema.schema_kind {
            ApiKind::Type(ApiType::String(text)) if !text.enumeration.is_empty() => (
                Role::Both,
                SchemaKind::Enum(read_enum(text, &extensions, &place)?),
            ),
            ApiKind::Type(ApiType::Object(object)) => {
                let object = self.object(object, role, path, &extensions, &place)?;
                (role, SchemaKind::Object(object))
            }
            ApiKind::OneOf { one_of } => {
                let variants = self.variants(one_of, role, &place.at("oneOf"))?;
                (role, SchemaKind::OneOf(variants))
            }
            ApiKind::Type(_)
            | ApiKind::AllOf { .. }
            | ApiKind::AnyOf { .. }
            | ApiKind::Not { .. }
            | ApiKind::Any(_) => {
                return place.refuse(
                    "a named schema must be an object, an enum of texts or a `oneOf` of those",
                );
            }
        };
        Ok(Schema {
            name: name.to_owned(),
            rust,
            docs: schema.schema_data.description.clone().unwrap_or_default(),
            place,
            role,
            kind,
        })
    }

    /// Reads the enums that nothing uses yet: those of errors.
    pub(super) fn enums(&mut self) -> Result<(), Refusal> {
        let document = self.document;
        for name in document.schema_names() {
            let is_enum = document.schema(name).is_some_and(|schema| {
                matches!(&schema.schema_kind, ApiKind::Type(ApiType::String(text)) if !text.enumeration.is_empty())
            });
            if is_enum {
                self.schema(name, Role::Both, &[])?;
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        object: &ObjectType,
        role: Role,
        path: &[String],
        extensions: &Extensions<'_>,
        place: &Place,
    ) -> Result<Object, Refusal> {
        let strict = object.additional_properties == Some(AdditionalProperties::Any(false));
        if strict && role == Role::Answer {
            return place
                .at("additionalProperties")
                .refuse("an answer admits further keys: a newer gateway may send them");
        }
        if object.properties.is_empty() {
            return place.refuse("an object without properties is not supported as a schema");
        }
        for name in &object.required {
            if !object.properties.contains_key(name) {
                return place
                    .at("required")
                    .refuse(format!("there is no property `{name}`"));
            }
        }
        let mut fields = Vec::new();
        for (name, property) in &object.properties {
            let place = place.at("properties").at(name);
            let ReferenceOr::Item(property) = property else {
                return place.refuse("a property must stand here itself");
            };
            let required = object.required.contains(name);
            fields.push(self.field(name, property, required, role, path, &place)?);
        }
        let mut hashed = Vec::new();
        let place = extensions.place("x-callback-hash");
        for name in extensions.list("x-callback-hash")? {
            match fields.iter().find(|field| *name == field.name) {
                Some(field) if field.essential => hashed.push(field.name.clone()),
                _ => return place.refuse("each must be a property with `x-essential: true`"),
            }
        }
        Ok(Object {
            strict,
            fields,
            hashed,
            path: path.to_vec(),
        })
    }

    fn variants(
        &mut self,
        one_of: &[ReferenceOr<openapiv3::Schema>],
        role: Role,
        place: &Place,
    ) -> Result<Vec<Variant>, Refusal> {
        if role != Role::Answer {
            return place.refuse("`oneOf` in a request is not supported");
        }
        let mut variants: Vec<Variant> = Vec::new();
        let mut names = Names::default();
        names.take("Unknown", place)?;
        for (index, shape) in one_of.iter().enumerate() {
            let place = place.at(&index.to_string());
            let ReferenceOr::Reference { reference } = shape else {
                return place.refuse("each shape must be a reference to a named schema");
            };
            let name = component(reference, "schemas", &place)?;
            self.schema(name, role, &[])?;
            let schema = &self.schemas[name];
            match &schema.kind {
                SchemaKind::Object(_) => {}
                // Told from an object by being a text; then unknown texts must have a place too.
                SchemaKind::Enum(values) if values.open && !values.is_currency() => {
                    let is_text = |variant: &Variant| {
                        matches!(self.schemas[&variant.schema].kind, SchemaKind::Enum(_))
                    };
                    if variants.iter().any(is_text) {
                        return place.refuse("only one shape can be a text");
                    }
                }
                SchemaKind::Enum(_) | SchemaKind::OneOf(_) => {
                    return place.refuse("each shape must be an object, or an `x-open-enum`");
                }
            }
            let rust = schema.rust.clone();
            names.take(&rust, &place)?;
            variants.push(Variant {
                rust,
                schema: name.to_owned(),
            });
        }
        Ok(variants)
    }
}

/// A schema that is used twice must mean the same twice.
fn check_again(known: &Schema, role: Role, path: &[String]) -> Result<(), Refusal> {
    if known.role == Role::Both {
        return Ok(());
    }
    if known.role != role {
        return known.place.refuse(
            "it is used for two purposes, request, form or answer: give each a schema of its own",
        );
    }
    if let SchemaKind::Object(object) = &known.kind
        && role != Role::Answer
        && object.path != path
    {
        return known.place.refuse(
            "it is used at two places of requests, and issues name the place: give each a schema of its own",
        );
    }
    Ok(())
}

fn read_enum(
    text: &StringType,
    extensions: &Extensions<'_>,
    place: &Place,
) -> Result<Enum, Refusal> {
    let names = extensions.map("x-rust-names")?;
    let digits = extensions.map("x-fraction-digits")?;
    let digits_place = extensions.place("x-fraction-digits");
    let kinds = extensions.map("x-kinds")?;
    let kinds_place = extensions.place("x-kinds");
    let networks = extensions.map("x-networks")?;
    let networks_place = extensions.place("x-networks");
    let mut taken = Names::default();
    // The variant that keeps what is not known.
    taken.take("Unknown", place)?;
    let mut values = Vec::new();
    for value in &text.enumeration {
        let place = place.at("enum");
        let Some(value) = value else {
            return place.refuse("null in an enum is not supported: use `nullable`");
        };
        let called = names.and_then(|names| names.get(value)?.as_str());
        let rust = name::camel(called.unwrap_or(value), &place)?;
        taken.take(&rust, &place.at(value)).map_err(|_| {
            place.at(value).refusal(format!(
                "two values are called `{rust}` in Rust: tell them apart with `x-rust-names`"
            ))
        })?;
        let fraction_digits = match digits {
            None => None,
            Some(digits) => match digits.get(value).and_then(Value::as_u64) {
                Some(count) if count <= 18 => u32::try_from(count).ok(),
                _ => {
                    return digits_place.refuse(format!("`{value}` needs a number from 0 to 18"));
                }
            },
        };
        let kind = kinds.map(|kinds| match kinds.get(value).and_then(Value::as_str) {
            Some(kind @ ("fiat" | "crypto")) => Ok(kind.to_owned()),
            _ => kinds_place.refuse(format!("`{value}` needs `fiat` or `crypto`")),
        });
        let network = networks.and_then(|it| it.get(value)).map(|network| {
            let text = network.as_str();
            text.map(str::to_owned)
                .ok_or_else(|| networks_place.at(value).refusal("a text must stand here"))
        });
        values.push(EnumValue {
            text: value.clone(),
            rust,
            fraction_digits,
            kind: kind.transpose()?,
            network: network.transpose()?,
        });
    }
    for (given, place) in [
        (names, extensions.place("x-rust-names")),
        (digits, digits_place.clone()),
        (kinds, kinds_place),
        (networks, networks_place),
    ] {
        for key in given.into_iter().flat_map(serde_json::Map::keys) {
            if values.iter().all(|value| value.text != *key) {
                return place.refuse(format!("the enum has no value `{key}`"));
            }
        }
    }
    if digits.is_some() != kinds.is_some() {
        return digits_place.refuse("currencies have both, `x-fraction-digits` and `x-kinds`");
    }
    let mut evm_networks = Vec::new();
    for network in extensions.list("x-evm-networks")? {
        match network.as_str() {
            Some(name) if values.iter().any(|it| it.network.as_deref() == Some(name)) => {
                evm_networks.push(name.to_owned());
            }
            _ => {
                return extensions
                    .place("x-evm-networks")
                    .refuse("each must be a network of `x-networks`");
            }
        }
    }
    Ok(Enum {
        open: extensions.flag("x-open-enum")?,
        values,
        evm_networks,
    })
}
