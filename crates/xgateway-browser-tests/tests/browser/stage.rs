//! A served sandbox, a merchant with a page, and a browser in front of them.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, Locator};
use http::Request;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use xgateway_sandbox::{Config, Sandbox, SandboxCard};

use crate::driver::{self, Look};

/// What the merchant's page says to a customer who returns.
pub(crate) const THANKS: &str = "Thank you for your order";

pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    pub(crate) browser: Client,
    /// Where the sandbox is.
    pub(crate) url: String,
    /// Where the merchant wants its customers.
    pub(crate) shop: String,
}

/// Plays a scene in a browser of its own, and checks that its console stayed silent. Without a driver nothing is played.
pub(crate) async fn play<F>(name: &str, scene: impl FnOnce(Arc<Stage>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&profile);
    let Some(browser) = driver::open(&profile).await else {
        return;
    };
    let sandbox = Sandbox::new(Config::new(1));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = tokio::spawn(sandbox.serve(listener, std::future::pending()));
    let stage = Stage {
        url: sandbox.world(|world| world.public_url().to_owned()),
        shop: shop().await,
        sandbox,
        browser: browser.clone(),
    };
    driver::look(&browser, Look::Desk).await;
    // In a task, because the browser must be closed also if the scene fails.
    let played = tokio::spawn(scene(Arc::new(stage))).await;
    let console = driver::console(&browser).await;
    if played.is_err() {
        driver::screenshot(&browser, &format!("failed-{name}")).await;
    }
    browser.close().await.unwrap();
    server.abort();
    let _ = std::fs::remove_dir_all(&profile);
    if let Err(error) = played {
        std::panic::resume_unwind(error.into_panic());
    }
    assert!(console.is_empty(), "{console:?}");
}

/// The merchant's page.
async fn shop() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/thanks", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let html = format!(
                "<!doctype html><link rel=icon href=data:,><title>Shop</title><h1>{THANKS}</h1>"
            );
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{html}",
                html.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    url
}

impl Stage {
    /// Sends a request of the merchant's.
    pub(crate) fn ask(&self, path: &str, body: &Value) -> Value {
        self.sandbox.world(|world| {
            let request = Request::post(path)
                .header("x-api-key", world.config().api_key.expose())
                .header("content-type", "application/json")
                .body(Bytes::from(body.to_string()))
                .unwrap();
            serde_json::from_slice(world.handle(&request).body()).unwrap()
        })
    }

    /// A card deposit; says where its 3DS page is, if it has one.
    pub(crate) fn deposit(&self, order: &str, card: &str) -> Option<String> {
        let card = SandboxCard::named(card).unwrap().number;
        let answer = self.ask(
            "/api/v2/gateway8",
            &json!({
                "amount": 25, "baseCurrency": "EUR", "orderId": order, "redirectUrl": self.shop,
                "accountId": "a67ec03c-0253-4c14-9961-28985186f90c", "customerId": "customer-1",
                "customerDateOfBirth": "2000-02-10", "customerEmail": "john.doe@example.com",
                "customerFirstName": "John", "customerLastName": "Doe",
                "customerPhone": "49 15123456789", "userIp": "217.138.202.40",
                "billingAddress": {"addressLine1": "A", "city": "B", "countryCode": "CZ",
                    "postalCode": "1", "state": "C"},
                "card": {"cardNumber": card, "cardholderName": "John Doe", "expiryMonth": "12",
                    "expiryYear": "2028", "cardSecurityCode": "444"},
            }),
        );
        answer["data"]["threeDSURL"].as_str().map(str::to_owned)
    }

    /// The status of an invoice and those of its transactions.
    pub(crate) fn standing(&self, order: &str) -> String {
        let invoice = self.sandbox.world(|world| world.invoice(order)).unwrap();
        let transactions: Vec<_> = invoice
            .transactions
            .iter()
            .flatten()
            .map(|transaction| transaction.status.as_str().to_owned())
            .collect();
        format!("{} [{}]", invoice.status, transactions.join(", "))
    }

    pub(crate) async fn open(&self, url: &str) {
        let url = if url.starts_with('/') {
            format!("{}{url}", self.url)
        } else {
            url.to_owned()
        };
        self.browser.goto(&url).await.unwrap();
    }

    /// An element, once it is there.
    pub(crate) async fn find(&self, css: &str) -> Element {
        let wait = self.browser.wait();
        wait.for_element(Locator::Css(css)).await.unwrap()
    }

    /// Presses a button or a link.
    pub(crate) async fn press(&self, css: &str) {
        // A page that follows the world may replace what was found before it is pressed.
        let mut pressed = self.find(css).await.click().await;
        for _ in 0..50 {
            let is_stale = |error: &CmdError| error.to_string().contains("stale element reference");
            if !pressed.as_ref().is_err_and(is_stale) {
                break;
            }
            pressed = self.find(css).await.click().await;
        }
        pressed.unwrap();
    }

    /// Waits until a page has this heading.
    pub(crate) async fn sees(&self, heading: &str) {
        let path = format!("//h1[normalize-space()='{heading}']");
        self.waits_for(&path).await;
    }

    /// Waits until something is on the page, named by an `XPath`.
    pub(crate) async fn waits_for(&self, path: &str) {
        let wait = self.browser.wait();
        wait.for_element(Locator::XPath(path)).await.unwrap();
    }

    /// Looks at the page in each light and size, and finds nothing that is wider than the page.
    pub(crate) async fn looks(&self, name: &str) {
        for (look, suffix) in [
            (Look::Desk, "desk"),
            (Look::Phone, "phone"),
            (Look::PhoneAtNight, "phone-night"),
        ] {
            driver::look(&self.browser, look).await;
            driver::screenshot(&self.browser, &format!("{name}-{suffix}")).await;
            let script = "return document.documentElement.scrollWidth - innerWidth";
            let overflow = self.browser.execute(script, Vec::new()).await.unwrap();
            assert!(
                overflow.as_i64().unwrap() <= 0,
                "{name} {suffix}: {overflow}"
            );
        }
        driver::look(&self.browser, Look::Desk).await;
    }
}
