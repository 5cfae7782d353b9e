//! Mutations of a valid body, each with the issues that it must yield.

use serde_json::{Map, Value, json};
use xgateway_core::issue::{Issue, IssueKind, Options, Path};
use xgateway_core::rules::{Field, Kind, Schema};

use super::{number, text};

/// One change of a valid body.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// Where, from the root of the body.
    pub path: Vec<&'static str>,
    /// What is changed there.
    pub change: Change,
    /// Every issue that comes of it, in order; none if the body stays valid.
    pub issues: Vec<Issue>,
}

/// What a [`Mutation`] does.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Takes the key away.
    Remove,
    /// Puts this value there.
    Set(Value),
}

impl Mutation {
    /// Changes `body`. Says `false`, and changes nothing, if the object that holds the field is not there.
    pub fn apply(&self, body: &mut Value) -> bool {
        let Some((name, parents)) = self.path.split_last() else {
            return false;
        };
        let mut object = Some(body);
        for parent in parents {
            object = object.and_then(|value| value.get_mut(parent));
        }
        let Some(object) = object.and_then(Value::as_object_mut) else {
            return false;
        };
        match &self.change {
            Change::Remove => {
                object.remove(*name);
            }
            Change::Set(value) => {
                object.insert((*name).to_owned(), value.clone());
            }
        }
        true
    }
}

/// Every mutation of every field of a rule table, those of inner objects included.
///
/// A field goes missing, becomes `null` and each wrong type, goes one past each bound, and nearly has its form. An
/// unknown key comes in.
///
/// ```
/// use serde_json::json;
/// use xgateway_api::{rules, strategies};
///
/// let mutations = strategies::mutations(&rules::GATEWAY8_REQUEST);
/// let short = mutations.iter().find(|it| it.path == ["card", "expiryYear"] && !it.issues.is_empty());
/// assert_eq!(short.expect("there is one").issues[0].to_string(), "card.expiryYear: Required");
/// ```
pub fn mutations(schema: &'static Schema) -> Vec<Mutation> {
    let mut all = Vec::new();
    object(schema, &[], &mut all);
    all
}

fn object(schema: &'static Schema, path: &[&'static str], all: &mut Vec<Mutation>) {
    for field in schema.fields {
        add(field, Change::Remove, missing(field), all);
        for value in any_types() {
            let received = type_name(&value);
            let issues = if value.is_null() && field.nullable {
                Vec::new()
            } else if received != expected(&field.kind) {
                vec![wrong_type(field, received)]
            } else {
                continue;
            };
            add(field, Change::Set(value), issues, all);
        }
        match &field.kind {
            Kind::Text(checks) => {
                for (text, kinds) in text::broken(checks) {
                    add(
                        field,
                        Change::Set(Value::String(text)),
                        at(field, kinds),
                        all,
                    );
                }
            }
            Kind::Number(checks) => {
                for (number, kinds) in number::broken(checks) {
                    add(field, Change::Set(number), at(field, kinds), all);
                }
            }
            Kind::Enum(options) => {
                for text in unknown(options) {
                    let kind = IssueKind::invalid_enum_value(Options::Known(options), &text);
                    add(
                        field,
                        Change::Set(Value::String(text)),
                        at(field, vec![kind]),
                        all,
                    );
                }
            }
            Kind::Boolean => {}
            Kind::Object(inner) => {
                let issues = inner.fields.iter().flat_map(missing).collect();
                add(field, Change::Set(Value::Object(Map::new())), issues, all);
                object(inner, field.path, all);
            }
        }
    }
    surplus(schema, path, all);
}

/// A key that nobody declared.
fn surplus(schema: &'static Schema, path: &[&'static str], all: &mut Vec<Mutation>) {
    const KEY: &str = "surplusKey";
    let parent = schema.fields.first().map_or(&[][..], |field| {
        // A field's path ends with its own name.
        &field.path[..field.path.len() - 1]
    });
    let kind = IssueKind::unrecognized_keys([KEY.into()]);
    all.push(Mutation {
        path: path.iter().copied().chain([KEY]).collect(),
        change: Change::Set(json!(1)),
        issues: if schema.strict {
            vec![Issue::new(kind, Path::Known(parent))]
        } else {
            Vec::new()
        },
    });
}

fn add(field: &'static Field, change: Change, issues: Vec<Issue>, all: &mut Vec<Mutation>) {
    all.push(Mutation {
        path: field.path.to_vec(),
        change,
        issues,
    });
}

fn at(field: &'static Field, kinds: Vec<IssueKind>) -> Vec<Issue> {
    kinds
        .into_iter()
        .map(|kind| Issue::new(kind, Path::Known(field.path)))
        .collect()
}

fn missing(field: &'static Field) -> Vec<Issue> {
    field
        .required
        .then(|| wrong_type(field, "undefined"))
        .into_iter()
        .collect()
}

fn wrong_type(field: &'static Field, received: &'static str) -> Issue {
    let kind = match &field.kind {
        Kind::Enum(options) => IssueKind::InvalidEnumType {
            options: Options::Known(options),
            received: received.into(),
        },
        Kind::Text(_) | Kind::Number(_) | Kind::Boolean | Kind::Object(_) => {
            IssueKind::InvalidType {
                expected: expected(&field.kind).into(),
                received: received.into(),
            }
        }
    };
    Issue::new(kind, Path::Known(field.path))
}

/// A value of each type of JSON, and some that a careless reader would take for another.
fn any_types() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(25),
        json!(-0.5),
        json!("25"),
        json!(""),
        json!([]),
        json!(["25"]),
        json!({}),
    ]
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn expected(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text(_) | Kind::Enum(_) => "string",
        Kind::Number(_) => "number",
        Kind::Boolean => "boolean",
        Kind::Object(_) => "object",
    }
}

/// Texts that are nearly one of the options.
fn unknown(options: &[&str]) -> Vec<String> {
    let mut texts = vec![String::new(), "4000000000000002".to_owned()];
    for option in options {
        texts.push(format!("{option} "));
        texts.push(option.to_uppercase());
        texts.push(option.to_lowercase());
    }
    texts.retain(|text| !options.contains(&text.as_str()));
    texts
}
