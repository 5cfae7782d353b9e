//! Effect stores that each break a duty, and are found out. A suite that nothing can fail proves nothing.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

#[path = "wrong_stores/inbox.rs"]
mod inbox;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use tempfile::TempDir;
use tokio::task::JoinSet;
use xgateway_conformance::store::{Duty, Ledger, effect_duties};
use xgateway_store::{
    Claim, Completed, EffectKey, EffectStore, SqliteEffect, SqliteOptions, SqliteStore, StoreError,
    StoreErrorKind,
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mistake {
    None,
    /// The entries end, whether the effect is committed or not.
    EndsAtOnce,
    /// What was begun is never made to happen.
    NeverCommits,
    /// Whoever comes second is told that they are the first.
    TakesRepeatsForFirsts,
    /// So is whoever has lost their claim.
    TakesTheLostForFirsts,
    /// One that is lost stops all others.
    FailsForOneThatIsLost,
    /// The entries end, and nobody knows later what has happened.
    RecordsNoEffects,
    /// The first of a batch alone ends.
    EndsOne,
}

/// A store that makes a mistake, and a table of a merchant's.
#[derive(Debug)]
struct Wrong {
    store: SqliteStore,
    mistake: Mistake,
    folder: TempDir,
}

impl Wrong {
    async fn new(mistake: Mistake) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(folder.path().join("store.db"));
        let wrong = Self {
            store: SqliteStore::open(options).await.unwrap(),
            mistake,
            folder,
        };
        sqlx::query("CREATE TABLE ledger (line TEXT)")
            .execute(&mut wrong.connect().await)
            .await
            .unwrap();
        wrong
    }

    async fn connect(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("store.db"));
        options.connect().await.unwrap()
    }
}

struct Begun {
    effect: SqliteEffect,
    mistake: Mistake,
}

#[async_trait]
impl EffectStore for Wrong {
    type Connection = SqliteConnection;
    type Effect = Begun;

    async fn apply_all(
        &self,
        ends: &[(&Claim, Option<EffectKey>)],
        now: Timestamp,
    ) -> Result<(Begun, Vec<Option<Completed>>), StoreError> {
        let count = ends.len();
        let mut ends = ends.to_vec();
        if self.mistake == Mistake::RecordsNoEffects {
            for (_, key) in &mut ends {
                *key = None;
            }
        }
        if self.mistake == Mistake::EndsOne {
            ends.truncate(1);
        }
        let (mut effect, mut ended) = self.store.apply_all(&ends, now).await?;
        ended.resize(count, None);
        if self.mistake == Mistake::FailsForOneThatIsLost && ended.contains(&None) {
            return Err(StoreErrorKind::LeaseLost.into());
        }
        if self.mistake == Mistake::EndsAtOnce {
            effect.commit().await?;
            (effect, _) = self.store.apply_all(&[], now).await?;
        }
        for ended in &mut ended {
            let is_taken = match ended {
                None => self.mistake == Mistake::TakesTheLostForFirsts,
                Some(Completed::Repeated) => self.mistake == Mistake::TakesRepeatsForFirsts,
                Some(Completed::First) => false,
            };
            if is_taken {
                *ended = Some(Completed::First);
            }
        }
        let mistake = self.mistake;
        Ok((Begun { effect, mistake }, ended))
    }

    fn connection(begun: &mut Begun) -> &mut SqliteConnection {
        begun.effect.connection()
    }

    async fn commit(begun: Begun) -> Result<(), StoreError> {
        if begun.mistake == Mistake::NeverCommits {
            return Ok(());
        }
        begun.effect.commit().await
    }
}

#[async_trait]
impl Ledger for Wrong {
    type Store = Self;

    fn store(&self) -> &Self {
        self
    }

    async fn write(&self, connection: &mut SqliteConnection, line: &str) {
        let insert = sqlx::query("INSERT INTO ledger VALUES ($1)").bind(line.to_owned());
        insert.execute(connection).await.unwrap();
    }

    async fn lines(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT line FROM ledger")
            .fetch_all(&mut self.connect().await)
            .await
            .unwrap()
    }
}

/// Which duties a store with this mistake does not keep.
async fn broken(mistake: Mistake) -> BTreeSet<&'static str> {
    let mut checks = JoinSet::new();
    for duty in effect_duties() {
        let store = Arc::new(Wrong::new(mistake).await);
        let name = duty.name();
        // In a task, since a duty panics.
        let check = tokio::spawn(async move { duty.check(store).await });
        checks.spawn(async move { check.await.is_err().then_some(name) });
    }
    checks.join_all().await.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mistake_all_is_well() {
    assert_eq!(broken(Mistake::None).await, BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_is_found_out() {
    let mut all = BTreeSet::new();
    for (mistake, duty) in [
        (
            Mistake::EndsAtOnce,
            "effects_without_a_commit_have_not_happened",
        ),
        (
            Mistake::EndsAtOnce,
            "effects_whose_worker_is_stopped_have_not_happened",
        ),
        (Mistake::NeverCommits, "many_effects_happen_together"),
        (
            Mistake::TakesRepeatsForFirsts,
            "of_one_key_the_first_happens",
        ),
        (
            Mistake::TakesRepeatsForFirsts,
            "batches_with_the_same_effects_at_the_same_time_cause_each_once",
        ),
        (
            Mistake::TakesTheLostForFirsts,
            "about_a_lost_claim_nothing_happens",
        ),
        (
            Mistake::FailsForOneThatIsLost,
            "about_a_lost_claim_nothing_happens",
        ),
        (
            Mistake::RecordsNoEffects,
            "of_a_batch_those_happen_that_have_not_happened",
        ),
        (
            Mistake::RecordsNoEffects,
            "what_came_again_meanwhile_is_looked_into_once_more",
        ),
        (Mistake::EndsOne, "many_effects_happen_together"),
    ] {
        let broken = broken(mistake).await;
        assert!(broken.contains(duty), "{mistake:?}: {broken:?}");
        all.insert(duty);
    }
    let duties = effect_duties::<Wrong>();
    let duties: BTreeSet<_> = duties.iter().map(Duty::name).collect();
    assert_eq!(all, duties, "each can be broken");
}
