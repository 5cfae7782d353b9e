//! Where a fault happens and what it does, in the words of its two fields.

use serde::{Deserialize, Serialize};

use super::super::{CallbackFault, Damage, Failure, Fault, ProxyFault};

/// Where on the way of a request.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum At {
    Connect,
    Proxy,
    BeforeCommit,
    AfterCommit,
    MidAnswer,
    Callback,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Act {
    Refuse,
    Decode,
    Block,
    Reset,
    Hang,
    Delay,
    Status,
    WrongKey,
    PartnerFailure,
    Truncate,
    Drip,
    Garbage,
    Lose,
    Unanswered,
    Twice,
    Forge,
}

impl Fault {
    /// In two words: where, and what.
    pub(crate) fn label(self) -> String {
        let (at, act) = place(self);
        format!("{} {}", name(&at), name(&act))
    }
}

pub(super) fn place(fault: Fault) -> (At, Act) {
    let of_failure = |failure| match failure {
        Failure::Reset => Act::Reset,
        Failure::Hang => Act::Hang,
        Failure::Delay(_) => Act::Delay,
        Failure::Status(..) => Act::Status,
    };
    match fault {
        Fault::NoConnection => (At::Connect, Act::Refuse),
        Fault::Proxy(ProxyFault::Decode) => (At::Proxy, Act::Decode),
        Fault::Proxy(ProxyFault::Block) => (At::Proxy, Act::Block),
        Fault::BeforeCommit(failure) => (At::BeforeCommit, of_failure(failure)),
        Fault::AfterCommit(failure) => (At::AfterCommit, of_failure(failure)),
        Fault::MidAnswer(Damage::Truncate) => (At::MidAnswer, Act::Truncate),
        Fault::MidAnswer(Damage::Reset) => (At::MidAnswer, Act::Reset),
        Fault::MidAnswer(Damage::Drip) => (At::MidAnswer, Act::Drip),
        Fault::MidAnswer(Damage::Garbage) => (At::MidAnswer, Act::Garbage),
        Fault::WrongKey => (At::BeforeCommit, Act::WrongKey),
        Fault::Bank { paid: false } => (At::BeforeCommit, Act::PartnerFailure),
        Fault::Bank { paid: true } => (At::AfterCommit, Act::PartnerFailure),
        Fault::Callback(CallbackFault::Lose) => (At::Callback, Act::Lose),
        Fault::Callback(CallbackFault::Unanswered) => (At::Callback, Act::Unanswered),
        Fault::Callback(CallbackFault::Twice) => (At::Callback, Act::Twice),
        Fault::Callback(CallbackFault::Delay(_)) => (At::Callback, Act::Delay),
        Fault::Callback(CallbackFault::Forge) => (At::Callback, Act::Forge),
    }
}

/// The name that serde writes.
pub(super) fn name(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
