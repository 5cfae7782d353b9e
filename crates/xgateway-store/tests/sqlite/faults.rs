//! Files: modes, versions, locks, full disks.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;
use xgateway_store::{
    Accepted, Claim, ContentDigest, EffectKey, EntryState, EventKey, Inbox as _, Journal as _,
    Kind, NewEntry, Outcome, SqliteOptions, SqliteStore, StoreErrorKind,
};

use super::{open, options, reopen};

/// Another process, as far as SQLite can tell.
pub(super) async fn connect(folder: &TempDir) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(options(folder).path)
        .connect()
        .await
        .unwrap()
}

fn entry(subject: &str, payload: Vec<u8>) -> NewEntry {
    let key = EventKey::new(Kind::Transaction, subject, "confirmed").unwrap();
    NewEntry::new(
        key,
        ContentDigest::of(&["10"]),
        payload,
        Timestamp::UNIX_EPOCH,
    )
    .unwrap()
}

/// A store that has little room, a claim in it, and the key of an effect.
async fn claimed_on_a_small_disk(folder: &TempDir) -> (SqliteStore, Claim, EffectKey) {
    let mut small = options(folder);
    small.page_count_max = Some(40);
    let store = SqliteStore::open(small).await.unwrap();
    store.accept(entry("t", b"{}".to_vec())).await.unwrap();
    let lease = Duration::from_secs(30);
    let mut claims = store.claim(Timestamp::UNIX_EPOCH, lease, 1).await.unwrap();
    let key = EffectKey::parse("credit:t").unwrap();
    (store, claims.pop().unwrap(), key)
}

async fn execute(folder: &TempDir, sql: &'static str) {
    let mut other = connect(folder).await;
    sqlx::query(sql).execute(&mut other).await.unwrap();
}

#[tokio::test]
async fn what_was_stored_is_there_after_a_restart() {
    let (store, folder) = open().await;
    let first = store.accept(entry("t", b"{}".to_vec())).await.unwrap();
    store.close().await;
    let closed = store.accept(entry("u", b"{}".to_vec())).await;
    assert_eq!(closed.unwrap_err().kind(), StoreErrorKind::Closed);
    let store = reopen(&folder).await;
    let second = store.accept(entry("t", b"{}".to_vec())).await.unwrap();
    assert_eq!(second, Accepted::Duplicate(first.id()));
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_make_the_tables_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let open = async || SqliteStore::open(options(&folder)).await.unwrap();
        let (a, b, c) = tokio::join!(open(), open(), open());
        let first = a.accept(entry("t", b"{}".to_vec())).await.unwrap();
        for store in [b, c] {
            let second = store.accept(entry("t", b"{}".to_vec())).await.unwrap();
            assert_eq!(second, Accepted::Duplicate(first.id()));
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn others_cannot_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;

    let (store, folder) = open().await;
    store.accept(entry("t", b"{}".to_vec())).await.unwrap();
    let mut count = 0;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        count += 1;
    }
    assert_eq!(count, 3, "the database, its log and the log's index");
}

#[tokio::test]
async fn every_commit_waits_for_the_disk() {
    let (store, _folder) = open().await;
    store.accept(entry("t", b"{}".to_vec())).await.unwrap();
    let (now, lease) = (Timestamp::UNIX_EPOCH, Duration::from_secs(30));
    let claim = store.claim(now, lease, 1).await.unwrap().pop().unwrap();
    let key = EffectKey::parse("credit:t").unwrap();
    let mut effect = store.apply(&claim, &key, now).await.unwrap().unwrap();
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(effect.connection())
        .await
        .unwrap();
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(effect.connection())
        .await
        .unwrap();
    assert_eq!((synchronous, journal.as_str()), (2, "wal"), "2 is FULL");
}

#[tokio::test]
async fn tables_of_a_newer_version_are_refused() {
    let (store, folder) = open().await;
    store.close().await;
    execute(
        &folder,
        "INSERT INTO xgateway_migration (version, description, success, checksum, execution_time)
         VALUES (999, 'from the future', TRUE, x'00', 0)",
    )
    .await;
    let error = SqliteStore::open(options(&folder)).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NewerSchema);
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "its tables are of version 999, unknown here");
}

