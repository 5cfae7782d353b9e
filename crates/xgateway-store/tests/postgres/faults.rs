//! Servers: lost connections, newer tables, several processes.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::Row as _;
use tokio::task::JoinSet;
use xgateway_store::{
    Accepted, ContentDigest, EffectKey, EventKey, Inbox as _, Journal as _, Kind, NewEntry,
    Outcome, PostgresOptions, PostgresStore, StoreErrorKind,
};

use super::open_or_return;
use super::schema::Schema;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const LEASE: Duration = Duration::from_secs(30);

fn entry(subject: &str) -> NewEntry {
    let key = EventKey::new(Kind::Transaction, subject, "confirmed").unwrap();
    NewEntry::new(key, ContentDigest::of(&["10"]), &b"canary"[..], NOW).unwrap()
}

/// Several stores over one schema: receivers that know nothing of each other, each with duplicates, and workers that
/// take what they get and sometimes die with it.
#[tokio::test(flavor = "multi_thread")]
async fn many_processes_credit_each_event_once() {
    let (first, schema) = open_or_return!();
    sqlx::query("CREATE TABLE ledger (subject TEXT)")
        .execute(&mut schema.connect().await)
        .await
        .unwrap();
    let stores = [first, schema.open().await, schema.open().await];
    let mut receivers = JoinSet::new();
    for (receiver, store) in stores.iter().enumerate() {
        for lane in 0..16 {
            let store = store.clone();
            receivers.spawn(async move {
                let mut new = 0;
                for number in 0..25 {
                    // Each receiver sees each subject, in an order of its own.
                    let subject = (number * 7 + receiver * 11 + lane) % 100;
                    let accepted = store.accept(entry(&subject.to_string())).await.unwrap();
                    new += usize::from(accepted.is_new());
                }
                new
            });
        }
    }
    let new: usize = receivers.join_all().await.into_iter().sum();
    assert_eq!(new, 100);

    let mut workers = JoinSet::new();
    for store in &stores {
        let store = store.clone();
        workers.spawn(async move {
            for round in 0.. {
                let now = NOW + jiff::SignedDuration::from_secs(round * 31);
                let claims = store.claim(now, LEASE, 5).await.unwrap();
                if claims.is_empty() && store.counts().await.unwrap().open == 0 {
                    return;
                }
                for (number, claim) in claims.iter().enumerate() {
                    let subject = claim.entry().key.subject();
                    let key = EffectKey::parse(&format!("credit:{subject}")).unwrap();
                    let effect = match store.apply(claim, &key, now).await {
                        Ok(effect) => effect,
                        // The clocks of these workers differ more than those of any machines.
                        Err(error) => {
                            assert_eq!(error.kind(), StoreErrorKind::LeaseLost);
                            continue;
                        }
                    };
                    let Some(mut effect) = effect else { continue };
                    sqlx::query("INSERT INTO ledger VALUES ($1)")
                        .bind(subject)
                        .execute(effect.connection())
                        .await
                        .unwrap();
                    if number == 3 && round < 5 {
                        break; // It dies before the commit, with this and the next.
                    }
                    effect.commit().await.unwrap();
                }
            }
        });
    }
    workers.join_all().await;
    let rows = sqlx::query("SELECT subject FROM ledger")
        .fetch_all(&mut schema.connect().await)
        .await
        .unwrap();
    let different: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!((rows.len(), different.len()), (100, 100));
}

