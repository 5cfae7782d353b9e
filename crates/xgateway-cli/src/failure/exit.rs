//! With which code the process ends.

use xgateway::callback::CallbackError;
use xgateway::client::{Effect, Error as ClientError, ErrorKind};
use xgateway::flows::card::JournalledError;
use xgateway::flows::onboarding::{OnboardingError, SnapshotError};
use xgateway::store::{IntentState, StoreErrorKind};
use xgateway::transport::Delivery;

use super::{Failure, Stopped};
use crate::exit::Exit;

impl Failure {
    /// With which code the process ends.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Reported(exit) => *exit,
            Self::BeforeSending(failure) => failure.exit(),
            Self::OutputClosed => Exit::Success,
            Self::Usage { .. } => Exit::Usage,
            Self::UnknownOrder { .. } => Exit::UnknownOrder,
            Self::Settings(_) => Exit::Settings,
            Self::File { .. }
            | Self::System { .. }
            | Self::NoJournal { .. }
            | Self::Stopped(Stopped::Reading) => Exit::Io,
            Self::Malformed { .. }
            | Self::TooLarge
            | Self::Marked
            | Self::Invalid(_)
            | Self::OfSandbox {
                status: 400 | 422, ..
            } => Exit::Invalid,
            Self::Onboarding(error) => exit_of_onboarding(error),
            Self::Callback(error) => exit_of_callback(*error),
            Self::Client(error) => exit_of(error),
            Self::Journalled(error) => exit_of_journal(error),
            Self::Refused(refused) => refused.error().map_or(Exit::Refused, exit_of),
            Self::OfSandbox { status: 401, .. } => Exit::Authentication,
            Self::Declined { .. } | Self::ResolvedAsNotCharged { .. } | Self::OfSandbox { .. } => {
                Exit::Refused
            }
            Self::NotCharged { .. } | Self::NoSandbox { .. } => Exit::NotSent,
            Self::Unresolved { .. }
            | Self::Interrupted { .. }
            | Self::Stopped(Stopped::Watching | Stopped::Resuming | Stopped::Acting)
            | Self::Unfollowed { .. }
            | Self::Untold { .. }
            | Self::Illegible { .. }
            | Self::AtWork
            | Self::Unheard { .. }
            | Self::Contradiction { .. } => Exit::Unknown,
        }
    }
}

/// Whether it is about what was sent elsewhere, as far as anybody knows: another environment or account is to be asked.
pub(crate) fn is_elsewhere(error: &JournalledError) -> bool {
    // Without a standing this call has sent nothing: it took up what was sent before.
    if let JournalledError::NotFollowed {
        standing: None,
        source,
        ..
    } = error
    {
        return is_elsewhere(source);
    }
    matches!(
        error,
        JournalledError::OtherEnvironment { .. }
            | JournalledError::OtherAccount { .. }
            | JournalledError::UnknownDestination { .. }
    )
}

pub(super) fn exit_of_journal(error: &JournalledError) -> Exit {
    match error {
        // It is asked with the wrong settings.
        JournalledError::NotFollowed { .. } if is_elsewhere(error) => Exit::Settings,
        // Nothing was sent now, but nobody knows yet what became of what was sent before.
        JournalledError::NotKept { .. }
        | JournalledError::NotFollowed { .. }
        | JournalledError::NoCardDeposit { .. }
        | JournalledError::ResolvedMeanwhile { .. }
        | JournalledError::OtherBody {
            state: IntentState::Open,
            ..
        }
        | JournalledError::TooEarly {
            previous: Some(IntentState::Open),
            ..
        } => Exit::Unknown,
        // What this version cannot read may have been sent, and paid.
        JournalledError::NotBegun { source, .. } | JournalledError::Journal(source)
            if source.kind() == StoreErrorKind::Corrupt =>
        {
            Exit::Unknown
        }
        JournalledError::NotBegun { .. } | JournalledError::Journal(_) => Exit::Io,
        JournalledError::InvoiceUnread { source } => exit_of(source),
        JournalledError::NotHeard { source, .. } => source.as_ref().map_or(Exit::Gateway, exit_of),
        JournalledError::OtherBody { .. }
        | JournalledError::TooEarly { .. }
        | JournalledError::Attempt(_)
        | JournalledError::Unaskable { .. }
        | JournalledError::OtherOrder { .. } => Exit::Invalid,
        JournalledError::OtherEnvironment { .. }
        | JournalledError::OtherAccount { .. }
        | JournalledError::UnknownDestination { .. } => Exit::Settings,
        JournalledError::NeverBegun { .. } => Exit::UnknownOrder,
        JournalledError::NothingToResolve { .. } | JournalledError::PaidTwice { .. } => Exit::Usage,
        // What this version does not know may be anything.
        _ => Exit::Unknown,
    }
}

fn exit_of_onboarding(error: &OnboardingError) -> Exit {
    match error {
        OnboardingError::Snapshot(SnapshotError::OtherEnvironment { .. }) => Exit::Settings,
        // It is a file that cannot be read, or not by this version.
        OnboardingError::Snapshot(_) => Exit::Io,
        // What this version does not know is a matter of the state file, too.
        OnboardingError::OtherCustomer | _ => Exit::Usage,
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

#[cfg(test)]
mod tests {
    use xgateway::core::id::OrderId;
    use xgateway::store::Attempt;

    use super::*;

    #[test]
    fn what_was_followed_with_the_wrong_settings_is_a_matter_of_settings() {
        let attempt = Attempt::first(OrderId::parse("order-1").unwrap()).unwrap();
        let not_followed = |source| JournalledError::NotFollowed {
            attempt: attempt.clone(),
            standing: None,
            source: Box::new(source),
        };
        let elsewhere = JournalledError::UnknownDestination {
            attempt: attempt.clone(),
        };
        let unheard = JournalledError::NotHeard {
            attempt: attempt.clone(),
            source: None,
        };
        for (source, exit, advice) in [
            (elsewhere, Exit::Settings, "sent to this environment"),
            (unheard, Exit::Unknown, "once the gateway answers"),
        ] {
            let error = not_followed(source);
            assert_eq!(exit_of_journal(&error), exit);
            assert!(error.advice().contains(advice), "{}", error.advice());
        }
    }
}
