//! The duties of a transport.

use xgateway_transport_hyper::HyperTransport;

mod http1 {
    xgateway_conformance::transport_suite!(|| super::HyperTransport::new().unwrap());
}

mod http2 {
    xgateway_conformance::http2_suite!(|| {
        super::HyperTransport::builder()
            .http2_prior_knowledge(true)
            .build()
            .unwrap()
    });
}
