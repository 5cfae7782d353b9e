//! Deposits to a customer's lasting addresses: every confirmed payment is credited once, for years.
//!
//! One flow stands for one customer, with all addresses and all payments to them. The gateway tells of a payment by a
//! callback, which is a hint and no more: the flow reads the transaction itself, and only what the gateway answers
//! there decides who is credited with how much.
//!
//! ```text
//!                    read: pending            read: confirmed             credited
//!   unknown ──hint──► Pending ───────────────► Confirmed ──────────────────► Credited (for good)
//!      │                 ▲  │ read: failed        ▲
//!      └──read: failed──►│  ▼                     │ read: confirmed
//!                        Failed ──────────────────┘
//! ```
//!
//! `confirmed` may follow `failed` (protocol §4, §12), never the other way round: a credit that the gateway no longer
//! stands by is reported, not taken back; and if it stands by it once more, that is [reported](Contradiction::Restored) as well, until
//! somebody says that they have [seen to it](DepositFlow::seen_to). A transaction of another customer, a withdrawal, or one of an order of the
//! merchant's own (which belongs to the flow of that order) changes nothing here. Whether an order that the gateway names is
//! one is for the merchant's [`Orders`] to say: it may name one in a payment to an address, too. Of a transaction that names
//! an invoice and no order the gateway is asked whose invoice that is, so that each payment is for exactly one flow.
//!
//! **Never lost.** A credit is handed out by every hint and every look until [`DepositFlow::credited`] is told that it was
//! done, so that a ledger that refuses, or a process that dies, loses nothing.
//!
//! **Once.** Therefore the ledger must have the transaction id as a unique key, always: a commit whose answer got lost, and
//! another process that follows the same customer, hand out a second time what was credited. Store
//! [`DepositFlow::snapshot_once_credited`] in the database transaction that credits, and read the flow anew after one that
//! did not say how it ended. After a restart [`Machine::credits`] can be held against the ledger.
//!
//! ```
//! use http::StatusCode;
//! # use xgateway_api::environment::Environment;
//! use xgateway_client::Client;
//! # use xgateway_core::id::{CustomerId, TransactionId};
//! # use xgateway_core::money::Currency;
//! # use xgateway_core::secret::ApiKey;
//! use xgateway_flows::deposit::{CallbackHint, DepositFlow, NoOrders, Progress};
//! use xgateway_transport::test_util::{ExpectedRequest, ScriptedTransport};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
//! # let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
//! let gateway = ScriptedTransport::new([
//!     ExpectedRequest::post("/api/v2/channels")
//!         .answers(StatusCode::OK, r#"{"data":{"address":"TQ5"},"success":true}"#),
//!     ExpectedRequest::get("/api/v2/transaction/t-1").answers(
//!         StatusCode::OK,
//!         r#"{"data":{"id":"t-1","customerId":"customer-1","type":"deposit","status":"confirmed",
//!             "amount":"25.5","currency":"tUSDT"},"success":true}"#,
//!     ),
//! ]);
//! let client = Client::new(Environment::Demo, key, gateway);
//!
//! let mut flow = DepositFlow::new(client, CustomerId::parse("customer-1")?, NoOrders); // No cards are taken.
//! let address = flow.address(&Currency::TUsdt).await?;
//! assert_eq!(address.as_str(), "TQ5"); // Show it, as text or as a QR code.
//!
//! // Later, for every callback of this customer whose hash is true:
//! let hint = CallbackHint::new(TransactionId::parse("t-1")?);
//! match flow.callback_hint(&hint).await {
//!     Progress::Credit(deposit) => {
//!         assert_eq!(deposit.amount().to_string(), "25.5 tUSDT");
//!         let snapshot = flow.snapshot_once_credited(&deposit)?;
//!         # let _ = snapshot;
//!         // In one database transaction: credit the customer, store the snapshot. Once it is committed:
//!         flow.credited(&deposit)?;
//!     }
//!     other => unreachable!("{other:?}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod action;
mod driver;
mod event;
mod machine;
mod orders;
mod progress;
mod settled;
mod snapshot;

pub use action::Action;
pub use driver::DepositFlow;
pub use event::Event;
pub use machine::{Machine, Standing};
pub use orders::{NamedOrder, NoOrders, Orders, OrdersError};
pub use progress::{AddressFailure, Progress};
pub use settled::{Contradiction, SettledDeposit};

pub use crate::card::{CallbackHint, Reading};
pub use crate::snapshot::SnapshotError;
