//! The effect in the database transaction.

use async_trait::async_trait;
use xgateway_store::test_util::{Ledger, effect_duties};

use super::schema::Schema;

type Connection = sqlx::PgConnection;
type Store = xgateway_store::PostgresStore;

/// Makes an entry one of a later version.
const MAKE_UNREADABLE: &str = "UPDATE xgateway_body SET kind = 'chargeback' WHERE subject = 'b'";

/// Makes what is given up stay as it was.
const FORBID_DEATH: &str = "CREATE FUNCTION no_death() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'nobody dies'; END $$;
    CREATE TRIGGER no_death BEFORE UPDATE ON xgateway_work FOR EACH ROW WHEN (NEW.state = 2)
        EXECUTE FUNCTION no_death()";

pub(super) async fn open() -> Option<(Store, Schema)> {
    let schema = Schema::new().await?;
    let store = schema.open().await;
    sqlx::query("CREATE TABLE ledger (subject TEXT)")
        .execute(&mut schema.connect().await)
        .await
        .unwrap();
    Some((store, schema))
}

async fn reopen(schema: &Schema) -> Store {
    schema.open().await
}

include!("../apply/tests.rs");

/// The table `ledger` in the schema of a store.
struct Lines {
    store: Store,
    schema: Schema,
}

#[async_trait]
impl Ledger for Lines {
    type Store = Store;

    fn store(&self) -> &Store {
        &self.store
    }

    async fn write(&self, connection: &mut Connection, line: &str) {
        let insert = sqlx::query("INSERT INTO ledger (subject) VALUES ($1)");
        insert.bind(line).execute(connection).await.unwrap();
    }

    async fn lines(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT subject FROM ledger")
            .fetch_all(&mut self.schema.connect().await)
            .await
            .unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn effects() {
    for duty in effect_duties() {
        let Some((store, schema)) = open().await else {
            return;
        };
        duty.check(Arc::new(Lines { store, schema })).await;
    }
}
