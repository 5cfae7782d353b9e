//! `xgateway callback`.

mod keys;
mod listen;
mod offline;

use crate::arguments::{CallbackCommand, GlobalArguments};
use crate::console::Console;
use crate::failure::Failure;

pub(super) fn execute(
    command: &CallbackCommand,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    match command {
        CallbackCommand::Listen(arguments) => listen::execute(arguments, global, console),
        CallbackCommand::Sign(input) => offline::sign(&input.file, global, console),
        CallbackCommand::Verify(input) => offline::verify(&input.file, global, console),
        CallbackCommand::Explain(input) => offline::explain(&input.file, global, console),
    }
}
