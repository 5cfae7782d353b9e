//! The one place that reads environment variables.

/// Whether this runs on a build server, where a missing tool is a failure instead of a remark.
#[expect(
    clippy::disallowed_methods,
    reason = "`CI` is how build servers make themselves known; this is the only variable we read"
)]
pub(crate) fn is_build_server() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true" || value == "1")
}
