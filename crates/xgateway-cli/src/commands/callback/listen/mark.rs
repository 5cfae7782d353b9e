//! By what a receiver knows its own forwards: one that takes them for callbacks would answer itself with success, and
//! what is confirmed would count as passed on.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderValue, Uri};

/// The header that every forward has.
pub(super) const HEADER: &str = "xgateway-forwarded-by";

/// Who forwards: one process, or all that share a database.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) struct Mark(u64);

impl Mark {
    /// That of one process alone.
    pub(super) fn of_this_process() -> io::Result<Self> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(io::Error::from)?;
        Ok(Self(u64::from_ne_bytes(bytes)))
    }

    /// That of every receiver on a database: behind a balancer each may get what another one has forwarded. They are set up
    /// alike, so the address is enough; user and password are left out, since the mark is shown to others.
    pub(super) fn of_database(url: &str) -> Self {
        let place = url.split('?').next().unwrap_or_default();
        let place = place.rsplit('@').next().unwrap_or_default();
        let mut hasher = DefaultHasher::new();
        place.hash(&mut hasher);
        Self(hasher.finish())
    }

    pub(super) fn header(self) -> HeaderValue {
        HeaderValue::from_str(&self.to_string()).expect("it is a number")
    }

    /// Whether a request is a forward of our own.
    pub(super) fn is_on(self, headers: &HeaderMap) -> bool {
        let mut marks = headers.get_all(HEADER).iter();
        marks.any(|mark| mark == self.header())
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Whether a URL plainly leads to where we listen. What leads there by another way is found out by the mark.
pub(super) fn leads_to(url: &Uri, listen: SocketAddr) -> bool {
    let usual = match url.scheme_str() {
        Some("https") => 443,
        _ => 80,
    };
    if listen.port() != url.port_u16().unwrap_or(usual) {
        return false;
    }
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    let ours = listen.ip();
    if host.eq_ignore_ascii_case("localhost") {
        return ours.is_loopback() || ours.is_unspecified();
    }
    host.parse().is_ok_and(|address: IpAddr| {
        address == ours || (ours.is_unspecified() && address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receivers_on_one_database_have_one_mark_whoever_they_log_in_as() {
        let one = Mark::of_database("postgres://a:p@ss@db:5432/shop?sslmode=require");
        assert!(one == Mark::of_database("postgres://b:other@db:5432/shop"));
        assert!(one != Mark::of_database("postgres://a:p@ss@db:5432/other"));
    }

    #[test]
    fn what_leads_to_where_we_listen_is_told_from_what_does_not() {
        for (url, listen, want) in [
            ("http://127.0.0.1:4011/hook", "127.0.0.1:4011", true),
            ("http://localhost:4011/hook", "127.0.0.1:4011", true),
            ("http://LOCALHOST:4011/hook", "0.0.0.0:4011", true),
            ("http://[::1]:4011/hook", "[::]:4011", true),
            ("http://127.0.0.1/hook", "127.0.0.1:80", true),
            ("https://10.0.0.7:4011/hook", "10.0.0.7:4011", true),
            ("http://127.0.0.1:8080/hook", "127.0.0.1:4011", false),
            ("http://localhost:4011/hook", "10.0.0.7:4011", false),
            ("https://shop.example/hook", "0.0.0.0:443", false),
        ] {
            let found = leads_to(&url.parse().unwrap(), listen.parse().unwrap());
            assert_eq!(found, want, "{url} {listen}");
        }
    }
}
