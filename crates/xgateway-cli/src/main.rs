//! The command `xgateway`. Everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    xgateway_cli::run(std::env::args_os())
}
