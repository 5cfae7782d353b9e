//! The duties of a transport.

#![expect(clippy::unwrap_used, reason = "makers of test objects may panic")]

use xgateway_transport_reqwest::ReqwestTransport;

xgateway_conformance::transport_suite!(|| ReqwestTransport::new().unwrap());
