//! Every order of what the gateway, the network, the customer and the process may do, from the first request on.
//!
//! A step depends on the machine and the gateway's truth alone, so each pair of them is visited once. The bounds: two
//! faults of the network or ends of the process, two soft failures, one reversal.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use expect_test::expect;

use xgateway_api::types::BankCurrency;
use xgateway_core::document::Page;
use xgateway_core::id::CustomerId;
use xgateway_flows::onboarding::{
    Action, Attempt, Event, Machine, Outcome, Plan, Request, Sequence, State,
};

use crate::gateway::{Account, Gateway, Status};

const PAGES: [Page; 2] = [Page::Passport, Page::Selfie];

#[derive(Clone)]
struct World {
    machine: Machine,
    gateway: Gateway,
}

impl World {
    fn new(sequence: Sequence) -> Self {
        let plan = Plan {
            customer_id: CustomerId::parse("customer-1").unwrap(),
            sequence,
            currency: BankCurrency::Eur,
            pages: PAGES.to_vec(),
        };
        Self {
            machine: Machine::begin(plan),
            gateway: Gateway::new(),
        }
    }

    fn key(&self) -> (String, Gateway) {
        (self.machine.to_json(), self.gateway.clone())
    }

    fn is_strict(&self) -> bool {
        self.machine.plan().sequence == Sequence::KycFirst
    }

    fn take(&mut self, request: Request) -> Outcome {
        let strict = self.is_strict();
        self.gateway.take(request, strict, &PAGES)
    }

    fn step(&mut self, event: &Event) {
        let was_passed = self.machine.is_passed();
        let reversed = self.machine.step(event);
        assert_eq!(reversed, was_passed && !self.machine.is_passed());
    }

    /// What was stored, in a new process.
    fn restarted(&self) -> Self {
        let mut machine = Machine::from_json(&self.machine.to_json()).unwrap();
        assert_eq!(machine, self.machine);
        machine.interrupted();
        Self {
            machine,
            gateway: self.gateway.clone(),
        }
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut next = self.clone();
        change(&mut next);
        next
    }

    /// What may happen next, all of it. What comes first is what a kind world does.
    fn nexts(&self) -> Vec<Self> {
        let mut nexts = Vec::new();
        match self.machine.due() {
            Some(Action::Send(request)) => self.sends(request, &mut nexts),
            Some(Action::ReadStatus) => nexts.push(self.with(|it| {
                it.step(&Event::StatusRead(it.gateway.kyc_status()));
            })),
            Some(Action::ReadAccounts) => nexts.push(self.with(|it| {
                it.step(&Event::AccountsRead(it.gateway.account_seen()));
            })),
            Some(Action::ReadBoth) => nexts.push(self.with(|it| {
                let state = it.machine.state();
                it.step(&Event::StatusRead(it.gateway.kyc_status()));
                if it.machine.state() == state {
                    it.step(&Event::AccountsRead(it.gateway.account_seen()));
                }
            })),
            None => {}
        }
        // A callback, early, late, twice or made up: it leads to a read, whatever is due.
        nexts.push(self.with(|it| it.step(&Event::StatusRead(it.gateway.kyc_status()))));
        nexts.push(self.with(|it| it.step(&Event::AccountsRead(it.gateway.account_seen()))));
        if self.machine.state() == State::Failed {
            for texts in [true, false] {
                nexts.push(self.with(|it| {
                    it.step(&Event::Correct {
                        texts,
                        pages: vec![Page::Selfie],
                    });
                }));
            }
        }
        let on_its_way = matches!(
            self.machine.state(),
            State::Account(Attempt::Sent)
                | State::Applicant(Attempt::Sent)
                | State::Verification(Attempt::Sent)
        );
        if self.gateway.is_settled() && !on_its_way {
            nexts.push(self.with(|it| it.step(&Event::GraceElapsed)));
        }
        for gateway in self.gateway.moves(self.is_strict(), &PAGES) {
            nexts.push(Self {
                machine: self.machine.clone(),
                gateway,
            });
        }
        if self.gateway.faults_left > 0 {
            nexts.push(self.restarted().with(|it| it.gateway.faults_left -= 1));
        }
        nexts
    }

