use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _};

use super::Arguments;
use crate::exit::Exit;
use crate::failure::Failure;

/// What became of the command line.
pub(crate) enum Read {
    /// A command.
    Command(Box<Arguments>),
    /// A text that was asked for: help or the version.
    Text(String),
}

/// Reads the command line.
///
/// Clap's own messages repeat what was typed, which could be a key or a card number, so we write our own.
pub(crate) fn read(arguments: Vec<OsString>) -> Result<Read, Failure> {
    let command = with_negative_numbers(Arguments::command()).after_help(Exit::table());
    let typed = typed(&command, &arguments);
    let result = command
        .try_get_matches_from(arguments)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let error = match result {
        Ok(arguments) => return Ok(Read::Command(Box::new(arguments))),
        Err(error) => error,
    };
    let kind = error.kind();
    if matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return Ok(Read::Text(error.render().ansi().to_string()));
    }
    if matches!(
        kind,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand
    ) {
        let help = match begun(&error.render().to_string()).as_str() {
            "xgateway" => {
                "`xgateway --help` lists them; `xgateway demo` is a good start".to_owned()
            }
            begun => format!("`{begun} --help` lists them"),
        };
        return Err(Failure::usage("a command is missing", help));
    }
    Err(Failure::usage(
        message(kind, &error),
        hint(kind, &error, &typed),
    ))
}

/// The names of the command that was typed, as far as there is one. The value of an option names none: there is an environment
/// that is called as a command is.
fn typed(command: &clap::Command, arguments: &[OsString]) -> String {
    let takes_value = |argument: &OsString| {
        let long = argument.to_str().and_then(|it| it.strip_prefix("--"));
        let option = command
            .get_arguments()
            .find(|it| it.get_long().is_some() && it.get_long() == long);
        option.is_some_and(|it| it.get_action().takes_values())
    };
    let mut names = vec![command.get_name()];
    let mut below = command;
    let mut is_value = false;
    for argument in arguments.iter().skip(1) {
        if std::mem::replace(&mut is_value, takes_value(argument)) {
            continue;
        }
        if let Some(found) = below.find_subcommand(argument) {
            names.push(found.get_name());
            below = found;
        }
    }
    names.join(" ")
}

/// The command that was begun, by the help that clap shows of it.
fn begun(help: &str) -> String {
    let usage = help.split("Usage: ").nth(1).unwrap_or_default();
    let names = usage.split_whitespace();
    let names = names.take_while(|name| !name.starts_with(['[', '<']));
    names.collect::<Vec<_>>().join(" ")
}

