// Generated from the document of the same name by `cargo xtask codegen --bless-golden`. Do not edit.

pub mod operations {
    //! Method, path, authentication, idempotency and answers of each operation.

    use http::Method;

    use crate::operation::{Answer, Operation};

    /// `GET /payouts/{id}`: Does something.
    ///
    /// Source: `inferred:made up`.
    pub static GET_PAYOUT: Operation = Operation {
        name: "get_payout",
        id: "getPayout",
        method: Method::GET,
        path: "/payouts/{id}",
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
            schema: Some("PayoutDone"),
            inferred: true,
        }],
    };

    /// Every operation, in the order of the document.
    pub static ALL: &[&Operation] = &[&GET_PAYOUT];
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
    use xgateway_core::money::DecimalText;
    use xgateway_core::secret::PersonalText;

    use super::operations;
    use crate::call::Call;
    use crate::operation::Operation;
    use crate::path::{self};

    /// To a card or to a bank account.
    ///
    /// Source: `inferred:made up`.
    #[derive(Clone, Serialize)]
    #[serde(untagged)]
    #[non_exhaustive]
    pub enum Payout {
        /// To a card.
        CardPayout(CardPayout),
        /// To a bank account.
        BankPayout(BankPayout),
        /// A shape that this version does not know, as the JSON text that came.
        Unknown(Box<RawValue>),
    }

    impl fmt::Debug for Payout {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::CardPayout(value) => f.debug_tuple("CardPayout").field(value).finish(),
                Self::BankPayout(value) => f.debug_tuple("BankPayout").field(value).finish(),
                Self::Unknown(_) => f.write_str("Unknown(**)"),
            }
        }
    }

    impl<'de> Deserialize<'de> for Payout {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let raw = Box::<RawValue>::deserialize(deserializer)?;
            if let Ok(value) = serde_json::from_str(raw.get()) {
                return Ok(Self::CardPayout(value));
            }
            if let Ok(value) = serde_json::from_str(raw.get()) {
                return Ok(Self::BankPayout(value));
            }
            Ok(Self::Unknown(raw))
        }
    }

    /// To a card.
    ///
    /// Source: `inferred:made up`.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[serde(rename_all = "camelCase")]
    #[non_exhaustive]
    pub struct CardPayout {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub last_four: String,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
        pub at: Option<String>,
    }

    /// To a bank account.
    ///
    /// Source: `inferred:made up`.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[serde(rename_all = "camelCase")]
    #[non_exhaustive]
    pub struct BankPayout {
        /// A field.
        ///
        /// Source: `inferred:made up`.
        pub iban: PersonalText,
        /// A field.
        ///
        /// Source: `inferred:made up`.
        #[serde(default, deserialize_with = "crate::answer::readable::scalar")]
        pub amount: Option<DecimalText>,
    }

    /// Does something.
    ///
    /// Source: `inferred:made up`.
    #[derive(Clone, Debug)]
    pub struct GetPayout {
        /// Which one.
        ///
        /// Source: `inferred:made up`.
        pub id: String,
    }

    impl Call for GetPayout {
        type Answer = Payout;

        const OPERATION: &'static Operation = &operations::GET_PAYOUT;

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
