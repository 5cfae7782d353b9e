//! Issues as JSON, key for key in the gateway's order.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{Bound, Issue, IssueKind, Issues, Options, Path, Segment, Size};

impl Serialize for Issues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl Serialize for Issue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let code = self.code();
        let message = self.message();
        // The order of the keys differs by kind; it is zod's.
        match self.kind() {
            IssueKind::InvalidType { expected, received } => {
                map.serialize_entry("code", code)?;
                map.serialize_entry("expected", expected)?;
                map.serialize_entry("received", received)?;
                map.serialize_entry("path", self.path())?;
                map.serialize_entry("message", &message)?;
            }
            IssueKind::InvalidEnumType { options, received } => {
                map.serialize_entry("expected", &options.to_string())?;
                map.serialize_entry("received", received)?;
                map.serialize_entry("code", code)?;
                map.serialize_entry("path", self.path())?;
                map.serialize_entry("message", &message)?;
            }
            IssueKind::InvalidEnumValue { options, received } => {
                map.serialize_entry("received", received)?;
                map.serialize_entry("code", code)?;
                map.serialize_entry("options", options)?;
                map.serialize_entry("path", self.path())?;
                map.serialize_entry("message", &message)?;
            }
            IssueKind::TooSmall { minimum, of, bound } => {
                map.serialize_entry("code", code)?;
                map.serialize_entry("minimum", minimum)?;
                serialize_bounds(&mut map, of, *bound)?;
                map.serialize_entry("message", &message)?;
                map.serialize_entry("path", self.path())?;
            }
            IssueKind::TooBig { maximum, of, bound } => {
                map.serialize_entry("code", code)?;
                map.serialize_entry("maximum", maximum)?;
                serialize_bounds(&mut map, of, *bound)?;
                map.serialize_entry("message", &message)?;
                map.serialize_entry("path", self.path())?;
            }
            IssueKind::NotMultipleOf { of } => {
                map.serialize_entry("code", code)?;
                map.serialize_entry("multipleOf", of)?;
                map.serialize_entry("message", &message)?;
                map.serialize_entry("path", self.path())?;
            }
            IssueKind::InvalidString { validation } => {
                // zod writes a date's keys in another order than those of the other formats.
                if validation == "date" {
                    map.serialize_entry("code", code)?;
                    map.serialize_entry("validation", validation)?;
                } else {
                    map.serialize_entry("validation", validation)?;
                    map.serialize_entry("code", code)?;
                }
                map.serialize_entry("message", &message)?;
                map.serialize_entry("path", self.path())?;
            }
            IssueKind::Other { parameters, .. } => {
                map.serialize_entry("code", code)?;
                for (key, value) in parameters {
                    map.serialize_entry(key, value)?;
                }
                map.serialize_entry("path", self.path())?;
                map.serialize_entry("message", &message)?;
            }
            IssueKind::Custom => {
                map.serialize_entry("code", code)?;
                map.serialize_entry("message", &message)?;
                map.serialize_entry("path", self.path())?;
            }
            IssueKind::UnrecognizedKeys { keys } => {
                map.serialize_entry("code", code)?;
                map.serialize_entry("keys", keys)?;
                map.serialize_entry("path", self.path())?;
                map.serialize_entry("message", &message)?;
            }
        }
        map.end()
    }
}

fn serialize_bounds<M: SerializeMap>(map: &mut M, of: &str, bound: Bound) -> Result<(), M::Error> {
    map.serialize_entry("type", of)?;
    map.serialize_entry("inclusive", &(bound != Bound::Exclusive))?;
    map.serialize_entry("exact", &(bound == Bound::Exact))
}

impl Serialize for Options {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(keys) => serializer.collect_seq(keys.iter()),
            Self::Told(segments) => {
                let mut seq = serializer.serialize_seq(Some(segments.len()))?;
                for segment in segments {
                    match segment {
                        Segment::Key(key) => seq.serialize_element(key)?,
                        Segment::Index(index) => seq.serialize_element(index)?,
                    }
                }
                seq.end()
            }
        }
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(size) => serializer.serialize_u32(*size),
            Self::Text(text) => match text.parse::<i64>() {
                Ok(whole) => serializer.serialize_i64(whole),
                Err(_) => serialize_fraction(text, serializer),
            },
        }
    }
}

#[expect(
    clippy::disallowed_types,
    reason = "a limit that is shown, such as 0.01: the shortest text that reads back is the text itself"
)]
fn serialize_fraction<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => serializer.serialize_f64(number),
        _ => serializer.serialize_str(text),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(kind: IssueKind, want: &Expect) {
        let issue = Issue::new(kind, Path::Known(&["card", "expiryYear"]));
        let text = serde_json::to_string(&issue).expect("issues always serialise");
        want.assert_eq(&text);
    }

    #[test]
    fn keeps_the_key_order_of_the_sample_in_the_seed() {
        let kind = IssueKind::TooBig {
            maximum: Size::Known(4),
            of: "string".into(),
            bound: Bound::Inclusive,
        };
        check(
            kind,
            &expect![[
                r#"{"code":"too_big","maximum":4,"type":"string","inclusive":true,"exact":false,"message":"String must contain at most 4 character(s)","path":["card","expiryYear"]}"#
            ]],
        );
    }

    #[test]
    fn writes_a_fraction_as_a_number() {
        check(
            IssueKind::NotMultipleOf {
                of: Size::Text("0.01".into()),
            },
            &expect![[
                r#"{"code":"not_multiple_of","multipleOf":0.01,"message":"Number must be a multiple of 0.01","path":["card","expiryYear"]}"#
            ]],
        );
    }

    #[test]
    fn writes_a_date_in_its_own_order() {
        let invalid = |validation: &'static str| IssueKind::InvalidString {
            validation: validation.into(),
        };
        check(
            invalid("date"),
            &expect![[
                r#"{"code":"invalid_string","validation":"date","message":"Invalid date","path":["card","expiryYear"]}"#
            ]],
        );
        check(
            invalid("email"),
            &expect![[
                r#"{"validation":"email","code":"invalid_string","message":"Invalid email","path":["card","expiryYear"]}"#
            ]],
        );
    }

    #[test]
    fn scrubs_what_could_be_a_card_number() {
        let options = Options::Known(&["EUR", "USD"]);
        check(
            IssueKind::invalid_enum_value(options, "4000 0000 0000 0002"),
            &expect![[
                r#"{"received":"**","code":"invalid_enum_value","options":["EUR","USD"],"path":["card","expiryYear"],"message":"Invalid enum value. Expected 'EUR' | 'USD', received '**'"}"#
            ]],
        );
    }
}
