//! The command line of XGateway.
//!
//! [`run`] is the whole of it; the binary only calls it. What each command does stands in `docs/guides/command-line.md`.
//!
//! Data go to stdout, words for people to stderr. The process ends with one of the codes of [`Exit`]. No output shows
//! a card number, a security code, a key or a personal datum; the one exception are the play keys of a sandbox, which
//! `xgateway sandbox` hands out.

mod arguments;
mod clock;
mod commands;
mod console;
mod exit;
mod failure;
mod listening;
mod logging;
mod prompt;
mod settings;
mod shell;
mod signals;
mod small_file;
mod style;

pub use exit::Exit;

use std::ffi::OsString;
use std::process::ExitCode;

use anstream::ColorChoice;
use serde::Serialize;

use arguments::Read;
use console::Console;
use failure::Failure;

/// Runs one command: `arguments` are the program's name and what follows it.
///
/// ```
/// use std::process::ExitCode;
///
/// assert_eq!(xgateway_cli::run(["xgateway".into(), "--version".into()]), ExitCode::SUCCESS);
/// ```
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<_> = arguments.into_iter().collect();
    // Before the command line is understood: an error in it must be told in JSON, too.
    let wants_json = arguments
        .iter()
        .any(|argument| argument == "--json" || argument.to_string_lossy().starts_with("--json="));
    let mut console = Console::new(wants_json, ColorChoice::Auto);
    let outcome = execute(arguments, &mut console);
    let exit = match &outcome {
        Ok(()) => Exit::Success,
        Err(failure) => {
            failure::report(failure, &mut console);
            failure.exit()
        }
    };
    ExitCode::from(exit.code())
}

/// Help or the version, for a program.
#[derive(Serialize)]
struct Asked {
    ok: bool,
    text: String,
}

impl Asked {
    fn new(text: &str) -> Self {
        Self {
            ok: true,
            text: anstream::adapter::strip_str(text.trim_end()).to_string(),
        }
    }
}

fn execute(arguments: Vec<OsString>, console: &mut Console) -> Result<(), Failure> {
    arguments::screen(&arguments)?;
    let arguments = match arguments::read(arguments)? {
        Read::Command(arguments) => *arguments,
        Read::Text(text) if console.is_json() => return console.document(&Asked::new(&text)),
        Read::Text(text) => return console.line(text.trim_end()),
    };
    let global = arguments.global;
    *console = Console::new(global.json, global.color.choice());
    logging::start(global.verbose, console.colors_errors());
    commands::execute(arguments.command, &global, console)
}
