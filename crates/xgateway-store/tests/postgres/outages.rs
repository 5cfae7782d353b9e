//! What befalls a server: a full disk, a connection that is lost half way, a restart.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sqlx::postgres::PgConnectOptions;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use xgateway_store::{
    Accepted, Claim, ContentDigest, EffectKey, EffectStore, EntryState, EventKey, Inbox as _, Kind,
    NewEntry, PostgresOptions, PostgresStore, Reason, Repeat, StoreError, StoreErrorKind,
};

use super::open_or_return;
use super::schema::Schema;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const LEASE: Duration = Duration::from_secs(30);

fn entry(subject: &str) -> NewEntry {
    let key = EventKey::new(Kind::Transaction, subject, "confirmed").unwrap();
    NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], NOW).unwrap()
}

fn credit(claim: &Claim) -> EffectKey {
    EffectKey::parse(&format!("credit:{}", claim.entry().key.subject())).unwrap()
}

/// The whole of what a worker does.
async fn apply(store: &PostgresStore, claim: &Claim, now: Timestamp) -> Result<(), StoreError> {
    if let Some(mut effect) = store.apply(claim, &credit(claim), now).await? {
        let written = sqlx::query("INSERT INTO ledger VALUES ($1)")
            .bind(claim.entry().key.subject())
            .execute(effect.connection())
            .await;
        // What the statement says, the commit says, too.
        drop(written);
        effect.commit().await?;
    }
    Ok(())
}

async fn execute(schema: &Schema, statements: &'static str) {
    sqlx::raw_sql(statements)
        .execute(&mut schema.connect().await)
        .await
        .unwrap();
}

async fn ledger(schema: &Schema) -> Vec<String> {
    sqlx::query_scalar("SELECT subject FROM ledger")
        .fetch_all(&mut schema.connect().await)
        .await
        .unwrap()
}

async fn create_ledger(schema: &Schema) {
    execute(schema, "CREATE TABLE ledger (subject TEXT)").await;
}

