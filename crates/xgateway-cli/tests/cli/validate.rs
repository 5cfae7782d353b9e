use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::fixture::{Cli, body};

const VECTORS: &str = include_str!("../../../xgateway-api/tests/vectors/gateway8.ndjson");

#[derive(Deserialize)]
struct Vector {
    body: String,
    envelope: Box<RawValue>,
}

/// Vectors that fit on a line and hold nothing that we mask.
fn vectors() -> Vec<(String, String)> {
    let vectors = VECTORS.lines().filter_map(|line| {
        let vector: Vector = serde_json::from_str(line).unwrap();
        let body = vector.body.replace('\n', " ");
        let envelope = unescaped(vector.envelope.get());
        // A text of many digits is masked in our answer: the API's own tests hold those.
        let is_masked = envelope
            .split(|char: char| !char.is_ascii_digit() && char != ' ')
            .any(|digits| digits.len() >= 12);
        (!is_masked && !body.contains('\r')).then_some((body, envelope))
    });
    vectors.collect()
}

/// The file of vectors is plain ASCII; our answers escape only what JSON must.
fn unescaped(json: &str) -> String {
    let mut text = String::new();
    let mut units = Vec::new();
    let mut parts = json.split("\\u");
    text.push_str(parts.next().unwrap());
    for part in parts {
        let (code, rest) = part.split_at(4);
        units.push(u16::from_str_radix(code, 16).unwrap());
        // The first half of a pair waits for the second.
        if let Ok(plain) = String::from_utf16(&units) {
            if plain.as_str() < " " {
                text.push_str("\\u");
                text.push_str(code);
            } else {
                text.push_str(&plain);
            }
            units.clear();
        }
        text.push_str(rest);
    }
    text
}

#[test]
fn lines_are_answered_as_the_gateway_does_byte_for_byte() {
    let vectors = vectors();
    assert!(vectors.len() > 850, "{}", vectors.len());
    let bodies: Vec<_> = vectors.iter().map(|(body, _)| body.as_str()).collect();
    let input = bodies.join("\n");
    let outcome = Cli::new()
        .run_with(
            &["validate", "/v2/gateway8", "-", "--ndjson"],
            input.as_bytes(),
        )
        .ends(3);
    let answers: Vec<_> = outcome.stdout.lines().collect();
    assert_eq!(answers.len(), vectors.len());
    for ((body, want), got) in vectors.iter().zip(answers) {
        assert_eq!(got, want, "{body}");
    }
}

#[test]
fn an_operation_goes_by_three_names() {
    let body = body("order-1");
    for name in [
        "create_card_deposit",
        "createAndActivateDepositInvoice",
        "/v2/gateway8",
    ] {
        let outcome = Cli::new()
            .run_with(&["validate", name], body.as_bytes())
            .ends(0);
        assert_eq!(outcome.stdout, "{\"success\":true}\n");
        assert_eq!(outcome.stderr, "");
    }
}

#[test]
fn the_seeds_sample_gets_the_seeds_answer() {
    let cli = Cli::new().file("body.json", &body("order-1").replace("2099", "20288"));
    let outcome = cli
        .run(&["validate", "create_card_deposit", "body.json"])
        .ends(3);
    assert_eq!(
        outcome.stdout,
        "{\"errors\":[{\"code\":\"too_big\",\"maximum\":4,\"type\":\"string\",\"inclusive\":true,\
         \"exact\":false,\"message\":\"String must contain at most 4 character(s)\",\
         \"path\":[\"card\",\"expiryYear\"]}],\"success\":false}\n"
    );
}

