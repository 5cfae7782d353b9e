//! One history: from the tape to what became of it.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use serde_json::json;
use tokio::time::{Instant, Sleep};
use xgateway::store::{Counts, Inbox as _, Journal as _};

use crate::canary;
use crate::gateway::Gateway;
use crate::invariants::{self, Broken, Promise};
use crate::kinds::{Coverage, Fault};
use crate::merchant::{Bug, Disk, Installed, Process};
use crate::network;
use crate::sim::{Event, Millis, Sim, State};
use crate::tape::{Choices, Tape};

/// Nothing takes longer than this, or it takes for ever.
const END: Millis = 12 * 60 * 60 * 1_000;

/// How many things may happen: a history that goes round in circles ends here.
const STEPS_MAX: u32 = 200_000;

/// What became of a history.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) broken: Option<Broken>,
    /// What was drawn.
    pub(crate) tape: Choices,
    /// Empty unless it was to be told.
    pub(crate) story: Vec<String>,
    pub(crate) coverage: Coverage,
    /// How long it took, in the time of the simulation.
    pub(crate) took: Millis,
}

/// Runs the history of a tape.
pub(crate) fn run(tape: Tape, bug: Option<Bug>, is_told: bool) -> History {
    canary::begin();
    let sim = Sim::new(State::new(tape, is_told));
    let checked = catch_unwind(AssertUnwindSafe(|| {
        let (disk, is_finished) = live(&sim, bug);
        invariants::check(&sim, &disk, is_finished)
    }));
    let broken = match checked {
        Ok(broken) => broken,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Some(Broken::new(Promise::NoPanic, text.unwrap_or("a panic")))
        }
    };
    sim.with(|state| History {
        broken,
        story: state.take_story(),
        coverage: state.coverage.clone(),
        took: state.now,
        tape: state.take_tape(),
    })
}

/// Lets everything happen, and returns what is left of the merchant, and whether it came to rest.
fn live(sim: &Sim, bug: Option<Bug>) -> (Arc<Disk>, bool) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without I/O needs nothing");
    let disk = Arc::new(Disk::default());
    let mut life = Life {
        sim: sim.clone(),
        processes: [None, None],
        next: 0,
        installed: Installed {
            bug,
            ..Installed::default()
        },
        disk: Arc::clone(&disk),
        steps: 0,
    };
    let is_finished = runtime.block_on(tokio::task::unconstrained(async move {
        let start = Instant::now();
        let mut alarm = pin!(tokio::time::sleep(Duration::ZERO));
        poll_fn(|context| life.run(start, alarm.as_mut(), context)).await
    }));
    (disk, is_finished)
}

struct Life {
    sim: Sim,
    /// The second is there in a share of the histories only.
    processes: [Option<Process>; 2],
    /// Which of them gets what comes next, if both are there.
    next: usize,
    installed: Installed,
    disk: Arc<Disk>,
    steps: u32,
}

