//! Group commit: what has gathered while the last commit was under way becomes the next one.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::batch::{self, Rows};
use crate::error::{StoreError, StoreErrorKind};
use crate::inbox::{Accepted, NewEntry};

/// Accepts callbacks in one task, so that many that come at the same time share one commit.
///
/// Measured elsewhere: a commit for each costs some 3.5 times as much under load. One that comes alone does not wait.
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

struct Job {
    entry: NewEntry,
    answer: oneshot::Sender<Result<Accepted, StoreError>>,
}

impl Writer {
    /// Starts the task, on the runtime of the caller. `queue_max` callbacks may wait; `batch_max` share a commit.
    pub(crate) fn start(rows: impl Rows, queue_max: usize, batch_max: usize) -> Self {
        let (sender, receiver) = mpsc::channel(queue_max.max(1));
        let task = tokio::spawn(run(rows, receiver, batch_max));
        Self {
            queue: Mutex::new(Some(sender)),
            task: Mutex::new(Some(task)),
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
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
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

async fn run(mut rows: impl Rows, mut receiver: mpsc::Receiver<Job>, batch_max: usize) {
    let mut done = Done::default();
    loop {
        let mut jobs = Vec::with_capacity(batch_max);
        // Whoever queued while the last commit was under way is next, and the others queue while that one is. Nobody
        // waits for more to gather: measured, that costs more than it saves.
        if receiver.is_empty() {
            done.tell();
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
        let mut commit = pin!(batch::accept(&mut rows, &entries));
        // The database works already while those of the last commit are answered.
        let early = poll_fn(|context| Poll::Ready(commit.as_mut().poll(context))).await;
        done.tell();
        let results = match early {
            Poll::Ready(results) => results,
            Poll::Pending => commit.await,
        };
        done = Done { answers, results };
    }
}

/// What became of a batch whose callers may not have been told yet.
struct Done {
    answers: Vec<oneshot::Sender<Result<Accepted, StoreError>>>,
    results: Result<Vec<Accepted>, StoreError>,
}

impl Default for Done {
    fn default() -> Self {
        Self {
            answers: Vec::new(),
            results: Ok(Vec::new()),
        }
    }
}

impl Done {
    /// Tells everybody; nobody is left. Whoever asked may have gone: the callback is stored all the same.
    fn tell(&mut self) {
        let Self { answers, results } = std::mem::take(self);
        match results {
            Ok(accepted) => {
                for (answer, accepted) in answers.into_iter().zip(accepted) {
                    let _ = answer.send(Ok(accepted));
                }
            }
            Err(error) => {
                for answer in answers {
                    let _ = answer.send(Err(error.clone()));
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
    }

    impl Table {
        fn new(permits: usize) -> Self {
            Self {
                permits: Arc::new(Semaphore::new(permits)),
                begun: Arc::new(Semaphore::new(0)),
                batches: Arc::default(),
                fails: Arc::default(),
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
            self.batches.lock().unwrap().push(rows.len());
            Ok(vec![Some(1); rows.len()])
        }

        async fn find(&mut self, _: &[[u8; 16]]) -> Result<Vec<Held>, StoreError> {
            panic!("all events of these tests are new")
        }

        async fn reopen(&mut self, _: &[EntryId], _: Timestamp) -> Result<(), StoreError> {
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
        let writer = Arc::new(Writer::start(table.clone(), 1000, 64));
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
        let writer = Arc::new(Writer::start(table.clone(), 1000, 64));
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
        let writer = Arc::new(Writer::start(table.clone(), 10, 4));
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
        let writer = Arc::new(Writer::start(table.clone(), 1000, 64));
        table.fails.store(true, Ordering::Relaxed);
        for result in accept(&writer, 8).join_all().await {
            assert_eq!(result.unwrap_err().kind(), StoreErrorKind::DiskFull);
        }
        table.fails.store(false, Ordering::Relaxed);
        writer.accept(entry(0)).await.unwrap();
    }

    #[tokio::test]
    async fn closing_stores_what_waits_and_refuses_the_rest() {
        let table = Table::new(0);
        let writer = Arc::new(Writer::start(table.clone(), 1000, 4));
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
        let writer = Arc::new(Writer::start(table.clone(), 1000, 4));
        let mut tasks = accept(&writer, 3);
        table.begun.acquire().await.unwrap().forget();
        tasks.abort_all();
        while tasks.join_next().await.is_some() {}
        table.permits.add_permits(1000);
        writer.accept(entry(9)).await.unwrap();
        assert_eq!(table.batches(), [3, 1]);
    }
}
