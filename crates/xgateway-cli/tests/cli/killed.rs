//! `xgateway card deposit` is killed at random moments, against a sandbox with every fault on. Then `xgateway card
//! resume` finds out what became of each order: none was charged twice, and every outcome is known.
//!
//! Half of the moments are counted in bytes that went over the wire, the others are drawn from the process's whole life.
//! Which moment a machine meets depends on its speed; what must hold afterwards does not.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use xgateway::core::id::OrderId;
use xgateway::store::{IntentState, Outcome, SqliteOptions, SqliteStore, attempts};
use xgateway_sandbox::{
    Config, Damage, Failure, Fault, FaultRule, Faults, IdempotencyModel, Sandbox, SandboxCard,
};

use crate::fixture::{AT_ONCE, Cli, body};
use crate::proxy::{Proxy, Victim};

const KILLS: u32 = 200;
const SEED: u64 = 20_261_126;

/// The cards, the usual one more often than the others.
const CARDS: [&str; 8] = [
    "frictionless",
    "frictionless",
    "frictionless",
    "frictionless",
    "three_ds",
    "answer_lost",
    "partner_failure",
    "insufficient_funds",
];

#[test]
fn killed_at_any_moment_no_order_is_charged_twice_and_every_outcome_is_found() {
    let stage = Stage::new();
    let (next, kills) = (AtomicU32::new(0), AtomicU32::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while kills.load(Ordering::Relaxed) < KILLS {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    assert!(number < 10 * KILLS, "they end before they are killed");
                    kills.fetch_add(stage.kill_one(number).into(), Ordering::Relaxed);
                }
            });
        }
    });
    let count = next.into_inner();
    for gateway in &stage.gateways {
        stage.resume(gateway);
        // The customers who were sent to a 3DS page have gone, and the keys that expire have.
        gateway.pass(SignedDuration::from_hours(2));
        stage.resume(gateway);
    }
    let ends = stage.ends(count);
    // Some customers try once more.
    for number in (0..count).step_by(10) {
        let gateway = stage.gateway(number);
        gateway.calm();
        gateway.undisturbed(|url| stage.deposit(number, url).output().unwrap());
    }
    for gateway in &stage.gateways {
        gateway.pass(SignedDuration::from_hours(2));
        stage.resume(gateway);
    }
    stage.ends(count);
    // The net has caught something of everything.
    for end in ["never begun", "charged", "declined", "not_taken"] {
        assert!(ends.contains_key(end), "{ends:?}");
    }
}

/// Three gateways, one for each idempotency model, and the folder of the processes.
struct Stage {
    cli: Cli,
    gateways: [Gateway; 3],
    /// From how many microseconds a moment is drawn: about half as much again as a process lives.
    span: AtomicU64,
}

struct Gateway {
    runtime: Runtime,
    sandbox: Sandbox,
    journal: &'static str,
    /// Where every process finds it, since a journal belongs to one place. One at a time is served there.
    front: Mutex<Arc<TcpListener>>,
}

impl Stage {
    fn new() -> Self {
        let cli = Cli::new()
            .variable("XGATEWAY_TIMEOUT_SECONDS", "1")
            .variable("XGATEWAY_DEPOSIT_TIMEOUT_SECONDS", "1");
        let gateways = [
            Gateway::new(IdempotencyModel::Replay, "replay.db", None),
            Gateway::new(IdempotencyModel::Finish, "finish.db", None),
            // Its keys expire.
            Gateway::new(
                IdempotencyModel::Reject,
                "reject.db",
                Some(SignedDuration::from_mins(1)),
            ),
        ];
        Self {
            cli,
            gateways,
            span: AtomicU64::new(50_000),
        }
    }

    fn gateway(&self, number: u32) -> &Gateway {
        &self.gateways[number as usize % 3]
    }

    /// The command that takes the deposit of an order.
    fn deposit(&self, number: u32, url: &str) -> std::process::Command {
        let card = CARDS[usize::try_from(draw(number, 0) % 8).unwrap()];
        let card = SandboxCard::named(card).unwrap().number;
        let body = body(&order(number))
            .replace("4000 0000 0000 0002", card)
            // One customer may have ten open invoices only.
            .replace("customer-1", &format!("customer-{number}"));
        let file = self.cli.path(&format!("body-{number}.json"));
        std::fs::write(&file, body).unwrap();
        let journal = self.gateway(number).journal;
        let mut command = self.cli.command();
        command
            .args(["card", "deposit"])
            .arg(file)
            .args(["--url", url, "--journal", journal]);
        command
    }

    /// Starts a deposit and kills it. Says whether it was still alive.
    fn kill_one(&self, number: u32) -> bool {
        let gateway = self.gateway(number);
        let by_bytes = draw(number, 1).is_multiple_of(2);
        let span = self.span.load(Ordering::Relaxed);
        let (bytes, moment) = if by_bytes {
            // In case that so many never come.
            (draw(number, 2) % 3000, 400_000)
        } else {
            (u64::MAX, draw(number, 2) % span)
        };
        let victim = Victim::default();
        let front = gateway.front.lock().unwrap();
        let guard = gateway.runtime.enter();
        let proxy = Proxy::start(
            Arc::clone(&front),
            gateway.address(),
            bytes,
            draw(number, 3).is_multiple_of(2),
            victim.clone(),
        );
        drop(guard);
        let mut child = self
            .deposit(number, &proxy.url())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        victim.is(child);
        let timer = {
            let victim = victim.clone();
            gateway.runtime.spawn(async move {
                tokio::time::sleep(Duration::from_micros(moment)).await;
                victim.kill();
            })
        };
        // Until it has ended, whoever ended it.
        stdout.read_to_end(&mut Vec::new()).unwrap();
        timer.abort();
        let was_killed = victim.was_killed();
        if !by_bytes {
            let span = if was_killed {
                span + span / 16
            } else {
                span - span / 8
            };
            self.span.store(span, Ordering::Relaxed);
        }
        // What was under way is at the gateway, or will never be.
        gateway.runtime.block_on(proxy.close());
        was_killed
    }