/// Lets `-1` be a value, so that what reads it can say what is wrong with it.
fn with_negative_numbers(command: clap::Command) -> clap::Command {
    command
        .mut_args(|argument| {
            let takes_value = argument.get_action().takes_values();
            argument.allow_negative_numbers(takes_value)
        })
        .mut_subcommands(with_negative_numbers)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "clap's kinds grow, and most of them cannot happen here"
)]
fn message(kind: ErrorKind, error: &clap::Error) -> String {
    let name = context(error, ContextKind::InvalidArg).unwrap_or_default();
    match kind {
        ErrorKind::UnknownArgument => match shown(&name).filter(|name| name.starts_with('-')) {
            Some(name) => format!("there is no option {name}"),
            None => "there is an argument too many".to_owned(),
        },
        ErrorKind::InvalidSubcommand => {
            let name = context(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            match shown(&name) {
                Some(name) if name.starts_with('-') => format!("{name} cannot stand here"),
                Some(name) => format!("there is no command `{name}`"),
                None => "there is no such command".to_owned(),
            }
        }
        ErrorKind::MissingRequiredArgument if name.contains(", ") => format!("{name} are missing"),
        ErrorKind::MissingRequiredArgument => format!("{name} is missing"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = context(error, ContextKind::ValidValue);
            match valid.filter(|valid| !valid.is_empty()) {
                Some(valid) => format!("the value of {name} is none of {valid}"),
                None => format!("the value of {name} must be {}", expected(&name, error)),
            }
        }
        ErrorKind::ArgumentConflict => match context(error, ContextKind::PriorArg) {
            Some(prior) if prior == name => format!("{name} is given twice"),
            Some(prior) => format!("{name} and {prior} exclude each other"),
            None => format!("{name} cannot stand where it does"),
        },
        ErrorKind::NoEquals
        | ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues => format!("{name} has a wrong number of values"),
        ErrorKind::InvalidUtf8 => "an argument is not valid Unicode".to_owned(),
        _ => "the command line cannot be read".to_owned(),
    }
}

/// What a value must be, told from the name that stands for it in the help. What was typed is not repeated.
fn expected(argument: &str, error: &clap::Error) -> String {
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    let range = cause.rsplit_once(" is not in ").map(|(_, range)| range);
    // What reads a date has words of its own for its parts.
    if let Some(range) = range.filter(|range| range.starts_with(|it: char| it.is_ascii_digit())) {
        return format!("a whole number from {}", range.replace("..=", " to "));
    }
    let name = argument
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map_or("", |(name, _)| name);
    match name {
        "ADDR:PORT" => "an IP address and a port, such as 127.0.0.1:4010".to_owned(),
        "DATE" => "a date, such as 2026-11-26".to_owned(),
        "AMOUNT" | "EURO" => "an amount, such as 10.50".to_owned(),
        // It names the part that is wrong, with what could be a card number masked.
        "ACCOUNT" => format!("an account ({cause})"),
        "FILE" | "DIR" => "a name, and not an empty text".to_owned(),
        "NUMBER" | "SECONDS" | "PERCENT" | "BYTES" | "ID" => {
            "a whole number from 0 on, and not too large".to_owned()
        }
        choice if choice.contains('|') => choice.replace('|', " or "),
        _ => "something else, or is missing".to_owned(),
    }
}

fn hint(kind: ErrorKind, error: &clap::Error, typed: &str) -> String {
    let name = context(error, ContextKind::InvalidArg).unwrap_or_default();
    if kind == ErrorKind::UnknownArgument {
        let name = name.to_lowercase();
        let holds = |words: &[&str]| name.split(['-', '_']).any(|part| words.contains(&part));
        if holds(&["key", "apikey", "secret", "token", "password"]) {
            return "keys are never given on the command line: set XGATEWAY_API_KEY or use \
                    --api-key-file; for callbacks set XGATEWAY_SECRET_KEY"
                .to_owned();
        }
        if holds(&["card", "pan", "cvc", "cvv", "security", "expiry", "number"]) {
            return "card data are never given on the command line: use a file, stdin or the prompt"
                .to_owned();
        }
    }
    for suggestion in [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ] {
        if let Some(text) = context(error, suggestion) {
            return format!("did you mean {text}?");
        }
    }
    match context(error, ContextKind::Usage) {
        Some(usage) if kind == ErrorKind::ArgumentConflict => {
            format!("leave one out; see `{} --help`", command_of(&usage))
        }
        Some(usage) => {
            let (line, command) = (usage_line(&usage), command_of(&usage));
            format!("it is `{line}`; see `{command} --help`")
        }
        None => format!("see `{typed} --help`"),
    }
}

/// How a command is used. Clap makes this text of what it knows of the command, and of nothing that was typed.
fn usage_line(usage: &str) -> &str {
    // A command with commands below it is used in two ways, and its help tells the second.
    let usage = usage.lines().next().unwrap_or_default();
    usage.trim_start_matches("Usage:").trim()
}

/// The names of the command at the beginning of how it is used.
fn command_of(usage: &str) -> String {
    let is_name = |word: &&str| !word.starts_with(['[', '<', '-']);
    let names: Vec<_> = usage_line(usage).split(' ').take_while(is_name).collect();
    names.join(" ")
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "only what holds text can be told"
)]
fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}

/// What was typed, if it looks like an option or a command and not like a value.
fn shown(text: &str) -> Option<&str> {
    const CHARS_MAX: usize = 30;

    let text = text.split('=').next().unwrap_or_default();
    let is_word = text.len() <= CHARS_MAX
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_word.then_some(text)
}
