//! How callbacks travel: repeated after a failure, and badly when they are told to.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use xgateway_sandbox::{Config, OutgoingCallback};

use crate::support::{Gateway, order};

const COUNT: usize = 200;

/// A world with so many callbacks, before any time has passed.
fn busy(change: impl FnOnce(&mut Config)) -> Gateway {
    let mut gateway = Gateway::with(change);
    for number in 0..COUNT {
        gateway.deposit(&order(&format!("order-{number}"), "frictionless"));
    }
    gateway
}

fn numbers(gateway: &mut Gateway) -> Vec<u64> {
    let callbacks = gateway.world.take_callbacks();
    callbacks.iter().map(OutgoingCallback::number).collect()
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

#[test]
fn a_callback_is_repeated_ten_times_at_growing_distances() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("order-1", "frictionless"));
    let start = gateway.world.now();
    let mut times = Vec::new();
    for _ in 0..2000 {
        for number in numbers(&mut gateway) {
            times.push(gateway.world.now().duration_since(start).as_secs());
            gateway.world.record_callback_attempt(number, Some(500));
        }
        gateway.world.advance(seconds(1));
    }
    assert_eq!(times, [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023]);
}

#[test]
fn a_callback_that_was_taken_over_is_not_repeated() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("order-1", "frictionless"));
    for status in [None, Some(302), Some(204)] {
        assert_eq!(numbers(&mut gateway), [1]);
        gateway.world.record_callback_attempt(1, status);
        assert!(numbers(&mut gateway).is_empty());
        gateway.world.advance(SignedDuration::from_mins(1));
    }
    gateway.world.record_callback_attempt(1, Some(500));
    gateway.world.advance(SignedDuration::from_hours(1));
    assert!(numbers(&mut gateway).is_empty());
}

#[test]
fn without_dials_each_comes_once_at_once_and_in_order() {
    let want: Vec<u64> = (1..=COUNT as u64).collect();
    assert_eq!(numbers(&mut busy(|_| {})), want);
}

#[test]
fn some_come_twice() {
    let mut gateway = busy(|config| config.callback_dials.duplicate_percent = 30);
    let mut counts = BTreeMap::new();
    for number in numbers(&mut gateway) {
        *counts.entry(number).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), COUNT);
    let twice = counts.values().filter(|count| **count == 2).count();
    assert!((30..90).contains(&twice), "{twice}");
    assert!(counts.values().all(|count| *count <= 2));
}

#[test]
fn some_overtake_others() {
    let mut gateway = busy(|config| config.callback_dials.reorder_percent = 50);
    let order = numbers(&mut gateway);
    assert!(!order.is_sorted());
    let mut sorted = order;
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=COUNT as u64).collect::<Vec<_>>());
}

#[test]
fn each_takes_its_own_time() {
    let mut gateway = busy(|config| config.callback_dials.delay_max = seconds(10));
    let mut seen = numbers(&mut gateway);
    assert!(seen.len() < COUNT / 10);
    for _ in 0..10 {
        gateway.world.advance(seconds(1));
        seen.extend(numbers(&mut gateway));
    }
    assert!(!seen.is_sorted());
    assert_eq!(seen.len(), COUNT);
}

#[test]
fn a_burst_holds_back_and_comes_at_once() {
    let mut gateway = busy(|config| config.callback_dials.burst = seconds(60));
    gateway.world.advance(seconds(1));
    gateway.deposit(&order("late", "frictionless"));
    gateway.world.advance(seconds(58));
    assert_eq!(numbers(&mut gateway).len(), COUNT); // Those of the first moment, which was a full minute.
    gateway.world.advance(seconds(1));
    assert_eq!(numbers(&mut gateway), [COUNT as u64 + 1]);
}

#[test]
fn what_is_lost_is_repeated_and_noted() {
    let mut gateway = busy(|config| config.callback_dials.loss_percent = 50);
    let mut seen = numbers(&mut gateway);
    assert!((60..140).contains(&seen.len()), "{}", seen.len());
    for _ in 0..2000 {
        gateway.world.advance(seconds(1));
        seen.extend(numbers(&mut gateway));
    }
    seen.sort_unstable();
    seen.dedup();
    assert!(seen.len() >= COUNT - 1, "{}", seen.len()); // One of 2048 is lost eleven times.
    let events = gateway.world.events().iter();
    let lost = events.filter(|event| event.name() == "callback_attempted");
    assert!(lost.count() > COUNT / 2);
}

#[test]
fn all_dials_together_are_determined_by_the_seed() {
    let run = || {
        let mut gateway = busy(|config| {
            let dials = &mut config.callback_dials;
            dials.duplicate_percent = 20;
            dials.delay_max = seconds(30);
            dials.reorder_percent = 20;
            dials.loss_percent = 20;
            dials.burst = seconds(5);
        });
        let mut seen = Vec::new();
        for _ in 0..300 {
            gateway.world.advance(seconds(1));
            seen.push(numbers(&mut gateway));
        }
        (seen, serde_json::to_string(gateway.world.events()).unwrap())
    };
    assert_eq!(run(), run());
}

#[test]
fn a_repetition_of_what_another_copy_has_told_is_not_sent() {
    let mut gateway = Gateway::with(|config| config.callback_dials.duplicate_percent = 100);
    gateway.deposit(&order("order-1", "frictionless"));
    assert_eq!(numbers(&mut gateway), [1, 1]);
    gateway.world.record_callback_attempt(1, Some(500));
    gateway.world.record_callback_attempt(1, Some(200));
    gateway.world.advance(SignedDuration::from_hours(1));
    assert!(numbers(&mut gateway).is_empty());
    assert!(gateway.world.resend_callback(1));
    assert_eq!(numbers(&mut gateway), [1]);
}

#[test]
fn what_is_always_lost_comes_to_an_end() {
    let mut gateway = Gateway::with(|config| {
        config.callback_backoff = SignedDuration::ZERO;
        config.callback_retries = u32::MAX;
        config.callback_dials.loss_percent = 1000;
    });
    gateway.deposit(&order("order-1", "frictionless"));
    for _ in 0..20 {
        assert!(numbers(&mut gateway).is_empty());
        gateway.world.advance(seconds(1));
    }
}

#[test]
fn distances_that_never_end_do_no_harm() {
    let mut gateway = Gateway::with(|config| {
        config.callback_backoff = SignedDuration::MAX;
        config.callback_dials.delay_max = SignedDuration::MAX;
        config.callback_dials.burst = SignedDuration::MAX;
        config.callback_retries = u32::MAX;
    });
    gateway.deposit(&order("order-1", "frictionless"));
    gateway.world.record_callback_attempt(1, None);
    gateway.world.advance(SignedDuration::from_hours(1));
    assert!(numbers(&mut gateway).is_empty());
}

#[test]
fn a_delay_that_makes_no_sense_is_the_nearest_that_does() {
    let mut gateway = busy(|config| config.callback_dials.delay_max = seconds(-5));
    assert_eq!(numbers(&mut gateway).len(), COUNT);
    let most = SignedDuration::from_millis(u32::MAX.into());
    let mut gateway = busy(|config| config.callback_dials.delay_max = most);
    gateway.world.advance(most);
    assert_eq!(numbers(&mut gateway).len(), COUNT);
}
