use std::error::Error;

use serde::Serialize;
use serde_json::Value;
use xgateway::api::operations::GET_TRANSACTION;
use xgateway::client::Error as ClientError;
use xgateway::core::issue::Issues;

use super::Failure;
use crate::console::Console;
use crate::exit::Exit;
use crate::style::{ERROR, HINT};

/// Tells why a command failed: a JSON document on stdout for a program, else words on stderr.
pub(crate) fn report(failure: &Failure, console: &mut Console) {
    if matches!(failure, Failure::Reported(_) | Failure::OutputClosed) {
        return;
    }
    let document = Document {
        ok: false,
        error: Details::of(failure, console),
    };
    // If stdout is gone, a person may still read the words.
    if console.is_json() && console.document(&document).is_ok() {
        return;
    }
    let error = document.error;
    console.note(format_args!("{ERROR}error{ERROR:#}: {}", error.message));
    for cause in &error.causes {
        console.note(format_args!("  caused by: {cause}"));
    }
    if let Some(url) = error.url {
        console.note(format_args!("  at: {url}"));
    }
    for issue in failure.issues().into_iter().flatten() {
        console.note(format_args!("  - {}", console.clear(&issue.to_string())));
    }
    for reason in &error.reasons {
        console.note(format_args!(
            "  gateway: {} ({})",
            reason.message, reason.code
        ));
    }
    if let Some(advice) = error.advice {
        console.note(format_args!("{HINT}hint{HINT:#}: {advice}"));
    }
}

#[derive(Serialize)]
struct Document<'a> {
    ok: bool,
    error: Details<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    kind: &'static str,
    exit_code: u8,
    message: String,
    causes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<String>,
    /// Where nobody could be reached or heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issues: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<Reason>,
}

/// A reason that the gateway gave.
#[derive(Serialize)]
struct Reason {
    code: String,
    message: String,
}

impl<'a> Details<'a> {
    fn of(failure: &'a Failure, console: &Console) -> Self {
        let client = failure.client();
        // A refusal or a ticket holds its error without being its source.
        let holds_error = matches!(failure, Failure::Refused(_) | Failure::Unresolved { .. });
        let mut source = if holds_error {
            client.map(|error| error as &dyn Error)
        } else {
            failure.source()
        };
        let mut causes = Vec::new();
        while let Some(error) = source {
            causes.push(error.to_string());
            source = error.source();
        }
        // What went wrong with the request comes first, and then what a look at it told.
        if let Failure::Unresolved { ticket, .. } = failure
            && let Some(look) = ticket.error()
            && client.is_some_and(|error| error.to_string() != look.to_string())
        {
            causes.push(look.to_string());
        }
        Self {
            kind: failure.exit().name(),
            exit_code: failure.exit().code(),
            message: failure.to_string(),
            causes,
            advice: advice(failure, console),
            effect: failure.effect().map(|effect| effect.to_string()),
            url: matches!(client, Some(ClientError::Transport(_)))
                .then(|| console.asked_url().map(str::to_owned))
                .flatten(),
            status: client.and_then(|error| error.status().map(|status| status.as_u16())),
            order_id: failure.order_id(),
            transaction_id: failure.transaction_id(),
            issues: failure.issues().map(|issues| cleared(issues, console)),
            reasons: client
                .map(|error| reasons(error, console))
                .unwrap_or_default(),
        }
    }
}

/// Issues as JSON; the gateway's may repeat what the customer has handed in.
fn cleared(issues: &Issues, console: &Console) -> Value {
    let mut value = serde_json::to_value(issues).expect("issues are texts and numbers");
    clear(&mut value, console);
    value
}

fn clear(value: &mut Value, console: &Console) {
    match value {
        Value::String(text) => *text = console.clear(text),
        Value::Array(values) => values.iter_mut().for_each(|value| clear(value, console)),
        Value::Object(fields) => fields.values_mut().for_each(|value| clear(value, console)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn advice(failure: &Failure, console: &Console) -> Option<String> {
    let is_not_sent = failure.exit() == Exit::NotSent && failure.client().is_some();
    let is_tls = console
        .asked_url()
        .is_some_and(|url| url.starts_with("https://"));
    if is_not_sent && console.is_in_sandbox() && is_tls {
        return Some(
            "nothing was done; is it there, with a certificate? What `xgateway sandbox` serves is plain: --url http://..."
                .to_owned(),
        );
    }
    if is_not_sent && console.is_in_sandbox() {
        return Some(
            "nothing was done; is the sandbox running? `xgateway sandbox` serves one, and --url says where"
                .to_owned(),
        );
    }
    if failure.exit() == Exit::Authentication
        && failure.client().is_some()
        && console.is_in_sandbox()
    {
        return Some(
            "a sandbox's keys follow from its seed: was it started with another --seed? It prints its API key when it \
             starts; set XGATEWAY_API_KEY to that"
                .to_owned(),
        );
    }
    let of_card = |error: &ClientError| {
        let reasons = reasons(error, console);
        reasons
            .iter()
            .any(|it| it.message.starts_with("Card details"))
    };
    if console.is_in_sandbox() && failure.client().is_some_and(of_card) {
        return Some(
            "a sandbox takes its test cards only: docs/guides/command-line.md lists them, and its page /docs"
                .to_owned(),
        );
    }
    let is_odd_id = |error: &ClientError| {
        matches!(error, ClientError::Refused(_))
            && error.status().is_some_and(|status| status.as_u16() == 400)
            && error.operation().name == GET_TRANSACTION.name
    };
    if failure.client().is_some_and(is_odd_id) {
        return Some(
            "a transaction's id is a UUID, as a callback, `card resume` or its invoice tells it; by your own order id \
             `xgateway invoice get` finds the invoice"
                .to_owned(),
        );
    }
    failure.hint()
}

/// The gateway's own words, cleared of what it may repeat of the request.
fn reasons(error: &ClientError, console: &Console) -> Vec<Reason> {
    let (ClientError::Authentication(error)
    | ClientError::Refused(error)
    | ClientError::RateLimited(error)
    | ClientError::Gateway(error)) = error
    else {
        return Vec::new();
    };
    let errors = error.refusal().errors();
    errors
        .iter()
        .map(|error| Reason {
            code: console.clear(error.code.as_str()),
            message: console.clear(&error.message),
        })
        .collect()
}
