// Generated from the document of the same name by `cargo xtask codegen --bless-golden`. Do not edit.

pub mod operations {
    //! Method, path, authentication, idempotency and answers of each operation.

    use http::Method;

    use crate::operation::{Answer, Operation};

    /// `DELETE /things/{id}`: Does something.
    ///
    /// Source: `inferred:made up`.
    pub static DELETE_THING: Operation = Operation {
        name: "delete_thing",
        id: "deleteThing",
        method: Method::DELETE,
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
            status: 204,
            schema: None,
            inferred: true,
        }],
    };

    /// Every operation, in the order of the document.
    pub static ALL: &[&Operation] = &[&DELETE_THING];
}

pub mod rules {
    //! The rule tables that a request's body, or its query, is checked against.
}

pub mod types {
    //! Requests and answers, field by field.

    use bytes::Bytes;
    use xgateway_core::issue::Issues;

    use super::operations;
    use crate::call::Call;
    use crate::operation::Operation;
    use crate::path::{self};

    /// Does something.
    ///
    /// Source: `inferred:made up`.
    #[derive(Clone, Debug)]
    pub struct DeleteThing {
        /// Which one.
        ///
        /// Source: `inferred:made up`.
        pub id: String,
    }

    impl Call for DeleteThing {
        type Answer = ();

        const OPERATION: &'static Operation = &operations::DELETE_THING;

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
