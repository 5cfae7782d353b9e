use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway_store::{Claim, Completed, EffectKey, EffectStore, SharedInbox, StoreErrorKind};

use super::apply::{Apply, ApplyError, HandlerError};
use super::caught::caught;
use crate::confirm::ConfirmedCallback;

/// What the merchant writes about callbacks, in the database transaction that ends them. `C` is the connection of the
/// store: `sqlx::SqliteConnection`, `sqlx::PgConnection`.
///
/// **Everything must go through the connection.** The transaction may be undone after the book returned, since another
/// callback in it or the commit failed: then the book is called again. So keep nothing in memory, send nothing, wait
/// for nothing but the database, and do not end the transaction yourself.
///
/// **It is not for whoever takes cards.** The card flow asks the gateway, and writes into a journal: in the same SQLite file it
/// would wait for the connection that the book holds. Take [`AtLeastOnce`](crate::AtLeastOnce), and credit under the
/// transaction's id as the unique key.
#[async_trait]
pub trait Book<C: Send>: Send + Sync {
    /// Writes what a callback changes.
    ///
    /// # Errors
    ///
    /// [`HandlerError`] says whether to call again. What was written is undone.
    async fn book(
        &self,
        connection: &mut C,
        callback: &ConfirmedCallback,
    ) -> Result<(), HandlerError>;

    /// Writes what many callbacks change, in the order in which they came, with as few statements as it likes. Unless
    /// implemented, it calls [`book`](Self::book) for each.
    ///
    /// If it fails, all is undone, and it is called for each half, and so on until the one that fails is found. An
    /// implementation that changes rows which callbacks have in common, such as balances, should change them in one
    /// order everywhere: else the database must end one of two transactions that wait for each other.
    ///
    /// # Errors
    ///
    /// [`HandlerError`]; what it says counts when there is one callback left.
    async fn book_all(
        &self,
        connection: &mut C,
        callbacks: &[&ConfirmedCallback],
    ) -> Result<(), HandlerError> {
        for callback in callbacks {
            self.book(connection, callback).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl<C: Send + 'static, B: Book<C> + ?Sized> Book<C> for Arc<B> {
    async fn book(
        &self,
        connection: &mut C,
        callback: &ConfirmedCallback,
    ) -> Result<(), HandlerError> {
        (**self).book(connection, callback).await
    }

    async fn book_all(
        &self,
        connection: &mut C,
        callbacks: &[&ConfirmedCallback],
    ) -> Result<(), HandlerError> {
        (**self).book_all(connection, callbacks).await
    }
}

/// Calls a [`Book`] in the database transaction of the store that ends the entries: what it writes happens exactly once.
///
/// All callbacks of a [batch](crate::ProcessorSettings::batch) share one transaction and one commit. If one of them
/// fails or panics, the others are booked all the same.
#[derive(Debug)]
pub struct ExactlyOnce<S, B> {
    store: S,
    book: B,
}

impl<S, B> ExactlyOnce<S, B> {
    /// Calls `book` for what comes out of `store`.
    pub fn new(store: S, book: B) -> Self {
        Self { store, book }
    }
}

#[async_trait]
impl<S: EffectStore + Clone, B: Book<S::Connection>> Apply for ExactlyOnce<S, B> {
    async fn apply(
        &self,
        claim: &Claim,
        callback: &ConfirmedCallback,
        now: Timestamp,
    ) -> Result<Completed, ApplyError> {
        let ended = self.transact(&[(claim, callback)], now).await?;
        completed(ended.into_iter().next().flatten())
    }

    fn inbox(&self) -> SharedInbox {
        Arc::new(self.store.clone())
    }

    fn together_max(&self) -> usize {
        usize::MAX
    }

    /// Nobody knows which of them failed, so halves are tried: for one that fails among `n` some `2 log n` transactions.
    async fn apply_all(
        &self,
        confirmed: &[(&Claim, &ConfirmedCallback)],
        now: Timestamp,
    ) -> Vec<Result<Completed, ApplyError>> {
        let mut results = Vec::with_capacity(confirmed.len());
        // Those to come, the next one last.
        let mut parts = Vec::from([confirmed]);
        while let Some(part) = parts.pop() {
            match self.transact(part, now).await {
                Ok(ended) => results.extend(ended.into_iter().map(completed)),
                Err(error @ ApplyError::Store(_)) => {
                    // No other part will fare better.
                    results.resize(confirmed.len(), Err(error));
                    break;
                }
                Err(error @ ApplyError::Handler(_)) if part.len() == 1 => results.push(Err(error)),
                Err(ApplyError::Handler(_)) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                }
            }
        }
        results
    }
}

impl<S: EffectStore, B: Book<S::Connection>> ExactlyOnce<S, B> {
    /// Ends entries and books those whose effect is the first, all or none.
    async fn transact(
        &self,
        confirmed: &[(&Claim, &ConfirmedCallback)],
        now: Timestamp,
    ) -> Result<Vec<Option<Completed>>, ApplyError> {
        let ends: Vec<(&Claim, Option<EffectKey>)> = confirmed
            .iter()
            .map(|(claim, callback)| (*claim, callback.effect()))
            .collect();
        let (mut effect, ended) = self.store.apply_all(&ends, now).await?;
        let callbacks: Vec<_> = confirmed
            .iter()
            .zip(&ended)
            .filter(|(_, ended)| **ended == Some(Completed::First))
            .map(|((_, callback), _)| *callback)
            .collect();
        let connection = S::connection(&mut effect);
        match *callbacks {
            [] => {}
            // The transaction is undone when it is dropped, also behind a panic.
            [callback] => caught(self.book.book(connection, callback))
                .await
                .map_err(HandlerError::from)??,
            _ => caught(self.book.book_all(connection, &callbacks))
                .await
                .map_err(HandlerError::from)??,
        }
        match S::commit(effect).await {
            Ok(()) => Ok(ended),
            // What the book wrote cannot be committed: a constraint that waits for the end, or a failed statement that
            // nobody looked at.
            Err(error) if error.kind() == StoreErrorKind::Database => {
                let why = "what it wrote was refused by the database at the commit";
                Err(HandlerError::Again(why.to_owned()).into())
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn completed(ended: Option<Completed>) -> Result<Completed, ApplyError> {
    ended.ok_or_else(|| ApplyError::Store(StoreErrorKind::LeaseLost.into()))
}
