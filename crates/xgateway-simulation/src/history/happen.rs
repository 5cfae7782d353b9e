//! What happens, one event at a time.

use super::life::Life;
use crate::kinds::Fault;
use crate::network;
use crate::sim::{Event, Millis};

impl Life {
    pub(super) fn happen(&mut self, event: Event) {
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
            Event::Missed(number) => self.missed(number),
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
}
