//! Every sequence of up to six events, each as often as it likes.
//!
//! A step depends on the machine and the event alone, and there are few machines. So each step is taken once, for
//! real, and sequences that have led to the same machine with the same past are walked on together, counted.

use std::collections::{BTreeMap, VecDeque};

use serde_json::json;
use xgateway_core::money::Currency;
use xgateway_flows::deposit::{
    Action, Contradiction, Event, Machine, NamedOrder, Reading, Standing,
};

use crate::fixture::{customer, given, hint, id, read, read_of};

const LENGTH: u32 = 6;

/// How many sequences of 1 to 6 of the 21 events there are.
const SEQUENCES: u64 = 118_778_946;

/// How many machines the events lead to: two addresses or none, and how the two transactions stand. The first one may be
/// handed out with either of two amounts, or credited, and each of these may be taken back and restored.
const MACHINES: usize = 3 * (3 + 3 * 3) * 3;

/// The events that say that a credit was done: of which confirmation.
const CREDITS: [(&str, usize); 2] = [("t-1 credited", 0), ("t-2 credited", 3)];

/// The events on which a credit may follow: of which transaction, and of how much.
const CONFIRMS: [(&str, &str, &str); 4] = [
    ("t-1 confirmed", "t-1", "25.5 tUSDT"),
    ("t-1 of an order that nobody knows", "t-1", "25.5 tUSDT"),
    ("t-1 confirmed with more", "t-1", "2550 tUSDT"),
    ("t-2 confirmed", "t-2", "0.000001 eUSDC"),
];

fn alphabet() -> Vec<(&'static str, Event)> {
    let unread = |reading| Event::TransactionRead {
        asked: id("t-1"),
        reading,
        order: NamedOrder::Unknown,
    };
    let credited = |event: &Event| {
        let actions = Machine::new(customer()).step(event);
        let [Action::Credit(deposit)] = &actions[..] else {
            panic!("a credit, not {actions:?}");
        };
        Event::Credited(deposit.clone())
    };
    let t_1 = read("t-1", &json!({}));
    let t_2 = json!({"id": "t-2", "amount": "0.000001", "currency": "eUSDC"});
    let t_2 = read("t-2", &t_2);
    let order = json!({"orderId": "order-1"});
    vec![
        ("address", given("TQ5")),
        ("another address", given("TQ6")),
        ("hint t-1", Event::CallbackHint(hint("t-1"))),
        ("hint t-2", Event::CallbackHint(hint("t-2"))),
        ("hint forged", Event::CallbackHint(hint("t-9"))),
        ("t-1 unreadable", unread(Reading::Failed)),
        ("t-1 not found", unread(Reading::NotFound)),
        (
            "t-1 processing",
            read("t-1", &json!({"status": "processing"})),
        ),
        ("t-1 new status", read("t-1", &json!({"status": "frozen"}))),
        ("t-1 failed", read("t-1", &json!({"status": "failed"}))),
        ("t-1 credited", credited(&t_1)),
        ("t-2 credited", credited(&t_2)),
        ("t-1 confirmed", t_1),
        (
            "t-1 confirmed with more",
            read("t-1", &json!({"amount": "2550"})),
        ),
        (
            "t-1 of another customer",
            read("t-1", &json!({"customerId": "customer-2"})),
        ),
        (
            "t-1 a withdrawal",
            read("t-1", &json!({"type": "withdrawal"})),
        ),
        (
            "t-1 of an order of ours",
            read_of("t-1", &order, NamedOrder::Own),
        ),
        (
            "t-1 of an order that nobody knows",
            read_of("t-1", &order, NamedOrder::Unknown),
        ),
        ("t-1 without amount", read("t-1", &json!({"amount": "0"}))),
        ("t-1 of nobody", read("t-1", &json!({"customerId": null}))),
        ("t-1 answered with t-2", read("t-1", &json!({"id": "t-2"}))),
        ("t-2 confirmed", t_2),
    ]
}

/// What matters of the past of a sequence: which confirmation of each transaction was handed out, and whether it was credited.
type Past = BTreeMap<&'static str, (usize, bool)>;

