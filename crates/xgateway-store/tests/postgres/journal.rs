//! Rows of the journal that cannot be read.

use super::schema::Schema;

type Store = xgateway_store::PostgresStore;

async fn open() -> Option<(Store, Schema)> {
    let schema = Schema::new().await?;
    Some((schema.open().await, schema))
}

async fn execute(schema: &Schema, statement: &'static str) {
    sqlx::query(statement)
        .execute(&mut schema.connect().await)
        .await
        .unwrap();
}

include!("../journal/tests.rs");
