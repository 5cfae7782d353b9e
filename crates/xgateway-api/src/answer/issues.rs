//! The gateway's issues, read back into the type of our own.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use xgateway_core::issue::{Issue, IssueKind, Issues, Options, Path, Segment, Size};
use xgateway_core::secret::scrub;

/// All issues, if every one of `errors` is one.
pub(super) fn decode(errors: &[&RawValue]) -> Option<Issues> {
    let issues = errors
        .iter()
        .map(|raw| {
            serde_json::from_str::<Told<'_>>(raw.get())
                .ok()
                .map(Issue::from)
        })
        .collect::<Option<Vec<_>>>()?;
    Issues::new(issues)
}

/// An issue with whatever parameters it has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    code: String,
    message: String,
    path: Vec<ToldSegment>,
    #[serde(default)]
    expected: Option<String>,
    #[serde(default)]
    received: Option<String>,
    #[serde(default)]
    options: Option<Vec<String>>,
    #[serde(borrow, default)]
    minimum: Option<&'a RawValue>,
    #[serde(borrow, default)]
    maximum: Option<&'a RawValue>,
    #[serde(borrow, default)]
    multiple_of: Option<&'a RawValue>,
    #[serde(borrow, default)]
    validation: Option<&'a RawValue>,
    #[serde(default, rename = "type")]
    of: Option<String>,
    #[serde(default)]
    keys: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ToldSegment {
    Index(u64),
    Key(String),
}

impl Told<'_> {
    /// The same, without what could be a card number: a validator repeats what it was given.
    fn scrubbed(mut self) -> Self {
        let single = [&mut self.expected, &mut self.received, &mut self.of];
        let many = [&mut self.options, &mut self.keys];
        let texts = single.into_iter().flatten();
        for text in texts.chain(many.into_iter().flatten().flatten()) {
            if let Cow::Owned(scrubbed) = scrub(text) {
                *text = scrubbed;
            }
        }
        self
    }
}

impl From<Told<'_>> for Issue {
    fn from(told: Told<'_>) -> Self {
        let told = told.scrubbed();
        let path = told
            .path
            .into_iter()
            .map(|segment| match segment {
                ToldSegment::Index(index) => Segment::Index(index),
                ToldSegment::Key(key) => Segment::Key(scrub(&key).into()),
            })
            .collect();
        let size = |raw: Option<&RawValue>| {
            raw.map(|raw| Size::Text(Cow::Owned(scrub(raw.get().trim_matches('"')).into_owned())))
        };
        let other = || IssueKind::Other {
            code: scrub(&told.code).into(),
        };
        let kind = match told.code.as_str() {
            "invalid_type" => match (told.expected, told.received) {
                // An enum's expectation is the list of its texts, in quotes.
                (Some(expected), Some(received)) if expected.starts_with('\'') => {
                    let options = expected
                        .split(" | ")
                        .map(|text| text.trim_matches('\'').into())
                        .collect();
                    IssueKind::InvalidEnumType {
                        options: Options::Told(options),
                        received: received.into(),
                    }
                }
                (Some(expected), Some(received)) => IssueKind::InvalidType {
                    expected: expected.into(),
                    received: received.into(),
                },
                _ => other(),
            },
            "invalid_enum_value" => match (told.options, told.received) {
                (Some(options), Some(received)) => {
                    let options = options.into_iter().map(String::into_boxed_str).collect();
                    IssueKind::invalid_enum_value(Options::Told(options), &received)
                }
                _ => other(),
            },
            "too_small" => match (size(told.minimum), told.of) {
                (Some(minimum), Some(of)) => IssueKind::TooSmall {
                    minimum,
                    of: of.into(),
                },
                _ => other(),
            },
            "too_big" => match (size(told.maximum), told.of) {
                (Some(maximum), Some(of)) => IssueKind::TooBig {
                    maximum,
                    of: of.into(),
                },
                _ => other(),
            },
            "not_multiple_of" => {
                size(told.multiple_of).map_or_else(other, |of| IssueKind::NotMultipleOf { of })
            }
            "invalid_string" => match told.validation.map(RawValue::get) {
                Some(text) if text.starts_with('"') => IssueKind::InvalidString {
                    validation: scrub(text.trim_matches('"')).into_owned().into(),
                },
                _ => other(),
            },
            "custom" => IssueKind::Custom,
            "unrecognized_keys" => told.keys.map_or_else(other, |keys| {
                IssueKind::unrecognized_keys(keys.into_iter().map(Cow::Owned))
            }),
            _ => other(),
        };
        Issue::new(kind, Path::Told(path)).with_message(told.message)
    }
}
