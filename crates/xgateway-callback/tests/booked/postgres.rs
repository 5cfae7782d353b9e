//! In PostgreSQL.

use std::sync::Arc;

use sqlx::PgConnection;
use xgateway_store::PostgresStore;

use crate::over_a_database;
use crate::schema::Schema;
use crate::shop::{Database, Shop};

const CREATE: &str = "CREATE TABLE customer (id TEXT PRIMARY KEY);
    INSERT INTO customer VALUES ('ann');
    CREATE TABLE ledger (
        number BIGINT GENERATED ALWAYS AS IDENTITY,
        id TEXT,
        customer TEXT REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED
    )";

pub(crate) struct Postgres {
    schema: Arc<Schema>,
    store: PostgresStore,
}

impl Database for Postgres {
    type Connection = PgConnection;
    type Store = PostgresStore;

    const GOES_ON: bool = false;

    async fn open() -> Option<Self> {
        let schema = Arc::new(Schema::new().await?);
        let store = schema.open().await;
        let mut connection = schema.connect().await;
        sqlx::raw_sql(CREATE)
            .execute(&mut connection)
            .await
            .unwrap();
        Some(Self { schema, store })
    }

    fn store(&self) -> PostgresStore {
        self.store.clone()
    }

    async fn ledger(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT id FROM ledger ORDER BY number")
            .fetch_all(&mut self.schema.connect().await)
            .await
            .unwrap()
    }
}

over_a_database! { Postgres:
    a_batch_is_booked_in_one_transaction
    what_is_confirmed_again_after_it_was_taken_back_waits_for_a_person
    a_poisoned_callback_keeps_no_other_from_being_booked
    a_failed_statement_that_nobody_looked_at_books_nothing_of_its_own
    what_the_commit_refuses_is_found_and_the_others_are_booked
    a_book_that_panics_keeps_no_other_from_being_booked
    a_book_that_is_abandoned_books_nothing
    what_kills_its_worker_each_time_is_given_up_and_the_others_are_booked
    what_kills_its_worker_is_given_up_also_after_an_outage
    of_those_that_take_too_long_together_each_is_tried_alone
    a_question_that_takes_too_long_leaves_time_to_book_the_others
    leases_that_were_lost_while_the_api_was_asked_are_not_booked_twice
    one_that_was_lost_leaves_the_others
    what_comes_again_meanwhile_is_booked_all_the_same
    single_books_share_the_transaction_too
    events_of_one_transaction_are_booked_once
}

/// The server ends all connections while a batch is written: what was written is undone, and the halves go over new ones.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_lost_in_the_middle_of_a_batch_loses_and_doubles_nothing() {
    let Some(database) = Postgres::open().await else {
        return;
    };
    let shop = Shop::new(database);
    let ids = ["t0", "t1", "t2", "t3"];
    shop.deliver(&ids).await;
    let schema = shop.database.schema.clone();
    shop.books.meanwhile.set(async move {
        let mut administrator = schema.connect().await;
        assert!(schema.disconnect(&mut administrator).await > 0);
    });
    let round = shop.processor.round().await.unwrap();
    assert_eq!((round.applied, round.claimed()), (4, 4));
    assert_eq!(shop.calls(), [4, 2, 2]);
    assert_eq!(shop.database.ledger().await, ids);
}
