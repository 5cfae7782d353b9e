//! A process that is killed at each point of a callback's way.

use tempfile::TempDir;

use super::apply::open;

type Connection = sqlx::SqliteConnection;
type Store = xgateway_store::SqliteStore;

fn place(folder: &TempDir) -> String {
    let path = super::options(folder).path;
    path.to_str().unwrap().to_owned()
}

async fn open_at(place: &str) -> Store {
    Store::open(xgateway_store::SqliteOptions::new(place))
        .await
        .unwrap()
}

include!("../kill_points/tests.rs");
