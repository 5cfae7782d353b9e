//! A sandbox that is opened again goes on exactly where it was.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::{Request, Response};
use jiff::SignedDuration;
use serde_json::{Value, json};
use xgateway_sandbox::{
    CallbackUrl, Config, DataError, Failure, Fault, FaultRule, OutgoingCallback, SANDBOX_CARDS,
    Sandbox,
};

use crate::canary::{assert_clean, canary_body};
use crate::support::order;

fn config() -> Config {
    let mut config = Config::new(1);
    config.callback_url = Some(CallbackUrl::parse("http://shop.invalid/hook").unwrap());
    config
}

fn open(directory: &Path) -> Sandbox {
    Sandbox::open(directory, config()).unwrap()
}

fn post(sandbox: &Sandbox, body: &Value) -> Response<Bytes> {
    ask(sandbox, "POST", "/api/v2/gateway8", body)
}

fn ask(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Response<Bytes> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("x-api-key", config().api_key.expose())
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()))
        .unwrap();
    sandbox.world(|world| world.handle(&request))
}

/// A day with all kinds of events, on the first world and on the second.
fn history(first: &Sandbox, second: impl FnOnce() -> Sandbox) -> (String, Vec<u64>) {
    for card in SANDBOX_CARDS {
        post(first, &order(card.name, card.name));
    }
    first.world(|world| {
        world.advance(SignedDuration::from_mins(3));
        let numbers: Vec<_> = world
            .take_callbacks()
            .iter()
            .map(OutgoingCallback::number)
            .collect();
        for number in numbers {
            world.record_callback_attempt(number, (number % 2 == 0).then_some(200));
        }
    });
    let second = second();
    post(&second, &order("later", "frictionless"));
    // A repetition gets its stored answer.
    post(&second, &order("frictionless", "frictionless"));
    second.world(|world| {
        world.advance(SignedDuration::from_mins(30));
        let numbers = world
            .take_callbacks()
            .iter()
            .map(OutgoingCallback::number)
            .collect();
        (serde_json::to_string(world.events()).unwrap(), numbers)
    })
}

#[test]
fn a_restart_changes_nothing() {
    let one = tempfile::tempdir().unwrap();
    let first = open(one.path());
    let with_restart = history(&first, || {
        let two = tempfile::tempdir().unwrap();
        let copy = two.path().join("events.jsonl");
        fs::copy(one.path().join("events.jsonl"), copy).unwrap();
        open(two.path())
    });
    let unkept = Sandbox::new(config());
    let without = history(&unkept, || unkept.clone());
    assert_eq!(with_restart, without);
    assert_eq!(without.1, [3, 1]);
}

/// A log that is written anew whenever it may.
fn compact() -> Config {
    let mut config = config();
    config.limits.log_bytes = 1;
    config.limits.events = 256;
    config
}

#[test]
fn a_log_that_is_written_anew_tells_the_same() {
    let one = tempfile::tempdir().unwrap();
    let first = Sandbox::open(one.path(), compact()).unwrap();
    let with_restart = history(&first, || {
        drop(first.clone());
        let two = tempfile::tempdir().unwrap();
        // More happens until it is written anew; the clock does not stand in the way of what follows.
        let path = one.path().join("events.jsonl");
        for _ in 0..1000 {
            if fs::read_to_string(&path).unwrap().starts_with(V2) {
                break;
            }
            first.world(|world| world.advance(SignedDuration::from_millis(1)));
        }
        fs::copy(&path, two.path().join("events.jsonl")).unwrap();
        // Somebody was interrupted.
        fs::write(two.path().join("events.jsonl.next"), "half of").unwrap();
        let second = Sandbox::open(two.path(), compact()).unwrap();
        assert!(!two.path().join("events.jsonl.next").exists());
        let standing = |sandbox: &Sandbox| {
            sandbox.world(|world| {
                let events = serde_json::to_string(world.events()).unwrap();
                (world.now(), world.events().last(), events)
            })
        };
        assert_eq!(standing(&second), standing(&first));
        second
    });
    assert_eq!(with_restart.1, [3, 1]);
    let answers = |sandbox: &Sandbox| {
        SANDBOX_CARDS
            .iter()
            .map(|card| post(sandbox, &order(card.name, card.name)).into_body())
            .collect::<Vec<_>>()
    };
    let unkept = Sandbox::new(config());
    history(&unkept, || unkept.clone());
    assert_eq!(answers(&first), answers(&unkept));
}

