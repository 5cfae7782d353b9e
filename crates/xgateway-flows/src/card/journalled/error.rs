use xgateway_client::Error as ClientError;
use xgateway_core::id::OrderId;
use xgateway_store::{Attempt, AttemptError, IntentState, Outcome, StoreError, StoreErrorKind};

use super::Standing;
use crate::card::{Resolution, SnapshotError};

/// Why a journalled deposit was not sent, or not followed.
///
/// Only [`NotKept`](Self::NotKept) and [`NotFollowed`](Self::NotFollowed) come after anything was sent by the call; see
/// [`may_have_sent`](Self::may_have_sent) for what an earlier one has left. As everywhere, `Display` is one line without its
/// source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalledError {
    /// The intent could not be written down, so nothing was sent. It may have been written all the same; then it is
    /// open, and ends like any other.
    #[error("the intent of {attempt} could not be journalled; nothing was sent")]
    NotBegun {
        /// The attempt.
        attempt: Attempt,
        /// What the store says.
        source: StoreError,
    },
    /// The attempt was begun before, with another body. Nothing was sent now; what was sent then may have charged.
    #[error("{attempt} was begun with another request, and is {state}; nothing was sent now; what differs: {}", fields.join(", "))]
    OtherBody {
        /// The attempt.
        attempt: Attempt,
        /// The fields that differ, in alphabetical order.
        fields: Vec<String>,
        /// How it stands.
        state: IntentState,
    },
    /// The attempt was sent to another environment. Nothing was sent, asked or written.
    #[error("{attempt} was sent to {sent_to}, not to {asked}; nobody was asked about it")]
    OtherEnvironment {
        /// The attempt.
        attempt: Attempt,
        /// The base URL of the environment that it was sent to.
        sent_to: Box<str>,
        /// The base URL of the client's environment.
        asked: Box<str>,
    },
    /// The attempt was sent with another API key, which may be another account's, or journalled with another fingerprint
    /// key. Nothing was sent, asked or written.
    #[error(
        "{attempt} was sent with another API key, or the journal's key is another one; nobody was asked about it"
    )]
    OtherAccount {
        /// The attempt.
        attempt: Attempt,
    },
    /// The gateway knows nothing of an attempt that an older version has journalled, without saying where it was sent.
    /// That proves nothing. Nothing was written.
    #[error(
        "this gateway knows nothing of {attempt}, and the journal does not say where it was sent"
    )]
    UnknownDestination {
        /// The attempt.
        attempt: Attempt,
    },
    /// An attempt before it is not proven to be declined. Nothing was sent.
    #[error("{attempt} is too early: an attempt before it is {}; nothing was sent", state(*previous))]
    TooEarly {
        /// The attempt.
        attempt: Attempt,
        /// How the nearest such attempt stands, if it was ever begun.
        previous: Option<IntentState>,
    },
    /// The gateway could not be asked about an attempt, and without its answer nothing more is done: nothing was sent, and
    /// nothing is resolved.
    #[error("the gateway does not say how {attempt} stands; nothing was sent")]
    NotHeard {
        /// The attempt.
        attempt: Attempt,
        /// Why it was not heard.
        source: Option<ClientError>,
    },
    /// The attempt was not taken before, and its order id has a form that proxies change in a path, so that nobody can ask
    /// whether it has arrived since. Nothing was sent.
    #[error("whether the gateway has {attempt} cannot be asked; nothing was sent")]
    Unaskable {
        /// The attempt.
        attempt: Attempt,
    },
    /// There is no such attempt. Nothing was sent.
    #[error("there is no such attempt; nothing was sent")]
    Attempt(#[from] AttemptError),
    /// The deposit is of another order than the attempt that was declined. Nothing was sent.
    #[error("the deposit is of order {order}, not of the one that was declined; nothing was sent")]
    OtherOrder {
        /// The order of the deposit.
        order: OrderId,
    },
    /// The journal knows nothing of the attempt.
    #[error("{attempt} was never begun")]
    NeverBegun {
        /// The attempt.
        attempt: Attempt,
    },
    /// What the journal holds under this order id is no card deposit, or of another version of this library.
    #[error("what the journal holds of {attempt} is no card deposit that this version knows")]
    NoCardDeposit {
        /// The attempt.
        attempt: Attempt,
        /// What is wrong with it, if it is one at all.
        source: Option<SnapshotError>,
    },
    /// There is nothing about the attempt that only a person could judge. Nothing was written.
    #[error("there is nothing to resolve about {attempt}, which is {state}; nothing was written")]
    NothingToResolve {
        /// The attempt.
        attempt: Attempt,
        /// How it stands.
        state: IntentState,
    },
    /// It was paid twice, so it is not one that was not charged. Nothing was written.
    #[error("{attempt} was paid twice, so it was charged; nothing was written")]
    PaidTwice {
        /// The attempt.
        attempt: Attempt,
    },
    /// The customer was credited, and the journal says so now; but a person had ended the attempt before: what was paid may
    /// have been given back, or credited by that person, too.
    #[error("{attempt} was resolved as {} before its customer was credited", resolution.outcome().as_str())]
    ResolvedMeanwhile {
        /// The attempt.
        attempt: Attempt,
        /// What the person has found out.
        resolution: Resolution,
    },
    /// A transaction names no order, and the gateway does not say whose its invoice is: nobody knows whether it pays an
    /// order. Nobody is to be credited.
    #[error("the gateway does not say whose invoice was paid")]
    InvoiceUnread {
        /// Why.
        source: ClientError,
    },
    /// The journal cannot be read.
    #[error("the journal cannot be read")]
    Journal(#[source] StoreError),
    /// The gateway was asked, but what it said could not be written down. The journal knows what it knew before, so a
    /// later look finds out the same. [Resuming](crate::card::JournalledCards::resume_all) looks at open intents only: if
    /// a callback told of a charge after a decline, put it back, and let it come again.
    #[error("how {} stands could not be journalled", standing.attempt)]
    NotKept {
        /// How it stands.
        standing: Box<Standing>,
        /// What the store says.
        source: StoreError,
    },
    /// The attempt was sent, by this call or an earlier one, and how the order stands could not be found out. The journal
    /// knows of it.
    #[error("{attempt} may have been sent, and how its order stands could not be found out")]
    NotFollowed {
        /// The attempt.
        attempt: Attempt,
        /// How it stands by itself, if that is known. Nobody is to be credited before the other attempts at the order are
        /// known, too; but a customer may be sent to a 3DS page.
        standing: Option<Box<Standing>>,
        /// What went wrong.
        source: Box<Self>,
    },
}

impl JournalledError {
    /// What to do next, in a sentence.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NotBegun { source, .. } | Self::Journal(source) if is_unreadable(source) => {
                "it may be paid, and nothing was sent now: use the version that wrote what the journal holds of it, or have a \
                 person compare the gateway with the books"
            }
            Self::NotBegun { .. } => "nothing was done: try again once the journal can be written",
            Self::OtherBody { state, .. } => match state {
                IntentState::Open => {
                    "resume the order, and do not charge again before its end is known: under no other order id either"
                }
                IntentState::Finished(Outcome::Charged) => {
                    "the order is paid; use another order id only for another payment"
                }
                IntentState::Finished(Outcome::Declined | Outcome::NotTaken) => {
                    "try the order again after its decline (`retry`, `--retry`)"
                }
            },
            Self::OtherEnvironment { .. } => {
                "use the environment that it was sent to: only there its order is known"
            }
            Self::OtherAccount { .. } => {
                "use the API key and the journal's key that it was sent with; if the same account has changed its API key \
                 since, say so (`with_same_account`, `--same-account`)"
            }
            Self::UnknownDestination { .. } => {
                "make sure that it was sent to this environment with this account, and then say so \
                 (`with_same_account`, `--same-account`)"
            }
            Self::Unaskable { .. } => {
                "take another order id, of letters, digits and dashes: this one is never sent again"
            }
            Self::TooEarly { .. } => "resume the order; try again after a decline only",
            Self::Attempt(_) | Self::OtherOrder { .. } => "correct the order id",
            Self::NeverBegun { .. } => "check the order id, and which journal is used",
            Self::NoCardDeposit { .. } => {
                "resume it with the version of this library that wrote it"
            }
            Self::NothingToResolve { .. } => "resume the order: the gateway says how it stands",
            Self::PaidTwice { .. } => {
                "see that the customer has got one payment and the other was given back, and say that it was charged; for \
                 another payment take another order id"
            }
            Self::ResolvedMeanwhile { .. } => {
                "have a person compare the ledger with what the customer got or was given back"
            }
            Self::Journal(_) => "try again once the journal can be read",
            Self::NotHeard { source, .. }
                if source.as_ref().is_some_and(ClientError::is_not_found) =>
            {
                "ask the gateway's support what became of it; if it is certain that nothing was charged, take a new order id"
            }
            Self::NotHeard { .. } => "try again once the gateway answers",
            Self::InvoiceUnread { .. } => {
                "credit nobody yet: have the callback come again, and look once the gateway answers"
            }
            Self::NotKept { .. } => "resume the order once the journal can be written",
            Self::NotFollowed { source, .. } if matches!(**source, Self::NotHeard { .. }) => {
                "resume the order once the gateway answers, and do not charge again before"
            }
            Self::NotFollowed { source, .. }
                if matches!(**source, Self::UnknownDestination { .. }) =>
            {
                source.advice()
            }
            Self::NotFollowed { .. } => {
                "resume the order once the journal can be read, and do not charge again before"
            }
        }
    }

    /// The attempt that it is about, if it is about one.
    pub fn attempt(&self) -> Option<&Attempt> {
        match self {
            Self::NotBegun { attempt, .. }
            | Self::OtherBody { attempt, .. }
            | Self::OtherEnvironment { attempt, .. }
            | Self::OtherAccount { attempt }
            | Self::UnknownDestination { attempt }
            | Self::TooEarly { attempt, .. }
            | Self::Unaskable { attempt }
            | Self::NeverBegun { attempt }
            | Self::NoCardDeposit { attempt, .. }
            | Self::NotHeard { attempt, .. }
            | Self::NotFollowed { attempt, .. }
            | Self::ResolvedMeanwhile { attempt, .. }
            | Self::PaidTwice { attempt }
            | Self::NothingToResolve { attempt, .. } => Some(attempt),
            Self::NotKept { standing, .. } => Some(&standing.attempt),
            Self::Attempt(_)
            | Self::OtherOrder { .. }
            | Self::InvoiceUnread { .. }
            | Self::Journal(_) => None,
        }
    }

    /// The same, of an attempt that was sent before.
    pub(super) fn after_sending(self, attempt: Attempt) -> Self {
        if self.may_have_sent() {
            return self;
        }
        Self::NotFollowed {
            attempt,
            standing: None,
            source: Box::new(self),
        }
    }

    /// Whether money may have moved, or may still move, for the order: by the call that failed, or by an earlier one that it
    /// found in the journal. Do not cancel the order then, nor charge it otherwise, but resume it.
    pub fn may_have_sent(&self) -> bool {
        let is_over = |state: IntentState| {
            matches!(
                state,
                IntentState::Finished(Outcome::Declined | Outcome::NotTaken)
            )
        };
        match self {
            Self::NotKept { .. } | Self::NotFollowed { .. } | Self::ResolvedMeanwhile { .. } => {
                true
            }
            Self::OtherBody { state, .. } => !is_over(*state),
            Self::TooEarly { previous, .. } => previous.is_some_and(|state| !is_over(state)),
            // There is something under its order id, which may have been sent.
            Self::NotBegun { source, .. } => is_unreadable(source),
            Self::OtherEnvironment { .. }
            | Self::OtherAccount { .. }
            | Self::UnknownDestination { .. }
            | Self::NotHeard { .. }
            | Self::Unaskable { .. }
            | Self::Attempt(_)
            | Self::OtherOrder { .. }
            | Self::NeverBegun { .. }
            | Self::NoCardDeposit { .. }
            | Self::NothingToResolve { .. }
            | Self::PaidTwice { .. }
            | Self::InvoiceUnread { .. }
            | Self::Journal(_) => false,
        }
    }
}

/// Whether the journal holds something that this version cannot read.
fn is_unreadable(error: &StoreError) -> bool {
    error.kind() == StoreErrorKind::Corrupt
}

fn state(state: Option<IntentState>) -> &'static str {
    match state {
        None => "unknown here",
        Some(IntentState::Open) => "still open",
        Some(IntentState::Finished(outcome)) => outcome.as_str(),
    }
}
