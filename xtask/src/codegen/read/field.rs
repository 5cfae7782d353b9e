//! Properties: types, checks and what else is said of them.

use openapiv3::{
    AdditionalProperties, NumberType, ObjectType, ReferenceOr, Schema as ApiSchema,
    SchemaKind as ApiKind, StringFormat, StringType, Type as ApiType, VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use super::extension::Extensions;
use super::{Reader, pattern};
use crate::codegen::document::component;
use crate::codegen::model::{
    DemoLimits, Field, NumberCheck, Role, Sensitivity, TestCard, Text, TextCheck, Type,
};
use crate::codegen::name;
use crate::codegen::place::{Place, Refusal};

impl Reader<'_> {
    /// Reads a property of an object to which `path` leads.
    pub(super) fn field(
        &mut self,
        name: &str,
        property: &ApiSchema,
        required: bool,
        role: Role,
        path: &[String],
        place: &Place,
    ) -> Result<Field, Refusal> {
        let extensions = Extensions::new(&property.schema_data.extensions, place);
        let called = extensions.text("x-rust-name")?.unwrap_or(name);
        let mut path = path.to_vec();
        path.push(name.to_owned());
        let kind = self.property(property, role, &path, &extensions, place)?;
        let essential = extensions.flag("x-essential")?;
        if essential && role != Role::Answer {
            return extensions
                .place("x-essential")
                .refuse("only for answers: a request has `required`");
        }
        let readable = extensions.flag("x-readable")?;
        if readable && (role != Role::Answer || essential || !is_text(&kind)) {
            return extensions
                .place("x-readable")
                .refuse("only for texts of answers that are not essential");
        }
        let field = Field {
            name: name.to_owned(),
            rust: name::snake(called, place)?,
            docs: property.schema_data.description.clone().unwrap_or_default(),
            place: place.clone(),
            required,
            nullable: property.schema_data.nullable,
            essential,
            readable,
            sensitive: sensitivity(&extensions, &kind, role)?,
            idempotency_key: extensions.flag("x-idempotency-key")?,
            demo: demo(&extensions)?,
            test_cards: test_cards(&extensions)?,
            kind,
        };
        for name in ["x-idempotency-key", "x-demo", "x-test-cards"] {
            if role == Role::Answer && extensions.get(name).is_some() {
                return extensions.place(name).refuse("only for requests");
            }
        }
        Ok(field)
    }

    pub(super) fn property(
        &mut self,
        schema: &ApiSchema,
        role: Role,
        path: &[String],
        extensions: &Extensions<'_>,
        place: &Place,
    ) -> Result<Type, Refusal> {
        match &schema.schema_kind {
            ApiKind::Type(ApiType::String(text)) if role == Role::Form && is_binary(text) => {
                match extensions.count("x-max-bytes")? {
                    Some(bytes_max) => Ok(Type::File(bytes_max)),
                    None => place.refuse("a file needs `x-max-bytes`"),
                }
            }
            ApiKind::Type(_) if extensions.get("x-max-bytes").is_some() => extensions
                .place("x-max-bytes")
                .refuse("only for the file of a form"),
            ApiKind::Type(ApiType::String(text)) => text_type(text, role, extensions, place),
            ApiKind::Type(_) if role == Role::Form => {
                place.refuse("a part of a form is a text, an enum of texts or a file")
            }
            ApiKind::Type(ApiType::Number(number)) => number_type(number, role, place),
            ApiKind::Type(ApiType::Boolean(_)) => Ok(Type::Boolean),
            ApiKind::Type(ApiType::Integer(_)) if role == Role::Request => place.refuse(
                "whole numbers in a request are not supported: the rules have no check for them",
            ),
            ApiKind::Type(ApiType::Integer(_)) => Ok(Type::Integer),
            ApiKind::Type(ApiType::Array(_)) if role == Role::Request => place
                .refuse("arrays in a request are not supported: the rules have no kind for them"),
            ApiKind::Type(ApiType::Array(array)) => match &array.items {
                Some(ReferenceOr::Reference { reference }) => {
                    let items = place.at("items");
                    let item = self.named(reference, role, path, &items)?;
                    Ok(Type::List(Box::new(item)))
                }
                Some(ReferenceOr::Item(item)) => {
                    let items = place.at("items");
                    let none = Extensions::new(&item.schema_data.extensions, &items);
                    let item = self.property(item, role, path, &none, &items)?;
                    Ok(Type::List(Box::new(item)))
                }
                None => place.refuse("`items` is missing"),
            },
            ApiKind::Type(ApiType::Object(object)) => map_type(object, role, place),
            ApiKind::AllOf { all_of } => match all_of.as_slice() {
                [ReferenceOr::Reference { reference }] => self.named(reference, role, path, place),
                _ => place
                    .at("allOf")
                    .refuse("`allOf` must have one entry, a reference"),
            },
            ApiKind::OneOf { .. } => place
                .at("oneOf")
                .refuse("`oneOf` must be a schema of its own, with a name"),
            ApiKind::AnyOf { .. } | ApiKind::Not { .. } | ApiKind::Any(_) => {
                place.refuse("this kind of schema is not supported")
            }
        }
    }

    pub(super) fn named(
        &mut self,
        reference: &str,
        role: Role,
        path: &[String],
        place: &Place,
    ) -> Result<Type, Refusal> {
        let name = component(reference, "schemas", place)?;
        self.schema(name, role, path)?;
        Ok(Type::Named(name.to_owned()))
    }
}

