//! Group commit: what has gathered while the last commit was under way becomes the next one.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::again::{self, Again, Reopen};
use super::batch::{self, Rows, Stored};
use crate::error::{StoreError, StoreErrorKind};
use crate::inbox::{Accepted, NewEntry};

/// Accepts callbacks in one task, so that many that come at the same time share one commit.
///
/// Measured elsewhere: a commit for each costs some 3.5 times as much under load. One that comes alone does not wait.
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

struct Job {
    entry: NewEntry,
    answer: oneshot::Sender<Result<Accepted, StoreError>>,
}

impl Writer {
    /// Starts the tasks, on the runtime of the caller. `queue_max` callbacks may wait; `batch_max` share a commit.
    pub(crate) fn start(
        rows: impl Rows,
        reopen: impl Reopen,
        queue_max: usize,
        batch_max: usize,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(queue_max.max(1));
        let (repeats, repeated) = mpsc::channel(queue_max.max(1));
        let tasks = vec![
            tokio::spawn(run(rows, repeats, receiver, batch_max)),
            tokio::spawn(again::run(reopen, repeated, batch_max)),
        ];
        Self {
            queue: Mutex::new(Some(sender)),
            tasks: Mutex::new(tasks),
        }
    }

    /// Queues a callback and waits until it is durable.
    pub(crate) async fn accept(&self, entry: NewEntry) -> Result<Accepted, StoreError> {
        let (answer, answered) = oneshot::channel();
        let queue = self.queue().clone().ok_or(StoreErrorKind::Closed)?;
        queue
            .try_send(Job { entry, answer })
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => StoreErrorKind::QueueFull,
                mpsc::error::TrySendError::Closed(_) => StoreErrorKind::Closed,
            })?;
        drop(queue);
        // Without an answer the task is gone, and nobody knows how far it came.
        answered
            .await
            .unwrap_or_else(|_| Err(StoreErrorKind::Unavailable.into()))
    }

    /// Takes no more, and returns when all that was queued is stored or refused.
    pub(crate) async fn close(&self) {
        drop(self.queue().take());
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            // A panic in it was reported to those who waited.
            let _ = task.await;
        }
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, Option<mpsc::Sender<Job>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

async fn run(
    mut rows: impl Rows,
    repeats: mpsc::Sender<Again>,
    mut receiver: mpsc::Receiver<Job>,
    batch_max: usize,
) {
    let mut done = Done::default();
    loop {
        let mut jobs = Vec::with_capacity(batch_max);
        // Whoever queued while the last commit was under way is next, and the others queue while that one is. Nobody
        // waits for more to gather: measured, that costs more than it saves.
        if receiver.is_empty() {
            done.tell(&repeats);
            let Some(first) = receiver.recv().await else {
                return; // Closed, and nothing is left.
            };
            jobs.push(first);
        }
        while jobs.len() < batch_max
            && let Ok(job) = receiver.try_recv()
        {
            jobs.push(job);
        }
        let (entries, answers): (Vec<_>, Vec<_>) =
            jobs.into_iter().map(|job| (job.entry, job.answer)).unzip();
        let mut commit = pin!(store(&mut rows, &entries));
        // The database works already while those of the last commit are answered.
        let early = poll_fn(|context| Poll::Ready(commit.as_mut().poll(context))).await;
        done.tell(&repeats);
        let results = match early {
            Poll::Ready(results) => results,
            Poll::Pending => commit.await,
        };
        done = Done { answers, results };
    }
}

/// Stores a batch. If the database refuses it, each is tried alone: one that it will never take must not keep those back
/// that happened to come with it, time after time.
async fn store(rows: &mut impl Rows, entries: &[NewEntry]) -> Vec<Result<Stored, StoreError>> {
    match batch::store(rows, entries).await {
        Ok(stored) => stored.into_iter().map(Ok).collect(),
        Err(error) if error.is_transient() || entries.len() == 1 => {
            vec![Err(error); entries.len()]
        }
        Err(_) => {
            let mut results = Vec::with_capacity(entries.len());
            for entry in entries {
                let stored = batch::store(rows, std::slice::from_ref(entry)).await;
                results.push(stored.map(|stored| stored[0]));
            }
            results
        }
    }
}