/// A person who looks into the file of a receiver that runs must not change its tables under it.
#[tokio::test]
async fn tables_of_an_older_version_are_left_as_they_are_by_whoever_only_looks() {
    let (store, folder) = open().await;
    store.close().await;
    let mut options = options(&folder);
    options.must_exist = true;
    let store = SqliteStore::open(options.clone()).await.unwrap();
    store.close().await;
    for (change, kind) in [
        (
            "DELETE FROM xgateway_migration WHERE version = 6",
            StoreErrorKind::OlderSchema,
        ),
        (
            "UPDATE xgateway_migration SET version = 7 WHERE version = 3",
            StoreErrorKind::NewerSchema,
        ),
    ] {
        execute(&folder, change).await;
        let error = SqliteStore::open(options.clone()).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

#[tokio::test]
async fn intents_of_an_older_version_go_on_and_were_sent_nobody_knows_where() {
    let (store, folder) = open().await;
    store.close().await;
    for sql in [
        "ALTER TABLE xgateway_journal DROP COLUMN environment",
        "ALTER TABLE xgateway_journal DROP COLUMN account",
        "DELETE FROM xgateway_migration WHERE version = 3",
        "INSERT INTO xgateway_journal (gateway_order, round, operation, fingerprint, begun_ms, state)
         VALUES ('order-1', 1, 'gateway8', '', 0, 0)",
    ] {
        execute(&folder, sql).await;
    }
    let store = reopen(&folder).await;
    let open = store.open_intents(Timestamp::UNIX_EPOCH, None, 9).await;
    let open = open.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].destination, None);
    let finished = store.finish(
        open[0].sighting(),
        Outcome::Declined,
        None,
        Timestamp::UNIX_EPOCH,
    );
    finished.await.unwrap();
}

#[tokio::test]
async fn migrations_of_the_merchant_are_none_of_ours() {
    let (store, folder) = open().await;
    store.close().await;
    execute(&folder, "CREATE TABLE _sqlx_migrations (version INTEGER)").await;
    execute(&folder, "INSERT INTO _sqlx_migrations VALUES (999)").await;
    reopen(&folder).await;
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(options(&folder).path, "a letter to a friend ".repeat(500)).unwrap();
    let error = SqliteStore::open(options(&folder)).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Configuration);

    let nowhere = SqliteOptions::new(folder.path().join("no such folder").join("store.db"));
    let error = SqliteStore::open(nowhere).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Configuration);
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_ends_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mut small = options(&folder);
    small.page_count_max = Some(60);
    let store = SqliteStore::open(small).await.unwrap();
    let mut kept = Vec::new();
    let error = loop {
        let subject = format!("t{}", kept.len());
        match store.accept(entry(&subject, vec![b'x'; 8000])).await {
            Ok(accepted) => kept.push((subject, accepted.id())),
            Err(error) => break error,
        }
        assert!(kept.len() < 60, "60 pages hold less");
    };
    assert_eq!(error.kind(), StoreErrorKind::DiskFull);
    assert!(error.is_transient());
    // Still full, and still answering: also the ends of entries, which need little.
    let again = store.accept(entry("again", vec![b'x'; 8000])).await;
    assert_eq!(again.unwrap_err().kind(), StoreErrorKind::DiskFull);
    store.close().await;

    let store = reopen(&folder).await;
    for (subject, id) in &kept {
        let entry = store.show(*id).await.unwrap().unwrap();
        assert_eq!(entry.key.subject(), subject);
        assert_eq!(entry.payload.as_bytes(), vec![b'x'; 8000]);
    }
    let counts = store.counts().await.unwrap();
    assert_eq!(counts.open, u64::try_from(kept.len()).unwrap());
    store
        .accept(entry("again", vec![b'x'; 8000]))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_effect_on_a_full_disk_leaves_the_entry_open() {
    let folder = tempfile::tempdir().unwrap();
    let (store, claim, key) = claimed_on_a_small_disk(&folder).await;
    let now = Timestamp::UNIX_EPOCH;
    let mut effect = store.apply(&claim, &key, now).await.unwrap().unwrap();
    let large = sqlx::query("CREATE TABLE large AS SELECT zeroblob(1000000) AS bytes");
    // Overlooked. SQLite has undone the transaction by now, perhaps all of it.
    assert!(large.execute(effect.connection()).await.is_err());
    let applied = effect.commit().await;
    let entry = store.show(claim.entry().id).await.unwrap().unwrap();
    let is_done = entry.state == EntryState::Done;
    assert_eq!(store.is_done(&key).await.unwrap(), is_done);
    assert_eq!(applied.is_ok(), is_done);
}

