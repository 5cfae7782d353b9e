use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use xgateway::flows::onboarding::Keep;

use crate::failure::Failure;

/// Where an onboarding is kept. Nobody else may read it, and after a crash it holds what it held before or after.
pub(super) struct StateFile {
    path: PathBuf,
}

impl StateFile {
    pub(super) fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// Makes the file. One that is there already is another onboarding, or this one, begun before.
    pub(super) fn create(&self, snapshot: &str) -> Result<(), Failure> {
        if self.path.exists() {
            return Err(Failure::usage(
                "there is an onboarding in the state file already",
                "`xgateway onboard resume` goes on with it; name another file for another one",
            ));
        }
        self.replace(snapshot)
    }

    pub(super) fn read(&self) -> Result<String, Failure> {
        fs::read_to_string(&self.path).map_err(|source| Failure::File {
            path: self.path.clone(),
            source,
        })
    }

    fn replace(&self, snapshot: &str) -> Result<(), Failure> {
        self.try_replace(snapshot)
            .map_err(|error| Failure::system("keep the state of the onboarding", error))
    }

    fn try_replace(&self, snapshot: &str) -> io::Result<()> {
        let mut name = self.path.clone().into_os_string();
        name.push(".new");
        let new = PathBuf::from(name);
        // One that was left by a process that was killed.
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let mut file = private(&new)?;
        file.write_all(snapshot.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        // The name is safe only when the folder is.
        let folder = self.path.parent().filter(|it| !it.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

/// A new file for this user's eyes only.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[async_trait]
impl Keep for StateFile {
    type Error = Failure;

    async fn keep(&mut self, snapshot: &str) -> Result<(), Failure> {
        self.replace(snapshot)
    }
}
