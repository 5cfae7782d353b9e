//! The gateway's rules for a card deposit, written with garde.
//!
//! As near as garde comes, and in its favour where it has nothing ready-made: country codes and dates are judged by our
//! own quick functions, the amount is a float, and its e-mail check is the looser one of HTML.

#![expect(clippy::disallowed_types, reason = "the peer counts money in floats")]
#![expect(clippy::struct_field_names, reason = "the gateway's own names")]
#![expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde's own signature of a check"
)]

use garde::Validate;
use serde::Deserialize;
use xgateway_core::text;

#[derive(Debug, Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deposit {
    #[garde(range(min = 10.0, max = 50_000.0), custom(whole_cents))]
    pub(crate) amount: f64,
    #[garde(length(utf16, min = 1))]
    pub(crate) account_id: String,
    #[garde(custom(currency))]
    pub(crate) base_currency: String,
    #[garde(length(utf16, min = 1))]
    pub(crate) customer_id: String,
    #[garde(custom(date))]
    pub(crate) customer_date_of_birth: String,
    #[garde(email)]
    pub(crate) customer_email: String,
    #[garde(length(utf16, min = 1, max = 128))]
    pub(crate) customer_first_name: String,
    #[garde(length(utf16, min = 1, max = 128))]
    pub(crate) customer_last_name: String,
    #[garde(pattern(r"^[0-9]{1,3} [0-9]{4,14}$"))]
    pub(crate) customer_phone: String,
    #[garde(ip)]
    pub(crate) user_ip: String,
    #[garde(dive)]
    pub(crate) billing_address: BillingAddress,
    #[garde(dive)]
    pub(crate) card: Card,
    #[garde(inner(custom(strategy)))]
    pub(crate) invoice_strategy: Option<String>,
    #[garde(length(utf16, min = 1))]
    pub(crate) order_id: Option<String>,
    #[garde(url, length(utf16, max = 512))]
    pub(crate) redirect_url: Option<String>,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BillingAddress {
    #[garde(length(utf16, min = 1, max = 300))]
    pub(crate) address_line1: String,
    #[garde(length(utf16, max = 300))]
    pub(crate) address_line2: Option<String>,
    #[garde(length(utf16, min = 1, max = 50))]
    pub(crate) city: String,
    #[garde(custom(country))]
    pub(crate) country_code: String,
    #[garde(length(utf16, min = 1, max = 12))]
    pub(crate) postal_code: String,
    #[garde(length(utf16, min = 1, max = 40))]
    pub(crate) state: String,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Card {
    #[garde(custom(enough_digits))]
    pub(crate) card_number: String,
    #[garde(length(utf16, min = 1, max = 128))]
    pub(crate) cardholder_name: String,
    #[garde(pattern(r"^[0-9]*$"), length(utf16, min = 2, max = 2))]
    pub(crate) expiry_month: String,
    #[garde(pattern(r"^[0-9]*$"), length(utf16, min = 4, max = 4))]
    pub(crate) expiry_year: String,
    #[garde(pattern(r"^[0-9]*$"), length(utf16, min = 3, max = 4))]
    pub(crate) card_security_code: String,
}

type Context = ();

fn verdict(holds: bool, message: &'static str) -> garde::Result {
    if holds {
        Ok(())
    } else {
        Err(garde::Error::new(message))
    }
}

fn whole_cents(amount: &f64, _: &Context) -> garde::Result {
    let cents = amount * 100.0;
    verdict((cents - cents.round()).abs() < 1e-6, "not whole cents")
}

fn currency(text: &str, _: &Context) -> garde::Result {
    verdict(["EUR", "USD"].contains(&text), "not a currency for cards")
}

fn strategy(text: &str, _: &Context) -> garde::Result {
    verdict(["fixed", "floating"].contains(&text), "not a strategy")
}

fn date(text: &str, _: &Context) -> garde::Result {
    verdict(text::is_date(text), "not a date")
}

fn country(text: &str, _: &Context) -> garde::Result {
    verdict(text::is_country_code(text), "not a country")
}

fn enough_digits(text: &str, _: &Context) -> garde::Result {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    verdict((12..=23).contains(&digits), "not 12 to 23 digits")
}
