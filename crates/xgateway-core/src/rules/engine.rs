//! Walks a rule table over a document.

use crate::issue::{Bound, Issue, IssueKind, Issues, Options, Path, Size};
use crate::rules::number::JsonDecimal;
use crate::rules::{Document, Field, Kind, Limit, NumberCheck, Schema, StringCheck, Value};
use crate::text;

impl Schema {
    /// Checks an object against this table.
    ///
    /// # Errors
    ///
    /// All issues, in the order in which the table declares its fields.
    pub fn check<D: Document + ?Sized>(&self, document: &D) -> Result<(), Issues> {
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
        let issue = Issue::new(wrong_type("object", root), Path::Known(&[]));
        Issues::from_found(vec![issue])
    }

    /// Generic, so that a typed request gives its fields without a call each.
    fn walk<D: Document + ?Sized>(&self, document: &D, found: &mut Vec<Issue>) {
        for (index, field) in self.fields.iter().enumerate() {
            let value = document.value(index, field);
            if let (Kind::Text(checks), Value::Text(text)) = (&field.kind, value) {
                // Of most texts nothing but a length is asked, so that is asked in line.
                if !has_plain_length(checks, text) {
                    check_text(checks, text, field.path, found);
                }
                continue;
            }
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
                let kind = IssueKind::unrecognized_keys(keys);
                push(found, || kind, parent);
            }
        }
    }
}

impl Field {
    /// Checks what is no text.
    fn check(&self, value: Value<'_>, found: &mut Vec<Issue>) {
        match (&self.kind, value) {
            (Kind::Number(checks), Value::Number(text)) => {
                check_number(checks, text, self.path, found);
            }
            (Kind::Enum(options), Value::Text(text)) if options.contains(&text) => {}
            (Kind::Boolean, Value::Boolean(_)) => {}
            (Kind::Object(schema), Value::Object(document)) => schema.walk(document, found),
            (_, value) => push(found, || self.mismatch(value), self.path),
        }
    }

    /// What it is called when `value` is none that this field's kind admits.
    #[cold]
    #[inline(never)]
    fn mismatch(&self, value: Value<'_>) -> IssueKind {
        match (&self.kind, value) {
            (Kind::Enum(options), Value::Text(text)) => {
                IssueKind::invalid_enum_value(Options::Known(options), text)
            }
            (Kind::Enum(options), value) => IssueKind::InvalidEnumType {
                options: Options::Known(options),
                received: value.received().into(),
            },
            (Kind::Text(_), value) => wrong_type("string", value),
            (Kind::Number(_), value) => wrong_type("number", value),
            (Kind::Boolean, value) => wrong_type("boolean", value),
            (Kind::Object(_), value) => wrong_type("object", value),
        }
    }
}

fn wrong_type(expected: &'static str, value: Value<'_>) -> IssueKind {
    IssueKind::InvalidType {
        expected: expected.into(),
        received: value.received().into(),
    }
}

#[inline(never)]
fn check_text(
    checks: &'static [StringCheck],
    text: &str,
    path: &'static [&'static str],
    found: &mut Vec<Issue>,
) {
    for (at, check) in checks.iter().enumerate() {
        let holds = match check {
            StringCheck::StripNonDigits => {
                return check_digits(&checks[at + 1..], text, path, found);
            }
            StringCheck::LengthMin(min) => text::has_utf16_length_min(text, *min as usize),
            StringCheck::LengthMax(max) => text::has_utf16_length_max(text, *max as usize),
            StringCheck::Email
            | StringCheck::Url
            | StringCheck::Ip
            | StringCheck::Uuid
            | StringCheck::Date
            | StringCheck::Pattern(_)
            | StringCheck::CountryCode => has_format(check, text),
        };
        if !holds {
            refuse_text(check, path, found);
        }
    }
}

/// The checks of a text of which all but the digits is stripped.
fn check_digits(
    checks: &'static [StringCheck],
    text: &str,
    path: &'static [&'static str],
    found: &mut Vec<Issue>,
) {
    let count = text.bytes().filter(u8::is_ascii_digit).count();
    for check in checks {
        let holds = match check {
            StringCheck::LengthMin(min) => count >= *min as usize,
            StringCheck::LengthMax(max) => count <= *max as usize,
            StringCheck::Email
            | StringCheck::Url
            | StringCheck::Ip
            | StringCheck::Uuid
            | StringCheck::Date
            | StringCheck::Pattern(_)
            | StringCheck::CountryCode
            | StringCheck::StripNonDigits => has_format(check, text),
        };
        if !holds {
            refuse_text(check, path, found);
        }
    }
}

