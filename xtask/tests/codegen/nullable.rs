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
        body: Some(&rules::CREATE_THING),
        form: None,
        body_bytes_max: 1024,
        answers: &[Answer {
            status: 200,
            schema: Some("ThingDone"),
            inferred: true,
        }],
    };

    /// Every operation, in the order of the document.
    pub static ALL: &[&Operation] = &[&CREATE_THING];
}

pub mod rules {
    //! The rule tables that a request's body, or its query, is checked against.

    use xgateway_core::rules::{Field, Kind, Limit, NumberCheck, Schema, StringCheck};

    /// The rules of `CreateThing`, in the gateway's order.
    ///
    /// Source: `inferred:made up`.
    pub static CREATE_THING: Schema = Schema {
        name: "CreateThing",
        strict: false,
        fields: &[
            Field {
                name: "note",
                path: &["note"],
                required: true,
                nullable: true,
                kind: Kind::Text(&[]),
            },
            Field {
                name: "comment",
                path: &["comment"],
                required: false,
                nullable: true,
                kind: Kind::Text(&[StringCheck::LengthMax(5)]),
            },
            Field {
                name: "price",
                path: &["price"],
                required: true,
                nullable: true,
                kind: Kind::Number(&[NumberCheck::Min(Limit::new("1"))]),
            },
            Field {
                name: "rate",
                path: &["rate"],
                required: false,
                nullable: true,
                kind: Kind::Number(&[]),
            },
            Field {
                name: "secret",
                path: &["secret"],
                required: false,
                nullable: true,
                kind: Kind::Text(&[]),
            },
            Field {
                name: "size",
                path: &["size"],
                required: true,
                nullable: true,
                kind: Kind::Enum(&["small", "large"]),
            },
            Field {
                name: "colour",
                path: &["colour"],
                required: false,
                nullable: true,
                kind: Kind::Enum(&["small", "large"]),
            },
            Field {
                name: "part",
                path: &["part"],
                required: false,
                nullable: true,
                kind: Kind::Object(&PART),
            },
            Field {
                name: "gift",
                path: &["gift"],
                required: false,
                nullable: true,
                kind: Kind::Boolean,
            },
            Field {
                name: "fast",
                path: &["fast"],
                required: true,
                nullable: false,
                kind: Kind::Boolean,
            },
        ],
    };

    /// The rules of `Part`, in the gateway's order.
    ///
    /// Source: `inferred:made up`.
    pub static PART: Schema = Schema {
        name: "Part",
        strict: false,
        fields: &[Field {
            name: "flag",
            path: &["part", "flag"],
            required: true,
            nullable: false,
            kind: Kind::Boolean,
        }],
    };
}

pub mod types {
    //! Requests and answers, field by field.