/// One worker takes an entry, and another one takes the next entry about the same subject before the first has committed.
#[tokio::test(flavor = "multi_thread")]
async fn of_one_subject_two_workers_at_the_same_moment_get_one_entry() {
    let (store, schema) = open_or_return!();
    for status in ["failed", "confirmed"] {
        let key = EventKey::new(Kind::Transaction, "t", status).unwrap();
        let entry = NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], NOW);
        store.accept(entry.unwrap()).await.unwrap();
    }
    let mut one = schema.connect().await;
    sqlx::raw_sql(
        "BEGIN; UPDATE xgateway_work SET fence = 1, due_ms = 30000
         WHERE id = (SELECT id FROM xgateway_inbox WHERE status = 'failed')",
    )
    .execute(&mut one)
    .await
    .unwrap();
    let other = tokio::spawn({
        let store = store.clone();
        async move { store.claim(NOW, LEASE, 9).await }
    });
    let mut administrator = schema.connect().await;
    let waiting = "SELECT EXISTS (SELECT FROM pg_stat_activity
        WHERE application_name = current_setting('application_name') AND wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waiting)
        .fetch_one(&mut administrator)
        .await
        .unwrap()
    {
        assert!(!other.is_finished(), "it waits for the first worker");
    }
    sqlx::raw_sql("COMMIT").execute(&mut one).await.unwrap();
    assert!(other.await.unwrap().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_are_replaced_and_nothing_is_doubled() {
    let (store, schema) = open_or_return!();
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
                sender.send(()).unwrap();
            }
        });
    }
    drop(sender);
    let mut administrator = schema.connect().await;
    let (mut count, mut ended) = (0, 0);
    while stored.recv().await.is_some() {
        count += 1;
        if count % 16 == 0 {
            ended += schema.disconnect(&mut administrator).await;
        }
    }
    assert_eq!(count, 320);
    assert!(ended > 0);
    assert_eq!(store.counts().await.unwrap().open, 320);
}