impl Life {
    /// Everything up to where only time can help.
    fn run(
        &mut self,
        start: Instant,
        mut alarm: Pin<&mut Sleep>,
        context: &mut Context<'_>,
    ) -> Poll<bool> {
        loop {
            self.steps += 1;
            let now = Instant::now().duration_since(start).as_millis();
            let now = Millis::try_from(now).unwrap_or(Millis::MAX);
            self.sim.with(|state| {
                state.now = now;
                if state.gateway.next_due().is_some_and(|due| due <= now) {
                    state.gateway.come_to(now);
                    state.send_callbacks();
                }
            });
            while let Some(event) = self.sim.with(State::due) {
                self.happen(event);
            }
            for number in 0..self.processes.len() {
                self.sim.with(|state| state.running = number);
                if let Some(process) = &mut self.processes[number]
                    && !process.run(context)
                {
                    self.end_process(number);
                }
            }
            if self.is_at_rest() {
                return Poll::Ready(true);
            }
            self.leave_out_hours();
            let next = self.sim.with(|state| state.next());
            if now >= END || self.steps >= STEPS_MAX {
                return Poll::Ready(false);
            }
            // With nothing to come, the client's own deadlines go on.
            let next = next.unwrap_or(END).min(END);
            if next > now {
                alarm.as_mut().reset(start + Duration::from_millis(next));
                if alarm.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
            }
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Wake => {}
            Event::Request { request, reply } => {
                self.sim.with(|state| state.arrive(&request, reply));
            }
            Event::Copy(request) => self.sim.with(|state| state.arrive_again(&request)),
            Event::Answer { slot, outcome } => network::lay_down(&slot, outcome),
            Event::Callback {
                body,
                number,
                answer_lost,
            } => self.callback(body, number, answer_lost),
            Event::CallbackAttempt { number, status } => {
                self.sim
                    .with(|state| state.callback_attempted(number, status));
            }
            Event::Order(order) => self.order(order),
            Event::OrderTwice(order) => {
                if let Some(process) = self.anyone() {
                    process.order(order);
                    let twice = Fault::SubmittedTwice;
                    self.sim.with(|state| state.fault(twice, "customer"));
                }
            }
            Event::Again(order) => match self.anyone() {
                Some(process) => process.again(order),
                None => self
                    .sim
                    .with(|state| state.after(5_000, Event::Again(order))),
            },
            Event::Gone(order) => {
                let mut processes = self.processes.iter_mut().flatten();
                if processes.any(|process| process.customer_gone(order)) {
                    let gone = Fault::CustomerGone;
                    self.sim.with(|state| state.fault(gone, "customer"));
                }
            }
            Event::ThreeDs {
                order,
                path,
                button,
            } => self.three_ds(order, &path, button),
            Event::Turn(order) => self.turn(order),
            Event::Return(order) => {
                if let Some(process) = self.anyone() {
                    process.customer_returns(order);
                }
            }
            Event::AddressWanted(saver) => {
                self.sim.tell("customer", || {
                    format!("saver-{} wants an address", saver + 1)
                });
                self.disk.want(saver);
                if let Some(process) = &mut self.processes[0] {
                    process.address_wanted(saver);
                }
            }
            Event::Payment { payment, address } => self.pay(payment, &address),
            Event::OnboardingWanted(newcomer) => self.onboarding_wanted(newcomer),
            Event::Corrected(newcomer) => self.corrected(newcomer),
            Event::Start(number) => self.start(number),
            Event::Stop(number) => {
                self.drop_process(number);
                self.sim
                    .with(|state| state.after(500, Event::Start(number)));
            }
            Event::Crash {
                process,
                point,
                doing,
            } => {
                if doing.upgrade().is_some() && self.processes[process].is_some() {
                    self.sim.with(|state| {
                        state.running = process;
                        state.crash(point);
                    });
                    self.end_process(process);
                }
            }
            Event::Deploy {
                knows_secret,
                knows_api_key,
            } => self.deploy(knows_secret, knows_api_key),
            Event::Rotate => self.sim.with(|state| {
                state.gateway.rotate();
                state.fault(Fault::KeysRotated, "gateway");
            }),
            Event::MerchantClock(by) => self.sim.with(|state| state.merchant_clock(by)),
            Event::GatewayClock(seconds) => self.sim.with(|state| {
                state.gateway.jump(Millis::from(seconds) * 1_000);
                state.gateway.come_to(state.now);
                state.fault(Fault::GatewayClockForward, "gateway");
            }),
        }
    }

    fn start(&mut self, number: usize) {
        if self.processes[number].is_some() {
            return;
        }
        if number == 0 {
            self.sim.tell("merchant", || "starts".to_owned());
        } else {
            self.sim
                .with(|state| state.fault(Fault::SecondProcess, "merchant"));
        }
        let process = Process::start(&self.sim, &self.disk, self.installed, number);
        self.processes[number] = Some(process);
    }

