use crate::fixture::Cli;

#[test]
fn the_same_seed_gives_the_same_document() {
    let first = Cli::new().run(&["demo", "--json", "--seed", "7"]).ends(0);
    let second = Cli::new().run(&["demo", "--json", "--seed", "7"]).ends(0);
    assert_eq!(first.stdout, second.stdout);
    assert_eq!(first.stderr, "");
    let other = Cli::new().run(&["demo", "--json", "--seed", "8"]).ends(0);
    assert_ne!(
        first.json()["steps"][0]["transactionId"],
        other.json()["steps"][0]["transactionId"]
    );
    // A port would differ from run to run.
    assert!(!first.stdout.contains("127.0.0.1"));
}

#[test]
fn any_seed_will_do() {
    for seed in ["0", "123456789012", "18446744073709551615"] {
        let outcome = Cli::new().run(&["demo", "--json", "--seed", seed]).ends(0);
        assert_eq!(outcome.json()["ok"], true);
    }
    let outcome = Cli::new()
        .run(&["demo", "--json", "--seed", "1234567"])
        .ends(0);
    assert_eq!(
        outcome.json()["steps"][0]["orderId"],
        "demo-1_234_567-frictionless"
    );
}

#[test]
fn every_case_comes_as_it_should() {
    let document = Cli::new().run(&["demo", "--json"]).ends(0).json();
    assert_eq!(document["ok"], true);
    assert_eq!(document["seed"], 1);
    let steps = document["steps"].as_array().unwrap();
    let told: Vec<_> = steps
        .iter()
        .map(|step| {
            assert_eq!(step["flow"], "card");
            assert_eq!(step["ok"], true);
            let paid = step["charges"] == 1;
            assert_eq!(step["settled"]["amount"] == "25.00", paid, "{step}");
            assert_eq!(step["transactionId"], step["callback"]["transactionId"]);
            let callback = &step["callback"];
            assert!(callback.is_null() || callback["verified"] == true);
            format!(
                "{}: {} charged {} sent {} callback {}",
                step["case"],
                step["outcome"],
                step["charges"],
                step["requests"],
                callback["status"]
            )
            .replace('"', "")
        })
        .collect();
    assert_eq!(
        told,
        [
            "frictionless: deposited charged 1 sent 1 callback confirmed",
            "three_ds_approved: deposited charged 1 sent 1 callback confirmed",
            "three_ds_declined: failed charged 0 sent 1 callback failed",
            "invalid_input: invalid charged 0 sent 0 callback null",
            "refused_card: refused charged 0 sent 1 callback null",
            "lost_answer: deposited charged 1 sent 1 callback confirmed",
        ]
    );
    assert_eq!(
        document["onboarding"],
        serde_json::json!({
            "flow": "onboarding",
            "ok": true,
            "progress": ["failed", "onboarded"],
            "uploads": 5,
            "virtualHours": 8,
            "credited": {"amount": "250", "currency": "EUR"},
        })
    );
}

#[test]
fn people_get_a_timeline() {
    let outcome = Cli::new().run(&["demo"]).ends(0);
    assert_eq!(outcome.stderr, "");
    assert!(!outcome.stdout.contains('\u{1b}'));
    for part in [
        "1. A card that needs no 3DS",
        "customer  declines on the page of the bank",
        "network   breaks before the answer arrives",
        "deposited: 25.00 EUR moved, once",
        "corrects the date of birth",
        "onboarded and credited once",
        "All 6 went as they should: 3 customers charged and one credited by bank, each once.",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {}", outcome.stdout);
    }
    let outcome = Cli::new().run(&["demo", "--color", "always"]).ends(0);
    assert!(outcome.stdout.contains('\u{1b}'));
}

#[test]
fn the_log_shows_no_secrets() {
    let outcome = Cli::new().run(&["demo", "-vvv", "--json"]).ends(0);
    assert!(outcome.stderr.contains("xgateway_client"));
    for secret in [
        "4000 0000",
        "4000000000",
        "\"444\"",
        "John",
        "Doe",
        "Hlavni",
        "15123456789",
        "2000-02-10",
    ] {
        assert!(!outcome.stderr.contains(secret), "{secret}");
        assert!(!outcome.stdout.contains(secret), "{secret}");
    }
    // The keys of the sandbox are secrets here, where nobody asked for them.
    let config = xgateway_sandbox::Config::new(1);
    for key in [config.api_key.expose(), config.secret_key.expose()] {
        assert!(!outcome.stderr.contains(key) && !outcome.stdout.contains(key));
    }
}
