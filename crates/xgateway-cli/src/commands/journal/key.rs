//! The key of the journal's fingerprints.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use xgateway::store::{FingerprintKey, SharedJournal, StoreError};
use zeroize::Zeroizing;

use crate::commands::private_file;
use crate::failure::Failure;
use crate::settings::{Settings, SettingsError};
use crate::small_file;

/// Bytes of a key: as many as a fingerprint key must have.
const KEY_BYTES: usize = 32;

/// The key of a journal, made at its first use. One that is missing later is lost, or not here: with a new one what the
/// journal holds would look like another account's, and each key would have a part of the orders.
pub(super) async fn of(
    journal: &SharedJournal,
    settings: &Settings,
) -> Result<FingerprintKey, Failure> {
    let path = match &settings.journal_key_file {
        Some(path) => path.clone(),
        None => Settings::usual_journal_key()?,
    };
    let mut bytes = read(&path)?;
    if bytes.is_none() {
        let is_in_use = holds_intents(journal)
            .await
            .map_err(|error| Failure::system("read the journal", error))?;
        if !is_in_use {
            if settings.journal_key_file.is_none() {
                make_folder_of(&path)?;
            }
            make(&path).map_err(|error| failure("make", &path, error))?;
        }
        // Another process may have been faster: all must use the same one.
        bytes = read(&path)?;
    }
    let Some(bytes) = bytes else {
        return Err(SettingsError::NoJournalKey { path }.into());
    };
    FingerprintKey::new(&bytes).map_err(|source| SettingsError::JournalKey { path, source }.into())
}

async fn holds_intents(journal: &SharedJournal) -> Result<bool, StoreError> {
    let is_open = !journal
        .open_intents(Timestamp::MAX, None, 1)
        .await?
        .is_empty();
    Ok(is_open
        || !journal.ended_intents(Timestamp::MIN, 1).await?.is_empty()
        || !journal.unreadable(1).await?.is_empty())
}

fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    match small_file::bytes(path) {
        Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
        Err(_) if small_file::is_absent(path) => Ok(None),
        Err(error) => Err(failure("read", path, error)),
    }
}

/// Makes a key that is whole or not there, whenever this process ends.
fn make(path: &Path) -> io::Result<()> {
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    getrandom::fill(&mut *bytes).map_err(io::Error::from)?;
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", std::process::id()));
    let draft = PathBuf::from(draft);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    let mut file = private_file::open(options, &draft)?;
    file.write_all(&*bytes)?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        // Intents must not outlive the key, also if another process has made it just now.
        Ok(()) | Err(_) => private_file::sync_folder_of(path),
    }
}

/// Makes the folder of a file, for its owner only.
pub(super) fn make_folder_of(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| failure("make", folder, error))
}

fn failure(
    verb: &str,
    path: &Path,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Failure {
    Failure::system(format!("{verb} {}", path.display()), source)
}
