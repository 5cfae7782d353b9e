use std::process::Command;

use xgateway_transport::{Delivery, Transport as _, TransportErrorKind};
use xgateway_transport_hyper::HyperTransport;

use crate::server::Server;
use crate::{check, get};

fn trusting(server: &Server) -> HyperTransport {
    HyperTransport::builder()
        .root_certificates_pem(server.pem.as_bytes())
        .build()
        .unwrap()
}

#[tokio::test]
async fn speaks_the_best_http_that_the_server_can() {
    for (protocols, want) in [
        (&["h2", "http/1.1"][..], "HTTP/2.0 GET /a?b"),
        (&["http/1.1"], "HTTP/1.1 GET /a?b"),
        (&[], "HTTP/1.1 GET /a?b"),
    ] {
        let server = Server::tls("localhost", protocols).await;
        let transport = trusting(&server);
        let url = format!("https://localhost:{}/a?b", server.address.port());
        for _ in 0..3 {
            let answer = transport.send(get(&url)).await.unwrap();
            assert_eq!(answer.headers()["x-seen"], want);
        }
        assert_eq!(server.connection_count(), 1);
    }
}

#[tokio::test]
async fn an_unused_connection_ends_in_order() {
    let mut server = Server::tls("localhost", &["http/1.1"]).await;
    let transport = trusting(&server);
    let url = format!("https://localhost:{}/", server.address.port());
    transport.send(get(&url)).await.unwrap();
    drop(transport);
    assert_eq!(server.ends.recv().await, Some(true));
}

#[tokio::test]
async fn nobody_is_trusted_who_should_not_be() {
    let server = Server::tls("localhost", &["h2"]).await;
    let other = Server::tls("localhost", &["h2"]).await;
    let port = server.address.port();
    let by_name = format!("https://localhost:{port}/");
    let by_address = format!("https://127.0.0.1:{port}/");
    for (transport, url) in [
        // Signed by nobody whom we trust.
        (trusting(&other), by_name),
        // The certificate is for another name.
        (trusting(&server), by_address),
    ] {
        let err = transport.send(get(&url)).await.unwrap_err();
        check(&err, TransportErrorKind::Connect, Delivery::NotSent);
    }
}

#[test]
fn a_setting_that_cannot_work_is_refused() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for builder in [
        HyperTransport::builder().user_agent("a\nb"),
        HyperTransport::builder().root_certificates_pem("no certificate"),
        HyperTransport::builder().root_certificates_pem(broken),
    ] {
        let err = builder.build().unwrap_err();
        assert_eq!(err.to_string(), "cannot set up the HTTP client");
        assert!(std::error::Error::source(&err).is_some());
    }
}

// The process's environment cannot be changed safely, so the test runs itself
// once more with another one.
#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the variable tells the two runs apart"
)]
async fn without_ca_certificates_http_works_and_https_is_refused() {
    const HERE: &str = "tls::without_ca_certificates_http_works_and_https_is_refused";
    const NOWHERE: &str = "/nonexistent/ca.pem";
    if std::env::var("SSL_CERT_FILE").as_deref() != Ok(NOWHERE) {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", HERE])
            .env("SSL_CERT_FILE", NOWHERE)
            .env_remove("SSL_CERT_DIR")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        return;
    }
    let server = Server::http2().await;
    let transport = HyperTransport::builder()
        .http2_prior_knowledge(true)
        .build()
        .unwrap();
    let plain = format!("http://{}/", server.address);
    transport.send(get(&plain)).await.unwrap();
    let err = transport
        .send(get("https://127.0.0.1:1/"))
        .await
        .unwrap_err();
    check(&err, TransportErrorKind::Connect, Delivery::NotSent);
    assert!(format!("{err:?}").contains("NoCaCertificates"));
}
