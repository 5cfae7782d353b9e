//! Transports that have been services in between, through the suite.

#![expect(clippy::unwrap_used, reason = "makers of test objects may panic")]

use tower::ServiceBuilder;
use tower::util::BoxCloneSyncService;
use xgateway_transport::tower::{ServiceTransport, TransportService};
use xgateway_transport_hyper::HyperTransport;

fn service() -> TransportService {
    TransportService::new(HyperTransport::new().unwrap())
}

mod there_and_back {
    use super::{ServiceTransport, service};

    xgateway_conformance::transport_suite!(|| ServiceTransport::new(service()));
}

mod through_a_layer {
    use super::{ServiceBuilder, ServiceTransport, service};

    xgateway_conformance::transport_suite!(|| {
        let layered = ServiceBuilder::new()
            .concurrency_limit(64)
            .service(service());
        ServiceTransport::new(layered)
    });
}

/// What most applications hold in a field.
mod in_a_box {
    use super::{BoxCloneSyncService, ServiceTransport, service};

    xgateway_conformance::transport_suite!(|| {
        ServiceTransport::new(BoxCloneSyncService::new(service()))
    });
}