/// The server's own words for a full disk, said by a trigger: nobody's disk is filled for a test.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_and_ends_when_there_is_room() {
    let (store, schema) = open_or_return!();
    create_ledger(&schema).await;
    let kept = store.accept(entry("kept")).await.unwrap();
    execute(
        &schema,
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
         CREATE TRIGGER full_disk BEFORE INSERT ON xgateway_body EXECUTE FUNCTION full_disk();
         CREATE TRIGGER full_disk BEFORE INSERT ON ledger EXECUTE FUNCTION full_disk();",
    )
    .await;
    let error = store.accept(entry("late")).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::DiskFull);
    assert!(error.is_transient());
    let claim = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    apply(&store, &claim, NOW).await.unwrap_err();
    assert!(!store.is_done(&credit(&claim)).await.unwrap());
    let shown = store.show(kept.id()).await.unwrap().unwrap();
    assert_eq!(shown.state, EntryState::Open);

    execute(
        &schema,
        "DROP TRIGGER full_disk ON xgateway_body; DROP TRIGGER full_disk ON ledger;",
    )
    .await;
    store.accept(entry("late")).await.unwrap();
    apply(&store, &claim, NOW).await.unwrap();
    assert_eq!(ledger(&schema).await, ["kept"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_whose_connection_is_lost_has_not_happened() {
    let (store, schema) = open_or_return!();
    create_ledger(&schema).await;
    store.accept(entry("t")).await.unwrap();
    let claim = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    let mut effect = store
        .apply(&claim, &credit(&claim), NOW)
        .await
        .unwrap()
        .unwrap();
    sqlx::query("INSERT INTO ledger VALUES ('t')")
        .execute(effect.connection())
        .await
        .unwrap();
    assert!(schema.disconnect(&mut schema.connect().await).await > 0);
    let error = effect.commit().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(ledger(&schema).await.is_empty());

    // Whoever takes it over does it, once.
    let later = NOW + SignedDuration::from_secs(30);
    let claim = store.claim(later, LEASE, 1).await.unwrap().pop().unwrap();
    apply(&store, &claim, later).await.unwrap();
    assert_eq!(ledger(&schema).await, ["t"]);
}

/// As clients see it: every connection breaks, nobody listens for a while, then somebody does again. A restart of the
/// server itself would take the other tests with it; `cargo xtask soak --restarts` does that to one of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_loses_and_doubles_nothing() {
    let Some(schema) = Schema::new().await else {
        return;
    };
    let relay = Relay::start(&schema.url()).await;
    let mut options = PostgresOptions::new(relay.url(&schema.url()));
    options.connect_timeout = Duration::from_millis(500);
    let store = PostgresStore::open(options).await.unwrap();
    create_ledger(&schema).await;
    let (sender, mut stored) = tokio::sync::mpsc::unbounded_channel();
    for lane in 0..8 {
        let (store, sender) = (store.clone(), sender.clone());
        tokio::spawn(async move {
            for number in 0..40 {
                let subject = format!("{lane}-{number}");
                // As the gateway does: again until it is told that it arrived.
                while let Err(error) = store.accept(entry(&subject)).await {
                    assert!(error.is_transient(), "{error:?}");
                }
                // As a worker does: whatever fails is left to the next round.
                let claims = store.claim(NOW, LEASE, 2).await.unwrap_or_default();
                for claim in claims {
                    if let Err(error) = apply(&store, &claim, NOW).await {
                        assert!(error.is_transient(), "{error:?}");
                    }
                }
                sender.send(()).unwrap();
            }
        });
    }
    drop(sender);
    let mut count = 0;
    while stored.recv().await.is_some() {
        count += 1;
        if count % 100 == 0 {
            relay.restart().await;
        }
    }
    assert_eq!(count, 320);
    // What was claimed and lost is due after its lease.
    let later = NOW + SignedDuration::from_secs(30);
    loop {
        let claims = store.claim(later, LEASE, 50).await.unwrap();
        if claims.is_empty() {
            break;
        }
        for claim in claims {
            apply(&store, &claim, later).await.unwrap();
        }
    }
    let rows = ledger(&schema).await;
    let different: BTreeSet<_> = rows.iter().collect();
    assert_eq!((rows.len(), different.len()), (320, 320));
}

/// The server is replaced by another one, and nobody says so: what is sent to the old one is never answered.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_vanishes_without_a_word_is_not_waited_for() {
    let Some(schema) = Schema::new().await else {
        return;
    };
    let relay = Relay::start(&schema.url()).await;
    let mut options = PostgresOptions::new(relay.url(&schema.url()));
    options.connect_timeout = Duration::from_secs(2);
    options.statement_timeout = Duration::from_secs(2);
    let store = PostgresStore::open(options).await.unwrap();
    let first = store.accept(entry("first")).await.unwrap();
    relay.vanish();
    // Over a new connection, as soon as the old ones have been given up.
    let second = loop {
        match store.accept(entry("second")).await {
            Ok(accepted) => break accepted,
            Err(error) => assert_eq!(error.kind(), StoreErrorKind::Unavailable),
        }
    };
    assert_ne!(second.id(), first.id());
    assert_eq!(store.accept(entry("first")).await.unwrap().id(), first.id());
}

/// A worker that waited for ever would leave callbacks that were acknowledged without their effect.
#[tokio::test(flavor = "multi_thread")]
async fn no_worker_waits_for_a_server_that_vanishes_in_the_middle() {
    let Some(schema) = Schema::new().await else {
        return;
    };
    create_ledger(&schema).await;
    let relay = Relay::start(&schema.url()).await;
    // Nor does the server know that anybody has gone, but for this.
    let patience = "options[idle_in_transaction_session_timeout]=300ms";
    let url = format!("{}&{patience}", relay.url(&schema.url()));
    let mut options = PostgresOptions::new(url);
    options.connect_timeout = Duration::from_millis(500);
    options.statement_timeout = Duration::from_millis(500);
    options.connections_max = 3;
    let store = PostgresStore::open(options).await.unwrap();
    // More often than there are connections: none is lost for good.
    for round in 0..5 {
        let subject = round.to_string();
        until_it_is_there(|| store.accept(entry(&subject))).await;
        let now = NOW + SignedDuration::from_hours(round);
        let claims = until_it_is_there(|| store.claim(now, LEASE, 100)).await;
        let claim = claims.first().unwrap();
        let mut effect = store
            .apply(claim, &credit(claim), now)
            .await
            .unwrap()
            .unwrap();
        sqlx::query("INSERT INTO ledger VALUES ($1)")
            .bind(&subject)
            .execute(effect.connection())
            .await
            .unwrap();
        relay.vanish();
        let error = effect.commit().await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Unavailable);
        let key = credit(claim);
        assert!(!until_it_is_there(|| store.is_done(&key)).await);
    }
    assert!(ledger(&schema).await.is_empty());
    // All of them are due again, and done now.
    let later = NOW + SignedDuration::from_hours(9);
    while ledger(&schema).await.len() < 5 {
        for claim in until_it_is_there(|| store.claim(later, LEASE, 100)).await {
            apply(&store, &claim, later).await.unwrap();
        }
    }
}

