//! The programs of PostgreSQL on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian;
use crate::failure::Failure;
use crate::process;

/// Where Debian and its kin keep them, by version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// What helps whoever has no server.
const MISSING: &str =
    "no PostgreSQL: run `sudo apt-get install --yes postgresql`, or set DATABASE_URL";

/// A folder with `initdb`, `postgres` and `pg_ctl`, and who may run them.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    folder: PathBuf,
    /// The user to become. PostgreSQL does not run as root.
    user: Option<&'static str>,
}

impl Programs {
    /// Finds the newest installed ones.
    pub(super) fn find() -> Option<Self> {
        let folder = newest(Path::new(DEBIAN)).or_else(on_path)?;
        let user = debian::is_root().then_some("postgres");
        let is_known = |user: &&str| process::succeeds(process::command("id").arg(user));
        Some(Self {
            folder,
            // Debian's package makes the first; the second is everywhere.
            user: user.map(|user| Some(user).filter(is_known).unwrap_or("nobody")),
        })
    }

    /// Installs Debian's package, if this is root on Debian.
    pub(super) fn install() -> Result<Self, Failure> {
        debian::install(&["postgresql"], MISSING)?;
        Self::find().ok_or_else(|| Failure::NotRun {
            reason: MISSING.to_owned(),
        })
    }

    /// One of the programs, to be run as a user that may.
    pub(super) fn command(&self, program: &str) -> Command {
        let program = self.folder.join(program);
        match self.user {
            Some(user) => {
                let mut command = process::command("runuser");
                command.args(["-u", user, "--"]).arg(program);
                command
            }
            None => process::command(program),
        }
    }

    /// Makes a folder that belongs to the user. Says whether the user can reach it.
    pub(super) fn make_folder(&self, folder: &Path) -> bool {
        let Some(user) = self.user else {
            return std::fs::create_dir_all(folder).is_ok();
        };
        let mut install = process::command("install");
        install.args(["-d", "-m", "0700", "-o", user]).arg(folder);
        let mut enter = process::command("runuser");
        enter.args(["-u", user, "--", "test", "-w"]).arg(folder);
        process::succeeds(&mut install) && process::succeeds(&mut enter)
    }
}

/// The folder of programs with the highest version.
fn newest(versions: &Path) -> Option<PathBuf> {
    let version = |folder: &Path| -> Option<u32> { folder.file_name()?.to_str()?.parse().ok() };
    let folders = std::fs::read_dir(versions).ok()?.flatten();
    let folders = folders.map(|entry| entry.path());
    let newest = folders
        .filter(|folder| folder.join("bin/initdb").is_file())
        .max_by_key(|folder| version(folder))?;
    Some(newest.join("bin"))
}

/// Elsewhere `pg_config` tells.
fn on_path() -> Option<PathBuf> {
    let output = process::command("pg_config").arg("--bindir").output();
    let folder = String::from_utf8(output.ok()?.stdout).ok()?;
    let folder = PathBuf::from(folder.trim());
    folder.join("initdb").is_file().then_some(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_taken_by_number() {
        let folder = process::root().join("target").join("postgres-versions");
        for version in ["9", "15", "17", "extras"] {
            let programs = folder.join(version).join("bin");
            std::fs::create_dir_all(&programs).unwrap();
            if version != "17" {
                std::fs::write(programs.join("initdb"), "").unwrap();
            }
        }
        assert_eq!(newest(&folder), Some(folder.join("15/bin")));
        assert_eq!(newest(&folder.join("nowhere")), None);
    }
}
