use super::choice::choice;

/// How the world's clock moves beside [`World::advance`](crate::World::advance) and `POST /_sandbox/clock/advance`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ClockMode {
    /// Not at all.
    #[default]
    Manual,
    /// As fast as ours, while the sandbox is used or served.
    Real,
    /// When nothing was asked of a served sandbox for a moment, it jumps to what falls due next: a bank or a blockchain
    /// answers, a callback is sent again. It does not jump to what ends the waiting for a person: an invoice that
    /// expires.
    Auto,
}

/// Which environment of the gateway a world resembles.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Mode {
    /// Demo: the documented test cards always get a `threeDSURL`; that of the card which is not enrolled passes by
    /// itself.
    #[default]
    Demo,
    /// Production: the card which is not enrolled gets `null` and is finalized at once.
    Live,
}

/// What a gateway does with an order id that it has seen. The gateway's documents only call it an idempotency key,
/// so a client must survive every one of these.
///
/// In each of them a request that was refused with a 4xx has left nothing behind: its order id is still free, so that
/// a customer may try another card. [`Config::refusals_take_orders`](crate::Config::refusals_take_orders) has it otherwise.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum IdempotencyModel {
    /// The first answer is stored and repeated, even a 500. Another body gets 409.
    #[default]
    Replay,
    /// A repetition finishes what the first attempt left undone and tells how things stand: a stored 500 is not
    /// repeated. Another body gets 409.
    Finish,
    /// An order id is taken once it was used: every repetition gets 409, with the same body too. The invoice must be
    /// read to learn what became of it.
    Reject,
}

choice!(ClockMode: Real = "real", Manual = "manual", Auto = "auto");
choice!(Mode: Demo = "demo", Live = "live");
choice!(IdempotencyModel: Replay = "replay", Finish = "finish", Reject = "reject");
