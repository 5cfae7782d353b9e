// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.

//! The environments of the gateway, and what holds on Demo only.

/// Production: real money.
///
/// Source: `seed:host-to-host, Brief`.
pub const PRODUCTION_URL: &str = "https://api.xgateway.tech/api";

/// Demo: the gateway's public test environment, with keys of its own.
///
/// Source: `seed:host-to-host, Details`.
pub const DEMO_URL: &str = "https://api.demo.xgateway.tech/api";

/// A documented test card.
#[derive(Clone, Copy, Debug)]
pub struct TestCard {
    /// Its number, digits only.
    pub number: &'static str,
    /// Its name here.
    pub name: &'static str,
    /// What the document says of it.
    pub outcome: &'static str,
    /// Whether a person must approve on the 3DS page; otherwise the page passes by itself.
    pub is_manual: bool,
}

/// The documented test cards, which work on Demo only.
pub static TEST_CARDS: &[TestCard] = &[
    TestCard {
        number: "4000000000000002",
        name: "three_ds",
        outcome: "3DS, successful authorisation",
        is_manual: true,
    },
    TestCard {
        number: "4000000000000408",
        name: "not_enrolled",
        outcome: "not enrolled for 3DS, successful authorisation",
        is_manual: false,
    },
];

/// The least `amount` of `Gateway8Request` that Demo handles.
pub const DEMO_AMOUNT_MIN: &str = "20";

/// The largest `amount` of `Gateway8Request` that Demo handles.
pub const DEMO_AMOUNT_MAX: &str = "150";
