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

static ACCEPTED_PRIVACY_POLICY_HASH_PATTERN: Pattern = Pattern {
    regex: r"^[A-Za-z0-9+/]{43}=$",
    parts: &[
        Part::Repeat {
            class: Class(&[('+', '+'), ('/', '/'), ('0', '9'), ('A', 'Z'), ('a', 'z')]),
            min: 43,
            max: Some(43),
        },
        Part::Repeat {
            class: Class(&[('=', '=')]),
            min: 1,
            max: Some(1),
        },
    ],
};

static AMOUNT_PATTERN_TOO: Pattern = Pattern {
    regex: r"^\d{1,15}(\.\d{1,28})?$",
    parts: &[
        Part::Repeat {
            class: DIGIT,
            min: 1,
            max: Some(15),
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
                max: Some(28),
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
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
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
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
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
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
    ],
};

/// The rules of `CreateProfileRequest`, in the gateway's order.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`.
pub static CREATE_PROFILE_REQUEST: Schema = Schema {
    name: "CreateProfileRequest",
    strict: false,
    fields: &[
        Field {
            name: "country",
            path: &["country"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::CountryCode]),
        },
        Field {
            name: "currency",
            path: &["currency"],
            required: false,
            nullable: false,
            kind: Kind::Enum(&["EUR", "GBP", "USD"]),
        },
        Field {
            name: "email",
            path: &["email"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Email]),
        },
        Field {
            name: "firstName",
            path: &["firstName"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
        Field {
            name: "lastName",
            path: &["lastName"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
        Field {
            name: "acceptedPrivacyPolicyHash",
            path: &["acceptedPrivacyPolicyHash"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Pattern(&ACCEPTED_PRIVACY_POLICY_HASH_PATTERN)]),
        },
        Field {
            name: "acceptedTermsAndConditionsHash",
            path: &["acceptedTermsAndConditionsHash"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Pattern(&ACCEPTED_PRIVACY_POLICY_HASH_PATTERN)]),
        },
        Field {
            name: "acceptedTermsOfServiceHash",
            path: &["acceptedTermsOfServiceHash"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Pattern(&ACCEPTED_PRIVACY_POLICY_HASH_PATTERN)]),
        },
    ],
};