    /// Resumes until nothing is in doubt.
    fn resume(&self, gateway: &Gateway) {
        let ends = |url: &str| {
            let arguments = ["card", "resume", "--json", "--url", url];
            let more = ["--journal", gateway.journal];
            let outcome = self.cli.run(&[&arguments[..], &more, &AT_ONCE].concat());
            assert!(matches!(outcome.code, 0 | 8), "{}", outcome.stdout);
            outcome.code == 0
        };
        gateway.undisturbed(|url| {
            assert!((0..100).any(|_| ends(url)), "there is no end of doubt");
        });
    }

    /// How each order ended, counted. The journal says what the world did.
    fn ends(&self, count: u32) -> BTreeMap<String, u32> {
        let mut ends = BTreeMap::new();
        for number in 0..count {
            let gateway = self.gateway(number);
            let payments = gateway.payments(&order(number));
            let state = gateway.last_state(self, &order(number));
            let end = state.map_or("never begun".to_owned(), |state| state.to_string());
            let charged = state == Some(IntentState::Finished(Outcome::Charged));
            assert_eq!(payments, u32::from(charged), "order {number}: {end}");
            assert_ne!(state, Some(IntentState::Open), "order {number}");
            *ends.entry(end).or_default() += 1;
        }
        ends
    }
}

impl Gateway {
    fn new(model: IdempotencyModel, journal: &'static str, life: Option<SignedDuration>) -> Self {
        let mut config = Config::new(1);
        config.idempotency = model;
        config.idempotency_life = life;
        let runtime = Runtime::new().unwrap();
        let sandbox = Sandbox::new(config);
        sandbox.world(|world| world.add_faults(faults()));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let guard = runtime.enter();
        runtime.spawn(sandbox.serve(listener, std::future::pending()));
        drop(guard);
        let front = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        Self {
            runtime,
            sandbox,
            journal,
            front: Mutex::new(Arc::new(front)),
        }
    }

    /// Does something with the gateway's address, at which nobody is killed meanwhile.
    fn undisturbed<T>(&self, doing: impl FnOnce(&str) -> T) -> T {
        let front = self.front.lock().unwrap();
        let guard = self.runtime.enter();
        let (listener, nobody) = (Arc::clone(&front), Victim::default());
        let proxy = Proxy::start(listener, self.address(), u64::MAX, true, nobody);
        drop(guard);
        let done = doing(&proxy.url());
        self.runtime.block_on(proxy.close());
        done
    }

    fn address(&self) -> String {
        let url = self.sandbox.base_url();
        let (_, rest) = url.split_once("://").unwrap();
        rest.split('/').next().unwrap().to_owned()
    }

    fn pass(&self, time: SignedDuration) {
        self.sandbox.world(|world| world.advance(time));
    }

    /// No faults any more.
    fn calm(&self) {
        self.sandbox.world(xgateway_sandbox::World::clear_faults);
    }

    /// How many payments of an order the world has confirmed, over all of its invoices.
    fn payments(&self, order: &str) -> u32 {
        self.sandbox.world(|world| {
            let events = world.events().iter();
            let events: Vec<_> = events
                .map(|event| serde_json::to_value(event).unwrap())
                .collect();
            let invoices: Vec<_> = events
                .iter()
                .filter(|event| event["type"] == "invoice_opened" && event["orderId"] == order)
                .map(|event| &event["invoiceId"])
                .collect();
            let confirmed = events.iter().filter(|event| {
                event["type"] == "transaction_changed"
                    && event["status"] == "confirmed"
                    && invoices.contains(&&event["invoiceId"])
            });
            u32::try_from(confirmed.count()).unwrap()
        })
    }

    fn last_state(&self, stage: &Stage, order: &str) -> Option<IntentState> {
        self.runtime.block_on(async {
            let options = SqliteOptions::new(stage.cli.path(self.journal));
            let store = SqliteStore::open(options).await.unwrap();
            let order = OrderId::parse(order).unwrap();
            let attempts = attempts(&store, &order).await.unwrap();
            store.close().await;
            attempts.last().map(|intent| intent.state)
        })
    }
}

/// Every fault there is, so that about one request in three meets one.
fn faults() -> Faults {
    let often = [
        Fault::NoConnection,
        Fault::BeforeCommit(Failure::Reset),
        Fault::AfterCommit(Failure::Reset),
        Fault::BeforeCommit(Failure::Status(503, None)),
        Fault::AfterCommit(Failure::Status(503, None)),
        Fault::MidAnswer(Damage::Truncate),
        Fault::MidAnswer(Damage::Reset),
        Fault::MidAnswer(Damage::Garbage),
        Fault::WrongKey,
        Fault::Bank { paid: true },
        Fault::Bank { paid: false },
    ];
    // These cost a second each.
    let seldom = [
        Fault::BeforeCommit(Failure::Hang),
        Fault::AfterCommit(Failure::Hang),
        Fault::MidAnswer(Damage::Drip),
    ];
    let often = often.map(|fault| FaultRule::new(fault).percent(4));
    let seldom = seldom.map(|fault| FaultRule::new(fault).percent(1));
    often.into_iter().chain(seldom).collect()
}

fn order(number: u32) -> String {
    format!("order-{number}")
}

/// A number that follows from the seed, the order and what it is for.
fn draw(number: u32, purpose: u64) -> u64 {
    // SplitMix64.
    let mut x = SEED
        .wrapping_add(u64::from(number) << 8 | purpose)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
