//! The gateway's issues, read back into the type of our own.

use std::borrow::Cow;

use serde_json::value::RawValue;
use xgateway_core::issue::{
    Bound, Issue, IssueKind, Issues, Options, Parameter, Path, Segment, Size,
};
use xgateway_core::secret::scrub;

/// The code of an issue that has none.
const NO_CODE: &str = "unknown";

/// All issues, if one of `errors` is one: it has a path. What stands beside it is one, too, however odd.
pub(super) fn decode(errors: &[&RawValue]) -> Option<Issues> {
    let told: Vec<_> = errors.iter().filter_map(|raw| Told::read(raw)).collect();
    let is_issue = |told: &Told| told.path.is_some() && told.has_words;
    if !told.iter().any(is_issue) {
        return None;
    }
    Issues::new(told.into_iter().map(Issue::from).collect())
}

/// An issue with whatever parameters it has.
struct Told {
    code: Box<str>,
    message: Option<String>,
    path: Option<Vec<Segment>>,
    /// Whether it has a code and a message.
    has_words: bool,
    parameters: Vec<(Box<str>, Parameter)>,
}

impl Told {
    /// Nothing, if it is no object.
    fn read(raw: &RawValue) -> Option<Self> {
        let Ok(Parameter::Object(mut parameters)) = serde_json::from_str(raw.get()) else {
            return None;
        };
        let mut take = |key: &str| {
            let at = parameters.iter().position(|(it, _)| **it == *key)?;
            Some(parameters.remove(at).1)
        };
        let (code, message, path) = (take("code"), take("message"), take("path"));
        let code = code.as_ref().and_then(text);
        let message = message.as_ref().and_then(text).map(str::to_owned);
        Some(Self {
            has_words: code.is_some() && message.is_some(),
            code: code.unwrap_or(NO_CODE).into(),
            message,
            path: path
                .as_ref()
                .and_then(list)
                .map(|it| it.iter().filter_map(segment).collect()),
            parameters,
        })
    }

    fn parameter(&self, key: &str) -> Option<&Parameter> {
        let found = self.parameters.iter().find(|(it, _)| **it == *key);
        found.map(|(_, value)| value)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.parameter(key).and_then(text)
    }

    fn owned(&self, key: &str) -> Option<Cow<'static, str>> {
        self.text(key).map(|text| text.to_owned().into())
    }

    /// Every item of a list of texts.
    fn texts(&self, key: &str) -> Option<Vec<&str>> {
        let items = self.parameter(key).and_then(list)?;
        items.iter().map(text).collect()
    }

    fn size(&self, key: &str) -> Option<Size> {
        let parameter = self.parameter(key)?;
        if let Parameter::Number(size) = parameter {
            return Some(size.clone());
        }
        // A big number is written as a text.
        text(parameter).map(|text| Size::Text(text.to_owned().into()))
    }

    fn bound(&self) -> Option<Bound> {
        let flag = |key, or| match self.parameter(key) {
            None => Some(or),
            Some(Parameter::Flag(flag)) => Some(*flag),
            Some(_) => None,
        };
        match (flag("inclusive", true)?, flag("exact", false)?) {
            (true, true) => Some(Bound::Exact),
            (true, false) => Some(Bound::Inclusive),
            (false, false) => Some(Bound::Exclusive),
            (false, true) => None,
        }
    }

    /// The kind, if it is one that we know, without a parameter that it does not have.
    fn known(&self) -> Option<IssueKind> {
        let (keys, kind): (&[&str], _) = match &*self.code {
            "invalid_type" => (&["expected", "received"], self.invalid_type()?),
            "invalid_enum_value" => {
                let options = self.texts("options")?;
                let options = Options::Told(options.into_iter().map(Into::into).collect());
                let kind = IssueKind::invalid_enum_value(options, self.text("received")?);
                (&["options", "received"], kind)
            }
            "too_small" => (
                &["minimum", "type", "inclusive", "exact"],
                IssueKind::TooSmall {
                    minimum: self.size("minimum")?,
                    of: self.owned("type")?,
                    bound: self.bound()?,
                },
            ),
            "too_big" => (
                &["maximum", "type", "inclusive", "exact"],
                IssueKind::TooBig {
                    maximum: self.size("maximum")?,
                    of: self.owned("type")?,
                    bound: self.bound()?,
                },
            ),
            "not_multiple_of" => {
                let of = self.size("multipleOf")?;
                (&["multipleOf"], IssueKind::NotMultipleOf { of })
            }
            "invalid_string" => {
                let validation = self.owned("validation")?;
                (&["validation"], IssueKind::InvalidString { validation })
            }
            "custom" => (&[], IssueKind::Custom),
            "unrecognized_keys" => {
                let told = self.texts("keys")?;
                let kind = IssueKind::unrecognized_keys(told.into_iter().map(Cow::Borrowed));
                (&["keys"], kind)
            }
            _ => return None,
        };
        let is_known = |(key, _): &(Box<str>, _)| keys.contains(&&**key);
        self.parameters.iter().all(is_known).then_some(kind)
    }

    fn invalid_type(&self) -> Option<IssueKind> {
        let (expected, received) = (self.text("expected")?, self.owned("received")?);
        // An enum's expectation is the list of its texts, in quotes.
        if expected.starts_with('\'') {
            let options = expected.split(" | ");
            let options = options.map(|text| text.trim_matches('\'').into()).collect();
            return Some(IssueKind::InvalidEnumType {
                options: Options::Told(options),
                received,
            });
        }
        Some(IssueKind::InvalidType {
            expected: expected.to_owned().into(),
            received,
        })
    }
}

impl From<Told> for Issue {
    fn from(told: Told) -> Self {
        let kind = told.known().unwrap_or(IssueKind::Other {
            code: told.code,
            parameters: told.parameters,
        });
        let issue = Issue::new(kind, Path::Told(told.path.unwrap_or_default().into()));
        match told.message {
            Some(message) => issue.with_message(message),
            None => issue,
        }
    }
}

fn text(parameter: &Parameter) -> Option<&str> {
    if let Parameter::Text(text) = parameter {
        Some(text)
    } else {
        None
    }
}

fn list(parameter: &Parameter) -> Option<&[Parameter]> {
    if let Parameter::List(items) = parameter {
        Some(items)
    } else {
        None
    }
}

fn segment(parameter: &Parameter) -> Option<Segment> {
    if let Parameter::Number(Size::Text(index)) = parameter {
        let key = |_| Segment::Key(index.as_ref().into());
        return Some(index.parse().map_or_else(key, Segment::Index));
    }
    text(parameter).map(|key| Segment::Key(scrub(key).into()))
}
