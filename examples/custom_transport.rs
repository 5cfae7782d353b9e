//! A client over a transport of one's own.
//!
//! Run it with `cargo run -p xgateway-examples --bin custom_transport`. What a transport owes its caller is written at
//! the trait; docs/guides/custom-transport.md goes through it duty by duty, and tests/transport.rs holds this one to each.

#![expect(clippy::print_stdout, reason = "an example tells its story")]

mod plain_transport;

use std::future;

use tokio::net::TcpListener;
use xgateway::api::environment::Environment;
use xgateway::client::Client;
use xgateway::core::id::OrderId;
use xgateway_sandbox::{Config, Sandbox};

use plain_transport::PlainTransport;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::new(1);
    let key = config.api_key.clone();
    let sandbox = Sandbox::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    tokio::spawn(sandbox.serve(listener, future::pending()));

    let environment = Environment::sandbox(&sandbox.base_url())?;
    let client = Client::new(environment, key, PlainTransport);
    let order = OrderId::parse("never-sent")?;
    match client.invoice_by_order(&order).await {
        Err(error) if error.is_not_found() => println!("no invoice for {order}: {error}"),
        other => return Err(format!("unexpected: {other:?}").into()),
    }
    Ok(())
}
