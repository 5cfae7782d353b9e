//! How often memory is asked for. A test, because a count is exact and needs no quiet machine.

use allocation_counter::measure;
use xgateway_api::json::{self, Ruled};
use xgateway_api::types::Gateway8Request;

use crate::adapter::{Caller as _, Ours};
use crate::rules::ours;
use crate::server::{self, Version};
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

/// The connection's task included, the server's thread not. Both versions stay below a limit of the product's.
#[test]
fn a_call_through_the_hyper_adapter_allocates_at_most_forty_times() {
    for version in [Version::Http1, Version::Http2] {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let ours = Ours::new(server::start(version).unwrap(), version).unwrap();
        // The first calls open the connection and grow its buffers.
        for _ in 0..20 {
            runtime.block_on(ours.call()).unwrap();
        }
        let calls = 100;
        let used = measure(|| {
            for _ in 0..calls {
                runtime.block_on(ours.call()).unwrap();
            }
        });
        let each = used.count_total / calls;
        assert!(each <= 40, "{version:?}: {each}");
    }
}
