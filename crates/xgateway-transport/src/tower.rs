//! A bridge between [`Transport`](crate::Transport) and [`tower_service::Service`], both ways.
//!
//! [`TransportService`] makes a service of a transport, [`ServiceTransport`] a transport of a service. Put one into the
//! other to have layers between the client and the network:
//!
//! ```
//! use std::task::{Context, Poll};
//!
//! use tower_service::Service;
//! use xgateway_transport::tower::{ServiceTransport, TransportService};
//! use xgateway_transport::{Body, SharedTransport, Transport};
//! # use xgateway_transport::test_util::{ExpectedRequest, ScriptedTransport};
//!
//! /// Names the shop in each request.
//! #[derive(Clone)]
//! struct Named<S>(S);
//!
//! impl<S: Service<http::Request<Body>>> Service<http::Request<Body>> for Named<S> {
//!     type Response = S::Response;
//!     type Error = S::Error;
//!     type Future = S::Future;
//!
//!     fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
//!         self.0.poll_ready(context)
//!     }
//!
//!     fn call(&mut self, mut request: http::Request<Body>) -> S::Future {
//!         let name = http::HeaderValue::from_static("example-shop");
//!         request.headers_mut().insert("x-shop", name);
//!         self.0.call(request)
//!     }
//! }
//!
//! # let network = ScriptedTransport::new([
//! #     ExpectedRequest::get("/ping").header("x-shop", "example-shop").answers(http::StatusCode::OK, "pong"),
//! # ]);
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let service = Named(TransportService::new(network));
//! let transport = SharedTransport::new(ServiceTransport::new(service));
//! let request = http::Request::get("https://gateway.example/ping").body(Body::empty())?;
//! assert_eq!(transport.send(request).await?.status(), 200);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The [duties](crate::Transport) hold for the whole: a layer that sends again, follows redirects or asks for
//! compression makes a wrong transport of a right one. A request can be sent once only, since a [`Body`](crate::Body)
//! cannot be cloned; see to it that no layer keeps the bytes.

mod service;
mod transport;

pub use self::service::TransportService;
pub use self::transport::{ServiceError, ServiceTransport};
