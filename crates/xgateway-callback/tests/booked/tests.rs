//! What must hold over any database.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use xgateway_callback::{Book, ConfirmedCallback, HandlerError, Round};
use xgateway_store::{EntryState, Inbox as _, REPEAT_PAUSE};

use crate::shop::{Database, LEASE, Ledger, Poison, Shop, processor};

const IDS: [&str; 9] = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"];

/// What became of a round: applied, repeated, put back, dead, lost.
fn sums(round: Round) -> [usize; 5] {
    let Round {
        applied,
        repeated,
        put_back,
        dead,
        lost,
        ..
    } = round;
    [applied, repeated, put_back, dead, lost]
}

async fn round<D: Database>(shop: &Shop<D>) -> [usize; 5] {
    sums(shop.processor.round().await.unwrap())
}

/// All but these.
fn without(left_out: &[&str]) -> Vec<&'static str> {
    let is_in = |id: &&str| !left_out.contains(id);
    IDS.into_iter().filter(is_in).collect()
}

pub(crate) async fn a_batch_is_booked_in_one_transaction(database: impl Database) {
    let shop = Shop::new(database);
    shop.deliver(&IDS).await;
    assert_eq!(round(&shop).await, [9, 0, 0, 0, 0]);
    assert_eq!(shop.calls(), [9]);
    assert_eq!(shop.database.ledger().await, IDS);
    // Again: nothing to look up, nothing to book.
    shop.clock.advance(REPEAT_PAUSE);
    shop.deliver(&IDS).await;
    assert_eq!(round(&shop).await, [0, 9, 0, 0, 0]);
    assert_eq!(shop.calls(), [0; 0]);
    assert_eq!(shop.database.ledger().await, IDS);
}

pub(crate) async fn what_is_confirmed_again_after_it_was_taken_back_waits_for_a_person(
    database: impl Database,
) {
    let shop = Shop::new(database);
    shop.deliver(&["t0", "t1"]).await;
    assert_eq!(round(&shop).await, [2, 0, 0, 0, 0]);
    *shop.api.status.lock().unwrap() = Some("failed");
    shop.deliver_with("t0", "failed").await;
    assert_eq!(round(&shop).await, [1, 0, 0, 0, 0]);
    *shop.api.status.lock().unwrap() = None;
    // The other was never taken back, and is only told again.
    shop.clock.advance(REPEAT_PAUSE);
    shop.deliver(&["t0", "t1"]).await;
    assert_eq!(round(&shop).await, [0, 1, 0, 1, 0]);
    assert!(shop.reason("t0").await.contains("confirmed once more"));
    assert_eq!(shop.database.ledger().await, ["t0", "t1"]);
}

pub(crate) async fn a_poisoned_callback_keeps_no_other_from_being_booked(database: impl Database) {
    let shop = Shop::new(database);
    shop.books.poison("t4", Poison::Refused);
    shop.deliver(&IDS).await;
    assert_eq!(round(&shop).await, [8, 0, 1, 0, 0]);
    // Halves, until it is alone; those before it in their order, and those behind.
    assert_eq!(shop.calls(), [9, 4, 5, 2, 1, 1, 3]);
    assert_eq!(shop.database.ledger().await, without(&["t4"]));
    assert_eq!(
        shop.reason("t4").await,
        "the handler failed: the books are closed"
    );
    // It comes again with others, and keeps none of them.
    shop.clock.advance(Duration::from_hours(1));
    shop.deliver(&["u0", "u1"]).await;
    assert_eq!(round(&shop).await, [2, 0, 1, 0, 0]);
    shop.clock.advance(Duration::from_hours(1));
    assert_eq!(round(&shop).await, [0, 0, 0, 1, 0], "at its third attempt");
    assert_eq!(shop.state("t4").await, EntryState::Dead);
    let mut want = without(&["t4"]);
    want.extend(["u0", "u1"]);
    assert_eq!(shop.database.ledger().await, want);

    // A person has repaired the books.
    shop.books.poisons.lock().unwrap().clear();
    let id = shop.entry("t4").await.id;
    let now = xgateway_callback::Clock::now(&*shop.clock);
    shop.database.store().replay(id, now).await.unwrap();
    assert_eq!(round(&shop).await, [1, 0, 0, 0, 0]);
    want.push("t4");
    assert_eq!(shop.database.ledger().await, want);
}

