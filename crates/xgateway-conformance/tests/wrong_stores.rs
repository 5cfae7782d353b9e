//! Stores that each break a duty, and are found out. A suite that nothing can fail proves nothing.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

#[path = "wrong_stores/inbox.rs"]
mod inbox;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use tempfile::TempDir;
use tokio::task::JoinSet;
use xgateway_conformance::store::{Duty, INBOX_DUTIES, Ledger, effect_duties};
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
    /// It looks whose the entries are when the effects begin, and writes when they are committed.
    LooksTooEarly,

    // Of the inbox.
    LeavesRepeatsUnopened,
    TakesDuplicatesForNew,
    GivesTooMany,
    IsDueAtOnce,
    CountsOn,
    GivesNothingUp,
    RecordsNothingBeside,
    /// After a replay the first claim has the number of the first one before.
    CountsClaimsAnew,
    /// It looks what is done and pruned.
    PrunesInTwoSteps,
    ForgetsWhatWasDoneByHand,
    LosesBodies,
    BelongsToEverybody,
    /// It looks whether it is anybody's, and is its own a moment later.
    BelongsInTwoSteps,
}

/// A store that makes a mistake, and a table of a merchant's.
#[derive(Debug)]
struct Wrong {
    store: SqliteStore,
    mistake: Mistake,
    owner: Mutex<Option<String>>,
    /// How often it was given something.
    accepted: AtomicUsize,
    folder: TempDir,
}

impl Wrong {
    async fn new(mistake: Mistake) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(folder.path().join("store.db"));
        let wrong = Self {
            store: SqliteStore::open(options).await.unwrap(),
            mistake,
            owner: Mutex::default(),
            accepted: AtomicUsize::default(),
            folder,
        };
        for mut connection in [wrong.connect().await, wrong.connect_apart().await] {
            sqlx::query("CREATE TABLE ledger (line TEXT)")
                .execute(&mut connection)
                .await
                .unwrap();
        }
        wrong
    }

    async fn connect(&self) -> SqliteConnection {
        self.connect_to("store.db").await
    }

    /// To a database in which nobody waits for who writes in the store.
    async fn connect_apart(&self) -> SqliteConnection {
        self.connect_to("ledger.db").await
    }

    async fn connect_to(&self, file: &str) -> SqliteConnection {
        let path = self.folder.path().join(file);
        let options = SqliteConnectOptions::new().filename(path);
        let options = options.create_if_missing(true);
        options.connect().await.unwrap()
    }
}

struct Begun {
    effect: Writing,
    mistake: Mistake,
}

enum Writing {
    InTheStore(SqliteEffect),
    Apart(Apart),
}

/// What is written at the commit, whoever has the entries by then.
struct Apart {
    connection: SqliteConnection,
    store: SqliteStore,
    ends: Vec<(Claim, Option<EffectKey>)>,
    now: Timestamp,
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
        let mistake = self.mistake;
        if mistake == Mistake::LooksTooEarly {
            drop(effect);
            let mut connection = self.connect_apart().await;
            let begin = sqlx::raw_sql("BEGIN");
            begin.execute(&mut connection).await.unwrap();
            let ends = ends.into_iter().map(|(claim, key)| (claim.clone(), key));
            let effect = Writing::Apart(Apart {
                connection,
                store: self.store.clone(),
                ends: ends.collect(),
                now,
            });
            return Ok((Begun { effect, mistake }, ended));
        }
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
        let effect = Writing::InTheStore(effect);
        Ok((Begun { effect, mistake }, ended))
    }

    fn connection(begun: &mut Begun) -> &mut SqliteConnection {
        match &mut begun.effect {
            Writing::InTheStore(effect) => effect.connection(),
            Writing::Apart(apart) => &mut apart.connection,
        }
    }

    async fn commit(begun: Begun) -> Result<(), StoreError> {
        if begun.mistake == Mistake::NeverCommits {
            return Ok(());
        }
        match begun.effect {
            Writing::InTheStore(effect) => effect.commit().await,
            Writing::Apart(mut apart) => {
                let commit = sqlx::raw_sql("COMMIT");
                commit.execute(&mut apart.connection).await.unwrap();
                let ends = apart.ends.iter().map(|(claim, key)| (claim, key.clone()));
                let ends: Vec<_> = ends.collect();
                let (effect, _) = apart.store.apply_all(&ends, apart.now).await?;
                effect.commit().await
            }
        }
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
        let mut lines = Vec::new();
        for mut connection in [self.connect().await, self.connect_apart().await] {
            let all = sqlx::query_scalar("SELECT line FROM ledger");
            lines.extend(all.fetch_all(&mut connection).await.unwrap());
        }
        lines
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
        (
            Mistake::LooksTooEarly,
            "about_a_claim_that_is_lost_before_the_commit_nothing_happens_twice",
        ),
    ] {
        let broken = broken(mistake).await;
        assert!(broken.contains(duty), "{mistake:?}: {broken:?}");
        all.insert(duty);
    }
    let duties = effect_duties::<Wrong>();
    let duties: BTreeSet<_> = duties.iter().map(Duty::name).collect();
    assert_eq!(all, duties, "each can be broken");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_without_a_mistake_keeps_its_duties() {
    for duty in INBOX_DUTIES {
        duty.check(Arc::new(Wrong::new(Mistake::None).await)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_of_an_inbox_is_found_out() {
    let clearing_up = "what_comes_while_others_clear_up_is_looked_into";
    for (mistake, name) in [
        (
            Mistake::LeavesRepeatsUnopened,
            "a_repeat_that_may_be_news_opens_the_entry_again",
        ),
        (
            Mistake::TakesDuplicatesForNew,
            "one_event_delivered_by_64_tasks_is_one_entry",
        ),
        (Mistake::GivesTooMany, "the_longest_due_are_claimed_first"),
        (Mistake::IsDueAtOnce, "a_retry_waits"),
        (Mistake::CountsOn, "a_retry_may_give_attempts_back"),
        (Mistake::GivesNothingUp, "a_dead_letter_waits_for_a_person"),
        (
            Mistake::RecordsNoEffects,
            "an_effect_is_recorded_once_whatever_events_come",
        ),
        (
            Mistake::RecordsNothingBeside,
            "what_is_recorded_beside_an_entry_outlasts_its_claim",
        ),
        (
            Mistake::CountsClaimsAnew,
            "a_replay_leaves_the_entry_to_its_worker",
        ),
        (Mistake::PrunesInTwoSteps, clearing_up),
        (
            Mistake::ForgetsWhatWasDoneByHand,
            "an_effect_that_a_person_has_caused_does_not_happen_by_itself",
        ),
        (
            Mistake::LosesBodies,
            "what_is_accepted_comes_back_byte_for_byte",
        ),
        (
            Mistake::BelongsToEverybody,
            "an_inbox_is_of_one_environment",
        ),
        (
            Mistake::BelongsInTwoSteps,
            "of_environments_that_ask_at_once_it_is_of_one",
        ),
    ] {
        let duty = INBOX_DUTIES.iter().find(|duty| duty.name() == name);
        let duty = duty.unwrap();
        let store = Arc::new(Wrong::new(mistake).await);
        let checked = tokio::spawn(async move { duty.check(store).await }).await;
        assert!(checked.is_err(), "{mistake:?} is not found out by {name}");
    }
}
