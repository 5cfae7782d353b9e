//! The decision, for every operation and every outcome.

use std::time::Duration;

use http::Method;
use xgateway_api::operation::Operation;
use xgateway_api::operations::{self, CREATE_CARD_DEPOSIT, GET_INVOICE};
use xgateway_client::retry::{Attempt, Decision, KeyUse, Outcome, RetryPolicy, StopReason};

use Decision::{Retry, Stop};
use StopReason::{AttemptsSpent, BudgetSpent, Final, InDoubt, KeyTooOld, NoTime, NotRepeatable};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_hours(1);

/// An attempt with time enough, after which is waited as long as ever.
const FIRST: Attempt = Attempt {
    number: 1,
    remaining: HOUR,
    draw: u32::MAX,
};
/// The most that is waited after it.
const JITTER: Duration = Duration::from_millis(200);
const AGAIN: Decision = Retry { after: JITTER };

const OUTCOMES: [Outcome; 5] = [
    Outcome::Final,
    Outcome::NotSent,
    Outcome::Busy { asked: None },
    Outcome::Failed { asked: None },
    Outcome::Lost,
];

const UNUSED: KeyUse = KeyUse { first_seen: None };
/// Seen by the gateway in an earlier attempt, or call.
const SEEN: KeyUse = KeyUse {
    first_seen: Some(SECOND),
};

/// What is decided after each of the outcomes.
type Row = [Decision; 5];

const READ: Row = [Stop(Final), AGAIN, AGAIN, AGAIN, AGAIN];
const WITHOUT_KEY: Row = [
    Stop(Final),
    Stop(NotRepeatable),
    Stop(NotRepeatable),
    Stop(NotRepeatable),
    Stop(NotRepeatable),
];
const FRESH_KEY: Row = [Stop(Final), AGAIN, AGAIN, Stop(InDoubt), Stop(InDoubt)];
const SEEN_KEY: Row = [
    Stop(Final),
    Stop(InDoubt),
    Stop(InDoubt),
    Stop(InDoubt),
    Stop(InDoubt),
];

#[test]
fn every_operation_after_every_outcome() {
    let policy = RetryPolicy::default();
    let assuming = policy.assume_key_life(HOUR);
    for operation in operations::ALL {
        let is_read = operation.method == Method::GET;
        let has_key = operation.idempotency_key.is_some();
        // Without a key nothing but a read is repeated, whatever a caller brings.
        let with_key = |row| match (is_read, has_key) {
            (true, _) => READ,
            (false, true) => row,
            (false, false) => WITHOUT_KEY,
        };
        let without = if is_read { READ } else { WITHOUT_KEY };
        check(policy, operation, None, without);
        check(policy, operation, Some(UNUSED), with_key(FRESH_KEY));
        check(policy, operation, Some(SEEN), with_key(SEEN_KEY));
        check(assuming, operation, None, without);
        for key in [UNUSED, SEEN] {
            check(assuming, operation, Some(key), with_key(READ));
        }
    }
}

/// What the table relies on: an operation that moves money is not taken for a read, and has a key.
#[test]
fn money_moves_under_a_key_only() {
    for operation in operations::ALL.iter().filter(|it| it.moves_money) {
        assert_ne!(operation.method, Method::GET, "{}", operation.name);
        assert!(operation.idempotency_key.is_some(), "{}", operation.name);
    }
}

#[test]
fn the_first_half_of_a_keys_life() {
    let policy = RetryPolicy::default().assume_key_life(100 * SECOND);
    for (age, draw, want) in [
        (
            49 * SECOND,
            0,
            Retry {
                after: Duration::ZERO,
            },
        ),
        (
            50 * SECOND,
            0,
            Retry {
                after: Duration::ZERO,
            },
        ),
        (50 * SECOND, u32::MAX, Stop(KeyTooOld)), // The wait counts.
        (51 * SECOND, 0, Stop(KeyTooOld)),
        (Duration::MAX, u32::MAX, Stop(KeyTooOld)),
    ] {
        let key = Some(KeyUse {
            first_seen: Some(age),
        });
        for outcome in &OUTCOMES[1..] {
            let attempt = Attempt { draw, ..FIRST };
            let decision = policy.decide(&CREATE_CARD_DEPOSIT, *outcome, attempt, key, 10);
            assert_eq!(decision, want, "{age:?} {draw} {outcome:?}");
        }
    }
}

#[test]
fn the_wait_is_what_is_asked_for_and_a_jitter_that_grows() {
    let wait = |number, draw, asked| {
        let attempt = Attempt {
            number,
            draw,
            ..FIRST
        };
        let policy = RetryPolicy::default().attempts_max(u32::MAX);
        match policy.decide(&GET_INVOICE, Outcome::Busy { asked }, attempt, None, 1) {
            Retry { after } => after,
            Stop(reason) => panic!("{reason}"),
        }
    };
    let millis = Duration::from_millis;
    assert_eq!(wait(1, 0, None), Duration::ZERO);
    assert_eq!(wait(1, u32::MAX / 2, None), millis(100));
    assert_eq!(wait(2, u32::MAX, None), millis(400));
    assert_eq!(wait(5, u32::MAX, None), millis(3200));
    assert_eq!(wait(6, u32::MAX, None), millis(5000));
    assert_eq!(wait(1_000_000, u32::MAX, None), millis(5000));
    // Those who are told the same do not come back together.
    assert_eq!(wait(1, 0, Some(7 * SECOND)), 7 * SECOND);
    assert_eq!(wait(1, u32::MAX, Some(7 * SECOND)), 7 * SECOND + JITTER);
    // Clamped.
    assert_eq!(wait(1, 0, Some(31 * SECOND)), 30 * SECOND);
    assert_eq!(wait(1, u32::MAX, Some(Duration::MAX)), 30 * SECOND + JITTER);
}

#[test]
fn attempts_time_and_budget_end() {
    let decide = |attempt, budget| {
        RetryPolicy::default().decide(&GET_INVOICE, Outcome::Lost, attempt, None, budget)
    };
    let number = |number| Attempt {
        number,
        draw: 0,
        ..FIRST
    };
    assert_eq!(
        decide(number(2), 1),
        Retry {
            after: Duration::ZERO
        }
    );
    assert_eq!(decide(number(3), 1), Stop(AttemptsSpent));
    assert_eq!(decide(number(u32::MAX), 1), Stop(AttemptsSpent));
    let remaining = |remaining| Attempt { remaining, ..FIRST };
    assert_eq!(
        decide(remaining(JITTER + Duration::from_nanos(1)), 1),
        AGAIN
    );
    assert_eq!(decide(remaining(JITTER), 1), Stop(NoTime));
    assert_eq!(decide(FIRST, 0), Stop(BudgetSpent));
    let never = RetryPolicy::never().decide(&GET_INVOICE, Outcome::NotSent, FIRST, None, 1);
    assert_eq!(never, Stop(AttemptsSpent));
}

#[track_caller]
fn check(policy: RetryPolicy, operation: &Operation, key: Option<KeyUse>, want: Row) {
    let row = OUTCOMES.map(|outcome| policy.decide(operation, outcome, FIRST, key, 10));
    assert_eq!(row, want, "{} with {key:?}, {policy:?}", operation.name);
}
