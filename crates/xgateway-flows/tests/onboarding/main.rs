//! The onboarding flow: every order of events, and the driver over a scripted gateway and the sandbox.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

mod driver;
mod exhaustive;
mod gateway;
mod grace;
mod script;
