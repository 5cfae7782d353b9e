// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.

//! The rule tables that a request's body, or its query, is checked against.

use xgateway_core::rules::{
    Class, Field, Kind, Limit, NumberCheck, Part, Pattern, Schema, StringCheck,
};

const DIGIT: Class = Class(&[('0', '9')]);

static CUSTOMER_PHONE_PATTERN: Pattern = Pattern {
    regex: r"^\d{1,3} \d{4,14}$",
    parts: &[
        Part::Repeat {
            class: DIGIT,
            min: 1,
            max: Some(3),
        },
        Part::Repeat {
            class: Class(&[(' ', ' ')]),
            min: 1,
            max: Some(1),
        },
        Part::Repeat {
            class: DIGIT,
            min: 4,
            max: Some(14),
        },
    ],
};

static EXPIRY_MONTH_PATTERN: Pattern = Pattern {
    regex: r"^\d*$",
    parts: &[Part::Repeat {
        class: DIGIT,
        min: 0,
        max: None,
    }],
};

static AMOUNT_PATTERN: Pattern = Pattern {
    regex: r"^\d+(\.\d{1,18})?$",
    parts: &[
        Part::Repeat {
            class: DIGIT,
            min: 1,
            max: None,
        },
        Part::Optional(&[
            Part::Repeat {
                class: Class(&[('.', '.')]),
                min: 1,
                max: Some(1),
            },
            Part::Repeat {
                class: DIGIT,
                min: 1,
                max: Some(18),
            },
        ]),
    ],
};

static AMOUNT_PATTERN_TOO: Pattern = Pattern {
    regex: r"^\d+(\.\d+)?$",
    parts: &[
        Part::Repeat {
            class: DIGIT,
            min: 1,
            max: None,
        },
        Part::Optional(&[
            Part::Repeat {
                class: Class(&[('.', '.')]),
                min: 1,
                max: Some(1),
            },
            Part::Repeat {
                class: DIGIT,
                min: 1,
                max: None,
            },
        ]),
    ],
};

/// The rules of `Gateway8Request`, in the gateway's order.
///
/// Source: `seed:host-to-host, Required payload`.
pub static GATEWAY8_REQUEST: Schema = Schema {
    name: "Gateway8Request",
    strict: false,
    fields: &[
        Field {
            name: "amount",
            path: &["amount"],
            required: true,
            nullable: false,
            kind: Kind::Number(&[
                NumberCheck::Min(Limit::new("10")),
                NumberCheck::Max(Limit::new("50000")),
                NumberCheck::MultipleOf(Limit::new("0.01")),
            ]),
        },
        Field {
            name: "accountId",
            path: &["accountId"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1)]),
        },
        Field {
            name: "baseCurrency",
            path: &["baseCurrency"],
            required: true,
            nullable: false,
            kind: Kind::Enum(&["EUR", "USD"]),
        },
        Field {
            name: "customerId",
            path: &["customerId"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1)]),
        },
        Field {
            name: "customerDateOfBirth",
            path: &["customerDateOfBirth"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Date]),
        },
        Field {
            name: "customerEmail",
            path: &["customerEmail"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Email]),
        },
        Field {
            name: "customerFirstName",
            path: &["customerFirstName"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(128)]),
        },
        Field {
            name: "customerLastName",
            path: &["customerLastName"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(128)]),
        },
        Field {
            name: "customerPhone",
            path: &["customerPhone"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Pattern(&CUSTOMER_PHONE_PATTERN)]),
        },
        Field {
            name: "userIp",
            path: &["userIp"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Ip]),
        },
        Field {
            name: "billingAddress",
            path: &["billingAddress"],
            required: true,
            nullable: false,
            kind: Kind::Object(&GATEWAY8_BILLING_ADDRESS),
        },
        Field {
            name: "card",
            path: &["card"],
            required: true,
            nullable: false,
            kind: Kind::Object(&GATEWAY8_CARD),
        },
        Field {
            name: "invoiceStrategy",
            path: &["invoiceStrategy"],
            required: false,
            nullable: false,
            kind: Kind::Enum(&["fixed", "floating"]),
        },
        Field {
            name: "orderId",
            path: &["orderId"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1)]),
        },
        Field {
            name: "redirectUrl",
            path: &["redirectUrl"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Url, StringCheck::LengthMax(512)]),
        },
    ],
};

