//! Why a command failed, with which code the process then ends, and what to do next.

mod effect;
mod exit;
mod hint;
mod report;
mod subject;

use std::io;
use std::path::PathBuf;

use xgateway::callback::CallbackError;
use xgateway::client::Error as ClientError;
use xgateway::core::id::OrderId;
use xgateway::core::issue::Issues;
use xgateway::core::secret::scrub;
use xgateway::flows::card::{Contradiction, JournalledError, Refused, Ticket};
use xgateway::flows::onboarding::OnboardingError;
use xgateway::store::{StoreError, StoreErrorKind};

use crate::exit::Exit;
use crate::settings::SettingsError;

pub(crate) use exit::{exit_of_callback, is_elsewhere};
pub(crate) use hint::{USE_ITS_VERSION, let_a_person_end};
pub(crate) use report::report;

/// Why a command failed.
///
/// As everywhere, a message is one line without its source: [`report()`] prints the chain.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Everything has been said already.
    #[error("{}", .0.meaning())]
    Reported(Exit),
    /// Whoever read our output went away, which is how `| head` ends.
    #[error("the reader of the output went away")]
    OutputClosed,
    /// The command line is wrong.
    #[error("{message}")]
    Usage {
        /// What is wrong. It repeats no value.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// A setting is missing or wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A file cannot be read.
    #[error("cannot read {}", scrub(&.path.to_string_lossy()))]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It failed before anything was sent.
    #[error(transparent)]
    BeforeSending(Box<Self>),
    /// No sandbox could be reached.
    #[error("cannot reach the sandbox at {url}")]
    NoSandbox {
        /// Where it should be.
        url: String,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Something else of the system's failed.
    #[error("cannot {action}")]
    System {
        /// What was to be done.
        action: String,
        /// What to do instead.
        hint: Option<String>,
        /// What the system says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The input is no JSON.
    #[error("the input is not valid JSON (line {line}, column {column})")]
    Malformed {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// The input is JSON behind a mark that does not belong there.
    #[error("the input begins with a byte order mark (U+FEFF), and JSON does not")]
    Marked,
    /// The input is larger than anything that could be meant.
    #[error("the input is far larger than what is wanted")]
    TooLarge,
    /// The input breaks rules; nothing was sent.
    #[error("the input breaks {}; nothing was sent", count(.0))]
    Invalid(Issues),
    /// An onboarding cannot be taken up here; nothing was sent.
    #[error(transparent)]
    Onboarding(#[from] OnboardingError),
    /// Another process goes on with the onboarding.
    #[error(
        "another `xgateway onboard` is at work on this state file; nothing was sent by this one"
    )]
    AtWork,
    /// Time was up while the gateway could not be asked how far an onboarding has come.
    #[error(
        "the onboarding of {customer_id} is not through, and the gateway could not be asked how far it is"
    )]
    Unheard {
        /// The customer.
        customer_id: String,
        /// Why not.
        source: Box<ClientError>,
    },
    /// A text is no authentic callback.
    #[error("the callback is refused: {0}")]
    Callback(CallbackError),
    /// A call failed.
    #[error(transparent)]
    Client(Box<ClientError>),
    /// The journal stopped a deposit, or lost track of one.
    #[error(transparent)]
    Journalled(Box<JournalledError>),
    /// The gateway refused a deposit.
    #[error("the deposit was refused; nothing was charged")]
    Refused(Box<Refused>),
    /// A served sandbox refused what it was told to let happen.
    #[error("the sandbox answered {status}: {reason}")]
    OfSandbox {
        /// The status of its answer.
        status: u16,
        /// In its own words.
        reason: String,
    },
    /// The customer or the bank declined, or the time ran out.
    #[error("the payment of order {order_id} failed; nothing was charged")]
    Declined {
        /// The order.
        order_id: String,
        /// The transaction, if it came to one.
        transaction_id: Option<String>,
    },
    /// The request never arrived.
    #[error("the request for order {order_id} did not arrive; nothing was charged")]
    NotCharged {
        /// The order.
        order_id: String,
    },
    /// Nobody knows whether the customer was charged.
    #[error("nobody knows what became of order {}", .ticket.order_id())]
    Unresolved {
        /// Leads to the answer.
        ticket: Box<Ticket>,
        /// That of the request itself, if it was sent just now and has been looked after since.
        request: Option<Box<Ticket>>,
    },
    /// We were told to stop while the request was under way.
    #[error("stopped while order {order_id} was under way")]
    Interrupted {
        /// The order.
        order_id: String,
    },
    /// We were told to stop while we asked or looked, or changed something else than a deposit.
    #[error("stopped before it was through")]
    Stopped(Stopped),
    /// The order was sent, now or before, and what became of it could not be found out.
    #[error("order {order_id} was sent, and what became of it could not be found out")]
    Unfollowed {
        /// The order.
        order_id: String,
        /// What failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Orders were sent, and how they stand could not be written to stdout.
    #[error("{} sent, and how {} could not be told", .order_id.as_ref().map_or_else(|| "orders were".to_owned(), |id| format!("order {id} was")), if .order_id.is_some() { "it stands" } else { "they stand" })]
    Untold {
        /// The order, if it is about one.
        order_id: Option<String>,
        /// Why it could not be written.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The journal has never heard of an order.
    #[error("the journal knows nothing of order {order_id}: it is {journal}")]
    UnknownOrder {
        /// The order.
        order_id: String,
        /// Where the journal is.
        journal: String,
    },
    /// There is no journal that could know of an order.
    #[error("nobody knows anything of order {order_id}: there is no journal yet at {journal}")]
    NoJournal {
        /// The order.
        order_id: String,
        /// Where it would be.
        journal: String,
    },
    /// What the journal holds of an order makes no sense to this version.
    #[error("this version cannot read what the journal holds of order {order_id}")]
    Illegible {
        /// The order.
        order_id: String,
        /// What the store says.
        source: StoreError,
    },
    /// A person has ended the order.
    #[error("order {order_id} was resolved by a person, as not charged")]
    ResolvedAsNotCharged {
        /// The order.
        order_id: String,
    },
    /// The gateway's word does not fit the order.
    #[error("what the gateway says does not fit order {order_id}")]
    Contradiction {
        /// The order.
        order_id: String,
        /// In what.
        source: Contradiction,
    },
}

/// What was under way when we were told to stop.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stopped {
    /// Something was read.
    Reading,
    /// Something was watched that is not final as far as anybody has seen.
    Watching,
    /// It was looked what became of deposits, and nothing of it told.
    Resuming,
    /// Something was changed.
    Acting,
}

impl Failure {
    /// A usage error with advice.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    /// Says that nothing was sent if this is a matter of the system's, which does not say so itself.
    pub(crate) fn before_sending(self) -> Self {
        if matches!(self, Self::File { .. } | Self::System { .. }) {
            Self::BeforeSending(Box::new(self))
        } else {
            self
        }
    }

    /// Something of the system's failed.
    pub(crate) fn system(
        action: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::System {
            action: action.into(),
            hint: None,
            source: source.into(),
        }
    }

    /// What the journal holds of an order could not be read.
    pub(crate) fn unread(order_id: &OrderId, source: StoreError) -> Self {
        if source.kind() == StoreErrorKind::Corrupt {
            let order_id = order_id.to_string();
            return Self::Illegible { order_id, source };
        }
        Self::system("read the journal", source)
    }

    /// Says that orders, or one, could not be told if this is that stdout could not be written.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever else failed, stdout did not"
    )]
    pub(crate) fn or_untold(self, order_id: Option<String>) -> Self {
        let source = match self {
            Self::OutputClosed => Box::new(io::Error::from(io::ErrorKind::BrokenPipe)),
            Self::System { source, .. } => source,
            other => return other,
        };
        Self::Untold { order_id, source }
    }

    /// Writing to stdout failed.
    pub(crate) fn output(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe {
            Self::OutputClosed
        } else {
            Self::system("write the output", source)
        }
    }
}

fn count(issues: &Issues) -> String {
    match issues.iter().len() {
        1 => "1 rule".to_owned(),
        count => format!("{count} rules"),
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::Client(Box::new(error))
    }
}

impl From<JournalledError> for Failure {
    fn from(error: JournalledError) -> Self {
        Self::Journalled(Box::new(error))
    }
}