/// The rules of `CreateApplicantRequest`, in the gateway's order.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `required`:
/// `inferred:the printed sample has all; a second line of an address is never mandatory`.
pub static CREATE_APPLICANT_REQUEST: Schema = Schema {
    name: "CreateApplicantRequest",
    strict: false,
    fields: &[
        Field {
            name: "address1",
            path: &["address1"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
        Field {
            name: "address2",
            path: &["address2"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMax(255)]),
        },
        Field {
            name: "postCode",
            path: &["postCode"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
        Field {
            name: "city",
            path: &["city"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
        Field {
            name: "country",
            path: &["country"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::CountryCode]),
        },
        Field {
            name: "dateOfBirth",
            path: &["dateOfBirth"],
            required: true,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Date]),
        },
        Field {
            name: "sourceOfFunds",
            path: &["sourceOfFunds"],
            required: true,
            nullable: false,
            kind: Kind::Enum(&["SALARY", "BUSINESS_INCOME", "PENSION", "OTHER"]),
        },
    ],
};

/// The rules of `CorrectProfileRequest`, in the gateway's order.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`.
pub static CORRECT_PROFILE_REQUEST: Schema = Schema {
    name: "CorrectProfileRequest",
    strict: false,
    fields: &[
        Field {
            name: "firstName",
            path: &["firstName"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
        Field {
            name: "lastName",
            path: &["lastName"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
        Field {
            name: "email",
            path: &["email"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Email]),
        },
        Field {
            name: "dateOfBirth",
            path: &["dateOfBirth"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Date]),
        },
        Field {
            name: "address",
            path: &["address"],
            required: false,
            nullable: false,
            kind: Kind::Object(&CORRECTED_ADDRESS),
        },
        Field {
            name: "acceptedPrivacyPolicyHash",
            path: &["acceptedPrivacyPolicyHash"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Pattern(&ACCEPTED_PRIVACY_POLICY_HASH_PATTERN)]),
        },
        Field {
            name: "acceptedTermsAndConditionsHash",
            path: &["acceptedTermsAndConditionsHash"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Pattern(&ACCEPTED_PRIVACY_POLICY_HASH_PATTERN)]),
        },
        Field {
            name: "acceptedTermsOfServiceHash",
            path: &["acceptedTermsOfServiceHash"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::Pattern(&ACCEPTED_PRIVACY_POLICY_HASH_PATTERN)]),
        },
    ],
};

/// The rules of `CorrectedAddress`, in the gateway's order.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`.
pub static CORRECTED_ADDRESS: Schema = Schema {
    name: "CorrectedAddress",
    strict: false,
    fields: &[
        Field {
            name: "city",
            path: &["address", "city"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
        Field {
            name: "postCode",
            path: &["address", "postCode"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
        Field {
            name: "addressLine1",
            path: &["address", "addressLine1"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
        Field {
            name: "addressLine2",
            path: &["address", "addressLine2"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMax(255)]),
        },
        Field {
            name: "country",
            path: &["address", "country"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::CountryCode]),
        },
    ],
};

/// The rules of `CreateKycLinkRequest`, in the gateway's order.
///
/// Source: `docs:integration-guides/sepa-secure-no-invoice-integration`.
pub static CREATE_KYC_LINK_REQUEST: Schema = Schema {
    name: "CreateKycLinkRequest",
    strict: false,
    fields: &[
        Field {
            name: "locale",
            path: &["locale"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(2), StringCheck::LengthMax(35)]),
        },
        Field {
            name: "applicationId",
            path: &["applicationId"],
            required: false,
            nullable: false,
            kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(255)]),
        },
        Field {
            name: "isKycNoSdk",
            path: &["isKycNoSdk"],
            required: false,
            nullable: false,
            kind: Kind::Boolean,
        },
    ],
};

/// The rules of `ImportKycTokenRequest`, in the gateway's order.
///
/// Source: `inferred:the page speaks of a share token and shows no body`; `required`:
/// `inferred:without the token there is nothing to import`.
pub static IMPORT_KYC_TOKEN_REQUEST: Schema = Schema {
    name: "ImportKycTokenRequest",
    strict: false,
    fields: &[Field {
        name: "token",
        path: &["token"],
        required: true,
        nullable: false,
        kind: Kind::Text(&[StringCheck::LengthMin(1), StringCheck::LengthMax(4096)]),
    }],
};

/// The rules of `CreateBankAccountRequest`, in the gateway's order.
///
/// Source: `inferred:no body is public`; `required`:
/// `inferred:the currency decides which kind of account it is`.
pub static CREATE_BANK_ACCOUNT_REQUEST: Schema = Schema {
    name: "CreateBankAccountRequest",
    strict: false,
    fields: &[Field {
        name: "currency",
        path: &["currency"],
        required: true,
        nullable: false,
        kind: Kind::Enum(&["EUR", "GBP", "USD"]),
    }],
};

/// The rules of `UploadDocumentForm`, in the gateway's order.
///
/// Source: `inferred:the page names the types and sides of documents; the names of the parts are ours`;
/// `required`: `docs:miscellaneous/sepa-secure-service-api/upload-kyc-documents, in words`.
pub static UPLOAD_DOCUMENT_FORM: Schema = Schema {
    name: "UploadDocumentForm",
    strict: false,
    fields: &[
        Field {
            name: "documentType",
            path: &["documentType"],
            required: true,
            nullable: false,
            kind: Kind::Enum(&[
                "SELFIE",
                "PASSPORT",
                "ID_CARD",
                "DRIVERS",
                "RESIDENCE_PERMIT",
                "UTILITY_BILL",
            ]),
        },
        Field {
            name: "documentSubType",
            path: &["documentSubType"],
            required: false,
            nullable: false,
            kind: Kind::Enum(&["FRONT_SIDE", "BACK_SIDE"]),
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
                "SOL", "sUSDT", "tUSDC", "tUSDT", "FTN",
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
                "SOL", "sUSDT", "tUSDC", "tUSDT", "FTN",
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
                "SOL", "sUSDT", "tUSDC", "tUSDT", "FTN",
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
                "SOL", "sUSDT", "tUSDC", "tUSDT", "FTN",
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
