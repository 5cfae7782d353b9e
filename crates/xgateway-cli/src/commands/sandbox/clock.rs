//! `xgateway sandbox clock`: where the clock of a served sandbox stands, and moving it on.

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::control::Control;
use crate::arguments::{ClockArguments, GlobalArguments};
use crate::commands::session;
use crate::console::Console;
use crate::failure::Failure;

#[derive(Deserialize, Serialize)]
struct Clock {
    now: String,
    mode: String,
}

#[derive(Serialize)]
struct Document<'a> {
    ok: bool,
    clock: &'a Clock,
}

pub(super) fn execute(
    arguments: &ClockArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let by = arguments.by.as_deref().map(|text| {
        seconds(text).ok_or_else(|| {
            Failure::usage(
                "the clock cannot be moved by that",
                "write it as +90s, +15m, +6h or +2d; it moves forwards, by at most 49710 days at a time",
            )
        })
    });
    let by = by.transpose()?;
    let control = Control::new(global, console)?;
    let clock: Clock = session::act(async {
        if let Some(seconds) = by {
            let body = json!({"seconds": seconds}).to_string();
            let path = "/_sandbox/clock/advance";
            control.ask::<String>(Method::POST, path, body).await?;
        }
        let path = "/_sandbox/clock";
        control.ask(Method::GET, path, String::new()).await
    })?;
    if console.is_json() {
        let clock = &clock;
        return console.document(&Document { ok: true, clock });
    }
    console.line(format_args!("{} ({})", clock.now, clock.mode))
}

/// Reads `+90s`, `15m`, `6h` or `2d`.
fn seconds(text: &str) -> Option<u32> {
    let plain = text.strip_prefix('+').unwrap_or(text);
    let (number, factor) = [("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]
        .into_iter()
        .find_map(|(unit, factor)| Some((plain.strip_suffix(unit)?, factor)))?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = number.parse::<u32>().ok().filter(|_| is_number);
    seconds?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_while_is_a_number_and_a_unit() {
        for (text, want) in [("+90s", 90), ("15m", 900), ("+6h", 21600), ("2d", 172_800)] {
            assert_eq!(seconds(text), Some(want), "{text}");
        }
        for text in [
            "",
            "6",
            "h",
            "-6h",
            "+-6h",
            "1w",
            "99999999d",
            "1.5h",
            "++1s",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
