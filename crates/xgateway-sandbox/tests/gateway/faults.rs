//! Faults, in-process and over sockets, and that they depend on the request alone.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use xgateway_core::callback::CallbackHash;
use xgateway_sandbox::{
    CallbackFault, CallbackUrl, Config, Damage, Failure, Fault, FaultRule, Faults, Latency,
    ProxyFault, Sandbox,
};
use xgateway_transport::{Body, Transport as _};

use crate::support::{Gateway, order};

const DEPOSIT: &str = "create_card_deposit";

fn request(body: &Value) -> Request<Body> {
    Request::post("http://sandbox.invalid/api/v2/gateway8")
        .header("x-api-key", Config::new(1).api_key.expose())
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

fn with(fault: Fault) -> Sandbox {
    let sandbox = Sandbox::new(Config::new(1));
    sandbox.world(|world| world.add_faults(FaultRule::new(fault).on(DEPOSIT).times(1)));
    sandbox
}

/// What a client gets for a deposit, and whether the gateway has done it.
async fn outcome(fault: Fault) -> (String, bool) {
    let sandbox = with(fault);
    let answer = sandbox
        .transport()
        .send(request(&order("a", "frictionless")))
        .await;
    let said = match answer {
        Ok(answer) => answer.status().as_u16().to_string(),
        Err(error) => format!("{:?} {:?}", error.kind(), error.delivery()),
    };
    let is_done = sandbox.world(|world| world.invoice("a").is_some());
    (said, is_done)
}

#[tokio::test(start_paused = true)]
async fn a_transport_tells_the_truth_about_each_fault() {
    let status = |status| Failure::Status(status, None);
    let late = Failure::Delay(Latency::fixed(5000));
    for (fault, said, is_done) in [
        (Fault::NoConnection, "Connect NotSent", false),
        (Fault::BeforeCommit(Failure::Reset), "Io Unknown", false),
        (Fault::BeforeCommit(status(429)), "429", false),
        (Fault::BeforeCommit(status(503)), "503", false),
        (Fault::BeforeCommit(late), "201", true),
        (Fault::AfterCommit(Failure::Reset), "Io Unknown", true),
        (Fault::AfterCommit(status(500)), "500", true),
        (Fault::AfterCommit(late), "201", true),
        (Fault::MidAnswer(Damage::Truncate), "Io Unknown", true),
        (Fault::MidAnswer(Damage::Reset), "Io Unknown", true),
        (
            Fault::MidAnswer(Damage::Garbage),
            "InvalidAnswer Unknown",
            true,
        ),
        (Fault::MidAnswer(Damage::Drip), "201", true),
        (Fault::WrongKey, "401", false),
        (Fault::Bank { paid: false }, "500", false),
        (Fault::Bank { paid: true }, "500", true),
    ] {
        let got = outcome(fault).await;
        assert_eq!(got, (said.to_owned(), is_done), "{fault:?}");
    }
    for (failure, is_done) in [
        (Fault::BeforeCommit(Failure::Hang), false),
        (Fault::AfterCommit(Failure::Hang), true),
    ] {
        let sandbox = with(failure);
        let transport = sandbox.transport();
        let sending = transport.send(request(&order("a", "frictionless")));
        let waited = tokio::time::timeout(Duration::from_hours(1), sending).await;
        assert!(waited.is_err());
        assert_eq!(sandbox.world(|world| world.invoice("a").is_some()), is_done);
    }
}

/// What really comes over a socket, as text; `reset` if the connection was.
async fn over_a_socket(fault: Fault) -> String {
    let sandbox = with(fault);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(sandbox.serve(listener, std::future::pending()));
    let body = order("a", "frictionless").to_string();
    let request = format!(
        "POST /api/v2/gateway8 HTTP/1.1\r\nhost: localhost\r\nx-api-key: {}\r\n\
         content-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        Config::new(1).api_key.expose(),
        body.len(),
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let end = stream.read_to_end(&mut answer).await;
    server.abort();
    let text = String::from_utf8_lossy(&answer).into_owned();
    match end {
        Ok(_) => text,
        Err(error) => format!("{text}<{:?}>", error.kind()),
    }
}

#[tokio::test]
async fn sockets_are_really_reset_and_answers_really_cut() {
    for fault in [
        Fault::NoConnection,
        Fault::BeforeCommit(Failure::Reset),
        Fault::AfterCommit(Failure::Reset),
    ] {
        assert_eq!(over_a_socket(fault).await, "<ConnectionReset>", "{fault:?}");
    }
    let whole = r#"{"data":{"threeDSURL":null,"message":"The invoice has been successfully finalized."},"success":true}"#;
    let length = format!("content-length: {}", whole.len());
    let cut = over_a_socket(Fault::MidAnswer(Damage::Truncate)).await;
    assert!(
        cut.contains(&length) && cut.ends_with(&whole[..whole.len() / 2]),
        "{cut}"
    );
    let reset = over_a_socket(Fault::MidAnswer(Damage::Reset)).await;
    assert!(reset.ends_with("<ConnectionReset>"), "{reset}");
    assert!(!reset.contains(whole));
    let garbage = over_a_socket(Fault::MidAnswer(Damage::Garbage)).await;
    assert!(!garbage.contains("HTTP/1.1"), "{garbage}");
    assert!(garbage.contains("this is no HTTP"), "{garbage}");
    let busy = over_a_socket(Fault::BeforeCommit(Failure::Status(429, Some(7)))).await;
    assert!(busy.starts_with("HTTP/1.1 429 ") && busy.contains("retry-after: 7\r\n"));
    assert!(busy.contains(r#"{"code":"too_many_requests","message":"Too Many Requests"}"#));
}

#[tokio::test(start_paused = true)]
async fn a_dripping_answer_comes_byte_by_byte() {
    let start = tokio::time::Instant::now();
    let sandbox = with(Fault::MidAnswer(Damage::Drip));
    let answer = sandbox
        .transport()
        .send(request(&order("a", "frictionless")))
        .await
        .unwrap();
    let pause = u32::try_from(answer.body().len()).unwrap() * Duration::from_millis(100);
    assert_eq!(start.elapsed(), pause);
}

fn paid(id: &str) -> Gateway {
    let mut gateway = Gateway::with(|config| {
        config.callback_url = Some(CallbackUrl::parse("http://shop.invalid/").unwrap());
    });
    gateway.deposit(&order(id, "frictionless"));
    gateway
}

#[test]
fn callbacks_meet_their_own_faults() {
    let counts = |fault, seconds: &[i64]| {
        let mut gateway = paid("a");
        gateway
            .world
            .add_faults(FaultRule::new(Fault::Callback(fault)).times(1));
        let mut seen = Vec::new();
        for second in seconds {
            gateway
                .world
                .advance(jiff::SignedDuration::from_secs(*second));
            let taken = gateway.world.take_callbacks();
            seen.push(taken.len());
            for callback in taken {
                gateway
                    .world
                    .record_callback_attempt(callback.number(), Some(200));
            }
        }
        seen
    };
    assert_eq!(counts(CallbackFault::Lose, &[0, 1, 60]), [0, 1, 0]);
    assert_eq!(counts(CallbackFault::Unanswered, &[0, 1, 60]), [1, 1, 0]);
    assert_eq!(counts(CallbackFault::Twice, &[0, 1, 60]), [2, 0, 0]);
    assert_eq!(counts(CallbackFault::Delay(30), &[0, 29, 1]), [0, 0, 1]);
    assert_eq!(counts(CallbackFault::Forge, &[0, 1, 60]), [1, 1, 0]);

    // One that never ends delays each callback once.
    let mut gateway = paid("a");
    let delay = Fault::Callback(CallbackFault::Delay(30));
    gateway.world.add_faults(FaultRule::new(delay));
    assert!(gateway.world.take_callbacks().is_empty());
    gateway.world.advance(jiff::SignedDuration::from_secs(30));
    assert_eq!(gateway.world.take_callbacks().len(), 1);
}

#[test]
fn a_forged_callback_differs_in_one_character_of_its_hash() {
    let body = |gateway: &mut Gateway| {
        let taken = gateway.world.take_callbacks();
        String::from_utf8(taken[0].body().to_vec()).unwrap()
    };
    // A customer may be called like anything.
    let mut order = order("a", "frictionless");
    order["customerId"] = r#""hash":"AAAA"#.into();
    let mut gateway = paid("b");
    gateway.callbacks();
    gateway.deposit(&order);
    let mut forging = gateway.fork();
    let genuine = body(&mut gateway);
    forging
        .world
        .add_faults(FaultRule::new(Fault::Callback(CallbackFault::Forge)));
    let forged = body(&mut forging);
    let hash = |body: &str| {
        let body: Value = serde_json::from_str(body).unwrap();
        let hash = body["hash"].as_str().unwrap();
        assert!(CallbackHash::is_form(hash), "{hash}");
        hash.to_owned()
    };
    let (genuine_hash, forged_hash) = (hash(&genuine), hash(&forged));
    assert_eq!(genuine.replace(&genuine_hash, &forged_hash), forged);
    let pairs = genuine_hash.bytes().zip(forged_hash.bytes());
    assert_eq!(pairs.filter(|(one, other)| one != other).count(), 1);
}

#[test]
fn a_fault_that_eats_an_answer_eats_none_that_comes_later() {
    for fault in [CallbackFault::Unanswered, CallbackFault::Forge] {
        let mut gateway = paid("a");
        let rule = FaultRule::new(Fault::Callback(fault)).times(1);
        gateway.world.add_faults(rule);
        assert_eq!(gateway.world.take_callbacks().len(), 1);
        // The merchant is down, so there is no answer to eat.
        gateway.world.record_callback_attempt(1, None);
        gateway.world.advance(jiff::SignedDuration::from_secs(1));
        assert_eq!(gateway.world.take_callbacks().len(), 1);
        gateway.world.record_callback_attempt(1, Some(200));
        gateway.world.advance(jiff::SignedDuration::from_hours(1));
        assert!(gateway.world.take_callbacks().is_empty(), "{fault:?}");
    }
}

#[test]
fn a_rule_hits_whom_it_names_and_as_often_as_it_says() {
    let statuses = |rule: FaultRule| {
        let mut gateway = Gateway::new();
        gateway.world.add_faults(rule);
        let mut statuses = Vec::new();
        for _ in 0..4 {
            for path in [
                "/api/v2/invoices/a",
                "/api/v2/invoices/b",
                "/api/v2/transaction/a",
            ] {
                statuses.push(gateway.get(path).status);
            }
        }
        let hits = |index: usize| {
            let of_one = statuses.iter().skip(index).step_by(3);
            of_one
                .map(|status| if *status == 503 { 'x' } else { '.' })
                .collect::<String>()
        };
        [0, 1, 2].map(hits).join(" ")
    };
    let rule = || FaultRule::new(Fault::BeforeCommit(Failure::Status(503, None)));
    assert_eq!(statuses(rule()), "xxxx xxxx xxxx");
    assert_eq!(statuses(rule().on("get_invoice")), "xxxx xxxx ....");
    assert_eq!(
        statuses(rule().on("get_invoice").order("b")),
        ".... xxxx ...."
    );
    assert_eq!(statuses(rule().times(1)), "x... x... x...");
    assert_eq!(statuses(rule().skip(1).times(2)), ".xx. .xx. .xx.");
    assert_eq!(statuses(rule().occurrences([1, 4])), "x..x x..x x..x");
    let chance = statuses(rule().percent(50));
    assert_ne!(chance, "xxxx xxxx xxxx");
    assert!(chance.contains('x'));
    assert_eq!(chance, statuses(rule().percent(50)));
}

#[test]
fn a_rule_may_last_for_a_while() {
    let mut gateway = Gateway::new();
    gateway
        .world
        .add_faults(FaultRule::new(Fault::NoConnection).lasting(60));
    assert_eq!(gateway.get("/api/v2/invoices/a").status, 502);
    gateway.world.advance(jiff::SignedDuration::from_secs(59));
    assert_eq!(gateway.get("/api/v2/invoices/a").status, 502);
    gateway.world.advance(jiff::SignedDuration::from_secs(1));
    assert_eq!(gateway.get("/api/v2/invoices/a").status, 404);
}

#[test]
fn faults_are_set_listed_and_removed_over_http() {
    let mut gateway = Gateway::new();
    let one =
        json!({"at": "before_commit", "do": "status", "status": 503, "order": "4000000000000002"});
    let answer = gateway.post("/_sandbox/faults", &one);
    assert_eq!(answer.status, 201, "{}", answer.text);
    let many = json!([{"at": "connect", "do": "refuse"}, {"at": "callback", "do": "twice"}]);
    gateway.post("/_sandbox/faults", &many);
    let list = gateway.get("/_sandbox/faults");
    assert!(!list.text.contains("4000000000000002"));
    let ids: Vec<_> = list.json()["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].clone())
        .collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(gateway.get("/api/v2/invoices/a").status, 502);
    let removed = gateway.send(http::Method::DELETE, "/_sandbox/faults/2", Bytes::new());
    assert_eq!(removed.status(), StatusCode::OK);
    assert_eq!(gateway.get("/api/v2/invoices/a").status, 404);
    let again = gateway.send(http::Method::DELETE, "/_sandbox/faults/2", Bytes::new());
    assert_eq!(again.status(), StatusCode::NOT_FOUND);
    gateway.send(http::Method::DELETE, "/_sandbox/faults", Bytes::new());
    assert_eq!(gateway.get("/_sandbox/faults").json()["data"], json!([]));
    let wrong = gateway.post("/_sandbox/faults", &json!({"at": "connect", "do": "drip"}));
    assert_eq!(
        wrong.both(),
        r#"400 {"errors":[{"code":"bad_request","message":"do: drip does not happen at connect"}],"success":false}"#
    );
    let wrong = gateway.post(
        "/_sandbox/faults",
        &json!({"at": "connect", "do": "refuse", "x": 1}),
    );
    assert!(wrong.text.contains("unknown field `x`"), "{}", wrong.text);
}

/// The events of each order, without what counts over the whole world.
fn by_order(sandbox: &Sandbox) -> BTreeMap<String, Vec<Value>> {
    let mut orders = BTreeMap::<String, Vec<Value>>::new();
    let mut owners = BTreeMap::<String, String>::new();
    sandbox.world(|world| {
        let events = world.events().iter();
        for event in events.filter(|event| event.name() != "fault_added") {
            let mut json = serde_json::to_value(event).unwrap();
            let map = json.as_object_mut().unwrap();
            for counted in ["sequence", "requestId"] {
                map.remove(counted);
            }
            let callback = map.remove("callback");
            let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
            if let (Some(invoice), Some(order)) = (text("invoiceId"), text("orderId")) {
                owners.insert(invoice, order);
            }
            let owner = text("orderId")
                .or_else(|| text("subject"))
                .unwrap_or_else(|| {
                    let key = text("invoiceId").or(callback.as_ref().map(Value::to_string));
                    owners.get(&key.unwrap()).unwrap().clone()
                });
            if let Some(callback) = callback {
                owners.insert(callback.to_string(), owner.clone());
            }
            orders.entry(owner).or_default().push(json);
        }
    });
    orders
}

async fn many_at_once(sandbox: &Sandbox, orders: u32) {
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..orders {
        let transport = sandbox.transport();
        tasks.spawn(async move {
            for _ in 0..5 {
                let body = order(&format!("order-{number}"), "frictionless");
                // What it met is in the log.
                drop(transport.send(request(&body)).await);
                tokio::task::yield_now().await;
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

fn storm() -> Faults {
    Faults::new()
        .with(FaultRule::new(Fault::BeforeCommit(Failure::Reset)).percent(20))
        .with(FaultRule::new(Fault::AfterCommit(Failure::Status(500, None))).percent(30))
        .with(FaultRule::new(Fault::NoConnection).percent(20))
        .with(FaultRule::new(Fault::Bank { paid: false }).percent(20))
}

/// Real threads, so that requests interleave differently each time.
#[test]
fn concurrency_does_not_change_what_happens_to_an_order() {
    let run = |threads| {
        let sandbox = Sandbox::new(Config::new(1));
        sandbox.world(|world| world.add_faults(storm()));
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .build()
            .unwrap()
            .block_on(many_at_once(&sandbox, 40));
        sandbox
    };
    let first = by_order(&run(4));
    assert_eq!(first.len(), 40);
    let text = serde_json::to_string(&first).unwrap();
    for fault in [
        "before_commit reset",
        "after_commit status",
        "connect refuse",
        "partner_failed",
    ] {
        assert!(text.contains(fault), "{fault}");
    }
    assert_eq!(first, by_order(&run(1)));
    assert_eq!(first, by_order(&run(4)));
}

/// One thread runs the same tasks in the same order, so that the whole log is the same, byte for byte.
#[test]
fn the_same_seed_and_requests_give_the_same_log() {
    let run = || {
        let sandbox = Sandbox::new(Config::new(7));
        sandbox.world(|world| world.add_faults(storm()));
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(many_at_once(&sandbox, 20));
        sandbox.world(|world| serde_json::to_string(world.events()).unwrap())
    };
    assert_eq!(run(), run());
}

#[test]
fn a_callback_about_anything_is_hit_by_its_name() {
    let mut gateway = Gateway::new();
    let lose = |id| FaultRule::new(Fault::Callback(CallbackFault::Lose)).order(id);
    let rules = [lose("order-1"), lose("w-1"), lose("customer-1")];
    gateway.world.add_faults(Faults::from_iter(rules));
    gateway.deposit(&order("order-1", "frictionless"));
    let withdrawal = json!({
        "customerId": "customer-2", "currency": "EUR", "amount": "1", "orderId": "w-1",
    });
    let withdrawn = gateway.post("/_sandbox/withdrawals", &withdrawal);
    assert_eq!(withdrawn.status, 201, "{}", withdrawn.text);
    let path = "/api/v2/customer/customer-1/bank-transfer/user";
    assert_eq!(gateway.post(path, &json!({})).status, 201);
    gateway.world.advance(jiff::SignedDuration::from_secs(10));
    assert!(gateway.world.take_callbacks().is_empty());
    let events = gateway.world.events().iter();
    let hits = events.filter(|event| event.name() == "fault_hit");
    assert_eq!(hits.count(), 3);
}

/// Status and body of the read of an invoice whose order is named in the path as it stands here.
async fn read(sandbox: &Sandbox, order: &str) -> (u16, String) {
    let url = format!("http://sandbox.invalid/api/v2/invoices/{order}");
    let request = Request::get(url).header("x-api-key", Config::new(1).api_key.expose());
    let request = request.body(Body::empty()).unwrap();
    let answer = sandbox.transport().send(request).await.unwrap();
    let text = String::from_utf8(answer.body().to_vec()).unwrap();
    (answer.status().as_u16(), text)
}

#[tokio::test]
async fn a_proxy_decodes_a_path_or_lets_none_with_a_slash_pass() {
    let sandbox = Sandbox::new(Config::new(1));
    for id in ["2026/1127", "2026+1127", "plain"] {
        let deposit = request(&order(id, "frictionless"));
        let made = sandbox.transport().send(deposit).await.unwrap();
        assert_eq!(made.status(), StatusCode::CREATED);
    }
    let asked = |fault| {
        let sandbox = sandbox.fork();
        sandbox.world(|world| world.add_faults(FaultRule::new(Fault::Proxy(fault))));
        sandbox
    };

    let decoding = asked(ProxyFault::Decode);
    // What is one part of a path when it is sent is two when it arrives.
    let (status, text) = read(&decoding, "2026%2F1127").await;
    assert_eq!(status, 404);
    assert!(text.contains("There is no such path."), "{text}");
    assert_eq!(read(&decoding, "2026%2B1127").await.0, 200);
    assert_eq!(read(&decoding, "plain").await.0, 200);

    let blocking = asked(ProxyFault::Block);
    let (status, text) = read(&blocking, "2026%2f1127").await;
    assert_eq!(status, 404);
    assert!(text.starts_with("<!DOCTYPE html>"), "{text}");
    assert_eq!(read(&blocking, "2026%2B1127").await.0, 200);

    // Only a path that could meet them is drawn for; none of them leaves anything at the gateway that was not there.
    let drawn = |sandbox: &Sandbox| {
        sandbox.world(|world| {
            let events = world.events().iter();
            events.filter(|event| event.name() == "fault_hit").count()
        })
    };
    assert_eq!((drawn(&decoding), drawn(&blocking)), (2, 1));
    assert_eq!(read(&sandbox, "2026%2F1127").await.0, 200);
}
