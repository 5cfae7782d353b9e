//! The pages of fields and rules.

use std::fmt::Write as _;

use super::markdown::{Table, paragraph, sources};
use crate::codegen::model::{
    Api, Field, NumberCheck, Object, Role, Schema, SchemaKind, Text, TextCheck, Type,
};

/// Every request and answer, field by field.
pub(super) fn print(api: &Api) -> String {
    let mut text =
        String::from("In an answer, only what is marked *essential* is needed to understand it.\n");
    for schema in api.schemas.values() {
        match &schema.kind {
            SchemaKind::Object(object) => text.push_str(&fields(api, schema, object)),
            SchemaKind::OneOf(variants) => {
                text.push_str(&heading(schema));
                let mut table = Table::new(&["one of"]);
                for variant in variants {
                    table.row([link(api, &variant.schema)]);
                }
                text.push_str(&table.text());
            }
            SchemaKind::Enum(_) => {}
        }
    }
    for (schema, object) in api.queries() {
        text.push_str(&fields(api, schema, object));
    }
    text
}

/// The checks of every request, in order.
pub(super) fn rules(api: &Api) -> String {
    let mut text = String::from(
        "Issues are reported all at once, in this order. A value of a wrong type gets no further check; otherwise\n\
         every check of a field reports. Lengths count UTF-16 code units.\n",
    );
    for (schema, object) in api.ruled().filter(|(_, it)| it.path.is_empty()) {
        let _ = write!(text, "\n## {}\n\n", schema.name);
        let mut table = Table::new(&["", "field", "checks, in order"]);
        let mut rows = Vec::new();
        collect(api, object, &mut rows);
        for (index, (path, checks)) in rows.into_iter().enumerate() {
            table.row([(index + 1).to_string(), format!("`{path}`"), checks]);
        }
        text.push_str(&table.text());
    }
    text
}

fn collect(api: &Api, object: &Object, rows: &mut Vec<(String, String)>) {
    for field in &object.fields {
        let mut path = object.path.clone();
        path.push(field.name.clone());
        let what = options(api, &field.kind).unwrap_or_else(|| kind(api, &field.kind));
        let mut checks = vec![format!("{}{what}", presence(field))];
        checks.extend(limits(&field.kind));
        rows.push((path.join("."), checks.join("; ")));
        if let Type::Named(name) = &field.kind
            && let SchemaKind::Object(inner) = &api.schema(name).kind
        {
            collect(api, inner, rows);
        }
    }
    if object.strict {
        let mut path = object.path.clone();
        path.push("*".to_owned());
        rows.push((path.join("."), "no other key".to_owned()));
    }
}

/// The values of an enum.
fn options(api: &Api, kind: &Type) -> Option<String> {
    let Type::Named(name) = kind else {
        return None;
    };
    let SchemaKind::Enum(values) = &api.schema(name).kind else {
        return None;
    };
    let texts: Vec<_> = values
        .values
        .iter()
        .map(|it| format!("`{}`", it.text))
        .collect();
    Some(texts.join(" or "))
}

fn presence(field: &Field) -> &'static str {
    match (field.required, field.nullable) {
        (true, false) => "",
        (true, true) => "null or ",
        (false, false) => "optional ",
        (false, true) => "optional, null or ",
    }
}

fn heading(schema: &Schema) -> String {
    format!("\n## {}\n\n{}\n\n", schema.name, paragraph(&schema.docs))
}

fn fields(api: &Api, schema: &Schema, object: &Object) -> String {
    let mut table = Table::new(&["field", "type", "", "limits", "meaning", "source"]);
    for field in &object.fields {
        let mut marks = Vec::new();
        match schema.role {
            Role::Request | Role::Form if field.required => marks.push("required".to_owned()),
            Role::Request | Role::Form | Role::Both => marks.push("optional".to_owned()),
            Role::Answer if field.essential => marks.push("*essential*".to_owned()),
            Role::Answer if field.readable => marks.push("readable if there".to_owned()),
            Role::Answer => {}
        }
        if field.nullable {
            marks.push("or null".to_owned());
        }
        if let Some(sensitive) = field.sensitive {
            marks.push(format!("**{}**", sensitive.word()));
        }
        if field.idempotency_key {
            marks.push("idempotency key".to_owned());
        }
        table.row([
            format!("`{}`", field.name),
            kind(api, &field.kind),
            marks.join(", "),
            limits(&field.kind).join("; "),
            paragraph(&field.docs).to_owned(),
            sources(api.sources.at(&field.place)),
        ]);
    }
    format!("{}{}", heading(schema), table.text())
}

fn link(api: &Api, name: &str) -> String {
    let page = match &api.schema(name).kind {
        SchemaKind::Enum(values) if values.is_currency() => "currencies.md".to_owned(),
        SchemaKind::Enum(_) => format!("values.md#{}", name.to_lowercase()),
        SchemaKind::Object(_) | SchemaKind::OneOf(_) => {
            format!("fields.md#{}", name.to_lowercase())
        }
    };
    format!("[`{name}`]({page})")
}

fn kind(api: &Api, kind: &Type) -> String {
    match kind {
        Type::Text(
            Text { decimal: true, .. }
            | Text {
                long_decimal: true, ..
            },
        ) => "decimal text".to_owned(),
        Type::Text(_) => "text".to_owned(),
        Type::Number(_) => "number".to_owned(),
        Type::Integer => "whole number".to_owned(),
        Type::Boolean => "true or false".to_owned(),
        Type::Named(name) => link(api, name),
        Type::List(item) => format!("list of {}", self::kind(api, item)),
        Type::Map => "object of any keys".to_owned(),
        Type::File(_) => "file".to_owned(),
    }
}

fn limits(kind: &Type) -> Vec<String> {
    match kind {
        Type::Text(text) => text.checks.iter().map(text_check).collect(),
        Type::Number(checks) => checks
            .iter()
            .map(|check| match check {
                NumberCheck::Min(limit) => format!("min {limit}"),
                NumberCheck::Max(limit) => format!("max {limit}"),
                NumberCheck::MultipleOf(limit) => format!("multiple of {limit}"),
            })
            .collect(),
        Type::File(bytes_max) => vec![format!("at most {bytes_max} bytes")],
        Type::Integer | Type::Boolean | Type::Named(_) | Type::List(_) | Type::Map => Vec::new(),
    }
}

fn text_check(check: &TextCheck) -> String {
    match check {
        TextCheck::Email => "e-mail address".to_owned(),
        TextCheck::Url => "URL".to_owned(),
        TextCheck::Ip => "IP address".to_owned(),
        TextCheck::Uuid => "UUID".to_owned(),
        TextCheck::Date => "date".to_owned(),
        TextCheck::Pattern(pattern) => format!("`{}`", pattern.regex),
        TextCheck::CountryCode => "ISO 3166-1 alpha-2, in capitals".to_owned(),
        TextCheck::StripNonDigits => "all but digits removed".to_owned(),
        TextCheck::LengthMin(size) => format!("min length {size}"),
        TextCheck::LengthMax(size) => format!("max length {size}"),
    }
}
