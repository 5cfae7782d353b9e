//! The rules, one by one.

use jiff::civil::Date;
use xgateway_core::card::{CardNumber, Expiry};
use xgateway_core::id::{CustomerId, OrderId};
use xgateway_core::issue::Issue;
use xgateway_core::rules::{Limit, NumberCheck};
use xgateway_core::text;

use super::{CardPolicy, Place, Rule};
use crate::environment::is_here;
use crate::environments::{DEMO_AMOUNT_MAX, DEMO_AMOUNT_MIN, TEST_CARDS};
use crate::path::is_sure_segment;
use crate::types::{Gateway8Card, Gateway8Request};

pub(super) fn check(policy: &CardPolicy, request: &Gateway8Request) -> Vec<Issue> {
    let mut found = Vec::new();
    let mut say = |rule: Rule, path: &'static [&'static str], message: &str| {
        found.push(CardPolicy::issue(rule, path, message));
    };

    if policy.holds(Rule::DemoAmount) && policy.place == Place::Demo {
        let is_handled = NumberCheck::Min(Limit::new(DEMO_AMOUNT_MIN))
            .admits(request.amount.as_str())
            && NumberCheck::Max(Limit::new(DEMO_AMOUNT_MAX)).admits(request.amount.as_str());
        if !is_handled {
            let message =
                format!("Demo handles amounts from {DEMO_AMOUNT_MIN} to {DEMO_AMOUNT_MAX}");
            say(Rule::DemoAmount, &["amount"], &message);
        }
    }
    if policy.holds(Rule::CustomerId)
        && let Err(error) = CustomerId::parse(&request.customer_id)
    {
        say(Rule::CustomerId, &["customerId"], &error.to_string());
    }
    if policy.holds(Rule::Adult) && !is_adult(request.customer_date_of_birth.expose(), policy.today)
    {
        say(
            Rule::Adult,
            &["customerDateOfBirth"],
            "the customer must be at least 18",
        );
    }
    check_card(policy, &request.card, &mut say);
    match &request.order_id {
        None => say(
            Rule::OrderId,
            &["orderId"],
            "an order id is required, and this cannot be relaxed: without it nobody can ask what became of a lost \
             request",
        ),
        Some(id) => {
            if policy.holds(Rule::OrderId)
                && let Err(error) = OrderId::parse(id)
            {
                say(Rule::OrderId, &["orderId"], &error.to_string());
            }
            if policy.holds(Rule::OrderIdPath) && !is_sure_segment(id) {
                say(
                    Rule::OrderIdPath,
                    &["orderId"],
                    "an order id is ASCII without / \\ % ? ; + and without blanks at its ends: proxies change others in a \
                     path, and the order could not be asked about",
                );
            }
        }
    }
    if policy.holds(Rule::RedirectUrl)
        && let Some(url) = &request.redirect_url
        && !is_safe_redirect(url)
    {
        say(
            Rule::RedirectUrl,
            &["redirectUrl"],
            "a redirect URL must be https",
        );
    }
    found
}

fn check_card(
    policy: &CardPolicy,
    card: &Gateway8Card,
    say: &mut impl FnMut(Rule, &'static [&'static str], &str),
) {
    const NUMBER: &[&str] = &["card", "cardNumber"];

    // A number that the gateway's rules refuse has its issue already.
    if let Ok(number) = CardNumber::parse(card.card_number.expose()) {
        let is_documented = TEST_CARDS.iter().any(|card| card.number == number.expose());
        if policy.holds(Rule::CardNumberLength) && number.expose().len() > 19 {
            say(
                Rule::CardNumberLength,
                NUMBER,
                "a card number has at most 19 digits",
            );
        }
        if policy.holds(Rule::Luhn) && !number.passes_luhn() {
            say(
                Rule::Luhn,
                NUMBER,
                "the check digit is wrong: a digit was mistyped",
            );
        }
        if policy.holds(Rule::TestCard) {
            match policy.place {
                Place::Demo if !is_documented => {
                    say(
                        Rule::TestCard,
                        NUMBER,
                        "Demo takes documented test cards only",
                    );
                }
                Place::Production if is_documented => {
                    say(Rule::TestCard, NUMBER, "this is a documented test card");
                }
                Place::Demo | Place::Production | Place::Sandbox => {}
            }
        }
    }
    if policy.holds(Rule::Expiry) {
        match Expiry::parse(card.expiry_month.expose(), card.expiry_year.expose()) {
            Ok(expiry) if expiry.is_past(policy.today) => {
                say(
                    Rule::Expiry,
                    &["card", "expiryYear"],
                    "the card is past its expiry",
                );
            }
            Err(error) if card.expiry_month.expose().len() == 2 => {
                say(Rule::Expiry, &["card", "expiryMonth"], &error.to_string());
            }
            Ok(_) | Err(_) => {}
        }
    }
}

fn is_adult(date_of_birth: &str, today: Date) -> bool {
    if !text::is_date(date_of_birth) {
        return false;
    }
    date_of_birth.parse::<Date>().is_ok_and(|born| {
        // Whoever is born on a leap day comes of age on the first of March.
        (today.year() - born.year(), today.month(), today.day()) >= (18, born.month(), born.day())
            || today.year() - born.year() > 18
    })
}

fn is_safe_redirect(url: &str) -> bool {
    // What is no URL at all is the gateway's rules' business.
    let Some((scheme, host)) = text::scheme_and_host(url) else {
        return true;
    };
    scheme == "https" || scheme == "http" && is_here(&host)
}
