// Generated from the document of the same name by `cargo xtask codegen --bless-golden`. Do not edit.

pub mod operations {
    //! Method, path, authentication, idempotency and answers of each operation.

    use http::Method;

    use crate::operation::{Answer, Operation};

    /// `GET /things/{id}`: Does something.
    ///
    /// Source: `inferred:made up`.
    pub static GET_THING: Operation = Operation {
        name: "get_thing",
        id: "getThing",
        method: Method::GET,
        path: "/things/{id}",
        path_inferred: false,
        summary: "Does something.",
        needs_key: false,
        moves_money: false,
        idempotency_key: None,
        query: None,
        body: None,
        form: None,
        body_bytes_max: 0,
        answers: &[Answer {
            status: 200,
            schema: Some("ThingDone"),
            inferred: true,
        }],
    };

    /// Every operation, in the order of the document.
    pub static ALL: &[&Operation] = &[&GET_THING];
}

pub mod rules {
    //! The rule tables that a request's body, or its query, is checked against.
}

pub mod types {
    //! Requests and answers, field by field.

    use bytes::Bytes;
    use serde::{Deserialize, Serialize};
    use xgateway_core::issue::Issues;
    use xgateway_core::open_enum::open_enum;

    use super::operations;
    use crate::call::Call;
    use crate::operation::Operation;
    use crate::path::{self};

    open_enum! {
        /// One of some words.
        ///
        /// Source: `inferred:made up`.
        pub enum State {
            /// `new`.
            New = "new",
            /// `in_use`.
            InUse = "in_use",
            /// `3ds`.
            ThreeDs = "3ds",
        }
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
        pub state: State,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default)]
        pub states: Option<Vec<State>>,
    }

    /// Does something.
    ///
    /// Source: `inferred:made up`.
    #[derive(Clone, Debug)]
    pub struct GetThing {
        /// Which one.
        ///
        /// Source: `inferred:made up`.
        pub id: String,
    }

    impl Call for GetThing {
        type Answer = Thing;

        const OPERATION: &'static Operation = &operations::GET_THING;

        fn check(&self) -> Result<(), Issues> {
            Ok(())
        }

        fn path_in(&self, template: &str) -> String {
            path::fill(template, &[&self.id])
        }

        fn body(&self) -> Option<Bytes> {
            None
        }
    }
}
