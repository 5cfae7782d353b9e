//! Every sequence of up to six events, each as often as it likes.
//!
//! A step depends on the machine and the event alone, and there are few machines. So each step is taken once, for
//! real, and sequences that have led to the same machine with the same past are walked on together, counted.

use std::collections::{BTreeMap, VecDeque};

use serde_json::json;
use xgateway_api::types::TransactionCallback;
use xgateway_core::id::TransactionId;
use xgateway_flows::card::{
    Action, CallbackHint, Contradiction, Event, Machine, Order, Reading, State, ThreeDsUrl,
};

use crate::fixture::{
    deposit, invoice, invoice_reading, machine, transaction, transaction_reading,
};

const LENGTH: u32 = 6;

/// How many machines the events lead to.
const MACHINES: usize = 28;

/// How many sequences of 1 to 6 of the 29 events there are.
const SEQUENCES: u64 = 616_067_010;

/// Events that the gateway's word stands behind.
const INVOICE_FOUND: [&str; 8] = [
    "invoice active",
    "invoice confirmed",
    "invoice confirmed twice",
    "invoice failed",
    "invoice failed twice",
    "invoice failed once of two",
    "invoice canceled",
    "invoice of another order",
];

fn alphabet() -> Vec<(&'static str, Event)> {
    let mut events = events_of_one_payment();
    events.extend(events_of_two_payments());
    events
}

/// The invoice with this status, which lists these transactions and how they stand.
fn listing(status: &str, transactions: &[(&str, &str)]) -> Event {
    let transactions: Vec<_> = transactions
        .iter()
        .map(|(id, status)| json!({"id": id, "status": status, "type": "deposit"}))
        .collect();
    let changes = json!({"status": status, "transactions": transactions});
    Event::InvoiceRead(invoice_reading(&invoice(&changes)))
}