/// The rules of `Gateway8BillingAddress`, in the gateway's order.
///
/// Source: `seed:host-to-host, Required payload`.
pub static GATEWAY8_BILLING_ADDRESS: Schema = Schema {
    name: "Gateway8BillingAddress",
    strict: false,
    fields: &[
        Field {
            name: "addressLine1",
            path: &["billingAddress", "addressLine1"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(300)]),
        },
        Field {
            name: "addressLine2",
            path: &["billingAddress", "addressLine2"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMax(300)]),
        },
        Field {
            name: "city",
            path: &["billingAddress", "city"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(50)]),
        },
        Field {
            name: "countryCode",
            path: &["billingAddress", "countryCode"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::CountryCode]),
        },
        Field {
            name: "postalCode",
            path: &["billingAddress", "postalCode"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(12)]),
        },
        Field {
            name: "state",
            path: &["billingAddress", "state"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(40)]),
        },
    ],
};

/// The rules of `Gateway8Card`, in the gateway's order.
///
/// Source: `seed:host-to-host, Required payload`.
pub static GATEWAY8_CARD: Schema = Schema {
    name: "Gateway8Card",
    strict: false,
    fields: &[
        Field {
            name: "cardNumber",
            path: &["card", "cardNumber"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[
                StringCheck::StripNonDigits,
                StringCheck::LengthMin(12),
                StringCheck::LengthMax(23),
            ]),
        },
        Field {
            name: "cardholderName",
            path: &["card", "cardholderName"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(128)]),
        },
        Field {
            name: "expiryMonth",
            path: &["card", "expiryMonth"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[
                StringCheck::Pattern(&EXPIRY_MONTH_PATTERN),
                StringCheck::LengthMin(2),
                StringCheck::LengthMax(2),
            ]),
        },
        Field {
            name: "expiryYear",
            path: &["card", "expiryYear"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[
                StringCheck::Pattern(&EXPIRY_MONTH_PATTERN),
                StringCheck::LengthMin(4),
                StringCheck::LengthMax(4),
            ]),
        },
        Field {
            name: "cardSecurityCode",
            path: &["card", "cardSecurityCode"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[
                StringCheck::Pattern(&EXPIRY_MONTH_PATTERN),
                StringCheck::LengthMin(3),
                StringCheck::LengthMax(4),
            ]),
        },
    ],
};

/// The rules of `SimulateTransactionRequest`, in the gateway's order.
///
/// Source: `docs:miscellaneous/deposit-and-withdrawal-simulation`.
pub static SIMULATE_TRANSACTION_REQUEST: Schema = Schema {
    name: "SimulateTransactionRequest",
    strict: false,
    fields: &[
        Field {
            name: "amount",
            path: &["amount"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Pattern(&AMOUNT_PATTERN)]),
        },
        Field {
            name: "invoiceId",
            path: &["invoiceId"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1)]),
        },
        Field {
            name: "status",
            path: &["status"],
            required: true,
            nullable: false,
            kind: Kind::Enum(&["confirmed", "failed"]),
        },
    ],
};

/// The rules of `WalletAddressRequest`, in the gateway's order.
///
/// Source: `seed:integration-using-api, Channel payment flow`.
pub static WALLET_ADDRESS_REQUEST: Schema = Schema {
    name: "WalletAddressRequest",
    strict: false,
    fields: &[
        Field {
            name: "currency",
            path: &["currency"],
            required: true,
            nullable: false,
            kind: Kind::Enum(&[
                "BTC", "ETH", "eUSDC", "eUSDT", "BNB", "bUSDT", "POL", "pUSDC", "wpUSDC", "wpUSDT",
                "SOL", "sUSDT", "tUSDC", "tUSDT", "FTN",
            ]),
        },
        Field {
            name: "customerId",
            path: &["customerId"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1)]),
        },
    ],
};