/// A merchant's book that waits for a lock of its own, say, holds the rows of what it books.
#[tokio::test(flavor = "multi_thread")]
async fn a_book_that_stands_still_holds_up_no_new_callback() {
    let (store, schema) = open_or_return!();
    let repeated = || entry("booked").on_repeat(Repeat::Reopen);
    store.accept(repeated()).await.unwrap();
    store
        .accept(entry("done").on_repeat(Repeat::Reopen))
        .await
        .unwrap();
    let claim = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    let effect = store.apply(&claim, &credit(&claim), NOW).await.unwrap();
    let again = tokio::spawn({
        let (store, repeated) = (store.clone(), repeated());
        async move { store.accept(repeated).await }
    });
    // While it waits, the next two gather, so that they share a statement: of these, too, the free one is not held up.
    until_there_are(1, "wait_event_type = 'Lock'", &schema).await;
    let mut both = JoinSet::new();
    for subject in ["booked", "done"] {
        let (store, entry) = (store.clone(), entry(subject).on_repeat(Repeat::Reopen));
        both.spawn(async move { (subject, store.accept(entry).await.map(Accepted::is_new)) });
    }
    // What is new, and what is repeated and free, has its answer although the other one has none.
    assert!(store.accept(entry("new")).await.unwrap().is_new());
    let free = store.accept(entry("done").on_repeat(Repeat::Reopen)).await;
    assert!(!free.unwrap().is_new());
    let held = again.await.unwrap().unwrap_err();
    assert_eq!(held.kind(), StoreErrorKind::Busy);
    for (subject, is_new) in both.join_all().await {
        let is_held = is_new.is_err_and(|error| error.kind() == StoreErrorKind::Busy);
        assert_eq!(is_held, subject == "booked");
    }
    effect.unwrap().commit().await.unwrap();
    assert!(!store.accept(repeated()).await.unwrap().is_new());
}

/// Waits until as many of a schema's connections are in this state.
async fn until_there_are(count: i64, state: &'static str, schema: &Schema) {
    let mut observer = schema.connect().await;
    let mut found = -1;
    for _ in 0..100_000 {
        found = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "SELECT count(*) FROM pg_stat_activity
             WHERE application_name = current_setting('application_name') AND {state}"
        )))
        .fetch_one(&mut observer)
        .await
        .unwrap();
        if found == count {
            return;
        }
    }
    assert_eq!(found, count, "and nothing changes: {state}");
}

/// Else each round of a worker would leave one more of the server's connections behind, and the rows that it holds.
#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_is_given_up_while_it_waits_ends_on_the_server_too() {
    let Some(schema) = Schema::new().await else {
        return;
    };
    let mut options = PostgresOptions::new(schema.url());
    options.statement_timeout = Duration::from_secs(1);
    let store = PostgresStore::open(options).await.unwrap();
    create_ledger(&schema).await;
    store.accept(entry("t")).await.unwrap();
    let claim = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    // The merchant changes the table.
    let mut merchant = schema.connect().await;
    let lock = sqlx::raw_sql("BEGIN; LOCK TABLE ledger").execute(&mut merchant);
    lock.await.unwrap();
    let effect = store.apply(&claim, &credit(&claim), NOW).await.unwrap();
    let mut effect = effect.unwrap();
    let write = sqlx::query("INSERT INTO ledger VALUES ('t')").execute(effect.connection());
    let waits = "wait_event_type = 'Lock'";
    tokio::select! {
        written = write => panic!("the table is locked: {written:?}"),
        () = until_there_are(1, waits, &schema) => {}
    }
    drop(effect);
    until_there_are(0, waits, &schema).await;
    // The entry is this worker's still, and nobody holds its row.
    let reason = Reason::new("the books are closed");
    store.retry(&claim, NOW, &reason).await.unwrap();
}

