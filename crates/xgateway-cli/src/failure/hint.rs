//! What to do next.

use std::io::ErrorKind;

use xgateway::callback::CallbackError;
use xgateway::flows::onboarding::{OnboardingError, SnapshotError};

use super::{Failure, Stopped};
use crate::commands::to_sandbox;
use crate::shell;

impl Failure {
    /// What to do next.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Usage { hint, .. } | Self::System { hint, .. } => hint.clone(),
            Self::BeforeSending(failure) => Some(failure.hint().map_or_else(
                || "nothing was sent".to_owned(),
                |hint| format!("nothing was sent; {hint}"),
            )),
            Self::NoSandbox { .. } => Some(to_sandbox::START_ONE.to_owned()),
            Self::File { source, .. } => of_file(source.kind()).map(str::to_owned),
            Self::Settings(error) => error.hint(),
            Self::Client(error) => Some(error.advice().to_owned()),
            Self::Refused(refused) => refused.error().map(|error| error.advice().to_owned()),
            Self::Journalled(error) => Some(error.advice().to_owned()),
            Self::Unresolved { ticket, .. } => Some(look_first(ticket.order_id().as_str())),
            Self::Interrupted { order_id } | Self::Unfollowed { order_id, .. } => {
                Some(look_first(order_id))
            }
            Self::Untold { order_id, .. } => Some(order_id.as_deref().map_or_else(
                || {
                    "run `xgateway card resume` until it tells, without an order; do not charge again before"
                        .to_owned()
                },
                look_first,
            )),
            Self::Stopped(stopped) => Some(
                match stopped {
                    Stopped::Reading => "nothing was done; run it again",
                    Stopped::Watching => "nothing was changed, and nothing final was seen: watch on",
                    Stopped::Resuming => "nothing was sent or told: run `xgateway card resume` again",
                    Stopped::Acting => "it may have been done: look before it is run again",
                }
                .to_owned(),
            ),
            Self::UnknownOrder { .. } | Self::NoJournal { .. } => Some(
                "compare the id with your request, and --journal, --url and --environment with those that it was sent \
                 with"
                    .to_owned(),
            ),
            Self::Illegible { .. } => Some(USE_ITS_VERSION.to_owned()),
            Self::Contradiction { order_id, .. } => {
                Some(format!("credit nobody; {}", let_a_person_end(order_id)))
            }
            Self::OfSandbox { status: 401, .. } => Some(
                "does it ask for a token? set XGATEWAY_SANDBOX_TOKEN to it; was it started with another --seed? then \
                 set XGATEWAY_API_KEY to the key that it printed"
                    .to_owned(),
            ),
            Self::OfSandbox { reason, .. } if reason.contains("too many active invoices") => Some(
                "give another --customer, or let theirs run out with `xgateway sandbox clock +15m`"
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
            Self::Marked => Some(
                "save it as UTF-8 without that mark (\"without BOM\"); nothing was sent".to_owned(),
            ),
            Self::TooLarge => Some("give one request, as the guide shows it; nothing was sent".to_owned()),
            Self::Onboarding(OnboardingError::Snapshot(SnapshotError::OtherEnvironment { .. })) => Some(
                "use the environment in which it was begun; an onboarding belongs to one".to_owned(),
            ),
            Self::Onboarding(OnboardingError::Snapshot(_)) => Some(
                "it is no state file, a damaged one or that of another version: `xgateway kyc status` tells how far the \
                 customer is"
                    .to_owned(),
            ),
            Self::Onboarding(_) => {
                Some("give the state file of this customer's onboarding".to_owned())
            }
            Self::Unheard { .. } => {
                Some("`xgateway onboard resume` goes on from here".to_owned())
            }
            Self::AtWork => Some(
                "let it end, or end it; then `xgateway onboard resume` goes on".to_owned(),
            ),
            Self::Callback(CallbackError::NotAuthentic) => {
                Some("`xgateway callback explain` may tell why".to_owned())
            }
            Self::Reported(_)
            | Self::OutputClosed
            | Self::Callback(_) => None,
        }
    }
}

/// What may be wrong with a file that was named.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what else may be wrong, the system says itself"
)]
fn of_file(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::NotFound => {
            Some("is its name right? it is looked for from the folder in which you are")
        }
        ErrorKind::PermissionDenied => Some("which user may read it, and its folder?"),
        _ => None,
    }
}

/// What to do about an order of which the journal holds something unreadable.
pub(crate) const USE_ITS_VERSION: &str = "use the version that wrote it, or look at `xgateway invoice get` and ask a person; it may be paid";

/// What ends a contradiction as long as it is open.
pub(crate) fn let_a_person_end(order_id: &str) -> String {
    let order_id = shell::last_argument(order_id);
    format!(
        "compare `xgateway invoice get {order_id}` with your own books; as long as it is open, `xgateway card resolve \
         --as charged|not-charged --by NAME --note TEXT {order_id}` ends it"
    )
}

fn look_first(order_id: &str) -> String {
    format!(
        "run `xgateway card resume {}` until it tells; do not charge again before",
        shell::last_argument(order_id)
    )
}
