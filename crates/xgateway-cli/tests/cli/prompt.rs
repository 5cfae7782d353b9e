//! Questions at a terminal.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};
use tokio::runtime::Runtime;
use xgateway::store::{SqliteOptions, SqliteStore};

use crate::fixture::Cli;

/// A terminal at which a command asks.
struct Terminal {
    screen: File,
    name: String,
    shell: Child,
}

impl Terminal {
    fn start(cli: &Cli, arguments: &[&str]) -> Self {
        let screen = File::from(openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap());
        grantpt(&screen).unwrap();
        unlockpt(&screen).unwrap();
        let name = ptsname(&screen, Vec::new()).unwrap();
        let name = name.into_string().unwrap();
        let program = cli.command();
        let shell = Command::new("setsid")
            .args(["--ctty", "--wait", "sh", "-c"])
            // The shell outlives the program: what is on a terminal is lost when its first process ends.
            .arg("trap : INT; \"$0\" \"$@\"; echo \"code $?.\"; read line")
            .arg(program.get_program())
            .args(arguments)
            .current_dir(cli.path(""))
            .env("HOME", cli.path(""))
            .stdin(line(&name))
            .stdout(line(&name))
            .stderr(line(&name))
            .spawn()
            .unwrap();
        Self {
            screen,
            name,
            shell,
        }
    }

    fn echoes(&self) -> bool {
        let mode = tcgetattr(line(&self.name)).unwrap();
        mode.local_modes.contains(LocalModes::ECHO)
    }

    /// Waits for a question whose answer is not shown.
    fn until_hidden(&mut self, question: &str) {
        until(&mut self.screen, question);
        // The question is asked a moment before the terminal is silenced.
        while self.echoes() {
            std::thread::yield_now();
        }
    }

    fn type_in(&mut self, text: &str) {
        self.screen.write_all(text.as_bytes()).unwrap();
    }

    /// Types a key that ends the program with this code, and reads what it says.
    fn ends(mut self, key: &str, code: u8) -> String {
        self.type_in(key);
        let said = until(&mut self.screen, &format!("code {code}."));
        assert!(self.echoes());
        self.type_in("\n");
        assert!(self.shell.wait().unwrap().success());
        said
    }
}

fn line(name: &str) -> File {
    let mut options = File::options();
    options.read(true).write(true).open(name).unwrap()
}

const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";

#[test]
fn a_stopped_question_leaves_a_terminal_that_shows_what_is_typed() {
    let cli = Cli::new().file("request.json", "{}");
    let mut terminal = Terminal::start(&cli, &["card", "deposit", "request.json"]);
    terminal.until_hidden("card number (hidden): ");
    let said = terminal.ends(CTRL_C, 10);
    assert!(
        said.contains(": nothing was sent; you stopped it\r\n"),
        "{said}"
    );
}

#[test]
fn every_question_can_be_stopped_and_an_end_is_no_answer() {
    for (key, words) in [
        (CTRL_C, ": nothing was sent; you stopped it\r\n"),
        (CTRL_D, ": nothing was sent\r\n"),
    ] {
        let cli = Cli::new().file("request.json", "{}");
        let mut terminal = Terminal::start(&cli, &["card", "deposit", "request.json"]);
        terminal.until_hidden("card number (hidden): ");
        terminal.type_in("4\n");
        until(&mut terminal.screen, "name on the card: ");
        let said = terminal.ends(key, 10);
        assert!(said.contains(words), "{said}");
        assert!(!said.contains("month of expiry"), "{said}");
    }
}

/// Those ask while they follow something else.
#[test]
fn a_key_is_asked_for_wherever_it_is_needed() {
    let secret = "Secret key for demo: ";
    for (arguments, question) in [
        (&["card", "resume", "order-1"][..], "API key for demo: "),
        (&["card", "resume"], "API key for demo: "),
        (
            &[
                "card", "resolve", "order-1", "--as", "charged", "--by", "jo", "--note", "case 1",
            ],
            "API key for demo: ",
        ),
        (
            &["callback", "listen", "--store", "inbox.db", "--no-forward"],
            secret,
        ),
    ] {
        let cli = Cli::new().file(
            "xgateway.toml",
            "environment = \"demo\"\njournal = \"j.db\"\n",
        );
        // Without a journal nobody has to be asked.
        Runtime::new().unwrap().block_on(async {
            let options = SqliteOptions::new(cli.path("j.db"));
            SqliteStore::open(options).await.unwrap().close().await;
        });
        let mut terminal = Terminal::start(&cli, arguments);
        terminal.until_hidden(question);
        let said = terminal.ends(CTRL_C, 10);
        assert!(said.contains("nothing was sent; you stopped it"), "{said}");
    }
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
