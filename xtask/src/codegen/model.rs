//! What the document says, in the terms of the code that follows from it.

use indexmap::IndexMap;

use super::place::Place;
use super::read::pattern::Pattern;
use super::source::Sources;

/// The whole API.
pub(super) struct Api {
    pub(super) sources: Sources,
    pub(super) servers: Vec<Server>,
    /// The header that carries the API key.
    pub(super) key_header: Option<String>,
    pub(super) operations: Vec<Operation>,
    /// By name, in the order of the document: every enum, and what an operation or a callback uses.
    pub(super) schemas: IndexMap<String, Schema>,
}

pub(super) struct Server {
    pub(super) url: String,
    /// `production` or `demo`.
    pub(super) environment: String,
    pub(super) docs: String,
    pub(super) place: Place,
}

pub(super) struct Operation {
    pub(super) place: Place,
    /// In snake case.
    pub(super) name: String,
    pub(super) id: String,
    /// In capitals.
    pub(super) method: String,
    pub(super) path: String,
    pub(super) summary: String,
    pub(super) needs_key: bool,
    pub(super) moves_money: bool,
    /// The only environment that has it.
    pub(super) environment: Option<String>,
    /// Those of the path, in its order.
    pub(super) parameters: Vec<Parameter>,
    /// Those of the query, as the fields of an object of texts.
    pub(super) query: Option<Schema>,
    /// The schema of the body.
    pub(super) body: Option<String>,
    /// The schema of the form that it takes instead of a body.
    pub(super) form: Option<String>,
    /// Whether nobody documented the path.
    pub(super) path_inferred: bool,
    pub(super) body_bytes_max: u64,
    pub(super) idempotency_key: Option<String>,
    pub(super) answers: Vec<Answer>,
    /// What stands under `data` in a success; `None` if there is no body.
    pub(super) data: Option<Type>,
}

pub(super) struct Parameter {
    pub(super) rust: String,
    pub(super) docs: String,
    pub(super) place: Place,
    pub(super) personal: bool,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) schema: Option<String>,
    pub(super) inferred: bool,
    pub(super) docs: String,
    /// Where it is described, which may be among the components.
    pub(super) place: Place,
}

pub(super) struct Schema {
    pub(super) name: String,
    pub(super) rust: String,
    pub(super) docs: String,
    pub(super) place: Place,
    pub(super) role: Role,
    pub(super) kind: SchemaKind,
}

/// Who writes a value of a schema.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    /// The merchant: it is checked by rules.
    Request,
    /// The merchant, as a form of texts and one file: it is checked by rules.
    Form,
    /// The gateway: it is tolerated as far as it makes sense.
    Answer,
    /// Either: an enum.
    Both,
}

pub(super) enum SchemaKind {
    Enum(Enum),
    Object(Object),
    OneOf(Vec<Variant>),
}

pub(super) struct Enum {
    pub(super) open: bool,
    pub(super) values: Vec<EnumValue>,
    /// The networks on which one key owns one address, where the enum is one of currencies.
    pub(super) evm_networks: Vec<String>,
}

pub(super) struct EnumValue {
    pub(super) text: String,
    pub(super) rust: String,
    /// Of an amount in this currency, where the enum is one of currencies.
    pub(super) fraction_digits: Option<u32>,
    /// `fiat` or `crypto`.
    pub(super) kind: Option<String>,
    /// The blockchain that the code names.
    pub(super) network: Option<String>,
}

pub(super) struct Object {
    /// Whether further keys are an issue.
    pub(super) strict: bool,
    pub(super) fields: Vec<Field>,
    /// The fields that the hash of a callback covers.
    pub(super) hashed: Vec<String>,
    /// From the root of the request to this object.
    pub(super) path: Vec<String>,
}

/// A form and its only file.
pub(super) struct Form<'a> {
    pub(super) schema: &'a Schema,
    pub(super) object: &'a Object,
    pub(super) file: &'a str,
    pub(super) file_bytes_max: u64,
}

pub(super) struct Variant {
    pub(super) rust: String,
    /// The schema of its shape: an object, or an enum for a plain text.
    pub(super) schema: String,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each stands for a keyword of the document, and any may go with any"
)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) rust: String,
    pub(super) docs: String,
    pub(super) place: Place,
    pub(super) required: bool,
    pub(super) nullable: bool,
    pub(super) essential: bool,
    /// Whether an answer is refused in which it is there and cannot be read.
    pub(super) readable: bool,
    pub(super) sensitive: Option<Sensitivity>,
    pub(super) idempotency_key: bool,
    pub(super) kind: Type,
    pub(super) demo: Option<DemoLimits>,
    pub(super) test_cards: Vec<TestCard>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sensitivity {
    Pan,
    Cvc,
    Pii,
}

