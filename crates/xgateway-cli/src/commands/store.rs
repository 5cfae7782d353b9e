//! The store that `--store` or `--journal` names: a SQLite file, or a PostgreSQL.

use std::error::Error as _;
use std::io;
use std::path::Path;
use std::sync::Arc;

use xgateway::store::{
    PostgresOptions, PostgresStore, SharedInbox, SharedJournal, SqliteOptions, SqliteStore,
    StoreErrorKind,
};

use super::{input, session};
use crate::arguments::GlobalArguments;
use crate::console::Console;
use crate::failure::Failure;
use crate::settings::{POSTGRES, Settings, SettingsError};

/// An open store.
pub(super) enum Store {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

/// What `--store` or `--journal` means.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    File(&'a Path),
    Postgres,
}

impl<'a> Place<'a> {
    /// The word of PostgreSQL; everything else is a file, `./postgres` for one.
    pub(super) const POSTGRES: &'static str = POSTGRES;

    pub(super) fn parse(text: &'a Path) -> Result<Self, Failure> {
        let holds = |part: &str| text.to_string_lossy().contains(part);
        if text == Path::new(Self::POSTGRES) {
            Ok(Self::Postgres)
        } else if holds("://") {
            // Not repeated: it may hold a password.
            Err(Failure::usage(
                "--store and --journal take a file or the word `postgres`, and no address: every user of this machine \
                 can read what stands on the command line",
                "put the address into XGATEWAY_DATABASE_URL, or into a file that XGATEWAY_DATABASE_URL_FILE \
                 names; if it held a password, treat that as known to others",
            ))
        } else {
            Ok(Self::File(text))
        }
    }
}

impl Store {
    /// Opens what is there already, or makes it.
    pub(super) async fn open(place: Place<'_>, settings: &Settings) -> Result<Self, Failure> {
        match place {
            Place::File(path) => sqlite(path, false).await,
            Place::Postgres => postgres(settings, false).await,
        }
    }

    /// Opens what is there already, for a person who looks: a mistyped name must not make anything. The settings are
    /// read only if they are needed.
    pub(super) async fn open_existing(
        store: &Path,
        global: &GlobalArguments,
        console: &mut Console,
    ) -> Result<Self, Failure> {
        match Place::parse(store)? {
            Place::File(path) => sqlite_file(path).await,
            Place::Postgres => postgres(&session::settings(global, console)?, true).await,
        }
    }

    pub(super) fn inbox(&self) -> SharedInbox {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
            Self::Postgres(store) => Arc::new(store.clone()),
        }
    }

    pub(super) fn journal(&self) -> SharedJournal {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
            Self::Postgres(store) => Arc::new(store.clone()),
        }
    }

    pub(super) async fn close(self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

/// A file that must be there and hold a store: whoever looks changes nothing, least of all another program's file.
pub(super) async fn sqlite_file(path: &Path) -> Result<Store, Failure> {
    input::must_have_folder(path, &format!("open the store in {}", path.display()))?;
    input::must_be_file(path)?;
    sqlite(path, true).await
}

async fn sqlite(path: &Path, must_exist: bool) -> Result<Store, Failure> {
    // The database's own words for either name neither.
    input::must_have_folder(path, &format!("open the store in {}", path.display()))?;
    if path.is_dir() {
        return Err(input::failure(path, io::ErrorKind::IsADirectory.into()));
    }
    let mut options = SqliteOptions::new(path);
    options.must_exist = must_exist;
    SqliteStore::open(options)
        .await
        .map(Store::Sqlite)
        .map_err(|error| Failure::System {
            action: format!("open the store in {}", path.display()),
            hint: file_hint(error.kind()).map(str::to_owned),
            source: error.into(),
        })
}

/// The store in the database of the settings, whose tables are made unless they must be there.
pub(super) async fn postgres(settings: &Settings, must_exist: bool) -> Result<Store, Failure> {
    let url = settings
        .database_url
        .as_ref()
        .ok_or(SettingsError::NoDatabaseUrl)?;
    let mut options = PostgresOptions::new(url.expose());
    options.must_exist = must_exist;
    PostgresStore::open(options)
        .await
        .map(Store::Postgres)
        .map_err(|error| {
            // What is wrong with the tables comes with what the database said.
            if error.kind() == StoreErrorKind::Configuration && error.source().is_none() {
                return SettingsError::DatabaseUrl.into();
            }
            Failure::System {
                action: "open the store in the PostgreSQL that `database_url` names".to_owned(),
                hint: hint(error.kind()).map(str::to_owned),
                source: error.into(),
            }
        })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what else may be wrong, the database says itself"
)]
fn file_hint(kind: StoreErrorKind) -> Option<&'static str> {
    match kind {
        StoreErrorKind::NotFound => {
            Some("name the file that `callback listen --store` or the card commands have made")
        }
        StoreErrorKind::Unavailable => Some("is the disk full, or read-only?"),
        StoreErrorKind::Configuration => {
            Some("may this user read and write it, and its folder? is it a database at all?")
        }
        _ => None,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what else may be wrong, the database says itself"
)]
fn hint(kind: StoreErrorKind) -> Option<&'static str> {
    match kind {
        StoreErrorKind::Unavailable => Some(
            "is it running, and is its host and port right? if `sslmode` asks for TLS, has it a certificate for that \
             host? what of @ : / ? # % stands in user or password must be percent-encoded",
        ),
        StoreErrorKind::Configuration => Some(
            "are user, password and database right, and may that user make tables there, or read those that it has?",
        ),
        StoreErrorKind::NotFound => Some(
            "nothing was ever stored there: is it the right database? `xgateway callback listen --store postgres` makes an \
             inbox, and `xgateway card deposit --journal postgres` a journal",
        ),
        _ => None,
    }
}
