//! `xgateway callback sign`, `verify` and `explain`: without the network.

use std::path::Path;

use serde::Serialize;
use xgateway::callback::{
    self, AuthenticCallback, BODY_BYTES_MAX, CallbackError, Explanation, KeyLabel, RawCallback,
};
use xgateway::core::secret::PersonalText;

use super::keys;
use crate::arguments::GlobalArguments;
use crate::commands::input::{self, Whole};
use crate::commands::{session, view};
use crate::console::Console;
use crate::failure::{Failure, exit_of_callback};
use crate::style::{ERROR, FAINT, GOOD};

pub(super) fn sign(
    file: &Path,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Document<'a> {
        ok: bool,
        body: &'a str,
    }

    let settings = session::settings(global, console)?;
    let key = keys::current(&settings, console)?;
    let body = read(file)?;
    let signed = callback::sign(body.expose().as_bytes(), &key).map_err(Failure::Callback)?;
    let signed = PersonalText::from(String::from_utf8(signed).expect("JSON is UTF-8"));
    if console.is_json() {
        // As a text: whoever parsed it and wrote it anew might lose the form of a number.
        return console.document(&Document {
            ok: true,
            body: signed.expose(),
        });
    }
    console.line(signed.expose())
}

pub(super) fn verify(
    file: &Path,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let settings = session::settings(global, console)?;
    let ring = keys::ring(&settings, keys::current(&settings, console)?)?;
    let body = read(file)?;
    let callback = RawCallback::new(body.expose().as_bytes())
        .and_then(|raw| raw.authenticate(&ring))
        .map_err(Failure::Callback)?;
    if !console.is_json() {
        console.line(format_args!("{GOOD}authentic{GOOD:#}"))?;
    }
    view::show("callback", &Verified::of(&callback), console)?;
    if !console.is_json() {
        console.note(format_args!(
            "{FAINT}Nothing else of it is proven, the status least of all: ask the API.{FAINT:#}"
        ));
    }
    Ok(())
}

/// What the hash proves.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verified<'a> {
    key: Option<&'a str>,
    kind: String,
    id: Option<&'a str>,
    customer_id: Option<&'a str>,
    amount: Option<&'a str>,
    currency: Option<&'a str>,
}

impl<'a> Verified<'a> {
    fn of(callback: &'a AuthenticCallback<'_>) -> Self {
        Self {
            key: callback.key().map(KeyLabel::as_str),
            kind: callback.kind().as_str().to_owned(),
            id: callback.id(),
            customer_id: callback.customer_id(),
            amount: callback.amount(),
            currency: callback.currency(),
        }
    }
}

pub(super) fn explain(
    file: &Path,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let settings = session::settings(global, console)?;
    let ring = keys::ring(&settings, keys::current(&settings, console)?)?;
    let body = read(file)?;
    let body = body.expose().as_bytes();
    let explanation = callback::explain(body, &ring);
    let is_unexplained =
        explanation.problem() == Some(CallbackError::NotAuthentic) && explanation.key().is_none();
    let wrong = if is_unexplained {
        keys::mistakes(body, &settings, console)?
    } else {
        Vec::new()
    };
    show(&explanation, wrong, console)?;
    match explanation.problem() {
        None => Ok(()),
        Some(error) => Err(Failure::Reported(exit_of_callback(error))),
    }
}

/// `wrong` are mistakes that were made with the key itself.
fn show(
    explanation: &Explanation,
    wrong: Vec<String>,
    console: &mut Console,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Document<'a> {
        ok: bool,
        explanation: Explained<'a>,
    }

    #[derive(Serialize)]
    struct Explained<'a> {
        problem: Option<&'static str>,
        message: String,
        key: Option<&'a str>,
        mistakes: Vec<String>,
    }

    let problem = explanation.problem();
    let key = explanation.key().map(KeyLabel::as_str);
    let message = if wrong.is_empty() {
        explanation.to_string()
    } else {
        let problem = CallbackError::NotAuthentic;
        format!("refused: {problem}; {}", wrong.join("; "))
    };
    let is_wrong = !wrong.is_empty();
    let in_the_hash = explanation.mistakes().iter().map(ToString::to_string);
    let mistakes: Vec<_> = in_the_hash.chain(wrong).collect();
    if console.is_json() {
        return console.document(&Document {
            ok: problem.is_none(),
            explanation: Explained {
                problem: problem.map(|problem| problem.reason()),
                message,
                key,
                mistakes,
            },
        });
    }
    match problem {
        None => console.line(format_args!("{GOOD}authentic{GOOD:#}"))?,
        Some(problem) => console.line(format_args!("{ERROR}refused{ERROR:#}: {problem}"))?,
    }
    if let Some(key) = key {
        console.line(format_args!("the hash was made with the key {key}"))?;
    }
    for mistake in mistakes {
        console.line(format_args!("  - {mistake}"))?;
    }
    if key.is_none() && !is_wrong && problem == Some(CallbackError::NotAuthentic) {
        console.line(
            "no known mistake fits: it is another key, another field was changed, or the callback is forged",
        )?;
    }
    Ok(())
}

/// The body, in memory that is wiped: it may hold personal data.
fn read(file: &Path) -> Result<PersonalText, Failure> {
    match input::read(file, BODY_BYTES_MAX)? {
        Whole::Text(text) => Ok(text),
        Whole::NotText | Whole::Utf16 => Err(Failure::Callback(CallbackError::NotUtf8)),
        Whole::TooLarge => Err(Failure::Callback(CallbackError::TooLarge)),
    }
}