/// So whoever books many finds out which one it is.
#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_does_nothing_for_too_long_is_its_own_doing() {
    let Some(schema) = Schema::new().await else {
        return;
    };
    let url = format!(
        "{}&options[idle_in_transaction_session_timeout]=500",
        schema.url()
    );
    let store = PostgresStore::open(PostgresOptions::new(url)).await;
    let store = store.unwrap();
    store.accept(entry("t")).await.unwrap();
    let claim = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    let effect = store.apply(&claim, &credit(&claim), NOW).await.unwrap();
    until_there_are(0, "state = 'idle in transaction'", &schema).await;
    let error = effect.unwrap().commit().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Database, "{error:?}");
    assert!(!store.is_done(&credit(&claim)).await.unwrap());
}

/// Else what it has stored would wait until the clocks of the workers come there.
#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_whose_clock_is_ahead_makes_nothing_due_late() {
    let (store, _schema) = open_or_return!();
    let now: Timestamp = "2090-01-01T00:00:00Z".parse().unwrap();
    let ahead = |subject: &str| {
        let key = EventKey::new(Kind::Kyc, subject, "FULL_USER").unwrap();
        let received = now + SignedDuration::from_hours(1);
        let entry = NewEntry::new(key, ContentDigest::of(&[]), &b"{}"[..], received).unwrap();
        entry.on_repeat(Repeat::Reopen)
    };
    // One, and many at once.
    store.accept(ahead("0")).await.unwrap();
    let mut receivers = JoinSet::new();
    for number in 1..20 {
        let (store, entry) = (store.clone(), ahead(&number.to_string()));
        receivers.spawn(async move { store.accept(entry).await.unwrap() });
    }
    receivers.join_all().await;
    let claims = store.claim(now, LEASE, 50).await.unwrap();
    assert_eq!(claims.len(), 20);
    for claim in &claims {
        let before = now - SignedDuration::from_hours(24 * 365 * 60);
        store.complete(claim, None, before).await.unwrap();
    }
    // Nor what comes again.
    store.accept(ahead("7")).await.unwrap();
    assert_eq!(store.claim(now, LEASE, 50).await.unwrap().len(), 1);
}

/// As a pooler does between two clients: what was prepared is gone, and so is what was set.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_has_forgotten_its_statements_is_replaced_by_a_fresh_one() {
    let Some(schema) = Schema::new().await else {
        return;
    };
    let mut options = PostgresOptions::new(schema.url());
    options.connections_max = 2;
    let store = PostgresStore::open(options).await.unwrap();
    for subject in ["a", "b", "c"] {
        store.accept(entry(subject)).await.unwrap();
    }
    // Each of the ways to use a transaction is tried on the one connection that the pool has beside the writer's.
    let forget = async |claim: &Claim| {
        let effect = store.apply(claim, &credit(claim), NOW).await.unwrap();
        let mut effect = effect.unwrap();
        sqlx::raw_sql("DEALLOCATE ALL")
            .execute(effect.connection())
            .await
            .unwrap();
    };
    let first = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    forget(&first).await;
    let second = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    forget(&second).await;
    store.complete(&second, None, NOW).await.unwrap();
    forget(&first).await;
    let effect = store.apply(&first, &credit(&first), NOW).await.unwrap();
    effect.unwrap().commit().await.unwrap();
    let third = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    forget(&third).await;
    let again = entry("a").on_repeat(Repeat::Reopen);
    assert!(!store.accept(again).await.unwrap().is_new());
    forget(&third).await;
    let ends = [(&third, Some(credit(&third)))];
    let (effect, _) = EffectStore::apply_all(&store, &ends, NOW).await.unwrap();
    effect.commit().await.unwrap();
}

