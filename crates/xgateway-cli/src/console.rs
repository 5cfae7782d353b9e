//! Where output goes: data to stdout, words for people to stderr.

use std::fmt;
use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use serde::Serialize;
use xgateway::api::environment::Environment;
use xgateway::core::secret::{MASK, PersonalText};

use crate::failure::Failure;

/// The two output streams of the process.
pub(crate) struct Console {
    is_json: bool,
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    hidden: Vec<PersonalText>,
    /// Where the settings lead to, once that is known.
    asks: Option<Environment>,
}

impl Console {
    /// Colours go where a terminal is, unless `color` says otherwise.
    pub(crate) fn new(is_json: bool, color: ColorChoice) -> Self {
        Self {
            is_json,
            out: AutoStream::new(io::stdout(), color),
            err: AutoStream::new(io::stderr(), color),
            hidden: Vec::new(),
            asks: None,
        }
    }

    /// Another one over the same streams, for a thread. It hides nothing.
    pub(crate) fn of_its_own(&self) -> Self {
        Self {
            is_json: self.is_json,
            out: AutoStream::new(io::stdout(), self.out.current_choice()),
            err: AutoStream::new(io::stderr(), self.err.current_choice()),
            hidden: Vec::new(),
            asks: self.asks.clone(),
        }
    }

    /// Remembers personal data, so that words of others can be [cleared](Self::clear) of them.
    pub(crate) fn hide(&mut self, texts: Vec<PersonalText>) {
        self.hidden = texts;
    }

    /// Remembers where the settings lead to: who cannot be reached there must be named.
    pub(crate) fn note_environment(&mut self, environment: &Environment) {
        self.asks = Some(environment.clone());
    }

    /// The URL to which the settings lead.
    pub(crate) fn asked_url(&self) -> Option<&str> {
        self.asks.as_ref().map(Environment::base_url)
    }

    /// Whether the settings lead to a sandbox.
    pub(crate) fn is_in_sandbox(&self) -> bool {
        matches!(self.asks, Some(Environment::Sandbox(_)))
    }

    /// Words of others, without the personal data and without control characters, which could steer a terminal.
    pub(crate) fn clear(&self, words: &str) -> String {
        // A text of one or two letters would be found in the middle of any word.
        const BYTES_MIN: usize = 3;
        // A security code or a year would be found in the middle of any number.
        const NUMBER_BYTES_MAX: usize = 4;

        let mut clear = words.to_owned();
        for text in &self.hidden {
            let text = text.expose();
            if text.len() < BYTES_MIN {
                continue;
            }
            clear = if text.len() <= NUMBER_BYTES_MAX && text.bytes().all(|it| it.is_ascii_digit())
            {
                without_number(&clear, text)
            } else {
                clear.replace(text, MASK)
            };
        }
        clear.replace(char::is_control, " ")
    }

    /// Whether stdout is for a program.
    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    /// Writes a line of data. What would change the direction of what follows is shown as `\u{202e}`.
    pub(crate) fn line(&mut self, line: impl fmt::Display) -> Result<(), Failure> {
        let line = in_order(line.to_string(), |character| {
            character.escape_unicode().to_string()
        });
        self.raw_line(&line)
    }

    fn raw_line(&mut self, line: &str) -> Result<(), Failure> {
        writeln!(self.out, "{line}")
            .and_then(|()| self.out.flush())
            .map_err(Failure::output)
    }

    /// Writes one JSON document, on a line of its own.
    pub(crate) fn document(&mut self, document: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string(document)
            .expect("our documents have text keys and hold no failing values");
        // They stand in texts alone, where JSON has an escape for each.
        let text = in_order(text, |character| format!("\\u{:04x}", u32::from(character)));
        self.raw_line(&text)
    }

    /// Stdout for much data, in large pieces. The caller flushes.
    pub(crate) fn bulk() -> BufWriter<StdoutLock<'static>> {
        BufWriter::with_capacity(64 << 10, io::stdout().lock())
    }

    /// Tells a person something.
    pub(crate) fn note(&mut self, line: impl fmt::Display) {
        let line = in_order(line.to_string(), |character| {
            character.escape_unicode().to_string()
        });
        // Nobody is left to tell when the reader of stderr went away.
        let _ = writeln!(self.err, "{line}");
    }

    /// Whether stderr shows colours.
    pub(crate) fn colors_errors(&self) -> bool {
        self.err.current_choice() != ColorChoice::Never
    }

    /// Whether somebody sits there who can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        !self.is_json && io::stdin().is_terminal() && io::stderr().is_terminal()
    }
}

/// A text without this number where it stands alone.
fn without_number(text: &str, number: &str) -> String {
    let mut clear = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(number) {
        let (before, behind) = (&rest[..at], &rest[at + number.len()..]);
        let continues = |it: char| it.is_ascii_alphanumeric();
        let is_alone = !before.ends_with(continues) && !behind.starts_with(continues);
        clear.push_str(before);
        clear.push_str(if is_alone { MASK } else { number });
        rest = behind;
    }
    clear.push_str(rest);
    clear
}

/// A text that reads in the order of its characters: an id may hold what makes a terminal show it in another one, so that
/// it looks like another id.
fn in_order(text: String, escape: impl Fn(char) -> String) -> String {
    let turns = |character: char| {
        matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
    };
    if !text.contains(turns) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if turns(character) {
            out.push_str(&escape(character));
        } else {
            out.push(character);
        }
    }
    out
}