pub(crate) async fn a_failed_statement_that_nobody_looked_at_books_nothing_of_its_own<
    D: Database,
>(
    database: D,
) {
    let shop = Shop::new(database);
    shop.books.poison("t2", Poison::Fails);
    shop.books.poison("t5", Poison::FailsUnseen);
    shop.deliver(&IDS).await;
    if D::GOES_ON {
        assert_eq!(round(&shop).await, [8, 0, 1, 0, 0]);
        assert_eq!(shop.database.ledger().await, without(&["t2"]));
    } else {
        // The database has given the transaction up, whatever the book says.
        assert_eq!(round(&shop).await, [7, 0, 2, 0, 0]);
        assert_eq!(shop.database.ledger().await, without(&["t2", "t5"]));
        assert!(shop.reason("t5").await.contains("at the commit"));
    }
    assert_eq!(shop.reason("t2").await, "the handler failed: no such table");
}

pub(crate) async fn what_the_commit_refuses_is_found_and_the_others_are_booked(
    database: impl Database,
) {
    let shop = Shop::new(database);
    shop.books.poison("t0", Poison::NoCustomer);
    shop.books.poison("t8", Poison::NoCustomer);
    shop.deliver(&IDS).await;
    for dead in [[7, 0, 2, 0, 0], [0, 0, 2, 0, 0], [0, 0, 0, 2, 0]] {
        assert_eq!(round(&shop).await, dead);
        shop.clock.advance(Duration::from_hours(1));
    }
    assert_eq!(shop.database.ledger().await, without(&["t0", "t8"]));
    assert!(shop.reason("t0").await.contains("at the commit"));
}

pub(crate) async fn a_book_that_panics_keeps_no_other_from_being_booked(database: impl Database) {
    let shop = Shop::new(database);
    shop.books.poison("t6", Poison::Panics);
    shop.deliver(&IDS).await;
    assert_eq!(round(&shop).await, [8, 0, 1, 0, 0]);
    assert_eq!(shop.database.ledger().await, without(&["t6"]));
    assert_eq!(shop.reason("t6").await, "the handler failed: it panicked");
    // The worker goes on, and gives it up as it does anything that fails.
    for want in [[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0; 5]] {
        shop.clock.advance(Duration::from_hours(1));
        assert_eq!(round(&shop).await, want);
    }
    assert_eq!(shop.state("t6").await, EntryState::Dead);
    assert_eq!(shop.database.ledger().await, without(&["t6"]));
}

pub(crate) async fn a_book_that_is_abandoned_books_nothing<D: Database + 'static>(database: D) {
    let shop = Arc::new(Shop::new(database));
    shop.deliver(&IDS).await;
    shop.books.poison("t6", Poison::Stalls);
    let (reached, is_reached) = tokio::sync::oneshot::channel();
    shop.books.meanwhile.set(async {
        let _ = reached.send(());
    });
    let working = tokio::spawn({
        let processor = shop.processor.clone();
        async move { processor.round().await }
    });
    is_reached.await.unwrap();
    working.abort();
    assert!(working.await.is_err());
    assert_eq!(shop.database.ledger().await, [""; 0]);
    // They are another worker's when the lease of this one is over.
    assert_eq!(round(&shop).await, [0; 5]);
    shop.clock.advance(LEASE);
    shop.books.poisons.lock().unwrap().clear();
    // A server takes a moment to undo what was abandoned, and nobody waits for its locks.
    let mut booked = [0; 5];
    while booked == [0; 5] {
        booked = round(&shop).await;
    }
    assert_eq!(booked, [9, 0, 0, 0, 0]);
    assert_eq!(shop.database.ledger().await, IDS);
}

