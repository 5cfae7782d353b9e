//! JSON text to a checked deposit, against a plain parse.

use std::hint::black_box;

use xgateway_api::json;
use xgateway_api::types::Gateway8Request;

use crate::contest::{Effort, contest};
use crate::figure::Figure;
use crate::{samples, serde_peer};

pub(crate) fn measure(effort: Effort) -> [Figure; 1] {
    let standing = contest(
        effort,
        || json::read::<Gateway8Request>(black_box(samples::DEPOSIT).as_bytes()),
        || serde_json::from_slice::<serde_peer::Deposit>(black_box(samples::DEPOSIT).as_bytes()),
    );
    [Figure::cpu(
        "JSON text to checked request",
        "serde_json, unchecked",
        standing,
    )
    .at_most(1400)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_read_the_sample() {
        let ours = json::read::<Gateway8Request>(samples::DEPOSIT.as_bytes()).unwrap();
        let theirs: serde_peer::Deposit = serde_json::from_str(samples::DEPOSIT).unwrap();
        assert_eq!(ours.card.card_number.expose(), theirs.card.card_number);
    }
}
