// Generated from the document of the same name by `cargo xtask codegen --bless-golden`. Do not edit.

pub mod operations {
    //! Method, path, authentication, idempotency and answers of each operation.

    use http::Method;

    use super::rules;
    use crate::operation::{Answer, Form, Operation};

    /// `PUT /things/{id}/files`: Does something.
    ///
    /// Source: `inferred:made up`.
    pub static UPLOAD_THING: Operation = Operation {
        name: "upload_thing",
        id: "uploadThing",
        method: Method::PUT,
        path: "/things/{id}/files",
        path_inferred: true,
        summary: "Does something.",
        needs_key: false,
        moves_money: false,
        idempotency_key: None,
        query: None,
        body: None,
        form: Some(Form {
            rules: &rules::THING_FORM,
            file: "file",
            file_bytes_max: 1024,
        }),
        body_bytes_max: 2048,
        answers: &[Answer {
            status: 204,
            schema: None,
            inferred: true,
        }],
    };

    /// Every operation, in the order of the document.
    pub static ALL: &[&Operation] = &[&UPLOAD_THING];
}

pub mod rules {
    //! The rule tables that a request's body, or its query, is checked against.

    use xgateway_core::rules::{Field, Kind, Schema, StringCheck};

    /// The rules of `ThingForm`, in the gateway's order.
    ///
    /// Source: `inferred:made up`.
    pub static THING_FORM: Schema = Schema {
        name: "ThingForm",
        strict: false,
        fields: &[
            Field {
                name: "colour",
                path: &["colour"],
                required: true,
                nullable: false,
                kind: Kind::Enum(&["red", "blue"]),
            },
            Field {
                name: "owner",
                path: &["owner"],
                required: false,
                nullable: false,
                kind: Kind::Text(&[StringCheck::LengthMax(5)]),
            },
            Field {
                name: "note",
                path: &["note"],
                required: false,
                nullable: false,
                kind: Kind::Text(&[]),
            },
            Field {
                name: "file",
                path: &["file"],
                required: true,
                nullable: false,
                kind: Kind::Text(&[]),
            },
        ],
    };
}

pub mod types {
    //! Requests and answers, field by field.

    use xgateway_core::issue::Issues;
    use xgateway_core::open_enum::open_enum;
    use xgateway_core::rules::{Document, Field, Schema, Value};
    use xgateway_core::secret::PersonalText;

    use super::{operations, rules};
    use crate::call::Upload;
    use crate::json::Ruled;
    use crate::operation::Operation;
    use crate::path::{self};

    open_enum! {
        /// A colour.
        ///
        /// Source: `inferred:made up`.
        pub enum Colour {
            /// `red`.
            Red = "red",
            /// `blue`.
            Blue = "blue",
        }
    }

    /// Does something.
    ///
    /// Source: `inferred:made up`.
    #[derive(Clone, Debug)]
    pub struct UploadThing {
        /// Which one.
        ///
        /// Source: `inferred:made up`.
        pub id: String,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub colour: Colour,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub owner: Option<PersonalText>,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub note: Option<String>,
    }

    impl Document for UploadThing {
        fn value(&self, index: usize, _field: &Field) -> Value<'_> {
            match index {
                0 => Value::Text(self.colour.as_str()),
                1 => match &self.owner {
                    Some(value) => Value::Text(value.expose()),
                    None => Value::Missing,
                },
                2 => match &self.note {
                    Some(value) => Value::Text(value),
                    None => Value::Missing,
                },
                3 => Value::Text(""),
                _ => Value::Missing,
            }
        }
    }

    impl Ruled for UploadThing {
        const SCHEMA: &'static Schema = &rules::THING_FORM;
    }

    impl Upload for UploadThing {
        type Answer = ();

        const OPERATION: &'static Operation = &operations::UPLOAD_THING;

        fn check(&self) -> Result<(), Issues> {
            self.check_rules()
        }

        fn path_in(&self, template: &str) -> String {
            path::fill(template, &[&self.id])
        }

        fn texts(&self) -> Vec<(&'static str, &str)> {
            let all = [
                ("colour", Some(self.colour.as_str())),
                ("owner", self.owner.as_ref().map(PersonalText::expose)),
                ("note", self.note.as_deref()),
            ];
            all.into_iter()
                .filter_map(|(name, text)| Some((name, text?)))
                .collect()
        }
    }
}
