//! Journalled card deposits: whatever dies and whenever, each order is charged once or proven not charged.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may panic like tests"
)]

mod addresses;
mod attempts;
#[path = "../card/body.rs"]
mod body;
mod crashes;
mod elsewhere;
mod failing;
mod forgotten;
mod late;
mod mistaken;
mod overtaken;
mod refusals;
mod remembered;
mod restored;
mod shop;
mod taken_back;
mod uncredited;
mod unheard;

use xgateway_api::operations;

/// Whoever adds an operation that moves money must journal it, too.
#[test]
fn every_operation_that_moves_money_is_journalled() {
    let moving: Vec<_> = operations::ALL
        .iter()
        .filter(|operation| operation.moves_money)
        .map(|operation| operation.name)
        .collect();
    // `JournalledCards`.
    assert_eq!(moving, ["create_card_deposit"]);
}
