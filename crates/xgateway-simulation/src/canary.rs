//! Secrets that can be recognised, and everything in which they must not turn up.

use std::cell::{Cell, RefCell};
use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use xgateway_sandbox::SANDBOX_CARDS;

pub(crate) const BIRTH: &str = "1971-03-04";
/// The date of birth of whom the sandbox asks to correct it.
pub(crate) const BIRTH_TO_CORRECT: &str = "1902-02-02";
/// What every IBAN of the sandbox has in it.
pub(crate) const IBAN: &str = "CFTE28004";
pub(crate) const EMAIL: &str = "canary.bird@example.com";
pub(crate) const FIRST_NAME: &str = "Canaria";
pub(crate) const LAST_NAME: &str = "Canarwell";
pub(crate) const PHONE: &str = "49 15173917391";
pub(crate) const IP: &str = "fd00::7391:7391";
pub(crate) const STREET: &str = "Canary Street 77";
pub(crate) const CITY: &str = "Canaryville";
pub(crate) const POSTAL_CODE: &str = "739173917391";
pub(crate) const STATE: &str = "Canarland";
pub(crate) const CARDHOLDER: &str = "CANARIA CANARWELL";
pub(crate) const SECURITY_CODE: &str = "7391";

/// What personal data and keys are made of, so that few searches find them all.
const PERSONAL: [&str; 8] = [
    "anar",
    "ANAR",
    BIRTH,
    PHONE,
    IP,
    POSTAL_CODE,
    BIRTH_TO_CORRECT,
    IBAN,
];

const DEBUGS_MAX: u32 = 4;

thread_local! {
    /// All that was logged or could have been printed in this history, by this thread.
    static PRINTED: RefCell<String> = const { RefCell::new(String::new()) };
    static DEBUGS: Cell<u32> = const { Cell::new(0) };
}

/// Forgets what was printed before.
pub(crate) fn begin() {
    PRINTED.with_borrow_mut(String::clear);
    DEBUGS.set(DEBUGS_MAX);
}

/// Notes what a value prints for developers: the first few of a history, since they are long.
pub(crate) fn note_debug(value: &dyn fmt::Debug) {
    let is_wanted = DEBUGS.with(|left| left.replace(left.get().saturating_sub(1)) > 0);
    if is_wanted {
        print(format_args!("{value:?}\n"));
    }
}

/// Looks at everything that was printed.
pub(crate) fn with_printed<T>(look: impl FnOnce(&str) -> T) -> T {
    PRINTED.with_borrow(|printed| look(printed))
}

/// The secret that a text holds, by name.
pub(crate) fn secret_in(text: &str) -> Option<&'static str> {
    let has_digits = text.contains(SECURITY_CODE);
    let is_personal =
        |canary: &str| (has_digits || !canary.contains(SECURITY_CODE)) && text.contains(canary);
    if PERSONAL.iter().any(|canary| is_personal(canary)) {
        return Some("personal data or a key");
    }
    // Every number begins like this, and nothing else does.
    let may_be_card = text.contains("40000000");
    if may_be_card && SANDBOX_CARDS.iter().any(|card| text.contains(card.number)) {
        return Some("a card number");
    }
    if has_digits && stands_alone(text, SECURITY_CODE) {
        return Some("a security code");
    }
    None
}

/// Whether the digits stand in the text as a word of their own, and not in the middle of an id or an amount.
fn stands_alone(text: &str, digits: &str) -> bool {
    let is_part = |byte: Option<&u8>| {
        byte.is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'+' | b'/')
        })
    };
    let bytes = text.as_bytes();
    text.match_indices(digits).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        !is_part(before) && !is_part(bytes.get(at + digits.len()))
    })
}

fn print(line: fmt::Arguments<'_>) {
    PRINTED.with_borrow_mut(|printed| {
        // A string takes everything.
        let _ = printed.write_fmt(line);
    });
}

/// Has every log line of this process noted, at every level.
pub(crate) fn listen() {
    // A second time it is there already.
    let _ = tracing::subscriber::set_global_default(Listener);
}

struct Listener;

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Printer);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Printer);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Printer);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Printer;

impl Visit for Printer {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        print(format_args!("{}={value:?}\n", field.name()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::{NEW_API_KEY, NEW_SECRET_KEY};

    #[test]
    fn every_secret_is_recognised() {
        for secret in [
            "x Canaryville y",
            "to 49 15173917391",
            "born 1971-03-04",
            "MT36CFTE28004000000000003225049",
            "number=4000000000011017",
            "code: 7391,",
            NEW_API_KEY,
            NEW_SECRET_KEY,
        ] {
            assert!(secret_in(secret).is_some(), "{secret}");
        }
        for harmless in ["", "id 7391-aa", "1.7391", "a7391", "40000000", "order-1"] {
            assert_eq!(secret_in(harmless), None, "{harmless}");
        }
    }

    #[test]
    fn every_log_line_is_heard() {
        listen();
        begin();
        tracing::trace!(order = "o-1", "a line");
        tracing::debug_span!("a_span", place = "here").record("place", "there");
        with_printed(|printed| {
            for part in [
                "order=\"o-1\"",
                "message=a line",
                "place=\"here\"",
                "place=\"there\"",
            ] {
                assert!(printed.contains(part), "{part} in {printed}");
            }
        });
    }
}
