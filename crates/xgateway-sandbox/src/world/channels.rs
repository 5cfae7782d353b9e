//! `POST /v2/channels`, and `POST /v1/wallet/address`, which means the same.

use std::sync::Arc;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use xgateway_api::address::DepositAddress;
use xgateway_api::json;
use xgateway_api::types::{AddressResponse, ChannelRequest, WalletAddressRequest};
use xgateway_core::id::CustomerId;
use xgateway_core::money::{Currency, Network};

use super::World;
use crate::address;
use crate::answer::{Refusal, success, with_body};
use crate::event::{AddressFacts, EventKind, MerchantText};
use crate::random::Purpose;
use crate::state::parse_id;

/// What shares one address on every network that runs Ethereum's virtual machine.
const EVM: &str = "evm";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    address: &'a str,
    #[serde(rename = "qrCodeURL")]
    qr_code_url: String,
}

impl World {
    pub(super) fn channel(&mut self, body: &[u8]) -> Result<Response<Bytes>, Refusal> {
        let request = json::read::<ChannelRequest>(body).map_err(Refusal::from)?;
        let currency = Currency::from(request.currency.as_str());
        self.give_address(&request.customer_id, currency)
    }

    pub(super) fn wallet_address(&mut self, body: &[u8]) -> Result<Response<Bytes>, Refusal> {
        let request = json::read::<WalletAddressRequest>(body).map_err(Refusal::from)?;
        let currency = Currency::from(request.currency.as_str());
        self.give_address(&request.customer_id, currency)
    }

    /// Makes an address, or finds it: it follows from the customer and what is paid, so it is the same for ever.
    fn give_address(
        &mut self,
        customer_id: &str,
        currency: Currency,
    ) -> Result<Response<Bytes>, Refusal> {
        self.check_id(customer_id)?;
        let network = currency.network().ok_or(Refusal::CurrencyNotConfigured)?;
        let group = if currency.is_evm() {
            EVM
        } else {
            currency.as_str()
        };
        let subject = [group.as_bytes(), b"/", customer_id.as_bytes()].concat();
        let bytes = self.random.bytes(Purpose::Address, &subject, 0);
        let address: Arc<str> = address::address(&network, &bytes).into();
        let qr_code = self.random.uuid(Purpose::QrCode, address.as_bytes(), 0);
        let known = self.state.channels.address(&address, Some(&currency));
        if known.is_none() {
            let is_new = self.state.channels.address(&address, None).is_none();
            let count = self.state.channels.address_count();
            if is_new && count >= self.config.limits.addresses {
                return Err(Refusal::TooManyAddresses);
            }
            self.record(EventKind::AddressMade(Arc::new(AddressFacts {
                address: Arc::clone(&address),
                customer_id: MerchantText::from(customer_id),
                currency,
                qr_code,
            })));
        }
        let answer = Answer {
            address: &address,
            qr_code_url: format!("{}/public/{qr_code}.svg", self.public_url),
        };
        Ok(success(StatusCode::OK, &answer))
    }

    /// An address as an image.
    pub(super) fn qr_code(&self, name: &str) -> Result<Response<Bytes>, Refusal> {
        let facts = name
            .strip_suffix(".svg")
            .and_then(parse_id)
            .and_then(|id| self.state.channels.address_of_qr_code(id))
            .ok_or(Refusal::UnknownPath)?;
        let answer: AddressResponse = serde_json::from_value(json!({"address": &*facts.address}))
            .expect("an address is all that an answer needs");
        let nobody = CustomerId::parse("nobody").expect("a word is a customer id");
        let address = DepositAddress::new(nobody, facts.currency.clone(), answer)
            .expect("our addresses are letters and digits");
        Ok(with_body(
            StatusCode::OK,
            "image/svg+xml",
            address.qr_svg().into(),
        ))
    }
}

/// The gateway's word for the network of a currency.
pub(super) fn network_name(currency: &Currency) -> Option<&'static str> {
    let network = currency.network()?;
    Network::KNOWN
        .iter()
        .find(|known| **known == network)
        .map(Network::as_str)
}
