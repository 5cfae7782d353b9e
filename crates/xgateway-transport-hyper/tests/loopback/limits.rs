use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use xgateway_transport::{Delivery, Transport as _, TransportErrorKind};
use xgateway_transport_hyper::{HyperTransport, HyperTransportBuilder};

use crate::{check, get, post};

const SHORT: Duration = Duration::from_millis(50);

/// The error when the server says `answer`, after it has read `read` bytes,
/// and then nothing more.
async fn check_silence(
    builder: HyperTransportBuilder,
    scheme: &str,
    read: usize,
    answer: &str,
    kind: TransportErrorKind,
    delivery: Delivery,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("{scheme}://{}/", listener.local_addr().unwrap());
    let transport = builder.build().unwrap();
    // More than the network takes unread.
    let request = if read == 1 {
        post(&url, vec![0; 16 << 20])
    } else {
        get(&url)
    };
    let (result, _stream) = tokio::join!(transport.send(request), async {
        let (mut stream, _): (TcpStream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut vec![0; read]).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream
    });
    check(&result.map(drop).unwrap_err(), kind, delivery);
}

#[tokio::test]
async fn a_handshake_that_takes_too_long_sends_nothing() {
    let root = rcgen::generate_simple_self_signed([]).unwrap().cert.pem();
    check_silence(
        HyperTransport::builder()
            .handshake_timeout(SHORT)
            .root_certificates_pem(root),
        "https",
        10,
        "",
        TransportErrorKind::Connect,
        Delivery::NotSent,
    )
    .await;
}

#[tokio::test]
async fn writing_for_too_long_is_unknown() {
    check_silence(
        HyperTransport::builder().write_timeout(SHORT),
        "http",
        1,
        "",
        TransportErrorKind::Timeout,
        Delivery::Unknown,
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_begins_too_late_is_unknown() {
    for answer in ["", "HTTP/1.1 200 OK\r\ncontent-le"] {
        check_silence(
            HyperTransport::builder().answer_timeout(SHORT),
            "http",
            30,
            answer,
            TransportErrorKind::Timeout,
            Delivery::Unknown,
        )
        .await;
    }
}

#[tokio::test]
async fn an_answer_that_pauses_for_too_long_is_unknown() {
    check_silence(
        HyperTransport::builder().read_timeout(SHORT),
        "http",
        30,
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npart",
        TransportErrorKind::Timeout,
        Delivery::Unknown,
    )
    .await;
}

#[tokio::test]
async fn an_answer_may_reach_the_limit_and_not_pass_it() {
    let chunked =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n";
    for reply in [
        "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabcdef",
        chunked,
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        for limit in [6, 5] {
            let transport = HyperTransport::builder()
                .answer_bytes_max(limit)
                .build()
                .unwrap();
            let (result, _stream) = tokio::join!(transport.send(get(&url)), async {
                let (mut stream, _) = listener.accept().await.unwrap();
                stream.read_exact(&mut [0; 30]).await.unwrap();
                stream.write_all(reply.as_bytes()).await.unwrap();
                stream
            });
            match result {
                Ok(answer) => assert_eq!((limit, answer.body().as_ref()), (6, &b"abcdef"[..])),
                Err(err) => {
                    assert_eq!(limit, 5);
                    check(&err, TransportErrorKind::AnswerTooLarge, Delivery::Unknown);
                }
            }
        }
    }
}

#[tokio::test]
async fn headers_have_a_limit() {
    let many = "x-many: 1\r\n".repeat(101);
    let long = format!("x-long: {}\r\n", "a".repeat(200 << 10));
    for headers in [many, long] {
        check_silence(
            HyperTransport::builder(),
            "http",
            30,
            &format!("HTTP/1.1 200 OK\r\n{headers}content-length: 0\r\n\r\n"),
            TransportErrorKind::InvalidAnswer,
            Delivery::Unknown,
        )
        .await;
    }
}
