//! From what a database says to our errors.

use std::io;

use sqlx::migrate::MigrateError;

use crate::error::{StoreError, StoreErrorKind};

/// What the codes of a database mean.
pub(crate) type KindOfCode = fn(&str) -> StoreErrorKind;

/// Turns an error of a statement of ours into ours. Only texts that cannot hold what is stored are kept.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "not ours, and it grows: what is new is refused as unknown"
)]
pub(crate) fn failure(error: &sqlx::Error, kind_of_code: KindOfCode) -> StoreError {
    match error {
        sqlx::Error::Database(error) => {
            let kind = kind_of_code(error.code().as_deref().unwrap_or_default());
            StoreError::with_cause(kind, error.message())
        }
        sqlx::Error::Io(error) => {
            StoreError::with_cause(StoreErrorKind::Unavailable, cause_of(error))
        }
        sqlx::Error::Tls(_) => StoreError::with_cause(
            StoreErrorKind::Unavailable,
            "no secure connection can be made",
        ),
        sqlx::Error::PoolTimedOut => StoreError::with_cause(
            StoreErrorKind::Unavailable,
            "no connection became free in time",
        ),
        sqlx::Error::PoolClosed => StoreErrorKind::Closed.into(),
        sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) | sqlx::Error::BeginFailed => {
            StoreErrorKind::Unavailable.into()
        }
        // May quote the address, and with it a password.
        sqlx::Error::Configuration(_) | sqlx::Error::ConfigFile(_) => {
            StoreErrorKind::Configuration.into()
        }
        sqlx::Error::RowNotFound
        | sqlx::Error::TypeNotFound { .. }
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_) => StoreErrorKind::Corrupt.into(),
        _ => StoreErrorKind::Database.into(),
    }
}

/// What the system says, without a text that could quote anything. That a name leads nowhere has no kind of its own.
fn cause_of(error: &io::Error) -> String {
    let is_lookup = error
        .to_string()
        .starts_with("failed to lookup address information");
    if is_lookup {
        "nobody knows its host by that name".to_owned()
    } else {
        error.kind().to_string()
    }
}

/// Turns an error of the migrations into ours.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "not ours, and it grows: what is new is refused as unknown"
)]
pub(crate) fn migration_failure(error: &MigrateError, kind_of_code: KindOfCode) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            failure(error, kind_of_code)
        }
        MigrateError::VersionMissing(version) => StoreError::with_cause(
            StoreErrorKind::NewerSchema,
            format!("its tables are of version {version}, unknown here"),
        ),
        MigrateError::VersionMismatch(version) => StoreError::with_cause(
            StoreErrorKind::Configuration,
            format!("version {version} of its tables was made by other statements"),
        ),
        error => StoreError::with_cause(StoreErrorKind::Configuration, error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_name_leads_to_is_told_without_the_name() {
        let lookup = "failed to lookup address information: Name or service not known";
        for (error, want) in [
            (
                io::Error::other(lookup),
                "nobody knows its host by that name",
            ),
            (
                io::ErrorKind::ConnectionRefused.into(),
                "connection refused",
            ),
            (io::Error::other("canary"), "other error"),
        ] {
            assert_eq!(cause_of(&error), want);
        }
    }
}
