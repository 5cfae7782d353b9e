//! A client of a scripted gateway, and the gateway's answers.

use serde_json::{Value, json};
use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_client::retry::RetryPolicy;
use xgateway_core::secret::ApiKey;
use xgateway_transport::Transport;

pub(crate) const API_KEY: &str = "5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11";

/// A client that tries once: what a flow makes of one answer is the question here.
pub(crate) fn client(transport: impl Transport) -> Client {
    let key = ApiKey::parse(API_KEY).unwrap();
    Client::builder(Environment::Demo, key, transport)
        .retry_policy(RetryPolicy::never())
        .build()
}

pub(crate) fn success(data: &Value) -> String {
    json!({"data": data, "success": true}).to_string()
}

/// An object with other fields, or more.
pub(crate) fn changed(mut object: Value, changes: &Value) -> Value {
    let changes = changes.as_object().unwrap();
    object.as_object_mut().unwrap().extend(changes.clone());
    object
}