/// Whether `checks` ask for a length only, and `text` has it: true of most texts, and quicker than one check at a time.
#[inline]
fn has_plain_length(checks: &[StringCheck], text: &str) -> bool {
    match checks {
        [StringCheck::LengthMin(min)] => text::has_utf16_length_min(text, *min as usize),
        [StringCheck::LengthMin(min), StringCheck::LengthMax(max)] => {
            text::has_utf16_length_min(text, *min as usize)
                && text::has_utf16_length_max(text, *max as usize)
        }
        _ => false,
    }
}

/// Whether `text` has the format that `check` asks for. Out of line, as most checks are of lengths and need no registers.
#[inline(never)]
fn has_format(check: &StringCheck, text: &str) -> bool {
    match check {
        StringCheck::Email => text::is_email(text),
        StringCheck::Url => text::is_url(text),
        StringCheck::Ip => text::is_ip(text),
        StringCheck::Uuid => text::is_uuid(text),
        StringCheck::Date => text::is_date(text),
        StringCheck::Pattern(pattern) => pattern.matches(text),
        StringCheck::CountryCode => text::is_country_code(text),
        StringCheck::StripNonDigits | StringCheck::LengthMin(_) | StringCheck::LengthMax(_) => true,
    }
}

/// Notes that a text fails `check`.
#[cold]
#[inline(never)]
fn refuse_text(check: &StringCheck, path: &'static [&'static str], found: &mut Vec<Issue>) {
    match check {
        StringCheck::Email => refuse_format("email", path, found),
        StringCheck::Url => refuse_format("url", path, found),
        StringCheck::Ip => refuse_format("ip", path, found),
        StringCheck::Uuid => refuse_format("uuid", path, found),
        StringCheck::Date => refuse_format("date", path, found),
        StringCheck::Pattern(_) => refuse_format("regex", path, found),
        StringCheck::LengthMin(min) => refuse_short(*min, path, found),
        StringCheck::LengthMax(max) => refuse_long(*max, path, found),
        // Stripping never fails.
        StringCheck::CountryCode | StringCheck::StripNonDigits => {
            push(found, || IssueKind::Custom, path);
        }
    }
}

// Each kind of issue is made in a function of its own, so that it is written where it is kept and not copied there: a copy
// waits for what was written last.

#[inline(never)]
fn refuse_format(format: &'static str, path: &'static [&'static str], found: &mut Vec<Issue>) {
    let kind = || IssueKind::InvalidString {
        validation: format.into(),
    };
    push(found, kind, path);
}

#[inline(never)]
fn refuse_short(min: u32, path: &'static [&'static str], found: &mut Vec<Issue>) {
    let kind = || IssueKind::TooSmall {
        minimum: Size::Known(min),
        of: "string".into(),
        bound: Bound::Inclusive,
    };
    push(found, kind, path);
}

#[inline(never)]
fn refuse_long(max: u32, path: &'static [&'static str], found: &mut Vec<Issue>) {
    let kind = || IssueKind::TooBig {
        maximum: Size::Known(max),
        of: "string".into(),
        bound: Bound::Inclusive,
    };
    push(found, kind, path);
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
                bound: Bound::Inclusive,
            },
            NumberCheck::Max(limit) => IssueKind::TooBig {
                maximum: size(limit),
                of: "number".into(),
                bound: Bound::Inclusive,
            },
            NumberCheck::MultipleOf(limit) => IssueKind::NotMultipleOf { of: size(limit) },
        };
        push(found, || kind, path);
    }
}

#[expect(
    clippy::inline_always,
    reason = "else an issue is made on the stack first and copied, a tenth of the time of a body with eight"
)]
#[inline(always)]
fn push(found: &mut Vec<Issue>, kind: impl FnOnce() -> IssueKind, path: &'static [&'static str]) {
    if found.is_empty() {
        // Where there is one there are often some: one allocation instead of two.
        found.reserve(8);
    }
    // Room is made before the issue is, so that it is written where it is kept: a copy would wait for what was written last.
    found.extend(std::iter::once_with(|| {
        Issue::new(kind(), Path::Known(path))
    }));
}
