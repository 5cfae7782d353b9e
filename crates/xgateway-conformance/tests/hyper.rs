//! The lean adapter, and what wraps another transport, through the suite.

#![expect(clippy::unwrap_used, reason = "makers of test objects may panic")]

use xgateway_transport_hyper::HyperTransport;

fn hyper() -> HyperTransport {
    HyperTransport::new().unwrap()
}

mod plain {
    xgateway_conformance::transport_suite!(super::hyper);
}

mod without_a_pool {
    use xgateway_transport_hyper::HyperTransport;

    xgateway_conformance::transport_suite!(|| {
        HyperTransport::builder()
            .pool_idle_per_host_max(0)
            .build()
            .unwrap()
    });
}

mod shared {
    use xgateway_transport::SharedTransport;

    xgateway_conformance::transport_suite!(|| SharedTransport::new(super::hyper()));
}