    /// Whoever gets what comes in now, as a load balancer has it.
    fn anyone(&mut self) -> Option<&mut Process> {
        self.take_turn()
            .and_then(|number| self.processes[number].as_mut())
    }

    fn take_turn(&mut self) -> Option<usize> {
        let first = self.next;
        let order = [first, 1 - first];
        let number = order.into_iter().find(|it| self.processes[*it].is_some());
        self.next = 1 - number?;
        number
    }

    /// One process after the other, so that somebody is always there.
    fn deploy(&mut self, knows_secret: bool, knows_api_key: bool) {
        self.installed.knows_secret |= knows_secret;
        self.installed.knows_api_key |= knows_api_key;
        self.sim.with(|state| {
            state.fault(Fault::Deploy, "merchant");
            state.after(0, Event::Stop(0));
            if state.plan.has_two_processes {
                state.after(3_000, Event::Stop(1));
            }
        });
    }

    fn onboarding_wanted(&mut self, newcomer: usize) {
        self.sim.tell("customer", || {
            format!("newcomer-{} wants to pay by bank", newcomer + 1)
        });
        self.disk.want_onboarding(newcomer);
        if let Some(process) = &mut self.processes[0] {
            process.onboarding_wanted(newcomer);
        }
    }

    fn corrected(&self, newcomer: usize) {
        self.sim.tell("customer", || {
            format!("newcomer-{} corrects what is wrong", newcomer + 1)
        });
        self.disk.correct(newcomer);
        self.sim.with(|state| state.desks[newcomer].rings += 1);
    }

    fn order(&mut self, order: usize) {
        let sim = self.sim.clone();
        let Some(process) = self.anyone() else {
            // Nobody answers the customer, who tries again.
            sim.with(|state| state.after(5_000, Event::Order(order)));
            return;
        };
        sim.with(|state| {
            let plan = state.plan.orders[order].clone();
            state.tell("customer", || {
                let (euros, cents) = (plan.cents / 100, plan.cents % 100);
                format!(
                    "{} orders {}: {euros}.{cents:02} EUR, card {}",
                    plan.customer, plan.id, plan.card
                )
            });
        });
        process.order(order);
    }

    fn callback(&mut self, body: Bytes, number: Option<u64>, answer_lost: bool) {
        let turn = self.take_turn();
        if let Some(to) = turn
            && let Some(process) = &mut self.processes[to]
        {
            let open = number.map(|number| (to, number));
            self.sim.with(|state| state.callbacks_open.extend(open));
            process.callback(body, number, answer_lost);
        } else {
            self.sim.with(|state| {
                state.fault(Fault::NobodyThere, "network");
                state.callback_answered(number, None, false);
            });
        }
    }

    fn three_ds(&self, order: usize, path: &str, button: &str) {
        self.sim.with(|state| {
            state.tell("customer", || {
                format!("at the 3DS page of order-{}: {button}", order + 1)
            });
            let url = |path: &str| format!("http://sandbox.invalid{path}");
            let visit = Request::get(url(path)).body(Bytes::new());
            let press = Request::post(url(&format!("{path}/{button}"))).body(Bytes::new());
            for request in [visit, press].into_iter().flatten() {
                state.gateway.answer(state.now, &request);
            }
            state.after(1_000, Event::Return(order));
            if button == "decline" && state.plan.orders[order].turns {
                state.after(90_000, Event::Turn(order));
            }
        });
    }