#[test]
fn each_line_has_an_answer_whatever_it_holds() {
    let long = "x".repeat(2 << 20);
    let input = format!(
        "{}\n\n{{\"card\":4000000000000002\n{long}\n[]\n\u{0}",
        body("order-1").replace('\n', " ")
    );
    let mut input = input.into_bytes();
    input.extend(b"\n\xff\xfe");
    let outcome = Cli::new()
        .run_with(&["validate", "create_card_deposit", "--ndjson"], &input)
        .ends(3)
        .says("6 of 7 bodies are invalid");
    let lines: Vec<_> = outcome.stdout.lines().collect();
    assert_eq!(lines.len(), 7);
    assert_eq!(lines[0], r#"{"success":true}"#);
    assert_eq!(
        lines[1],
        r#"{"errors":[{"code":"bad_request","message":"The request body is empty (line 2)."}],"success":false}"#
    );
    assert_eq!(
        lines[2],
        r#"{"errors":[{"code":"bad_request","message":"The request body is not valid JSON (line 3, column 24)."}],"success":false}"#
    );
    assert_eq!(
        lines[3],
        r#"{"errors":[{"code":"content_too_large","message":"The request body is larger than 1048576 bytes."}],"success":false}"#
    );
    assert_eq!(
        lines[4],
        r#"{"errors":[{"code":"invalid_type","expected":"object","received":"array","path":[],"message":"Expected object, received array"}],"success":false}"#
    );
    assert!(lines[5].contains("line 6, column 1"), "{}", lines[5]);
    assert!(lines[6].contains("line 7"), "{}", lines[6]);
}

#[test]
fn an_answer_does_not_wait_for_the_next_line() {
    let mut child = Cli::new()
        .command()
        .args(["validate", "create_card_deposit", "--ndjson"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for (body, starts) in [("[]", "{\"errors\":"), ("{", "{\"errors\":")] {
        writeln!(input, "{body}").unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(starts), "{answer}");
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

#[test]
fn all_valid_lines_end_well() {
    let line = body("order-1").replace('\n', " ");
    let outcome = Cli::new()
        .run_with(
            &["validate", "create_card_deposit", "--ndjson"],
            format!("{line}\n{line}\n").as_bytes(),
        )
        .ends(0);
    assert_eq!(outcome.stdout, "{\"success\":true}\n{\"success\":true}\n");
    assert_eq!(outcome.stderr, "");
}

#[test]
fn policy_adds_ours() {
    let cli = Cli::new();
    let arguments = [
        "validate",
        "create_card_deposit",
        "--policy",
        "--date",
        "2026-11-21",
    ];
    let valid = body("order-1");
    cli.run_with(&arguments, valid.as_bytes()).ends(0);
    let without = valid.replace("\"orderId\":\"order-1\",", "");
    cli.run_with(&arguments[..2], without.as_bytes()).ends(0);
    let outcome = cli.run_with(&arguments, without.as_bytes()).ends(3);
    assert!(
        outcome.stdout.contains("policy order-id:"),
        "{}",
        outcome.stdout
    );
    let outcome = cli
        .run_with(
            &[&arguments[..3], &["--date", "2100-01-01"]].concat(),
            valid.as_bytes(),
        )
        .ends(3);
    assert!(
        outcome.stdout.contains("policy expiry:"),
        "{}",
        outcome.stdout
    );
    let body = r#"{"amount":"10","invoiceId":"1","status":"confirmed"}"#;
    cli.run_with(&["validate", "simulate_transaction"], body.as_bytes())
        .ends(0);
    cli.run_with(
        &["validate", "simulate_transaction", "--policy"],
        body.as_bytes(),
    )
    .ends(2)
    .says("our policy says nothing about simulate_transaction");
}

/// As Windows PowerShell writes it.
fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_mark_before_the_body_is_told_as_what_it_is() {
    let marked = format!("\u{feff}{}", body("order-1"));
    for arguments in [
        &["validate", "create_card_deposit"][..],
        &["validate", "create_card_deposit", "--policy"],
    ] {
        for bytes in [marked.clone().into_bytes(), utf_16(&marked)] {
            let outcome = Cli::new().run_with(arguments, &bytes).ends(3);
            let said = "The request body begins with a byte order mark";
            assert!(outcome.stdout.contains(said), "{}", outcome.stdout);
        }
    }
    Cli::new()
        .run_with(&["card", "deposit", "-"], &utf_16(&marked))
        .ends(3)
        .says("hint: save it as UTF-8 without that mark");
}

/// The gateway says nothing about them, and whoever wrote them meant something.
#[test]
fn fields_that_count_for_nothing_are_told() {
    let plain = body("order-1");
    let stray = plain
        .replacen('{', r#"{"amount":1,"invoiceStategy":"fixed","#, 1)
        .replace(
            r#""card":{"#,
            r#""card":{"cvc":"444","4000000000000002":1,"#,
        );
    let cli = Cli::new().file("stray.json", &stray);
    for command in [
        &["validate", "create_card_deposit"][..],
        &["card", "deposit", "--dry-run", "--date", "2026-11-21"],
    ] {
        let outcome = cli.run(&[command, &["stray.json"]].concat()).ends(0);
        assert_eq!(
            outcome.stderr,
            "warning: the gateway knows no field `invoiceStategy`, and ignores it\n\
             warning: `amount` stands twice: the last one counts\n\
             warning: the gateway knows no field `card.cvc`, and ignores it\n\
             warning: the gateway knows no field `card.**`, and ignores it\n"
        );
    }
    let outcome = cli.run_with(&["validate", "create_card_deposit"], plain.as_bytes());
    assert_eq!(outcome.ends(0).stderr, "");
}

#[test]
fn what_cannot_be_validated_is_told() {
    let cli = Cli::new();
    cli.run(&["validate", "nothing"])
        .ends(2)
        .says("hint: operations with a body: create_card_deposit");
    cli.run(&["validate", "get_invoice"])
        .ends(2)
        .says("get_invoice takes no body");
    let outcome = cli
        .run(&["validate", "create_card_deposit", "missing.json", "--json"])
        .ends(10);
    let document = outcome.json();
    assert_eq!(document["ok"], false);
    assert_eq!(document["error"]["kind"], "io");
    assert_eq!(document["error"]["exitCode"], 10);
    assert_eq!(document["error"]["message"], "cannot read missing.json");
    assert_eq!(outcome.stderr, "");
}
