//! The versions of the tables.

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::error::{StoreError, StoreErrorKind};

/// What each version has brought, from the first on.
const VERSIONS: [&str; 6] = [
    "inbox and journal",
    "open intents by order",
    "where intents were sent",
    "one of a subject is held",
    "narrow work",
    "whose inbox",
];

/// What finds out which version the tables are of.
pub(crate) const FOUND: &str = "SELECT max(version) FROM xgateway_migration WHERE success";

/// Brings the tables up to date with a database's own statements for each version.
pub(crate) fn migrator(statements: [&'static str; VERSIONS.len()]) -> Migrator {
    let versions = (1..).zip(VERSIONS).zip(statements);
    let migrations = versions.map(|((version, description), statements)| {
        let statements = statements.into_sql_str();
        Migration::new(
            version,
            description.into(),
            MigrationType::Simple,
            statements,
            false,
        )
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // The merchant's own tables may live in the same database, with migrations of their own.
    migrator.dangerous_set_table_name("xgateway_migration");
    migrator
}

/// For whoever only wants what is there: another process may be at work with these tables, and must not find them changed.
pub(crate) fn must_be_current(found: Option<i64>) -> Result<(), StoreError> {
    let current = i64::try_from(VERSIONS.len()).expect("a few");
    let found = found.unwrap_or_default();
    let kind = match found.cmp(&current) {
        std::cmp::Ordering::Less => StoreErrorKind::OlderSchema,
        std::cmp::Ordering::Equal => return Ok(()),
        std::cmp::Ordering::Greater => StoreErrorKind::NewerSchema,
    };
    let cause = format!("its tables are of version {found}, and {current} is wanted");
    Err(StoreError::with_cause(kind, cause))
}