    fn sends(&self, request: Request, nexts: &mut Vec<Self>) {
        let noted = self.with(|it| it.step(&Event::Sends));
        if noted.machine != self.machine {
            nexts.push(noted);
            return;
        }
        nexts.push(self.with(|it| {
            let outcome = it.take(request);
            it.step(&Event::Outcome(request, outcome));
            let is_late = matches!(request, Request::Upload(_) | Request::Correction);
            if is_late && outcome == Outcome::Refused {
                it.step(&Event::StatusRead(it.gateway.kyc_status()));
            }
        }));
        if self.gateway.faults_left == 0 {
            return;
        }
        let fault = self.with(|it| it.gateway.faults_left -= 1);
        let lost = Event::Outcome(request, Outcome::Lost);
        nexts.push(fault.with(|it| it.step(&Event::Outcome(request, Outcome::NotSent))));
        nexts.push(fault.with(|it| it.step(&lost)));
        nexts.push(fault.with(|it| {
            it.take(request);
            it.step(&lost);
        }));
        nexts.push(fault.with(|it| {
            it.gateway.delay(request);
            it.step(&lost);
        }));
        // The process ends after the request was handed over, and before anything was heard of it.
        nexts.push(fault.with(|it| {
            it.take(request);
            *it = it.restarted();
        }));
        nexts.push(fault.with(|it| {
            it.gateway.delay(request);
            *it = it.restarted();
        }));
    }

    fn check(&self, before: &Self) {
        let Gateway {
            starts,
            accounts,
            applicants,
            ..
        } = self.gateway;
        assert!(
            starts <= 1,
            "a second start in one status: {}",
            self.machine.to_json()
        );
        assert!(
            accounts <= 1,
            "a second account: {}",
            self.machine.to_json()
        );
        assert!(
            applicants <= 1,
            "a second applicant: {}",
            self.machine.to_json()
        );
        if self.machine.state() == before.machine.state() {
            return;
        }
        let gateway = &self.gateway;
        let is_true = match self.machine.state().name() {
            "onboarded" => gateway.account == Account::Active,
            "opening" => self.machine.is_passed(),
            "rejected" => gateway.status == Status::Hard,
            "failed" => gateway.status == Status::Soft,
            _ => true,
        };
        assert!(is_true, "not so: {}", self.machine.to_json());
    }

    /// Whether the machine's last word is the gateway's.
    fn is_proven(&self) -> bool {
        let gateway = &self.gateway;
        let is_open = gateway.status == Status::Full && gateway.account == Account::Active;
        let state = self.machine.state();
        (state == State::Onboarded && is_open)
            || (state == State::Rejected && gateway.status == Status::Hard)
    }

    /// From here on nothing goes wrong any more, the vendor passes, and the customer corrects what is to be corrected.
    fn ends_well(&self) -> bool {
        let mut world = self.with(|it| it.gateway.faults_left = 0);
        for _ in 0..100 {
            if world.is_proven() {
                return true;
            }
            let gateway = &world.gateway;
            let moves_on = !gateway.is_settled()
                || gateway.status == Status::Pending
                || gateway.account == Account::Pending;
            if moves_on {
                world.gateway = gateway.moves(world.is_strict(), &PAGES).swap_remove(0);
            }
            let failed = world.machine.state() == State::Failed;
            if failed && world.gateway.status == Status::Soft {
                world.step(&Event::Correct {
                    texts: true,
                    pages: Vec::new(),
                });
            }
            let next = world.nexts().swap_remove(0);
            let is_stuck = next.machine == world.machine && next.gateway == world.gateway;
            world = next;
            if is_stuck && world.gateway.is_settled() {
                world.step(&Event::GraceElapsed);
            }
        }
        false
    }
}

/// Visits everything that can be reached, and counts it, in all and by the machine's state.
fn visit(sequence: Sequence) -> String {
    let first = World::new(sequence);
    let mut seen = BTreeSet::from([first.key()]);
    let mut ahead = VecDeque::from([first]);
    while let Some(world) = ahead.pop_front() {
        assert!(
            world.ends_well(),
            "no end from {}\n{:?}",
            world.machine.to_json(),
            world.gateway
        );
        for next in world.nexts() {
            next.check(&world);
            if seen.insert(next.key()) {
                ahead.push_back(next);
            }
        }
    }
    let mut counts = BTreeMap::new();
    for (json, _) in &seen {
        let state = Machine::from_json(json).unwrap().state();
        *counts.entry(state.name()).or_insert(0_usize) += 1;
    }
    format!("{} in all: {counts:?}", seen.len())
}

#[test]
fn every_order_of_events_with_the_account_first() {
    expect![[r#"2543 in all: {"account": 25, "applicant": 59, "correcting": 63, "documents": 93, "failed": 63, "onboarded": 45, "opening": 225, "preparing": 18, "profile": 5, "rejected": 153, "verification": 216, "verifying": 1578}"#]].assert_eq(&visit(Sequence::AccountFirst));
}

#[test]
fn every_order_of_events_with_kyc_first() {
    expect![[r#"2562 in all: {"account": 330, "applicant": 21, "correcting": 60, "documents": 70, "failed": 60, "onboarded": 45, "opening": 270, "preparing": 6, "profile": 5, "rejected": 129, "verification": 189, "verifying": 1377}"#]].assert_eq(&visit(Sequence::KycFirst));
}
