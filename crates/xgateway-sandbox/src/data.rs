//! The log on disk: what a world needs to go on where it was.
//!
//! `DIR/events.jsonl` is text. Its first line tells format, version, seed and start; every other line holds the events
//! of one request, or of one step of the clock, so that a request is there entirely or not at all. It is readable by
//! its owner only. It holds no card number and no security code: of a card the token and the last four digits. The
//! merchant's own ids, names and account numbers of customers who pay by bank, tokens of pages and redirect URLs stand there as they are, since the world needs them.

mod error;
mod line;

pub use error::DataError;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::event::Event;
use crate::world::World;
use line::Header;

/// The name of the file in its directory.
const FILE_NAME: &str = "events.jsonl";

/// A log that is open, and locked against others.
#[derive(Debug)]
pub(crate) struct Log {
    file: File,
    /// How long it is, in bytes: all of it written and synced.
    length: u64,
}

impl Log {
    /// Opens the log in `directory`, or begins one, and makes the world that it tells of.
    pub(crate) fn open(directory: &Path, mut config: Config) -> Result<(Self, World), DataError> {
        let path = directory.join(FILE_NAME);
        let failed = |action| {
            let path = path.clone();
            move |source| DataError::Io {
                action,
                path,
                source,
            }
        };
        make_directory(directory).map_err(failed("create the directory of"))?;
        let mut file = open_private(&path).map_err(failed("open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DataError::InUse { path }),
            Err(TryLockError::Error(source)) => return Err(failed("lock")(source)),
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(failed("read"))?;
        let mut log = Self { file, length: 0 };
        // Without the end of its first line it was not begun: whoever began it was interrupted.
        let Some(header_end) = text.iter().position(|byte| *byte == b'\n') else {
            if !Header::may_begin(&text) {
                return Err(DataError::Foreign { path });
            }
            let header = Header::of(&config).to_line();
            log.append_line(&header).map_err(failed("write"))?;
            let faults = std::mem::take(&mut config.faults);
            let mut world = World::new(config);
            world.keep_unsaved();
            world.add_faults(faults);
            return Ok((log, world));
        };
        let (header, rest) = text.split_at(header_end + 1);
        config.start = Header::read(header, &config, &path)?.start;
        // They are dialled anew once the past is there.
        let faults = std::mem::take(&mut config.faults);
        let mut world = World::new(config);
        log.length = header.len() as u64;
        for (index, line) in rest.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let is_last = log.length + line.len() as u64 == text.len() as u64;
            match line::read(line, world.events().last()) {
                Some(events) => {
                    for event in events {
                        world.replay(event);
                    }
                    log.length += line.len() as u64;
                }
                // A process that ended while it wrote: nobody was told of what this line would say.
                None if is_last => log.cut().map_err(failed("cut"))?,
                None => {
                    let line = index + 2;
                    return Err(DataError::Damaged { path, line });
                }
            }
        }
        world.resume();
        if !faults.rules().is_empty() {
            world.clear_faults();
            world.add_faults(faults);
        }
        Ok((log, world))
    }

    /// Writes what has happened, so that it survives whatever becomes of this process or machine.
    pub(crate) fn append(&mut self, events: &[Event]) -> io::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let line = line::write(events);
        self.append_line(&line)
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

fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn open_private(path: &PathBuf) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // One that somebody has put there may be open to all.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}