/// A worker that waited for what another one holds would leave the rest undone.
#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_holds_up_keeps_no_worker_from_the_rest() {
    let (store, schema) = open_or_return!();
    for subject in ["held", "free"] {
        store.accept(entry(subject)).await.unwrap();
    }
    let mut other = schema.connect().await;
    sqlx::raw_sql("BEGIN; SELECT FROM xgateway_work WHERE subject = 'held' FOR UPDATE")
        .execute(&mut other)
        .await
        .unwrap();
    let claims = store.claim(NOW, LEASE, 9).await.unwrap();
    let subjects: Vec<_> = claims.iter().map(|it| it.entry().key.subject()).collect();
    assert_eq!(subjects, ["free"]);
}

/// It was done for long, and is opened again in the moment in which it is to be pruned.
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_again_in_this_moment_is_not_pruned() {
    let (store, schema) = open_or_return!();
    let kept = store.accept(entry("t")).await.unwrap().id();
    let claim = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    store.complete(&claim, None, NOW).await.unwrap();
    store.accept(entry("newest")).await.unwrap();
    let mut receiver = schema.connect().await;
    let again = "BEGIN; UPDATE xgateway_work SET state = 0, due_ms = 5 WHERE subject = 't'";
    sqlx::raw_sql(again).execute(&mut receiver).await.unwrap();
    let pruning = tokio::spawn({
        let store = store.clone();
        async move { store.prune(Timestamp::MAX, None, 10).await }
    });
    until_there_are(1, "wait_event_type = 'Lock'", &schema).await;
    sqlx::raw_sql("COMMIT")
        .execute(&mut receiver)
        .await
        .unwrap();
    assert_eq!(pruning.await.unwrap().unwrap().count, 0);
    assert!(store.show(kept).await.unwrap().is_some());
}

/// What is asked again as long as the database cannot be reached.
async fn until_it_is_there<T, F: Future<Output = Result<T, StoreError>>>(
    mut ask: impl FnMut() -> F,
) -> T {
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(error) => assert_eq!(error.kind(), StoreErrorKind::Unavailable),
        }
    }
}

/// Stands between clients and the server.
struct Relay {
    address: SocketAddr,
    server: Arc<(String, u16)>,
    /// The number of the life; whoever belongs to an earlier one ends.
    life: watch::Sender<u32>,
    /// How often the server has vanished; whoever was connected before gets no answer.
    vanished: watch::Sender<u32>,
}

impl Relay {
    async fn start(server: &str) -> Self {
        let options: PgConnectOptions = server.parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Self {
            address: listener.local_addr().unwrap(),
            server: Arc::new((options.get_host().to_owned(), options.get_port())),
            life: watch::Sender::new(0),
            vanished: watch::Sender::new(0),
        };
        relay.listen(listener);
        relay
    }

    /// The same address of a database, but through here.
    fn url(&self, server: &str) -> String {
        let (scheme, rest) = server.split_once("://").unwrap();
        let (authority, path) = rest.split_once('/').unwrap();
        let user = authority
            .rsplit_once('@')
            .map(|(user, _)| format!("{user}@"));
        let user = user.unwrap_or_default();
        format!("{scheme}://{user}{}/{path}", self.address)
    }

    /// Forwards nothing more over the connections that there are, and closes none. New ones are forwarded.
    fn vanish(&self) {
        self.vanished.send_modify(|count| *count += 1);
    }

    /// Breaks all connections, refuses some, and listens again.
    async fn restart(&self) {
        self.life.send_modify(|life| *life += 1);
        // As soon as the old listener is gone.
        let listener = loop {
            match TcpListener::bind(self.address).await {
                Ok(listener) => break listener,
                Err(_) => tokio::task::yield_now().await,
            }
        };
        self.listen(listener);
    }

    fn listen(&self, listener: TcpListener) {
        let (server, mut life) = (self.server.clone(), self.life.subscribe());
        life.mark_unchanged();
        let vanished = self.vanished.clone();
        tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    _ = life.changed() => return, // And the connections with it.
                    accepted = listener.accept() => {
                        let Ok((mut client, _)) = accepted else { continue };
                        let server = server.clone();
                        let mut vanished = vanished.subscribe();
                        connections.spawn(async move {
                            let Ok(mut server) = TcpStream::connect((&*server.0, server.1)).await else {
                                return;
                            };
                            tokio::select! {
                                _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                                _ = vanished.changed() => std::future::pending().await,
                            }
                        });
                    }
                }
            }
        });
    }
}
