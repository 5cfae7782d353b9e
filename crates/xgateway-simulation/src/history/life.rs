//! Time passes, and whatever is due happens, until nothing is left to happen.

use std::future::Future as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::time::{Instant, Sleep};
use xgateway::store::{Counts, Inbox as _, Journal as _};

use super::now_or_never;
use crate::kinds::Fault;
use crate::merchant::{Bug, Disk, Installed, Process};
use crate::sim::{Event, Millis, Sim, State};

/// Nothing takes longer than this, or it takes for ever.
const END: Millis = 12 * 60 * 60 * 1_000;

/// How many things may happen: a history that goes round in circles ends here.
const STEPS_MAX: u32 = 200_000;

pub(super) struct Life {
    pub(super) sim: Sim,
    /// The second is there in a share of the histories only.
    pub(super) processes: [Option<Process>; 2],
    /// Which of them gets what comes next, if both are there.
    next: usize,
    installed: Installed,
    pub(super) disk: Arc<Disk>,
    steps: u32,
}

impl Life {
    pub(super) fn new(sim: &Sim, disk: &Arc<Disk>, bug: Option<Bug>) -> Self {
        Self {
            sim: sim.clone(),
            processes: [None, None],
            next: 0,
            installed: Installed {
                bug,
                ..Installed::default()
            },
            disk: Arc::clone(disk),
            steps: 0,
        }
    }

    /// Everything up to where only time can help.
    pub(super) fn run(
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

    pub(super) fn start(&mut self, number: usize) {
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
    pub(super) fn anyone(&mut self) -> Option<&mut Process> {
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
    pub(super) fn deploy(&mut self, knows_secret: bool, knows_api_key: bool) {
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

    pub(super) fn callback(&mut self, body: Bytes, number: Option<u64>, answer_lost: bool) {
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

    pub(super) fn end_process(&mut self, number: usize) {
        self.sim.with(State::take_crash);
        self.drop_process(number);
    }

    pub(super) fn drop_process(&mut self, number: usize) {
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
            && (self.counts().dead == 0 || self.disk.took_too_long().is_empty())
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
