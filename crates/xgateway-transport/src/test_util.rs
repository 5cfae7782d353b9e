//! Test doubles for the network. Do not enable in production.
//!
//! | you want | take |
//! |---|---|
//! | closures that look at each request | [`MockTransport`] |
//! | a fixed conversation, and a readable report where the code departs from it | [`ScriptedTransport`] |
//! | to keep a real conversation in a file, without its secrets | [`RecordingTransport`] |
//! | to play such a file back | [`ReplayTransport`] |
//! | to test a deadline | [`NeverTransport`] |
//! | a server that works, behind a network that fails | [`FaultyTransport`] |
//!
//! Start with the script. Take a mock where the answer depends on the request,
//! and [`FaultyTransport`] around a sandbox where the state after the fault
//! matters: whether money moved although the answer was lost.
//!
//! None of them opens a socket, sleeps, or reads a clock. All of them print
//! neither bodies nor sensitive headers unless told to.

mod cassette;
mod diff;
mod expected;
mod faulty;
mod mock;
mod never;
mod recording;
mod replay;
mod script;
mod scrub;
mod seen;

pub use self::cassette::{Cassette, CassetteError};
pub use self::expected::{ExpectedRequest, Step};
pub use self::faulty::{Fault, FaultyTransport};
pub use self::mock::MockTransport;
pub use self::never::NeverTransport;
pub use self::recording::RecordingTransport;
pub use self::replay::ReplayTransport;
pub use self::script::{ScriptError, ScriptedTransport};
pub use self::scrub::Scrub;
