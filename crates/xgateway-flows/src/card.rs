//! A card deposit, with or without 3DS, from the request to the gateway's last word.
//!
//! ```text
//!              answered         invoice found
//!   Sending ─────────────► InProgress ◄──────────── Unknown ── not found after the grace ──► NotCharged
//!      │                    │      │  ▲                ▲
//!      │ refused            │      │  └─ looked again  │ lost
//!      ▼          confirmed │      │ failed            │
//!   Refused       and equal ▼      ▼ or expired     Sending
//!                     Deposited  Failed
//! ```
//!
//! | state | final? |
//! | --- | --- |
//! | [`Deposited`](State::Deposited) | for good, unless it is paid a second time; only here a customer may be credited |
//! | [`Contradiction`](State::Contradiction) | a person must look, unless the gateway's word comes to fit; of an order that was paid twice for good |
//! | [`Failed`](State::Failed), [`Refused`](State::Refused), [`NotCharged`](State::NotCharged) | as far as anybody knows |
//!
//! `confirmed` may legally follow `failed` at this gateway (protocol §4, §12: a dispute), so the states of the last
//! row still listen: a hint makes the flow look again, and what the gateway then says counts. Go on feeding callbacks
//! to a flow that has failed.
//!
//! **After a lost answer** the flow never sends again. It reads the invoice by the order id. That there is none
//! proves nothing while the request may still be on its way, so `NotCharged` needs two things in this order: the
//! caller says that enough time has passed ([`Event::GraceElapsed`]), and *after* that a read finds nothing. How much
//! is enough the gateway does not document; it should be more than any proxy or queue between here and there keeps a
//! request, say an hour.
//!
//! ```
//! use http::StatusCode;
//! # use jiff::civil::date;
//! # use xgateway_api::deposit::CardDeposit;
//! # use xgateway_api::environment::Environment;
//! # use xgateway_api::policy::CardPolicy;
//! use xgateway_client::Client;
//! # use xgateway_core::secret::ApiKey;
//! use xgateway_flows::card::{CardDepositFlow, Progress};
//! use xgateway_transport::test_util::{ExpectedRequest, ScriptedTransport};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
//! # let text = br#"{"amount": 25.00, "baseCurrency": "EUR", "orderId": "order-1",
//! #   "accountId": "a67ec03c-0253-4c14-9961-28985186f90c", "customerId": "customer-1",
//! #   "customerDateOfBirth": "2000-02-10", "customerEmail": "john.doe@example.com",
//! #   "customerFirstName": "John", "customerLastName": "Doe", "customerPhone": "49 15123456789",
//! #   "userIp": "217.138.202.40",
//! #   "billingAddress": {"addressLine1": "Main Street 1", "city": "Prague", "countryCode": "CZ",
//! #                      "postalCode": "15000", "state": "Praha"},
//! #   "card": {"cardNumber": "4000 0000 0000 0002", "cardholderName": "John Doe",
//! #            "expiryMonth": "12", "expiryYear": "2028", "cardSecurityCode": "444"}}"#;
//! # let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
//! # let deposit = CardDeposit::from_json(text, &CardPolicy::new(&Environment::Demo, date(2026, 11, 21)))?;
//! let gateway = ScriptedTransport::new([
//!     ExpectedRequest::post("/api/v2/gateway8").answers(
//!         StatusCode::CREATED,
//!         r#"{"data":{"threeDSURL":"https://bank.example/3ds","message":"3DS required."},"success":true}"#,
//!     ),
//! ]);
//! let client = Client::new(Environment::Demo, key, gateway);
//!
//! let mut flow = CardDepositFlow::new(client, deposit);
//! let before = flow.snapshot(); // Store it before the first byte is sent.
//! match flow.start().await {
//!     Progress::ThreeDsRequired { url } => assert_eq!(url.as_str(), "https://bank.example/3ds"),
//!     other => unreachable!("{other:?}"),
//! }
//! // Later: `flow.customer_returned()`, `flow.callback_hint(..)`, or `flow.look()`.
//! # let _ = before;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod action;
mod driver;
mod event;
pub mod journalled;
mod machine;
mod order;
mod pause;
mod progress;
mod resolution;
mod settled;
mod snapshot;
mod state;
mod three_ds;

pub use action::Action;
pub use driver::CardDepositFlow;
pub use event::{CallbackHint, Event, Reading};
pub use journalled::{JournalledCards, JournalledError, Resumed, Resuming, Standing};
pub use machine::Machine;
pub use order::Order;
pub use pause::Pause;
pub use progress::{InProgress, Progress, Refused, Ticket};
pub use resolution::{Resolution, ResolutionError, Resolved};
pub use settled::{Contradiction, SettledTransaction};
pub use state::State;
pub use three_ds::{ThreeDsUrl, ThreeDsUrlError};

pub use xgateway_store::Attempt;

pub use crate::snapshot::SnapshotError;
