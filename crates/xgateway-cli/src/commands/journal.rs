//! The journal of the card commands, and its key.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use xgateway::client::Client;
use xgateway::core::secret::scrub;
use xgateway::flows::card::JournalledCards;
use xgateway::store::FingerprintKey;
use zeroize::Zeroizing;

use super::private_file;
use super::store::{self, Place, Store};
use super::view::printable;
use crate::arguments::AccountArguments;
use crate::failure::Failure;
use crate::settings::{Settings, SettingsError};
use crate::small_file;

/// Bytes of a key: as many as a fingerprint key must have.
const KEY_BYTES: usize = 32;

/// An open journal, and what makes its fingerprints.
pub(super) struct OpenJournal {
    store: Store,
    key: FingerprintKey,
}

/// What is where the journal should be.
pub(super) struct Existing {
    /// The file, or the word for PostgreSQL.
    place: String,
    /// None if nothing was ever written there.
    journal: Option<OpenJournal>,
}

/// The same for programs, beside what it holds.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Named<'a> {
    journal: &'a str,
    journal_exists: bool,
}

impl Existing {
    /// Splits it into its name and itself.
    pub(super) fn split(&mut self) -> (Named<'_>, Option<OpenJournal>) {
        let journal = self.journal.take();
        let named = Named {
            journal: &self.place,
            journal_exists: journal.is_some(),
        };
        (named, journal)
    }
}

impl Named<'_> {
    /// That nothing is open there, for people, who can see whether it is the one that they mean.
    pub(super) fn holds_nothing_open(self) -> String {
        if self.journal_exists {
            format!("nothing is open in the journal {}", self.journal)
        } else {
            format!(
                "there is no journal yet at {}: nothing was sent by a command with these settings",
                self.journal
            )
        }
    }

    /// That it knows nothing of an order, which says something only if it is there.
    pub(super) fn knows_nothing_of(self, order: &str) -> Failure {
        // What no journal holds may be anything, a card number that was typed by mistake for one.
        let order_id = scrub(&printable(order)).into_owned();
        let journal = self.journal.to_owned();
        if self.journal_exists {
            Failure::UnknownOrder { order_id, journal }
        } else {
            Failure::NoJournal { order_id, journal }
        }
    }
}

impl OpenJournal {
    /// Opens the journal of the settings, and makes what is missing.
    pub(super) async fn open(settings: &Settings) -> Result<Self, Failure> {
        let key = key(settings)?;
        let store = if let Some(named) = &settings.journal {
            Store::open(Place::parse(named)?, settings).await?
        } else {
            let path = settings.usual_journal()?;
            make_folder_of(&path)?;
            Store::open(Place::File(&path), settings).await?
        };
        Ok(Self { store, key })
    }

    /// Opens the journal for somebody who looks. It need not be there if it is the usual one; that one which was named is
    /// missing is a failure, since its name may be mistyped.
    pub(super) async fn open_existing(settings: &Settings) -> Result<Existing, Failure> {
        let file = match &settings.journal {
            Some(named) => match Place::parse(named)? {
                Place::File(path) => path.to_owned(),
                Place::Postgres => {
                    return Ok(Existing {
                        place: Place::POSTGRES.to_owned(),
                        journal: Some(Self {
                            store: store::postgres(settings, true).await?,
                            key: key(settings)?,
                        }),
                    });
                }
            },
            None => settings.usual_journal()?,
        };
        // Somebody else's folder may be that from which this is told.
        let place = std::path::absolute(&file).unwrap_or_else(|_| file.clone());
        let place = place.display().to_string();
        // One that cannot be seen is not one that is not there, nor is a link that leads nowhere.
        let is_missing =
            fs::symlink_metadata(&file).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        if is_missing && settings.journal.is_none() {
            return Ok(Existing {
                place,
                journal: None,
            });
        }
        let store = store::sqlite_file(&file).await?;
        let key = key(settings)?;
        Ok(Existing {
            place,
            journal: Some(Self { store, key }),
        })
    }

    /// Splits it into what follows card deposits, and what must be closed at the end.
    pub(super) fn cards(
        self,
        client: Client,
        account: AccountArguments,
    ) -> (JournalledCards, Store) {
        let journal = self.store.journal();
        let cards = JournalledCards::new(client, journal, self.key);
        let cards = if account.same_account {
            cards.with_same_account()
        } else {
            cards
        };
        (cards, self.store)
    }

    /// The store alone, for whoever only reads it.
    pub(super) fn store(self) -> Store {
        self.store
    }
}

/// The key of the fingerprints, made at its first use.
fn key(settings: &Settings) -> Result<FingerprintKey, Failure> {
    let path = if let Some(path) = &settings.journal_key_file {
        path.clone()
    } else {
        let path = Settings::usual_journal_key()?;
        make_folder_of(&path)?;
        path
    };
    let bytes = match small_file::bytes(&path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_key(&path).map_err(|error| failure("make", &path, error))?;
            // Another process may have been faster: all must use the same one.
            Zeroizing::new(small_file::bytes(&path).map_err(|error| failure("read", &path, error))?)
        }
        Err(error) => return Err(failure("read", &path, error)),
    };
    FingerprintKey::new(&bytes).map_err(|source| SettingsError::JournalKey { path, source }.into())
}

/// Makes a key that is whole or not there, whenever this process ends.
fn make_key(path: &Path) -> io::Result<()> {
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
fn make_folder_of(path: &Path) -> Result<(), Failure> {
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
