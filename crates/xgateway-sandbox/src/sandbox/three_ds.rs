use std::fmt;

use bytes::Bytes;
use http::header::LOCATION;
use http::{Method, Request, Response, StatusCode, Uri};

use super::Sandbox;

/// A 3DS page without a browser. Its methods send what the page's own forms send.
///
/// ```no_run
/// # let sandbox = xgateway_sandbox::Sandbox::new(xgateway_sandbox::Config::new(1));
/// # let three_ds_url = "";
/// let visit = sandbox.three_ds(three_ds_url).approve();
/// assert_eq!(visit.redirect(), Some("https://shop.example/thanks"));
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

    fn new(answer: &Response<Bytes>) -> Self {
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
