use std::fmt;

use bytes::Bytes;
use http::header::LOCATION;
use http::{Method, Request, Response, StatusCode, Uri};

use super::Sandbox;

/// A 3DS page without a browser. Its methods send what the page's own forms send.
///
/// ```
/// # let body = r#"{"amount":25,"baseCurrency":"EUR","customerId":"c","customerEmail":"john.doe@example.com",
/// #   "customerFirstName":"John","customerLastName":"Doe","customerPhone":"49 15123456789",
/// #   "customerDateOfBirth":"2000-02-10","accountId":"a67ec03c-0253-4c14-9961-28985186f90c",
/// #   "userIp":"217.138.202.40","orderId":"order-1","redirectUrl":"https://shop.example/thanks",
/// #   "billingAddress":{"addressLine1":"A","city":"B","countryCode":"CZ","postalCode":"1","state":"C"},
/// #   "card":{"cardNumber":"4000000000000002","cardholderName":"John Doe","expiryMonth":"12",
/// #   "expiryYear":"2028","cardSecurityCode":"444"}}"#;
/// use xgateway_sandbox::{Config, Sandbox};
///
/// let sandbox = Sandbox::new(Config::new(1));
/// # let answer = sandbox.world(|world| {
/// #     let request = http::Request::post("/api/v2/gateway8")
/// #         .header("x-api-key", world.config().api_key.expose())
/// #         .header("content-type", "application/json")
/// #         .body(bytes::Bytes::from(body))
/// #         .unwrap();
/// #     world.handle(&request)
/// # });
/// # let answer: serde_json::Value = serde_json::from_slice(answer.body())?;
/// # let three_ds_url = answer["data"]["threeDSURL"].as_str().unwrap();
/// // ... a deposit later ...
/// let visit = sandbox.three_ds(three_ds_url).approve();
/// assert_eq!(visit.redirect(), Some("https://shop.example/thanks"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct ThreeDs {
    sandbox: Sandbox,
    path: String,
}

/// What the browser got.
#[derive(Clone)]
pub struct ThreeDsVisit {
    status: StatusCode,
    redirect: Option<String>,
    html: String,
}

impl ThreeDs {
    pub(super) fn new(sandbox: Sandbox, url: &str) -> Self {
        let path = url
            .parse::<Uri>()
            .map(|uri| uri.path().to_owned())
            .unwrap_or_default();
        Self { sandbox, path }
    }

    /// Opens the page. That of the card which is not enrolled passes by that.
    pub fn visit(&self) -> ThreeDsVisit {
        self.send(Method::GET, "")
    }

    /// Presses "Approve".
    pub fn approve(&self) -> ThreeDsVisit {
        self.send(Method::POST, "/approve")
    }

    /// Presses "Decline".
    pub fn decline(&self) -> ThreeDsVisit {
        self.send(Method::POST, "/decline")
    }

    /// Presses "Leave without deciding".
    pub fn leave(&self) -> ThreeDsVisit {
        self.send(Method::POST, "/leave")
    }

    fn send(&self, method: Method, button: &str) -> ThreeDsVisit {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = method;
        // A URL that is none leads to the path `*`, which no page has.
        *request.uri_mut() = format!("{}{button}", self.path)
            .parse()
            .unwrap_or_else(|_| Uri::from_static("*"));
        ThreeDsVisit::new(&self.sandbox.world(|world| world.handle(&request)))
    }
}

impl ThreeDsVisit {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Where the browser is sent, if it is: the merchant's `redirectUrl` once the check has passed, or else the page
    /// again, as a relative URL.
    pub fn redirect(&self) -> Option<&str> {
        self.redirect.as_deref()
    }

    /// The page, if there is one.
    pub fn html(&self) -> &str {
        &self.html
    }

    pub(super) fn new(answer: &Response<Bytes>) -> Self {
        Self {
            status: answer.status(),
            redirect: answer
                .headers()
                .get(LOCATION)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            html: String::from_utf8_lossy(answer.body()).into_owned(),
        }
    }
}

/// Without the path: it is a key to the payment.
impl fmt::Debug for ThreeDs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreeDs").finish_non_exhaustive()
    }
}

/// The status only: page and redirect name the payment and the merchant's session.
impl fmt::Debug for ThreeDsVisit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreeDsVisit")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