/// As a process does that is killed by what it is given: nothing is caught, and nothing noted.
pub(crate) async fn what_kills_its_worker_each_time_is_given_up_and_the_others_are_booked(
    database: impl Database,
) {
    let shop = Shop::new(database);
    shop.deliver(&IDS).await;
    shop.books.poison("t6", Poison::Stalls);
    let mut killed = 0;
    while shop.state("t6").await != EntryState::Dead {
        // It comes to its end, or to where it is killed.
        tokio::select! {
            () = shop.books.stalled.notified() => killed += 1,
            round = shop.processor.round() => drop(round.unwrap()),
        }
        assert!(killed < 40, "it goes on for ever");
        if killed == 10 {
            assert_eq!(shop.database.ledger().await.len(), 8, "they are rid of it");
        }
        shop.clock.advance(LEASE);
    }
    assert_eq!(killed, 23, "3 attempts, and 20 alone");
    let want = "its processing was begun 23 times and did not come to an end";
    assert_eq!(shop.reason("t6").await, want);
    let mut ledger = shop.database.ledger().await;
    ledger.sort();
    assert_eq!(ledger, without(&["t6"]));
}

/// The reason of an outage is kept until something else is noted, and nothing ever is.
pub(crate) async fn what_kills_its_worker_is_given_up_also_after_an_outage(
    database: impl Database,
) {
    let shop = Shop::new(database);
    shop.deliver(&["t6"]).await;
    shop.api.is_away.store(true, Ordering::Relaxed);
    assert_eq!(round(&shop).await, [0, 0, 1, 0, 0]);
    shop.api.is_away.store(false, Ordering::Relaxed);
    shop.books.poison("t6", Poison::Stalls);
    let mut killed = 0;
    while shop.state("t6").await != EntryState::Dead {
        shop.clock.advance(LEASE);
        tokio::select! {
            () = shop.books.stalled.notified() => killed += 1,
            round = shop.processor.round() => drop(round.unwrap()),
        }
        assert!(killed < 60, "it goes on for ever");
    }
    assert_eq!(killed, 22 + 23, "one attempt was the API's");
}

/// Takes a round in which time is up for whatever stalls.
async fn hurried_round<D: Database>(shop: &Shop<D>) -> [usize; 5] {
    let hurry = async {
        loop {
            shop.books.stalled.notified().await;
            shop.clock.time_is_up.notify_one();
        }
    };
    tokio::select! {
        round = round(shop) => round,
        never = hurry => never,
    }
}

pub(crate) async fn of_those_that_take_too_long_together_each_is_tried_alone(
    database: impl Database,
) {
    let shop = Shop::new(database);
    shop.books.poison("t6", Poison::Stalls);
    shop.deliver(&IDS).await;
    assert_eq!(hurried_round(&shop).await, [0, 0, 9, 0, 0]);
    for id in IDS {
        let entry = shop.entry(id).await;
        assert_eq!(entry.attempts, 0, "nobody knows which it was");
        assert!(shop.reason(id).await.contains("tried alone"));
    }
    assert_eq!(shop.database.ledger().await, [""; 0]);
    // From now on it is alone, whatever comes with it.
    for (new, want) in [
        (["u0", "u1"], [10, 0, 1, 0, 0]),
        (["u2", "u3"], [2, 0, 1, 0, 0]),
        (["u4", "u5"], [2, 0, 0, 1, 0]),
    ] {
        shop.clock.advance(Duration::from_mins(1));
        shop.deliver(&new).await;
        assert_eq!(hurried_round(&shop).await, want);
    }
    assert_eq!(
        shop.reason("t6").await,
        "the handler failed: it took too long"
    );
    let mut ledger = shop.database.ledger().await;
    ledger.sort();
    let mut want = without(&["t6"]);
    want.extend(["u0", "u1", "u2", "u3", "u4", "u5"]);
    assert_eq!(ledger, want);
}

/// Nobody's book is to blame for it.
pub(crate) async fn a_question_that_takes_too_long_leaves_time_to_book_the_others<
    D: Database + 'static,
>(
    database: D,
) {
    let shop = Arc::new(Shop::new(database));
    shop.deliver(&IDS).await;
    let asking = shop.clone();
    shop.api.meanwhile.set(async move {
        asking.books.stalled.notify_one();
        std::future::pending::<()>().await;
    });
    assert_eq!(hurried_round(&shop).await, [8, 0, 1, 0, 0]);
    assert_eq!(shop.calls(), [8]);
    let reason = shop.reason("t0").await;
    assert_eq!(reason, "the gateway's API gave no answer: it took too long");
    assert_eq!(shop.database.ledger().await, without(&["t0"]));
}

