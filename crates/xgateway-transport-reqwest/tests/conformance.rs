//! The duties of a transport.

use xgateway_transport_reqwest::ReqwestTransport;

mod http1 {
    xgateway_conformance::transport_suite!(|| super::ReqwestTransport::new().unwrap());
}

mod http2 {
    xgateway_conformance::http2_suite!(|| {
        super::ReqwestTransport::builder()
            .http2_prior_knowledge(true)
            .build()
            .unwrap()
    });
}
