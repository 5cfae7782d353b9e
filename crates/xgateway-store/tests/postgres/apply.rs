//! The effect in the database transaction.

use super::schema::Schema;

type Connection = sqlx::PgConnection;
type Store = xgateway_store::PostgresStore;

/// Makes an entry one of a later version.
const MAKE_UNREADABLE: &str = "UPDATE xgateway_body SET kind = 'chargeback' WHERE subject = 'b'";

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
include!("../apply/together.rs");
