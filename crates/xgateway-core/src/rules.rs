//! The rule tables and the engine that checks a document against them.
//!
//! A table ([`Schema`]) is a constant that the generator writes from the OpenAPI document. The engine
//! ([`Schema::check`]) walks it over anything that implements [`Document`], a typed request or JSON text alike, and
//! reports *every* issue at once, in the order in which the table declares its fields, as zod 3 would.
//!
//! The engine mirrors the gateway. What is ours and stricter (Luhn, expiry, ...) is policy, and lives elsewhere.
//!
//! ```
//! use xgateway_core::rules::{Document, Field, Kind, Schema, StringCheck, Value};
//!
//! static GREETING: Schema = Schema {
//!     name: "Greeting",
//!     strict: false,
//!     fields: &[Field {
//!         name: "word",
//!         path: &["word"],
//!         required: true,
//!         nullable: false,
//!         kind: Kind::Text(&[StringCheck::LengthMin(3)]),
//!     }],
//! };
//!
//! #[derive(Debug)]
//! struct Greeting(String);
//!
//! impl Document for Greeting {
//!     fn value(&self, _index: usize, _field: &Field) -> Value<'_> {
//!         Value::Text(&self.0)
//!     }
//! }
//!
//! assert!(GREETING.check(&Greeting("hello".to_owned())).is_ok());
//! let issues = GREETING.check(&Greeting("ho".to_owned())).unwrap_err();
//! assert_eq!(issues.to_string(), "word: String must contain at least 3 character(s)");
//! ```

mod engine;
mod number;
mod pattern;

pub(crate) use number::JsonDecimal;
pub use number::Limit;
pub use pattern::{Class, Part, Pattern};

use std::borrow::Cow;
use std::fmt;

/// The rules of one JSON object.
#[derive(Debug)]
pub struct Schema {
    /// The name of the schema in the OpenAPI document.
    pub name: &'static str,
    /// Whether keys that are not declared are an issue. Otherwise they are dropped silently.
    pub strict: bool,
    /// The declared fields, in the gateway's order.
    pub fields: &'static [Field],
}

/// One declared field of a [`Schema`].
#[derive(Debug)]
pub struct Field {
    /// The key in JSON.
    pub name: &'static str,
    /// The path from the document's root to this field, itself included.
    pub path: &'static [&'static str],
    /// Whether the key must be there.
    pub required: bool,
    /// Whether `null` is admitted.
    pub nullable: bool,
    /// What the value must be.
    pub kind: Kind,
}

/// What a value must be.
#[derive(Debug)]
pub enum Kind {
    /// A text that passes these checks, in this order.
    Text(&'static [StringCheck]),
    /// A number that passes these checks, in this order.
    Number(&'static [NumberCheck]),
    /// One of these texts.
    Enum(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// An object with rules of its own.
    Object(&'static Schema),
}

/// One check of a text. Lengths count UTF-16 code units, as the gateway does.
#[derive(Debug)]
pub enum StringCheck {
    /// An e-mail address.
    Email,
    /// What the WHATWG URL parser accepts.
    Url,
    /// An IPv4 or IPv6 address.
    Ip,
    /// A UUID.
    Uuid,
    /// A calendar date, `yyyy-mm-dd`.
    Date,
    /// A text that matches the pattern from its first to its last character.
    Pattern(&'static Pattern),
    /// An assigned ISO 3166-1 alpha-2 code in capitals.
    CountryCode,
    /// Remove every character that is not an ASCII digit; the checks that follow see the rest.
    StripNonDigits,
    /// At least this many UTF-16 code units.
    LengthMin(u32),
    /// At most this many UTF-16 code units.
    LengthMax(u32),
}

/// One check of a number, judged on its exact decimal text.
#[derive(Debug)]
pub enum NumberCheck {
    /// At least this.
    Min(Limit),
    /// At most this.
    Max(Limit),
    /// A whole multiple of this.
    MultipleOf(Limit),
}

impl NumberCheck {
    /// Whether a JSON number passes.
    ///
    /// ```
    /// use xgateway_core::rules::{Limit, NumberCheck};
    ///
    /// assert!(NumberCheck::MultipleOf(Limit::new("0.01")).admits("33333.33"));
    /// assert!(!NumberCheck::Max(Limit::new("50000")).admits("1e400"));
    /// ```
    #[must_use]
    pub fn admits(&self, number: &str) -> bool {
        self.admits_decimal(&JsonDecimal::read(number))
    }

    fn admits_decimal(&self, number: &JsonDecimal<'_>) -> bool {
        match self {
            Self::Min(limit) => *number >= limit.number(),
            Self::Max(limit) => *number <= limit.number(),
            Self::MultipleOf(limit) => number.is_multiple_of(limit.number()),
        }
    }
}

/// A value that the engine looks at.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// The key is not there.
    Missing,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, as the text of its JSON literal.
    Number(&'a str),
    /// A text, unescaped.
    Text(&'a str),
    /// An array.
    Array,
    /// An object.
    Object(&'a dyn Document),
}

/// An object that the engine can check: its values by field.
pub trait Document {
    /// The value of `field`, which stands at `index` in its [`Schema`].
    fn value(&self, index: usize, field: &Field) -> Value<'_>;

    /// The keys that `schema` does not declare, in the order in which they stand.
    ///
    /// Only asked for strict schemas. A typed request has none.
    fn unknown_keys(&self, schema: &Schema) -> Vec<Cow<'_, str>> {
        let _ = schema;
        Vec::new()
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The kind only: a value may be a card number.
        f.write_str(self.received())
    }
}

impl Value<'_> {
    /// What zod 3 calls this kind of value.
    #[must_use]
    pub fn received(&self) -> &'static str {
        match self {
            Value::Missing => "undefined",
            Value::Null => "null",
            Value::Boolean(_) => "boolean",
            Value::Number(_) => "number",
            Value::Text(_) => "string",
            Value::Array => "array",
            Value::Object(_) => "object",
        }
    }
}
