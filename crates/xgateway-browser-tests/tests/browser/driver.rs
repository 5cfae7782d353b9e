//! A browser with a fresh profile, and what `WebDriver` itself does not offer.

use std::path::{Path, PathBuf};
use std::sync::Once;

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// What a browser needs that nobody sees, that may be run by root, and that must not call home.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// A browser; none if no driver is there.
pub(crate) async fn open(profile: &Path) -> Option<Client> {
    let driver = driver()?;
    let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    flags.push(format!("--user-data-dir={}", profile.display()));
    let capabilities = json!({
        "goog:chromeOptions": {"args": flags},
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    let Value::Object(capabilities) = capabilities else {
        unreachable!("it is an object")
    };
    let browser = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&driver)
        .await
        .unwrap();
    Some(browser)
}

/// Where the driver is. If there is none, this says so once, and fails on a build server.
fn driver() -> Option<String> {
    static SAID: Once = Once::new();

    let url = variable("WEBDRIVER_URL");
    if url.is_none() {
        let message =
            "browser tests NOT RUN: WEBDRIVER_URL names no driver; `cargo xtask test` brings one";
        assert!(variable("CI").is_none_or(|ci| ci != "true"), "{message}");
        SAID.call_once(|| {
            use std::io::Write as _;
            // Past the harness, which keeps what a passing test prints to itself.
            let _ = writeln!(std::io::stderr(), "{message}");
        });
    }
    url
}

#[expect(
    clippy::disallowed_methods,
    reason = "where the driver is, cannot be written down here"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What the page has written to the console, errors of loading and of its policy included.
pub(crate) async fn console(browser: &Client) -> Vec<String> {
    let entries = browser
        .issue_cmd(Command::new("se/log", json!({"type": "browser"})))
        .await
        .unwrap();
    let entries = entries.as_array().cloned().unwrap_or_default();
    entries.iter().map(Value::to_string).collect()
}

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Look {
    Desk,
    Phone,
    PhoneAtNight,
}

/// Shows the page in another light and size.
pub(crate) async fn look(browser: &Client, look: Look) {
    let (width, height, scheme) = match look {
        Look::Desk => (1100, 850, "light"),
        Look::Phone => (390, 844, "light"),
        Look::PhoneAtNight => (390, 844, "dark"),
    };
    let is_phone = !matches!(look, Look::Desk);
    for (command, parameters) in [
        (
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone}),
        ),
        (
            "Emulation.setEmulatedMedia",
            json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        ),
    ] {
        let body = json!({"cmd": command, "params": parameters});
        browser
            .issue_cmd(Command::new("goog/cdp/execute", body))
            .await
            .unwrap();
    }
}

/// Keeps what the page looks like, for a person to look at.
pub(crate) async fn screenshot(browser: &Client, name: &str) {
    let folder = folder();
    std::fs::create_dir_all(&folder).unwrap();
    let image = browser.screenshot().await.unwrap();
    std::fs::write(folder.join(format!("{name}.png")), image).unwrap();
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots")
}

/// A command of the driver's own.
#[derive(Debug)]
struct Command {
    path: &'static str,
    body: Value,
}

impl Command {
    fn new(path: &'static str, body: Value) -> Self {
        Self { path, body }
    }
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        let session = session_id.unwrap_or_default();
        base_url.join(&format!("session/{session}/{}", self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