#[test]
fn every_order_of_events_keeps_the_promises() {
    let events = alphabet();
    let graph = Graph::explore(&events);
    assert_eq!(graph.machines.len(), MACHINES);

    let mut frontier = BTreeMap::from([((0, Past::new()), 1_u64)]);
    let mut walked = 0;
    for _ in 0..LENGTH {
        let mut next = BTreeMap::new();
        for ((from, past), count) in frontier {
            for (index, (name, _)) in events.iter().enumerate() {
                let (to, actions) = &graph.steps[&(from, index)];
                let machines = (&graph.machines[from], &graph.machines[*to]);
                let mut past = past.clone();
                judge(name, machines, actions, &mut past);
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
fn judge(event: &str, (from, to): (&Machine, &Machine), actions: &[Action], past: &mut Past) {
    for action in actions {
        match action {
            Action::Credit(deposit) => {
                let confirmed = CONFIRMS.iter().position(|(name, ..)| *name == event);
                let which = confirmed.expect("credited without the gateway's word");
                let (_, id, amount) = CONFIRMS[which];
                // Whatever order the gateway names, it is the same confirmation.
                let is_same = |it: &(&str, &str, &str)| (it.1, it.2) == (id, amount);
                let which = CONFIRMS.iter().position(is_same).unwrap_or(which);
                assert_eq!(deposit.transaction_id().as_str(), id);
                assert_eq!(deposit.amount().to_string(), amount);
                assert_eq!(deposit.customer_id(), &customer());
                let handed_out = *past.entry(id).or_insert((which, false));
                assert_eq!(handed_out, (which, false), "credited twice by {event}");
            }
            // A hint asks, and does nothing else.
            Action::ReadTransaction(id) => assert_eq!(event, hint_at(id.as_str())),
            Action::Report(Contradiction::Reversed | Contradiction::Restored) => {
                assert!(from.transactions().eq(to.transactions()), "{event}");
            }
            Action::Report(_) => assert_eq!(from, to, "{event} is reported and changes"),
        }
    }
    if event.starts_with("hint") {
        assert_eq!(from, to, "hearsay changed something");
        assert_eq!(actions.len(), 1);
    }
    if let Some((_, which)) = CREDITS.iter().find(|(name, _)| *name == event) {
        let known = past.entry(CONFIRMS[*which].1).or_insert((*which, true));
        if known.0 == *which {
            known.1 = true;
        } else {
            assert_eq!(actions, [Action::Report(Contradiction::Amount)]);
        }
    }
    // What was handed out and reported once as taken back is so until somebody has seen to it, and its confirmation no news to
    // pass.
    let t_1 = id("t-1");
    let is_taken_back = |machine: &Machine| machine.taken_back().any(|it| *it == t_1);
    let is_credited = matches!(from.standing(&t_1), Some(Standing::Credited(_)));
    let is_confirmed = matches!(from.standing(&t_1), Some(Standing::Confirmed(_)));
    let is_reversed = actions == [Action::Report(Contradiction::Reversed)];
    let want = is_taken_back(from) || ((is_credited || is_confirmed) && is_reversed);
    assert_eq!(is_taken_back(to), want, "{event}");
    if event == "t-1 confirmed" && is_credited {
        let restored = Action::Report(Contradiction::Restored);
        let want = is_taken_back(from).then_some(restored);
        assert_eq!(actions, want.as_slice());
    }
    // Whatever was credited stays so, as it was: the ledger can be held against it for ever. What was not is looked at.
    let is_looked_at = |id| to.look().contains(&Action::ReadTransaction(id));
    for (text, (_, is_credited)) in &*past {
        assert_ne!(is_looked_at(id(text)), *is_credited, "{text} after {event}");
    }
    let credits: BTreeMap<_, _> = to
        .credits()
        .map(|(id, amount)| (id.as_str().to_owned(), amount.to_string()))
        .collect();
    let want: BTreeMap<_, _> = past
        .iter()
        .filter(|(_, (_, is_credited))| *is_credited)
        .map(|(id, (which, _))| ((*id).to_owned(), CONFIRMS[*which].2.to_owned()))
        .collect();
    assert_eq!(credits, want, "after {event}");
    // An address that was shown once stays the one to show.
    let address = |machine: &Machine| machine.address(&Currency::TUsdt).map(str::to_owned);
    if address(from).is_some() {
        assert_eq!(address(from), address(to), "{event}");
    }
}

fn hint_at(id: &str) -> &'static str {
    match id {
        "t-1" => "hint t-1",
        "t-2" => "hint t-2",
        _ => "hint forged",
    }
}

#[test]
fn the_gateways_word_is_acted_on_however_late_it_comes() {
    let events = alphabet();
    let by_name = |name: &str| &events.iter().find(|(it, _)| *it == name).unwrap().1;
    for reached in Graph::explore(&events).machines {
        let mut machine = reached.clone();
        let actions = machine.step(by_name("t-1 confirmed"));
        let is_fine = match reached.standing(&id("t-1")) {
            Some(Standing::Confirmed(amount)) if amount.to_string() != "25.5 tUSDT" => {
                actions == [Action::Report(Contradiction::Amount)]
            }
            Some(Standing::Credited(_) | Standing::Confirmed(_))
                if reached.taken_back().next().is_some() =>
            {
                actions == [Action::Report(Contradiction::Restored)]
            }
            Some(Standing::Credited(_)) => actions.is_empty(),
            Some(Standing::Confirmed(_) | Standing::Pending | Standing::Failed) | None => {
                matches!(&actions[..], [Action::Credit(_)])
            }
        };
        assert!(is_fine, "{reached:?}: {actions:?}");
        assert!(matches!(
            machine.standing(&id("t-1")),
            Some(Standing::Confirmed(_) | Standing::Credited(_))
        ));
    }
}

#[test]
fn what_does_not_fit_a_credit_is_reported() {
    let events = alphabet();
    let by_name = |name: &str| &events.iter().find(|(it, _)| *it == name).unwrap().1;
    let mut machine = Machine::new(customer());
    machine.step(by_name("address"));
    machine.step(by_name("t-1 confirmed"));
    machine.step(by_name("t-1 credited"));
    let mut credited = machine.clone();
    for (event, contradiction) in [
        ("another address", Some(Contradiction::Address)),
        ("t-1 confirmed", None),
        ("t-1 unreadable", None),
        ("t-1 of nobody", Some(Contradiction::NoCustomer)),
        ("t-1 confirmed with more", Some(Contradiction::Amount)),
        ("t-1 of another customer", Some(Contradiction::Owner)),
        ("t-1 of an order of ours", Some(Contradiction::Owner)),
        ("t-1 of an order that nobody knows", None),
        ("t-1 not found", Some(Contradiction::Reversed)),
        ("t-1 failed", Some(Contradiction::Reversed)),
        ("t-1 processing", Some(Contradiction::Reversed)),
        ("t-1 confirmed", Some(Contradiction::Restored)),
        ("t-1 a withdrawal", Some(Contradiction::Owner)),
        ("t-1 without amount", Some(Contradiction::NoAmount)),
        ("t-1 answered with t-2", Some(Contradiction::Transaction)),
    ] {
        let want: Vec<_> = contradiction.map(Action::Report).into_iter().collect();
        assert_eq!(machine.step(by_name(event)), want, "{event}");
    }
    // Decimals that were written make no difference.
    let written_otherwise = read("t-1", &json!({"amount": "25.50"}));
    let restored = Action::Report(Contradiction::Restored);
    assert_eq!(machine.step(&written_otherwise), [restored]);
    assert_eq!(credited.step(&written_otherwise), []);
}

#[test]
fn only_what_is_pending_or_uncredited_is_looked_at() {
    let events = alphabet();
    let by_name = |name: &str| &events.iter().find(|(it, _)| *it == name).unwrap().1;
    let mut machine = Machine::new(customer());
    machine.step(by_name("t-2 confirmed"));
    machine.step(by_name("t-1 processing"));
    let both = ["t-1", "t-2"].map(|it| Action::ReadTransaction(id(it)));
    assert_eq!(machine.look(), both);
    machine.step(by_name("t-2 credited"));
    assert_eq!(machine.look(), both[..1]);
    machine.step(by_name("t-1 failed"));
    assert_eq!(machine.look(), []);
}

/// Every machine that the events lead to, and every step between them.
struct Graph {
    machines: Vec<Machine>,
    steps: BTreeMap<(usize, usize), (usize, Vec<Action>)>,
}

impl Graph {
    fn explore(events: &[(&str, Event)]) -> Self {
        let mut graph = Self {
            machines: vec![Machine::new(customer())],
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
