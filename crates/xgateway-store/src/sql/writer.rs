//! Group commit: what has gathered while the last commit was under way becomes the next one.

use std::fmt;
use std::sync::{Mutex, PoisonError};

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

async fn run(rows: impl Rows, mut receiver: mpsc::Receiver<Job>, batch_max: usize) {
    let mut jobs = Vec::with_capacity(batch_max);
    loop {
        let Some(first) = receiver.recv().await else {
            return; // Closed, and nothing is left.
        };
        jobs.push(first);
        gather(&receiver, batch_max).await;
        while jobs.len() < batch_max
            && let Ok(job) = receiver.try_recv()
        {
            jobs.push(job);
        }
        let (entries, answers): (Vec<_>, Vec<_>) =
            jobs.drain(..).map(|job| (job.entry, job.answer)).unzip();
        let results = batch::accept(&rows, &entries).await;
        match results {
            Ok(accepted) => {
                for (answer, accepted) in answers.into_iter().zip(accepted) {
                    // Whoever asked may have gone; the callback is stored all the same.
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

/// Lets those run who were just answered and are about to queue the next one: else the first of them would get a
/// commit of its own, and all others would wait for it.
async fn gather(receiver: &mpsc::Receiver<Job>, batch_max: usize) {
    let mut length = 0;
    while length < batch_max {
        tokio::task::yield_now().await;
        let now = receiver.len();
        if now <= length {
            return;
        }
        length = now;
    }
}
