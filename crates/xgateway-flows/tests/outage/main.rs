//! The gateway is pulled away for a minute in the middle of a load of mixed calls. When it is back, all of them end in a
//! known state, and none has happened twice.
//!
//! The clock is virtual, the network is in this process, and everything follows from the numbers of the lanes.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

#[path = "../card/body.rs"]
mod body;
mod gateway;
mod lane;

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::task::JoinSet;
use xgateway_flows::card::Progress;
use xgateway_store::{IntentState, Outcome};

use crate::gateway::Gateway;
use crate::lane::{Deposited, Lane};

const LANES: u32 = 40;

/// How long a request may be under way.
const GRACE: Duration = Duration::from_mins(5);

#[tokio::test(start_paused = true)]
async fn all_calls_end_in_a_known_state_and_none_happens_twice() {
    let gateway = Gateway::new();
    let mut lanes = JoinSet::new();
    for number in 0..LANES {
        lanes.spawn(Lane::new(number, &gateway).run());
    }
    let lanes = lanes.join_all().await;
    assert!(gateway.is_back(), "the load outlasts the outage");

    // The outage was felt, in each of the ways in which a request can end.
    let count = |want| {
        lanes
            .iter()
            .flat_map(|it| &it.deposits)
            .filter(|it| it.1 == want)
            .count()
    };
    for how in [Deposited::Paid, Deposited::NotSent, Deposited::InDoubt] {
        assert!(count(how) > 0, "{how:?}");
    }
    assert!(lanes.iter().any(|lane| lane.reads_failed > 0));
    assert!(
        gateway.answers_lost() > 0,
        "some were charged without an answer"
    );

    // A read that failed left nothing behind, and answers now; so does an address that was asked for in vain.
    for lane in &lanes {
        lane.ask_again().await;
    }

    // What is open is looked into: at once, and for what never arrived when the grace is over.
    let cards = gateway.cards();
    let mut settled = BTreeMap::new();
    for wait in [Duration::ZERO, GRACE] {
        tokio::time::sleep(wait).await;
        for resumed in cards.resume_all(gateway.now()).await.unwrap() {
            if let Progress::Deposited(paid) = resumed.outcome.unwrap().progress {
                cards.credited(&paid, gateway.now()).await.unwrap();
                let credits: &mut u32 = settled
                    .entry(paid.transaction_id().to_string())
                    .or_default();
                *credits += 1;
            }
        }
    }
    assert!(cards.resume_all(gateway.now()).await.unwrap().is_empty());

    assert_eq!(gateway.charges().values().max(), Some(&1));

    // The journal says what the world did, order by order.
    let mut ends = BTreeMap::new();
    let charges = gateway.charges();
    for (order, _) in lanes.iter().flat_map(|lane| &lane.deposits) {
        let intents = cards.attempts(order).await.unwrap();
        let [intent] = intents.as_slice() else {
            panic!("one attempt of {order}, not {intents:?}");
        };
        let IntentState::Finished(outcome) = intent.state else {
            panic!("{order} is open");
        };
        let invoice = gateway.invoice_id(order);
        let charges = invoice.map_or(0, |id| charges.get(&id).copied().unwrap_or(0));
        assert_eq!(
            charges,
            usize::from(outcome == Outcome::Charged),
            "{order}: {outcome}"
        );
        *ends.entry(outcome.to_string()).or_insert(0) += 1;
    }
    assert!(ends.len() > 1, "{ends:?}");
    // Each customer has one address, however often it was asked for.
    assert_eq!(gateway.addresses(), LANES as usize);
    // No retry beyond the budget: ten, and a twentieth of the calls that were answered.
    let counters = gateway.client().counters();
    assert!(counters.retries <= 10 + counters.calls / 20, "{counters:?}");
}
