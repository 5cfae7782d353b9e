use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode};
use http_body::Body as _;
use xgateway_api::environment::Environment;
use xgateway_api::operations::UPLOAD_DOCUMENT;
use xgateway_client::Client;
use xgateway_client::document::PIECE_BYTES;
use xgateway_core::document::Page;
use xgateway_core::secret::ApiKey;
use xgateway_transport::test_util::{ExpectedRequest, MockTransport, ScriptedTransport};
use xgateway_transport::{Body, Transport};

use crate::{customer, file, pdf};

const PATH: &str = "/api/v2/customer/customer-1/bank-transfer/kyc/document";

pub(crate) fn client(transport: impl Transport) -> Client {
    let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11").unwrap();
    Client::new(Environment::Demo, key, transport)
}

/// The sizes of the frames of `body`, read to the end.
pub(crate) async fn frames(mut body: Body) -> Vec<Bytes> {
    let mut frames = Vec::new();
    while let Some(frame) =
        std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await
    {
        frames.push(frame.unwrap().into_data().unwrap());
    }
    frames
}

#[tokio::test]
async fn a_side_is_a_form_with_the_file_last() {
    let hash = "970d7764261f7cb0e4b64ac2515a60137253a57a0de0726a";
    let form = [
        format!("--xgateway-{hash}"),
        "content-disposition: form-data; name=\"documentType\"".to_owned(),
        String::new(),
        "DRIVERS".to_owned(),
        format!("--xgateway-{hash}"),
        "content-disposition: form-data; name=\"documentSubType\"".to_owned(),
        String::new(),
        "BACK_SIDE".to_owned(),
        format!("--xgateway-{hash}"),
        "content-disposition: form-data; name=\"file\"; filename=\"driving-licence-back.pdf\""
            .to_owned(),
        "content-type: application/pdf".to_owned(),
        String::new(),
        "%PDF-1.7\nxxxxx\n%%EOF".to_owned(),
        format!("--xgateway-{hash}--"),
        String::new(),
    ];
    let gateway = ScriptedTransport::new([ExpectedRequest::new(Method::PUT, PATH)
        .header(
            "content-type",
            &format!("multipart/form-data; boundary=xgateway-{hash}"),
        )
        .header("x-api-key", "5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")
        .bytes(form.join("\r\n"))
        .answers(StatusCode::NO_CONTENT, "")])
    .show_values();
    client(gateway.clone())
        .upload_document(
            &customer(),
            Page::DrivingLicenceBack,
            file(pdf(20)).await,
            |_| (),
        )
        .await
        .unwrap_or_else(|_| panic!("{:?}", gateway.finish()));
    gateway.finish().unwrap();
}

#[tokio::test]
async fn a_call_that_may_take_for_ever_takes_a_file_that_is_long_in_writing() {
    let gateway = ScriptedTransport::new([
        ExpectedRequest::new(Method::PUT, PATH).answers(StatusCode::NO_CONTENT, "")
    ]);
    let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11").unwrap();
    let client = Client::builder(Environment::Demo, key, gateway.clone())
        .operation_timeout(&UPLOAD_DOCUMENT, Duration::MAX)
        .build();
    let long = file(pdf(200_000)).await;
    client
        .upload_document(&customer(), Page::Selfie, long, |_| ())
        .await
        .unwrap();
    gateway.finish().unwrap();
}

#[tokio::test]
async fn every_side_has_the_name_that_the_gateway_has_for_it() {
    let mut seen = Vec::new();
    for page in Page::ALL {
        let text = Arc::new(Mutex::new(String::new()));
        let (mut gateway, sent) = (MockTransport::new(), Arc::clone(&text));
        gateway.expect_send().returning(move |request| {
            let sent = Arc::clone(&sent);
            let frames = now(frames(request.into_body()));
            let head = String::from_utf8(frames[0].to_vec()).unwrap();
            let values = head
                .split("\r\n\r\n")
                .skip(1)
                .filter_map(|it| it.split("\r\n").next());
            *sent.lock().unwrap() = values.collect::<Vec<_>>().join(" ");
            let mut answer = http::Response::new(Bytes::new());
            *answer.status_mut() = StatusCode::NO_CONTENT;
            Ok(answer)
        });
        let document = file(pdf(100)).await;
        client(gateway)
            .upload_document(&customer(), page, document, |_| ())
            .await
            .unwrap();
        seen.push(text.lock().unwrap().trim_end().to_owned());
    }
    assert_eq!(
        seen,
        [
            "PASSPORT",
            "DRIVERS FRONT_SIDE",
            "DRIVERS BACK_SIDE",
            "ID_CARD FRONT_SIDE",
            "ID_CARD BACK_SIDE",
            "RESIDENCE_PERMIT",
            "RESIDENCE_PERMIT FRONT_SIDE",
            "RESIDENCE_PERMIT BACK_SIDE",
            "SELFIE",
            "UTILITY_BILL",
        ]
    );
}

#[tokio::test]
async fn no_frame_is_larger_than_a_piece_and_progress_counts_each() {
    let length = 3 * PIECE_BYTES + 1;
    let told = Arc::new(Mutex::new(Vec::new()));
    let mut gateway = MockTransport::new();
    gateway.expect_send().returning(move |request| {
        let total: usize = now(frames(request.into_body()))
            .iter()
            .map(|frame| {
                assert!(frame.len() <= PIECE_BYTES);
                frame.len()
            })
            .sum();
        assert!(total > length);
        let mut answer = http::Response::new(Bytes::new());
        *answer.status_mut() = StatusCode::NO_CONTENT;
        Ok(answer)
    });
    let document = file(pdf(length)).await;
    let heard = Arc::clone(&told);
    client(gateway)
        .upload_document(&customer(), Page::Selfie, document, move |sent| {
            heard.lock().unwrap().push(sent);
        })
        .await
        .unwrap();
    let piece = PIECE_BYTES as u64;
    assert_eq!(
        *told.lock().unwrap(),
        [piece, 2 * piece, 3 * piece, 3 * piece + 1]
    );
}

/// Runs what never waits: a body whose file is in memory.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) else {
        unreachable!("a file in memory made its reader wait");
    };
    output
}
