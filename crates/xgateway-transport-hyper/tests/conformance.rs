//! The duties of a transport.

use xgateway_transport_hyper::HyperTransport;

xgateway_conformance::transport_suite!(|| HyperTransport::new().unwrap());
