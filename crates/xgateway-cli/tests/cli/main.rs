//! The real binary, from outside: what it prints where, and with which code it ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod callback;
mod card;
mod channels;
mod database;
mod dead_letter;
mod demo;
mod elsewhere;
mod errors;
mod fixture;
mod gateway;
mod guide;
mod inbox;
mod journal;
#[cfg(unix)]
mod kept;
mod killed;
mod listening;
mod loops;
mod onboard;
mod paid;
mod postgres;
mod printing;
#[cfg(target_os = "linux")]
mod prompt;
#[cfg(unix)]
mod proxy;
#[cfg(unix)]
mod recipe;
mod sandbox;
mod settings;
mod spec;
mod trigger;
mod validate;
