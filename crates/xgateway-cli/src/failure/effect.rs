//! What the gateway may have done.

use xgateway::client::{Effect, Error as ClientError};

use super::exit::exit_of_journal;
use super::{Failure, Stopped};
use crate::exit::Exit;

impl Failure {
    /// The failed call behind it.
    pub(super) fn client(&self) -> Option<&ClientError> {
        match self {
            Self::Client(error) | Self::Unheard { source: error, .. } => Some(error),
            Self::Refused(refused) => refused.error(),
            Self::Unresolved { ticket, request } => {
                let request = request.as_ref().and_then(|ticket| ticket.error());
                request.or_else(|| ticket.error())
            }
            Self::BeforeSending(failure) => failure.client(),
            Self::Reported(_)
            | Self::OutputClosed
            | Self::Usage { .. }
            | Self::Settings(_)
            | Self::File { .. }
            | Self::System { .. }
            | Self::Malformed { .. }
            | Self::TooLarge
            | Self::Marked
            | Self::Invalid(_)
            | Self::Onboarding(_)
            | Self::AtWork
            | Self::Callback(_)
            | Self::Journalled(_)
            | Self::NoSandbox { .. }
            | Self::OfSandbox { .. }
            | Self::Declined { .. }
            | Self::NotCharged { .. }
            | Self::Interrupted { .. }
            | Self::Stopped(_)
            | Self::Unfollowed { .. }
            | Self::Untold { .. }
            | Self::UnknownOrder { .. }
            | Self::NoJournal { .. }
            | Self::Illegible { .. }
            | Self::ResolvedAsNotCharged { .. }
            | Self::Contradiction { .. } => None,
        }
    }

    /// What the gateway may have done, if a call was made.
    pub(super) fn effect(&self) -> Option<Effect> {
        if matches!(
            self,
            Self::Unresolved { .. }
                | Self::Interrupted { .. }
                | Self::Unfollowed { .. }
                | Self::Untold { .. }
                | Self::Illegible { .. }
                | Self::AtWork
                | Self::Unheard { .. }
        ) {
            // Of the deposit itself, or by whoever is at work. A call that failed after it only read, and says nothing about it.
            return Some(Effect::Unknown);
        }
        if let Self::Stopped(stopped) = self {
            return Some(match stopped {
                Stopped::Acting => Effect::Unknown,
                Stopped::Reading | Stopped::Watching | Stopped::Resuming => Effect::Nothing,
            });
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
            Self::Malformed { .. }
                | Self::TooLarge
                | Self::Marked
                | Self::Invalid(_)
                | Self::Onboarding(_)
                | Self::UnknownOrder { .. }
                | Self::NoJournal { .. }
                | Self::BeforeSending(_)
                | Self::NoSandbox { .. }
        ) {
            return Some(Effect::Nothing);
        }
        self.client().map(ClientError::effect)
    }
}
