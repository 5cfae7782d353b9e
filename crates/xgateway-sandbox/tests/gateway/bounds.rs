//! A world keeps no more than it may, and a server gives no more than it has.

use std::time::Duration;

use rust_decimal::Decimal;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use xgateway_sandbox::{Config, Event, OutgoingCallback, Sandbox};

use crate::support::{Gateway, order};

#[test]
fn the_oldest_are_forgotten_and_nothing_is_lost_of_the_balance() {
    let balance = |gateway: &mut Gateway| {
        let id = xgateway_sandbox::EXAMPLE_ACCOUNT_ID;
        let answer = gateway.get(&format!("/api/v2/balance/accounts/{id}"));
        decimal(&answer.json()["data"]["balance"])
    };
    let mut few = Gateway::with(|config| {
        config.limits.events = 512;
        config.limits.invoices = 50;
        config.limits.callbacks = 20;
    });
    let mut sum = Decimal::ZERO;
    for number in 0..600 {
        let id = format!("order-{number}");
        if number == 3 {
            few.deposit(&order(&id, "three_ds"));
        } else {
            few.deposit(&order(&id, "frictionless"));
            sum += brought(&mut few, &id);
        }
    }
    assert_eq!(balance(&mut few), sum);
    assert!(few.world.invoice("order-0").is_none());
    // Whoever waits for a customer is not forgotten.
    assert!(few.world.invoice("order-3").is_some());
    assert!(few.world.invoice("order-599").is_some());
    assert_eq!(few.world.take_callbacks().len(), 20);
    let events = few.world.events();
    assert!(events.len() < 1100);
    let numbers: Vec<_> = events.iter().map(Event::sequence).collect();
    let first = events.dropped() + 1;
    assert_eq!(numbers, (first..=events.last()).collect::<Vec<_>>());
    for name in ["invoice_forgotten", "callback_dropped"] {
        assert!(events.iter().any(|event| event.name() == name), "{name}");
    }
    assert_eq!(few.get("/inspector").status, 200);
    assert_eq!(few.get("/_sandbox/explain/order-599").status, 200);
    assert_eq!(few.get("/_sandbox/explain/order-0").status, 404);
}

/// What the payment of an order brought, less the fee, as the API tells it.
fn brought(gateway: &mut Gateway, order: &str) -> Decimal {
    let invoice = gateway.get(&format!("/api/v2/invoices/{order}")).json();
    let transaction = &invoice["data"]["transactions"][0]["id"];
    let path = format!("/api/v2/transaction/{}", transaction.as_str().unwrap());
    let paid = gateway.get(&path).json();
    let [moved, fee] = ["/data/info/transactionAmount", "/data/fees/processing"]
        .map(|place| decimal(paid.pointer(place).unwrap()));
    let amount = moved - fee;
    let path = format!("/api/v2/exchange/rate?source=USD&target=EUR&amount={amount}");
    decimal(&gateway.get(&path).json()["data"]).trunc_with_scale(2)
}

fn decimal(text: &serde_json::Value) -> Decimal {
    text.as_str().unwrap().parse().unwrap()
}

#[test]
fn an_order_of_which_one_invoice_is_forgotten_is_new_and_its_ids_are_too() {
    let mut gateway = Gateway::with(|config| {
        config.limits.invoices = 1;
        config.idempotency_life = Some(jiff::SignedDuration::from_mins(1));
    });
    let waiting = order("a", "three_ds");
    let paid = order("a", "frictionless");
    let mut ids = std::collections::BTreeSet::new();
    let mut take = |gateway: &mut Gateway, order: &str| {
        let id = gateway.id(order);
        let invoice = gateway.get(&format!("/api/v2/invoices/{id}")).json();
        let transaction = invoice["data"]["transactions"][0]["id"].clone();
        assert!(ids.insert(id), "an invoice's id was given out twice");
        if let Some(id) = transaction.as_str() {
            assert!(ids.insert(id.to_owned()), "a transaction's id, too");
        }
    };
    assert_eq!(gateway.deposit(&waiting).status, 201);
    take(&mut gateway, "a");
    gateway.world.advance(jiff::SignedDuration::from_mins(2));
    for other in ["b", "c", "d"] {
        // The newest invoice of the order is forgotten, and the oldest, which waits for the customer, is not.
        assert_eq!(gateway.deposit(&paid).status, 201);
        take(&mut gateway, "a");
        assert_eq!(gateway.deposit(&order(other, "frictionless")).status, 201);
        take(&mut gateway, other);
    }
    assert_eq!(gateway.deposit(&paid).status, 201);
    take(&mut gateway, "a");
}