const V1: &str = r#"{"format":"xgateway-sandbox-events","version":1,"#;
const V2: &str = r#"{"format":"xgateway-sandbox-events","version":2,"#;

#[test]
fn the_file_stays_short_and_what_was_cut_is_cut() {
    let mut config = compact();
    config.limits.invoices = 10;
    config.limits.callbacks = 10;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("events.jsonl");
    let sandbox = Sandbox::open(directory.path(), config.clone()).unwrap();
    let mut longest = 0;
    for number in 0..400 {
        post(&sandbox, &order(&format!("order-{number}"), "frictionless"));
        longest = longest.max(fs::metadata(&path).unwrap().len());
    }
    let last = sandbox.world(|world| world.events().last());
    assert!(last > 2000);
    drop(sandbox);
    let all = fs::read(&path).unwrap();
    // Some hundred events of some hundred bytes each, twice.
    assert!(longest < 600_000, "{longest}");
    assert!(all.starts_with(V2.as_bytes()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let sandbox = Sandbox::open(directory.path(), config.clone()).unwrap();
    assert_eq!(sandbox.world(|world| world.events().last()), last);
    assert!(sandbox.world(|world| world.invoice("order-399").is_some()));
    drop(sandbox);
    // The state is not what anybody may miss.
    let lines: Vec<_> = all.split_inclusive(|byte| *byte == b'\n').collect();
    for kept in [1, 2] {
        fs::write(&path, lines[..kept].concat()).unwrap();
        let error = Sandbox::open(directory.path(), config.clone()).unwrap_err();
        assert!(
            error.to_string().contains("is damaged in line 2"),
            "{error}"
        );
    }
}

#[test]
fn a_callback_that_was_wanted_again_is_still_wanted_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let sandbox = open(directory.path());
    post(&sandbox, &order("first", "frictionless"));
    sandbox.world(|world| {
        let number = world.take_callbacks()[0].number();
        world.record_callback_attempt(number, Some(200));
        assert!(world.resend_callback(number));
    });
    drop(sandbox);
    let sandbox = open(directory.path());
    assert_eq!(sandbox.world(|world| world.take_callbacks().len()), 1);
}

#[test]
fn the_file_is_for_its_owner_and_holds_no_card_number() {
    let directory = tempfile::tempdir().unwrap();
    let inside = directory.path().join("new/data");
    let sandbox = open(&inside);
    for card in SANDBOX_CARDS {
        // Its order id holds a card number.
        let mut body = canary_body(card.number, card.name);
        let answer = post(&sandbox, &body);
        assert_eq!(answer.status(), 400);
        assert!(
            answer
                .body()
                .starts_with(br#"{"errors":[{"code":"bad_request","message":"An id"#)
        );
        body["orderId"] = card.name.into();
        // The page needs it.
        body["redirectUrl"] = "https://shop.example/".into();
        post(&sandbox, &body);
    }
    // Where a name or an account is expected.
    let user = "/api/v2/customer/c/bank-transfer/user";
    let account = "/api/v2/customer/c/bank-transfer/account";
    let pays = "/_sandbox/deposits";
    let dotted = "4000.0000.0000.0002";
    for (method, path, body, status) in [
        ("POST", user, json!({"firstName": "4000000000000002"}), 400),
        ("POST", user, json!({"lastName": dotted}), 400),
        ("POST", user, json!({"firstName": "Jane"}), 201),
        (
            "PATCH",
            "/api/v2/customer/c/bank-transfer",
            json!({"lastName": dotted}),
            400,
        ),
        ("POST", account, json!({"currency": "GBP"}), 201),
        (
            "POST",
            pays,
            json!({"iban": "x", "amount": "1", "senderName": "Jane", "senderIban": dotted}),
            400,
        ),
        (
            "POST",
            pays,
            json!({"iban": "x", "amount": "1", "senderName": "Jane", "senderAccountNumber": dotted}),
            400,
        ),
        (
            "POST",
            pays,
            json!({"iban": "x", "amount": "1", "senderName": "Jane", "senderSortCode": dotted}),
            400,
        ),
        (
            "GET",
            "/api/v2/nothing/4000%200000%200000%200002",
            json!(null),
            404,
        ),
    ] {
        assert_eq!(
            ask(&sandbox, method, path, &body).status(),
            status,
            "{path} {body}"
        );
    }
    let file = inside.join("events.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains("4000000000000002") && !text.contains(dotted));
    assert!(!text.contains("4000%20"));
    assert!(text.starts_with(r#"{"format":"xgateway-sandbox-events","version":1,"seed":1,"#));
    assert!(text.contains(r#""last_four":"0002""#));
    assert_clean("the log on disk", &text);
    let config = config();
    assert!(!text.contains(config.api_key.expose()));
    assert!(!text.contains(config.secret_key.expose()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(&inside)), (0o600, 0o700));
    }
}

/// A request that is refused is an event, too, and says what it was about.
#[test]
fn what_is_refused_for_a_card_number_leaves_none_behind() {
    let directory = tempfile::tempdir().unwrap();
    let sandbox = open(directory.path());
    let never = Fault::BeforeCommit(Failure::Status(503, None));
    // Of which it is an event, too, that it does not strike.
    let never = FaultRule::new(never).occurrences([1000]);
    sandbox.world(|world| world.add_faults(never));
    let texts = [
        "4000000000000002",
        "4000%200000%200000%200002",
        "400000.000000.0002",
        "400000/000000/0002",
        "4000----0000----0000----0002",
        "4000.0000.0000.0002",
        "4000\u{a0}0000\u{a0}0000\u{a0}0002",
    ];
    for text in texts {
        let segment = xgateway_api::path::segment(text);
        let mut by_order = order("x", "three_ds");
        by_order["orderId"] = text.into();
        let mut by_customer = order("x", "three_ds");
        by_customer.as_object_mut().unwrap().remove("orderId");
        by_customer["customerId"] = text.into();
        for body in [by_order, by_customer] {
            assert_eq!(post(&sandbox, &body).status(), 400, "{text}");
        }
        let profile = format!("/api/v2/customer/{segment}/bank-transfer/user");
        let answer = ask(&sandbox, "POST", &profile, &json!({"firstName": "Jane"}));
        assert_eq!(answer.status(), 400, "{text}");
        for path in ["invoices", "transaction", "nothing", "customer"] {
            ask(
                &sandbox,
                "GET",
                &format!("/api/v2/{path}/{segment}"),
                &json!(null),
            );
        }
    }
    let stored = fs::read_to_string(directory.path().join("events.jsonl")).unwrap();
    let shown = sandbox.world(|world| format!("{:?}", world.events().iter().collect::<Vec<_>>()));
    let [listed, timeline] = ["/_sandbox/events", "/inspector"].map(|path| {
        let answer = ask(&sandbox, "GET", path, &json!(null));
        String::from_utf8(answer.body().to_vec()).unwrap()
    });
    assert!(stored.contains("\"hit\":false"), "no fault was drawn");
    for (place, told) in [
        ("log", stored),
        ("events", shown),
        ("list", listed),
        ("timeline", timeline),
    ] {
        // Whatever stands between the digits, also where it is written as something else.
        let found = told.lines().find(|line| {
            let is_digit = |it: &char| it.is_ascii_digit();
            let digits: String = line.chars().filter(is_digit).collect();
            digits.contains("4000000000000002")
        });
        assert_eq!(found, None, "a card number stands in the {place}");
        for text in texts {
            let segment = xgateway_api::path::segment(text);
            for text in [text, &segment] {
                assert!(!told.contains(text), "{text} stands in the {place}");
            }
        }
    }
}

/// Leaves two orders in the directory. Its log, and what that held after the first.
fn two_orders(directory: &Path) -> (PathBuf, Vec<u8>) {
    let path = directory.join("events.jsonl");
    let sandbox = open(directory);
    post(&sandbox, &order("first", "frictionless"));
    let whole = fs::read(&path).unwrap();
    post(&sandbox, &order("second", "frictionless"));
    (path, whole)
}

#[test]
fn half_a_line_is_cut_and_the_rest_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let (path, whole) = two_orders(directory.path());
    let all = fs::read(&path).unwrap();
    for length in whole.len()..all.len() {
        fs::write(&path, &all[..length]).unwrap();
        let sandbox = open(directory.path());
        let known = sandbox.world(|world| world.invoice("second").is_some());
        assert!(!known, "cut at {length}");
        assert!(sandbox.world(|world| world.invoice("first").is_some()));
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
    // A header that was not finished was seen by nobody.
    for length in 0..10 {
        let torn = &all[..length];
        // Its length may have reached the disk without the rest.
        for torn in [torn.to_owned(), [torn, &[0; 4096]].concat()] {
            fs::write(&path, torn).unwrap();
            assert!(open(directory.path()).world(|world| world.events().is_empty()));
            let text = fs::read(&path).unwrap();
            assert!(text.starts_with(V1.as_bytes()) && text.ends_with(b"}\n"));
        }
    }
}

#[test]
fn a_whole_line_that_cannot_be_read_is_left_and_one_with_a_hole_is_cut() {
    let directory = tempfile::tempdir().unwrap();
    let (path, whole) = two_orders(directory.path());
    let all = fs::read_to_string(&path).unwrap();
    let last = all.trim_end().rfind('\n').unwrap();
    for changed in ["invoice_opened", "\"first\":"] {
        let at = last + all[last..].find(changed).unwrap() + 1;
        let mut text = all.clone().into_bytes();
        text[at] ^= 1;
        fs::write(&path, &text).unwrap();
        let error = Sandbox::open(directory.path(), config()).unwrap_err();
        assert!(matches!(error, DataError::Damaged { .. }), "{error}");
        assert_eq!(fs::read(&path).unwrap(), text);
    }
    // Its blocks were not written in order when the machine stopped.
    let mut text = all.into_bytes();
    text[last + 10..last + 20].fill(0);
    fs::write(&path, &text).unwrap();
    assert!(open(directory.path()).world(|world| world.invoice("second").is_none()));
    assert_eq!(fs::read(&path).unwrap(), whole);
}

#[cfg(unix)]
#[test]
fn a_file_of_somebody_else_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("events.jsonl");
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    for (text, want) in [("a shopping list\n", 0o644), ("a list", 0o644), ("", 0o600)] {
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let opened = Sandbox::open(directory.path(), config());
        assert_eq!(opened.is_ok(), text.is_empty());
        assert_eq!(mode(), want, "{text}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    open(directory.path());
    assert_eq!(mode(), 0o600);
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("events.jsonl");
    let sandbox = open(directory.path());
    post(&sandbox, &order("first", "frictionless"));
    let in_use = Sandbox::open(directory.path(), config()).unwrap_err();
    assert!(matches!(in_use, DataError::InUse { .. }), "{in_use}");
    drop(sandbox);
    let other_seed = Sandbox::open(directory.path(), Config::new(2)).unwrap_err();
    assert!(matches!(other_seed, DataError::OtherSeed { found: 1, .. }));
    let good = fs::read_to_string(&path).unwrap();
    let (header, rest) = good.split_once('\n').unwrap();
    let cases = [
        ("a shopping list\n".to_owned(), "is no log of a sandbox"),
        ("a shopping list".to_owned(), "is no log of a sandbox"),
        (format!("{{}}\n{rest}"), "is no log of a sandbox"),
        (
            good.replace(r#""version":1"#, r#""version":3"#),
            "has version 3; this sandbox reads up to version 2",
        ),
        (format!("{header}\nx\n{rest}"), "is damaged in line 2"),
        (format!("{header}\n{rest}{rest}x\n"), "is damaged in line 3"),
    ];
    for (text, said) in cases {
        fs::write(&path, &text).unwrap();
        let error = Sandbox::open(directory.path(), config()).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_log_that_cannot_go_on_stops_the_sandbox() {
    let directory = tempfile::tempdir().unwrap();
    let sandbox = open(directory.path());
    let fork = sandbox.fork();
    sandbox.world(|world| *world = fork.world(|world| world.fork()));
    let transport = sandbox.transport();
    let request = Request::get("http://sandbox.invalid/api/v2/invoices/x");
    let answer = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(xgateway_transport::Transport::send(
            &transport,
            request.body(xgateway_transport::Body::empty()).unwrap(),
        ))
        .unwrap();
    assert_eq!(answer.status(), 503);
}

#[test]
fn a_fork_does_not_write() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("events.jsonl");
    let sandbox = open(directory.path());
    let before = fs::read(&path).unwrap();
    post(&sandbox.fork(), &order("other", "frictionless"));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert!(sandbox.world(|world| world.events().is_empty()));
}
