use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum CallbackCommand {
    /// Receive callbacks, store and confirm them, and pass them on.
    Listen(ListenArguments),
    /// Put the right hash into a callback, as the gateway does.
    Sign(CallbackFile),
    /// Check whether a callback is authentic, and say what that proves.
    Verify(CallbackFile),
    /// Find out why the hash of a callback does not match.
    Explain(CallbackFile),
}

#[derive(Args)]
pub(crate) struct ListenArguments {
    /// Where to listen; port 0 takes a free one. Every path takes callbacks.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:4011")]
    pub(crate) listen: SocketAddr,
    /// Keep the callbacks in this SQLite file, which is made if need be, or in the PostgreSQL that the setting
    /// `database_url` names. Without it they are forgotten at the end, which production does not allow.
    #[arg(long, value_name = "FILE|postgres")]
    pub(crate) store: Option<PathBuf>,
    /// Send what is confirmed there, signed anew, until it is answered with success: https, or this machine.
    #[arg(long, value_name = "URL")]
    pub(crate) forward: Option<String>,
    /// Pass nothing on, since what this prints is enough: what is confirmed then counts as done. With --store one of the
    /// two must be said.
    #[arg(long, conflicts_with = "forward")]
    pub(crate) no_forward: bool,
}

#[derive(Args)]
pub(crate) struct CallbackFile {
    /// The body of the callback as JSON; `-` is stdin.
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) file: PathBuf,
}
