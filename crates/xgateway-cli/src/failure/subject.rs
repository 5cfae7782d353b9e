//! What a failure is about.

use xgateway::client::Error as ClientError;
use xgateway::core::issue::Issues;

use super::Failure;

impl Failure {
    /// The transaction that it is about.
    pub(super) fn transaction_id(&self) -> Option<&str> {
        if let Self::Declined { transaction_id, .. } = self {
            return transaction_id.as_deref();
        }
        None
    }

    /// What is wrong with the request.
    pub(super) fn issues(&self) -> Option<&Issues> {
        if let Self::Invalid(issues) = self {
            return Some(issues);
        }
        self.client().and_then(ClientError::issues)
    }

    /// The order that it is about.
    pub(super) fn order_id(&self) -> Option<&str> {
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
            | Self::UnknownOrder { order_id, .. }
            | Self::NoJournal { order_id, .. }
            | Self::Illegible { order_id, .. }
            | Self::ResolvedAsNotCharged { order_id }
            | Self::Contradiction { order_id, .. } => Some(order_id),
            Self::Untold { order_id, .. } => order_id.as_deref(),
            Self::BeforeSending(failure) => failure.order_id(),
            Self::Reported(_)
            | Self::NoSandbox { .. }
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
            | Self::Unheard { .. }
            | Self::Callback(_)
            | Self::Client(_)
            | Self::Stopped(_)
            | Self::OfSandbox { .. }
            | Self::Refused(_) => None,
        }
    }
}
