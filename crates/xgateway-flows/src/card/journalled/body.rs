//! A body as keyed hashes, field by field.

use xgateway_api::json::Ruled;
use xgateway_core::money::JsonNumber;
use xgateway_core::rules::{Document, Kind, Schema, StringCheck, Value};
use xgateway_core::secret::PersonalText;
use xgateway_store::{Attempt, Fingerprint, FingerprintBuilder, FingerprintKey};

/// The fingerprint of a request. How it is written does not matter: `25.0` is `25.00`, and a card number's blanks do
/// not count, here as at the gateway.
pub(super) fn fingerprint<T: Ruled>(
    key: &FingerprintKey,
    attempt: &Attempt,
    operation: &str,
    request: &T,
) -> Fingerprint {
    let builder = Fingerprint::builder(key, attempt, operation);
    object(builder, T::SCHEMA, request).build()
}

fn object(
    mut builder: FingerprintBuilder,
    schema: &Schema,
    document: &dyn Document,
) -> FingerprintBuilder {
    for (index, field) in schema.fields.iter().enumerate() {
        let path = || field.path.join(".");
        builder = match (document.value(index, field), &field.kind) {
            (Value::Missing, _) => builder,
            (Value::Object(document), Kind::Object(schema)) => object(builder, schema, document),
            (Value::Number(number), _) => builder.field(&path(), &plain(number)),
            (Value::Text(text), Kind::Text(checks)) if ignores_others_than_digits(checks) => {
                builder.field(&path(), digits(text).expose())
            }
            (Value::Text(text), _) => builder.field(&path(), text),
            (Value::Boolean(value), _) => builder.field(&path(), &value.to_string()),
            (value, _) => builder.field(&path(), value.received()),
        };
    }
    builder
}

fn ignores_others_than_digits(checks: &[StringCheck]) -> bool {
    let strips = |check: &StringCheck| matches!(check, StringCheck::StripNonDigits);
    checks.iter().any(strips)
}

/// The digits of what may be a card number, wiped after use.
fn digits(text: &str) -> PersonalText {
    let mut digits = String::with_capacity(text.len());
    digits.extend(text.chars().filter(char::is_ascii_digit));
    PersonalText::from(digits)
}

/// A number in one form of the many that it has.
fn plain(number: &str) -> String {
    JsonNumber::parse(number)
        .ok()
        .and_then(|number| number.to_decimal())
        .map_or_else(|| number.to_owned(), |value| value.normalize().to_string())
}

#[cfg(test)]
mod tests {
    use xgateway_core::id::OrderId;
    use xgateway_core::rules::Field;

    use super::*;

    static SCHEMA: Schema = Schema {
        name: "Consent",
        strict: false,
        fields: &[Field {
            name: "given",
            path: &["given"],
            required: true,
            nullable: true,
            kind: Kind::Boolean,
        }],
    };

    struct Consent(Option<bool>);

    impl Document for Consent {
        fn value(&self, _: usize, _: &Field) -> Value<'_> {
            self.0.map_or(Value::Null, Value::Boolean)
        }
    }

    #[test]
    fn yes_no_and_null_differ() {
        let key = FingerprintKey::new(&[7; 32]).unwrap();
        let attempt = Attempt::first(OrderId::parse("a").unwrap()).unwrap();
        let [yes, no, null] = [Some(true), Some(false), None].map(|given| {
            let builder = Fingerprint::builder(&key, &attempt, "consent");
            object(builder, &SCHEMA, &Consent(given)).build()
        });
        for (one, other) in [(&yes, &no), (&no, &null), (&yes, &null)] {
            assert_eq!(one.differences(other), ["given"]);
        }
    }
}
