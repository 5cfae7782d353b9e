//! `xgateway sandbox --data` is killed at random moments: whatever it answered is there when it is started again.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::sync::mpsc;
use std::thread;

use crate::fixture::body;
use crate::sandbox::Served;

/// How many customers pay at the same time.
const CUSTOMERS: usize = 4;

/// After so many answers it is killed, in each life of the sandbox.
const LIVES: [usize; 6] = [1, 9, 30, 2, 60, 17];

#[test]
fn killed_at_any_moment_it_has_kept_whatever_it_answered() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let start = || {
        // The log is written anew whenever it may.
        let data = data.to_str().unwrap();
        Served::new(&[
            "--data",
            data,
            "--data-rewrite-after",
            "1",
            "--clock",
            "manual",
        ])
    };
    let mut answered: Vec<String> = Vec::new();
    for (life, count) in LIVES.into_iter().enumerate() {
        let served = start();
        for order in &answered {
            let path = format!("/api/v2/invoices/{order}");
            assert_eq!(
                ask(&served, "GET", &path, "").as_deref(),
                Some("200"),
                "{order}"
            );
        }
        let (told, orders) = mpsc::channel();
        thread::scope(|scope| {
            for customer in 0..CUSTOMERS {
                let (told, served) = (told.clone(), &served);
                scope.spawn(move || pay_until_killed(served, life, customer, &told));
            }
            drop(told);
            answered.extend(orders.iter().take(count));
            let pid = served.pid().to_string();
            let killed = Command::new("kill").args(["-9", &pid]).status();
            assert!(killed.unwrap().success());
            // What was answered while it died, too.
            answered.extend(orders);
        });
    }
    assert!(answered.len() >= LIVES.iter().sum());
    let log = std::fs::read_to_string(data.join("events.jsonl")).unwrap();
    assert!(log.starts_with(r#"{"format":"xgateway-sandbox-events","version":2,"#));
}

fn pay_until_killed(served: &Served, life: usize, customer: usize, told: &mpsc::Sender<String>) {
    for number in 0.. {
        let order = format!("order-{life}-{customer}-{number}");
        let body = body(&order).replace("customer-1", &order);
        let Some(status) = ask(served, "POST", "/api/v2/gateway8", &body) else {
            return;
        };
        assert_eq!(status, "201");
        told.send(order).unwrap();
    }
}

/// The status of the answer, if one came.
fn ask(served: &Served, method: &str, path: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(served.address()).ok()?;
    let (key, length) = (served.api_key(), body.len());
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {key}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, rest) = answer.split_once(' ')?;
    Some(rest.split_once(' ')?.0.to_owned())
}
