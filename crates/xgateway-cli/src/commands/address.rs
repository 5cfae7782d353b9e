//! `xgateway address`.

use serde::Serialize;
use xgateway::client::{AddressOperation, ClientBuilder};
use xgateway::core::id::CustomerId;
use xgateway::core::money::{Currency, Network};

use super::session;
use crate::arguments::{AddressArguments, GlobalArguments};
use crate::console::Console;
use crate::failure::Failure;

#[derive(Serialize)]
struct Document<'a> {
    ok: bool,
    address: &'a str,
    currency: &'a str,
    network: Option<&'a str>,
    #[serde(rename = "qrCodeURL")]
    qr_code_url: Option<&'a str>,
}

pub(super) fn execute(
    arguments: &AddressArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let customer = CustomerId::parse(&arguments.customer)
        .map_err(|error| Failure::usage(error.to_string(), "give your own id of the customer"))?;
    let currency = Currency::from(&*arguments.currency);
    let settings = session::settings(global, console)?;
    let operation = if arguments.v1 {
        AddressOperation::WalletAddress
    } else {
        AddressOperation::Channels
    };
    let with_operation = |builder: ClientBuilder| builder.address_operation(operation);
    let client = session::client_with(&settings, console, with_operation)?;
    let answer = session::act(async {
        client
            .address(&currency, &customer)
            .await
            .map_err(Failure::from)
    })?;
    let address = answer.data();
    let network = currency.network();
    if console.is_json() {
        return console.document(&Document {
            ok: true,
            address: address.as_str(),
            currency: currency.as_str(),
            network: network.as_ref().map(Network::as_str),
            qr_code_url: address.qr_code_url(),
        });
    }
    // Words and image for people; the address alone for whoever reads stdout.
    if !arguments.no_qr {
        console.note(address.qr_text());
    }
    if let Some(network) = network {
        console.note(format_args!(
            "pay {currency} on the network {network}, and nothing else, to:"
        ));
    }
    console.line(address.as_str())
}
