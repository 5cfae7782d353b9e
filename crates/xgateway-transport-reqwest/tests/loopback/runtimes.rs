//! What becomes of a connection in a runtime that did not open it.

use std::time::Duration;

use tokio::runtime::Runtime;
use xgateway_transport::Transport as _;

use crate::server::{Reply, Server, answer};
use crate::{get, secret_request, transport};

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// A server that is driven while no runtime of a test is.
fn server() -> (Runtime, Server) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let replies = std::iter::repeat_n(Reply::Keep(answer(200, "", "")), 10);
    let server = runtime.block_on(Server::start(replies));
    (runtime, server)
}

#[test]
fn a_connection_of_a_runtime_that_is_gone_is_not_used_again() {
    let (_servers, server) = server();
    let transport = transport();
    for _ in 0..3 {
        let call = transport.send(get(&server.url("/")));
        runtime().block_on(call).unwrap();
    }
    let connections: Vec<_> = server.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 1, 2]);
}

// The limit that the documentation names: nobody drives the connection, so the call ends with the patience of its caller.
#[test]
fn what_was_given_up_in_another_runtime_is_not_sent_when_the_first_goes_on() {
    let (_servers, server) = server();
    let transport = transport();
    let (first, second) = (runtime(), runtime());
    first
        .block_on(transport.send(get(&server.url("/"))))
        .unwrap();
    second.block_on(async {
        let call = transport.send(secret_request(&server.url("/given-up")));
        let waited = tokio::time::timeout(Duration::from_millis(50), call).await;
        waited.expect_err("somebody drives the connection");
    });
    first
        .block_on(transport.send(get(&server.url("/next"))))
        .unwrap();
    let heads: Vec<_> = server.seen().into_iter().map(|seen| seen.head).collect();
    assert!(
        heads.iter().all(|head| !head.contains("/given-up")),
        "{heads:?}"
    );
}
