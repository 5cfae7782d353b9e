//! An operation together with what it needs: a request that can be checked and built.

mod endpoint;

use std::fmt;

use bytes::Bytes;
use http::Request;
use http::header::HeaderName;
use serde::de::DeserializeOwned;
use xgateway_core::issue::Issues;
use xgateway_core::secret::ApiKey;

use crate::operation::Operation;
use crate::path::Paths;

pub use self::endpoint::Endpoint;

/// The header that carries the API key.
pub const API_KEY_HEADER: HeaderName = HeaderName::from_static(crate::operations::API_KEY_HEADER);

/// Something that can be asked of the gateway.
///
/// The generator implements it, for each operation, on the type of its body or of its parameters.
pub trait Call: fmt::Debug + Send + Sync {
    /// What the gateway's answer holds under `data`.
    type Answer: DeserializeOwned + fmt::Debug + Send;

    /// The operation.
    const OPERATION: &'static Operation;

    /// Checks the body, or the query, against the gateway's rules.
    ///
    /// # Errors
    ///
    /// What the gateway would answer with 422: all issues at once.
    fn check(&self) -> Result<(), Issues>;

    /// The path below the environment's base URL, with its query, made of a template such as the operation's own.
    fn path_in(&self, template: &str) -> String;

    /// The path as the document has it, with its query.
    fn path(&self) -> String {
        self.path_in(Self::OPERATION.path)
    }

    /// The body, as JSON. Its memory is wiped when the last handle on it goes.
    fn body(&self) -> Option<Bytes>;

    /// What makes a repetition of this call safe at the gateway, and its outcome findable: the order id.
    fn idempotency_key(&self) -> Option<&str> {
        None
    }
}

/// A form with one file that can be sent to the gateway.
///
/// The generator implements it, for each such operation, on a type that holds the parameters and the texts. The file is
/// no part of it: it is read while it is sent, after the texts, as the part that [`Operation::form`] names.
pub trait Upload: fmt::Debug + Send + Sync {
    /// What the gateway's answer holds under `data`.
    type Answer: DeserializeOwned + fmt::Debug + Send;

    /// The operation.
    const OPERATION: &'static Operation;

    /// Checks the texts against the gateway's rules.
    ///
    /// # Errors
    ///
    /// What the gateway would answer with 422: all issues at once.
    fn check(&self) -> Result<(), Issues>;

    /// The path below the environment's base URL, made of a template such as the operation's own.
    fn path_in(&self, template: &str) -> String;

    /// The parts that are texts and have a value, by name, in the document's order.
    fn texts(&self) -> Vec<(&'static str, &str)>;
}

/// Why no request could be built: the base URL and the path make no URI.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the base URL is no absolute http or https URL without query")]
pub struct RequestUrlError;

/// Builds the HTTP request of `call`, below `base` (such as `https://api.xgateway.tech/api`).
///
/// The body is not checked here: see [`Call::check`]. Whoever makes many requests makes one [`Endpoint`] for them.
///
/// ```
/// use xgateway_api::call::request;
/// use xgateway_api::types::GetInvoice;
/// use xgateway_core::secret::ApiKey;
///
/// let call = GetInvoice { invoice_id: "order 1".to_owned() };
/// let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
/// let request = request(&call, "https://api.xgateway.tech/api", &key)?;
/// assert_eq!(request.uri(), "https://api.xgateway.tech/api/v2/invoices/order%201");
/// assert!(request.headers()["x-api-key"].is_sensitive());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`RequestUrlError`] if `base` is no URL.
pub fn request<C: Call + ?Sized>(
    call: &C,
    base: &str,
    key: &ApiKey,
) -> Result<Request<Bytes>, RequestUrlError> {
    Endpoint::new(base, key)?.request(call, &Paths::default())
}