fn is_binary(text: &StringType) -> bool {
    text.format == VariantOrUnknownOrEmpty::Item(StringFormat::Binary)
}

fn is_text(kind: &Type) -> bool {
    matches!(kind, Type::Text(_))
}

fn map_type(object: &ObjectType, role: Role, place: &Place) -> Result<Type, Refusal> {
    let is_free = object.properties.is_empty()
        && object.additional_properties == Some(AdditionalProperties::Any(true));
    if is_free && role == Role::Answer {
        return Ok(Type::Map);
    }
    place.refuse("an object must be a schema of its own, with a name")
}

fn text_type(
    text: &StringType,
    role: Role,
    extensions: &Extensions<'_>,
    place: &Place,
) -> Result<Type, Refusal> {
    if !text.enumeration.is_empty() {
        return place.refuse("an enum must be a schema of its own, with a name");
    }
    let format = match &text.format {
        VariantOrUnknownOrEmpty::Empty => None,
        VariantOrUnknownOrEmpty::Item(StringFormat::Date) => Some("date"),
        VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Some("date-time"),
        VariantOrUnknownOrEmpty::Item(StringFormat::Password) => Some("password"),
        VariantOrUnknownOrEmpty::Item(StringFormat::Byte) => Some("byte"),
        VariantOrUnknownOrEmpty::Item(StringFormat::Binary) => Some("binary"),
        VariantOrUnknownOrEmpty::Unknown(format) => Some(format.as_str()),
    };
    let decimal = format == Some("decimal");
    if role == Role::Answer {
        return Ok(Type::Text(Text {
            checks: Vec::new(),
            decimal,
            long_decimal: format == Some("long-decimal"),
        }));
    }
    let mut checks = Vec::new();
    match format {
        None | Some("decimal") => {}
        Some("email") => checks.push(TextCheck::Email),
        Some("uri") => checks.push(TextCheck::Url),
        Some("ip") => checks.push(TextCheck::Ip),
        Some("uuid") => checks.push(TextCheck::Uuid),
        Some("date") => checks.push(TextCheck::Date),
        Some(other) => {
            return place
                .at("format")
                .refuse(format!("there is no check for the format `{other}`"));
        }
    }
    if let Some(regex) = &text.pattern {
        match pattern::parse(regex) {
            Ok(pattern) => checks.push(TextCheck::Pattern(pattern)),
            Err(problem) => return place.at("pattern").refuse(problem),
        }
    }
    let strips = match extensions.text("x-rule")? {
        None => false,
        Some("country-code") => {
            checks.push(TextCheck::CountryCode);
            false
        }
        Some("strip-non-digits") => {
            checks.push(TextCheck::StripNonDigits);
            true
        }
        Some(other) => {
            return extensions
                .place("x-rule")
                .refuse(format!("there is no rule `{other}`"));
        }
    };
    let digits = (
        extensions.count("x-min-digits")?,
        extensions.count("x-max-digits")?,
    );
    let length = |length: Option<usize>| length.map(|length| length as u64);
    let lengths = (length(text.min_length), length(text.max_length));
    let (min, max) = match (strips, digits, lengths) {
        (true, digits, (None, None)) => digits,
        (false, (None, None), lengths) => lengths,
        _ => {
            return place.refuse(
                "`x-min-digits` and `x-max-digits` stand with `strip-non-digits` instead of lengths",
            );
        }
    };
    let size = |size: u64| u32::try_from(size).map_err(|_| place.refusal("too long"));
    checks.extend(min.map(size).transpose()?.map(TextCheck::LengthMin));
    checks.extend(max.map(size).transpose()?.map(TextCheck::LengthMax));
    Ok(Type::Text(Text {
        checks,
        decimal,
        long_decimal: false,
    }))
}

