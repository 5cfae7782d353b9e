//! A customer's onboarding for payments by bank: profile, documents, KYC, corrections, and an account that is open.
//!
//! ```text
//!  profile ─► [account] ─► applicant ─► documents ─► verification ─► verifying ─┬─► opening ─► ONBOARDED
//!              (by the                       ▲              ▲                    │      ▲            │
//!               older                        │              │                    │      └─[account]  │ reversed
//!               documents)               correcting ◄─── FAILED ◄────────────────┤                   ▼
//!                                                  (the customer's turn)         └─► REJECTED   failed, rejected
//! ```
//!
//! What it promises, and a test walks through every order of events to hold it to them:
//!
//! - **One start.** The verification is started at most once in each status, however often answers get lost or the
//!   process ends. The same holds for creating the account and the applicant. The snapshot says that a request is on
//!   its way before it is; after a restart the gateway is asked, and it is sent again only when enough time has passed
//!   ([`Patience`]) and the gateway *then* shows no trace of it. In the status `KYC_PENDING`, where a trace cannot be
//!   told from none, it is not sent again at all.
//! - **No hearsay.** A callback is a hint: its hash covers neither the status nor the IBAN. The status and the account
//!   come from the gateway's own answers, and an [`OpenAccount`] from nowhere else.
//! - **One customer.** Plan, dossier, snapshot and every answer name the same one, or nothing is sent.
//! - **One environment.** The snapshot says in which it was begun; asked for in another one, it is refused.
//! - **No dead end.** KYC may take hours, and pass, fail, or be reversed later. Go on feeding callbacks to a flow that
//!   has come to an end: it reads again, and reports a reversal.
//!
//! The snapshot holds no personal data. What is still to be sent is given again after a restart, as a [`Dossier`].
//!
//! ```
//! # use http::{Method, StatusCode};
//! # use xgateway_api::environment::Environment;
//! # use xgateway_api::types::BankCurrency;
//! use xgateway_client::Client;
//! # use xgateway_core::id::CustomerId;
//! # use xgateway_core::secret::ApiKey;
//! use xgateway_flows::onboarding::{Dossier, OnboardingFlow, Plan, Progress, Sequence};
//! use xgateway_transport::test_util::{ExpectedRequest, ScriptedTransport};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
//! # let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
//! let profile = "/api/v2/customer/customer-1/bank-transfer/user";
//! let gateway = ScriptedTransport::new([
//!     ExpectedRequest::post(profile)
//!         .answers(StatusCode::CREATED, r#"{"data":"User successfully created","success":true}"#),
//! ]);
//! let client = Client::new(Environment::Demo, key, gateway);
//!
//! let customer_id = CustomerId::parse("customer-1")?;
//! let plan = Plan {
//!     customer_id: customer_id.clone(),
//!     sequence: Sequence::KycFirst,
//!     currency: BankCurrency::Eur,
//!     pages: Vec::new(),
//! };
//! let profile = serde_json::from_str(r#"{"firstName":"John","lastName":"Doe","country":"GB"}"#)?;
//! let dossier = Dossier::new(customer_id).profile(profile);
//! dossier.check(&plan.pages).await?; // Every issue at once, before anything is sent.
//!
//! let mut flow = OnboardingFlow::new(client, plan, dossier)?;
//! assert!(matches!(flow.advance().await, Progress::Working));
//! assert_eq!(flow.machine().state().name(), "applicant");
//! let snapshot = flow.snapshot(); // Store it after each step, or let `run` do it.
//! # let _ = snapshot;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod dossier;
mod driver;
mod event;
mod machine;
mod observer;
mod plan;
mod progress;
mod snapshot;
mod state;
mod status;

pub use dossier::{Dossier, Files};
pub use driver::{Keep, OnboardingError, OnboardingFlow, Patience};
pub use event::{AccountSeen, CallbackHint, Event, Outcome, Request};
pub use machine::{Action, Machine};
pub use observer::{Note, Observer};
pub use plan::{Plan, Sequence};
pub use progress::{Need, OpenAccount, Progress, Verdict};
pub use state::{Attempt, State};

pub use crate::card::Pause;
pub use crate::snapshot::SnapshotError;
