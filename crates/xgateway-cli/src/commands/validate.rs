//! `xgateway validate`: request bodies against the rules, without sending anything.

mod envelope;
mod lines;

use std::io::Write as _;

use jiff::civil::Date;
use xgateway::api::deposit::CardDeposit;
use xgateway::api::json;
use xgateway::api::operation::Operation;
use xgateway::api::operations::{self, CREATE_CARD_DEPOSIT};
use xgateway::api::policy::CardPolicy;
use xgateway::core::rules::Schema;

use super::input::{self, Whole};
use super::stray;
use crate::arguments::{GlobalArguments, ValidateArguments};
use crate::clock;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::settings::Settings;
use envelope::Verdict;

pub(super) fn execute(
    arguments: &ValidateArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let checker = Checker::new(arguments, global)?;
    if arguments.ndjson {
        return lines::execute(&checker, &arguments.file, console);
    }
    let whole = input::read(&arguments.file, checker.bytes_max)?;
    let verdict = match &whole {
        Whole::Text(text) => {
            stray::warn(checker.schema, text.expose(), console);
            checker.check(text.expose().as_bytes())
        }
        Whole::NotText => Verdict::NotText,
        Whole::Utf16 => Verdict::Marked,
        Whole::TooLarge => Verdict::TooLarge(checker.bytes_max),
    };
    let mut out = Console::bulk();
    verdict
        .write(&mut out)
        .and_then(|()| out.flush())
        .map_err(Failure::output)?;
    if verdict.is_valid() {
        Ok(())
    } else {
        Err(Failure::Reported(Exit::Invalid))
    }
}

/// What some editors write before a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The rules of one operation, and our policy if it was asked for.
struct Checker {
    schema: &'static Schema,
    bytes_max: usize,
    policy: Option<CardPolicy>,
}

impl Checker {
    fn new(arguments: &ValidateArguments, global: &GlobalArguments) -> Result<Self, Failure> {
        let operation = operation(&arguments.operation)?;
        let Some(schema) = operation.body else {
            return Err(Failure::usage(
                format!("{} takes no body", operation.name),
                format!("operations with a body: {}", names(true)),
            ));
        };
        let policy = arguments
            .policy
            .then(|| policy(operation, arguments.date, global))
            .transpose()?;
        Ok(Self {
            schema,
            bytes_max: operation.body_bytes_max,
            policy,
        })
    }

    fn check(&self, text: &[u8]) -> Verdict {
        if text.len() > self.bytes_max {
            return Verdict::TooLarge(self.bytes_max);
        }
        if text.trim_ascii().is_empty() {
            return Verdict::Empty { line: 1 };
        }
        if text.starts_with(BYTE_ORDER_MARK) {
            return Verdict::Marked;
        }
        let result = match &self.policy {
            Some(policy) => CardDeposit::from_json(text, policy).map(drop),
            None => json::check(self.schema, text),
        };
        Verdict::from(result)
    }
}

fn policy(
    operation: &Operation,
    date: Option<Date>,
    global: &GlobalArguments,
) -> Result<CardPolicy, Failure> {
    if operation.name != CREATE_CARD_DEPOSIT.name {
        return Err(Failure::usage(
            format!("our policy says nothing about {}", operation.name),
            format!(
                "leave --policy out, or validate {}",
                CREATE_CARD_DEPOSIT.name
            ),
        ));
    }
    let settings = Settings::read(&global.flags())?;
    let date = date.unwrap_or_else(clock::today);
    Ok(CardPolicy::new(&settings.environment, date))
}

fn operation(name: &str) -> Result<&'static Operation, Failure> {
    let found = operations::ALL
        .iter()
        .find(|operation| [operation.name, operation.id, operation.path].contains(&name));
    found.copied().ok_or_else(|| {
        Failure::usage(
            "there is no such operation",
            format!("operations with a body: {}", names(true)),
        )
    })
}

fn names(with_body: bool) -> String {
    let names: Vec<_> = operations::ALL
        .iter()
        .filter(|operation| operation.body.is_some() == with_body)
        .map(|operation| operation.name)
        .collect();
    names.join(", ")
}