#[derive(Debug, Eq, PartialEq)]
pub(super) enum Type {
    Text(Text),
    Number(Vec<NumberCheck>),
    Integer,
    Boolean,
    /// A schema by name.
    Named(String),
    List(Box<Type>),
    /// An object of any keys and values.
    Map,
    /// A file of at most so many bytes, in a form.
    File(u64),
}

#[derive(Debug, Eq, PartialEq)]
pub(super) struct Text {
    pub(super) checks: Vec<TextCheck>,
    /// Exact decimal text.
    pub(super) decimal: bool,
    /// The same with more digits than an amount has.
    pub(super) long_decimal: bool,
}

#[derive(Debug, Eq, PartialEq)]
pub(super) enum TextCheck {
    Email,
    Url,
    Ip,
    Uuid,
    Date,
    Pattern(Pattern),
    CountryCode,
    StripNonDigits,
    LengthMin(u32),
    LengthMax(u32),
}

#[derive(Debug, Eq, PartialEq)]
pub(super) enum NumberCheck {
    Min(String),
    Max(String),
    MultipleOf(String),
}

/// What Demo handles, as decimal texts.
pub(super) struct DemoLimits {
    pub(super) minimum: Option<String>,
    pub(super) maximum: Option<String>,
}

pub(super) struct TestCard {
    pub(super) number: String,
    pub(super) name: String,
    pub(super) outcome: String,
    pub(super) is_manual: bool,
}

impl Sensitivity {
    /// The word in the document.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Pan => "pan",
            Self::Cvc => "cvc",
            Self::Pii => "pii",
        }
    }
}

impl Api {
    /// The schema of that name, which was found when the document was read.
    pub(super) fn schema(&self, name: &str) -> &Schema {
        self.schemas
            .get(name)
            .expect("a type names only schemas that were read")
    }

    /// Requests, in the order of the document.
    pub(super) fn requests(&self) -> impl Iterator<Item = (&Schema, &Object)> {
        self.objects()
            .filter(|(schema, _)| schema.role == Role::Request)
    }

    /// What is checked by rules: requests, then forms, then queries, each in the order of the document.
    pub(super) fn ruled(&self) -> impl Iterator<Item = (&Schema, &Object)> {
        self.requests().chain(self.forms()).chain(self.queries())
    }

    /// Forms, in the order of the document.
    fn forms(&self) -> impl Iterator<Item = (&Schema, &Object)> {
        self.objects()
            .filter(|(schema, _)| schema.role == Role::Form)
    }

    /// The form that an operation takes, and its file.
    pub(super) fn form(&self, operation: &Operation) -> Option<Form<'_>> {
        let schema = self.schema(operation.form.as_ref()?);
        let SchemaKind::Object(object) = &schema.kind else {
            return None;
        };
        object.fields.iter().find_map(|field| {
            let Type::File(bytes_max) = field.kind else {
                return None;
            };
            Some(Form {
                schema,
                object,
                file: &field.name,
                file_bytes_max: bytes_max,
            })
        })
    }

    /// The parameters of queries, in the order of the document.
    pub(super) fn queries(&self) -> impl Iterator<Item = (&Schema, &Object)> {
        self.operations
            .iter()
            .filter_map(|operation| operation.query())
    }

    /// Objects, in the order of the document.
    pub(super) fn objects(&self) -> impl Iterator<Item = (&Schema, &Object)> {
        self.schemas
            .values()
            .filter_map(|schema| match &schema.kind {
                SchemaKind::Object(object) => Some((schema, object)),
                SchemaKind::Enum(_) | SchemaKind::OneOf(_) => None,
            })
    }

    /// Enums, in the order of the document.
    pub(super) fn enums(&self) -> impl Iterator<Item = (&Schema, &Enum)> {
        self.schemas
            .values()
            .filter_map(|schema| match &schema.kind {
                SchemaKind::Enum(values) => Some((schema, values)),
                SchemaKind::Object(_) | SchemaKind::OneOf(_) => None,
            })
    }
}

impl Operation {
    /// The parameters of the query.
    pub(super) fn query(&self) -> Option<(&Schema, &Object)> {
        let schema = self.query.as_ref()?;
        match &schema.kind {
            SchemaKind::Object(object) => Some((schema, object)),
            SchemaKind::Enum(_) | SchemaKind::OneOf(_) => None,
        }
    }
}

impl Enum {
    /// Whether the values are currencies. Their type lives in the core crate, beside the amounts.
    pub(super) fn is_currency(&self) -> bool {
        self.values
            .iter()
            .any(|value| value.fraction_digits.is_some())
    }
}
