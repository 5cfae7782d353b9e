use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use xgateway::flows::onboarding::Keep;

use crate::commands::{input, private_file};
use crate::failure::Failure;
use crate::small_file;

/// Where an onboarding is kept. Nobody else may read it, and after a crash it holds what it held before or after.
///
/// Whoever has one is the only process that goes on with that onboarding.
pub(super) struct StateFile {
    path: PathBuf,
    /// The system lets go of it when this process ends, whatever ends it.
    _lock: File,
}

impl StateFile {
    /// Makes the file. One that is there already is another onboarding, or this one, begun before.
    pub(super) fn create(path: &Path, snapshot: &str) -> Result<Self, Failure> {
        if path.is_dir() {
            return Err(input::failure(path, io::ErrorKind::IsADirectory.into()));
        }
        let file = Self::lock(path)?;
        if path.exists() {
            return Err(Failure::usage(
                "there is an onboarding in the state file already",
                "`xgateway onboard resume` goes on with it; name another file for another one",
            ));
        }
        file.replace(snapshot)?;
        Ok(file)
    }

    /// Takes up what the file holds.
    pub(super) fn take_up(path: &Path) -> Result<(Self, String), Failure> {
        // A lock beside a file that is not there would be litter.
        read(path)?;
        let file = Self::lock(path)?;
        let snapshot = read(path)?;
        Ok((file, snapshot))
    }

    /// A file of its own is locked: the state's is another one after each step, and a folder holds many.
    fn lock(path: &Path) -> Result<Self, Failure> {
        let cannot = |error| Failure::system("lock the state of the onboarding", error);
        let write = format!("write the state of the onboarding to {}", path.display());
        input::must_have_folder(path, &write)?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let beside = beside(path, ".lock");
        let lock =
            private_file::open(options, &beside).map_err(|error| Failure::system(write, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(Failure::AtWork),
            Err(TryLockError::Error(error)) => Err(cannot(error)),
        }
    }

    fn replace(&self, snapshot: &str) -> Result<(), Failure> {
        self.try_replace(snapshot)
            .map_err(|error| Failure::system("keep the state of the onboarding", error))
    }

    fn try_replace(&self, snapshot: &str) -> io::Result<()> {
        let new = beside(&self.path, ".new");
        // One that was left by a process that was killed.
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let mut file = private_file::open(options, &new)?;
        file.write_all(snapshot.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        private_file::sync_folder_of(&self.path)
    }
}

/// What a state file holds, whoever has it.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    small_file::text(path).map_err(|error| input::failure(path, error))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(ending);
    PathBuf::from(name)
}

#[async_trait]
impl Keep for StateFile {
    type Error = Failure;

    async fn keep(&mut self, snapshot: &str) -> Result<(), Failure> {
        self.replace(snapshot)
    }
}
