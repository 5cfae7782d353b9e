//! Prints what happens, on a thread of its own: a terminal or a pipe that stands still keeps nobody from stopping us.

use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use super::event::Event;
use super::wait;
use crate::console::Console;
use crate::failure::Failure;

/// How long what was said last may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The thread.
pub(super) struct Printer {
    outcome: oneshot::Receiver<Result<(), Failure>>,
    closing: watch::Sender<bool>,
}

impl Printer {
    /// Begins to print, within a runtime.
    pub(super) fn start(events: mpsc::Receiver<Event>, console: Console) -> Self {
        let (closing, closed) = watch::channel(false);
        let (sender, outcome) = oneshot::channel();
        let runtime = Handle::current();
        thread::spawn(move || {
            // Nobody waits for it any more when everything ends.
            let _ = sender.send(print(events, &closed, console, &runtime));
        });
        Self { outcome, closing }
    }

    /// Why it has stopped, if it does so before it is told to.
    pub(super) async fn stopped(&mut self) -> Result<(), Failure> {
        (&mut self.outcome).await.unwrap_or(Ok(()))
    }

    /// Lets it print what is left, if anybody takes it. Whether somebody does.
    pub(super) async fn close(mut self) -> (bool, Result<(), Failure>) {
        self.closing.send_replace(true);
        match timeout(LAST_WORDS, self.stopped()).await {
            Ok(outcome) => (true, outcome),
            Err(_) => (false, Ok(())),
        }
    }
}

fn print(
    mut events: mpsc::Receiver<Event>,
    closed: &watch::Receiver<bool>,
    mut console: Console,
    runtime: &Handle,
) -> Result<(), Failure> {
    let mut is_unread = false;
    let mut next = || {
        runtime.block_on(async {
            tokio::select! {
                biased;
                event = events.recv() => event,
                () = wait(closed.clone()) => None,
            }
        })
    };
    while let Some(event) = next() {
        match event.tell(&mut console) {
            // Callbacks are received whether somebody reads of them or not.
            Err(Failure::OutputClosed) if !is_unread => {
                console.note(
                    "nobody reads stdout any more: callbacks are received on, and told no more",
                );
                is_unread = true;
            }
            Ok(()) | Err(Failure::OutputClosed) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}
