//! Stores that forget when the process ends: for tests and simulations.

mod inbox;
mod journal;

pub use self::inbox::MemoryInbox;
pub use self::journal::MemoryJournal;