/// The rules of `ChannelRequest`, in the gateway's order.
///
/// Source: `docs:integration-guides/crypto-payments-using-api`.
pub static CHANNEL_REQUEST: Schema = Schema {
    name: "ChannelRequest",
    strict: false,
    fields: &[
        Field {
            name: "currency",
            path: &["currency"],
            required: true,
            nullable: false,
            kind: Kind::Enum(&[
                "BTC", "ETH", "eUSDC", "eUSDT", "BNB", "bUSDT", "POL", "pUSDC", "wpUSDC", "wpUSDT",
                "SOL", "sUSDT", "tUSDC", "tUSDT", "FTN",
            ]),
        },
        Field {
            name: "customerId",
            path: &["customerId"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1)]),
        },
    ],
};

/// The rules of `GetExchangeRateV1`, in the gateway's order.
///
/// Source: `seed:integration-using-api, Channel payment flow`; `operationId`:
/// `inferred:the gateway's name for it is not public`.
pub static GET_EXCHANGE_RATE_V1: Schema = Schema {
    name: "GetExchangeRateV1",
    strict: false,
    fields: &[
        Field {
            name: "source",
            path: &["source"],
            required: true,
            nullable: false,
            kind: Kind::Enum(&[
                "AZN", "BDT", "EUR", "GBP", "INR", "JPY", "KES", "PKR", "RUB", "TRY", "USD", "UZS",
                "BTC", "ETH", "eUSDC", "eUSDT", "BNB", "bUSDT", "POL", "pUSDC", "wpUSDC", "wpUSDT",
                "SOL", "sUSDT", "tUSDC", "tUSDT", "FTN", "USDC", "USDT",
            ]),
        },
        Field {
            name: "target",
            path: &["target"],
            required: true,
            nullable: false,
            kind: Kind::Enum(&[
                "AZN", "BDT", "EUR", "GBP", "INR", "JPY", "KES", "PKR", "RUB", "TRY", "USD", "UZS",
                "BTC", "ETH", "eUSDC", "eUSDT", "BNB", "bUSDT", "POL", "pUSDC", "wpUSDC", "wpUSDT",
                "SOL", "sUSDT", "tUSDC", "tUSDT", "FTN", "USDC", "USDT",
            ]),
        },
        Field {
            name: "amount",
            path: &["amount"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Pattern(&AMOUNT_PATTERN_TOO)]),
        },
    ],
};

/// The rules of `GetExchangeRate`, in the gateway's order.
///
/// Source: `docs:miscellaneous/exchange-rates`.
pub static GET_EXCHANGE_RATE: Schema = Schema {
    name: "GetExchangeRate",
    strict: false,
    fields: &[
        Field {
            name: "source",
            path: &["source"],
            required: true,
            nullable: false,
            kind: Kind::Enum(&[
                "AZN", "BDT", "EUR", "GBP", "INR", "JPY", "KES", "PKR", "RUB", "TRY", "USD", "UZS",
                "BTC", "ETH", "eUSDC", "eUSDT", "BNB", "bUSDT", "POL", "pUSDC", "wpUSDC", "wpUSDT",
                "SOL", "sUSDT", "tUSDC", "tUSDT", "FTN", "USDC", "USDT",
            ]),
        },
        Field {
            name: "target",
            path: &["target"],
            required: true,
            nullable: false,
            kind: Kind::Enum(&[
                "AZN", "BDT", "EUR", "GBP", "INR", "JPY", "KES", "PKR", "RUB", "TRY", "USD", "UZS",
                "BTC", "ETH", "eUSDC", "eUSDT", "BNB", "bUSDT", "POL", "pUSDC", "wpUSDC", "wpUSDT",
                "SOL", "sUSDT", "tUSDC", "tUSDT", "FTN", "USDC", "USDT",
            ]),
        },
        Field {
            name: "amount",
            path: &["amount"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Pattern(&AMOUNT_PATTERN_TOO)]),
        },
        Field {
            name: "direction",
            path: &["direction"],
            required: false,
            nullable: false,
            kind: Kind::Enum(&["toTarget", "toSource"]),
        },
        Field {
            name: "invoiceId",
            path: &["invoiceId"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1)]),
        },
    ],
};
