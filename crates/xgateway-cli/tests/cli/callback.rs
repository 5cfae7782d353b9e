//! `xgateway callback` against the sandbox and a merchant's server, all on loopback.

use std::fs;

use serde_json::{Value, json};
use xgateway::callback::{KeyRing, RawCallback, sign};
use xgateway::core::secret::SecretKey;

use crate::fixture::{CANARIES, Cli, Outcome};
use crate::listening::{Gateway, Listening, Merchant};

/// The gateway's own example.
const BODY: &str = r#"{"id":"916c9ef9-8678-4676-b8bf-14e6333090f6","customerId":"demo_customer_id","amount":"10","currency":"USD","status":"confirmed"}"#;
const HASH: &str =
    "9pnXH92QDrsu+ntdByIXtfq4jkc7RWYb/Ii7DLaO1x0Bv+in88B7m1DzGtPZMS6Z1oFmtBO+iNE4Trxci+7FqA==";
const SECRET: &str = "canary-secret-key";

fn cli(secret: &str) -> Cli {
    Cli::new().variable("XGATEWAY_SECRET_KEY", secret)
}

fn run(cli: &Cli, command: &str, body: &str, more: &[&str]) -> Outcome {
    let outcome = cli.run_with(
        &[&["callback", command, "-"], more].concat(),
        body.as_bytes(),
    );
    assert!(!outcome.stdout.contains(SECRET) && !outcome.stderr.contains(SECRET));
    outcome
}

fn signed(body: &str, secret: &str) -> String {
    let outcome = run(&cli(secret), "sign", body, &[]).ends(0);
    outcome.stdout.trim_end().to_owned()
}

#[test]
fn signs_as_the_gateway_does() {
    let text = signed(BODY, "test_secret_key");
    let want = BODY.replace('}', &format!(",\"hash\":\"{HASH}\"}}"));
    assert_eq!(text, want);
    let document = run(&cli("test_secret_key"), "sign", BODY, &["--json"]).ends(0);
    assert_eq!(document.json(), json!({"ok": true, "body": want}));
}

