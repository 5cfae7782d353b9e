//! The log on disk, written by a thread of its own: what happens while it waits for the disk goes there together.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::watch;

use crate::data::Log;
use crate::event::Event;
use crate::world::World;

/// Keeps what it is handed, in that order. When it is dropped, all of that is on disk and the file is free.
pub(super) struct Keeper {
    desk: Arc<Desk>,
    writer: Option<JoinHandle<()>>,
}

/// What the writer and those who wait for it share.
struct Desk {
    tray: Mutex<Tray>,
    /// Rung when there is something to write, or nothing more to come.
    work: Condvar,
    /// Rung when something was written, for threads that wait.
    written: Condvar,
    /// The same, for tasks that wait.
    progress: watch::Sender<Progress>,
}

#[derive(Default)]
struct Tray {
    /// What is to be written.
    events: Vec<Event>,
    /// The world right after them, once the writer has asked for it.
    world: Option<World>,
    /// The log has become long: the writer asks for the world, to write down how it stands.
    wants_world: bool,
    is_closing: bool,
}

/// How far the log is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Progress {
    /// The number of the newest event that is on disk.
    kept: u64,
    /// Something was not written, so that nothing that follows may be.
    is_broken: bool,
}

impl Keeper {
    /// Goes on with a log whose newest event has the number `last`.
    pub(super) fn new(log: Log, last: u64) -> std::io::Result<Self> {
        let progress = Progress {
            kept: last,
            is_broken: false,
        };
        let desk = Arc::new(Desk {
            tray: Mutex::default(),
            work: Condvar::new(),
            written: Condvar::new(),
            progress: watch::Sender::new(progress),
        });
        let writer = thread::Builder::new()
            .name("sandbox-log".to_owned())
            .spawn({
                let desk = Arc::clone(&desk);
                move || desk.write_all(log)
            })?;
        Ok(Self {
            desk,
            writer: Some(writer),
        })
    }

    /// Takes what has happened in a world since the last time. The caller holds the world, so that the order is right.
    pub(super) fn take(&self, world: &mut World) {
        // What has no place to go is not remembered either.
        let unsaved = world.take_unsaved();
        if self.desk.progress.borrow().is_broken {
            return;
        }
        let Some(mut events) = unsaved else {
            tracing::error!(
                "the world was replaced by another one: no request is answered any more"
            );
            self.desk.tell(|progress| progress.is_broken = true);
            return;
        };
        if events.is_empty() {
            return;
        }
        let mut tray = self.desk.tray();
        tray.events.append(&mut events);
        if tray.wants_world {
            tray.wants_world = false;
            tray.world = Some(world.fork());
        }
        drop(tray);
        self.desk.work.notify_one();
    }

    /// Waits until the event with this number is on disk; false if it will never be.
    pub(super) async fn kept(&self, last: u64) -> bool {
        let mut progress = self.desk.progress.subscribe();
        let is_settled = |progress: &Progress| progress.kept >= last || progress.is_broken;
        let settled = progress.wait_for(is_settled).await;
        settled.is_ok_and(|progress| !progress.is_broken)
    }

    /// The same on this thread.
    pub(super) fn wait(&self, last: u64) {
        let is_settled = || {
            let progress = self.desk.progress.borrow();
            progress.kept >= last || progress.is_broken
        };
        let mut tray = self.desk.tray();
        while !is_settled() {
            let woken = self.desk.written.wait(tray);
            tray = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.desk.tray().is_closing = true;
        self.desk.work.notify_one();
        if let Some(writer) = self.writer.take() {
            // One that panicked has told so.
            let _ = writer.join();
        }
    }
}

impl Desk {
    /// Writes what comes until nothing more does.
    fn write_all(&self, mut log: Log) {
        let end = Ending(self);
        while let Some((events, world)) = self.next() {
            let last = events.last().map_or(0, Event::sequence);
            let mut written = log.append(&events);
            if written.is_ok() {
                self.tell(|progress| progress.kept = last);
                if let Some(world) = world {
                    written = log.compact(&world, &events);
                }
            }
            if let Err(error) = written {
                tracing::error!(%error, "the log cannot be written: no request is answered any more");
                break;
            }
            if log.is_long() {
                self.tray().wants_world = true;
            }
        }
        drop(log);
        drop(end);
    }

    /// All that there is to write now; `None` if that was all.
    fn next(&self) -> Option<(Vec<Event>, Option<World>)> {
        let mut tray = self.tray();
        while tray.events.is_empty() {
            if tray.is_closing {
                return None;
            }
            let woken = self.work.wait(tray);
            tray = woken.unwrap_or_else(PoisonError::into_inner);
        }
        Some((std::mem::take(&mut tray.events), tray.world.take()))
    }

    fn tell(&self, change: impl FnOnce(&mut Progress)) {
        // Whoever waits looks and falls asleep while it holds the tray, so that no bell is missed.
        let tray = self.tray();
        self.progress.send_modify(change);
        drop(tray);
        self.written.notify_all();
    }

    fn tray(&self) -> MutexGuard<'_, Tray> {
        self.tray.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// However the writer ends, nobody waits for it any longer.
struct Ending<'a>(&'a Desk);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.tell(|progress| progress.is_broken = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn what_happens_while_the_disk_is_busy_is_written_together() {
        let desk = Arc::new(Desk {
            tray: Mutex::default(),
            work: Condvar::new(),
            written: Condvar::new(),
            progress: watch::Sender::default(),
        });
        // As while the writer is at the disk.
        let keeper = Keeper {
            desk: Arc::clone(&desk),
            writer: None,
        };
        let mut world = World::new(Config::new(1));
        world.keep_unsaved();
        for _ in 0..3 {
            world.advance(jiff::SignedDuration::from_secs(1));
            keeper.take(&mut world);
        }
        let (events, snapshot) = desk.next().unwrap();
        assert_eq!(events.len(), 3);
        assert!(snapshot.is_none());
        desk.tray().wants_world = true;
        world.advance(jiff::SignedDuration::from_secs(1));
        keeper.take(&mut world);
        world.advance(jiff::SignedDuration::from_secs(1));
        keeper.take(&mut world);
        let (events, snapshot) = desk.next().unwrap();
        assert_eq!(events.len(), 2);
        let known = snapshot.unwrap().events().last();
        assert_eq!(known, 4, "it stands as when it was asked for");
        drop(keeper);
        assert!(desk.next().is_none());
    }
}
