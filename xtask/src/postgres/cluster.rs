//! A server on loopback that lives as long as a value.

use std::io::{self, BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use super::programs::Programs;
use crate::failure::Failure;
use crate::process;

/// A running server with its data. Both go with this value, and also when this process is killed.
#[derive(Debug)]
pub(super) struct Cluster {
    programs: Programs,
    folder: PathBuf,
    port: u16,
    server: Child,
    /// Stops the server and takes its data away when its stdin ends.
    guard: Child,
}

impl Cluster {
    /// Makes a cluster and starts it: on loopback alone, with nothing to keep others of this machine out.
    pub(super) fn start(programs: &Programs) -> Result<Self, Failure> {
        let folder = make_folder(programs)?;
        let data = folder.join("data");
        let mut initdb = programs.command("initdb");
        initdb.arg("--pgdata").arg(&data).args([
            "--auth=trust",
            "--username=xgateway",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        initdb.stdout(Stdio::null());
        process::run(&mut initdb)?;
        let port = free_port().map_err(|source| start_failure("a free port", source))?;
        let mut command = programs.command("postgres");
        command
            .arg("-D")
            .arg(&data)
            .args(["-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories="])
            .args(["-c", "max_connections=200"])
            .arg("-p")
            .arg(port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut server = command
            .spawn()
            .map_err(|source| start_failure("postgres", source))?;
        let stderr = server.stderr.take().expect("it is piped");
        let guard = guard(programs, &folder)?;
        let cluster = Self {
            programs: programs.clone(),
            folder,
            port,
            server,
            guard,
        };
        wait_until_ready(stderr)?;
        Ok(cluster)
    }

    /// The command that crashes the server and starts it again.
    pub(super) fn restart(&self) -> Command {
        let mut restart = self.programs.command("pg_ctl");
        restart
            .args(["restart", "--wait", "--mode=immediate", "--log=/dev/null"])
            .arg("--pgdata")
            .arg(self.folder.join("data"));
        restart
    }

    pub(super) fn url(&self) -> String {
        format!("postgres://xgateway@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
        // If it never got as far as to be stopped in its own way.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A process that waits for our end, however that comes: the pipe to it breaks even if we are killed.
fn guard(programs: &Programs, folder: &Path) -> Result<Child, Failure> {
    let mut stop = programs.command("pg_ctl");
    stop.args(["stop", "--wait", "--mode=immediate", "--pgdata"])
        .arg(folder.join("data"));
    let mut guard = process::command("sh");
    guard
        .args(["-c", r#"read -r _; "$@"; rm -rf "$0""#])
        .arg(folder)
        .arg(stop.get_program())
        .args(stop.get_args())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    outlive_ctrl_c(&mut guard);
    guard
        .spawn()
        .map_err(|source| start_failure("the guard of postgres", source))
}

/// Ctrl-C goes to every process of the terminal's group, and would end the guard before it has done its duty.
#[cfg(unix)]
fn outlive_ctrl_c(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;

    command.process_group(0);
}

#[cfg(not(unix))]
fn outlive_ctrl_c(_: &mut Command) {}

/// A folder in `target`, or among temporary files if the server's user cannot get there.
fn make_folder(programs: &Programs) -> Result<PathBuf, Failure> {
    let name = format!("xgateway-postgres-{}", std::process::id());
    let candidates = [process::root().join("target"), std::env::temp_dir()];
    let folders = candidates.iter().map(|parent| parent.join(&name));
    let folder = folders
        .into_iter()
        .find(|folder| programs.make_folder(folder) || discard(folder));
    folder.ok_or_else(|| Failure::NotRun {
        reason: "no folder for a throwaway PostgreSQL; set DATABASE_URL".to_owned(),
    })
}

/// Takes an unreachable folder away again.
fn discard(folder: &Path) -> bool {
    let _ = std::fs::remove_dir(folder);
    false
}

fn free_port() -> io::Result<u16> {
    // Given back at once: another may take it first, and then the start fails and says so.
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Reads what the server says until it is ready, and lets a thread read the rest.
fn wait_until_ready(stderr: ChildStderr) -> Result<(), Failure> {
    let mut lines = BufReader::new(stderr).lines();
    let mut said = Vec::new();
    for line in lines.by_ref().map_while(Result::ok) {
        if line.contains("database system is ready to accept connections") {
            std::thread::spawn(move || {
                // Failed statements are what tests are about: nobody wants to read of each.
                for line in lines.map_while(Result::ok) {
                    drop(line);
                }
            });
            return Ok(());
        }
        said.push(line);
    }
    Err(start_failure("postgres", io::Error::other(said.join("; "))))
}

fn start_failure(what: &str, source: io::Error) -> Failure {
    Failure::Start {
        command: what.to_owned(),
        source,
    }
}
