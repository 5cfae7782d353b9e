use xgateway_transport::{Delivery, Transport};

use crate::Violation;
use crate::situation::{Outcome, PATIENCE, Situation};

macro_rules! duties {
    ($($(#[$doc:meta])* $name:ident: $check:ident $situation:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        ///
        /// [`Violation`] if the transport broke the duty.
        pub async fn $name(transport: &dyn Transport) -> Result<(), Violation> {
            $check(&Situation::$situation, transport).await
        }
    )*};
}

duties! {
    /// Nobody listens: `NotSent`.
    a_refused_connection_is_not_sent: not_sent REFUSED;

    /// The name has no address: `NotSent`.
    an_unknown_name_is_not_sent: not_sent UNKNOWN_NAME;

    /// The server does not speak TLS: `NotSent`, and not a byte in the clear.
    a_failed_tls_handshake_is_not_sent: not_sent NOT_TLS;

    /// The request arrived, and the connection was reset before it was read.
    /// The server knows that; the client cannot: `Unknown`.
    a_reset_before_the_request_is_read_is_unknown: unknown RESET_BEFORE_READ;

    /// Reset while the client still writes: `Unknown`.
    a_reset_within_the_request_is_unknown: unknown RESET_WITHIN;

    /// Reset after the whole request was read: `Unknown`.
    a_reset_after_the_request_is_unknown: unknown RESET_AFTER;

    /// Closed in order after the whole request was read: `Unknown`.
    a_close_without_answer_is_unknown: unknown CLOSE_AFTER;

    /// A kept connection that the server closed before the next request: sent
    /// on another one, or an error that is true.
    a_close_of_an_idle_connection_is_no_lie: no_lie IDLE_CLOSE;

    /// A kept connection that the server resets after it read the next
    /// request: `Unknown`. Libraries like to take this for a connection that
    /// was closed while idle.
    a_loss_on_a_kept_connection_is_unknown: unknown_if_kept LOSS_ON_KEPT;

    /// The server stops reading in the middle of the request: the transport
    /// waits or says `Unknown`.
    a_stall_within_the_request_is_unknown: unknown STALL_WITHIN_REQUEST;

    /// The server reads the request and says nothing: the transport waits or
    /// says `Unknown`.
    a_stall_before_the_answer_is_unknown: unknown STALL_BEFORE_ANSWER;

    /// The answer begins byte by byte and never ends: the transport waits or
    /// says `Unknown`.
    a_stall_within_the_answer_is_unknown: unknown STALL_WITHIN_ANSWER;

    /// The connection is closed before the answer is whole: `Unknown`.
    a_truncated_answer_is_unknown: unknown TRUNCATED;

    /// What comes back is not HTTP: `Unknown`.
    garbage_is_unknown: unknown GARBAGE;
}

async fn not_sent(situation: &Situation, transport: &dyn Transport) -> Result<(), Violation> {
    let observed = situation.observe(transport, PATIENCE).await?;
    Violation::unless_equal("requests that arrived", &observed.begun, &0)?;
    Violation::unless(observed.delivery() == Some(Delivery::NotSent), || {
        format!("expected `NotSent`, got {}", observed.outcome)
    })
}

async fn unknown(situation: &Situation, transport: &dyn Transport) -> Result<(), Violation> {
    let observed = situation.observe(transport, PATIENCE).await?;
    Violation::unless(observed.delivery() == Some(Delivery::Unknown), || {
        format!("expected `Unknown`, got {}", observed.outcome)
    })
}

async fn no_lie(situation: &Situation, transport: &dyn Transport) -> Result<(), Violation> {
    let observed = situation.observe(transport, PATIENCE).await?;
    let arrived = observed.begun >= situation.request_count;
    let true_word = match observed.delivery() {
        None | Some(Delivery::NotSent) => arrived == observed.delivery().is_none(),
        Some(Delivery::Unknown) => true,
    };
    Violation::unless(true_word, || {
        format!("arrived: {arrived}, but got {}", observed.outcome)
    })
}

/// A transport that keeps no connection gets an answer on a new one.
async fn unknown_if_kept(
    situation: &Situation,
    transport: &dyn Transport,
) -> Result<(), Violation> {
    let observed = situation.observe(transport, PATIENCE).await?;
    let ok = match observed.outcome {
        Outcome::Answered(_) => true,
        Outcome::Failed(_) | Outcome::Deadline => observed.delivery() == Some(Delivery::Unknown),
    };
    Violation::unless(ok, || {
        format!("expected `Unknown`, got {}", observed.outcome)
    })
}
