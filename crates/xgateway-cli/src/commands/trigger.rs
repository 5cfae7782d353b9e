//! `xgateway trigger`: lets something happen in a running sandbox, by the ways on which it would come about.

mod card;
mod deposit;
mod kyc;
mod remote;
mod withdrawal;

use serde::Serialize;
use serde_json::{Map, Value};

use self::remote::Remote;
use super::session;
use crate::arguments::{GlobalArguments, TriggerCommand};
use crate::clock;
use crate::console::Console;
use crate::failure::Failure;

pub(super) fn execute(
    command: &TriggerCommand,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let settings = session::settings(global, console)?;
    let remote = Remote::new(&settings)?;
    let made = session::act(async {
        match command {
            TriggerCommand::Card(arguments) => card::trigger(&remote, arguments).await,
            TriggerCommand::Deposit(arguments) => deposit::trigger(&remote, arguments).await,
            TriggerCommand::Kyc(arguments) => kyc::trigger(&remote, arguments).await,
            TriggerCommand::WithdrawFailure(arguments) => {
                withdrawal::trigger(&remote, arguments).await
            }
        }
    })?;
    let made = match remote.moved() {
        0 => made,
        seconds => made.with("clockMovedSeconds", seconds),
    };
    made.show(console)
}

/// An id that nothing has yet. Hexadecimal, as so many decimal digits could be a card number and would be masked.
fn new_id() -> String {
    format!("trigger-{:x}", clock::now().as_millisecond())
}

/// The ids of what has come about, and how it stands.
#[derive(Default, Serialize)]
struct Made {
    ok: bool,
    #[serde(flatten)]
    facts: Map<String, Value>,
}

impl Made {
    fn new() -> Self {
        Self {
            ok: true,
            ..Self::default()
        }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    fn show(&self, console: &mut Console) -> Result<(), Failure> {
        if console.is_json() {
            return console.document(self);
        }
        for (name, value) in &self.facts {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            console.line(format_args!("{name:<17} {text}"))?;
        }
        Ok(())
    }
}
