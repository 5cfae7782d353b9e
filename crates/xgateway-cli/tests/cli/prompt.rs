//! Questions at a terminal.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::Command;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::fixture::Cli;

#[test]
fn a_stopped_question_leaves_a_terminal_that_shows_what_is_typed() {
    let mut terminal = File::from(openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap());
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let line = || {
        File::options()
            .read(true)
            .write(true)
            .open(name.to_str().unwrap())
            .unwrap()
    };
    let echoes = || {
        tcgetattr(line())
            .unwrap()
            .local_modes
            .contains(LocalModes::ECHO)
    };
    assert!(echoes());

    let cli = Cli::new().file("request.json", "{}");
    let program = cli.command();
    let mut shell = Command::new("setsid")
        .args(["--ctty", "--wait", "sh", "-c"])
        // The shell outlives the program: what is on a terminal is lost when its first process ends.
        .arg("trap : INT; \"$0\" \"$@\"; echo \"code $?.\"; read line")
        .arg(program.get_program())
        .args(["card", "deposit", "request.json"])
        .current_dir(cli.path(""))
        .env("HOME", cli.path(""))
        .stdin(line())
        .stdout(line())
        .stderr(line())
        .spawn()
        .unwrap();
    until(&mut terminal, "card number (hidden): ");
    // The question is asked a moment before the terminal is silenced.
    while echoes() {
        std::thread::yield_now();
    }
    terminal.write_all(b"\x03").unwrap();
    let said = until(&mut terminal, "code 10.");
    assert!(said.contains("you stopped it; nothing was sent"), "{said}");
    assert!(echoes());
    terminal.write_all(b"\n").unwrap();
    assert!(shell.wait().unwrap().success());
}

/// Reads until `wanted` is on the screen.
fn until(terminal: &mut File, wanted: &str) -> String {
    let mut screen = Vec::new();
    let mut byte = [0];
    loop {
        terminal.read_exact(&mut byte).unwrap();
        screen.extend(byte);
        let text = String::from_utf8_lossy(&screen);
        if text.ends_with(wanted) {
            return text.into_owned();
        }
    }
}
