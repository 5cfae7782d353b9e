// Included by each database with `Store`, `Connection`, `open` (an empty store with a table `ledger`, and what must outlive it),
// `place` (where that is, in one word) and `open_at` in scope.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Runtime;
use xgateway_store::{
    Accepted, Claim, Completed, ContentDigest, EffectKey, EffectStore as _, EventKey, Inbox as _,
    Kind, NewEntry, Repeat,
};

const NAME: &str =
    "kill_points::killed_at_any_point_of_a_callbacks_way_it_loses_and_doubles_nothing";
const PLACE: &str = "XGATEWAY_STORE_TEST_PLACE";
const POINT: &str = "XGATEWAY_STORE_TEST_POINT";
const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const LEASE: Duration = Duration::from_secs(30);

/// Where a process can be when it is killed: behind each step, before the next, and with nobody answered. The last ones
/// with all callbacks in one transaction.
const POINTS: [&str; 9] = [
    "stored",
    "claimed",
    "begun",
    "written",
    "committed",
    "together begun",
    "together half written",
    "together written",
    "together committed",
];

const SUBJECTS: [&str; 4] = ["t", "u", "v", "w"];

/// How often the database is asked before something has gone wrong. It may take a moment to notice that its client is
/// gone.
const LOOKS_MAX: u32 = 100_000;

/// Runs this test again as a child, which stands still at a point, and kills it there.
#[test]
fn killed_at_any_point_of_a_callbacks_way_it_loses_and_doubles_nothing() {
    if let (Some(place), Some(point)) = (variable(PLACE), variable(POINT)) {
        runtime().block_on(child(&place, &point));
    }
    for point in POINTS {
        let runtime = runtime();
        let Some((store, held)) = runtime.block_on(open()) else {
            return;
        };
        kill_at(point, &place(&held));
        runtime.block_on(go_on(&store, point));
        drop((store, held));
    }
}

fn kill_at(point: &str, place: &str) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .envs([(PLACE, place), (POINT, point)])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let is_there = stdout
        .lines()
        .any(|line| line.is_ok_and(|line| line == "here"));
    child.kill().unwrap();
    assert!(is_there && !child.wait().unwrap().success(), "{point}");
}

/// The whole way, and no end.
async fn child(place: &str, point: &str) {
    let stand_still_at = |here: &str| {
        if here == point {
            // Past the harness, which may keep what is printed.
            let mut out = std::io::stdout();
            out.write_all(b"here\n").unwrap();
            out.flush().unwrap();
            loop {
                std::thread::park();
            }
        }
    };
    let store = open_at(place).await;
    for subject in SUBJECTS {
        accept(&store, subject).await;
    }
    stand_still_at("stored");
    let claims = claims(&store, NOW).await;
    stand_still_at("claimed");
    if point.starts_with("together") {
        let (mut effect, ended) = store.apply_all(&ends(&claims), NOW).await.unwrap();
        assert_eq!(ended, [Some(Completed::First); 4]);
        stand_still_at("together begun");
        write(effect.connection(), &claims[0]).await;
        write(effect.connection(), &claims[1]).await;
        stand_still_at("together half written");
        write(effect.connection(), &claims[2]).await;
        write(effect.connection(), &claims[3]).await;
        stand_still_at("together written");
        effect.commit().await.unwrap();
        stand_still_at("together committed");
    } else {
        let effect = store.apply(&claims[0], &credit(&claims[0]), NOW).await;
        let mut effect = effect.unwrap().unwrap();
        stand_still_at("begun");
        write(effect.connection(), &claims[0]).await;
        stand_still_at("written");
        effect.commit().await.unwrap();
        stand_still_at("committed");
    }
    unreachable!("there is no such point: {point}");
}

/// What another process finds: the gateway, which was not answered, sends the callbacks again, and the leases of the dead
/// are over.
async fn go_on(store: &Store, point: &str) {
    for subject in SUBJECTS {
        let accepted = accept(store, subject).await;
        assert!(matches!(accepted, Accepted::Duplicate(_)), "{point}");
    }
    let later = NOW + SignedDuration::from_secs(31);
    let mut looks = 0;
    while store.counts().await.unwrap().open > 0 {
        let claims = claims(store, later).await;
        let (mut effect, ended) = store.apply_all(&ends(&claims), later).await.unwrap();
        for (claim, _) in claims
            .iter()
            .zip(ended)
            .filter(|(_, ended)| *ended == Some(Completed::First))
        {
            write(effect.connection(), claim).await;
        }
        effect.commit().await.unwrap();
        looks += 1;
        assert!(looks < LOOKS_MAX, "{point}: somebody still holds it");
    }
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.done, counts.dead), (4, 0), "{point}");
    assert_eq!(ledger(store).await, SUBJECTS, "{point}");
}

async fn write(connection: &mut Connection, claim: &Claim) {
    sqlx::query("INSERT INTO ledger (subject) VALUES ($1)")
        .bind(claim.entry().key.subject())
        .execute(connection)
        .await
        .unwrap();
}

/// Who was credited. Read within an effect, which then does not happen.
async fn ledger(store: &Store) -> Vec<String> {
    let key = EventKey::new(Kind::Transaction, "reader", "confirmed").unwrap();
    let entry = NewEntry::new(key, ContentDigest::of(&[]), &b"{}"[..], NOW).unwrap();
    store.accept(entry).await.unwrap();
    let claim = claims(store, NOW).await.pop().unwrap();
    let reading = EffectKey::parse("reading").unwrap();
    let mut effect = store.apply(&claim, &reading, NOW).await.unwrap().unwrap();
    sqlx::query_scalar("SELECT subject FROM ledger ORDER BY subject")
        .fetch_all(effect.connection())
        .await
        .unwrap()
}

/// As a receiver does it.
async fn accept(store: &Store, subject: &str) -> Accepted {
    let key = EventKey::new(Kind::Transaction, subject, "confirmed").unwrap();
    let entry = NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], NOW).unwrap();
    store.accept(entry.on_repeat(Repeat::Reopen)).await.unwrap()
}

async fn claims(store: &Store, now: Timestamp) -> Vec<Claim> {
    store.claim(now, LEASE, 10).await.unwrap()
}

fn ends(claims: &[Claim]) -> Vec<(&Claim, Option<EffectKey>)> {
    let end = |claim| (claim, Some(credit(claim)));
    claims.iter().map(end).collect()
}

fn credit(claim: &Claim) -> EffectKey {
    EffectKey::parse(&format!("credit:{}", claim.entry().key.subject())).unwrap()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "how the child knows that it is one: the test harness owns the arguments"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
