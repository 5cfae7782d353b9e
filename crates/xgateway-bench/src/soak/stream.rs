//! The stream of callbacks, and what happens to receivers meanwhile.

use std::process::{Command, Stdio};

use bytes::Bytes;
use http::Request;
use jiff::SignedDuration;
use tokio::task::JoinSet;
use xgateway::ReqwestTransport;
use xgateway::transport::{Body, Transport as _};

use super::Soak;
use super::fleet::Fleet;
use super::gateway::{Gateway, Paid};
use super::random::Random;
use crate::Outcome;
use crate::clock::Moment;

/// How many deliveries are under way at a time.
const AT_ONCE: usize = 32;
/// How many pay before time passes.
const WAVE: usize = 200;
const STEP: SignedDuration = SignedDuration::from_secs(20);
/// Longer than any payment takes to be decided, that with second thoughts included.
const REST: SignedDuration = SignedDuration::from_hours(2);
/// How many deliveries are attempted, here or there, before a dead receiver lives again.
const MISSED: u64 = 200;
const SAMPLES: u64 = 40;

/// What was poured.
pub(super) struct Stream {
    pub(super) paid: Vec<Paid>,
    /// Attempts that a receiver answered.
    pub(super) answered: u64,
    /// Attempts that reached nobody, or were cut off.
    pub(super) unanswered: u64,
    pub(super) forged: u64,
    pub(super) kills: u32,
    pub(super) restarts: u32,
    pub(super) resident_kib: Vec<u64>,
    pub(super) time: std::time::Duration,
}

struct Pouring<'a> {
    gateway: &'a Gateway,
    fleet: &'a mut Fleet,
    transport: ReqwestTransport,
    random: Random,
    stream: Stream,
    turn: u64,
    /// When to kill, in deliveries; the last comes first.
    kill_at: Vec<u64>,
    restart: &'a [String],
    restart_at: Vec<u64>,
    revive_at: Option<u64>,
    sample_every: u64,
}

/// Pours until so many deliveries were answered and nothing waits any more.
pub(super) async fn pour(soak: &Soak, gateway: &Gateway, fleet: &mut Fleet) -> Outcome<Stream> {
    let mut random = Random::new(soak.seed);
    let kill_at = moments(&mut random, soak.kills, soak.deliveries);
    let restart_at = moments(&mut random, soak.restarts, soak.deliveries);
    let mut pouring = Pouring {
        gateway,
        fleet,
        transport: ReqwestTransport::new()?,
        random,
        stream: Stream {
            paid: Vec::new(),
            answered: 0,
            unanswered: 0,
            forged: 0,
            kills: 0,
            restarts: 0,
            resident_kib: Vec::new(),
            time: std::time::Duration::ZERO,
        },
        turn: 0,
        kill_at,
        restart: &soak.restart,
        restart_at,
        revive_at: None,
        sample_every: (soak.deliveries / SAMPLES).max(1),
    };
    let start = Moment::now();
    while pouring.stream.answered < soak.deliveries {
        for _ in 0..WAVE {
            let paid = gateway.pay(&mut pouring.random)?;
            pouring.stream.paid.push(paid);
        }
        pouring.step().await?;
    }
    // From here on nothing ends, so that all that is owed arrives.
    pouring.kill_at.clear();
    pouring.restart_at.clear();
    let end = gateway.now().checked_add(REST)?;
    while gateway.now() < end || gateway.is_anything_waiting() {
        pouring.step().await?;
    }
    let mut stream = pouring.stream;
    stream.time = start.elapsed().wall;
    Ok(stream)
}

/// So many moments among so many deliveries, the last first.
fn moments(random: &mut Random, count: u32, deliveries: u64) -> Vec<u64> {
    let mut moments: Vec<u64> = (0..count).map(|_| random.below(deliveries)).collect();
    moments.sort_unstable_by(|one, other| other.cmp(one));
    moments
}

impl Pouring<'_> {
    /// Lets time pass, and delivers what is due.
    async fn step(&mut self) -> Outcome<()> {
        self.gateway.pass(STEP);
        let mut due: Vec<(Option<u64>, Bytes)> = Vec::new();
        for callback in self.gateway.due() {
            due.push((Some(callback.number()), callback.body().clone()));
            // Whoever has seen a failed one can call it confirmed: the hash does not cover the status.
            let text = std::str::from_utf8(callback.body())?;
            if text.contains(r#""status":"failed""#) && self.random.below(20) == 0 {
                let forged = text.replace(r#""status":"failed""#, r#""status":"confirmed""#);
                due.push((None, forged.into()));
                self.stream.forged += 1;
            }
        }
        for together in due.chunks(AT_ONCE) {
            self.deliver(together).await?;
        }
        Ok(())
    }

    async fn deliver(&mut self, together: &[(Option<u64>, Bytes)]) -> Outcome<()> {
        let mut tasks = JoinSet::new();
        for (number, body) in together {
            self.turn += 1;
            let request = Request::post(self.fleet.url(self.turn))
                .header("content-type", "application/json")
                .body(Body::from(body.clone()))?;
            let (transport, number) = (self.transport.clone(), *number);
            tasks.spawn(async move {
                let answer = transport.send(request).await;
                (number, answer.ok().map(|answer| answer.status().as_u16()))
            });
        }
        self.mishap().await?;
        while let Some(answered) = tasks.join_next().await {
            let (number, status) = answered?;
            match status {
                Some(200) => self.stream.answered += 1,
                Some(503) | None => self.stream.unanswered += 1,
                Some(status) => return Err(format!("a callback was answered {status}").into()),
            }
            if let Some(number) = number {
                self.gateway.note(number, status);
            }
            if self.stream.answered.is_multiple_of(self.sample_every) {
                self.stream.resident_kib.extend(self.fleet.resident_kib());
            }
        }
        Ok(())
    }

    /// Kills and restarts, while deliveries are under way.
    async fn mishap(&mut self) -> Outcome<()> {
        let answered = self.stream.answered;
        // Nothing is answered while the only receiver is dead.
        let attempted = answered + self.stream.unanswered;
        if self.revive_at.is_some_and(|at| at <= attempted) {
            self.fleet.revive()?;
            self.revive_at = None;
        }
        if self.restart_at.last().is_some_and(|at| *at <= answered) {
            self.restart_at.pop();
            self.stream.restarts += 1;
            let (program, rest) = self.restart.split_first().ok_or("no command to restart")?;
            let restarted = Command::new(program)
                .args(rest)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()?;
            if !restarted.success() {
                return Err("the server was not restarted".into());
            }
        }
        if self.revive_at.is_none() && self.kill_at.last().is_some_and(|at| *at <= answered) {
            self.kill_at.pop();
            // Those that are under way get as far as they get.
            for _ in 0..self.random.below(8) {
                tokio::task::yield_now().await;
            }
            let index = usize::try_from(self.stream.kills)? % self.fleet.len().min(2);
            self.fleet.kill(index)?;
            self.stream.kills += 1;
            self.revive_at = Some(attempted + MISSED);
        }
        Ok(())
    }
}
