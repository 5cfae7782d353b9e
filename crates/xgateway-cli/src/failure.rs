//! Why a command failed, with which code the process then ends, and what to do next.

mod report;

use std::io;
use std::path::PathBuf;

use xgateway::callback::CallbackError;
use xgateway::client::{Effect, Error as ClientError, ErrorKind};
use xgateway::core::issue::Issues;
use xgateway::core::secret::scrub;
use xgateway::flows::card::{Contradiction, JournalledError, Refused, Ticket};
use xgateway::store::IntentState;
use xgateway::transport::Delivery;

use crate::exit::Exit;
use crate::settings::SettingsError;

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
    /// The input is larger than anything that could be meant.
    #[error("the input is far larger than what is wanted")]
    TooLarge,
    /// The input breaks rules; nothing was sent.
    #[error("the input breaks {}; nothing was sent", count(.0))]
    Invalid(Issues),
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
    /// The order was sent, now or before, and what became of it could not be found out.
    #[error("order {order_id} was sent, and what became of it could not be found out")]
    Unfollowed {
        /// The order.
        order_id: String,
        /// What failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The order was sent, and how it stands could not be written to stdout.
    #[error("order {order_id} was sent, and how it stands could not be told")]
    Untold {
        /// The order.
        order_id: String,
        /// Why it could not be written.
        source: Box<dyn std::error::Error + Send + Sync>,
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

impl Failure {
    /// A usage error with advice.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            hint: Some(hint.into()),
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

    /// Writing to stdout failed.
    pub(crate) fn output(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe {
            Self::OutputClosed
        } else {
            Self::system("write the output", source)
        }
    }

    /// With which code the process ends.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Reported(exit) => *exit,
            Self::OutputClosed => Exit::Success,
            Self::Usage { .. } => Exit::Usage,
            Self::Settings(_) => Exit::Settings,
            Self::File { .. } | Self::System { .. } => Exit::Io,
            Self::Malformed { .. }
            | Self::TooLarge
            | Self::Invalid(_)
            | Self::OfSandbox {
                status: 400 | 422, ..
            } => Exit::Invalid,
            Self::Callback(error) => exit_of_callback(*error),
            Self::Client(error) => exit_of(error),
            Self::Journalled(error) => exit_of_journal(error),
            Self::Refused(refused) => refused.error().map_or(Exit::Refused, exit_of),
            Self::OfSandbox { status: 401, .. } => Exit::Authentication,
            Self::Declined { .. } | Self::ResolvedAsNotCharged { .. } | Self::OfSandbox { .. } => {
                Exit::Refused
            }
            Self::NotCharged { .. } => Exit::NotSent,
            Self::Unresolved { .. }
            | Self::Interrupted { .. }
            | Self::Unfollowed { .. }
            | Self::Untold { .. }
            | Self::Contradiction { .. } => Exit::Unknown,
        }
    }

    /// What to do next.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Usage { hint, .. } | Self::System { hint, .. } => hint.clone(),
            Self::Settings(error) => error.hint(),
            Self::Client(error) => Some(error.advice().to_owned()),
            Self::Refused(refused) => refused.error().map(|error| error.advice().to_owned()),
            Self::Journalled(error) => Some(error.advice().to_owned()),
            Self::Unresolved { ticket, .. } => Some(look_first(ticket.order_id().as_str())),
            Self::Interrupted { order_id }
            | Self::Unfollowed { order_id, .. }
            | Self::Untold { order_id, .. } => Some(look_first(order_id)),
            Self::Contradiction { order_id, .. } => {
                Some(format!("credit nobody; {}", let_a_person_end(order_id)))
            }
            Self::OfSandbox { status: 401, .. } => Some(
                "does it ask for a token? set XGATEWAY_SANDBOX_TOKEN; was it started with another --seed? then it has \
                 another API key"
                    .to_owned(),
            ),
            Self::OfSandbox { .. } => Some(
                "look at its page /inspector for what it got and why it refused".to_owned(),
            ),
            Self::Declined { .. } | Self::ResolvedAsNotCharged { .. } => Some(
                "`xgateway card deposit --retry` tries the order again, with another card say"
                    .to_owned(),
            ),
            Self::NotCharged { .. } => Some("the order may be sent again".to_owned()),
            Self::Invalid(_) => {
                Some("correct the fields that are named, then run it again".to_owned())
            }
            Self::Malformed { .. } => Some(
                "it must be one JSON object, without anything before or behind it; nothing was sent"
                    .to_owned(),
            ),
            Self::TooLarge => Some("give one request, as the guide shows it; nothing was sent".to_owned()),
            Self::Callback(CallbackError::NotAuthentic) => {
                Some("`xgateway callback explain` may tell why".to_owned())
            }
            Self::Reported(_)
            | Self::OutputClosed
            | Self::File { .. }
            | Self::Callback(_) => None,
        }
    }
}

