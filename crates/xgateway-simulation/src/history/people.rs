//! What customers and banks do.

use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::life::Life;
use crate::gateway::Gateway;
use crate::kinds::Fault;
use crate::sim::Event;

impl Life {
    pub(super) fn order(&mut self, order: usize) {
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

    pub(super) fn missed(&mut self, number: u64) {
        let Some(body) = self.sim.with(|state| {
            state.fault(Fault::FoundInBackOffice, "person");
            state.sent.get(&number).cloned()
        }) else {
            return;
        };
        self.disk.miss(number, body.clone());
        if let Some(process) = &mut self.processes[0] {
            process.missed(number, body);
        }
    }

    pub(super) fn onboarding_wanted(&mut self, newcomer: usize) {
        self.sim.tell("customer", || {
            format!("newcomer-{} wants to pay by bank", newcomer + 1)
        });
        self.disk.want_onboarding(newcomer);
        if let Some(process) = &mut self.processes[0] {
            process.onboarding_wanted(newcomer);
        }
    }

    pub(super) fn corrected(&self, newcomer: usize) {
        self.sim.tell("customer", || {
            format!("newcomer-{} corrects what is wrong", newcomer + 1)
        });
        self.disk.correct(newcomer);
        self.sim.with(|state| state.desks[newcomer].rings += 1);
    }

    pub(super) fn three_ds(&self, order: usize, path: &str, button: &str) {
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
    pub(super) fn turn(&self, order: usize) {
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

    pub(super) fn pay(&self, payment: usize, address: &str) {
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
}
