//! In SQLite.

use sqlx::{ConnectOptions as _, SqliteConnection};
use tempfile::TempDir;
use xgateway_store::{SqliteOptions, SqliteStore};

use crate::over_a_database;
use crate::shop::Database;

const CREATE: &str = "CREATE TABLE customer (id TEXT PRIMARY KEY);
    INSERT INTO customer VALUES ('ann');
    CREATE TABLE ledger (
        number INTEGER PRIMARY KEY,
        id TEXT,
        customer TEXT REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED
    )";

pub(crate) struct Sqlite {
    folder: TempDir,
    store: SqliteStore,
}

impl Database for Sqlite {
    type Connection = SqliteConnection;
    type Store = SqliteStore;

    const GOES_ON: bool = true;

    async fn open() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db");
        let store = SqliteStore::open(SqliteOptions::new(path)).await.unwrap();
        let database = Self { folder, store };
        let mut connection = database.connect().await;
        sqlx::raw_sql(CREATE)
            .execute(&mut connection)
            .await
            .unwrap();
        Some(database)
    }

    fn store(&self) -> SqliteStore {
        self.store.clone()
    }

    async fn ledger(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT id FROM ledger ORDER BY number")
            .fetch_all(&mut self.connect().await)
            .await
            .unwrap()
    }
}

impl Sqlite {
    async fn connect(&self) -> SqliteConnection {
        let options = sqlx::sqlite::SqliteConnectOptions::new();
        let options = options.filename(self.folder.path().join("shop.db"));
        options.foreign_keys(true).connect().await.unwrap()
    }
}

over_a_database! { Sqlite:
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
