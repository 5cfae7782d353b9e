//! Nothing but tests: the sandbox's pages in a real browser. See `tests/browser.rs`.
