use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_client::retry::RetryPolicy;
use xgateway_transport::Transport;

use crate::fixture::api_key;

/// A client that tries once, for tests of what one answer means.
pub(crate) fn client(transport: impl Transport) -> Client {
    Client::builder(Environment::Demo, api_key(), transport)
        .retry_policy(RetryPolicy::never())
        .build()
}
