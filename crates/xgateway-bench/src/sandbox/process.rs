//! This program once more, as a server in a process of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Outcome;
use crate::clock::Moment;

/// The word that makes this program such a server.
const SERVE: &str = "serve-sandbox";

const HEALTH: &[u8] =
    b"GET /_sandbox/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// Ends when it is dropped.
pub(super) struct Process {
    child: Child,
    pub(super) address: SocketAddr,
    /// From its start to its first answer.
    pub(super) started_in: Duration,
}

impl Process {
    pub(super) fn start() -> Outcome<Self> {
        let begin = Moment::now();
        let mut child = Command::new(std::env::current_exe()?)
            .arg(SERVE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let stdout = child.stdout.take().ok_or("it has no stdout")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address: SocketAddr = line.trim().parse()?;
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(HEALTH)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if !answer.starts_with("HTTP/1.1 200 ") {
            return Err("it does not answer".into());
        }
        Ok(Self {
            child,
            address,
            started_in: begin.elapsed().wall,
        })
    }

    /// What it has in memory now.
    pub(super) fn memory_kib(&self) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|rest| rest.trim().split(' ').next());
        Ok(number.ok_or("its memory is not told")?.parse()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended already cannot be ended again.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
