// Generated from the document of the same name by `cargo xtask codegen --bless-golden`. Do not edit.

pub mod operations {
    //! Method, path, authentication, idempotency and answers of each operation.

    use http::Method;

    use super::rules;
    use crate::operation::{Answer, Operation};

    /// `POST /match`: Does something.
    ///
    /// Source: `inferred:made up`.
    pub static MATCH: Operation = Operation {
        name: "match_",
        id: "match",
        method: Method::POST,
        path: "/match",
        path_inferred: false,
        summary: "Does something.",
        needs_key: false,
        moves_money: false,
        idempotency_key: None,
        query: None,
        body: Some(&rules::MOVE),
        form: None,
        body_bytes_max: 1024,
        answers: &[Answer {
            status: 200,
            schema: Some("Done"),
            inferred: true,
        }],
    };

    /// Every operation, in the order of the document.
    pub static ALL: &[&Operation] = &[&MATCH];
}

pub mod rules {
    //! The rule tables that a request's body, or its query, is checked against.

    use xgateway_core::rules::{Field, Kind, Schema};

    /// The rules of `Move`, in the gateway's order.
    ///
    /// Source: `inferred:made up`.
    pub static MOVE: Schema = Schema {
        name: "Move",
        strict: false,
        fields: &[
            Field {
                name: "type",
                path: &["type"],
                required: true,
                nullable: false,
                kind: Kind::Text(&[]),
            },
            Field {
                name: "match",
                path: &["match"],
                required: true,
                nullable: false,
                kind: Kind::Text(&[]),
            },
            Field {
                name: "self",
                path: &["self"],
                required: true,
                nullable: false,
                kind: Kind::Text(&[]),
            },
            Field {
                name: "crate",
                path: &["crate"],
                required: true,
                nullable: false,
                kind: Kind::Text(&[]),
            },
            Field {
                name: "async",
                path: &["async"],
                required: false,
                nullable: false,
                kind: Kind::Text(&[]),
            },
        ],
    };
}

pub mod types {
    //! Requests and answers, field by field.

    use bytes::Bytes;
    use serde::Deserialize;
    use xgateway_core::issue::Issues;
    use xgateway_core::rules::{Document, Field, Schema, Value};

    use super::{operations, rules};
    use crate::call::Call;
    use crate::json::{self, Ruled};
    use crate::operation::Operation;

    /// A move.
    ///
    /// Source: `inferred:made up`.
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Move {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(rename = "type")]
        pub kind: String,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub match_: String,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub self_: String,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub crate_: String,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "json::present")]
        pub async_: Option<String>,
    }

    impl Document for Move {
        fn value(&self, index: usize, _field: &Field) -> Value<'_> {
            match index {
                0 => Value::Text(&self.kind),
                1 => Value::Text(&self.match_),
                2 => Value::Text(&self.self_),
                3 => Value::Text(&self.crate_),
                4 => match &self.async_ {
                    Some(value) => Value::Text(value),
                    None => Value::Missing,
                },
                _ => Value::Missing,
            }
        }
    }

    impl Ruled for Move {
        const SCHEMA: &'static Schema = &rules::MOVE;
    }

    impl Call for Move {
        type Answer = String;

        const OPERATION: &'static Operation = &operations::MATCH;

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
}