fn count(issues: &Issues) -> String {
    match issues.iter().len() {
        1 => "1 rule".to_owned(),
        count => format!("{count} rules"),
    }
}

/// What ends a contradiction as long as it is open.
pub(crate) fn let_a_person_end(order_id: &str) -> String {
    format!(
        "compare `xgateway invoice get {order_id}` with your own books; as long as it is open, `xgateway card resolve \
         {order_id} --as charged|not-charged --by NAME --note TEXT` ends it"
    )
}

fn look_first(order_id: &str) -> String {
    format!("run `xgateway card resume {order_id}` until it tells; do not charge again before")
}

impl Failure {
    /// The failed call behind it.
    fn client(&self) -> Option<&ClientError> {
        match self {
            Self::Client(error) => Some(error),
            Self::Refused(refused) => refused.error(),
            Self::Unresolved { ticket, request } => {
                let request = request.as_ref().and_then(|ticket| ticket.error());
                request.or_else(|| ticket.error())
            }
            Self::Reported(_)
            | Self::OutputClosed
            | Self::Usage { .. }
            | Self::Settings(_)
            | Self::File { .. }
            | Self::System { .. }
            | Self::Malformed { .. }
            | Self::TooLarge
            | Self::Invalid(_)
            | Self::Callback(_)
            | Self::Journalled(_)
            | Self::OfSandbox { .. }
            | Self::Declined { .. }
            | Self::NotCharged { .. }
            | Self::Interrupted { .. }
            | Self::Unfollowed { .. }
            | Self::Untold { .. }
            | Self::ResolvedAsNotCharged { .. }
            | Self::Contradiction { .. } => None,
        }
    }

    /// What the gateway may have done, if a call was made.
    fn effect(&self) -> Option<Effect> {
        if matches!(
            self,
            Self::Unresolved { .. }
                | Self::Interrupted { .. }
                | Self::Unfollowed { .. }
                | Self::Untold { .. }
        ) {
            // Of the deposit itself. A call that failed after it only read, and says nothing about it.
            return Some(Effect::Unknown);
        }
        if let Self::Journalled(error) = self {
            let is_unknown = exit_of_journal(error) == Exit::Unknown;
            return Some(if is_unknown {
                Effect::Unknown
            } else {
                Effect::Nothing
            });
        }
        if matches!(
            self,
            Self::Malformed { .. } | Self::TooLarge | Self::Invalid(_)
        ) {
            return Some(Effect::Nothing);
        }
        self.client().map(ClientError::effect)
    }

    /// The transaction that it is about.
    fn transaction_id(&self) -> Option<&str> {
        if let Self::Declined { transaction_id, .. } = self {
            return transaction_id.as_deref();
        }
        None
    }

    /// What is wrong with the request.
    fn issues(&self) -> Option<&Issues> {
        if let Self::Invalid(issues) = self {
            return Some(issues);
        }
        self.client().and_then(ClientError::issues)
    }

