//! Addresses to which customers pay, one for each customer and currency, for ever.

#[cfg(feature = "qr")]
mod qr;

use std::fmt;

use xgateway_core::id::CustomerId;
use xgateway_core::money::Currency;

use crate::types::{AddressResponse, ChannelRequest, CryptoCurrency, WalletAddressRequest};

/// The most characters of an address: the longest kind in use, of Bitcoin, has 90.
const CHARS_MAX: usize = 128;

/// A customer's lasting address on the network of a currency.
///
/// The text is kept as it came: letters may be large or small for a reason.
#[derive(Clone, Eq, PartialEq)]
pub struct DepositAddress {
    customer_id: CustomerId,
    currency: Currency,
    text: Box<str>,
    qr_code_url: Option<Box<str>>,
}

/// The gateway's answer holds no address to which anybody could pay.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an address: one word of at most 128 visible ASCII characters")]
pub struct AddressError;

impl DepositAddress {
    /// The address that the gateway answered with.
    ///
    /// # Errors
    ///
    /// [`AddressError`] if it is none by its characters. Whether it exists on the network is not checked.
    pub fn new(
        customer_id: CustomerId,
        currency: Currency,
        answer: AddressResponse,
    ) -> Result<Self, AddressError> {
        let text = answer.address;
        let is_word = text.bytes().all(|byte| byte.is_ascii_graphic());
        if text.is_empty() || text.len() > CHARS_MAX || !is_word {
            return Err(AddressError);
        }
        Ok(Self {
            customer_id,
            currency,
            text: text.into(),
            qr_code_url: answer.qr_code_url.map(Into::into),
        })
    }

    /// The address, to be shown to the customer.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whose deposits come by it.
    pub fn customer_id(&self) -> &CustomerId {
        &self.customer_id
    }

    /// What must be paid to it. Anything else sent there may be lost.
    pub fn currency(&self) -> &Currency {
        &self.currency
    }

    /// The gateway's own image of the address as a QR code.
    pub fn qr_code_url(&self) -> Option<&str> {
        self.qr_code_url.as_deref()
    }
}

/// Without the customer, whose id may be an e-mail address.
impl fmt::Debug for DepositAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DepositAddress")
            .field("currency", &self.currency)
            .field("text", &self.text)
            .finish_non_exhaustive()
    }
}

impl ChannelRequest {
    /// Asks for the address of `customer_id` in `currency`, by the operation's current name.
    pub fn new(currency: &Currency, customer_id: &CustomerId) -> Self {
        Self {
            currency: CryptoCurrency::from(currency.as_str()),
            customer_id: customer_id.as_str().to_owned(),
        }
    }
}

impl WalletAddressRequest {
    /// Asks for the address of `customer_id` in `currency`, by the operation's old name.
    pub fn new(currency: &Currency, customer_id: &CustomerId) -> Self {
        Self {
            currency: CryptoCurrency::from(currency.as_str()),
            customer_id: customer_id.as_str().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::decode;
    use crate::call::Call as _;

    fn address(text: &str) -> Result<DepositAddress, AddressError> {
        let body = serde_json::json!({"data": {"address": text}, "success": true}).to_string();
        let answer = decode::<ChannelRequest>(200, body.as_bytes()).unwrap();
        let customer = CustomerId::parse("jane@example.com").unwrap();
        DepositAddress::new(customer, Currency::Btc, answer)
    }

    #[test]
    fn an_address_is_one_word() {
        let text = "n3UrMJG4rxAbXfVWo8dpZ4JLsDZMFm8LM9";
        let address_of_jane = address(text).unwrap();
        assert_eq!(address_of_jane.as_str(), text);
        assert!(!format!("{address_of_jane:?}").contains("jane"));
        let long = "1".repeat(129);
        for text in ["", " ", "a b", "a\nb", "é", "\u{1b}[2J", &long] {
            assert_eq!(address(text), Err(AddressError), "{text:?}");
        }
    }

    #[test]
    fn nobody_asks_for_an_address_of_fiat_money() {
        let customer = CustomerId::parse("c").unwrap();
        assert!(
            ChannelRequest::new(&Currency::EUsdt, &customer)
                .check()
                .is_ok()
        );
        for currency in [Currency::Eur, Currency::Usdt, Currency::from("DOGE")] {
            let issues = ChannelRequest::new(&currency, &customer)
                .check()
                .unwrap_err();
            assert_eq!(issues.iter().next().unwrap().code(), "invalid_enum_value");
            assert!(
                WalletAddressRequest::new(&currency, &customer)
                    .check()
                    .is_err()
            );
        }
    }
}
