//! The test cards: what each does, by name.
//!
//! Two numbers are the gateway's own (`Source::Documented`). All others are ours: they pass the check digit and lie in
//! the range `4000 0000 0001 1...`, which no bank issues. Any other number is refused.

use serde::{Deserialize, Serialize};

/// A test card of the sandbox.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SandboxCard {
    /// Its name, by meaning: numbers mean different things in different test environments.
    pub name: &'static str,
    /// Its number, digits only.
    pub number: &'static str,
    /// What it does, in a sentence.
    pub meaning: &'static str,
    /// Whether the gateway's Demo knows it too.
    pub documented: bool,
    pub(crate) behaviour: Behaviour,
}

/// What a card does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Behaviour {
    /// A person decides on the 3DS page; this happens after an approval.
    ThreeDs(AfterApproval),
    /// Not enrolled for 3DS: on Demo the page passes by itself, live there is none.
    NotEnrolled,
    /// Paid at once, without a page.
    Frictionless,
    /// Refused with 400 and this message; nothing is created.
    Refused(&'static str),
    /// The bank behind the gateway fails: 500, and nothing was paid.
    PartnerFailure,
    /// The bank behind the gateway fails to answer: 500, although the customer has paid.
    AnswerLost,
}

/// What becomes of a payment that the customer approved.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AfterApproval {
    /// It is confirmed.
    Confirmed,
    /// The bank declines it all the same.
    Declined,
    /// It is processing for a minute of the world's clock, then confirmed.
    Slow,
}

/// All test cards.
pub const SANDBOX_CARDS: &[SandboxCard] = &[
    SandboxCard {
        name: "three_ds",
        number: "4000000000000002",
        meaning: "3DS: a person approves, declines or leaves on the page; approved, it is confirmed",
        documented: true,
        behaviour: Behaviour::ThreeDs(AfterApproval::Confirmed),
    },
    SandboxCard {
        name: "not_enrolled",
        number: "4000000000000408",
        meaning: "not enrolled: on Demo the 3DS page passes by itself, live there is none",
        documented: true,
        behaviour: Behaviour::NotEnrolled,
    },
    SandboxCard {
        name: "frictionless",
        number: "4000000000011017",
        meaning: "no 3DS in either mode: `threeDSURL` is null and the invoice is completed",
        documented: false,
        behaviour: Behaviour::Frictionless,
    },
    SandboxCard {
        name: "three_ds_then_declined",
        number: "4000000000011025",
        meaning: "3DS; after an approval the bank declines and the transaction fails",
        documented: false,
        behaviour: Behaviour::ThreeDs(AfterApproval::Declined),
    },
    SandboxCard {
        name: "three_ds_then_slow",
        number: "4000000000011033",
        meaning: "3DS; after an approval it is processing for a minute, then confirmed",
        documented: false,
        behaviour: Behaviour::ThreeDs(AfterApproval::Slow),
    },
    SandboxCard {
        name: "insufficient_funds",
        number: "4000000000011041",
        meaning: "refused with 400: the account has insufficient funds",
        documented: false,
        behaviour: Behaviour::Refused("The card was declined: insufficient funds."),
    },
    SandboxCard {
        name: "lost_card",
        number: "4000000000011058",
        meaning: "refused with 400: the card was reported lost",
        documented: false,
        behaviour: Behaviour::Refused("The card was declined: reported lost."),
    },
    SandboxCard {
        name: "partner_failure",
        number: "4000000000011066",
        meaning: "500, and nothing was paid",
        documented: false,
        behaviour: Behaviour::PartnerFailure,
    },
    SandboxCard {
        name: "answer_lost",
        number: "4000000000011074",
        meaning: "500, although the customer has paid: read the invoice by its order id",
        documented: false,
        behaviour: Behaviour::AnswerLost,
    },
];

impl SandboxCard {
    /// The test card of this name.
    ///
    /// ```
    /// use xgateway_sandbox::SandboxCard;
    ///
    /// let card = SandboxCard::named("frictionless").expect("it is in the table");
    /// assert!(!card.documented);
    /// ```
    pub fn named(name: &str) -> Option<&'static Self> {
        SANDBOX_CARDS.iter().find(|card| card.name == name)
    }

    /// The one of this number, whatever stands between the digits. No copy of them is made.
    pub(crate) fn written(text: &str) -> Option<&'static Self> {
        let digits = || text.bytes().filter(u8::is_ascii_digit);
        SANDBOX_CARDS
            .iter()
            .find(|card| card.number.bytes().eq(digits()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use xgateway_api::environments::TEST_CARDS;
    use xgateway_core::card::CardNumber;

    use super::*;

    #[test]
    fn numbers_are_valid_distinct_and_named() {
        let mut names = HashSet::new();
        let mut numbers = HashSet::new();
        for card in SANDBOX_CARDS {
            let number = CardNumber::parse(card.number).unwrap();
            assert!(number.passes_luhn(), "{}", card.name);
            assert!(names.insert(card.name) && numbers.insert(card.number));
            assert_eq!(card.documented, !card.number.starts_with("40000000000110"));
        }
    }

    #[test]
    fn the_documentation_of_the_crate_lists_every_card() {
        let documentation = include_str!("lib.rs");
        for card in SANDBOX_CARDS {
            let groups: Vec<_> = card.number.as_bytes().chunks(4).collect();
            let number = String::from_utf8(groups.join(&b' ')).unwrap();
            let documented = if card.documented { "yes" } else { "no" };
            let row = format!("| `{}` | `{number}` | {documented} |", card.name);
            assert!(documentation.contains(&row), "{row}");
        }
    }

    #[test]
    fn every_documented_card_is_here_under_its_name() {
        for card in TEST_CARDS {
            let spaced = card.number.replace("0000", "0000 ");
            let ours = SandboxCard::written(&spaced).unwrap();
            assert_eq!(ours.name, card.name);
            assert!(ours.documented);
        }
    }
}
