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
        answers: &[
            Answer {
                status: 201,
                schema: Some("Done"),
                inferred: true,
            },
            Answer {
                status: 400,
                schema: Some("Failure"),
                inferred: false,
            },
            Answer {
                status: 422,
                schema: Some("Issues"),
                inferred: false,
            },
            Answer {
                status: 500,
                schema: Some("Failure"),
                inferred: true,
            },
        ],
    };

    /// Every operation, in the order of the document.
    pub static ALL: &[&Operation] = &[&CREATE_THING];
}

pub mod rules {
    //! The rule tables that a request's body, or its query, is checked against.

    use xgateway_core::rules::{Field, Kind, Schema, StringCheck};

    /// The rules of `CreateThing`, in the gateway's order.
    ///
    /// Source: `inferred:made up`.
    pub static CREATE_THING: Schema = Schema {
        name: "CreateThing",
        strict: false,
        fields: &[Field {
            name: "name",
            path: &["name"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1)]),
        }],
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

    /// A thing.
    ///
    /// Source: `inferred:made up`.
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct CreateThing {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub name: String,
    }

    impl Document for CreateThing {
        fn value(&self, index: usize, _field: &Field) -> Value<'_> {
            match index {
                0 => Value::Text(&self.name),
                _ => Value::Missing,
            }
        }
    }

    impl Ruled for CreateThing {
        const SCHEMA: &'static Schema = &rules::CREATE_THING;
    }

    impl Call for CreateThing {
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
}
