use xgateway_api::operation::Operation;

use super::{Error, StatusError};
use crate::Effect;

/// What to do next, in a sentence.
pub(super) fn of(error: &Error) -> &'static str {
    // An earlier request of the same call may still be carried out, whatever the last one was told.
    if error.last_effect() < error.effect() {
        return look_first(error.operation());
    }
    match error {
        Error::Caller(_) => "correct the client's settings; nothing was sent",
        Error::Validation(_) => "correct the fields that the issues name, then send it again",
        Error::Authentication(_) => {
            "check the API key and that it belongs to this environment, then send it again"
        }
        Error::Refused(error) => of_refusal(error),
        Error::RateLimited(_) => "wait, then send it again",
        Error::Gateway(_) | Error::Transport(_) => match error.effect() {
            Effect::Nothing => "nothing was done: send it again later",
            Effect::Unknown | Effect::Acted => look_first(error.operation()),
        },
        Error::Undecodable(_) => match error.effect() {
            Effect::Nothing => "check whether a newer version of this library knows this answer",
            Effect::Unknown | Effect::Acted => look_first(error.operation()),
        },
    }
}

fn of_refusal(error: &StatusError) -> &'static str {
    if error.is_conflict() {
        "read the invoice by its order id: the order id belongs to an earlier request"
    } else if error.is_not_found() {
        "check the id, and that it belongs to this environment"
    } else {
        "read the gateway's reason; the same request is refused again as long as that holds"
    }
}

fn look_first(operation: &Operation) -> &'static str {
    if operation.moves_money {
        "read the invoice by its order id before anything is sent again"
    } else {
        "read what it was to change before anything is sent again"
    }
}