#[test]
fn verifies_and_says_what_that_proves() {
    let body = signed(BODY, SECRET);
    let outcome = run(&cli(SECRET), "verify", &body, &["--json"]).ends(0);
    assert_eq!(
        outcome.json(),
        json!({"ok": true, "callback": {"key": "current", "kind": "transaction",
            "id": "916c9ef9-8678-4676-b8bf-14e6333090f6", "customerId": "demo_customer_id",
            "amount": "10", "currency": "USD"}})
    );
    let outcome = run(&cli(SECRET), "verify", &body, &[]).ends(0);
    assert!(
        outcome.stdout.starts_with("authentic\n"),
        "{}",
        outcome.stdout
    );
    assert!(!outcome.stdout.contains("confirmed"), "{}", outcome.stdout);
    outcome.says("the status least of all");

    let more = body.replace(r#""amount":"10""#, r#""amount":"100""#);
    run(&cli(SECRET), "verify", &more, &[])
        .ends(12)
        .says("error: the callback is refused: the hash matches no key")
        .says("hint: `xgateway callback explain` may tell why");
    let error = run(&cli(SECRET), "verify", &more, &["--json"]).ends(12);
    assert_eq!(error.json()["error"]["kind"], "not_authentic");
}

#[test]
fn what_is_no_callback_is_invalid() {
    for (body, message) in [
        ("", "malformed JSON"),
        ("[]", "the JSON is no object"),
        ("{}", "the field hash is missing"),
        (r#"{"id":"1","id":"2"}"#, "a key occurs twice"),
        (&" ".repeat(70_000), "at most 65536 bytes"),
    ] {
        run(&cli(SECRET), "verify", body, &[]).ends(3).says(message);
        let outcome = run(&cli(SECRET), "explain", body, &[]);
        assert_eq!(outcome.code, 3, "{}{}", outcome.stdout, outcome.stderr);
    }
    // A text for which the hash would be ambiguous is not signed either.
    let body = BODY.replace("demo_customer_id", "user.9");
    run(&cli(SECRET), "sign", &body, &[])
        .ends(3)
        .says("customerId would make the hash ambiguous");
}

#[test]
fn explains_which_mistake_fits() {
    let body = signed(BODY, SECRET);
    let outcome = run(&cli(SECRET), "explain", &body, &["--json"]).ends(0);
    assert_eq!(outcome.json()["ok"], true);

    let formatted = body.replace(r#""amount":"10""#, r#""amount":"10.00""#);
    let outcome = run(&cli(SECRET), "explain", &formatted, &["--json"]).ends(12);
    let explanation = &outcome.json()["explanation"];
    assert_eq!(explanation["problem"], "not_authentic");
    assert_eq!(explanation["key"], "current");
    assert_eq!(
        explanation["mistakes"],
        json!(["the amount was formatted anew: hash its text as it stands in the JSON"])
    );
    let outcome = run(&cli(SECRET), "explain", &formatted, &[]).ends(12);
    assert_eq!(
        outcome.stdout,
        "refused: the hash matches no key\nthe hash was made with the key current\n  \
         - the amount was formatted anew: hash its text as it stands in the JSON\n"
    );
    let outcome = run(&cli("another"), "explain", &body, &[]).ends(12);
    assert!(
        outcome.stdout.contains("no known mistake fits"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn during_a_rotation_both_keys_match() {
    let both = cli("the-new-key").variable("XGATEWAY_PREVIOUS_SECRET_KEY", SECRET);
    let outcome = run(&both, "verify", &signed(BODY, SECRET), &["--json"]).ends(0);
    assert_eq!(outcome.json()["callback"]["key"], "previous");
    let outcome = run(&both, "verify", &signed(BODY, "the-new-key"), &["--json"]).ends(0);
    assert_eq!(outcome.json()["callback"]["key"], "current");
    let same = cli(SECRET).variable("XGATEWAY_PREVIOUS_SECRET_KEY", SECRET);
    run(&same, "verify", BODY, &[])
        .ends(9)
        .says("`previous_secret_key` cannot stand beside `secret_key`");
}

#[test]
fn the_key_comes_from_the_settings_too() {
    let body = signed(BODY, SECRET);
    let cli = Cli::new()
        .file("key", &format!("{SECRET}\n"))
        .file("xgateway.toml", "secret_key_file = \"key\"\n");
    run(&cli, "verify", &body, &[]).ends(0);
    let shown = cli.run(&["config", "show"]).ends(0);
    assert!(shown.stdout.contains("secret_key_file"), "{}", shown.stdout);
    let cli = Cli::new().file("xgateway.toml", &format!("secret_key = \"{SECRET}\"\n"));
    run(&cli, "verify", &body, &[]).ends(0);
    let shown = cli.run(&["config", "show"]).ends(0);
    assert!(!shown.stdout.contains(SECRET), "{}", shown.stdout);

    let demo = Cli::new().variable("XGATEWAY_ENVIRONMENT", "demo");
    run(&demo, "verify", &body, &[])
        .ends(9)
        .says("there is no secret key for demo")
        .says("hint: set XGATEWAY_SECRET_KEY");
    // The play key of the sandbox, which everybody knows.
    run(&Cli::new(), "verify", &body, &[])
        .ends(12)
        .says("the play key of `xgateway sandbox` is used");
}

#[test]
fn a_key_that_was_mistaken_for_another_is_found_out() {
    let play = xgateway_sandbox::Config::new(1);
    let api_key = play.api_key.expose();
    let by_play_key = signed(BODY, play.secret_key.expose());
    let quoted = format!("\"{SECRET}\"");
    let in_capitals = SECRET.to_uppercase();
    let by_secret = signed(BODY, SECRET);
    for (set, body, mistake) in [
        (
            api_key,
            &by_play_key,
            "what is set as the secret key is the API key",
        ),
        (&*quoted, &by_secret, "with quotes around it"),
        (&*in_capitals, &by_secret, "in small letters"),
        (
            "another",
            &signed(BODY, api_key),
            "what is set as the API key",
        ),
        (
            "another",
            &by_play_key,
            "the play key of `xgateway sandbox`",
        ),
    ] {
        let explained = run(&cli(set), "explain", body, &["--json"]).ends(12).json();
        let mistakes = explained["explanation"]["mistakes"].to_string();
        assert!(mistakes.contains(mistake), "{mistakes}");
        let words = run(&cli(set), "explain", body, &[]).ends(12).stdout;
        assert!(words.contains(mistake), "{words}");
    }
    let none = run(&cli("another"), "explain", &by_secret, &[]).ends(12);
    assert!(
        none.stdout.contains("no known mistake fits"),
        "{}",
        none.stdout
    );
}

#[test]
fn the_key_has_no_flag() {
    let outcome = Cli::new()
        .run(&["callback", "verify", "--secret-key", SECRET])
        .ends(2)
        .says("there is no option --secret-key")
        .says("for callbacks set XGATEWAY_SECRET_KEY");
    assert!(!outcome.stderr.contains(SECRET));
}

#[test]
fn a_deposit_is_received_confirmed_and_forwarded() {
    let gateway = Gateway::new();
    // The merchant is away at first.
    let merchant = Merchant::new([503, 200]);
    let cli = gateway.cli();
    let store = cli.path("inbox.db");
    let url = merchant.url();
    let listening = Listening::start(&cli, &["--store", "inbox.db", "--forward", &url, "-vv"]);
    let callback = gateway.deposit("order-1");

    assert_eq!(gateway.deliver(&callback, listening.url()), 200);
    let stored = listening.next("stored");
    assert_eq!(
        (&stored["entry"], &stored["delivery"]),
        (&json!(1), &json!("new"))
    );
    assert_eq!(stored["claims"], "confirmed");
    let put_back = listening.next("put_back");
    assert_eq!(
        put_back["reason"],
        "the handler failed: forwarding was answered 503"
    );
    let applied = listening.next("applied");
    assert_eq!(applied["transactionId"], stored["transactionId"]);
    assert_eq!(applied["status"], "confirmed");
    assert_eq!(
        (
            &applied["amount"],
            &applied["currency"],
            &applied["forwarded"]
        ),
        (&json!("25"), &json!("EUR"), &json!(true))
    );

    // The gateway sends it again, and somebody with another status: nothing more happens.
    for body in [callback.clone(), callback.replace("confirmed", "failed")] {
        assert_eq!(gateway.deliver(&body, listening.url()), 200);
        listening.next("stored");
        listening.next("repeated");
    }

    let [first, second] = [merchant.next(), merchant.next()];
    assert_eq!(first.body, second.body);
    let id = applied["transactionId"].as_str().unwrap();
    assert_eq!(
        second.idempotency_key,
        format!("transaction:{id}:confirmed")
    );
    let ring = KeyRing::new(gateway.secret_key());
    let forwarded = RawCallback::new(second.body.as_bytes()).unwrap();
    assert_eq!(forwarded.authenticate(&ring).unwrap().id(), Some(id));
    let forwarded: Value = serde_json::from_str(&second.body).unwrap();
    assert_eq!(
        (&forwarded["status"], &forwarded["callbackType"]),
        (&json!("confirmed"), &json!("transaction"))
    );

    let (code, output) = listening.stop("-INT");
    assert_eq!(code, Some(0), "{output}");
    assert!(output.contains("xgateway_callback"), "logged");
    for canary in CANARIES
        .iter()
        .copied()
        .chain([gateway.secret_key().expose()])
    {
        assert!(!output.contains(canary), "{canary} leaked: {output}");
    }
    assert!(merchant.is_idle(), "forwarded once");

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&store).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let list = cli.run(&["inbox", "list", "--store", "inbox.db", "--totals", "--json"]);
    assert_eq!(
        list.ends(0).json()["counts"],
        json!({"open": 0, "done": 2, "dead": 0})
    );

    // Once more by hand: it is looked at, and not forwarded again.
    cli.run(&["inbox", "replay", "1", "--store", "inbox.db"])
        .ends(0);
    let again = Listening::start(&cli, &["--store", "inbox.db", "--forward", &url]);
    assert_eq!(again.next("repeated")["entry"], 1);
    assert_eq!(again.stop("-TERM").0, Some(0));
    assert!(merchant.is_idle(), "forwarded once");
    assert!(store.is_file());
}

/// Whoever forgets where to forward to in one start of many must not lose what is confirmed meanwhile.
#[test]
fn what_was_not_forwarded_can_be_forwarded_later() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    cli.run(&["callback", "listen", "--store", "inbox.db"])
        .ends(2)
        .says("with a store it must be said where what is confirmed goes")
        .says("--no-forward");
    assert!(!cli.path("inbox.db").exists());

    let callback = gateway.deposit("order-1");
    let telling = Listening::start(&cli, &["--store", "inbox.db", "--no-forward"]);
    let start: Value = serde_json::from_str(telling.start_line()).unwrap();
    assert_eq!(start["forwards"], false);
    assert_eq!(gateway.deliver(&callback, telling.url()), 200);
    telling.next("stored");
    assert_eq!(telling.next("applied")["forwarded"], false);
    assert_eq!(gateway.deliver(&callback, telling.url()), 200);
    telling.next("stored");
    telling.next("repeated");
    assert_eq!(telling.stop("-TERM").0, Some(0));

    let merchant = Merchant::new([200]);
    let forward = ["--store", "inbox.db", "--forward", &merchant.url()];
    let replay = || cli.run(&["inbox", "replay", "1", "--store", "inbox.db"]);
    for event in ["applied", "repeated"] {
        replay().ends(0);
        let forwarding = Listening::start(&cli, &forward);
        let next = forwarding.next(event);
        assert_eq!(next["forwarded"] == true, event == "applied", "{next}");
        assert_eq!(forwarding.stop("-TERM").0, Some(0));
    }
    let key = merchant.next().idempotency_key;
    assert!(key.ends_with(":confirmed"), "{key}");

    // What was forwarded is not told anew, either.
    replay().ends(0);
    let telling = Listening::start(&cli, &["--store", "inbox.db", "--no-forward"]);
    telling.next("repeated");
    assert_eq!(telling.stop("-TERM").0, Some(0));
    assert!(merchant.is_idle(), "forwarded once");
}

#[test]
fn what_the_api_does_not_say_is_not_applied() {
    let gateway = Gateway::new();
    let listening = Listening::start(&gateway.cli(), &[]);
    let deliver = |body: &str| {
        let body = sign(body.as_bytes(), &gateway.secret_key()).unwrap();
        gateway.deliver(std::str::from_utf8(&body).unwrap(), listening.url())
    };

    // Nobody knows this transaction.
    assert_eq!(deliver(BODY), 200);
    assert_eq!(listening.next("stored")["claims"], "confirmed");
    let reason = listening.next("put_back")["reason"].clone();
    assert_eq!(reason, "the gateway's API does not say so, or not yet");

    // Nor this customer.
    let kyc =
        r#"{"callbackType":"kyc","customerId":"canary.person@example.com","status":"FULL_USER"}"#;
    assert_eq!(deliver(kyc), 200);
    let (mut is_stored, mut is_put_back) = (false, false);
    while !(is_stored && is_put_back) {
        let event = listening.any();
        if event["kind"] == "kyc" {
            is_stored |= event["event"] == "stored";
            is_put_back |= event["event"] == "put_back"
                && event["reason"] == "the gateway's API does not say so, or not yet";
        }
    }

    let (code, output) = listening.stop("-TERM");
    assert_eq!(code, Some(0), "{output}");
    assert!(!output.contains("canary.person@example.com"), "{output}");
}

/// A gateway that knows one customer's identity check and bank account.
fn customers() -> (String, tokio::runtime::Runtime) {
    use axum::response::IntoResponse as _;

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().fallback(async |uri: http::Uri| {
        let body = if uri.path().ends_with("/kyc") {
            r#"{"data":{"id":"joe","status":"FULL_USER","docsMissing":null},"success":true}"#
        } else {
            r#"{"data":[{"id":"a-1","status":"ACTIVE","currency":"USD","iban":"MT36CFTE28004000000000003225049"}],"success":true}"#
        };
        ([("content-type", "application/json")], body).into_response()
    });
    runtime.spawn(async move { axum::serve(listener, app).await });
    (url, runtime)
}

#[test]
fn bank_accounts_and_identity_checks_are_confirmed_and_forwarded() {
    let (api, _runtime) = customers();
    let merchant = Merchant::new([200, 200]);
    let gateway = Gateway::new();
    let cli = Cli::new().variable("XGATEWAY_URL", &api);
    let url = merchant.url();
    let listening = Listening::start(&cli, &["--store", "inbox.db", "--forward", &url]);
    for (body, kind, status, told) in [
        (
            // What it says of the account is not proven, and not passed on.
            r#"{"callbackType":"bank_account","customerId":"joe","currency":"USD","status":"ACTIVE","iban":"XX00FORGED"}"#,
            "bank_account",
            "ACTIVE",
            ("iban", "MT36CFTE28004000000000003225049"),
        ),
        (
            // News that the API does not show is asked about again; a status that nobody knows is none.
            r#"{"callbackType":"kyc","customerId":"joe","status":"invented"}"#,
            "kyc",
            "FULL_USER",
            ("status", "FULL_USER"),
        ),
    ] {
        let body = sign(body.as_bytes(), &gateway.secret_key()).unwrap();
        let body = std::str::from_utf8(&body).unwrap();
        assert_eq!(gateway.deliver(body, listening.url()), 200);
        assert_eq!(listening.next("stored")["kind"], kind);
        let applied = listening.next("applied");
        assert_eq!(
            (&applied["kind"], &applied["status"], &applied["forwarded"]),
            (&json!(kind), &json!(status), &json!(true))
        );
        let forwarded = merchant.next();
        let ring = KeyRing::new(gateway.secret_key());
        let authentic = RawCallback::new(forwarded.body.as_bytes()).unwrap();
        let authentic = authentic.authenticate(&ring).unwrap();
        assert_eq!(authentic.customer_id(), Some("joe"));
        let document: Value = serde_json::from_str(&forwarded.body).unwrap();
        assert_eq!(document["callbackType"], kind);
        assert_eq!(document[told.0], told.1);
    }
    let (code, output) = listening.stop("-TERM");
    assert_eq!(code, Some(0), "{output}");
    assert!(
        !output.contains("joe") && !output.contains("MT36"),
        "{output}"
    );
    let list = cli.run(&["inbox", "list", "--store", "inbox.db", "--totals", "--json"]);
    assert_eq!(
        list.ends(0).json()["counts"],
        json!({"open": 0, "done": 2, "dead": 0})
    );
}

#[test]
fn what_is_stored_survives_a_kill_and_an_api_that_is_away() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    let store = cli.path("inbox.db");
    let store = ["--store", store.to_str().unwrap(), "--no-forward"];
    let callback = gateway.deposit("order-1");

    // Port 9 of this machine: nobody answers there.
    let away = Cli::new().variable("XGATEWAY_URL", "http://127.0.0.1:9");
    let listening = Listening::start(&away, &store);
    assert_eq!(gateway.deliver(&callback, listening.url()), 200);
    listening.next("stored");
    assert_eq!(
        listening.next("put_back")["reason"],
        "the gateway's API gave no answer: get_transaction was not sent, after 3 attempts"
    );
    assert_eq!(listening.stop("-KILL").0, None);

    let listening = Listening::start(&cli, &store);
    assert_eq!(listening.next("applied")["amount"], "25");

    // Somebody who knows the key claims more than the API.
    let more = callback.replace(r#""amount":"25""#, r#""amount":"2500""#);
    assert_ne!(more, callback);
    let more = sign(more.as_bytes(), &gateway.secret_key()).unwrap();
    let more = String::from_utf8(more).unwrap();
    assert_eq!(gateway.deliver(&more, listening.url()), 200);
    assert_eq!(listening.next("stored")["delivery"], "contradiction");
    let dead = listening.next("dead");
    assert_eq!(
        dead["reason"],
        "the gateway's API contradicts the callback's amount"
    );
    assert_eq!(listening.stop("-TERM").0, Some(0));
    let list = cli.run(&[&["inbox", "dead", "--totals", "--json"], &store[..2]].concat());
    let document = list.ends(0).json();
    assert_eq!(document["entries"][0]["id"], dead["entry"]);
    assert_eq!(document["counts"], json!({"open": 0, "done": 1, "dead": 1}));
}

#[test]
fn a_reader_that_goes_away_ends_nothing() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let gateway = Gateway::new();
    let cli = gateway.cli();
    let mut child = cli
        .command()
        .args(["callback", "listen", "--listen", "127.0.0.1:0", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    drop(stdout);
    let start: Value = serde_json::from_str(&line).unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    // It notices when it has something to say.
    assert_eq!(gateway.deliver("{", start["url"].as_str().unwrap()), 400);
    let unread = said.find(|line| line.as_ref().unwrap().contains("nobody reads stdout"));
    assert!(unread.is_some());
    for _ in 0..3 {
        assert_eq!(gateway.deliver("{", start["url"].as_str().unwrap()), 400);
    }
    let killed = std::process::Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_is_not_authentic_is_refused_and_told() {
    let gateway = Gateway::new();
    let listening = Listening::start(&gateway.cli(), &[]);
    let forged = sign(BODY.as_bytes(), &SecretKey::parse("a-guess").unwrap()).unwrap();
    let forged = String::from_utf8(forged).unwrap();
    for (body, status, reason) in [
        (forged.as_str(), 403, "not_authentic"),
        ("{", 400, "malformed"),
        (&" ".repeat(70_000), 413, "too_large"),
    ] {
        assert_eq!(gateway.deliver(body, listening.url()), status);
        let refused = listening.any();
        assert_eq!(
            refused,
            json!({"event": "refused", "status": status, "reason": reason})
        );
    }
    assert_eq!(listening.stop("-INT").0, Some(0));
}

#[test]
fn callbacks_are_forwarded_to_safe_places_only() {
    for url in [
        "http://shop.example/callbacks",
        "ftp://127.0.0.1/",
        "shop",
        "https://user:canary-secret-key@shop.example/",
    ] {
        let outcome = Cli::new()
            .run(&[
                "callback",
                "listen",
                "--listen",
                "127.0.0.1:0",
                "--forward",
                url,
            ])
            .ends(2)
            .says("callbacks are forwarded to an https URL, or to this machine");
        assert!(!outcome.stderr.contains(SECRET));
    }
}

#[test]
fn a_port_or_a_file_that_cannot_be_had_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    Cli::new()
        .run(&["callback", "listen", "--listen", &address])
        .ends(10)
        .says("hint: another program listens there");
    let listen = "callback listen --listen 127.0.0.1:0 --no-forward --store";
    let listen: Vec<_> = listen.split(' ').collect();
    Cli::new()
        .run(&[&listen[..], &["nowhere/inbox.db"]].concat())
        .ends(10)
        .says("cannot open the store in nowhere/inbox.db");
    Cli::new()
        .file(
            "inbox.db",
            "no database at all, and long enough to look like one at first sight",
        )
        .run(&[&listen[..], &["inbox.db"]].concat())
        .ends(10)
        .says("cannot open the store in inbox.db");
}

#[test]
fn people_get_lines() {
    let gateway = Gateway::new();
    let listening = Listening::for_people(&gateway.cli(), &[]);
    assert!(
        listening
            .start_line()
            .starts_with("Callbacks are received at http://127.0.0.1:"),
        "{}",
        listening.start_line()
    );
    let callback = gateway.deposit("order-1");
    assert_eq!(gateway.deliver(&callback, listening.url()), 200);
    let applied = listening.line_with("applied");
    assert!(applied.contains(": 25 EUR confirmed"), "{applied}");
    let (code, output) = listening.stop("-INT");
    assert_eq!(code, Some(0), "{output}");
    assert!(output.contains("key current matched 1"), "{output}");
}
