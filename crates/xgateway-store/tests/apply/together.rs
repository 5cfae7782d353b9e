// Many effects in one database transaction. Included behind `tests.rs`, whose helpers it uses.

use xgateway_store::{Completed, EffectStore as _};

const FIRST: Option<Completed> = Some(Completed::First);
const REPEATED: Option<Completed> = Some(Completed::Repeated);

/// As many entries of as many subjects, claimed.
async fn claimed(store: &Store, count: usize) -> Vec<Claim> {
    for number in 0..count {
        accept(store, &format!("t{number}"), "confirmed").await;
    }
    store.claim(NOW, LEASE, count).await.unwrap()
}

fn credit_of(claim: &Claim) -> EffectKey {
    EffectKey::parse(&format!("credit:{}", claim.entry().key.subject())).unwrap()
}

fn ends(claims: &[Claim]) -> Vec<(&Claim, Option<EffectKey>)> {
    let end = |claim| (claim, Some(credit_of(claim)));
    claims.iter().map(end).collect()
}

/// The whole of what a worker does. What became of each.
async fn apply_all(
    store: &Store,
    ends: &[(&Claim, Option<EffectKey>)],
) -> Result<Vec<Option<Completed>>, StoreError> {
    let (mut effect, ended) = store.apply_all(ends, NOW).await?;
    for _ in ended.iter().filter(|ended| **ended == FIRST) {
        write(effect.connection()).await;
    }
    effect.commit().await?;
    Ok(ended)
}

/// More than one statement holds.
#[tokio::test(flavor = "multi_thread")]
async fn many_effects_happen_together() {
    let (store, _keep) = opened!();
    let claims = claimed(&store, 150).await;
    let ended = apply_all(&store, &ends(&claims)).await.unwrap();
    assert_eq!(ended, [FIRST; 150]);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.open, counts.done), (0, 150));
    let keys: Vec<_> = claims.iter().map(credit_of).collect();
    assert_eq!(store.are_done(&keys).await.unwrap(), [true; 150]);
    assert_eq!(ledger(&store).await, 150);
    let kind = apply_all(&store, &[]).await.map_err(|error| error.kind());
    assert_eq!(kind, Ok(Vec::new()), "nothing to do is no trouble");
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_without_a_commit_leave_nothing() {
    let (store, _keep) = opened!();
    let claims = claimed(&store, 3).await;
    let (mut effect, ended) = store.apply_all(&ends(&claims), NOW).await.unwrap();
    assert_eq!(ended, [FIRST; 3]);
    write(effect.connection()).await;
    drop(effect);
    assert_eq!(store.counts().await.unwrap().open, 3);
    let keys: Vec<_> = claims.iter().map(credit_of).collect();
    assert_eq!(store.are_done(&keys).await.unwrap(), [false; 3]);
    // They are still this worker's.
    assert_eq!(apply_all(&store, &ends(&claims)).await.unwrap(), [FIRST; 3]);
    assert_eq!(ledger(&store).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_key_the_first_happens() {
    let (store, _keep) = opened!();
    for subject in ["a", "b", "c", "u"] {
        accept(&store, subject, "confirmed").await;
    }
    let claims = claims(&store).await;
    let (t, u) = (credit(), EffectKey::parse("credit:u").unwrap());
    let ends = [
        (&claims[0], Some(t.clone())),
        (&claims[1], Some(t.clone())),
        (&claims[3], Some(u)),
    ];
    let ended = apply_all(&store, &ends).await.unwrap();
    assert_eq!(ended, [FIRST, REPEATED, FIRST]);
    // And again in another batch, beside one that asks for no effect.
    accept(&store, "v", "confirmed").await;
    let other = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    let ends = [(&claims[2], Some(t)), (&other, None)];
    assert_eq!(apply_all(&store, &ends).await.unwrap(), [REPEATED, FIRST]);
    assert_eq!(store.counts().await.unwrap().done, 5);
    assert_eq!(ledger(&store).await, 3, "of t, of u, and what v was");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_batch_those_happen_that_have_not_happened() {
    let (store, _keep) = opened!();
    let claims = claimed(&store, 5).await;
    let all = ends(&claims);
    let [first, third] = [1, 3].map(|index| all[index].clone());
    assert_eq!(apply_all(&store, &[first, third]).await.unwrap(), [FIRST; 2]);
    // Their entries come again, as they do when a person replays them.
    for claim in [&claims[1], &claims[3]] {
        store.replay(claim.entry().id, NOW).await.unwrap();
    }
    let again = store.claim(NOW, LEASE, 5).await.unwrap();
    let mixed = [&claims[0], &again[0], &claims[2], &again[1], &claims[4]];
    let mixed = mixed.map(|claim| (claim, Some(credit_of(claim))));
    let ended = apply_all(&store, &mixed).await.unwrap();
    assert_eq!(ended, [FIRST, REPEATED, FIRST, REPEATED, FIRST]);
    assert_eq!(store.counts().await.unwrap().done, 5);
    assert_eq!(ledger(&store).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_some_leases_causes_the_other_effects() {
    let (store, _keep) = opened!();
    let claims = claimed(&store, 5).await;
    // A person replays one, and another worker gets it; one has come to its end in another way.
    store.replay(claims[1].entry().id, NOW).await.unwrap();
    let other = store.claim(NOW, LEASE, 5).await.unwrap();
    assert_eq!(other.len(), 1);
    store.complete(&claims[3], None, NOW).await.unwrap();
    let ended = apply_all(&store, &ends(&claims)).await.unwrap();
    assert_eq!(ended, [FIRST, None, FIRST, None, FIRST]);
    let keys: Vec<_> = claims.iter().map(credit_of).collect();
    let want = [true, false, true, false, true];
    assert_eq!(store.are_done(&keys).await.unwrap(), want);
    assert_eq!(state(&store, &other[0]).await, EntryState::Open);
    assert_eq!(apply_all(&store, &ends(&other)).await.unwrap(), [FIRST]);
    assert_eq!(ledger(&store).await, 4);
}

/// The same for both lanes.
fn credit_of_lane(claim: &Claim) -> EffectKey {
    let (_, subject) = claim.entry().key.subject().split_once(' ').unwrap();
    EffectKey::parse(&format!("credit:{subject}")).unwrap()
}

/// Both record the same effects, in opposite orders: neither must wait for the other for ever.
#[tokio::test(flavor = "multi_thread")]
async fn batches_with_the_same_effects_at_the_same_time_cause_each_once() {
    let (store, _keep) = opened!();
    for round in 0..20 {
        for lane in ["one", "other"] {
            for subject in 0..30 {
                accept(&store, &format!("{lane} {round}-{subject}"), "confirmed").await;
            }
        }
        let mut batches = Vec::new();
        for _ in 0..2 {
            batches.push(store.claim(NOW, LEASE, 30).await.unwrap());
        }
        batches[1].reverse();
        let mut workers = tokio::task::JoinSet::new();
        for claims in batches {
            let store = store.clone();
            workers.spawn(async move {
                let ends = claims.iter().map(|claim| (claim, Some(credit_of_lane(claim))));
                apply_all(&store, &ends.collect::<Vec<_>>()).await.unwrap()
            });
        }
        let ended = workers.join_all().await.concat();
        let first = ended.iter().filter(|ended| **ended == FIRST).count();
        assert_eq!((ended.len(), first), (60, 30));
    }
    assert_eq!(ledger(&store).await, 600);
}
