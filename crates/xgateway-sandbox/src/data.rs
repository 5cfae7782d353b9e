//! The log on disk: what a world needs to go on where it was.
//!
//! `DIR/events.jsonl` is text. Its first line tells format, version, seed and start; every other line holds the events
//! of some requests and steps of the clock, so that a request is there entirely or not at all. When it has become long
//! it is written anew: version 2 has a second line that tells how everything stood at an event; of the events up to
//! that one only those follow that are shown. It is readable by its owner only. It holds no card number and no security code: of a card the token and the last four digits. The
//! merchant's own ids, names and account numbers of customers who pay by bank, tokens of pages and redirect URLs stand there as they are, since the world needs them.

mod error;
mod line;

pub use error::DataError;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::event::Event;
use crate::world::World;
use line::Header;

/// The name of the file in its directory.
const FILE_NAME: &str = "events.jsonl";

/// The name of the next one while it is written.
const NEXT_NAME: &str = "events.jsonl.next";

/// A log that is open, and locked against others.
#[derive(Debug)]
pub(crate) struct Log {
    file: File,
    directory: PathBuf,
    header: Header,
    /// How long it is, in bytes: all of it written and synced.
    length: u64,
    /// How much of that was there when it was begun or written anew.
    base: u64,
    /// How much may be added before it is written anew.
    added_max: u64,
}

impl Drop for Log {
    /// Closing it alone would do, if no other thread began a child process: until that runs its program it holds the file,
    /// too.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl Log {
    /// Opens the log in `directory`, or begins one, and makes the world that it tells of.
    pub(crate) fn open(directory: &Path, config: Config) -> Result<(Self, World), DataError> {
        let path = directory.join(FILE_NAME);
        make_directory(directory).map_err(failed(&path, "create the directory of"))?;
        let mut file = open_private(&path).map_err(failed(&path, "open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DataError::InUse { path }),
            Err(TryLockError::Error(source)) => return Err(failed(&path, "lock")(source)),
        }
        // Whoever had it may have put another one there before we got it.
        if !is_at(&file, &path).map_err(failed(&path, "open"))? {
            return Err(DataError::InUse { path });
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(failed(&path, "read"))?;
        let mut log = Self {
            file,
            directory: directory.to_owned(),
            header: Header::of(&config),
            length: 0,
            base: 0,
            added_max: config.limits.log_bytes,
        };
        // Without the end of its first line it was not begun: whoever began it was interrupted.
        let world = match text.iter().position(|byte| *byte == b'\n') {
            None => log.begin(&text, config, &path)?,
            Some(end) => {
                let (header, rest) = text.split_at(end + 1);
                log.go_on(header, rest, config, &path)?
            }
        };
        Ok((log, world))
    }

    /// Begins it, with a new world. `text` is what there was before.
    fn begin(&mut self, text: &[u8], mut config: Config, path: &Path) -> Result<World, DataError> {
        if !Header::may_begin(text) {
            let path = path.to_owned();
            return Err(DataError::Foreign { path });
        }
        make_private(&self.file).map_err(failed(path, "close to others"))?;
        self.cut().map_err(failed(path, "cut"))?;
        let header = self.header.to_line();
        self.append_line(&header).map_err(failed(path, "write"))?;
        sync_directory(&self.directory).map_err(failed(path, "keep the name of"))?;
        let faults = std::mem::take(&mut config.faults);
        let mut world = World::new(config);
        world.keep_unsaved();
        world.add_faults(faults);
        Ok(world)
    }

    /// Goes on with the world that it tells of.
    fn go_on(
        &mut self,
        header: &[u8],
        rest: &[u8],
        mut config: Config,
        path: &Path,
    ) -> Result<World, DataError> {
        self.header = Header::read(header, &config, path)?;
        make_private(&self.file).map_err(failed(path, "close to others"))?;
        config.start = self.header.start;
        // They are dialled anew once the past is there.
        let faults = std::mem::take(&mut config.faults);
        let mut world = World::new(config);
        self.length = header.len() as u64;
        self.base = self.length;
        self.replay(rest, &mut world, path)?;
        // What somebody left who was interrupted while writing a new one.
        let _ = fs::remove_file(self.directory.join(NEXT_NAME));
        world.resume();
        if !faults.rules().is_empty() {
            world.clear_faults();
            world.add_faults(faults);
        }
        Ok(world)
    }

    /// Lets happen again in `world` what the lines after the first one tell.
    fn replay(&mut self, text: &[u8], world: &mut World, path: &Path) -> Result<(), DataError> {
        let damaged = |line| {
            let path = path.to_owned();
            DataError::Damaged { path, line }
        };
        let end = self.length + text.len() as u64;
        let mut lines = text.split_inclusive(|byte| *byte == b'\n').enumerate();
        // Up to here the state tells what the events would.
        let mut known = 0;
        if self.header.begins_with_state() {
            let (_, line) = lines.next().unwrap_or_default();
            let stored = line::read_state(line).ok_or_else(|| damaged(2))?;
            known = stored.at;
            world.set_past(stored.state, stored.dropped);
            self.length += line.len() as u64;
            self.base = self.length;
        }
        for (index, line) in lines {
            let is_last = self.length + line.len() as u64 == end;
            match line::read(line, world.events().last()) {
                Some(events) => {
                    for event in events {
                        world.replay(event, known);
                    }
                    self.length += line.len() as u64;
                    if world.events().last() <= known {
                        self.base = self.length;
                    }
                }
                // A process that ended while it wrote: nobody was told of what this line would say.
                None if is_last && is_torn(line) && world.events().last() >= known => {
                    self.cut().map_err(failed(path, "cut"))?;
                }
                None => return Err(damaged(index + 2)),
            }
        }
        if world.events().last() < known {
            return Err(damaged(2));
        }
        Ok(())
    }

    /// Writes what has happened, so that it survives whatever becomes of this process or machine.
    pub(crate) fn append(&mut self, events: &[Event]) -> io::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let line = line::write(events);
        self.append_line(&line)
    }

    /// Whether it is time to write down how the world stands, instead of how it came to that.
    pub(crate) fn is_long(&self) -> bool {
        let added = self.length - self.base;
        added > self.added_max && added > self.base
    }

    /// Begins anew with how `world` stands and the events that it still has. `latest` are those that were appended last,
    /// some of which the world may not know yet.
    ///
    /// The new log is whole and synced before it takes the place of the old one, so that at any moment one of them is
    /// there. If it cannot be written, the old one goes on.
    pub(crate) fn compact(&mut self, world: &World, latest: &[Event]) -> io::Result<()> {
        let (file, length) = match self.write_next(world, latest) {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(%error, "the log cannot be written anew: it goes on as it is");
                let _ = fs::remove_file(self.directory.join(NEXT_NAME));
                self.base = self.length;
                return Ok(());
            }
        };
        self.header.begin_with_state();
        self.file = file;
        (self.length, self.base) = (length, length);
        // The name, too.
        sync_directory(&self.directory)
    }

