//! A process that is killed in the middle.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use xgateway_store::{
    ContentDigest, EffectKey, EventKey, Inbox as _, Kind, NewEntry, SqliteOptions, SqliteStore,
};

const VARIABLE: &str = "XGATEWAY_STORE_TEST_FILE";
const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const NAME: &str = "kill::a_process_that_is_killed_loses_and_doubles_nothing";

/// Runs this test again as a child, which stores and credits as fast as it can, and kills it.
#[test]
fn a_process_that_is_killed_loses_and_doubles_nothing() {
    #[expect(
        clippy::disallowed_methods,
        reason = "how the child knows that it is one: the test harness owns the arguments"
    )]
    if let Some(path) = std::env::var_os(VARIABLE) {
        runtime().block_on(child(path.into()));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    runtime().block_on(async {
        let store = SqliteStore::open(SqliteOptions::new(&path)).await.unwrap();
        accept(&store, "setup").await;
        let claim = claim(&store, 0).await.pop().unwrap();
        let key = EffectKey::parse("setup").unwrap();
        let mut effect = store.apply(&claim, &key, NOW).await.unwrap().unwrap();
        sqlx::query("CREATE TABLE ledger (subject TEXT)")
            .execute(effect.connection())
            .await
            .unwrap();
        effect.commit().await.unwrap();
        store.close().await;
    });
    let mut told = BTreeSet::from(["accepted setup".to_owned()]);
    for round in 0..8 {
        told.extend(kill_after(&path, 5 + 13 * round));
    }
    runtime().block_on(check(path, &told));
}

/// Starts a child, reads so many lines, kills it, and returns all that it has said.
fn kill_after(path: &PathBuf, lines: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(VARIABLE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let mut told = Vec::new();
    for line in stdout.lines() {
        // The last line may be cut short; what was said before it counts.
        let Ok(line) = line else { break };
        if line.starts_with("accepted ") || line.starts_with("credited ") {
            told.push(line);
        }
        if told.len() == lines {
            child.kill().unwrap();
        }
    }
    assert!(!child.wait().unwrap().success(), "it was killed");
    assert!(told.len() >= lines);
    if let Some(last) = told.last()
        && !last.ends_with('.')
    {
        told.pop();
    }
    told
}

async fn check(path: PathBuf, told: &BTreeSet<String>) {
    let store = SqliteStore::open(SqliteOptions::new(path)).await.unwrap();
    // What the dead had claimed is due again after their leases.
    loop {
        let claims = claim(&store, 1_000_000).await;
        if claims.is_empty() {
            break;
        }
        for claim in claims {
            credit(&store, &claim).await;
        }
    }
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.open, counts.dead), (0, 0));
    accept(&store, "end").await;
    let claim = claim(&store, 0).await.pop().unwrap();
    let key = EffectKey::parse("end").unwrap();
    let mut effect = store.apply(&claim, &key, NOW).await.unwrap().unwrap();
    let ledger: Vec<String> = sqlx::query_scalar("SELECT subject FROM ledger")
        .fetch_all(effect.connection())
        .await
        .unwrap();
    let credited: BTreeSet<_> = ledger.iter().cloned().collect();
    assert_eq!(ledger.len(), credited.len(), "nothing is credited twice");
    assert_eq!(
        credited.len() as u64,
        counts.done - 1,
        "each entry but the first"
    );
    for line in told {
        let subject = line.split(' ').nth(1).unwrap().trim_end_matches('.');
        assert!(subject == "setup" || credited.contains(subject), "{line}");
    }
}

/// Stores and credits for ever, and says so after each.
async fn child(path: PathBuf) -> ! {
    let store = SqliteStore::open(SqliteOptions::new(path)).await.unwrap();
    let start = store.counts().await.unwrap();
    let start = start.done + start.open;
    for lane in 0..4 {
        let store = store.clone();
        tokio::spawn(async move {
            for number in 0.. {
                let subject = format!("t{start}-{lane}-{number}");
                accept(&store, &subject).await;
                accept(&store, &subject).await;
                say(&format!("accepted {subject}."));
            }
        });
    }
    loop {
        for claim in claim(&store, 0).await {
            credit(&store, &claim).await;
            say(&format!("credited {}.", claim.entry().key.subject()));
        }
        tokio::task::yield_now().await;
    }
}

async fn accept(store: &SqliteStore, subject: &str) {
    let key = EventKey::new(Kind::Transaction, subject, "confirmed").unwrap();
    let entry = NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], NOW);
    store.accept(entry.unwrap()).await.unwrap();
}

async fn claim(store: &SqliteStore, seconds: i64) -> Vec<xgateway_store::Claim> {
    let now = NOW + jiff::SignedDuration::from_secs(seconds);
    store.claim(now, Duration::from_secs(30), 3).await.unwrap()
}

async fn credit(store: &SqliteStore, claim: &xgateway_store::Claim) {
    let subject = claim.entry().key.subject();
    let key = EffectKey::parse(&format!("credit:{subject}")).unwrap();
    if let Some(mut effect) = store.apply(claim, &key, NOW).await.unwrap() {
        sqlx::query("INSERT INTO ledger VALUES (?)")
            .bind(subject)
            .execute(effect.connection())
            .await
            .unwrap();
        effect.commit().await.unwrap();
    }
}

fn say(line: &str) {
    // One write for a line; nobody reads on after the end.
    let _ = std::io::stdout().write_all(format!("{line}\n").as_bytes());
    let _ = std::io::stdout().flush();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}
