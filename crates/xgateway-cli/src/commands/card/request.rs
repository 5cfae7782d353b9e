use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;
use xgateway::api::json::Ruled as _;
use xgateway::api::operations::CREATE_CARD_DEPOSIT;
use xgateway::api::types::Gateway8Request;
use xgateway::core::money::JsonNumber;
use xgateway::core::secret::PersonalText;

use crate::arguments::DepositArguments;
use crate::commands::input::{self, Whole};
use crate::commands::stray;
use crate::console::Console;
use crate::failure::Failure;
use crate::prompt;

/// The request's body: the input, with what the flags say in place of it, and the card asked for if it is missing.
pub(super) fn read(
    arguments: &DepositArguments,
    console: &mut Console,
) -> Result<PersonalText, Failure> {
    let text = match &arguments.file {
        None => PersonalText::from("{}"),
        Some(path) => match input::read(path, CREATE_CARD_DEPOSIT.body_bytes_max)? {
            Whole::Text(text) if text.expose().starts_with('\u{feff}') => {
                return Err(Failure::Marked);
            }
            Whole::Text(text) => text,
            Whole::Utf16 => return Err(Failure::Marked),
            Whole::NotText => return Err(Failure::Malformed { line: 1, column: 1 }),
            Whole::TooLarge => return Err(Failure::TooLarge),
        },
    };
    stray::warn(Gateway8Request::SCHEMA, text.expose(), console);
    // A body that nothing is to be put into is passed on as it is.
    let Ok(mut body) = serde_json::from_str::<Object<'_>>(text.expose()) else {
        return Ok(text);
    };
    let needs_card = !body.contains_key("card");
    if arguments.fields.is_empty() && !needs_card {
        return Ok(text);
    }
    let card = needs_card.then(|| ask_for_card(console)).transpose()?;

    let amount = arguments.fields.amount().map(amount).transpose()?;
    if let Some(amount) = &amount {
        body.insert("amount".into(), amount);
    }
    let texts = raw_texts(&arguments.fields.texts());
    body.extend(
        texts
            .iter()
            .map(|(name, text)| (Cow::Borrowed(*name), &**text)),
    );

    let lines = raw_texts(&arguments.fields.address());
    let address;
    if !lines.is_empty() {
        let given = body.get("billingAddress").map_or("{}", |raw| raw.get());
        // What is no object is left for the rules to tell.
        if let Ok(mut merged) = serde_json::from_str::<Object<'_>>(given) {
            merged.extend(
                lines
                    .iter()
                    .map(|(name, text)| (Cow::Borrowed(*name), &**text)),
            );
            address = raw(&merged);
            body.insert("billingAddress".into(), &address);
        }
    }
    Ok(write(&body, card.as_ref()))
}

/// An object whose values are left as they are written.
type Object<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

/// A card as a person typed it in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CardView<'a> {
    card_number: &'a str,
    cardholder_name: &'a str,
    expiry_month: &'a str,
    expiry_year: &'a str,
    card_security_code: &'a str,
}

struct Card {
    number: PersonalText,
    holder: PersonalText,
    month: PersonalText,
    year: PersonalText,
    code: PersonalText,
}

fn ask_for_card(console: &mut Console) -> Result<Card, Failure> {
    if !console.can_ask() {
        return Err(Failure::usage(
            "the request holds no card, and nobody can be asked: there is no terminal, or --json was given",
            "put `card` into the JSON of FILE or stdin; `xgateway spec` shows its fields",
        ));
    }
    Ok(Card {
        number: prompt::hidden("card number (hidden): ")?,
        holder: prompt::shown("name on the card: ")?,
        month: prompt::shown("month of expiry, two digits: ")?,
        year: prompt::shown("year of expiry, four digits: ")?,
        code: prompt::hidden("security code (hidden): ")?,
    })
}

fn amount(text: &str) -> Result<Box<RawValue>, Failure> {
    let number = JsonNumber::parse(text)
        .map_err(|error| Failure::usage(format!("--amount is {error}"), "write it as 25.00"))?;
    let raw = RawValue::from_string(number.as_str().to_owned());
    Ok(raw.expect("a JSON number is JSON"))
}

fn raw_texts<'a>(texts: &[(&'a str, &str)]) -> Vec<(&'a str, Box<RawValue>)> {
    let texts = texts.iter();
    texts.map(|(name, text)| (*name, raw(text))).collect()
}

fn raw(value: &(impl Serialize + ?Sized)) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).expect("texts and objects of texts always serialise")
}

/// Writes the body, straight into memory that is wiped.
fn write(body: &Object<'_>, card: Option<&Card>) -> PersonalText {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(flatten)]
        fields: &'a Object<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        card: Option<CardView<'a>>,
    }

    let length: usize = body
        .iter()
        .map(|(name, value)| name.len() + value.get().len() + 4)
        .sum();
    // A text that grows leaves copies behind.
    let mut text = Vec::with_capacity(length + 4096);
    let card = card.map(|card| CardView {
        card_number: card.number.expose(),
        cardholder_name: card.holder.expose(),
        expiry_month: card.month.expose(),
        expiry_year: card.year.expose(),
        card_security_code: card.code.expose(),
    });
    serde_json::to_writer(&mut text, &Body { fields: body, card })
        .expect("memory can be written and the body holds JSON");
    PersonalText::from(String::from_utf8(text).expect("JSON is UTF-8"))
}
