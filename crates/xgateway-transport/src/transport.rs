use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Body, TransportError};

/// Sends one HTTP request. Implement this to plug in an HTTP stack.
///
/// A 4xx or 5xx answer is `Ok`: only a failed *exchange* is an error.
///
/// # Responsibilities
///
/// For each call the transport:
///
/// - **Sends once.** No retries, and no redirects: a 3xx is an answer like any
///   other. Many libraries do both unasked, some only when a pooled connection
///   turns out to be closed; switch that off or keep it to requests of which
///   no byte was written.
/// - **Sends what it was given.** Method, path, query, headers and the bytes of
///   the body stay as they are. It may add what HTTP itself asks for (`host`,
///   `content-length`), and `user-agent` and `accept: */*` where they are
///   missing. A URL that the library would rewrite is refused.
/// - **Streams what is streamed.** A [`Body`](crate::Body) that is not in memory is read
///   frame by frame as the network takes it, and goes out with its exact
///   length. If it fails in the middle, the request is cut off: never ended in
///   order, so that the gateway does not take the part for the whole.
/// - **Asks for the body last.** Once there is a connection, and frame by frame
///   even if it is in memory: by then it may be [too late](crate::Body::until)
///   for it.
/// - **Returns what came back.** Status, headers and the whole body, not
///   decompressed. It asks for no compression and keeps no cookies.
/// - **Limits the answer.** Beyond a limit of its own it stops reading and
///   fails with [`AnswerTooLarge`](crate::TransportErrorKind::AnswerTooLarge).
///   It never returns part of a body as if it were whole.
/// - **Keeps secrets.** Values of headers that are marked
///   [sensitive](http::HeaderValue::is_sensitive) and all bodies stay out of
///   logs, and the URL, headers and bodies stay out of errors, their sources
///   and `Debug`. The mark itself reaches the library, which may treat such
///   headers with care (HTTP/2 keeps them out of its compression table).
/// - **Goes where the URL says.** Proxies and other detours are settings of the
///   transport, given in code; it does not read them from the environment.
///
/// # What the caller does
///
/// - Builds the request whole: an absolute `http` or `https` URL, all headers,
///   authentication included.
/// - Sets the deadline, by dropping the future. The transport needs limits of
///   its own only where it knows more, as for the time to connect.
/// - Decides whether to send again, and whether a status is good or bad.
/// - Decodes the answer.
///
/// # Delivery
///
/// An error states whether the gateway may have acted. A caller repeats a
/// deposit after [`NotSent`](crate::Delivery::NotSent) without looking, so a
/// wrong one charges a card twice; a wrong
/// [`Unknown`](crate::Delivery::Unknown) costs one look.
///
/// | what happened | error |
/// |---|---|
/// | the library refuses the request | `not_sent(InvalidRequest)` |
/// | name lookup, connection or TLS handshake failed or took too long | `not_sent(Connect)` |
/// | the body failed while it was read | `unknown(Body)`, or `not_sent(Body)` before the first byte |
/// | anything after that: reset, closed early, HTTP/2 stream refused | `unknown(Io)` |
/// | a time limit of the transport ran out after connecting | `unknown(Timeout)` |
/// | what came back is not HTTP | `unknown(InvalidAnswer)` |
/// | the answer is over the limit | `unknown(AnswerTooLarge)` |
///
/// - `NotSent` needs proof that no byte of the request can have been processed.
///   When in doubt, `Unknown`.
/// - "Connection closed" on a *reused* connection is `Unknown`: the gateway may
///   have read the request before it closed.
/// - If the caller drops the future, there is nobody to tell; the caller counts
///   that as `Unknown`. The transport must stand it at every await point: it
///   does not hand the half-used connection to the next request.
///
/// # Example
///
/// An adapter for a library whose client has one method and one error:
///
/// ```
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use xgateway_transport::{Body, Delivery, Transport, TransportError, TransportErrorKind};
/// # mod library {
/// #     use bytes::Bytes;
/// #     #[derive(Debug)]
/// #     pub struct Client;
/// #     #[derive(Debug)]
/// #     pub enum Error { NoRoute, Closed }
/// #     impl std::fmt::Display for Error {
/// #         fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
/// #             f.write_str("no route")
/// #         }
/// #     }
/// #     impl std::error::Error for Error {}
/// #     impl Client {
/// #         pub async fn run<B: http_body::Body>(
/// #             &self,
/// #             _: http::Request<B>,
/// #             _limit_bytes: usize,
/// #         ) -> Result<http::Response<Bytes>, Error> {
/// #             Err(Error::NoRoute)
/// #         }
/// #     }
/// # }
///
/// #[derive(Debug)]
/// struct LibraryTransport {
///     client: library::Client,
/// }
///
/// #[async_trait]
/// impl Transport for LibraryTransport {
///     async fn send(
///         &self,
///         request: http::Request<Body>,
///     ) -> Result<http::Response<Bytes>, TransportError> {
///         self.client.run(request, 8 << 20).await.map_err(|err| {
///             let error = match err {
///                 library::Error::NoRoute => TransportError::not_sent(TransportErrorKind::Connect),
///                 library::Error::Closed => TransportError::unknown(TransportErrorKind::Io),
///             };
///             error.with_source(err) // This library's errors name no URL.
///         })
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let transport = LibraryTransport { client: library::Client };
/// let request = http::Request::get("https://gateway.example/v2/ping").body(Body::empty())?;
/// let err = transport.send(request).await.unwrap_err();
/// assert_eq!(err.delivery(), Delivery::NotSent);
/// # Ok::<(), http::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[async_trait]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transport",
    label = "this cannot send HTTP requests",
    note = "implement `xgateway_transport::Transport` with `#[async_trait]`, or use an adapter crate \
            such as `xgateway-transport-reqwest`",
    note = "for an `Arc<dyn Transport>`, use `SharedTransport::from(arc)`"
)]
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Performs the exchange once: no retries, no redirects.
    ///
    /// Returns when the whole answer has been read.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if there is no complete answer. It says whether the
    /// gateway may have seen the request; see [Delivery](#delivery).
    async fn send(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError>;
}
