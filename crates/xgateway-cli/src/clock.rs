//! The one place that looks at the clock.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo, Timestamp};

/// The time.
#[expect(
    clippy::disallowed_methods,
    reason = "the outermost layer: everything below takes the time as an argument"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Today's date, in UTC.
pub(crate) fn today() -> Date {
    date(now())
}

/// The date of a time, in UTC.
pub(crate) fn date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The time so long ago: `90m`, `24h`, `7d`.
pub(crate) fn ago(text: &str) -> Option<Timestamp> {
    let span: Span = text.parse().ok()?;
    let ago = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    // A time to come was not long ago.
    let ago = Some(ago).filter(|ago| !ago.is_negative())?;
    now().checked_sub(ago).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_come_was_not_long_ago() {
        assert!(ago("90d").is_some());
        for text in ["-90d", "-1h", "soon", ""] {
            assert_eq!(ago(text), None, "{text}");
        }
    }
}