#[tokio::test]
async fn a_transaction_that_sqlite_undoes_by_itself_leaves_the_store_at_work() {
    let folder = tempfile::tempdir().unwrap();
    let (store, claim, key) = claimed_on_a_small_disk(&folder).await;
    execute(&folder, "CREATE TABLE ledger (bytes BLOB)").await;
    let now = Timestamp::UNIX_EPOCH;
    let mut effect = store.apply(&claim, &key, now).await.unwrap().unwrap();
    // One row of one statement: nothing but the whole transaction can be undone.
    let large = sqlx::query("INSERT INTO ledger VALUES (zeroblob(1000000))");
    assert!(large.execute(effect.connection()).await.is_err());
    // A book that did not look goes on. What it writes now must not be stored by itself.
    let little = || sqlx::query("INSERT INTO ledger VALUES (x'00')");
    assert!(little().execute(effect.connection()).await.is_err());
    assert!(effect.commit().await.is_err());
    let mut other = connect(&folder).await;
    let rows = || sqlx::query_scalar::<_, i64>("SELECT count(*) FROM ledger");
    assert_eq!(rows().fetch_one(&mut other).await.unwrap(), 0);

    // The next ones are their own, and what they answer is durable.
    let accepted = store.accept(entry("u", b"{}".to_vec())).await.unwrap();
    let mut effect = store.apply(&claim, &key, now).await.unwrap().unwrap();
    little().execute(effect.connection()).await.unwrap();
    effect.commit().await.unwrap();
    assert_eq!(rows().fetch_one(&mut other).await.unwrap(), 1);
    let ids = sqlx::query_scalar::<_, i64>("SELECT id FROM xgateway_inbox ORDER BY id");
    let ids = ids.fetch_all(&mut other).await.unwrap();
    assert_eq!(ids, [claim.entry().id.get(), accepted.id().get()]);
    assert!(store.is_done(&key).await.unwrap());
}

#[tokio::test]
async fn an_effect_that_ends_its_transaction_by_itself_stores_nothing() {
    let (store, folder) = open().await;
    execute(&folder, "CREATE TABLE ledger (text TEXT)").await;
    store.accept(entry("t", b"{}".to_vec())).await.unwrap();
    let now = Timestamp::UNIX_EPOCH;
    let lease = Duration::from_secs(30);
    let claim = store.claim(now, lease, 1).await.unwrap().pop().unwrap();
    let key = EffectKey::parse("credit:t").unwrap();
    for end in ["COMMIT", "ROLLBACK"] {
        let mut effect = store.apply(&claim, &key, now).await.unwrap().unwrap();
        for sql in [
            "INSERT INTO ledger VALUES ('before')",
            end,
            "INSERT INTO ledger VALUES ('behind')",
        ] {
            let _ = sqlx::query(sql).execute(effect.connection()).await;
        }
        assert!(effect.commit().await.is_err());
        let mut other = connect(&folder).await;
        let rows = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM ledger");
        assert_eq!(rows.fetch_one(&mut other).await.unwrap(), 0, "{end}");
        assert!(!store.is_done(&key).await.unwrap());
    }
}

/// Other processes wait for the lock of a transaction that nobody will commit.
#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_is_dropped_lets_go_of_the_file() {
    let (store, folder) = open().await;
    store.accept(entry("t", b"{}".to_vec())).await.unwrap();
    let now = Timestamp::UNIX_EPOCH;
    let lease = Duration::from_secs(30);
    let claim = store.claim(now, lease, 1).await.unwrap().pop().unwrap();
    let key = EffectKey::parse("credit:t").unwrap();
    let effect = store.apply(&claim, &key, now).await.unwrap().unwrap();
    let mut other = connect(&folder).await;
    drop(effect);
    // Waits for it some seconds, and no longer.
    sqlx::query("CREATE TABLE small (text TEXT)")
        .execute(&mut other)
        .await
        .unwrap();
    assert!(!store.is_done(&key).await.unwrap());
}

#[tokio::test]
async fn a_lock_held_by_another_is_waited_for_then_reported() {
    let folder = tempfile::tempdir().unwrap();
    let mut impatient = options(&folder);
    impatient.busy_timeout = Duration::from_millis(20);
    let store = SqliteStore::open(impatient).await.unwrap();
    let mut other = connect(&folder).await;
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    let error = store.accept(entry("t", b"{}".to_vec())).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy);
    assert!(error.is_transient());
    // Reading goes on.
    assert_eq!(store.counts().await.unwrap().open, 0);
    other.close().await.unwrap();
    store.accept(entry("t", b"{}".to_vec())).await.unwrap();
}

#[tokio::test]
async fn errors_show_nothing_that_is_stored() {
    let (store, folder) = open().await;
    execute(&folder, "DROP TABLE xgateway_inbox").await;
    let error = store
        .accept(entry("canary-subject", b"canary-payload".to_vec()))
        .await
        .unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    let shown = format!("{error} {error:?} {source} {source:?} {store:?}");
    assert!(!shown.contains("canary"), "{shown}");
    let shown = format!("{:?}", entry("t", b"canary-payload".to_vec()));
    assert!(!shown.contains("canary"), "{shown}");
}

/// Else it would take as much of the disk as all that was ever written.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_the_database_does_not_grow_with_what_is_stored() {
    let (store, folder) = open().await;
    let mut receivers = tokio::task::JoinSet::new();
    for number in 0..1000 {
        let store = store.clone();
        let entry = entry(&number.to_string(), vec![b'x'; 60_000]);
        receivers.spawn(async move { store.accept(entry).await.unwrap() });
    }
    receivers.join_all().await;
    let size = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().len();
    let (log, database) = (size("store.db-wal"), size("store.db"));
    assert!(database > 30_000_000, "{database}");
    assert!(log < 30_000_000, "{log}");
}
