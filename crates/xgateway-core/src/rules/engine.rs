//! Walks a rule table over a document.

use crate::issue::{Issue, IssueKind, Issues, Options, Path, Size};
use crate::rules::number::JsonDecimal;
use crate::rules::{Document, Field, Kind, Limit, NumberCheck, Schema, StringCheck, Value};
use crate::text;

impl Schema {
    /// Checks an object against this table.
    ///
    /// # Errors
    ///
    /// All issues, in the order in which the table declares its fields.
    pub fn check(&self, document: &dyn Document) -> Result<(), Issues> {
        let mut found = Vec::new();
        self.walk(document, &mut found);
        Issues::from_found(found)
    }

    /// Checks the root of a document, which may be anything.
    ///
    /// # Errors
    ///
    /// All issues; a single one with the path `[]` if the root is no object.
    pub fn check_root(&self, root: Value<'_>) -> Result<(), Issues> {
        if let Value::Object(document) = root {
            return self.check(document);
        }
        Issues::from_found(vec![wrong_type("object", root, &[])])
    }

    fn walk(&self, document: &dyn Document, found: &mut Vec<Issue>) {
        for (index, field) in self.fields.iter().enumerate() {
            let value = document.value(index, field);
            let is_absent = matches!(value, Value::Missing) && !field.required
                || matches!(value, Value::Null) && field.nullable;
            if !is_absent {
                field.check(value, found);
            }
        }
        if self.strict {
            let keys = document.unknown_keys(self);
            if !keys.is_empty() {
                let parent = self.fields.first().map_or(&[][..], |field| {
                    // A field's path ends with its own name; what stands before it is this object's.
                    &field.path[..field.path.len() - 1]
                });
                found.push(Issue::new(
                    IssueKind::unrecognized_keys(keys),
                    Path::Known(parent),
                ));
            }
        }
    }
}

impl Field {
    fn check(&self, value: Value<'_>, found: &mut Vec<Issue>) {
        match (&self.kind, value) {
            (Kind::Text(checks), Value::Text(text)) => check_text(checks, text, self.path, found),
            (Kind::Number(checks), Value::Number(text)) => {
                check_number(checks, text, self.path, found);
            }
            (Kind::Enum(options), Value::Text(text)) => {
                if !options.contains(&text) {
                    let kind = IssueKind::invalid_enum_value(Options::Known(options), text);
                    found.push(Issue::new(kind, Path::Known(self.path)));
                }
            }
            (Kind::Boolean, Value::Boolean) => {}
            (Kind::Object(schema), Value::Object(document)) => schema.walk(document, found),
            (Kind::Enum(options), value) => {
                let kind = IssueKind::InvalidEnumType {
                    options: Options::Known(options),
                    received: value.received().into(),
                };
                found.push(Issue::new(kind, Path::Known(self.path)));
            }
            (Kind::Text(_), value) => found.push(wrong_type("string", value, self.path)),
            (Kind::Number(_), value) => found.push(wrong_type("number", value, self.path)),
            (Kind::Boolean, value) => found.push(wrong_type("boolean", value, self.path)),
            (Kind::Object(_), value) => found.push(wrong_type("object", value, self.path)),
        }
    }
}

fn wrong_type(expected: &'static str, value: Value<'_>, path: &'static [&'static str]) -> Issue {
    let kind = IssueKind::InvalidType {
        expected: expected.into(),
        received: value.received().into(),
    };
    Issue::new(kind, Path::Known(path))
}

fn check_text(
    checks: &'static [StringCheck],
    text: &str,
    path: &'static [&'static str],
    found: &mut Vec<Issue>,
) {
    let mut digits_only = false;
    // Counted once, and only when a length is asked for.
    let mut length = None;
    let mut length_of = |digits_only: bool| -> usize {
        *length.get_or_insert_with(|| {
            if digits_only {
                text.bytes().filter(u8::is_ascii_digit).count()
            } else {
                text::utf16_length(text)
            }
        })
    };
    for check in checks {
        let kind = match check {
            StringCheck::Email => invalid(text::is_email(text), "email"),
            StringCheck::Url => invalid(text::is_url(text), "url"),
            StringCheck::Ip => invalid(text::is_ip(text), "ip"),
            StringCheck::Uuid => invalid(text::is_uuid(text), "uuid"),
            StringCheck::Date => invalid(text::is_date(text), "date"),
            StringCheck::Pattern(pattern) => invalid(pattern.matches(text), "regex"),
            StringCheck::CountryCode => (!text::is_country_code(text)).then_some(IssueKind::Custom),
            StringCheck::StripNonDigits => {
                digits_only = true;
                None
            }
            StringCheck::LengthMin(min) => {
                (length_of(digits_only) < *min as usize).then(|| IssueKind::TooSmall {
                    minimum: Size::Known(*min),
                    of: "string".into(),
                })
            }
            StringCheck::LengthMax(max) => {
                (length_of(digits_only) > *max as usize).then(|| IssueKind::TooBig {
                    maximum: Size::Known(*max),
                    of: "string".into(),
                })
            }
        };
        if let Some(kind) = kind {
            found.push(Issue::new(kind, Path::Known(path)));
        }
    }
}

fn invalid(holds: bool, validation: &'static str) -> Option<IssueKind> {
    (!holds).then(|| IssueKind::InvalidString {
        validation: validation.into(),
    })
}

fn check_number(
    checks: &'static [NumberCheck],
    text: &str,
    path: &'static [&'static str],
    found: &mut Vec<Issue>,
) {
    let number = JsonDecimal::read(text);
    for check in checks {
        if check.admits_decimal(&number) {
            continue;
        }
        let size = |limit: &Limit| Size::Text(limit.text().into());
        let kind = match check {
            NumberCheck::Min(limit) => IssueKind::TooSmall {
                minimum: size(limit),
                of: "number".into(),
            },
            NumberCheck::Max(limit) => IssueKind::TooBig {
                maximum: size(limit),
                of: "number".into(),
            },
            NumberCheck::MultipleOf(limit) => IssueKind::NotMultipleOf { of: size(limit) },
        };
        found.push(Issue::new(kind, Path::Known(path)));
    }
}
