//! The commands, one module each.

mod account;
mod address;
mod balance;
mod callback;
mod card;
mod config;
mod demo;
mod inbox;
mod input;
mod invoice;
mod journal;
mod kyc;
mod onboard;
mod private_file;
mod rate;
mod sandbox;
mod session;
mod spec;
mod store;
mod stray;
pub(crate) mod to_sandbox;
mod transaction;
mod trigger;
mod validate;
mod view;

use crate::arguments::{
    AccountCommand, CardCommand, Command, ConfigCommand, GlobalArguments, InvoiceCommand,
    KycCommand, TransactionCommand,
};
use crate::console::Console;
use crate::failure::Failure;

pub(crate) fn execute(
    command: Command,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    match command {
        Command::Demo(arguments) => demo::execute(&arguments, console),
        Command::Sandbox(arguments) => sandbox::execute(&arguments, global, console),
        Command::Trigger(command) => trigger::execute(&command, global, console),
        Command::Card(CardCommand::Deposit(arguments)) => {
            card::deposit(&arguments, global, console)
        }
        Command::Card(CardCommand::Resume(arguments)) => card::resume(&arguments, global, console),
        Command::Card(CardCommand::Status(arguments)) => card::status(&arguments, global, console),
        Command::Card(CardCommand::Resolve(arguments)) => {
            card::resolve(&arguments, global, console)
        }
        Command::Invoice(InvoiceCommand::Get { id }) => invoice::get(&id, global, console),
        Command::Transaction(TransactionCommand::Get { id }) => {
            transaction::get(&id, global, console)
        }
        Command::Transaction(TransactionCommand::Simulate(arguments)) => {
            transaction::simulate(&arguments, global, console)
        }
        Command::Transaction(TransactionCommand::Watch(arguments)) => {
            transaction::watch::execute(&arguments, global, console)
        }
        Command::Address(arguments) => address::execute(&arguments, global, console),
        Command::Rate(arguments) => rate::execute(&arguments, global, console),
        Command::Balance(arguments) => balance::execute(&arguments, global, console),
        Command::Onboard(command) => onboard::execute(&command, global, console),
        Command::Kyc(KycCommand::Status(arguments)) => {
            kyc::status(&arguments.customer, global, console)
        }
        Command::Kyc(KycCommand::Watch(arguments)) => kyc::watch(&arguments, global, console),
        Command::Account(AccountCommand::List(arguments)) => {
            account::list(&arguments.customer, global, console)
        }
        Command::Callback(command) => callback::execute(&command, global, console),
        Command::Inbox(command) => inbox::execute(&command, global, console),
        Command::Validate(arguments) => validate::execute(&arguments, global, console),
        Command::Spec(arguments) => spec::execute(&arguments, console),
        Command::Config(ConfigCommand::Show) => config::show(global, console),
    }
}