fn number_type(number: &NumberType, role: Role, place: &Place) -> Result<Type, Refusal> {
    if role == Role::Answer {
        return place.refuse(
            "a number in an answer is not exact: it would be a text with `format: decimal`",
        );
    }
    if !number.enumeration.is_empty() {
        return place.refuse("an enum of numbers is not supported");
    }
    let mut checks = Vec::new();
    if let Some(limit) = &number.minimum {
        checks.push(NumberCheck::Min(decimal(&limit.to_string(), place)?));
    }
    if let Some(limit) = &number.maximum {
        checks.push(NumberCheck::Max(decimal(&limit.to_string(), place)?));
    }
    if let Some(limit) = &number.multiple_of {
        checks.push(NumberCheck::MultipleOf(decimal(&limit.to_string(), place)?));
    }
    Ok(Type::Number(checks))
}

/// A limit as decimal text. It was read as binary, so only as many digits are trusted as that holds exactly.
fn decimal(text: &str, place: &Place) -> Result<String, Refusal> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits > 15 {
        return place.refuse("a limit has at most 15 digits");
    }
    Ok(text.to_owned())
}

pub(super) fn sensitivity(
    extensions: &Extensions<'_>,
    kind: &Type,
    role: Role,
) -> Result<Option<Sensitivity>, Refusal> {
    let word = extensions.word("x-sensitive", &["pan", "cvc", "pii", "secret"])?;
    let place = extensions.place("x-sensitive");
    let sensitivity = match word {
        None => return Ok(None),
        Some("pii") => Sensitivity::Pii,
        Some("secret") => {
            return place.refuse("a secret in a body is not supported: no type for it can be read");
        }
        Some(_) if role == Role::Answer => {
            return place.refuse("no answer holds card data: there is no type for it");
        }
        Some("pan") => Sensitivity::Pan,
        Some(_) => Sensitivity::Cvc,
    };
    if matches!(
        kind,
        Type::Text(Text {
            decimal: false,
            long_decimal: false,
            ..
        })
    ) {
        return Ok(Some(sensitivity));
    }
    place.refuse("only a plain text can be kept from being shown")
}

fn demo(extensions: &Extensions<'_>) -> Result<Option<DemoLimits>, Refusal> {
    let Some(map) = extensions.map("x-demo")? else {
        return Ok(None);
    };
    let place = extensions.place("x-demo");
    let mut limits = DemoLimits {
        minimum: None,
        maximum: None,
    };
    for (key, value) in map {
        let limit = match (key.as_str(), value) {
            ("minimum", Value::Number(_)) => &mut limits.minimum,
            ("maximum", Value::Number(_)) => &mut limits.maximum,
            _ => {
                return place
                    .at(key)
                    .refuse("only the numbers `minimum` and `maximum`");
            }
        };
        *limit = Some(decimal(&value.to_string(), &place.at(key))?);
    }
    Ok(Some(limits))
}

fn test_cards(extensions: &Extensions<'_>) -> Result<Vec<TestCard>, Refusal> {
    let mut cards = Vec::new();
    for (index, card) in extensions.list("x-test-cards")?.iter().enumerate() {
        let place = extensions.place("x-test-cards").at(&index.to_string());
        let text = |key: &str| match card.get(key).and_then(Value::as_str) {
            Some(text) => Ok(text.to_owned()),
            None => place.at(key).refuse("a text must stand here"),
        };
        let is_manual = match text("approval")?.as_str() {
            "manual" => true,
            "automatic" => false,
            _ => return place.at("approval").refuse("`manual` or `automatic`"),
        };
        cards.push(TestCard {
            number: text("number")?,
            name: text("name")?,
            outcome: text("outcome")?,
            is_manual,
        });
    }
    Ok(cards)
}
