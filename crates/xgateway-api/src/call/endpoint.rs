use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::uri::{Authority, Parts, PathAndQuery, Scheme, Uri};
use xgateway_core::secret::ApiKey;

use super::{API_KEY_HEADER, Call, RequestUrlError, Upload};
use crate::json::WipingBuffer;
use crate::operation::Operation;
use crate::path::Paths;

/// What all requests to one base URL with one key have in common, made once.
///
/// The key's memory is wiped when the endpoint and the last request are gone; no request has a copy of its own.
///
/// ```
/// use xgateway_api::call::Endpoint;
/// use xgateway_api::path::Paths;
/// use xgateway_api::types::GetInvoice;
/// use xgateway_core::secret::ApiKey;
///
/// let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
/// let endpoint = Endpoint::new("https://api.xgateway.tech/api", &key)?;
/// let call = GetInvoice { invoice_id: "order 1".to_owned() };
/// let request = endpoint.request(&call, &Paths::default())?;
/// assert_eq!(request.uri(), "https://api.xgateway.tech/api/v2/invoices/order%201");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Endpoint {
    scheme: Scheme,
    authority: Authority,
    /// The path of the base URL, without a slash at its end: that of an operation follows.
    prefix: Box<str>,
    key: HeaderValue,
}

impl Endpoint {
    /// The endpoint below `base` (such as `https://api.xgateway.tech/api`) for the owner of `key`.
    ///
    /// # Errors
    ///
    /// [`RequestUrlError`] if `base` is no URL, or has a query, which would swallow the path.
    pub fn new(base: &str, key: &ApiKey) -> Result<Self, RequestUrlError> {
        if base.contains(['?', '#']) {
            return Err(RequestUrlError);
        }
        let uri: Uri = base.parse().map_err(|_| RequestUrlError)?;
        let parts = uri.into_parts();
        let scheme = parts.scheme.ok_or(RequestUrlError)?;
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(RequestUrlError);
        }
        let path = parts.path_and_query.as_ref().map_or("", PathAndQuery::path);
        Ok(Self {
            scheme,
            authority: parts.authority.ok_or(RequestUrlError)?,
            prefix: path.trim_end_matches('/').into(),
            key: header(key),
        })
    }

    /// The HTTP request of `call`, at the path that `paths` has for the operation.
    ///
    /// The body is not checked here: see [`Call::check`].
    ///
    /// # Errors
    ///
    /// [`RequestUrlError`] if base URL and path make no URI.
    pub fn request<C: Call + ?Sized>(
        &self,
        call: &C,
        paths: &Paths,
    ) -> Result<Request<Bytes>, RequestUrlError> {
        let path = call.path_in(paths.of(C::OPERATION));
        let mut request = self.head(C::OPERATION, &path, Bytes::new())?;
        if let Some(body) = call.body() {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
            *request.body_mut() = body;
        }
        Ok(request)
    }

    /// What stands before the body of an upload: all but the content type, which names the boundary of its parts.
    ///
    /// # Errors
    ///
    /// [`RequestUrlError`] if base URL and path make no URI.
    pub fn upload_head<U: Upload + ?Sized>(
        &self,
        upload: &U,
        paths: &Paths,
    ) -> Result<Request<()>, RequestUrlError> {
        let path = upload.path_in(paths.of(U::OPERATION));
        self.head(U::OPERATION, &path, ())
    }

    fn head<B>(
        &self,
        operation: &Operation,
        path: &str,
        body: B,
    ) -> Result<Request<B>, RequestUrlError> {
        let mut request = Request::new(body);
        *request.method_mut() = operation.method.clone();
        *request.uri_mut() = self.uri(path)?;
        let headers = request.headers_mut();
        // The content type's too, and those that a transport adds: host, user agent and length.
        headers.reserve(6);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if operation.needs_key {
            headers.insert(API_KEY_HEADER, self.key.clone());
        }
        Ok(request)
    }

    fn uri(&self, path: &str) -> Result<Uri, RequestUrlError> {
        // Taken over without a copy.
        let path = Bytes::from([&self.prefix, path].concat());
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query =
            Some(PathAndQuery::from_maybe_shared(path).map_err(|_| RequestUrlError)?);
        Uri::from_parts(parts).map_err(|_| RequestUrlError)
    }
}

/// The key as its header's value.
fn header(key: &ApiKey) -> HeaderValue {
    let mut text = WipingBuffer::default();
    text.extend(key.expose().as_bytes());
    let mut value = HeaderValue::from_maybe_shared(text.into_bytes())
        .expect("an API key is visible ASCII, which a header can carry");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use crate::types::GetInvoice;

    use super::*;

    fn key() -> ApiKey {
        ApiKey::parse("CANARY").unwrap()
    }

    #[test]
    fn a_path_is_put_behind_the_base_url() {
        let call = GetInvoice {
            invoice_id: "1".to_owned(),
        };
        for (base, want) in [
            ("https://a.example", "https://a.example/v2/invoices/1"),
            ("http://a.example:1/", "http://a.example:1/v2/invoices/1"),
            ("https://a/b/c/", "https://a/b/c/v2/invoices/1"),
        ] {
            let endpoint = Endpoint::new(base, &key()).unwrap();
            let request = endpoint.request(&call, &Paths::default()).unwrap();
            assert_eq!(request.uri(), want);
            assert_eq!(request.uri().to_string(), want);
        }
    }

    #[test]
    fn what_is_no_base_url_is_refused() {
        for base in [
            "",
            "/api",
            "a.example",
            "ftp://a.example",
            "https://a.example/?b",
            "https://a.example/#b",
        ] {
            assert_eq!(
                Endpoint::new(base, &key()).err(),
                Some(RequestUrlError),
                "{base}"
            );
        }
    }

    #[test]
    fn it_prints_no_key() {
        let endpoint = Endpoint::new("https://a.example", &key()).unwrap();
        assert!(!format!("{endpoint:?} {endpoint:#?}").contains("CANARY"));
    }
}
