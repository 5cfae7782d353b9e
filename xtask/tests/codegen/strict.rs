// Generated from the document of the same name by `cargo xtask codegen --bless-golden`. Do not edit.

pub mod operations {
    //! Method, path, authentication, idempotency and answers of each operation.

    use http::Method;

    use super::rules;
    use crate::operation::{Answer, Operation};

    /// `POST /things`: Does something.
    ///
    /// Source: `inferred:made up`.
    pub static CREATE_THING: Operation = Operation {
        name: "create_thing",
        id: "createThing",
        method: Method::POST,
        path: "/things",
        path_inferred: false,
        summary: "Does something.",
        needs_key: false,
        moves_money: false,
        idempotency_key: None,
        query: None,
        body: Some(&rules::THING),
        form: None,
        body_bytes_max: 1024,
        answers: &[Answer {
            status: 200,
            schema: Some("Done"),
            inferred: true,
        }],
    };

    /// Every operation, in the order of the document.
    pub static ALL: &[&Operation] = &[&CREATE_THING];
}

pub mod rules {
    //! The rule tables that a request's body, or its query, is checked against.

    use xgateway_core::rules::{
        Class, Field, Kind, Limit, NumberCheck, Part, Pattern, Schema, StringCheck,
    };

    const DIGIT: Class = Class(&[('0', '9')]);

    static CODE_PATTERN: Pattern = Pattern {
        regex: r"^[A-Z_]{2}(-\d+)?$",
        parts: &[
            Part::Repeat {
                class: Class(&[('A', 'Z'), ('_', '_')]),
                min: 2,
                max: Some(2),
            },
            Part::Optional(&[
                Part::Repeat {
                    class: Class(&[('-', '-')]),
                    min: 1,
                    max: Some(1),
                },
                Part::Repeat {
                    class: DIGIT,
                    min: 1,
                    max: None,
                },
            ]),
        ],
    };

    /// The rules of `Thing`, in the gateway's order.
    ///
    /// Source: `inferred:made up`.
    pub static THING: Schema = Schema {
        name: "Thing",
        strict: true,
        fields: &[
            Field {
                name: "id",
                path: &["id"],
                required: true,
                nullable: false,
                kind: Kind::Text(&[StringCheck::Uuid]),
            },
            Field {
                name: "day",
                path: &["day"],
                required: false,
                nullable: false,
                kind: Kind::Text(&[StringCheck::Date]),
            },
            Field {
                name: "code",
                path: &["code"],
                required: false,
                nullable: false,
                kind: Kind::Text(&[
                    StringCheck::Pattern(&CODE_PATTERN),
                    StringCheck::LengthMax(9),
                ]),
            },
            Field {
                name: "same",
                path: &["same"],
                required: false,
                nullable: false,
                kind: Kind::Text(&[StringCheck::Pattern(&CODE_PATTERN)]),
            },
            Field {
                name: "step",
                path: &["step"],
                required: false,
                nullable: false,
                kind: Kind::Number(&[
                    NumberCheck::Min(Limit::new("1000000")),
                    NumberCheck::Max(Limit::new("2000000.5")),
                    NumberCheck::MultipleOf(Limit::new("0.5")),
                ]),
            },
        ],
    };
}

pub mod types {
    //! Requests and answers, field by field.

    use bytes::Bytes;
    use serde::{Deserialize, Deserializer};
    use xgateway_core::issue::Issues;
    use xgateway_core::money::JsonNumber;
    use xgateway_core::rules::{Document, Field, Schema, Value};

    use super::{operations, rules};
    use crate::call::Call;
    use crate::json::{self, Ruled};
    use crate::operation::Operation;

    /// A thing.
    ///
    /// Source: `inferred:made up`.
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub struct Thing {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub id: String,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "json::present")]
        pub day: Option<String>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "json::present")]
        pub code: Option<String>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "json::present")]
        pub same: Option<String>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "present_number")]
        pub step: Option<JsonNumber>,
    }

    impl Document for Thing {
        fn value(&self, index: usize, _field: &Field) -> Value<'_> {
            match index {
                0 => Value::Text(&self.id),
                1 => match &self.day {
                    Some(value) => Value::Text(value),
                    None => Value::Missing,
                },
                2 => match &self.code {
                    Some(value) => Value::Text(value),
                    None => Value::Missing,
                },
                3 => match &self.same {
                    Some(value) => Value::Text(value),
                    None => Value::Missing,
                },
                4 => match &self.step {
                    Some(value) => Value::Number(value.as_str()),
                    None => Value::Missing,
                },
                _ => Value::Missing,
            }
        }
    }

    impl Ruled for Thing {
        const SCHEMA: &'static Schema = &rules::THING;
    }

    impl Call for Thing {
        type Answer = String;

        const OPERATION: &'static Operation = &operations::CREATE_THING;

        fn check(&self) -> Result<(), Issues> {
            self.check_rules()
        }

        fn path_in(&self, template: &str) -> String {
            template.to_owned()
        }

        fn body(&self) -> Option<Bytes> {
            Some(json::write(self))
        }
    }

    fn present_number<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<JsonNumber>, D::Error> {
        json::number(deserializer).map(Some)
    }
}