    /// `confirmed` may follow `failed` (protocol §4).
    fn turn(&self, order: usize) {
        self.sim.with(|state| {
            let plan = &state.plan.orders[order];
            let Some(invoice) = state.gateway.world.invoice(&plan.id) else {
                return;
            };
            let body = json!({
                "amount": invoice.amount.as_str(),
                "invoiceId": invoice.id,
                "status": "confirmed",
            });
            let request = Request::post("http://sandbox.invalid/api/v2/transaction/simulate")
                .header("content-type", "application/json")
                .header("x-api-key", Gateway::first_api_key().expose())
                .body(Bytes::from(body.to_string()))
                .expect("the request is fixed");
            state.gateway.come_to(state.now);
            if state.gateway.world.handle(&request).status().is_success() {
                state.turned.push(order);
                state.fault(Fault::DeclineTurned, "gateway");
            }
        });
    }

    fn pay(&self, payment: usize, address: &str) {
        self.sim.with(|state| {
            let plan = state.plan.payments[payment].clone();
            let currency = state.plan.savers[plan.saver].currency;
            state.tell("customer", || {
                let (saver, outcome) = (plan.saver + 1, plan.outcome.replace('_', " "));
                format!(
                    "saver-{saver} pays {} {currency}, which is to be {outcome}",
                    plan.amount
                )
            });
            let body = json!({
                "address": address,
                "amount": plan.amount,
                "currency": currency,
                "outcome": plan.outcome,
                "transactionHash": format!("hash-{payment}"),
            });
            let request = Request::post("http://sandbox.invalid/_sandbox/deposits")
                .header("content-type", "application/json")
                .body(Bytes::from(body.to_string()))
                .expect("the request is fixed");
            let answer = state.gateway.answer(state.now, &request);
            let answer: serde_json::Value =
                serde_json::from_slice(answer.body()).unwrap_or_default();
            if let Some(id) = answer["data"]["transactionId"].as_str()
                && !state.paid.iter().any(|(known, _)| known == id)
            {
                state.paid.push((id.to_owned(), plan.outcome));
            }
        });
    }

    fn end_process(&mut self, number: usize) {
        self.sim.with(State::take_crash);
        self.drop_process(number);
    }

    fn drop_process(&mut self, number: usize) {
        self.processes[number] = None;
        self.sim.with(|state| {
            let open = std::mem::take(&mut state.callbacks_open);
            let (lost, open) = open.into_iter().partition(|(at, _)| *at == number);
            state.callbacks_open = open;
            let lost: Vec<_> = lost;
            for (_, callback) in lost {
                state.callback_answered(Some(callback), None, false);
            }
        });
    }

    /// Every process of the merchant's, if all are there that should be.
    fn all(&self) -> Option<Vec<&Process>> {
        let count = 1 + usize::from(self.sim.with(|state| state.plan.has_two_processes));
        self.processes[..count].iter().map(Option::as_ref).collect()
    }

    /// Whether nothing will happen any more.
    fn is_at_rest(&self) -> bool {
        let idle = |all: Vec<&Process>| all.into_iter().all(Process::is_idle);
        self.all().is_some_and(idle)
            && self.sim.with(|state| state.is_quiet())
            && self.counts().open == 0
            && self.open_intents() == 0
    }

    /// Where for long nothing is to happen but at the gateway, that happens soon.
    fn leave_out_hours(&self) {
        let Some(hours) = self.sim.with(|state| state.long_rest()) else {
            return;
        };
        // A request that is to be sent again has a key, which time makes worthless; and a callback that waits may be
        // overtaken by the next.
        let only_look = |all: Vec<&Process>| all.into_iter().all(Process::only_looks);
        if self.all().is_some_and(only_look) && self.counts().open == 0 {
            self.sim.with(|state| state.leave_out(hours));
        }
    }

    fn open_intents(&self) -> usize {
        let open = self.disk.journal.open_intents(Timestamp::MAX, None, 1);
        now_or_never(open)
            .and_then(Result::ok)
            .map_or(0, |open| open.len())
    }

    fn counts(&self) -> Counts {
        let counts = now_or_never(self.disk.inbox.counts());
        counts.and_then(Result::ok).unwrap_or_default()
    }
}

/// What a future gives that waits for nothing, as those of the stores in memory do.
pub(crate) fn now_or_never<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
