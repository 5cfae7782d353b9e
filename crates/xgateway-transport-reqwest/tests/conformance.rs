//! The duties of a transport.

use xgateway_transport_reqwest::ReqwestTransport;

xgateway_conformance::transport_suite!(|| ReqwestTransport::new().unwrap());
