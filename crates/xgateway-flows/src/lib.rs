//! Payment flows of XGateway as pure state machines with thin async drivers.
//!
//! A single call says little about money: answers get lost, customers close the page, callbacks come late, twice and
//! out of order. A flow sees one payment through all that and says how it stands. It promises three things, and a
//! test walks through every order of events to hold it to them:
//!
//! - **One request.** The deposit is sent at most once, whatever happens.
//! - **No hearsay.** What the customer's browser brings is a hint, and so is a callback, whose hash does not cover the
//!   status. Only the gateway's own answer settles: the invoice read by the order id, then its transaction.
//! - **No dead end.** However long the gateway's word takes to arrive, it is acted on.
//!
//! The [`deposit`] flow does the same for payments to a customer's lasting addresses: each confirmed one is credited
//! once, to whom the gateway's own answer names.
//!
//! The [`onboarding`] flow brings a customer through KYC to a bank account of their own.
//!
//! All three speak alike: `look` asks the gateway, a hint has it asked, `machine()` says how things stand, `snapshot()` is what
//! to store, `unread()` why a look told nothing, and [`SnapshotError`](card::SnapshotError) why a stored flow cannot go on. Only
//! an onboarding does more than look: it `advance`s, which may send.
//!
//! The machine ([`card::Machine`]) has no I/O and no clock. The driver ([`card::CardDepositFlow`]) runs it over a
//! [`Client`](xgateway_client::Client); when to look again is for its caller to say. **Start with
//! [`card::JournalledCards`]**: it runs the driver over a journal, so that also a process that dies loses and doubles
//! nothing.

pub mod card;
pub mod deposit;
mod named;
pub mod onboarding;
mod snapshot;