    /// The order that it is about.
    fn order_id(&self) -> Option<&str> {
        match self {
            Self::Unresolved { ticket, .. } => Some(ticket.order_id().as_str()),
            Self::Journalled(error) => {
                let attempt = error.attempt();
                attempt.map(|attempt| attempt.gateway_order_id().as_str())
            }
            Self::Declined { order_id, .. }
            | Self::NotCharged { order_id }
            | Self::Interrupted { order_id }
            | Self::Unfollowed { order_id, .. }
            | Self::Untold { order_id, .. }
            | Self::ResolvedAsNotCharged { order_id }
            | Self::Contradiction { order_id, .. } => Some(order_id),
            Self::Reported(_)
            | Self::OutputClosed
            | Self::Usage { .. }
            | Self::Settings(_)
            | Self::File { .. }
            | Self::System { .. }
            | Self::Malformed { .. }
            | Self::TooLarge
            | Self::Invalid(_)
            | Self::Callback(_)
            | Self::Client(_)
            | Self::OfSandbox { .. }
            | Self::Refused(_) => None,
        }
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

/// Whether it is about what was sent elsewhere, as far as anybody knows: another environment or account is to be asked.
pub(crate) fn is_elsewhere(error: &JournalledError) -> bool {
    matches!(
        error,
        JournalledError::OtherEnvironment { .. }
            | JournalledError::OtherAccount { .. }
            | JournalledError::UnknownDestination { .. }
    )
}

fn exit_of_journal(error: &JournalledError) -> Exit {
    match error {
        // Nothing was sent now, but nobody knows yet what became of what was sent before.
        JournalledError::NotKept { .. }
        | JournalledError::NotFollowed { .. }
        | JournalledError::TooEarly {
            previous: Some(IntentState::Open),
            ..
        } => Exit::Unknown,
        JournalledError::NotBegun { .. }
        | JournalledError::NoCardDeposit { .. }
        | JournalledError::Journal(_) => Exit::Io,
        JournalledError::NotHeard { source, .. } => source.as_ref().map_or(Exit::Gateway, exit_of),
        JournalledError::OtherBody { .. }
        | JournalledError::TooEarly { .. }
        | JournalledError::Attempt(_)
        | JournalledError::OtherOrder { .. } => Exit::Invalid,
        // It is asked with the wrong settings.
        JournalledError::OtherEnvironment { .. }
        | JournalledError::OtherAccount { .. }
        | JournalledError::UnknownDestination { .. } => Exit::Settings,
        JournalledError::NeverBegun { .. } | JournalledError::NothingToResolve { .. } => {
            Exit::Usage
        }
        // What this version does not know may be anything.
        _ => Exit::Unknown,
    }
}

/// What the receiver would answer with 403 is a matter of the key; the rest is no callback, whoever sent it.
pub(crate) fn exit_of_callback(error: CallbackError) -> Exit {
    match error {
        CallbackError::NotAuthentic | CallbackError::HashForm => Exit::NotAuthentic,
        CallbackError::TooLarge
        | CallbackError::NotUtf8
        | CallbackError::TooDeep
        | CallbackError::Malformed { .. }
        | CallbackError::NotAnObject
        | CallbackError::TrailingData
        | CallbackError::DuplicateKey
        | CallbackError::TooManyKeys
        | CallbackError::Missing { .. }
        | CallbackError::NotText { .. }
        | CallbackError::Ambiguous { .. }
        // What else a callback can be refused for is a matter of its form.
        | _ => Exit::Invalid,
    }
}

/// Whether something may have happened comes first; only then, whose fault it is.
fn exit_of(error: &ClientError) -> Exit {
    match error.effect() {
        Effect::Unknown | Effect::Acted => return Exit::Unknown,
        Effect::Nothing => {}
    }
    if let ClientError::Transport(error) = error {
        return match error.delivery() {
            Delivery::NotSent => Exit::NotSent,
            // Only reading calls get here.
            Delivery::Unknown => Exit::Gateway,
        };
    }
    match error.kind() {
        ErrorKind::Caller => Exit::Settings,
        ErrorKind::Validation => Exit::Invalid,
        ErrorKind::Authentication => Exit::Authentication,
        ErrorKind::Refused => Exit::Refused,
        ErrorKind::RateLimited => Exit::RateLimited,
        ErrorKind::Gateway
        | ErrorKind::Undecodable
        | ErrorKind::Transport
        // A kind that this version does not know is nobody's fault that we could name.
        | _ => Exit::Gateway,
    }
}
