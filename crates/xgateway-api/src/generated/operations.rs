// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.

//! Method, path, authentication, idempotency and answers of each operation.

use http::Method;

use super::rules;
use crate::operation::{Answer, Operation};

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
    summary: "Takes a card deposit, host to host.",
    needs_key: true,
    moves_money: true,
    idempotency_key: Some("orderId"),
    query: None,
    body: Some(&rules::GATEWAY8_REQUEST),
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
    summary: "Reads an invoice by its id or by the merchant's order id.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
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
            inferred: false,
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
    summary: "Reads a transaction, whose status is the gateway's last word on money.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
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
    summary: "Makes the Demo environment finish an invoice, and send the callback.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::SIMULATE_TRANSACTION_REQUEST),
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
/// Source: `seed:integration-using-api, Channel payment flow`; `operationId`:
/// `inferred:the gateway's name for it is not public`; `x-limits`:
/// `inferred:no limit is documented; 1 MiB is far above any valid body`.
pub static CREATE_WALLET_ADDRESS: Operation = Operation {
    name: "create_wallet_address",
    id: "createWalletAddress",
    method: Method::POST,
    path: "/v1/wallet/address",
    summary: "Gives a customer's deposit address, by the old name of the operation.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::WALLET_ADDRESS_REQUEST),
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
    summary: "Gives a customer's deposit address.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: Some(&rules::CHANNEL_REQUEST),
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

/// `GET /v1/exchange/rate`: Converts an amount at the current rate, by the old version of the operation.
///
/// Source: `seed:integration-using-api, Channel payment flow`; `operationId`:
/// `inferred:the gateway's name for it is not public`.
pub static GET_EXCHANGE_RATE_V1: Operation = Operation {
    name: "get_exchange_rate_v1",
    id: "convertOneV1",
    method: Method::GET,
    path: "/v1/exchange/rate",
    summary: "Converts an amount at the current rate, by the old version of the operation.",
    needs_key: false,
    moves_money: false,
    idempotency_key: None,
    query: Some(&rules::GET_EXCHANGE_RATE_V1),
    body: None,
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

/// `GET /v2/exchange/rate`: Converts an amount at the current rate, or at that of an invoice.
///
/// Source: `docs:miscellaneous/exchange-rates`.
pub static GET_EXCHANGE_RATE: Operation = Operation {
    name: "get_exchange_rate",
    id: "convertOne",
    method: Method::GET,
    path: "/v2/exchange/rate",
    summary: "Converts an amount at the current rate, or at that of an invoice.",
    needs_key: false,
    moves_money: false,
    idempotency_key: None,
    query: Some(&rules::GET_EXCHANGE_RATE),
    body: None,
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
    summary: "Reads the balances of all of the merchant's accounts.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
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

/// `GET /v2/balance/accounts/{accountId}`: Reads the balance of one of the merchant's accounts.
///
/// Source: `seed:integration-using-api, Get balance`; `operationId`:
/// `docs:assets/openapi/extracted/balance_accounts__accountId__get.json`.
pub static GET_BALANCE: Operation = Operation {
    name: "get_balance",
    id: "readAccountBalance",
    method: Method::GET,
    path: "/v2/balance/accounts/{accountId}",
    summary: "Reads the balance of one of the merchant's accounts.",
    needs_key: true,
    moves_money: false,
    idempotency_key: None,
    query: None,
    body: None,
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
];
