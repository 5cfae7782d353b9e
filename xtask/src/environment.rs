//! The one place that reads environment variables.

/// Whether this runs on a build server, where a missing tool is a failure instead of a remark.
#[expect(
    clippy::disallowed_methods,
    reason = "`CI` is how build servers make themselves known; there is no other way to know"
)]
pub(crate) fn is_build_server() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true" || value == "1")
}

/// The PostgreSQL server that tests may use, if somebody has named one.
#[expect(
    clippy::disallowed_methods,
    reason = "`DATABASE_URL` is where everybody looks for a server"
)]
pub(crate) fn database_url() -> Option<String> {
    std::env::var("DATABASE_URL")
        .ok()
        .filter(|url| url.starts_with("postgres"))
}

/// The `WebDriver` server that tests may use, if somebody has named one.
#[expect(
    clippy::disallowed_methods,
    reason = "`WEBDRIVER_URL` is where our tests look for a browser"
)]
pub(crate) fn webdriver_url() -> Option<String> {
    std::env::var("WEBDRIVER_URL")
        .ok()
        .filter(|url| url.starts_with("http"))
}
