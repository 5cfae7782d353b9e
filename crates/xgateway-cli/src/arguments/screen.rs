use std::ffi::OsString;

use xgateway::core::card::CardNumber;

use crate::failure::Failure;

/// Commands of `card` whose argument is the id of an order that was begun before. It may be counted by a machine, and
/// look like a card number: behind `--` nothing else can stand there.
const NAME_AN_ORDER: [&str; 4] = ["status", "resume", "resolve", "credited"];

/// Refuses a command line on which a card number stands: everybody on this machine can read it there.
pub(crate) fn screen(arguments: &[OsString]) -> Result<(), Failure> {
    let options = arguments.iter().take_while(|argument| *argument != "--");
    let options = options.count();
    let names_an_order = arguments[..options]
        .windows(2)
        .any(|two| two[0] == "card" && NAME_AN_ORDER.iter().any(|name| two[1] == *name));
    let screened = if names_an_order {
        &arguments[..options]
    } else {
        arguments
    };
    for argument in screened {
        let argument = argument.to_string_lossy();
        let value = match argument.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => value,
            _ => &argument,
        };
        if looks_like_a_card(value) {
            return Err(Failure::usage(
                "a card number stands on the command line, where every user of this machine can read it",
                if names_an_order {
                    "if it is the id of an order and no card's, put `--` before it, as the last argument; else treat that card number \
                     as known to others"
                } else {
                    "give card data in a file or on stdin, or leave them out and be asked; treat that card \
                     number as known to others"
                },
            ));
        }
    }
    Ok(())
}

/// Whether a text is refused on the command line, unless it is the id of an order.
pub(crate) fn looks_like_a_card(text: &str) -> bool {
    is_card_number(text) || holds_card_number(text)
}

/// Whether a whole text is a card number: 12 to 19 digits, the last of which checks, with single delimiters.
fn is_card_number(text: &str) -> bool {
    let text = text.trim();
    let mut was_delimiter = true;
    for char in text.chars() {
        let is_delimiter = matches!(char, ' ' | '-' | '.' | '_' | '/');
        if !(char.is_ascii_digit() || is_delimiter && !was_delimiter) {
            return false;
        }
        was_delimiter = is_delimiter;
    }
    if is_phone(text) {
        return false;
    }
    CardNumber::parse(text).is_ok_and(|number| number.expose().len() <= 19 && number.passes_luhn())
}

/// Whether a card number stands within a text, such as a file's name: an unbroken one, or one in four groups of four.
///
/// Only with the first digits of a card: one time or id in ten would pass the check digit otherwise.
fn holds_card_number(text: &str) -> bool {
    let runs = text.split(|char: char| !char.is_ascii_digit());
    if runs.into_iter().any(starts_like_a_card_and_checks) {
        return true;
    }
    let groups: Vec<_> = text
        .split(|char: char| !char.is_ascii_alphanumeric())
        .collect();
    groups.windows(4).any(|four| {
        four.iter().all(|group| group.len() == 4) && starts_like_a_card_and_checks(&four.concat())
    })
}

fn starts_like_a_card_and_checks(digits: &str) -> bool {
    let first = digits.get(..2).unwrap_or_default();
    (("22"..="27").contains(&first) || ("30"..="69").contains(&first))
        && (13..=19).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && CardNumber::parse(digits).is_ok_and(|number| number.passes_luhn())
}

/// Whether it is written as the gateway wants telephone numbers: one to three digits, one space, the rest.
fn is_phone(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(country, rest)| {
        (1..=3).contains(&country.len())
            && (4..=12).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_card_number_however_it_is_written() {
        for text in [
            "4000000000000002",
            "4000 0000 0000 0002",
            "4000-0000-0000-0408",
            " 4000000000000408 ",
        ] {
            assert!(is_card_number(text), "{text}");
        }
    }

    #[test]
    fn knows_a_card_number_within_other_text() {
        for text in [
            "4000000000000002.json",
            "/tmp/x4000000000000408x",
            "card-4000-0000-0000-0408.json",
            "https://shop.example/?pan=4000000000000002",
        ] {
            assert!(holds_card_number(text), "{text}");
        }
        for text in [
            "a67ec03c-0253-4c14-9961-28985186f90c",
            "40000000-0000-4000-8000-000000000002",
            "4000000000000003.json",
            "order-20261121033000123",
            "order-1763696000126",
            "2026/1121/0330/0000",
        ] {
            assert!(!holds_card_number(text), "{text}");
        }
    }

    #[test]
    fn lets_other_numbers_pass() {
        for text in [
            "49 15123456789",
            "a67ec03c-0253-4c14-9961-28985186f90c",
            "2026-11-21",
            "4000000000000003",
            "25.00",
            "",
            "--order-id",
        ] {
            assert!(!is_card_number(text), "{text}");
        }
    }

    #[test]
    fn finds_it_behind_a_flag() {
        let line = |text: &str| screen(&["card".into(), OsString::from(text)]);
        assert!(line("--order-id=4000000000000002").is_err());
        assert!(line("--order-id=4").is_ok());
    }

    #[test]
    fn an_order_that_looks_like_one_is_named_behind_two_dashes() {
        let line = |words: &str| screen(&words.split(' ').map(OsString::from).collect::<Vec<_>>());
        for command in NAME_AN_ORDER {
            let named = format!("xgateway --json card {command} --journal j -- 4000000000000002");
            assert!(line(&named).is_ok(), "{command}");
            assert!(line(&named.replace("-- ", "")).is_err(), "{command}");
        }
        assert!(line("xgateway card deposit -- 4000000000000002").is_err());
        assert!(line("xgateway card status --journal 4000000000000002 -- 1").is_err());
    }
}