/// What became of a batch whose callers may not have been told yet.
#[derive(Default)]
struct Done {
    answers: Vec<oneshot::Sender<Result<Accepted, StoreError>>>,
    results: Vec<Result<Stored, StoreError>>,
}

impl Done {
    /// Tells everybody, or has those told whose entries must be due again first; nobody is left. Whoever asked may have
    /// gone: the callback is stored all the same.
    fn tell(&mut self, repeats: &mpsc::Sender<Again>) {
        let Self { answers, results } = std::mem::take(self);
        for (answer, result) in answers.into_iter().zip(results) {
            match result {
                Ok(Stored {
                    accepted,
                    again: Some(at),
                }) => {
                    let again = Again {
                        accepted,
                        at,
                        answer,
                    };
                    if let Err(refused) = repeats.try_send(again) {
                        let answer = refused.into_inner().answer;
                        let _ = answer.send(Err(StoreErrorKind::QueueFull.into()));
                    }
                }
                Ok(stored) => {
                    let _ = answer.send(Ok(stored.accepted));
                }
                Err(error) => {
                    let _ = answer.send(Err(error));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use jiff::Timestamp;
    use tokio::sync::Semaphore;
    use tokio::task::JoinSet;

    use super::*;
    use crate::inbox::{ContentDigest, EntryId, EventKey, Kind};
    use crate::sql::batch::{Held, NewRow};

    /// A table whose every statement waits for a permit.
    #[derive(Clone)]
    struct Table {
        permits: Arc<Semaphore>,
        begun: Arc<Semaphore>,
        batches: Arc<Mutex<Vec<usize>>>,
        fails: Arc<AtomicBool>,
        /// The subject of what it never takes, and whatever comes with it.
        poison: Option<&'static str>,
    }

    impl Table {
        fn new(permits: usize) -> Self {
            Self {
                permits: Arc::new(Semaphore::new(permits)),
                begun: Arc::new(Semaphore::new(0)),
                batches: Arc::default(),
                fails: Arc::default(),
                poison: None,
            }
        }

        fn batches(&self) -> Vec<usize> {
            self.batches.lock().unwrap().clone()
        }
    }

    impl Rows for Table {
        async fn insert(&mut self, rows: &[NewRow<'_>]) -> Result<Vec<Option<i64>>, StoreError> {
            self.begun.add_permits(1);
            self.permits.acquire().await.unwrap().forget();
            if self.fails.load(Ordering::Relaxed) {
                return Err(StoreErrorKind::DiskFull.into());
            }
            let mut subjects = rows.iter().map(|row| row.entry.key.subject());
            if subjects.any(|subject| Some(subject) == self.poison) {
                return Err(StoreErrorKind::Database.into());
            }
            self.batches.lock().unwrap().push(rows.len());
            Ok(vec![Some(1); rows.len()])
        }

        async fn find(&mut self, _: &[[u8; 16]]) -> Result<Vec<Held>, StoreError> {
            panic!("all events of these tests are new")
        }
    }

    impl Reopen for Table {
        async fn reopen(
            &mut self,
            _: &[EntryId],
            _: Timestamp,
        ) -> Result<Vec<EntryId>, StoreError> {
            panic!("all events of these tests are new")
        }
    }

    fn entry(number: usize) -> NewEntry {
        let key = EventKey::new(Kind::Kyc, &number.to_string(), "s").unwrap();
        let digest = ContentDigest::of(&[]);
        NewEntry::new(key, digest, &b"{}"[..], Timestamp::UNIX_EPOCH).unwrap()
    }

    /// Lets as many tasks accept one callback each.
    fn accept(writer: &Arc<Writer>, count: usize) -> JoinSet<Result<Accepted, StoreError>> {
        let mut tasks = JoinSet::new();
        for number in 0..count {
            let writer = writer.clone();
            tasks.spawn(async move { writer.accept(entry(number)).await });
        }
        tasks
    }

    #[tokio::test]
    async fn those_that_come_together_share_a_commit() {
        let table = Table::new(1000);
        let writer = Arc::new(Writer::start(table.clone(), table.clone(), 1000, 64));
        let results = accept(&writer, 64).join_all().await;
        assert!(results.iter().all(Result::is_ok));
        assert_eq!(table.batches(), [64]);
        // One that comes alone has a commit of its own.
        writer.accept(entry(64)).await.unwrap();
        assert_eq!(table.batches(), [64, 1]);
    }

    #[tokio::test]
    async fn tasks_that_go_on_and_on_keep_sharing() {
        let table = Table::new(1000);
        let writer = Arc::new(Writer::start(table.clone(), table.clone(), 1000, 64));
        let mut tasks = JoinSet::new();
        for task in 0..64 {
            let writer = writer.clone();
            tasks.spawn(async move {
                for number in 0..10 {
                    writer.accept(entry(task * 10 + number)).await.unwrap();
                }
            });
        }
        tasks.join_all().await;
        assert_eq!(table.batches(), [64; 10]);
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_takes_more_later() {
        let table = Table::new(0);
        let writer = Arc::new(Writer::start(table.clone(), table.clone(), 10, 4));
        let mut tasks = accept(&writer, 20);
        // At most 10 wait and 4 are under way.
        let mut refused = 0;
        while refused < 6 {
            let result = tasks.join_next().await.unwrap().unwrap();
            assert_eq!(result.unwrap_err().kind(), StoreErrorKind::QueueFull);
            refused += 1;
        }
        table.permits.add_permits(1000);
        let mut kept = 0;
        while let Some(result) = tasks.join_next().await {
            match result.unwrap() {
                Ok(_) => kept += 1,
                Err(error) => {
                    assert_eq!(error.kind(), StoreErrorKind::QueueFull);
                    refused += 1;
                }
            }
        }
        assert_eq!(table.batches().iter().sum::<usize>(), kept);
        assert_eq!(kept + refused, 20);
        assert!(table.batches().iter().all(|size| *size <= 4));
        writer.accept(entry(20)).await.unwrap();
    }

    #[tokio::test]
    async fn a_failed_commit_is_told_to_all_who_shared_it() {
        let table = Table::new(1000);
        let writer = Arc::new(Writer::start(table.clone(), table.clone(), 1000, 64));
        table.fails.store(true, Ordering::Relaxed);
        for result in accept(&writer, 8).join_all().await {
            assert_eq!(result.unwrap_err().kind(), StoreErrorKind::DiskFull);
        }
        table.fails.store(false, Ordering::Relaxed);
        writer.accept(entry(0)).await.unwrap();
    }

    #[tokio::test]
    async fn one_that_the_database_never_takes_fails_alone() {
        let mut table = Table::new(1000);
        table.poison = Some("3");
        let writer = Arc::new(Writer::start(table.clone(), table.clone(), 1000, 64));
        let results = accept(&writer, 8).join_all().await;
        let failed: Vec<_> = results.iter().filter_map(|it| it.as_ref().err()).collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].kind(), StoreErrorKind::Database);
        assert_eq!(table.batches(), [1; 7]);
    }

    #[tokio::test]
    async fn closing_stores_what_waits_and_refuses_the_rest() {
        let table = Table::new(0);
        let writer = Arc::new(Writer::start(table.clone(), table.clone(), 1000, 4));
        let tasks = accept(&writer, 10);
        while writer
            .queue()
            .as_ref()
            .is_some_and(|queue| queue.capacity() > 1000 - 6)
        {
            tokio::task::yield_now().await;
        }
        table.permits.add_permits(1000);
        writer.close().await;
        assert!(tasks.join_all().await.iter().all(Result::is_ok));
        assert_eq!(table.batches().iter().sum::<usize>(), 10);
        let late = writer.accept(entry(10)).await;
        assert_eq!(late.unwrap_err().kind(), StoreErrorKind::Closed);
        writer.close().await;
    }

    #[tokio::test]
    async fn whoever_gives_up_waiting_stops_nobody() {
        let table = Table::new(0);
        let writer = Arc::new(Writer::start(table.clone(), table.clone(), 1000, 4));
        let mut tasks = accept(&writer, 3);
        table.begun.acquire().await.unwrap().forget();
        tasks.abort_all();
        while tasks.join_next().await.is_some() {}
        table.permits.add_permits(1000);
        writer.accept(entry(9)).await.unwrap();
        assert_eq!(table.batches(), [3, 1]);
    }
}
