//! How much room the inbox takes: where the figures of `docs/scale.md` come from.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Row as _};

use crate::Outcome;

/// One table, or one index.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Size {
    pub(super) name: String,
    /// As the run leaves it.
    pub(super) bytes: i64,
    /// Rewritten without gaps.
    pub(super) bytes_dense: i64,
}

const COUNTS: &str = "SELECT (SELECT count(*) FROM xgateway_inbox) AS entries,
    (SELECT count(*) FROM xgateway_effect) AS effects,
    (SELECT sum(length(payload)) FROM xgateway_inbox) AS payload";

/// Each table with what is stored out of line, and each index.
const POSTGRES: &str = "SELECT relname::text AS name,
        CASE relkind WHEN 'r' THEN pg_table_size(oid) ELSE pg_relation_size(oid) END AS bytes
    FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'i')
        AND (relname LIKE 'xgateway_body%' OR relname LIKE 'xgateway_work%' OR relname LIKE 'xgateway_effect%')";

const SQLITE: &str = "SELECT name, sum(pgsize) AS bytes FROM dbstat
    WHERE name LIKE 'xgateway_inbox%' OR name LIKE 'xgateway_effect%' GROUP BY name";

pub(super) async fn postgres(url: &str) -> Outcome<Vec<Size>> {
    let mut connection = PgConnection::connect(url).await?;
    let row = sqlx::query(COUNTS).fetch_one(&mut connection).await?;
    let mut sizes = counts(row.get("entries"), row.get("effects"), row.get("payload"));
    let mut seen = Vec::new();
    for _ in 0..2 {
        let rows = sqlx::query(POSTGRES).fetch_all(&mut connection).await?;
        let rows = rows.iter().map(|row| (row.get("name"), row.get("bytes")));
        seen.push(rows.collect::<BTreeMap<String, i64>>());
        for statement in [
            "VACUUM FULL xgateway_body",
            "VACUUM FULL xgateway_work",
            "VACUUM FULL xgateway_effect",
        ] {
            sqlx::query(statement).execute(&mut connection).await?;
        }
    }
    sizes.extend(both(&seen));
    Ok(sizes)
}

pub(super) async fn sqlite(file: &Path) -> Outcome<Vec<Size>> {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection = options.connect().await?;
    let row = sqlx::query(COUNTS).fetch_one(&mut connection).await?;
    let mut sizes = counts(row.get("entries"), row.get("effects"), row.get("payload"));
    let mut seen = Vec::new();
    for _ in 0..2 {
        let rows = sqlx::query(SQLITE).fetch_all(&mut connection).await?;
        let rows = rows.iter().map(|row| (row.get("name"), row.get("bytes")));
        seen.push(rows.collect::<BTreeMap<String, i64>>());
        sqlx::query("VACUUM").execute(&mut connection).await?;
    }
    sizes.extend(both(&seen));
    Ok(sizes)
}

/// Not sizes but numbers, which the sizes are divided by.
fn counts(entries: i64, effects: i64, payload: Option<i64>) -> Vec<Size> {
    [
        ("entries", entries),
        ("effects", effects),
        ("payload", payload.unwrap_or_default()),
    ]
    .map(|(name, count)| Size {
        name: name.to_owned(),
        bytes: count,
        bytes_dense: count,
    })
    .into()
}

fn both(seen: &[BTreeMap<String, i64>]) -> Vec<Size> {
    let [before, after] = seen else {
        return Vec::new();
    };
    let sizes = before.iter().map(|(name, bytes)| Size {
        name: name.clone(),
        bytes: *bytes,
        bytes_dense: after.get(name).copied().unwrap_or_default(),
    });
    sizes.collect()
}
