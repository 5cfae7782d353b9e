// Generated from the document of the same name by `cargo xtask codegen --bless-golden`. Do not edit.

pub mod operations {
    //! Method, path, authentication, idempotency and answers of each operation.

    use http::Method;

    use super::rules;
    use crate::operation::{Answer, Operation};

    /// `GET /things/{kind}`: Does something.
    ///
    /// Source: `inferred:made up`.
    pub static LIST_THINGS: Operation = Operation {
        name: "list_things",
        id: "listThings",
        method: Method::GET,
        path: "/things/{kind}",
        path_inferred: false,
        summary: "Does something.",
        needs_key: false,
        moves_money: false,
        idempotency_key: None,
        query: Some(&rules::LIST_THINGS),
        body: None,
        form: None,
        body_bytes_max: 0,
        answers: &[Answer {
            status: 200,
            schema: Some("Done"),
            inferred: true,
        }],
    };

    /// Every operation, in the order of the document.
    pub static ALL: &[&Operation] = &[&LIST_THINGS];
}

pub mod rules {
    //! The rule tables that a request's body, or its query, is checked against.

    use xgateway_core::rules::{Field, Kind, Schema, StringCheck};

    /// The rules of `ListThings`, in the gateway's order.
    ///
    /// Source: `inferred:made up`.
    pub static LIST_THINGS: Schema = Schema {
        name: "ListThings",
        strict: false,
        fields: &[
            Field {
                name: "page",
                path: &["page"],
                required: true,
                nullable: false,
                kind: Kind::Text(&[StringCheck::LengthMin(1)]),
            },
            Field {
                name: "for",
                path: &["for"],
                required: false,
                nullable: false,
                kind: Kind::Text(&[]),
            },
            Field {
                name: "sort-by",
                path: &["sort-by"],
                required: false,
                nullable: false,
                kind: Kind::Enum(&["name", "day"]),
            },
        ],
    };
}

pub mod types {
    //! Requests and answers, field by field.

    use bytes::Bytes;
    use xgateway_core::issue::Issues;
    use xgateway_core::open_enum::open_enum;
    use xgateway_core::rules::{Document, Field, Schema, Value};
    use xgateway_core::secret::PersonalText;

    use super::{operations, rules};
    use crate::call::Call;
    use crate::json::Ruled;
    use crate::operation::Operation;
    use crate::path::{self};

    open_enum! {
        /// An order.
        ///
        /// Source: `inferred:made up`.
        pub enum Order {
            /// `name`.
            Name = "name",
            /// `day`.
            Day = "day",
        }
    }

    /// Does something.
    ///
    /// Source: `inferred:made up`.
    #[derive(Clone, Debug)]
    pub struct ListThings {
        /// Which one.
        ///
        /// Source: `inferred:made up`.
        pub kind: String,
        /// Which one.
        ///
        /// Source: `inferred:made up`.
        pub page: String,
        /// Which one.
        ///
        /// Source: `inferred:made up`.
        pub for_: Option<PersonalText>,
        /// Which one.
        ///
        /// Source: `inferred:made up`.
        pub sort_by: Option<Order>,
    }

    impl Document for ListThings {
        fn value(&self, index: usize, _field: &Field) -> Value<'_> {
            match index {
                0 => Value::Text(&self.page),
                1 => match &self.for_ {
                    Some(value) => Value::Text(value.expose()),
                    None => Value::Missing,
                },
                2 => match &self.sort_by {
                    Some(value) => Value::Text(value.as_str()),
                    None => Value::Missing,
                },
                _ => Value::Missing,
            }
        }
    }

    impl Ruled for ListThings {
        const SCHEMA: &'static Schema = &rules::LIST_THINGS;
    }

    impl Call for ListThings {
        type Answer = String;

        const OPERATION: &'static Operation = &operations::LIST_THINGS;

        fn check(&self) -> Result<(), Issues> {
            self.check_rules()
        }

        fn path_in(&self, template: &str) -> String {
            path::fill_with_query(
                template,
                &[&self.kind],
                &[
                    ("page", Some(&self.page)),
                    ("for", self.for_.as_ref().map(PersonalText::expose)),
                    ("sort-by", self.sort_by.as_ref().map(Order::as_str)),
                ],
            )
        }

        fn body(&self) -> Option<Bytes> {
            None
        }
    }
}
