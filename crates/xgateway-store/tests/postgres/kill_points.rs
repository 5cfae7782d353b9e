//! A process that is killed at each point of a callback's way.

use super::apply::open;
use super::schema::Schema;

type Connection = sqlx::PgConnection;
type Store = xgateway_store::PostgresStore;

fn place(schema: &Schema) -> String {
    schema.url()
}

async fn open_at(place: &str) -> Store {
    Store::open(xgateway_store::PostgresOptions::new(place))
        .await
        .unwrap()
}

include!("../kill_points/tests.rs");
