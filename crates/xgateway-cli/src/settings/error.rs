use std::io;
use std::path::PathBuf;

use xgateway::api::environment::BaseUrlError;
use xgateway::api::path::PathError;
use xgateway::callback::KeyRingError;
use xgateway::core::secret::KeyError;
use xgateway::store::FingerprintKeyError;

use super::{Key, Origin};

/// Why the settings cannot be used. No value is repeated: it could be a secret in the wrong place.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("cannot read the settings in {}", .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("the settings in {} are not valid TOML{place}", .path.display())]
    Syntax { path: PathBuf, place: String },
    #[error("{} has no setting `{key}`", .path.display())]
    UnknownKey { path: PathBuf, key: String },
    #[error("`paths` in {} must be a table of operations and their paths", .path.display())]
    NoPaths { path: PathBuf },
    #[error("a path of the settings cannot be used")]
    Path { source: PathError },
    #[error("the value of {names} in the environment is not valid Unicode")]
    Unicode { names: String },
    #[error("`{key}` from {origin} must be {expected}")]
    Wrong {
        key: &'static str,
        origin: Origin,
        expected: &'static str,
    },
    #[error("`url` leads nowhere safe")]
    Url { source: BaseUrlError },
    #[error("`url` is set, but the environment `{name}` has a URL of its own")]
    UrlOfFixed { name: String },
    #[error("both `{key}` and `{file}` are set in the same place")]
    Twice {
        key: &'static str,
        file: &'static str,
    },
    // Without the path: whoever mistakes one setting for the other puts the key itself there.
    #[error("cannot read the file that `{key}` from {origin} names")]
    Secret {
        key: &'static str,
        origin: Origin,
        source: io::Error,
    },
    #[error("`{key}` is no key")]
    Key { key: &'static str, source: KeyError },
    #[error("`{key}` has quotes around it")]
    Quoted { key: &'static str },
    #[error("there is no API key for {environment}")]
    NoApiKey { environment: String },
    #[error("there is no secret key for {environment}")]
    NoSecretKey { environment: String },
    #[error("`postgres` as a store or a journal needs the address of a database")]
    NoDatabaseUrl,
    // Without what the parser says: it may quote the address, and with it a password.
    #[error("`database_url` cannot be used as the address of a PostgreSQL")]
    DatabaseUrl,
    #[error("the store holds the callbacks of another environment than {environment}")]
    OtherInbox { environment: String },
    #[error("the key of the journal cannot be used: {}", .path.display())]
    JournalKey {
        path: PathBuf,
        source: FingerprintKeyError,
    },
    #[error("the journal holds orders, and its key is not there: {}", .path.display())]
    NoJournalKey { path: PathBuf },
    #[error("there is no folder for the {what}")]
    NoFolder { what: &'static str },
    #[error("`previous_secret_key` cannot stand beside `secret_key`")]
    KeyRing { source: KeyRingError },
}

impl SettingsError {
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { .. } => {
                let names: Vec<_> = Key::ALL.iter().map(|key| key.name()).collect();
                Some(format!("the settings are {}", names.join(", ")))
            }
            Self::UrlOfFixed { .. } => {
                Some("set `environment = \"sandbox\"`, or remove `url`".to_owned())
            }
            Self::Twice { .. } => Some("keep one of them".to_owned()),
            Self::NoApiKey { .. } => Some(
                "set XGATEWAY_API_KEY, or name a file that holds it with --api-key-file or \
                 XGATEWAY_API_KEY_FILE"
                    .to_owned(),
            ),
            Self::NoSecretKey { .. } => Some(
                "set XGATEWAY_SECRET_KEY, or name a file that holds it with `secret_key_file` in the \
                 settings or XGATEWAY_SECRET_KEY_FILE"
                    .to_owned(),
            ),
            Self::NoDatabaseUrl => Some(
                "set XGATEWAY_DATABASE_URL, or name a file that holds it with `database_url_file` in \
                 the settings or XGATEWAY_DATABASE_URL_FILE; never on the command line, since it may \
                 hold a password"
                    .to_owned(),
            ),
            Self::DatabaseUrl => Some(
                "write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, with `?sslmode=verify-full` \
                 beyond this machine; what of @ : / ? # % stands in USER or PASSWORD must be percent-encoded, as %40 for @"
                    .to_owned(),
            ),
            Self::OtherInbox { .. } => Some(
                "compare --environment and --store with those of the first receiver on this store; each environment \
                 needs a file, a database or a schema of its own"
                    .to_owned(),
            ),
            Self::JournalKey { .. } => Some(
                "give the file that the journal was made with; with another key it takes every order that \
                 is repeated for another one"
                    .to_owned(),
            ),
            Self::NoJournalKey { .. } => Some(
                "copy the key there from where the journal was made, or name it with `journal_key_file` or \
                 XGATEWAY_JOURNAL_KEY_FILE; if it is lost for good, put 32 random bytes there: then what was begun \
                 before needs --same-account"
                    .to_owned(),
            ),
            Self::NoFolder { .. } => Some(
                "set HOME, or say where with --journal and XGATEWAY_JOURNAL_KEY_FILE".to_owned(),
            ),
            Self::Key { .. } | Self::Quoted { .. } => Some(
                "give it as it was given to you, without quotes, blanks or line breaks around it".to_owned(),
            ),
            Self::Syntax { .. } => Some(
                "a line is `setting = value`, and a text stands in quotes: environment = \"demo\"".to_owned(),
            ),
            Self::Url { .. } => Some(
                "write it as http://127.0.0.1:4010 on this machine, and beyond it as https://HOST".to_owned(),
            ),
            Self::File { .. }
            | Self::NoPaths { .. }
            | Self::Path { .. }
            | Self::Unicode { .. }
            | Self::Wrong { .. }
            | Self::Secret { .. }
            | Self::KeyRing { .. } => None,
        }
    }
}