/// The connection that stores what arrives is kept, and nobody tests it meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_broke_while_nothing_arrived_is_noticed_by_nobody() {
    let (store, schema) = open_or_return!();
    store.accept(entry("t")).await.unwrap();
    assert!(schema.disconnect(&mut schema.connect().await).await > 0);
    let second = store.accept(entry("u")).await.unwrap();
    assert!(second.is_new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_reported() {
    // Port 1 is nobody's.
    let mut options =
        PostgresOptions::new("postgres://canary-user:canary-password@127.0.0.1:1/canary");
    options.connect_timeout = Duration::from_millis(200);
    let shown = format!("{options:?}");
    assert!(!shown.contains("canary"), "{shown}");
    let error = PostgresStore::open(options).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    let shown = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
    assert!(!shown.contains("canary"), "{shown}");

    let error = PostgresStore::open(PostgresOptions::new("canary://canary"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Configuration);
    let shown = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_a_newer_version_are_refused() {
    let (store, schema) = open_or_return!();
    store.close().await;
    sqlx::query(
        "INSERT INTO xgateway_migration (version, description, success, checksum, execution_time)
         VALUES (999, 'from the future', TRUE, '', 0)",
    )
    .execute(&mut schema.connect().await)
    .await
    .unwrap();
    let error = PostgresStore::open(PostgresOptions::new(schema.url()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NewerSchema);
}

#[tokio::test(flavor = "multi_thread")]
async fn intents_of_an_older_version_go_on_and_were_sent_nobody_knows_where() {
    let (store, schema) = open_or_return!();
    store.close().await;
    for sql in [
        "ALTER TABLE xgateway_journal DROP COLUMN environment, DROP COLUMN account",
        "DELETE FROM xgateway_migration WHERE version = 3",
        "INSERT INTO xgateway_journal (gateway_order, round, operation, fingerprint, begun_ms, state)
         VALUES ('order-1', 1, 'gateway8', '', 0, 0)",
    ] {
        let mut connection = schema.connect().await;
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
    let store = schema.open().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_make_the_tables_once() {
    let Some(schema) = Schema::new().await else {
        return;
    };
    let (a, b, c) = tokio::join!(schema.open(), schema.open(), schema.open());
    let first = a.accept(entry("t")).await.unwrap();
    for store in [b, c] {
        let second = store.accept(entry("t")).await.unwrap();
        assert_eq!(second, Accepted::Duplicate(first.id()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_acknowledges_too_early_is_told_to_wait() {
    let (store, schema) = open_or_return!();
    store.accept(entry("t")).await.unwrap();
    store.close().await;
    let url = format!("{}&options[synchronous_commit]=off", schema.url());
    let store = PostgresStore::open(PostgresOptions::new(url))
        .await
        .unwrap();
    let claim = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    let key = EffectKey::parse("credit:t").unwrap();
    let mut effect = store.apply(&claim, &key, NOW).await.unwrap().unwrap();
    let setting: String = sqlx::query_scalar("SHOW synchronous_commit")
        .fetch_one(effect.connection())
        .await
        .unwrap();
    assert_eq!(setting, "on");
}

/// Else a change of the server's settings would reach connections that there are.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_told_to_acknowledge_too_early_later_still_waits() {
    let (store, _schema) = open_or_return!();
    store.accept(entry("t")).await.unwrap();
    let claim = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    let key = EffectKey::parse("credit:t").unwrap();
    let mut effect = store.apply(&claim, &key, NOW).await.unwrap().unwrap();
    let (ours, others): (String, String) = sqlx::query_as(
        "SELECT max(source) FILTER (WHERE name = 'synchronous_commit'),
             max(source) FILTER (WHERE name = 'commit_delay') FROM pg_settings",
    )
    .fetch_one(effect.connection())
    .await
    .unwrap();
    assert_eq!(ours, "session", "what the session has set, stays");
    assert_ne!(others, "session");
}

/// As it is where another server has taken over and the old one follows it: its connections live on, and take no writes.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_takes_no_more_writes_is_not_kept() {
    let (store, schema) = open_or_return!();
    store.accept(entry("before")).await.unwrap();
    // What the receiver has kept.
    sqlx::raw_sql(
        "CREATE TABLE old AS SELECT pid FROM pg_stat_activity
             WHERE application_name = current_setting('application_name');
         CREATE FUNCTION follows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF pg_backend_pid() IN (SELECT pid FROM old) THEN
                 RAISE EXCEPTION 'cannot execute INSERT' USING ERRCODE = 'read_only_sql_transaction';
             END IF;
             RETURN NEW;
         END $$;
         CREATE TRIGGER follows BEFORE INSERT ON xgateway_body FOR EACH ROW EXECUTE FUNCTION follows();",
    )
    .execute(&mut schema.connect().await)
    .await
    .unwrap();
    while let Err(error) = store.accept(entry("after")).await {
        assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    }
    // What the pool has, for those who claim and end.
    let claim = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    let key = EffectKey::parse("credit:before").unwrap();
    let mut effect = store.apply(&claim, &key, NOW).await.unwrap().unwrap();
    sqlx::raw_sql("COMMIT; SET default_transaction_read_only = on; BEGIN")
        .execute(effect.connection())
        .await
        .unwrap();
    drop(effect);
    for _ in 0..2 {
        let later = claim.entry().due_at;
        store.replay(claim.entry().id, later).await.unwrap();
    }
    // And whoever comes anew: the only server that answers takes no writes.
    let mut options = PostgresOptions::new(format!(
        "{}&options[default_transaction_read_only]=on",
        schema.url()
    ));
    options.connect_timeout = Duration::from_millis(300);
    let error = PostgresStore::open(options).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
}

/// A person who looks into a database of a receiver that runs must not change its tables under it.
#[tokio::test(flavor = "multi_thread")]
async fn tables_of_an_older_version_are_left_as_they_are_by_whoever_only_looks() {
    let (store, schema) = open_or_return!();
    store.close().await;
    let mut options = PostgresOptions::new(schema.url());
    options.must_exist = true;
    PostgresStore::open(options.clone()).await.unwrap();
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
        let mut administrator = schema.connect().await;
        sqlx::query(change)
            .execute(&mut administrator)
            .await
            .unwrap();
        let error = PostgresStore::open(options.clone()).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

/// Statements that were prepared before go on.
#[tokio::test(flavor = "multi_thread")]
async fn a_column_that_is_added_stops_nobody() {
    let (store, schema) = open_or_return!();
    let id = store.accept(entry("a")).await.unwrap().id();
    store.close().await;
    let mut options = PostgresOptions::new(schema.url());
    options.connections_max = 2;
    let store = PostgresStore::open(options).await.unwrap();
    for round in 0..2 {
        // On both connections.
        let (one, other) = tokio::join!(store.show(id), store.show(id));
        assert_eq!(one.unwrap(), other.unwrap());
        for claim in store.claim(NOW, Duration::ZERO, 1).await.unwrap() {
            assert_eq!(claim.entry().id, id);
        }
        if round == 0 {
            sqlx::query("ALTER TABLE xgateway_body ADD COLUMN more TEXT")
                .execute(&mut schema.connect().await)
                .await
                .unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_show_nothing_that_is_stored() {
    let (store, schema) = open_or_return!();
    sqlx::query("ALTER TABLE xgateway_body ADD CHECK (subject <> 'canary-subject')")
        .execute(&mut schema.connect().await)
        .await
        .unwrap();
    let error = store.accept(entry("canary-subject")).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Database);
    let source = std::error::Error::source(&error).unwrap();
    let shown = format!("{error} {error:?} {source} {source:?} {store:?}");
    assert!(!shown.contains("canary"), "{shown}");
}
