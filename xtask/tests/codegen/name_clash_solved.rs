// Generated from the document of the same name by `cargo xtask codegen --bless-golden`. Do not edit.

pub mod operations {
    //! Method, path, authentication, idempotency and answers of each operation.

    use http::Method;

    use super::rules;
    use crate::operation::{Answer, Operation};

    /// `POST /a`: Does something.
    ///
    /// Source: `inferred:made up`.
    pub static MAKE_A: Operation = Operation {
        name: "make_a",
        id: "makeA",
        method: Method::POST,
        path: "/a",
        path_inferred: false,
        summary: "Does something.",
        needs_key: false,
        moves_money: false,
        idempotency_key: None,
        query: None,
        body: Some(&rules::OLD_CARD_DATA),
        form: None,
        body_bytes_max: 1024,
        answers: &[Answer {
            status: 200,
            schema: Some("Done"),
            inferred: true,
        }],
    };

    /// `POST /b`: Does something.
    ///
    /// Source: `inferred:made up`.
    pub static MAKE_B: Operation = Operation {
        name: "make_b",
        id: "makeB",
        method: Method::POST,
        path: "/b",
        path_inferred: false,
        summary: "Does something.",
        needs_key: false,
        moves_money: false,
        idempotency_key: None,
        query: None,
        body: Some(&rules::CARD_DATA),
        form: None,
        body_bytes_max: 1024,
        answers: &[Answer {
            status: 200,
            schema: Some("Done"),
            inferred: true,
        }],
    };

    /// Every operation, in the order of the document.
    pub static ALL: &[&Operation] = &[&MAKE_A, &MAKE_B];
}

pub mod rules {
    //! The rule tables that a request's body, or its query, is checked against.

    use xgateway_core::rules::{Field, Kind, Schema};

    /// The rules of `card_data`, in the gateway's order.
    ///
    /// Source: `inferred:made up`.
    pub static OLD_CARD_DATA: Schema = Schema {
        name: "card_data",
        strict: false,
        fields: &[
            Field {
                name: "orderId",
                path: &["orderId"],
                required: false,
                nullable: false,
                kind: Kind::Text(&[]),
            },
            Field {
                name: "order_id",
                path: &["order_id"],
                required: false,
                nullable: false,
                kind: Kind::Text(&[]),
            },
        ],
    };

    /// The rules of `CardData`, in the gateway's order.
    ///
    /// Source: `inferred:made up`.
    pub static CARD_DATA: Schema = Schema {
        name: "CardData",
        strict: false,
        fields: &[Field {
            name: "status",
            path: &["status"],
            required: true,
            nullable: false,
            kind: Kind::Enum(&["new", "NEW", "unknown"]),
        }],
    };
}

pub mod types {
    //! Requests and answers, field by field.

    use bytes::Bytes;
    use serde::Deserialize;
    use xgateway_core::issue::Issues;
    use xgateway_core::open_enum::open_enum;
    use xgateway_core::rules::{Document, Field, Schema, Value};

    use super::{operations, rules};
    use crate::call::Call;
    use crate::json::{self, Ruled};
    use crate::operation::Operation;

    open_enum! {
        /// One of some words.
        ///
        /// Source: `inferred:made up`.
        pub enum Status {
            /// `new`.
            New = "new",
            /// `NEW`.
            BrandNew = "NEW",
            /// `unknown`.
            Unsure = "unknown",
        }
    }

    /// A thing.
    ///
    /// Source: `inferred:made up`.
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct OldCardData {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "json::present")]
        pub order_id: Option<String>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(rename = "order_id", default, deserialize_with = "json::present")]
        pub legacy_order_id: Option<String>,
    }

    impl Document for OldCardData {
        fn value(&self, index: usize, _field: &Field) -> Value<'_> {
            match index {
                0 => match &self.order_id {
                    Some(value) => Value::Text(value),
                    None => Value::Missing,
                },
                1 => match &self.legacy_order_id {
                    Some(value) => Value::Text(value),
                    None => Value::Missing,
                },
                _ => Value::Missing,
            }
        }
    }

    impl Ruled for OldCardData {
        const SCHEMA: &'static Schema = &rules::OLD_CARD_DATA;
    }

    /// A thing.
    ///
    /// Source: `inferred:made up`.
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct CardData {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub status: Status,
    }

    impl Document for CardData {
        fn value(&self, index: usize, _field: &Field) -> Value<'_> {
            match index {
                0 => Value::Text(self.status.as_str()),
                _ => Value::Missing,
            }
        }
    }

    impl Ruled for CardData {
        const SCHEMA: &'static Schema = &rules::CARD_DATA;
    }

    impl Call for OldCardData {
        type Answer = String;

        const OPERATION: &'static Operation = &operations::MAKE_A;

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

    impl Call for CardData {
        type Answer = String;

        const OPERATION: &'static Operation = &operations::MAKE_B;

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
