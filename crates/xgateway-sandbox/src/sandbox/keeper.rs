//! The log on disk, written by a thread of its own: what happens while it waits for the disk goes there together.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::watch;

use crate::data::Log;
use crate::event::Event;
use crate::world::World;

/// How long after a failure it is tried again, if nothing new comes before.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Where events are kept.
pub(super) trait Disk {
    /// See [`Log::append`].
    fn append(&mut self, events: &[Event]) -> io::Result<()>;
    /// See [`Log::is_long`].
    fn is_long(&self) -> bool;
    /// See [`Log::compact`].
    fn compact(&mut self, world: &World, latest: &[Event]) -> io::Result<()>;
}

impl Disk for Log {
    fn append(&mut self, events: &[Event]) -> io::Result<()> {
        self.append(events)
    }

    fn is_long(&self) -> bool {
        self.is_long()
    }

    fn compact(&mut self, world: &World, latest: &[Event]) -> io::Result<()> {
        self.compact(world, latest)
    }
}

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
    /// Why nothing can be written now.
    problem: watch::Sender<Option<String>>,
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
    /// The last attempt to write failed. What was to be written waits for the next one.
    is_stuck: bool,
    /// Nothing more will ever be written.
    is_over: bool,
}

impl Keeper {
    /// Goes on with a log whose newest event has the number `last`.
    pub(super) fn new(log: impl Disk + Send + 'static, last: u64) -> io::Result<Self> {
        let progress = Progress {
            kept: last,
            ..Progress::default()
        };
        let desk = Arc::new(Desk {
            tray: Mutex::default(),
            work: Condvar::new(),
            written: Condvar::new(),
            progress: watch::Sender::new(progress),
            problem: watch::Sender::default(),
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
        if self.desk.progress.borrow().is_over {
            return;
        }
        let Some(mut events) = unsaved else {
            let problem = "the world was replaced by another one: no request is answered any more";
            tracing::error!("{problem}");
            self.desk.problem.send_replace(Some(problem.to_owned()));
            self.desk.tell(|progress| progress.is_over = true);
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

    /// Whether nothing can be written now, so that nothing should be done that would have to be.
    pub(super) fn is_stuck(&self) -> bool {
        let progress = self.desk.progress.borrow();
        progress.is_stuck || progress.is_over
    }

    /// Waits until the event with this number is on disk; false if it is not, and nobody knows when.
    pub(super) async fn kept(&self, last: u64) -> bool {
        let mut progress = self.desk.progress.subscribe();
        let settled = progress
            .wait_for(|progress| progress.is_settled(last))
            .await;
        settled.is_ok_and(|progress| progress.has(last))
    }

    /// Waits until there is nothing that keeps it from writing.
    pub(super) async fn unstuck(&self) {
        let mut progress = self.desk.progress.subscribe();
        let is_well = progress.wait_for(|progress| !progress.is_stuck && !progress.is_over);
        if is_well.await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits until what keeps it from writing is something else than `known`; `None` is nothing.
    pub(super) async fn next_problem(&self, known: Option<&str>) -> Option<String> {
        let mut problem = self.desk.problem.subscribe();
        let changed = problem.wait_for(|problem| problem.as_deref() != known);
        changed.await.ok().and_then(|problem| problem.clone())
    }

    /// The same on this thread.
    pub(super) fn wait(&self, last: u64) {
        let is_settled = || self.desk.progress.borrow().is_settled(last);
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
    /// Writes what comes until nothing more does. What cannot be written is tried again, together with what comes
    /// meanwhile.
    fn write_all(&self, mut disk: impl Disk) {
        let end = Ending(self);
        let mut unwritten = Vec::new();
        while let Some((events, world)) = self.next(unwritten) {
            unwritten = events;
            if let Err(error) = disk.append(&unwritten) {
                if self.is_stuck_because(&error) {
                    continue;
                }
                break;
            }
            let events = std::mem::take(&mut unwritten);
            self.is_well(events.last().map_or(0, Event::sequence));
            if let Some(world) = world
                && let Err(error) = disk.compact(&world, &events)
            {
                // The new log may not be the one that is found after a crash, so nothing more may go there.
                self.is_stuck_because(&error);
                break;
            }
            if disk.is_long() {
                self.tray().wants_world = true;
            }
        }
        drop(disk);
        drop(end);
    }

    /// Everything up to the event with this number is on disk.
    fn is_well(&self, last: u64) {
        self.tell(|progress| {
            progress.kept = last;
            progress.is_stuck = false;
        });
        // Afterwards, so that whoever hears of it finds it true.
        let had_problem = |problem: &mut Option<String>| problem.take().is_some();
        if self.problem.send_if_modified(had_problem) {
            tracing::info!("the log can be written again");
        }
    }

    /// Nothing can be written now; true if there may be another attempt.
    fn is_stuck_because(&self, error: &io::Error) -> bool {
        let text = error.to_string();
        let is_news = self.problem.send_if_modified(|problem| {
            let is_news = problem.as_deref() != Some(&*text);
            *problem = Some(text.clone());
            is_news
        });
        if is_news {
            tracing::error!(%error, "the log cannot be written: no request is answered until it can");
        }
        self.tell(|progress| progress.is_stuck = true);
        !self.tray().is_closing
    }

    /// All that there is to write now, `unwritten` first; `None` if that was all.
    fn next(&self, mut unwritten: Vec<Event>) -> Option<(Vec<Event>, Option<World>)> {
        let mut tray = self.tray();
        while tray.events.is_empty() && !tray.is_closing {
            if unwritten.is_empty() {
                let woken = self.work.wait(tray);
                tray = woken.unwrap_or_else(PoisonError::into_inner);
            } else {
                let woken = self.work.wait_timeout(tray, RETRY_PAUSE);
                tray = woken.unwrap_or_else(PoisonError::into_inner).0;
                break;
            }
        }
        unwritten.append(&mut tray.events);
        (!unwritten.is_empty()).then(|| (unwritten, tray.world.take()))
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
        self.0.tell(|progress| progress.is_over = true);
    }
}

impl Progress {
    /// Whether the event with this number is on disk.
    fn has(&self, last: u64) -> bool {
        !self.is_over && self.kept >= last
    }

    /// Whether waiting for that event leads to something.
    fn is_settled(&self, last: u64) -> bool {
        self.kept >= last || self.is_stuck || self.is_over
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::config::Config;

    fn desk() -> Arc<Desk> {
        Arc::new(Desk {
            tray: Mutex::default(),
            work: Condvar::new(),
            written: Condvar::new(),
            progress: watch::Sender::default(),
            problem: watch::Sender::default(),
        })
    }

    /// A world whose events are kept somewhere.
    fn world() -> World {
        let mut world = World::new(Config::new(1));
        world.keep_unsaved();
        world
    }

    fn happens(world: &mut World, keeper: &Keeper) -> u64 {
        world.advance(jiff::SignedDuration::from_secs(1));
        keeper.take(world);
        world.events().last()
    }

    #[test]
    fn what_happens_while_the_disk_is_busy_is_written_together() {
        let desk = desk();
        // As while the writer is at the disk.
        let keeper = Keeper {
            desk: Arc::clone(&desk),
            writer: None,
        };
        let mut world = world();
        for _ in 0..3 {
            happens(&mut world, &keeper);
        }
        let (events, snapshot) = desk.next(Vec::new()).unwrap();
        assert_eq!(events.len(), 3);
        assert!(snapshot.is_none());
        desk.tray().wants_world = true;
        happens(&mut world, &keeper);
        happens(&mut world, &keeper);
        // What could not be written goes first.
        let (events, snapshot) = desk.next(events).unwrap();
        assert_eq!(events.len(), 5);
        let known = snapshot.unwrap().events().last();
        assert_eq!(known, 4, "it stands as when it was asked for");
        drop(keeper);
        assert!(desk.next(Vec::new()).is_none());
    }

    /// Is full whenever there is no room.
    #[derive(Clone, Default)]
    pub(in crate::sandbox) struct Full {
        pub(in crate::sandbox) has_room: Arc<AtomicBool>,
        written: Arc<Mutex<Vec<u64>>>,
    }

    impl Disk for Full {
        fn append(&mut self, events: &[Event]) -> io::Result<()> {
            if !self.has_room.load(Ordering::SeqCst) {
                return Err(io::Error::from(io::ErrorKind::StorageFull));
            }
            let mut written = self.written.lock().unwrap();
            written.extend(events.iter().map(Event::sequence));
            Ok(())
        }

        fn is_long(&self) -> bool {
            false
        }

        fn compact(&mut self, _: &World, _: &[Event]) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_full_disk_is_told_and_what_waited_for_it_is_written_in_order_once_there_is_room() {
        let disk = Full::default();
        let Full { has_room, written } = disk.clone();
        has_room.store(true, Ordering::SeqCst);
        let keeper = Keeper::new(disk, 0).unwrap();
        let mut world = world();
        let first = happens(&mut world, &keeper);
        assert!(keeper.kept(first).await);
        has_room.store(false, Ordering::SeqCst);
        let second = happens(&mut world, &keeper);
        assert!(!keeper.kept(second).await);
        assert!(keeper.is_stuck());
        assert!(keeper.kept(first).await, "that one is there");
        let problem = keeper.next_problem(None).await;
        assert_eq!(problem.as_deref(), Some("no storage space"));

        has_room.store(true, Ordering::SeqCst);
        let third = happens(&mut world, &keeper);
        assert_eq!(keeper.next_problem(problem.as_deref()).await, None);
        assert!(keeper.kept(third).await);
        assert!(!keeper.is_stuck());
        assert_eq!(*written.lock().unwrap(), [first, second, third]);

        // One that stays full does not keep the process from ending.
        has_room.store(false, Ordering::SeqCst);
        happens(&mut world, &keeper);
        drop(keeper);
        assert_eq!(written.lock().unwrap().len(), 3);
    }
}