    use bytes::Bytes;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize};
    use serde_json::value::RawValue;
    use xgateway_core::issue::Issues;
    use xgateway_core::money::JsonNumber;
    use xgateway_core::open_enum::open_enum;
    use xgateway_core::rules::{Document, Field, Schema, Value};
    use xgateway_core::secret::PersonalText;

    use super::{operations, rules};
    use crate::call::Call;
    use crate::json::{self, Ruled};
    use crate::operation::Operation;

    open_enum! {
        /// One of some words.
        ///
        /// Source: `inferred:made up`.
        pub enum Size {
            /// `small`.
            Small = "small",
            /// `large`.
            Large = "large",
        }
    }

    /// A thing to make.
    ///
    /// Source: `inferred:made up`.
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct CreateThing {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(deserialize_with = "Option::deserialize")]
        pub note: Option<String>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[expect(clippy::option_option, reason = "missing and null are two things")]
        #[serde(default, deserialize_with = "json::present")]
        pub comment: Option<Option<String>>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(deserialize_with = "nullable_number")]
        pub price: Option<JsonNumber>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[expect(clippy::option_option, reason = "missing and null are two things")]
        #[serde(default, deserialize_with = "present_nullable_number")]
        pub rate: Option<Option<JsonNumber>>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[expect(clippy::option_option, reason = "missing and null are two things")]
        #[serde(default, deserialize_with = "json::present")]
        pub secret: Option<Option<PersonalText>>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(deserialize_with = "Option::deserialize")]
        pub size: Option<Size>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[expect(clippy::option_option, reason = "missing and null are two things")]
        #[serde(default, deserialize_with = "json::present")]
        pub colour: Option<Option<Size>>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[expect(clippy::option_option, reason = "missing and null are two things")]
        #[serde(default, deserialize_with = "json::present")]
        pub part: Option<Option<Part>>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[expect(clippy::option_option, reason = "missing and null are two things")]
        #[serde(default, deserialize_with = "json::present")]
        pub gift: Option<Option<bool>>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub fast: bool,
    }

    impl Document for CreateThing {
        fn value(&self, index: usize, _field: &Field) -> Value<'_> {
            match index {
                0 => match &self.note {
                    Some(value) => Value::Text(value),
                    None => Value::Null,
                },
                1 => match &self.comment {
                    Some(Some(value)) => Value::Text(value),
                    Some(None) => Value::Null,
                    None => Value::Missing,
                },
                2 => match &self.price {
                    Some(value) => Value::Number(value.as_str()),
                    None => Value::Null,
                },
                3 => match &self.rate {
                    Some(Some(value)) => Value::Number(value.as_str()),
                    Some(None) => Value::Null,
                    None => Value::Missing,
                },
                4 => match &self.secret {
                    Some(Some(value)) => Value::Text(value.expose()),
                    Some(None) => Value::Null,
                    None => Value::Missing,
                },
                5 => match &self.size {
                    Some(value) => Value::Text(value.as_str()),
                    None => Value::Null,
                },
                6 => match &self.colour {
                    Some(Some(value)) => Value::Text(value.as_str()),
                    Some(None) => Value::Null,
                    None => Value::Missing,
                },
                7 => match &self.part {
                    Some(Some(value)) => Value::Object(value),
                    Some(None) => Value::Null,
                    None => Value::Missing,
                },
                8 => match &self.gift {
                    Some(Some(value)) => Value::Boolean(*value),
                    Some(None) => Value::Null,
                    None => Value::Missing,
                },
                9 => Value::Boolean(self.fast),
                _ => Value::Missing,
            }
        }
    }

    impl Ruled for CreateThing {
        const SCHEMA: &'static Schema = &rules::CREATE_THING;
    }

    /// A part of flags alone.
    ///
    /// Source: `inferred:made up`.
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Part {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub flag: bool,
    }

    impl Document for Part {
        fn value(&self, index: usize, _field: &Field) -> Value<'_> {
            match index {
                0 => Value::Boolean(self.flag),
                _ => Value::Missing,
            }
        }
    }

    impl Ruled for Part {
        const SCHEMA: &'static Schema = &rules::PART;
    }

    /// A thing.
    ///
    /// Source: `inferred:made up`.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[serde(rename_all = "camelCase")]
    #[non_exhaustive]
    pub struct Thing {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub id: String,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(deserialize_with = "Option::deserialize")]
        pub note: Option<String>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
        pub count: Option<i64>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
        pub owner: Option<PersonalText>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "crate::answer::readable::or_refused")]
        pub order: Option<String>,
    }

    impl Call for CreateThing {
        type Answer = Thing;

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

    fn nullable_number<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<JsonNumber>, D::Error> {
        let raw = Option::<Box<RawValue>>::deserialize(deserializer)?;
        raw.map(|raw| JsonNumber::parse(raw.get()).map_err(D::Error::custom))
            .transpose()
    }

    #[expect(clippy::option_option, reason = "missing and null are two things")]
    fn present_nullable_number<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<JsonNumber>>, D::Error> {
        nullable_number(deserializer).map(Some)
    }
}