fn events_of_two_payments() -> [(&'static str, Event); 5] {
    let second = |changes: &_| Event::TransactionRead(transaction_reading(&transaction(changes)));
    let both = |status: &str, newer: &str, older: &str| {
        listing(
            status,
            &[("transaction-2", newer), ("transaction-1", older)],
        )
    };
    [
        (
            "invoice confirmed twice",
            both("completed", "confirmed", "confirmed"),
        ),
        ("invoice failed twice", both("canceled", "failed", "failed")),
        (
            "invoice failed once of two",
            both("canceled", "failed", "pending"),
        ),
        (
            "second transaction confirmed",
            second(&json!({"id": "transaction-2"})),
        ),
        (
            "second transaction failed",
            second(&json!({"id": "transaction-2", "status": "failed"})),
        ),
    ]
}

fn events_of_one_payment() -> Vec<(&'static str, Event)> {
    let callback = |status: &str| {
        let callback: TransactionCallback = serde_json::from_value(json!({
            "id": "transaction-1", "customerId": "customer-1", "amount": "25.00", "currency": "EUR",
            "hash": "", "status": status,
        }))
        .unwrap();
        Event::CallbackHint(CallbackHint::of(&callback).unwrap())
    };
    let url = ThreeDsUrl::parse("https://bank.example/3ds").unwrap();
    let other = Event::InvoiceRead(invoice_reading(&invoice(&json!({"orderId": "order-2"}))));
    let hinted = |changes: &_| Event::HintedRead(transaction_reading(&transaction(changes)));
    let transaction =
        |changes: &_| Event::TransactionRead(transaction_reading(&transaction(changes)));
    vec![
        (
            "answered with 3DS",
            Event::Answered {
                three_ds_url: Some(url),
            },
        ),
        (
            "answered without 3DS",
            Event::Answered { three_ds_url: None },
        ),
        ("refused", Event::Refused),
        ("lost", Event::Lost),
        ("not sent", Event::NotSent),
        ("returned", Event::CustomerReturned),
        ("callback confirmed", callback("confirmed")),
        ("callback failed", callback("failed")),
        ("grace elapsed", Event::GraceElapsed),
        ("invoice unreadable", Event::InvoiceRead(Reading::Failed)),
        ("invoice not found", Event::InvoiceRead(Reading::NotFound)),
        ("invoice active", listing("active", &[])),
        (
            "invoice confirmed",
            listing("completed", &[("transaction-1", "confirmed")]),
        ),
        (
            "invoice failed",
            listing("canceled", &[("transaction-1", "failed")]),
        ),
        ("invoice canceled", listing("canceled", &[])),
        ("invoice of another order", other),
        (
            "transaction unreadable",
            Event::TransactionRead(Reading::Failed),
        ),
        (
            "transaction processing",
            transaction(&json!({"status": "processing"})),
        ),
        (
            "transaction failed",
            transaction(&json!({"status": "failed"})),
        ),
        ("transaction confirmed", transaction(&json!({}))),
        ("hinted transaction confirmed", hinted(&json!({}))),
        (
            "hinted transaction failed",
            hinted(&json!({"status": "failed"})),
        ),
        (
            "hinted transaction of another order",
            hinted(&json!({"orderId": "order-2"})),
        ),
        (
            "transaction of another amount",
            transaction(&json!({"amount": "2500.00"})),
        ),
    ]
}

/// What matters of the past of a sequence.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
struct Past {
    sends: u8,
    invoice_found: bool,
    /// Whether not all transactions of the invoice had failed when it was read last, and there were several.
    is_disputed: bool,
    grace_elapsed: bool,
    /// The transaction that was settled.
    credited: Option<&'static str>,
}

/// The transactions of the alphabet, by what confirms them.
const CONFIRMS: [(&str, &str); 3] = [
    ("transaction confirmed", "transaction-1"),
    ("hinted transaction confirmed", "transaction-1"),
    ("second transaction confirmed", "transaction-2"),
];

#[test]
fn every_order_of_events_keeps_the_promises() {
    let events = alphabet();
    let graph = Graph::explore(&events);
    assert_eq!(graph.machines.len(), MACHINES);

    let (_, first) = Machine::begin(Order::from(&deposit()));
    let mut past = Past::default();
    count_sends(&mut past, &[first]);
    let mut frontier = BTreeMap::from([((0, past), 1_u64)]);
    let mut walked = 0;
    for _ in 0..LENGTH {
        let mut next = BTreeMap::new();
        for ((from, past), count) in frontier {
            for (index, (name, _)) in events.iter().enumerate() {
                let (to, actions) = &graph.steps[&(from, index)];
                let states = (graph.machines[from].state(), graph.machines[*to].state());
                let mut past = past;
                judge(name, states, actions, &mut past);
                *next.entry((*to, past)).or_insert(0) += count;
                walked += count;
            }
        }
        frontier = next;
    }
    // If an event or a length is dropped, this says so.
    assert_eq!(walked, SEQUENCES);
    let all: u64 = (1..=LENGTH)
        .map(|length| (events.len() as u64).pow(length))
        .sum();
    assert_eq!(walked, all);
}

/// Holds one step of one past to the promises.
#[track_caller]
fn judge(event: &str, (from, to): (&State, &State), actions: &[Action], past: &mut Past) {
    count_sends(past, actions);
    assert_eq!(past.sends, 1, "sent again by {event}");
    past.invoice_found |= INVOICE_FOUND.contains(&event);
    if INVOICE_FOUND.contains(&event) && event != "invoice of another order" {
        past.is_disputed =
            ["invoice confirmed twice", "invoice failed once of two"].contains(&event);
    }

    for action in actions {
        if let Action::Credit(settled) = action {
            let confirmed = CONFIRMS.iter().find(|(name, _)| *name == event);
            let (_, which) = *confirmed.expect("credited without the gateway's word");
            assert_eq!(settled.transaction_id().as_str(), which);
            assert_eq!(settled.amount(), deposit().amount());
            assert!(past.invoice_found, "credited before the invoice was found");
            assert!(
                past.credited.is_none_or(|credited| credited == which),
                "credited twice",
            );
            past.credited = Some(which);
        }
    }
    let is_deposited = |state: &State| matches!(state, State::Deposited { .. });
    if *to != State::Contradiction(Contradiction::SecondTransaction) {
        assert_eq!(
            is_deposited(to),
            past.credited.is_some(),
            "deposited by {event}"
        );
    }

    if from != to {
        match from {
            State::Contradiction(Contradiction::SecondTransaction) => {
                panic!("{from} became {to} by {event}")
            }
            State::Deposited { .. } => assert_eq!(
                *to,
                State::Contradiction(Contradiction::SecondTransaction),
                "by {event}"
            ),
            // Only what a transaction says ends these, or makes others of them.
            State::Contradiction(_) => assert!(
                event.contains("transaction ") || matches!(to, State::Contradiction(_)),
                "{from} became {to} by {event}",
            ),
            // Only the gateway's own word undoes these.
            State::Failed { .. } | State::Refused | State::NotCharged => assert!(
                INVOICE_FOUND.contains(&event) || event.contains("transaction "),
                "{from} became {to} by {event}",
            ),
            State::Sending | State::Unknown { .. } | State::InProgress => {}
        }
        match to {
            State::NotCharged => {
                let proven = past.grace_elapsed && event == "invoice not found";
                let never_left = *from == State::Sending && event == "not sent";
                assert!(proven || never_left, "{from} became {to} by {event}");
            }
            State::Failed { .. } => assert!(
                !past.is_disputed,
                "{from} is declined by {event}, and another transaction may be paid"
            ),
            State::Sending => panic!("sending again by {event}"),
            State::Unknown { .. }
            | State::InProgress
            | State::Deposited { .. }
            | State::Refused
            | State::Contradiction(_) => {}
        }
    }
    // A read that came before says nothing about after.
    past.grace_elapsed |= event == "grace elapsed"
        && *to
            == (State::Unknown {
                grace_elapsed: true,
            });
}

fn count_sends(past: &mut Past, actions: &[Action]) {
    let sends = actions
        .iter()
        .filter(|action| **action == Action::Send)
        .count();
    past.sends += u8::try_from(sends).unwrap();
}

#[test]
fn the_gateways_word_is_acted_on_however_late_it_comes() {
    let events = alphabet();
    let by_name = |name: &str| &events.iter().find(|(it, _)| *it == name).unwrap().1;
    let graph = Graph::explore(&events);
    for reached in &graph.machines {
        let mut machine = reached.clone();
        let paid = TransactionId::parse("transaction-1").unwrap();
        let twice = State::Contradiction(Contradiction::SecondTransaction);
        let is_other_paid = matches!(machine.state(), State::Deposited { transaction_id } if *transaction_id != paid);
        let expected = if is_other_paid || *machine.state() == twice {
            twice
        } else {
            State::Deposited {
                transaction_id: paid,
            }
        };
        // Every hint makes the flow look.
        let hint = machine.step(by_name("callback confirmed"));
        assert!(hint.contains(&Action::ReadInvoice), "{reached:?}");
        machine.step(by_name("invoice confirmed"));
        machine.step(by_name("transaction confirmed"));
        assert_eq!(*machine.state(), expected, "{reached:?}");
    }
}

#[test]
fn a_second_payment_is_reported_and_not_credited() {
    let events = alphabet();
    let by_name = |name: &str| &events.iter().find(|(it, _)| *it == name).unwrap().1;
    let mut machine = machine();
    machine.step(by_name("invoice confirmed"));
    machine.step(by_name("transaction confirmed"));
    let other = TransactionId::parse("transaction-2").unwrap();
    let hint = CallbackHint::new(other.clone());
    assert_eq!(
        machine.step(&Event::CallbackHint(hint)),
        [Action::ReadHinted(other), Action::ReadInvoice]
    );
    assert_eq!(
        machine.step(by_name("second transaction confirmed")),
        [Action::Report(Contradiction::SecondTransaction)]
    );
}

#[test]
fn a_second_payment_is_found_in_the_invoice() {
    let events = alphabet();
    let by_name = |name: &str| &events.iter().find(|(it, _)| *it == name).unwrap().1;
    let listing = |ids: [&str; 2]| {
        let transactions = ids.map(|id| json!({"id": id, "status": "confirmed"}));
        Event::InvoiceRead(invoice_reading(&invoice(
            &json!({"status": "completed", "transactions": transactions}),
        )))
    };
    let mut machine = machine();
    machine.step(by_name("invoice confirmed"));
    machine.step(by_name("transaction confirmed"));
    let read = |id: &str| Action::ReadTransaction(TransactionId::parse(id).unwrap());
    assert_eq!(
        machine.step(&listing(["transaction-2", "transaction-1"])),
        [read("transaction-1"), read("transaction-2")]
    );
    assert_eq!(
        machine.step(by_name("invoice confirmed")),
        [read("transaction-1")]
    );
}

#[test]
fn what_one_transaction_contradicts_no_other_one_that_failed_undoes() {
    let events = alphabet();
    let by_name = |name: &str| &events.iter().find(|(it, _)| *it == name).unwrap().1;
    let mut machine = machine();
    machine.step(by_name("invoice confirmed twice"));
    let amount = transaction(&json!({"id": "transaction-2", "amount": "26"}));
    let amount = Event::TransactionRead(transaction_reading(&amount));
    let contradiction = Contradiction::Amount;
    assert_eq!(machine.step(&amount), [Action::Report(contradiction)]);
    machine.step(by_name("transaction failed"));
    assert_eq!(*machine.state(), State::Contradiction(contradiction));
    // Once both have failed it was one for a moment only.
    machine.step(by_name("invoice failed twice"));
    machine.step(by_name("second transaction failed"));
    assert!(matches!(machine.state(), State::Failed { .. }));
}

#[test]
fn an_outcome_that_comes_late_makes_the_flow_look() {
    let events = alphabet();
    let by_name = |name: &str| &events.iter().find(|(it, _)| *it == name).unwrap().1;
    for (found, outcome, looks) in [
        ("invoice active", "refused", true),
        ("invoice active", "answered without 3DS", true),
        ("invoice canceled", "answered with 3DS", true),
        ("invoice active", "lost", false),
        ("invoice active", "not sent", false),
        ("invoice canceled", "refused", false),
    ] {
        let mut machine = machine();
        machine.step(by_name(found));
        let before = machine.clone();
        let actions = machine.step(by_name(outcome));
        assert_eq!(
            actions == [Action::ReadInvoice],
            looks,
            "{found}, {outcome}"
        );
        assert_eq!(machine, before, "{found}, {outcome}");
    }
    // Found before its answer came: the customer is still to be sent on.
    let mut machine = machine();
    machine.step(by_name("invoice active"));
    let actions = machine.step(by_name("answered with 3DS"));
    assert!(matches!(*actions, [Action::Redirect(_)]), "{actions:?}");
}

/// Every machine that the events lead to, and every step between them.
struct Graph {
    machines: Vec<Machine>,
    steps: BTreeMap<(usize, usize), (usize, Vec<Action>)>,
}

impl Graph {
    fn explore(events: &[(&str, Event)]) -> Self {
        let mut graph = Self {
            machines: vec![machine()],
            steps: BTreeMap::new(),
        };
        let mut open = VecDeque::from([0]);
        while let Some(from) = open.pop_front() {
            for (index, (name, event)) in events.iter().enumerate() {
                let mut machine = graph.machines[from].clone();
                // Whoever stops and resumes at any point must not be able to tell.
                let json = machine.to_json();
                let mut resumed = Machine::from_json(&json).unwrap();
                assert_eq!(resumed, machine, "{json}");
                let actions = machine.step(event);
                assert_eq!(resumed.step(event), actions, "{name} on {json}");
                assert_eq!(resumed, machine, "{name} on {json}");

                let known = graph.machines.iter().position(|it| *it == machine);
                let to = known.unwrap_or_else(|| {
                    graph.machines.push(machine);
                    open.push_back(graph.machines.len() - 1);
                    graph.machines.len() - 1
                });
                graph.steps.insert((from, index), (to, actions));
            }
        }
        graph
    }
}
