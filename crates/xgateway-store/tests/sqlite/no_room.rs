//! A disk without room while the tables are made. SQLite notices it at the commit of a migration, which it then undoes by itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use xgateway_store::{
    ContentDigest, EventKey, Inbox as _, Kind, NewEntry, SqliteOptions, SqliteStore,
};

const VARIABLE: &str = "XGATEWAY_STORE_TEST_SMALL_FILE";
const NAME: &str = "no_room::what_was_stored_is_stored_whenever_the_room_ran_out";

/// Runs this test again as a child that may write so much to each file and no more, for each size.
#[test]
fn what_was_stored_is_stored_whenever_the_room_ran_out() {
    #[expect(
        clippy::disallowed_methods,
        reason = "how the child knows that it is one: the test harness owns the arguments"
    )]
    if let Some(path) = std::env::var_os(VARIABLE) {
        runtime().block_on(child(path.into()));
        return;
    }
    let (mut refused, mut stored) = (0, 0);
    for pages in (4..=100).step_by(2) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let said = store_within(&path, pages * 8);
        if said.contains("stored.") {
            stored += 1;
            assert_eq!(runtime().block_on(count(&path)), 1, "{pages} pages");
        } else {
            assert!(said.contains("refused."), "{pages} pages: {said}");
            refused += 1;
        }
        // With room it is there, or made after all.
        runtime().block_on(child(path));
    }
    assert!(refused > 5 && stored > 5, "{refused} and {stored}");
}

/// What a child says whose files have at most so many pieces of 512 bytes.
fn store_within(path: &Path, blocks: u32) -> String {
    let child = Command::new("sh")
        .arg("-c")
        // Writes beyond the limit then fail, rather than kill.
        .arg(format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""
        ))
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(VARIABLE, path)
        .output()
        .unwrap();
    String::from_utf8(child.stdout).unwrap()
}

/// Stores an entry if it can, and says so. It closes nothing.
#[expect(
    clippy::print_stdout,
    reason = "the test that runs it reads what it says"
)]
async fn child(path: PathBuf) {
    let stored = async {
        let store = SqliteStore::open(SqliteOptions::new(path)).await?;
        let key = EventKey::new(Kind::Transaction, "t", "confirmed")?;
        let digest = ContentDigest::of(&["10"]);
        let entry = NewEntry::new(key, digest, &b"{}"[..], Timestamp::UNIX_EPOCH)?;
        store.accept(entry).await?;
        Ok::<_, Box<dyn std::error::Error>>(())
    };
    match stored.await {
        Ok(()) => println!("stored."),
        Err(error) => println!("refused. {error}"),
    }
}

/// How many entries another process sees.
async fn count(path: &Path) -> i64 {
    let options = SqliteConnectOptions::new().filename(path);
    let mut other = options.connect().await.unwrap();
    let count = sqlx::query_scalar("SELECT count(*) FROM xgateway_inbox");
    count.fetch_one(&mut other).await.unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
