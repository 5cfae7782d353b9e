//! How often memory is asked for. A test, because a count is exact and needs no quiet machine.

use allocation_counter::measure;
use xgateway_api::json::{self, Ruled};
use xgateway_api::types::Gateway8Request;

use crate::rules::ours;
use crate::{samples, serde_peer};

#[test]
fn a_valid_deposit_is_checked_without_allocation() {
    let deposit = ours(samples::DEPOSIT);
    let used = measure(|| assert_eq!(deposit.check_rules(), Ok(())));
    assert_eq!(used.count_total, 0);
}

#[test]
fn reading_a_deposit_allocates_once_more_than_a_plain_parse() {
    let ours = measure(|| {
        json::read::<Gateway8Request>(samples::DEPOSIT.as_bytes()).unwrap();
    });
    let theirs = measure(|| {
        serde_json::from_str::<serde_peer::Deposit>(samples::DEPOSIT).unwrap();
    });
    // The amount is kept as it is written, where the peer has a float.
    assert!(
        ours.count_total <= theirs.count_total + 1,
        "{ours:?} {theirs:?}"
    );
}