pub(crate) async fn leases_that_were_lost_while_the_api_was_asked_are_not_booked_twice(
    database: impl Database,
) {
    let shop = Shop::new(database);
    shop.deliver(&IDS).await;
    let (other, clock) = (shop.other_worker(), shop.clock.clone());
    shop.api.meanwhile.set(async move {
        clock.advance(LEASE);
        assert_eq!(sums(other.round().await.unwrap()), [9, 0, 0, 0, 0]);
    });
    assert_eq!(round(&shop).await, [0, 0, 0, 0, 9]);
    assert_eq!(shop.database.ledger().await, IDS);
    assert_eq!(shop.calls(), [9]);
}

pub(crate) async fn one_that_was_lost_leaves_the_others(database: impl Database) {
    let shop = Shop::new(database);
    shop.deliver(&IDS).await;
    let (store, entry) = (shop.database.store(), shop.entry("t3").await);
    shop.api.meanwhile.set(async move {
        // Its worker has stood still for long, as whoever replays it sees it.
        let later = entry.received_at + LEASE;
        store.replay(entry.id, later).await.unwrap();
    });
    assert_eq!(round(&shop).await, [8, 0, 0, 0, 1]);
    assert_eq!(shop.database.ledger().await, without(&["t3"]));
    shop.clock.advance(LEASE);
    assert_eq!(round(&shop).await, [1, 0, 0, 0, 0]);
    assert_eq!(shop.database.ledger().await.len(), 9);
}

/// Whoever sends a callback again and again holds nothing up.
pub(crate) async fn what_comes_again_meanwhile_is_booked_all_the_same<D: Database + 'static>(
    database: D,
) {
    let shop = Arc::new(Shop::new(database));
    shop.deliver(&IDS).await;
    let repeating = shop.clone();
    shop.api.meanwhile.set(async move {
        repeating.deliver(&IDS).await;
        repeating.deliver(&IDS).await;
    });
    assert_eq!(round(&shop).await, [9, 0, 0, 0, 0]);
    assert_eq!(shop.database.ledger().await, IDS);
    // It is looked into, though not at once, and nothing comes of it.
    assert_eq!(round(&shop).await, [0; 5]);
    shop.clock.advance(REPEAT_PAUSE);
    assert_eq!(round(&shop).await, [0, 9, 0, 0, 0]);
    assert_eq!(round(&shop).await, [0; 5]);
    assert_eq!(shop.database.ledger().await, IDS);
}

/// A book that knows nothing of batches.
struct Single<B>(B);

#[async_trait]
impl<C: Ledger + 'static, B: Book<C>> Book<C> for Single<B> {
    async fn book(
        &self,
        connection: &mut C,
        callback: &ConfirmedCallback,
    ) -> Result<(), HandlerError> {
        self.0.book(connection, callback).await
    }
}

pub(crate) async fn single_books_share_the_transaction_too(database: impl Database) {
    let shop = Shop::new(database);
    let single = Single(shop.books.clone());
    let (store, api) = (shop.database.store(), shop.api.clone());
    let worker = processor(store, single, api, shop.clock.clone());
    shop.books.poison("t8", Poison::Refused);
    shop.deliver(&IDS).await;
    assert_eq!(sums(worker.round().await.unwrap()), [8, 0, 1, 0, 0]);
    assert_eq!(shop.database.ledger().await, without(&["t8"]));
    // All nine; the first four; the others; and so on to the last.
    assert_eq!(shop.calls().len(), 9 + 4 + 5 + 2 + 3 + 1 + 2 + 1 + 1);
}

pub(crate) async fn events_of_one_transaction_are_booked_once(database: impl Database) {
    let shop = Shop::new(database);
    // By now the API says of each that it is confirmed.
    for status in ["processing", "failed", "confirmed"] {
        shop.deliver_with("t0", status).await;
    }
    shop.deliver(&["t1"]).await;
    assert_eq!(round(&shop).await, [2, 0, 0, 0, 0]);
    for _ in 0..2 {
        assert_eq!(round(&shop).await, [0, 1, 0, 0, 0], "one of a subject");
    }
    assert_eq!(shop.calls(), [2]);
    assert_eq!(shop.database.ledger().await, ["t0", "t1"]);
}
