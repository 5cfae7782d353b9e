//! What the merchant writes about a callback: a row for each deposit.

use async_trait::async_trait;
use sqlx::{PgConnection, QueryBuilder, Sqlite, SqliteConnection};
use xgateway::callback::{Book, ConfirmedCallback, HandlerError, SettledDeposit};

/// Writes each deposit with a statement of its own.
#[derive(Debug)]
pub(super) struct Singly;

/// Writes all deposits with one statement.
#[derive(Debug)]
pub(super) struct Together;

const INSERT: &str = "INSERT INTO book VALUES ($1, $2, $3, $4)";

/// The deposit, if that is what the callback is about and it has arrived.
fn deposit(callback: &ConfirmedCallback) -> Result<Option<SettledDeposit<'_>>, HandlerError> {
    let ConfirmedCallback::Transaction(transaction) = callback else {
        return Err(HandlerError::Never("deposits only".to_owned()));
    };
    Ok(transaction.settled_deposit())
}

fn deposits<'a>(
    callbacks: &[&'a ConfirmedCallback],
) -> Result<Vec<SettledDeposit<'a>>, HandlerError> {
    let deposits = callbacks.iter().map(|callback| deposit(callback));
    deposits.filter_map(Result::transpose).collect()
}

fn failed(_: sqlx::Error) -> HandlerError {
    HandlerError::Again("the ledger is away".to_owned())
}

/// One row.
macro_rules! insert {
    ($connection:ident, $callback:ident) => {{
        if let Some(deposit) = deposit($callback)? {
            let insert = sqlx::query(INSERT)
                .bind(deposit.id())
                .bind(deposit.customer_id())
                .bind(deposit.amount().as_str())
                .bind(deposit.currency().as_str());
            insert.execute($connection).await.map_err(failed)?;
        }
        Ok(())
    }};
}

#[async_trait]
impl Book<SqliteConnection> for Singly {
    async fn book(
        &self,
        connection: &mut SqliteConnection,
        callback: &ConfirmedCallback,
    ) -> Result<(), HandlerError> {
        insert!(connection, callback)
    }
}

#[async_trait]
impl Book<PgConnection> for Singly {
    async fn book(
        &self,
        connection: &mut PgConnection,
        callback: &ConfirmedCallback,
    ) -> Result<(), HandlerError> {
        insert!(connection, callback)
    }
}

#[async_trait]
impl Book<SqliteConnection> for Together {
    async fn book(
        &self,
        connection: &mut SqliteConnection,
        callback: &ConfirmedCallback,
    ) -> Result<(), HandlerError> {
        insert!(connection, callback)
    }

    async fn book_all(
        &self,
        connection: &mut SqliteConnection,
        callbacks: &[&ConfirmedCallback],
    ) -> Result<(), HandlerError> {
        let deposits = deposits(callbacks)?;
        if deposits.is_empty() {
            return Ok(());
        }
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO book ");
        sql.push_values(deposits, |mut row, deposit| {
            row.push_bind(deposit.id())
                .push_bind(deposit.customer_id())
                .push_bind(deposit.amount().as_str())
                .push_bind(deposit.currency().as_str());
        });
        let insert = sql.build().persistent(false);
        insert.execute(connection).await.map_err(failed)?;
        Ok(())
    }
}

#[async_trait]
impl Book<PgConnection> for Together {
    async fn book(
        &self,
        connection: &mut PgConnection,
        callback: &ConfirmedCallback,
    ) -> Result<(), HandlerError> {
        insert!(connection, callback)
    }

    async fn book_all(
        &self,
        connection: &mut PgConnection,
        callbacks: &[&ConfirmedCallback],
    ) -> Result<(), HandlerError> {
        let deposits = deposits(callbacks)?;
        let ids: Vec<_> = deposits.iter().map(|it| it.id()).collect();
        let customers: Vec<_> = deposits.iter().map(|it| it.customer_id()).collect();
        let amounts: Vec<_> = deposits.iter().map(|it| it.amount().as_str()).collect();
        let currencies: Vec<_> = deposits.iter().map(|it| it.currency().as_str()).collect();
        sqlx::query(
            "INSERT INTO book SELECT * FROM UNNEST($1::text[], $2::text[], $3::text[], $4::text[])",
        )
        .bind(&ids[..])
        .bind(&customers[..])
        .bind(&amounts[..])
        .bind(&currencies[..])
        .execute(connection)
        .await
        .map_err(failed)?;
        Ok(())
    }
}
