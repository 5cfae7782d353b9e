//! What goes wrong, where it matters for money.

mod latency;
mod rule;
mod written;

pub use latency::{Latency, LatencyShape};
pub use rule::FaultRule;
pub use written::FaultError;
pub(crate) use written::Written;

use crate::percent;

/// A fault, by where it stands on the way of a request: before the gateway commits, after that, in the middle of the
/// answer, or between the answer and the callback.
///
/// In-process it becomes the [`TransportError`](xgateway_transport::TransportError) of the same meaning, on a socket the
/// bytes or the reset themselves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// Nobody answers the connection: nothing was sent. On a socket the connection is reset at once, from which a client
    /// cannot tell as much.
    NoConnection,
    /// Something in between does not leave the path as it was sent. Only a path with something percent-encoded meets it.
    Proxy(ProxyFault),
    /// The gateway does nothing.
    BeforeCommit(Failure),
    /// The gateway has done what was asked, and it cannot be told from the failure.
    AfterCommit(Failure),
    /// The gateway has done what was asked; the answer arrives damaged.
    MidAnswer(Damage),
    /// The key is refused as if it had been revoked: 401.
    WrongKey,
    /// The bank behind the gateway fails: 500. Only a card deposit meets a bank. The answer is remembered as
    /// [`IdempotencyModel`](crate::IdempotencyModel) says.
    Bank {
        /// Whether the customer has paid all the same.
        paid: bool,
    },
    /// The answer arrives; something becomes of the callback.
    Callback(CallbackFault),
}

/// What proxies and frameworks do to a path in which something is percent-encoded, such as the `/` of an order id.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ProxyFault {
    /// The path is decoded before the gateway sees it: an id with a `/` becomes two parts of the path, and the gateway is
    /// asked about something else.
    Decode,
    /// A path with an encoded `/` or `\` never reaches the gateway: somebody else answers 404, with a page.
    Block,
}

/// Instead of an answer, or of the right one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Failure {
    /// The connection is reset.
    Reset,
    /// Nothing comes, ever.
    Hang,
    /// It takes a while, and then goes on as if nothing had been.
    Delay(Latency),
    /// An error status, and after how many seconds to try again. After the commit it is one of 500 to 599: with another
    /// one a gateway says that it did nothing.
    Status(u16, Option<u32>),
}

/// What becomes of an answer on its way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Damage {
    /// It ends in the middle.
    Truncate,
    /// The connection is reset in the middle.
    Reset,
    /// It comes byte by byte, a tenth of a second each.
    Drip,
    /// Something comes that is no HTTP.
    Garbage,
}

/// What becomes of a callback.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CallbackFault {
    /// The attempt gets lost on the way, and counts as failed.
    Lose,
    /// It arrives, and the merchant's answer gets lost: it counts as failed, so it comes again.
    Unanswered,
    /// It arrives twice.
    Twice,
    /// It arrives later, by that many seconds of the world's clock.
    Delay(u32),
    /// Its hash is wrong, as if somebody else had sent it. The true one follows as if this had failed.
    Forge,
}

/// Faults to let happen. The first rule that hits a request is what happens to it.
///
/// Whether a rule hits depends on the seed and on the request alone: its operation, its order id, and the how many-th of
/// its kind it is. So the same seed and the same requests meet the same faults, however they interleave.
///
/// ```
/// use xgateway_sandbox::{Failure, Fault, FaultRule, Faults};
///
/// let faults = Faults::new()
///     .with(FaultRule::new(Fault::AfterCommit(Failure::Reset)).on("create_card_deposit").times(1))
///     .with(FaultRule::new(Fault::BeforeCommit(Failure::Status(429, Some(2)))).percent(10));
/// assert_eq!(faults.rules().len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults(Vec<FaultRule>);

impl Faults {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// These and one more rule.
    #[must_use]
    pub fn with(mut self, rule: FaultRule) -> Self {
        self.0.push(rule);
        self
    }

    /// The rules, in their order.
    pub fn rules(&self) -> &[FaultRule] {
        &self.0
    }
}

impl FromIterator<FaultRule> for Faults {
    fn from_iter<I: IntoIterator<Item = FaultRule>>(rules: I) -> Self {
        Self(rules.into_iter().collect())
    }
}

impl From<FaultRule> for Faults {
    fn from(rule: FaultRule) -> Self {
        Self(vec![rule])
    }
}

impl Fault {
    /// Whether it could happen to a request with this path.
    pub(crate) fn meets(self, path: &str) -> bool {
        match self {
            Self::Proxy(ProxyFault::Decode) => path.contains('%'),
            Self::Proxy(ProxyFault::Block) => percent::holds_separator(path),
            Self::NoConnection
            | Self::BeforeCommit(_)
            | Self::AfterCommit(_)
            | Self::MidAnswer(_)
            | Self::WrongKey
            | Self::Bank { .. }
            | Self::Callback(_) => true,
        }
    }

    /// Whether it happens to a callback, not to a request.
    pub(crate) fn is_of_callbacks(self) -> bool {
        matches!(self, Self::Callback(_))
    }
}
