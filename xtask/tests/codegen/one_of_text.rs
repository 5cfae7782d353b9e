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
            schema: Some("Done"),
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

    use std::fmt;

    use bytes::Bytes;
    use serde::{Deserialize, Deserializer, Serialize};
    use serde_json::value::RawValue;
    use xgateway_core::issue::Issues;
    use xgateway_core::open_enum::open_enum;

    use super::operations;
    use crate::call::Call;
    use crate::operation::Operation;
    use crate::path::{self};

    open_enum! {
        /// A kind.
        ///
        /// Source: `inferred:made up`.
        pub enum Kind {
            /// `small`.
            Small = "small",
            /// `large`.
            Large = "large",
        }
    }

    /// What is missing.
    ///
    /// Source: `inferred:made up`.
    #[derive(Clone, Serialize)]
    #[serde(untagged)]
    #[non_exhaustive]
    pub enum Missing {
        /// A kind.
        Kind(Kind),
        /// A missing thing.
        MissingThing(MissingThing),
        /// A shape that this version does not know, as the JSON text that came.
        Unknown(Box<RawValue>),
    }

    impl fmt::Debug for Missing {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Kind(value) => f.debug_tuple("Kind").field(value).finish(),
                Self::MissingThing(value) => f.debug_tuple("MissingThing").field(value).finish(),
                Self::Unknown(_) => f.write_str("Unknown(**)"),
            }
        }
    }

    impl<'de> Deserialize<'de> for Missing {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let raw = Box::<RawValue>::deserialize(deserializer)?;
            if let Ok(value) = serde_json::from_str(raw.get()) {
                return Ok(Self::Kind(value));
            }
            if let Ok(value) = serde_json::from_str(raw.get()) {
                return Ok(Self::MissingThing(value));
            }
            Ok(Self::Unknown(raw))
        }
    }

    /// A missing thing.
    ///
    /// Source: `inferred:made up`.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[serde(rename_all = "camelCase")]
    #[non_exhaustive]
    pub struct MissingThing {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub kind: Kind,
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
        type Answer = Vec<Missing>;

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
