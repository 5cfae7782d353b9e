//! Runs the binary in a folder of its own, without settings from outside.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What must never be printed: each is in the requests and settings that the tests use.
pub(crate) const CANARIES: &[&str] = &[
    "4000 0000 0000 0002",
    "4000000000000002",
    "4000000000000408",
    "0000 0000 0408",
    "\"737\"",
    " 737",
    "canary-api-key",
    "canary.person@example.com",
    "Quincunx",
    "Zephyrine",
    "15123456789",
    "1987-06-05",
    "Canary Lane",
];

/// A valid request of the test card that needs no person.
pub(crate) fn body(order_id: &str) -> String {
    format!(
        r#"{{"amount":25.00,"baseCurrency":"EUR","orderId":"{order_id}",
"accountId":"a67ec03c-0253-4c14-9961-28985186f90c","customerId":"customer-1",
"customerDateOfBirth":"1987-06-05","customerEmail":"canary.person@example.com",
"customerFirstName":"Zephyrine","customerLastName":"Quincunx","customerPhone":"49 15123456789",
"userIp":"217.138.202.40",
"billingAddress":{{"addressLine1":"Canary Lane 1","city":"Prague","countryCode":"CZ","postalCode":"15000","state":"Praha"}},
"card":{{"cardNumber":"4000 0000 0000 0002","cardholderName":"Zephyrine Quincunx","expiryMonth":"12","expiryYear":"2099","cardSecurityCode":"737"}}}}"#
    )
}

/// How often a command is run before something has gone wrong: a minute at least.
const RUNS_MAX: u32 = 3000;

/// What ends what is in doubt as soon as that can be: a grace is never shorter than the call.
pub(crate) const AT_ONCE: [&str; 4] = ["--grace-seconds", "0", "--deposit-timeout-seconds", "1"];

/// A folder, and the binary in it.
pub(crate) struct Cli {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Cli {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            variables: Vec::new(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.path(name), text).unwrap();
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xgateway"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            // Where the journal and its key go.
            .env("HOME", self.folder.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command().args(arguments).output().unwrap())
    }

    /// Runs it until it ends with this code, as it does once a second or so is over.
    #[track_caller]
    pub(crate) fn run_until(&self, arguments: &[&str], code: i32) -> Outcome {
        let mut runs = (0..RUNS_MAX).map(|_| self.run(arguments));
        let found = runs.find(|outcome| outcome.code == code);
        found.expect("it ends so, sooner or later")
    }

    pub(crate) fn run_with(&self, arguments: &[&str], stdin: &[u8]) -> Outcome {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let stdin = stdin.to_owned();
        let writer = std::thread::spawn(move || {
            // The process may end before it has read everything.
            let _ = pipe.write_all(&stdin);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Outcome::of(output)
    }
}

/// How a run ended. That nothing leaked has been checked.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    #[track_caller]
    fn of(output: Output) -> Self {
        let outcome = Self {
            code: output.status.code().expect("ended by itself"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        for canary in CANARIES {
            assert!(
                !outcome.stdout.contains(canary) && !outcome.stderr.contains(canary),
                "{canary:?} leaked:\n{}\n{}",
                outcome.stdout,
                outcome.stderr
            );
        }
        outcome
    }

    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Stdout as the one JSON document that it must be.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "{}", self.stdout);
        serde_json::from_str(&self.stdout).expect("one JSON document")
    }

    #[track_caller]
    pub(crate) fn says(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "{part:?} in {}", self.stderr);
        self
    }
}