    /// Writes the new log and puts it in the place of the old one.
    fn write_next(&self, world: &World, latest: &[Event]) -> io::Result<(File, u64)> {
        let next = self.directory.join(NEXT_NAME);
        let _ = fs::remove_file(&next);
        let mut file = open_private(&next)?;
        // Before it has the name under which others look for it.
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut header = self.header.clone();
        header.begin_with_state();
        let known = world.events().last();
        let mut length = 0;
        let mut out = BufWriter::new(&mut file);
        let mut put = |line: &[u8]| {
            length += line.len() as u64;
            out.write_all(line)
        };
        put(&header.to_line())?;
        put(&line::write_state(world))?;
        let events: Vec<_> = world.events().iter().cloned().collect();
        for chunk in events.chunks(EVENTS_PER_LINE) {
            put(&line::write(chunk))?;
        }
        let newer = latest.partition_point(|event| event.sequence() <= known);
        if newer < latest.len() {
            put(&line::write(&latest[newer..]))?;
        }
        out.flush()?;
        drop(out);
        file.sync_all()?;
        fs::rename(&next, self.directory.join(FILE_NAME))?;
        Ok((file, length))
    }

    fn append_line(&mut self, line: &[u8]) -> io::Result<()> {
        let written = self.write(line);
        match written {
            Ok(()) => self.length += line.len() as u64,
            // So that the next line does not follow half of this one.
            Err(_) => self.cut()?,
        }
        written
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(line)?;
        self.file.sync_data()
    }

    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.sync_data()
    }
}

/// Says what could not be done with the file.
fn failed(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> DataError + use<> {
    let path = path.to_owned();
    move |source| DataError::Io {
        action,
        path,
        source,
    }
}

/// How many events of the past stand in one line of a log that is written anew.
const EVENTS_PER_LINE: usize = 256;

/// Whether a line did not reach the disk as a whole: its end is missing, or blocks of it are.
fn is_torn(line: &[u8]) -> bool {
    !line.ends_with(b"\n") || line.contains(&0)
}

/// Whether the file is the one that `path` leads to.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let (ours, theirs) = (file.metadata()?, fs::metadata(path)?);
        Ok((ours.dev(), ours.ino()) == (theirs.dev(), theirs.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = (file, path);
        Ok(true)
    }
}

/// Keeps the names in a directory, whatever becomes of the machine.
fn sync_directory(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(path)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn make_directory(path: &Path) -> io::Result<()> {
    let missing: Vec<_> = path.ancestors().take_while(|it| !it.is_dir()).collect();
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    for made in missing {
        if let Some(parent) = made.parent() {
            let is_here = parent.as_os_str().is_empty();
            sync_directory(if is_here { Path::new(".") } else { parent })?;
        }
    }
    Ok(())
}

fn open_private(path: &PathBuf) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Closes a file of ours to others, as it may be if somebody has put it there.
fn make_private(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}
