//! Entries that are due again because their callbacks came once more.
//!
//! In a task of its own: while a merchant's book holds the row of such an entry, new callbacks go on being stored.

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::error::{StoreError, StoreErrorKind};
use crate::inbox::{Accepted, EntryId};

/// The statement that makes entries due again.
pub(crate) trait Reopen: Send + 'static {
    /// Makes entries due again, whose ids are in ascending order and differ. Returns the ids of those for which that is
    /// durable now. Left out is what others hold for long, and what is gone since it was old.
    fn reopen(
        &mut self,
        ids: &[EntryId],
        at: Timestamp,
    ) -> impl Future<Output = Result<Vec<EntryId>, StoreError>> + Send;
}

/// A delivery that is answered when its entry is due again.
pub(crate) struct Again {
    pub(crate) accepted: Accepted,
    pub(crate) at: Timestamp,
    pub(crate) answer: oneshot::Sender<Result<Accepted, StoreError>>,
}

/// Makes entries due again, as many as have gathered at a time, until nobody can ask for more.
pub(crate) async fn run(
    mut reopen: impl Reopen,
    mut receiver: mpsc::Receiver<Again>,
    batch_max: usize,
) {
    let mut gathered = Vec::with_capacity(batch_max);
    while receiver.recv_many(&mut gathered, batch_max).await > 0 {
        // They came together, so they are due together.
        let at = gathered.iter().map(|it| it.at).max().unwrap_or_default();
        let mut ids: Vec<_> = gathered.iter().map(|it| it.accepted.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        let reopened = reopen.reopen(&ids, at).await;
        for Again {
            accepted, answer, ..
        } in gathered.drain(..)
        {
            let result = match &reopened {
                Ok(ids) if ids.contains(&accepted.id()) => Ok(accepted),
                // The gateway sends it once more.
                Ok(_) => Err(StoreErrorKind::Busy.into()),
                Err(error) => Err(error.clone()),
            };
            // Whoever asked may have gone: the entry is due all the same.
            let _ = answer.send(result);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever is asked of it is noted; odd ids are held by somebody.
    struct Table(mpsc::UnboundedSender<(Vec<i64>, i64)>);

    impl Reopen for Table {
        async fn reopen(
            &mut self,
            ids: &[EntryId],
            at: Timestamp,
        ) -> Result<Vec<EntryId>, StoreError> {
            let numbers = ids.iter().map(|id| id.get()).collect();
            self.0.send((numbers, at.as_millisecond())).unwrap();
            let free = ids.iter().copied().filter(|id| id.get() % 2 == 0);
            Ok(free.collect())
        }
    }

    #[tokio::test]
    async fn those_that_come_together_share_a_statement_and_one_that_is_held_fails_alone() {
        let (sender, receiver) = mpsc::channel(8);
        let mut answers = Vec::new();
        for (id, at) in [(4, 3), (1, 5), (4, 7), (2, 6)] {
            let (answer, answered) = oneshot::channel();
            let accepted = Accepted::Duplicate(EntryId::new(id));
            let at = Timestamp::from_millisecond(at).unwrap();
            let again = Again {
                accepted,
                at,
                answer,
            };
            assert!(sender.try_send(again).is_ok());
            answers.push(answered);
        }
        drop(sender);
        let (asked, mut statements) = mpsc::unbounded_channel();
        run(Table(asked), receiver, 64).await;
        assert_eq!(statements.recv().await, Some((vec![1, 2, 4], 7)));
        assert_eq!(statements.recv().await, None);
        let mut results = Vec::new();
        for answered in answers {
            let result = answered.await.unwrap();
            results.push(result.map(|it| it.id().get()).map_err(|it| it.kind()));
        }
        assert_eq!(results, [Ok(4), Err(StoreErrorKind::Busy), Ok(4), Ok(2)]);
    }
}
