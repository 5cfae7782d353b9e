//! The sandbox's pages in Chromium. Needs `WEBDRIVER_URL`: `cargo xtask test` finds or installs a browser and its driver.
#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot unwrap makes it fail"
)]

#[path = "browser/checkout.rs"]
mod checkout;
#[path = "browser/driver.rs"]
mod driver;
#[path = "browser/inspector.rs"]
mod inspector;
#[path = "browser/kyc.rs"]
mod kyc;
#[path = "browser/stage.rs"]
mod stage;
#[path = "browser/three_ds.rs"]
mod three_ds;