#[test]
fn a_callback_whose_payment_is_forgotten_is_given_up_and_that_is_told() {
    let mut gateway = Gateway::with(|config| config.limits.invoices = 1);
    for id in ["a", "b", "c"] {
        gateway.deposit(&order(id, "frictionless"));
    }
    assert_eq!(gateway.world.take_callbacks().len(), 1);
    let dropped = |gateway: &Gateway| {
        let events = gateway.world.events().iter();
        let dropped = events.filter(|event| event.name() == "callback_dropped");
        dropped
            .map(|event| serde_json::to_value(event).unwrap()["callback"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(dropped(&gateway), [1, 2]);
    // One that was taken over is owed no more, unless somebody wants it again.
    gateway.world.record_callback_attempt(3, Some(200));
    gateway.deposit(&order("d", "three_ds"));
    assert!(gateway.world.take_callbacks().is_empty());
    assert_eq!(dropped(&gateway), [1, 2]);
    assert!(gateway.world.resend_callback(3));
    assert!(gateway.world.take_callbacks().is_empty());
    assert_eq!(dropped(&gateway), [1, 2, 3]);
}

#[test]
fn payments_are_forgotten_once_they_have_ended_and_balances_stay() {
    let pay = |gateway: &mut Gateway| {
        let wish = serde_json::json!({"currency": "ETH", "customerId": "c"});
        let channel = gateway.post("/api/v2/channels", &wish).json();
        let mut ids = Vec::new();
        for number in 0..60 {
            // The third is heard of again after an hour.
            let outcome = if number == 2 {
                "failed_then_confirmed"
            } else {
                "confirmed"
            };
            let payment = serde_json::json!({
                "address": channel["data"]["address"], "amount": "0.01", "outcome": outcome,
            });
            let paid = gateway.post("/_sandbox/deposits", &payment).json();
            ids.push(paid["data"]["transactionId"].as_str().unwrap().to_owned());
            gateway.post(
                "/_sandbox/withdrawals",
                &serde_json::json!({
                    "customerId": "c", "currency": "EUR", "amount": "0.5", "outcome": "confirmed",
                }),
            );
            gateway
                .world
                .advance(jiff::SignedDuration::from_mins(1) / 2);
            gateway.deposit(&order(&format!("order-{number}"), "frictionless"));
        }
        gateway.world.advance(jiff::SignedDuration::from_mins(4));
        (gateway.get("/api/v2/balance/accounts").text, ids)
    };
    let mut all = Gateway::new();
    let (balances, ids) = pay(&mut all);
    let mut few = Gateway::with(|config| config.limits.payments = 20);
    assert_eq!(pay(&mut few), (balances, ids.clone()));
    let mut known = |id: &str| few.get(&format!("/api/v2/transaction/{id}")).status;
    assert_eq!(known(&ids[0]), 404);
    assert_eq!(known(&ids[2]), 200);
    assert_eq!(known(&ids[59]), 200);
    assert_eq!(few.get("/inspector/payments").status, 200);
    let events = few.world.events().iter();
    let forgotten = events.filter(|event| event.name() == "payment_forgotten");
    assert!(forgotten.count() >= 90);
}

#[test]
fn a_payment_that_is_forgotten_is_new_and_its_id_is_too() {
    let mut gateway = Gateway::with(|config| config.limits.payments = 1);
    let wish = serde_json::json!({"currency": "ETH", "customerId": "c"});
    let channel = gateway.post("/api/v2/channels", &wish).json();
    let address = channel["data"]["address"].clone();
    let mut ids = std::collections::BTreeSet::new();
    let pay = |gateway: &mut Gateway, path: &str, body: &serde_json::Value| {
        let id = |gateway: &mut Gateway| {
            let paid = gateway.post(path, body).json();
            paid["data"]["transactionId"].as_str().unwrap().to_owned()
        };
        let first = id(gateway);
        assert_eq!(id(gateway), first, "it is known still");
        gateway.world.advance(jiff::SignedDuration::from_mins(10));
        assert_eq!(id(gateway), first, "it has ended and is known still");
        first
    };
    for _ in 0..3 {
        for name in ["one", "two"] {
            let withdrawal = serde_json::json!({
                "customerId": "c", "currency": "ETH", "amount": "0.1", "orderId": name,
            });
            let id = pay(&mut gateway, "/_sandbox/withdrawals", &withdrawal);
            assert!(ids.insert(id), "an id was given out twice");
            let payment = serde_json::json!({
                "address": address, "amount": "0.1", "transactionHash": name,
            });
            let id = pay(&mut gateway, "/_sandbox/deposits", &payment);
            assert!(ids.insert(id), "an id was given out twice");
        }
    }
}

#[test]
fn one_of_two_copies_that_is_dropped_is_told_of_nobody() {
    let mut gateway = Gateway::with(|config| config.limits.callbacks = 2);
    let dropped = |gateway: &Gateway| {
        let events = gateway.world.events().iter();
        let dropped = events.filter(|event| event.name() == "callback_dropped");
        dropped
            .map(|event| serde_json::to_value(event).unwrap()["callback"].clone())
            .collect::<Vec<_>>()
    };
    gateway.deposit(&order("a", "frictionless"));
    assert_eq!(gateway.world.take_callbacks().len(), 1);
    gateway.world.record_callback_attempt(1, Some(200));
    gateway.deposit(&order("b", "frictionless"));
    // Two copies of the second.
    assert!(gateway.world.resend_callback(2));
    gateway.deposit(&order("c", "frictionless"));
    assert!(dropped(&gateway).is_empty(), "its other copy waits");
    gateway.deposit(&order("d", "frictionless"));
    assert_eq!(dropped(&gateway), [2]);
    let taken: Vec<_> = gateway.world.take_callbacks();
    let taken: Vec<_> = taken.iter().map(OutgoingCallback::number).collect();
    assert_eq!(taken, [3, 4]);
    // A copy of what was taken over is missed by nobody, unless somebody asked for it.
    gateway.world.record_callback_attempt(4, Some(200));
    assert!(gateway.world.resend_callback(4));
    gateway.deposit(&order("e", "frictionless"));
    gateway.deposit(&order("f", "frictionless"));
    assert_eq!(dropped(&gateway), [2, 4]);
}

#[test]
fn customers_and_addresses_beyond_the_limit_are_refused() {
    let mut gateway = Gateway::with(|config| {
        config.limits.customers = 1;
        config.limits.addresses = 1;
    });
    let profile = |gateway: &mut Gateway, customer: &str| {
        let path = format!("/api/v2/customer/{customer}/bank-transfer/user");
        gateway
            .post(&path, &serde_json::json!({"firstName": "Jane"}))
            .both()
    };
    assert!(profile(&mut gateway, "a").starts_with("201"));
    let refused = profile(&mut gateway, "b");
    assert!(
        refused.starts_with("400") && refused.contains("no more customers"),
        "{refused}"
    );
    let channel = |gateway: &mut Gateway, currency: &str, customer: &str| {
        let wish = serde_json::json!({"currency": currency, "customerId": customer});
        gateway.post("/api/v2/channels", &wish).both()
    };
    assert!(channel(&mut gateway, "ETH", "a").starts_with("200"));
    // The same address for another currency.
    assert!(channel(&mut gateway, "eUSDC", "a").starts_with("200"));
    let refused = channel(&mut gateway, "ETH", "b");
    assert!(
        refused.starts_with("400") && refused.contains("no more addresses"),
        "{refused}"
    );
    assert!(channel(&mut gateway, "ETH", "a").starts_with("200"));
}

#[test]
fn an_id_is_bounded_before_anything_keeps_it() {
    let most = "é".repeat(255);
    let more = format!("{most}x");
    for (id, is_taken) in [(&most, true), (&more, false)] {
        let mut gateway = Gateway::new();
        let mut deposit = order("order-1", "three_ds");
        deposit["customerId"] = id.as_str().into();
        let status = if is_taken { 201 } else { 400 };
        assert_eq!(gateway.deposit(&deposit).status, status);
        let answer = gateway.deposit(&order(id, "three_ds"));
        assert_eq!(answer.status, status);
        assert_eq!(answer.text.contains("db_violation"), !is_taken);
        let wish = serde_json::json!({"currency": "ETH", "customerId": id});
        let status = if is_taken { 200 } else { 422 };
        assert_eq!(gateway.post("/api/v2/channels", &wish).status, status);
        assert_eq!(gateway.post("/api/v1/wallet/address", &wish).status, status);
        let path = format!(
            "/api/v2/customer/{}/bank-transfer/user",
            id.replace('é', "%C3%A9")
        );
        let profile = gateway.post(&path, &serde_json::json!({"firstName": "Jane"}));
        assert_eq!(profile.status, if is_taken { 201 } else { 400 });
        let wish = serde_json::json!({"customerId": id, "currency": "EUR", "amount": "1"});
        let withdrawal = gateway.post("/_sandbox/withdrawals", &wish);
        assert_eq!(withdrawal.status, if is_taken { 201 } else { 400 });
        gateway.get(&format!("/api/v2/invoices/{id}x").replace('é', "e"));
        let simulated = gateway.simulate(&format!("{id}x"), "confirmed", "1");
        assert_eq!(simulated.status, 422);
        let kept = serde_json::to_string(&gateway.world.events().iter().collect::<Vec<_>>());
        assert_eq!(kept.unwrap().contains(&most), is_taken);
    }
}

#[test]
fn a_form_adds_no_more_faults_than_a_program() {
    let mut gateway = Gateway::new();
    let mut press = |times: &str| {
        let form = format!("rule=at%3Dconnect%2Cdo%3Drefuse&times={times}");
        let answer = gateway.send(http::Method::POST, "/inspector/faults", form);
        answer.status().as_u16()
    };
    for (times, status) in [("0", 400), ("1001", 400), ("x", 400), ("1000", 303)] {
        assert_eq!(press(times), status, "{times}");
    }
    for _ in 1..100 {
        assert_eq!(press("1"), 303);
    }
    assert_eq!(press("1"), 400);
}

struct Served {
    address: std::net::SocketAddr,
    _server: tokio::task::JoinHandle<std::io::Result<()>>,
}

async fn serve(change: impl FnOnce(&mut Config)) -> Served {
    serve_on(TcpListener::bind("127.0.0.1:0").await.unwrap(), change)
}

fn serve_on(listener: TcpListener, change: impl FnOnce(&mut Config)) -> Served {
    let mut config = Config::new(1);
    change(&mut config);
    let address = listener.local_addr().unwrap();
    let server = Sandbox::new(config).serve(listener, std::future::pending());
    Served {
        address,
        _server: tokio::spawn(server),
    }
}

impl Served {
    async fn ask(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        read(&mut stream).await
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset after the answer is an end, too.
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8(answer).unwrap()
}

const HEALTH: &[u8] =
    b"GET /_sandbox/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn who_comes_beyond_the_limit_is_told_and_the_others_are_served() {
    let served = serve(|config| config.limits.connections = 2).await;
    let mut idle = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        // Answered, so that both have their place for certain.
        stream
            .write_all(&HEALTH[..HEALTH.len() - 21])
            .await
            .unwrap();
        stream.write_all(b"\r\n").await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        idle.push(stream);
    }
    for _ in 0..20 {
        let answer = served.ask(b"").await;
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains("retry-after: 1\r\n"));
        assert!(answer.contains("The sandbox has too many connections."));
    }
    drop(idle);
    // Until the server has seen them go.
    while !served.ask(HEALTH).await.starts_with("HTTP/1.1 200") {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn half_a_head_holds_a_connection_for_a_while_only() {
    let served = serve(|_| {}).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: lo")
        .await
        .unwrap();
    tokio::task::yield_now().await;
    tokio::time::pause();
    assert_eq!(read(&mut stream).await, "");
    tokio::time::resume();
    assert!(served.ask(HEALTH).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn who_reads_nothing_holds_a_connection_for_a_while_only() {
    let served = serve(|config| config.limits.connections = 1).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    // More than all buffers on the way hold.
    let wishes = b"GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(200);
    stream.write_all(&wishes).await.unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    assert!(served.ask(HEALTH).await.starts_with("HTTP/1.1 503"));
    tokio::time::pause();
    let mut waited = 0;
    while !served.ask(HEALTH).await.starts_with("HTTP/1.1 200") {
        waited += 1;
        assert!(waited < 100, "it holds it for ever");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(waited > 10, "it may be slow");
}

/// Sends one byte after the other, with pauses, and says how many seconds it took until there was an answer or an end.
async fn trickle(stream: &mut TcpStream, byte: u8) -> (u64, String) {
    const PAUSE: Duration = Duration::from_secs(5);
    tokio::time::pause();
    let start = tokio::time::Instant::now();
    let mut answer = Vec::new();
    loop {
        let (mut reader, mut writer) = stream.split();
        tokio::select! {
            read = reader.read_to_end(&mut answer) => {
                drop(read);
                break;
            }
            () = tokio::time::sleep(PAUSE) => {}
        }
        assert!(
            start.elapsed() < Duration::from_mins(5),
            "it goes on for ever"
        );
        // It may have ended just now.
        drop(writer.write_all(&[byte]).await);
    }
    let seconds = start.elapsed().as_secs();
    tokio::time::resume();
    (seconds, String::from_utf8(answer).unwrap())
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_holds_a_connection_for_a_while_only() {
    let served = serve(|_| {}).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(b"GET /").await.unwrap();
    tokio::task::yield_now().await;
    let (seconds, answer) = trickle(&mut stream, b'a').await;
    assert_eq!(answer, "");
    assert!(seconds <= 20, "{seconds}");
}

#[tokio::test]
async fn a_body_that_comes_byte_by_byte_holds_a_connection_for_a_while_only() {
    let served = serve(|_| {}).await;
    for path in ["/api/v2/gateway8", "/_sandbox/deposits", "/nowhere"] {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n{{");
        stream.write_all(head.as_bytes()).await.unwrap();
        tokio::task::yield_now().await;
        let (seconds, answer) = trickle(&mut stream, b' ').await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
        assert!((55..=70).contains(&seconds), "{path}: {seconds}");
    }
}

#[tokio::test]
async fn who_reads_a_little_at_a_time_holds_a_connection_for_a_while_only() {
    // Small buffers, as on a slow line: the server learns of each little that was read.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(16 << 10).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(8).unwrap();
    let served = serve_on(listener, |config| config.limits.connections = 1);
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 << 10).unwrap();
    let mut stream = socket.connect(served.address).await.unwrap();
    let wishes = b"GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(200);
    stream.write_all(&wishes).await.unwrap();
    let mut piece = vec![0; 8 << 10];
    stream.read_exact(&mut piece).await.unwrap();
    assert!(served.ask(HEALTH).await.starts_with("HTTP/1.1 503"));
    tokio::time::pause();
    let mut waited = 0;
    while !served.ask(HEALTH).await.starts_with("HTTP/1.1 200") {
        waited += 1;
        assert!(waited < 60, "it holds it for ever");
        tokio::time::sleep(Duration::from_secs(5)).await;
        drop(stream.read_exact(&mut piece).await);
    }
    assert!(waited > 4, "it may be slow");
}

#[tokio::test]
async fn what_the_http_library_refuses_has_our_envelope() {
    let served = serve(|_| {}).await;
    let answer = served.ask(b"NONSENSE\r\n\r\n").await;
    assert!(
        answer.starts_with("HTTP/1.1 400 Bad Request\r\n"),
        "{answer}"
    );
    assert!(answer.ends_with(
        r#"{"errors":[{"code":"bad_request","message":"The request is not valid HTTP."}],"success":false}"#
    ));
}
