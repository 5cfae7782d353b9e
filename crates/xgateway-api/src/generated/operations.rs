// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.

//! Method, path, authentication, idempotency and answers of each operation.

use http::Method;

use super::rules;
use crate::operation::{Answer, Form, Operation};

/// The header that carries the API key.
pub const API_KEY_HEADER: &str = "x-api-key";

/// `POST /v2/gateway8`: Takes a card deposit, host to host.
///
/// Source: `seed:host-to-host, Brief`; `operationId`: `docs:assets/openapi/extracted/gateway8_post.json`;
/// `x-limits`: `inferred:no limit is documented; 1 MiB is far above any valid body`.
pub static CREATE_CARD_DEPOSIT: Operation = Operation {
    name: "create_card_deposit",
    id: "createAndActivateDepositInvoice",
    method: Method::POST,
    path: "/v2/gateway8",
    path_inferred: false,
    summary: "Takes a card deposit, host to host.",
    needs_key: true,
    moves_money: true,
    idempotency_key: Some("orderId"),
    query: None,
    body: Some(&rules::GATEWAY8_REQUEST),
    form: None,
    body_bytes_max: 1_048_576,
    answers: &[
        Answer {
            status: 201,
            schema: Some("CreateInvoiceSuccess"),
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 409,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 413,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 415,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
    ],
};

/// `GET /v2/invoices/{invoiceId}`: Reads an invoice by its id or by the merchant's order id.
///
/// Source: `docs:miscellaneous/invoice-retrieval-api`; `operationId`:
/// `docs:assets/openapi/extracted/invoices__invoiceId__get.json`.
pub static GET_INVOICE: Operation = Operation {
    name: "get_invoice",
    id: "getInvoice",
    method: Method::GET,
    path: "/v2/invoices/{invoiceId}",
    path_inferred: false,
    summary: "Reads an invoice by its id or by the merchant's order id.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
    form: None,
    body_bytes_max: 0,
    answers: &[
        Answer {
            status: 200,
            schema: Some("PublicInvoiceSuccess"),
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 404,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
    ],
};

/// `GET /v2/transaction/{transactionId}`: Reads a transaction, whose status is the gateway's last word on
/// money.
///
/// Source: `docs:miscellaneous/check-transaction-status`; `operationId`:
/// `docs:assets/openapi/extracted/transaction__transactionId__get.json`.
pub static GET_TRANSACTION: Operation = Operation {
    name: "get_transaction",
    id: "getTransaction",
    method: Method::GET,
    path: "/v2/transaction/{transactionId}",
    path_inferred: false,
    summary: "Reads a transaction, whose status is the gateway's last word on money.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
    form: None,
    body_bytes_max: 0,
    answers: &[
        Answer {
            status: 200,
            schema: Some("TransactionDataSuccess"),
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 404,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
    ],
};

/// `POST /v2/transaction/simulate`: Makes the Demo environment finish an invoice, and send the callback.
///
/// Source: `docs:miscellaneous/deposit-and-withdrawal-simulation`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
pub static SIMULATE_TRANSACTION: Operation = Operation {
    name: "simulate_transaction",
    id: "simulateTransaction",
    method: Method::POST,
    path: "/v2/transaction/simulate",
    path_inferred: false,
    summary: "Makes the Demo environment finish an invoice, and send the callback.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::SIMULATE_TRANSACTION_REQUEST),
    form: None,
    body_bytes_max: 1_048_576,
    answers: &[
        Answer {
            status: 200,
            schema: Some("TextSuccess"),
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 404,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 413,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 415,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
    ],
};

/// `POST /v1/wallet/address`: Gives a customer's deposit address, by the old name of the operation.
///
/// Source: `seed:integration-using-api, Channel payment flow`; `path`:
/// `inferred:the seed has it without a version; the first segment is ours`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
pub static CREATE_WALLET_ADDRESS: Operation = Operation {
    name: "create_wallet_address",
    id: "createWalletAddress",
    method: Method::POST,
    path: "/v1/wallet/address",
    path_inferred: true,
    summary: "Gives a customer's deposit address, by the old name of the operation.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::WALLET_ADDRESS_REQUEST),
    form: None,
    body_bytes_max: 1_048_576,
    answers: &[
        Answer {
            status: 200,
            schema: Some("AddressSuccess"),
            inferred: true,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 413,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 415,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
    ],
};

/// `POST /v2/channels`: Gives a customer's deposit address.
///
/// Source: `docs:integration-guides/crypto-payments-using-api`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
pub static CREATE_CHANNEL: Operation = Operation {
    name: "create_channel",
    id: "createChannel",
    method: Method::POST,
    path: "/v2/channels",
    path_inferred: false,
    summary: "Gives a customer's deposit address.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::CHANNEL_REQUEST),
    form: None,
    body_bytes_max: 1_048_576,
    answers: &[
        Answer {
            status: 200,
            schema: Some("AddressSuccess"),
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 413,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 415,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
    ],
};

/// `GET /v1/exchange/rate`: Converts an amount at the current rate, by the old version of the operation.
///
/// Source: `seed:integration-using-api, Channel payment flow`; `operationId`:
/// `inferred:the gateway's name for it is not public`.
pub static GET_EXCHANGE_RATE_V1: Operation = Operation {
    name: "get_exchange_rate_v1",
    id: "convertOneV1",
    method: Method::GET,
    path: "/v1/exchange/rate",
    path_inferred: false,
    summary: "Converts an amount at the current rate, by the old version of the operation.",
    needs_key: false,
    moves_money: false,
    idempotency_key: None,
    query: Some(&rules::GET_EXCHANGE_RATE_V1),
    body: None,
    form: None,
    body_bytes_max: 0,
    answers: &[
        Answer {
            status: 200,
            schema: Some("ConvertedSuccess"),
            inferred: false,
        },
        Answer {
            status: 404,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
    ],
};

/// `GET /v2/exchange/rate`: Converts an amount at the current rate, or at that of an invoice.
///
/// Source: `docs:miscellaneous/exchange-rates`.
pub static GET_EXCHANGE_RATE: Operation = Operation {
    name: "get_exchange_rate",
    id: "convertOne",
    method: Method::GET,
    path: "/v2/exchange/rate",
    path_inferred: false,
    summary: "Converts an amount at the current rate, or at that of an invoice.",
    needs_key: false,
    moves_money: false,
    idempotency_key: None,
    query: Some(&rules::GET_EXCHANGE_RATE),
    body: None,
    form: None,
    body_bytes_max: 0,
    answers: &[
        Answer {
            status: 200,
            schema: Some("ConvertedSuccess"),
            inferred: false,
        },
        Answer {
            status: 404,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
    ],
};

/// `GET /v2/balance/accounts`: Reads the balances of all of the merchant's accounts.
///
/// Source: `seed:integration-using-api, Get balance`; `operationId`:
/// `docs:assets/openapi/extracted/balance_accounts_get.json`.
pub static GET_BALANCES: Operation = Operation {
    name: "get_balances",
    id: "readAccountsBalances",
    method: Method::GET,
    path: "/v2/balance/accounts",
    path_inferred: false,
    summary: "Reads the balances of all of the merchant's accounts.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
    form: None,
    body_bytes_max: 0,
    answers: &[
        Answer {
            status: 200,
            schema: Some("AccountsSuccess"),
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
    ],
};

/// `GET /v2/balance/accounts/{accountId}`: Reads the balance of one of the merchant's accounts.
///
/// Source: `seed:integration-using-api, Get balance`; `operationId`:
/// `docs:assets/openapi/extracted/balance_accounts__accountId__get.json`.
pub static GET_BALANCE: Operation = Operation {
    name: "get_balance",
    id: "readAccountBalance",
    method: Method::GET,
    path: "/v2/balance/accounts/{accountId}",
    path_inferred: false,
    summary: "Reads the balance of one of the merchant's accounts.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
    form: None,
    body_bytes_max: 0,
    answers: &[
        Answer {
            status: 200,
            schema: Some("AccountSuccess"),
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 404,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
    ],
};

/// `POST /v2/customer/{id}/bank-transfer/user`: Creates a customer's profile for bank transfers.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
pub static CREATE_PROFILE: Operation = Operation {
    name: "create_profile",
    id: "createBankTransferUser",
    method: Method::POST,
    path: "/v2/customer/{id}/bank-transfer/user",
    path_inferred: false,
    summary: "Creates a customer's profile for bank transfers.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::CREATE_PROFILE_REQUEST),
    form: None,
    body_bytes_max: 1_048_576,
    answers: &[
        Answer {
            status: 201,
            schema: Some("TextSuccess"),
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 409,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 413,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 415,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
    ],
};

/// `PATCH /v2/customer/{id}/bank-transfer`: Corrects the text items of a customer's profile and KYC
/// application.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/patching-kyc-data`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
pub static CORRECT_PROFILE: Operation = Operation {
    name: "correct_profile",
    id: "patchBankTransferUser",
    method: Method::PATCH,
    path: "/v2/customer/{id}/bank-transfer",
    path_inferred: false,
    summary: "Corrects the text items of a customer's profile and KYC application.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::CORRECT_PROFILE_REQUEST),
    form: None,
    body_bytes_max: 1_048_576,
    answers: &[
        Answer {
            status: 204,
            schema: None,
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 413,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 415,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
    ],
};

/// `POST /v2/customer/{id}/bank-transfer/kyc/applicant`: Creates the applicant that the KYC vendor will look
/// at.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/customer-account-creation`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
pub static CREATE_APPLICANT: Operation = Operation {
    name: "create_applicant",
    id: "createKycApplicant",
    method: Method::POST,
    path: "/v2/customer/{id}/bank-transfer/kyc/applicant",
    path_inferred: false,
    summary: "Creates the applicant that the KYC vendor will look at.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::CREATE_APPLICANT_REQUEST),
    form: None,
    body_bytes_max: 1_048_576,
    answers: &[
        Answer {
            status: 201,
            schema: Some("TextSuccess"),
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 413,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 415,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
    ],
};

/// `PUT /v2/customer/{id}/bank-transfer/kyc/document`: Uploads one side of a KYC document, or replaces it.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/upload-kyc-documents`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `path`:
/// `inferred:the page gives the method; the last segment is ours`; `x-limits`:
/// `inferred:the largest file, and 64 KiB for the parts around it`.
pub static UPLOAD_DOCUMENT: Operation = Operation {
    name: "upload_document",
    id: "uploadKycDocument",
    method: Method::PUT,
    path: "/v2/customer/{id}/bank-transfer/kyc/document",
    path_inferred: true,
    summary: "Uploads one side of a KYC document, or replaces it.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
    form: Some(Form {
        rules: &rules::UPLOAD_DOCUMENT_FORM,
        file: "file",
        file_bytes_max: 49_999_999,
    }),
    body_bytes_max: 50_065_536,
    answers: &[
        Answer {
            status: 204,
            schema: None,
            inferred: true,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 413,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 415,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
    ],
};

/// `POST /v2/customer/{id}/bank-transfer/kyc/verification`: Starts the KYC verification of what was uploaded.
///
/// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_verification_post.json`.
pub static START_VERIFICATION: Operation = Operation {
    name: "start_verification",
    id: "startKycVerification",
    method: Method::POST,
    path: "/v2/customer/{id}/bank-transfer/kyc/verification",
    path_inferred: false,
    summary: "Starts the KYC verification of what was uploaded.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
    form: None,
    body_bytes_max: 0,
    answers: &[
        Answer {
            status: 204,
            schema: None,
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
    ],
};

/// `GET /v2/customer/{id}/bank-transfer/kyc`: Reads how a customer's KYC stands.
///
/// Source: `docs:assets/openapi/extracted/customer__id__bank_transfer_kyc_get.json`.
pub static GET_KYC: Operation = Operation {
    name: "get_kyc",
    id: "getKycApplicationDetails",
    method: Method::GET,
    path: "/v2/customer/{id}/bank-transfer/kyc",
    path_inferred: false,
    summary: "Reads how a customer's KYC stands.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
    form: None,
    body_bytes_max: 0,
    answers: &[
        Answer {
            status: 200,
            schema: Some("KycApplicationDetailsSuccess"),
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: false,
        },
    ],
};

/// `POST /v2/customer/{id}/bank-transfer/kyc/initiate`: Makes a link to the KYC vendor's own pages, where the
/// customer does everything.
///
/// Source: `docs:integration-guides/sepa-secure-no-invoice-integration`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
pub static CREATE_KYC_LINK: Operation = Operation {
    name: "create_kyc_link",
    id: "initiateKyc",
    method: Method::POST,
    path: "/v2/customer/{id}/bank-transfer/kyc/initiate",
    path_inferred: false,
    summary: "Makes a link to the KYC vendor's own pages, where the customer does everything.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::CREATE_KYC_LINK_REQUEST),
    form: None,
    body_bytes_max: 1_048_576,
    answers: &[
        Answer {
            status: 201,
            schema: Some("TextSuccess"),
            inferred: true,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 413,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 415,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
    ],
};

/// `POST /v2/customer/{id}/bank-transfer/kyc/export`: Takes over an applicant whom the KYC vendor has already
/// checked for somebody else.
///
/// Source: `docs:miscellaneous/sumsub-kyc-token-sharing`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `path`:
/// `inferred:the page gives the method and speaks of an export; the last segment is ours`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
pub static IMPORT_KYC_TOKEN: Operation = Operation {
    name: "import_kyc_token",
    id: "importKycToken",
    method: Method::POST,
    path: "/v2/customer/{id}/bank-transfer/kyc/export",
    path_inferred: true,
    summary: "Takes over an applicant whom the KYC vendor has already checked for somebody else.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::IMPORT_KYC_TOKEN_REQUEST),
    form: None,
    body_bytes_max: 1_048_576,
    answers: &[
        Answer {
            status: 201,
            schema: None,
            inferred: true,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 413,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 415,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
    ],
};

/// `POST /v2/customer/{id}/bank-transfer/account`: Creates a virtual bank account, to which the customer pays.
///
/// Source: `seed:integration-using-api, Create a bank account and initiate KYC verification`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `path`:
/// `inferred:the pages give the method; the last segment is ours`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
pub static CREATE_BANK_ACCOUNT: Operation = Operation {
    name: "create_bank_account",
    id: "createBankTransferAccount",
    method: Method::POST,
    path: "/v2/customer/{id}/bank-transfer/account",
    path_inferred: true,
    summary: "Creates a virtual bank account, to which the customer pays.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::CREATE_BANK_ACCOUNT_REQUEST),
    form: None,
    body_bytes_max: 1_048_576,
    answers: &[
        Answer {
            status: 201,
            schema: None,
            inferred: true,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 403,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 413,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 415,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 422,
            schema: Some("AppValidationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
    ],
};

/// `GET /v2/customer/{id}/bank-transfer/accounts`: Lists a customer's virtual bank accounts.
///
/// Source: `docs:miscellaneous/sepa-secure-service-api/get-customer-bank-details`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `path`:
/// `inferred:the page gives the method; the last segment is ours`.
pub static GET_BANK_ACCOUNTS: Operation = Operation {
    name: "get_bank_accounts",
    id: "getBankTransferAccounts",
    method: Method::GET,
    path: "/v2/customer/{id}/bank-transfer/accounts",
    path_inferred: true,
    summary: "Lists a customer's virtual bank accounts.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
    form: None,
    body_bytes_max: 0,
    answers: &[
        Answer {
            status: 200,
            schema: Some("BankTransferAccountsSuccess"),
            inferred: false,
        },
        Answer {
            status: 400,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 401,
            schema: Some("AppAuthenticationErrorResponse"),
            inferred: true,
        },
        Answer {
            status: 500,
            schema: Some("AppErrorResponse"),
            inferred: true,
        },
    ],
};

/// Every operation, in the order of the document.
pub static ALL: &[&Operation] = &[
    &CREATE_CARD_DEPOSIT,
    &GET_INVOICE,
    &GET_TRANSACTION,
    &SIMULATE_TRANSACTION,
    &CREATE_WALLET_ADDRESS,
    &CREATE_CHANNEL,
    &GET_EXCHANGE_RATE_V1,
    &GET_EXCHANGE_RATE,
    &GET_BALANCES,
    &GET_BALANCE,
    &CREATE_PROFILE,
    &CORRECT_PROFILE,
    &CREATE_APPLICANT,
    &UPLOAD_DOCUMENT,
    &START_VERIFICATION,
    &GET_KYC,
    &CREATE_KYC_LINK,
    &IMPORT_KYC_TOKEN,
    &CREATE_BANK_ACCOUNT,
    &GET_BANK_ACCOUNTS,
];
