use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, StatusCode};

/// How long an answer asks to wait.
#[derive(Clone, Debug)]
pub(crate) struct RetryAfter {
    text: Box<str>,
    wait: Option<Duration>,
}

impl RetryAfter {
    /// Reads it from an answer with a status that goes with it.
    pub(crate) fn of(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        const BYTES_MAX: usize = 64;

        if !matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
        ) {
            return None;
        }
        let text = text(headers, &RETRY_AFTER)?;
        (text.len() <= BYTES_MAX).then(|| Self {
            text: text.into(),
            wait: wait(text, headers),
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) const fn wait(&self) -> Option<Duration> {
        self.wait
    }
}

/// Seconds, or a date: that one is counted from the date of the answer itself, so that no clock of ours matters.
fn wait(text: &str, headers: &HeaderMap) -> Option<Duration> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than can be counted are still to be waited.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = httpdate::parse_http_date(self::text(headers, &DATE)?).ok()?;
    Some(until.duration_since(now).unwrap_or_default())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, date: Option<&str>, want: Option<Duration>) {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, text.parse().unwrap());
        if let Some(date) = date {
            headers.insert(DATE, date.parse().unwrap());
        }
        let read = RetryAfter::of(StatusCode::SERVICE_UNAVAILABLE, &headers).unwrap();
        assert_eq!(read.wait(), want, "{text}");
        assert_eq!(read.text(), text.trim());
    }

    #[test]
    fn seconds() {
        check("0", None, Some(Duration::ZERO));
        check(" 90 ", None, Some(Duration::from_secs(90)));
        check(
            "99999999999999999999999",
            None,
            Some(Duration::from_secs(u64::MAX)),
        );
        for text in ["", "-1", "1.5", "+1", "soon"] {
            check(text, None, None);
        }
    }

    #[test]
    fn a_date_counts_from_that_of_the_answer() {
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        let at = "Sun, 06 Nov 1994 08:50:07 GMT";
        check(at, date, Some(Duration::from_secs(30)));
        check(
            "Sunday, 06-Nov-94 08:50:07 GMT",
            date,
            Some(Duration::from_secs(30)),
        );
        check("Sun, 06 Nov 1994 08:00:00 GMT", date, Some(Duration::ZERO));
        check(at, None, None);
        check(at, Some("today"), None);
    }

    #[test]
    fn only_where_it_belongs_and_only_if_short() {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, "1".parse().unwrap());
        assert!(RetryAfter::of(StatusCode::TOO_MANY_REQUESTS, &headers).is_some());
        assert!(RetryAfter::of(StatusCode::BAD_GATEWAY, &headers).is_none());
        headers.insert(RETRY_AFTER, "1".repeat(65).parse().unwrap());
        assert!(RetryAfter::of(StatusCode::TOO_MANY_REQUESTS, &headers).is_none());
    }
}
