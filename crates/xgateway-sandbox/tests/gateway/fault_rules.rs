//! Rules as values: none can be made that a log or a file could not hold.

use std::panic::catch_unwind;

use xgateway_sandbox::{
    CallbackFault, Damage, Failure, Fault, FaultRule, Latency, LatencyShape, ProxyFault, Sandbox,
};

const TWICE: Fault = Fault::Callback(CallbackFault::Twice);

/// What a builder may be asked for.
type Make = fn() -> FaultRule;

#[test]
fn a_rule_that_means_nothing_cannot_be_made() {
    let wrong: [(&str, Make); 11] = [
        ("percent", || FaultRule::new(TWICE).percent(0)),
        ("percent", || FaultRule::new(TWICE).percent(101)),
        ("occurrences", || FaultRule::new(TWICE).occurrences([0, 1])),
        ("occurrences", || {
            FaultRule::new(TWICE).occurrences([1, 2]).skip(2)
        }),
        ("occurrences", || {
            FaultRule::new(TWICE).times(2).occurrences([3])
        }),
        ("times", || FaultRule::new(TWICE).times(0)),
        ("seconds", || FaultRule::new(TWICE).lasting(0)),
        ("operation", || FaultRule::new(TWICE).on("get_invoice")),
        ("operation", || {
            FaultRule::new(Fault::NoConnection).on("typo")
        }),
        ("status", || {
            FaultRule::new(Fault::BeforeCommit(Failure::Status(200, None)))
        }),
        ("status", || {
            FaultRule::new(Fault::AfterCommit(Failure::Status(404, None)))
        }),
    ];
    for (index, (field, make)) in wrong.into_iter().enumerate() {
        let panic = catch_unwind(make).expect_err(&format!("the {index}. rule was made"));
        let message = panic.downcast_ref::<String>().cloned().unwrap_or_default();
        assert!(message.starts_with(field), "{index}: {message:?}");
    }
}

#[test]
fn every_rule_that_can_be_made_is_found_again_in_the_log() {
    let late = Latency::between(5, 900, LatencyShape::LongTail);
    let mut rules = vec![
        FaultRule::new(Fault::NoConnection).on("three_ds_page"),
        FaultRule::new(Fault::Proxy(ProxyFault::Decode)).on("get_invoice"),
        FaultRule::new(Fault::Proxy(ProxyFault::Block)),
        FaultRule::new(Fault::BeforeCommit(Failure::Status(400, Some(0)))).percent(1),
        FaultRule::new(Fault::AfterCommit(Failure::Status(599, None))).occurrences([1, 7]),
        FaultRule::new(Fault::BeforeCommit(Failure::Delay(late))).skip(3),
        FaultRule::new(Fault::AfterCommit(Failure::Delay(Latency::fixed(0)))).times(1),
        FaultRule::new(Fault::WrongKey).order("a, b=c").lasting(1),
        FaultRule::new(Fault::Bank { paid: true }).on("create_card_deposit"),
        FaultRule::new(Fault::Bank { paid: false }).occurrences([]),
    ];
    let failures = [Failure::Reset, Failure::Hang];
    rules.extend(failures.map(|failure| FaultRule::new(Fault::BeforeCommit(failure))));
    let damages = [
        Damage::Truncate,
        Damage::Reset,
        Damage::Drip,
        Damage::Garbage,
    ];
    rules.extend(damages.map(|damage| FaultRule::new(Fault::MidAnswer(damage))));
    let callbacks = [
        CallbackFault::Lose,
        CallbackFault::Unanswered,
        CallbackFault::Twice,
        CallbackFault::Delay(0),
        CallbackFault::Forge,
    ];
    rules.extend(callbacks.map(|fault| FaultRule::new(Fault::Callback(fault))));
    let directory = tempfile::tempdir().unwrap();
    let open = || Sandbox::open(directory.path(), xgateway_sandbox::Config::new(1)).unwrap();
    let listed = |sandbox: &Sandbox| {
        let request = http::Request::get("/_sandbox/faults").body(bytes::Bytes::new());
        sandbox.world(|world| world.handle(&request.unwrap()).into_body())
    };
    let first = open();
    first.world(|world| world.add_faults(rules.into_iter().collect::<xgateway_sandbox::Faults>()));
    let before = listed(&first);
    drop(first);
    assert_eq!(listed(&open()), before);
}
