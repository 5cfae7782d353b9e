//! The receivers' processes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::book::Place;
use super::gateway::Gateway;
use super::{memory, this_program};
use crate::Outcome;

/// Receivers over one database.
pub(super) struct Fleet {
    seed: u64,
    api: String,
    place: Place,
    members: Vec<Member>,
}

struct Member {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    url: String,
    is_alive: bool,
}

impl Fleet {
    pub(super) fn start(
        count: usize,
        seed: u64,
        gateway: &Gateway,
        place: &Place,
    ) -> Outcome<Self> {
        let mut fleet = Self {
            seed,
            api: gateway.api(),
            place: place.clone(),
            members: Vec::new(),
        };
        for _ in 0..count.max(1) {
            let member = fleet.member()?;
            fleet.members.push(member);
        }
        Ok(fleet)
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// Where callbacks go, in turn. A dead receiver keeps its address, as behind a load balancer that has not noticed.
    pub(super) fn url(&self, turn: u64) -> &str {
        let index = usize::try_from(turn).unwrap_or_default() % self.members.len();
        &self.members[index].url
    }

    /// Kills a receiver as a power cut does: SIGKILL.
    pub(super) fn kill(&mut self, index: usize) -> Outcome<()> {
        let member = &mut self.members[index];
        member.child.kill()?;
        member.child.wait()?;
        member.is_alive = false;
        Ok(())
    }

    /// Starts those that are dead.
    pub(super) fn revive(&mut self) -> Outcome<()> {
        for index in 0..self.members.len() {
            if !self.members[index].is_alive {
                self.members[index] = self.member()?;
            }
        }
        Ok(())
    }

    /// The resident memory of the last receiver, which is never killed while there are others.
    pub(super) fn resident_kib(&self) -> Option<u64> {
        memory::resident_kib(self.members.last()?.child.id())
    }

    /// Waits until nothing is left to be done, and says how many callbacks were given up.
    pub(super) fn drain(&mut self) -> Outcome<u64> {
        self.revive()?;
        let member = &mut self.members[0];
        writeln!(member.stdin, "drain")?;
        Ok(line(&mut member.stdout)?.parse()?)
    }

    /// Ends them all.
    pub(super) fn stop(self) {
        drop(self);
    }

    fn member(&self) -> Outcome<Member> {
        let mut command = Command::new(this_program()?);
        command
            .args(["soak-receiver", "--gateway", &self.api])
            .args(["--seed", &self.seed.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        match &self.place {
            Place::Sqlite(file) => command.arg("--file").arg(file).env_remove("DATABASE_URL"),
            // Not as an argument: it may hold a password.
            Place::Postgres(url) => command.env("DATABASE_URL", url),
        };
        let mut child = command.spawn()?;
        let stdin = child.stdin.take().ok_or("no stdin")?;
        let mut stdout = BufReader::new(child.stdout.take().ok_or("no stdout")?);
        let url = line(&mut stdout)?;
        Ok(Member {
            child,
            stdin,
            stdout,
            url,
            is_alive: true,
        })
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        // One that has ended already cannot be ended again.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(stdout: &mut BufReader<ChildStdout>) -> Outcome<String> {
    let mut line = String::new();
    if stdout.read_line(&mut line)? == 0 {
        return Err("a receiver ended before its time".into());
    }
    Ok(line.trim_end().to_owned())
}
