use std::sync::Weak;

use bytes::Bytes;
use http::Request;

use crate::kinds::Point;
use crate::network::{AnswerFate, Outcome, Slot};

/// Something that is to happen.
pub(crate) enum Event {
    /// Somebody has waited for this moment.
    Wake,
    /// A request comes to the gateway.
    Request {
        request: Request<Bytes>,
        reply: Option<(Slot, AnswerFate)>,
    },
    /// A request comes once more, which nobody has sent again.
    Copy(Request<Bytes>),
    /// An answer comes to the merchant, or that there will be none.
    Answer { slot: Slot, outcome: Outcome },
    /// A callback comes to the merchant; without a number nobody waits for the answer.
    Callback {
        body: Bytes,
        number: Option<u64>,
        answer_lost: bool,
    },
    /// What the gateway learns of an attempt to deliver a callback.
    CallbackAttempt { number: u64, status: Option<u16> },
    /// A person finds in the back office that a callback was given up.
    Missed(u64),
    /// A customer orders.
    Order(usize),
    /// A customer submits the same form once more.
    OrderTwice(usize),
    /// A customer tries another card.
    Again(usize),
    /// A customer is gone.
    Gone(usize),
    /// A customer does something at the 3DS page of an order.
    ThreeDs {
        order: usize,
        path: String,
        button: &'static str,
    },
    /// A bank confirms what it had declined.
    Turn(usize),
    /// A customer comes back from the 3DS page.
    Return(usize),
    /// A customer wants an address.
    AddressWanted(usize),
    /// A customer pays to an address.
    Payment { payment: usize, address: String },
    /// A customer wants to pay by bank.
    OnboardingWanted(usize),
    /// A customer has corrected what was wrong.
    Corrected(usize),
    /// One of the merchant's processes starts.
    Start(usize),
    /// One of the merchant's processes ends, if what it was doing then still goes on.
    Crash {
        process: usize,
        point: Point,
        doing: Weak<()>,
    },
    /// One of the merchant's processes is stopped, to start with what is installed by then.
    Stop(usize),
    /// The merchant restarts with the keys that are then known to it.
    Deploy {
        knows_secret: bool,
        knows_api_key: bool,
    },
    /// The gateway changes its keys.
    Rotate,
    /// The merchant's clock jumps.
    MerchantClock(i64),
    /// The gateway's clock jumps.
    GatewayClock(u32),
}
