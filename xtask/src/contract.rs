//! `cargo xtask contract`: a public contract tester against the sandbox, from the OpenAPI document that it serves.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use crate::console;
use crate::failure::Failure;
use crate::process;
use crate::python;

/// The tester as pip names it, and the version that everybody uses.
const PACKAGE: &str = "schemathesis";
const VERSION: &str = "4.32.5";

/// What it may and may not complain of, beside its own defaults.
const CONFIGURATION: &str = "xtask/contract/schemathesis.toml";

/// How it tries.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The most requests that are made up for each operation.
    #[arg(long, default_value_t = EXAMPLES)]
    examples: u32,
}

/// As many as a run of half a minute takes.
const EXAMPLES: u32 = 40;

impl Default for Arguments {
    fn default() -> Self {
        Self { examples: EXAMPLES }
    }
}

/// Serves a sandbox and lets the tester try it, with all its checks on.
///
/// # Errors
///
/// [`Failure::NotRun`] without Python 3 or the tester, [`Failure::Command`] if the sandbox breaks the document.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let python = python::with(PACKAGE, VERSION, "schemathesis")?;
    process::run(&mut process::cargo(["build", "-p", "xgateway-cli"]))?;
    let served = Served::start()?;
    let document = format!("{}/openapi.json", served.url);
    let header = format!("x-api-key: {}", served.key);
    let mut tester = process::command(python);
    tester.args(["-m", "schemathesis.cli", "--config-file", CONFIGURATION]);
    tester.args(["run", &document, "-H", &header]);
    tester.args(["--url", &format!("{}/api", served.url)]);
    // The same requests in every run, so that a failure is nobody's bad luck.
    tester.args(["--checks", "all", "--generation-deterministic"]);
    tester.args(["-n", &arguments.examples.to_string(), "--no-color"]);
    process::run(&mut tester)
}

/// A sandbox in a process of its own, which ends with this value.
struct Served {
    child: Child,
    url: String,
    key: String,
}

impl Served {
    fn start() -> Result<Self, Failure> {
        let program = process::root().join("target/debug/xgateway");
        let mut command = process::command(program);
        command.args(["sandbox", "--json", "--listen", "127.0.0.1:0"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|source| Failure::Start {
            command: "xgateway sandbox".to_owned(),
            source,
        })?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            // An empty line is no JSON, which is told below.
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        let start: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let text = |key: &str| start[key].as_str().unwrap_or_default().to_owned();
        let served = Self {
            child,
            url: text("url"),
            key: text("apiKey"),
        };
        console::say(&format!("contract: a sandbox at {}", served.url));
        Ok(served)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that has ended already cannot be ended again.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
