//! Wire types, rule tables and operations of the XGateway API, generated from its OpenAPI document.
