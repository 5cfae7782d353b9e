// Generated from the document of the same name by `cargo xtask codegen --bless-golden`. Do not edit.

pub mod operations {
    //! Method, path, authentication, idempotency and answers of each operation.

    use http::Method;

    use super::rules;
    use crate::operation::{Answer, Operation};

    /// `PUT /customers/{email}/things/{thing-id}`: Does something.
    ///
    /// Source: `inferred:made up`.
    pub static RENAME_THING: Operation = Operation {
        name: "rename_thing",
        id: "renameThing",
        method: Method::PUT,
        path: "/customers/{email}/things/{thing-id}",
        path_inferred: false,
        summary: "Does something.",
        needs_key: false,
        moves_money: false,
        idempotency_key: None,
        query: None,
        body: Some(&rules::RENAME),
        form: None,
        body_bytes_max: 1024,
        answers: &[Answer {
            status: 200,
            schema: Some("Done"),
            inferred: true,
        }],
    };

    /// Every operation, in the order of the document.
    pub static ALL: &[&Operation] = &[&RENAME_THING];
}

pub mod rules {
    //! The rule tables that a request's body, or its query, is checked against.

    use xgateway_core::rules::{Field, Kind, Schema, StringCheck};

    /// The rules of `Rename`, in the gateway's order.
    ///
    /// Source: `inferred:made up`.
    pub static RENAME: Schema = Schema {
        name: "Rename",
        strict: false,
        fields: &[
            Field {
                name: "name",
                path: &["name"],
                required: true,
                nullable: false,
                kind: Kind::Text(&[StringCheck::LengthMin(1)]),
            },
            Field {
                name: "options",
                path: &["options"],
                required: false,
                nullable: false,
                kind: Kind::Object(&RENAME_OPTIONS),
            },
        ],
    };

    /// The rules of `RenameOptions`, in the gateway's order.
    ///
    /// Source: `inferred:made up`.
    pub static RENAME_OPTIONS: Schema = Schema {
        name: "RenameOptions",
        strict: false,
        fields: &[Field {
            name: "loud",
            path: &["options", "loud"],
            required: true,
            nullable: false,
            kind: Kind::Boolean,
        }],
    };
}

pub mod types {
    //! Requests and answers, field by field.

    use bytes::Bytes;
    use serde::Deserialize;
    use xgateway_core::issue::Issues;
    use xgateway_core::rules::{Document, Field, Schema, Value};
    use xgateway_core::secret::PersonalText;

    use super::{operations, rules};
    use crate::call::Call;
    use crate::json::{self, Ruled};
    use crate::operation::Operation;
    use crate::path::{self};

    /// A new name.
    ///
    /// Source: `inferred:made up`.
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Rename {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub name: String,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "json::present")]
        pub options: Option<RenameOptions>,
    }

    impl Document for Rename {
        fn value(&self, index: usize, _field: &Field) -> Value<'_> {
            match index {
                0 => Value::Text(&self.name),
                1 => match &self.options {
                    Some(value) => Value::Object(value),
                    None => Value::Missing,
                },
                _ => Value::Missing,
            }
        }
    }

    impl Ruled for Rename {
        const SCHEMA: &'static Schema = &rules::RENAME;
    }

    /// How to rename.
    ///
    /// Source: `inferred:made up`.
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct RenameOptions {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub loud: bool,
    }

    impl Document for RenameOptions {
        fn value(&self, index: usize, _field: &Field) -> Value<'_> {
            match index {
                0 => Value::Boolean(self.loud),
                _ => Value::Missing,
            }
        }
    }

    impl Ruled for RenameOptions {
        const SCHEMA: &'static Schema = &rules::RENAME_OPTIONS;
    }

    /// Does something.
    ///
    /// Source: `inferred:made up`.
    #[derive(Debug)]
    pub struct RenameThing {
        /// Which one.
        ///
        /// Source: `inferred:made up`.
        pub email: PersonalText,
        /// Which one.
        ///
        /// Source: `inferred:made up`.
        pub thing_id: String,
        /// The body.
        pub body: Rename,
    }

    impl Call for RenameThing {
        type Answer = String;

        const OPERATION: &'static Operation = &operations::RENAME_THING;

        fn check(&self) -> Result<(), Issues> {
            self.body.check_rules()
        }

        fn path_in(&self, template: &str) -> String {
            path::fill(template, &[self.email.expose(), &self.thing_id])
        }

        fn body(&self) -> Option<Bytes> {
            Some(json::write(&self.body))
        }
    }
}
