//! The one place that looks at the clock.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

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
