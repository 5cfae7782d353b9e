//! One life of the merchant's process, from its start to a crash.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::time::Duration;

use bytes::Bytes;
use jiff::civil::date;
use xgateway::ConfirmThrough;
use xgateway::api::environment::Environment;
use xgateway::api::policy::CardPolicy;
use xgateway::callback::{Clock as _, Confirm, KeyRing, Processor, ProcessorSettings, Receiver};
use xgateway::client::Client;
use xgateway::client::retry::RetryPolicy;
use xgateway::core::secret::{ApiKey, SecretKey};
use xgateway::flows::card::JournalledCards;
use xgateway::store::{Backoff, FingerprintKey, SharedInbox};
use xgateway::transport::SharedTransport;

use super::Shop;
use super::clock::MerchantClock;
use super::credit::ThroughFlows;
use super::disk::Disk;
use super::inbox::FrailInbox;
use super::journal::FrailJournal;
use super::planted::{
    AsksAgain, BelievesCallbacks, Bug, LogsBodies, RetriesWithoutKey, UnwrapsAnswers,
};
use crate::callbacks;
use crate::gateway::{Gateway, NEW_API_KEY, NEW_SECRET_KEY};
use crate::kinds::Track;
use crate::network::Network;
use crate::plan::{Plan, Retries};
use crate::sim::{Sim, State};

/// What is installed where the merchant's process runs; it survives crashes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Installed {
    pub(crate) bug: Option<Bug>,
    pub(crate) knows_secret: bool,
    pub(crate) knows_api_key: bool,
}

/// The tasks of the merchant's process. Dropped, nothing of it is left but the disk.
pub(crate) struct Process {
    /// Whether it is the one that does what only one may do at a time.
    is_first: bool,
    shop: Arc<Shop>,
    sim: Sim,
    tasks: Vec<Task>,
}

/// Whose tasks never end: workers, and whoever resumes.
const LASTING: [Track; 5] = [
    Track::Worker,
    Track::OtherWorker,
    Track::Resumer,
    Track::SecondProcessWorker,
    Track::SecondProcessResumer,
];

struct Task {
    track: Track,
    /// The order on whose behalf a customer waits for it.
    form: Option<usize>,
    future: Pin<Box<dyn Future<Output = ()> + Send>>,
}

const ORDERS: [Track; 3] = [Track::FirstOrder, Track::SecondOrder, Track::ThirdOrder];
const SAVERS: [Track; 2] = [Track::FirstSaver, Track::SecondSaver];
const NEWCOMERS: [Track; 2] = [Track::FirstNewcomer, Track::SecondNewcomer];

impl Process {
    /// Starts, and takes up whatever the disk says is not over.
    ///
    /// The second process receives, works and resumes as the first; what a merchant has one process do at a time, the first
    /// does: to ask for addresses, to see to newcomers, and to be the person who gives money back.
    pub(crate) fn start(sim: &Sim, disk: &Arc<Disk>, installed: Installed, number: usize) -> Self {
        let is_first = number == 0;
        let shop = Arc::new(shop(sim, disk, installed, is_first));
        let mut process = Self {
            is_first,
            sim: sim.clone(),
            tasks: Vec::new(),
            shop: Arc::clone(&shop),
        };
        let (workers, resumer): (&[_], _) = if is_first {
            (&[Track::Worker, Track::OtherWorker], Track::Resumer)
        } else {
            (&[Track::SecondProcessWorker], Track::SecondProcessResumer)
        };
        for track in workers {
            process.spawn(*track, work(Arc::clone(&shop)));
        }
        if installed.bug != Some(Bug::ForgetsTickets) {
            process.spawn(resumer, Arc::clone(&shop).resume());
        }
        if !is_first {
            return process;
        }
        for (number, body) in disk.missed() {
            process.missed(number, body);
        }
        let forgets = |bug| installed.bug == Some(bug);
        for saver in disk.wanted() {
            if forgets(Bug::ForgetsAddresses) {
                break;
            }
            process.spawn(SAVERS[saver], Arc::clone(&shop).address(saver));
        }
        for newcomer in disk.newcomers() {
            if forgets(Bug::ForgetsNewcomers) {
                break;
            }
            process.onboarding_wanted(newcomer);
        }
        process
    }

    /// Runs every task as far as it gets, and says whether the process is still alive.
    pub(crate) fn run(&mut self, context: &mut Context<'_>) -> bool {
        let mut index = 0;
        while let Some(task) = self.tasks.get_mut(index) {
            self.sim.with(|state| state.tape.turn_to(task.track));
            let is_done = task.future.as_mut().poll(context).is_ready();
            if self.sim.with(|state| state.is_crashing()) {
                return false;
            }
            if is_done {
                drop(self.tasks.remove(index));
            } else {
                index += 1;
            }
        }
        true
    }

    /// Whether only those are left who are always there, and no newcomer has anything to do.
    pub(crate) fn is_idle(&self) -> bool {
        let resting = if self.is_first {
            self.shop.resting()
        } else {
            0
        };
        self.passing().count() <= resting
    }

    /// Whether only those are left who never send anything that has a key.
    pub(crate) fn only_looks(&self) -> bool {
        self.passing().all(|task| NEWCOMERS.contains(&task.track))
    }

    fn passing(&self) -> impl Iterator<Item = &Task> {
        let tasks = self.tasks.iter();
        tasks.filter(|task| !LASTING.contains(&task.track))
    }

    /// A customer submits the form of an order.
    pub(crate) fn order(&mut self, order: usize) {
        let future = Box::pin(Arc::clone(&self.shop).checkout(order));
        self.tasks.push(Task {
            track: ORDERS[order],
            form: Some(order),
            future,
        });
    }

    /// A customer submits the form with another card.
    pub(crate) fn again(&mut self, order: usize) {
        self.spawn(ORDERS[order], Arc::clone(&self.shop).again(order));
    }

    /// A customer is gone, and servers drop what nobody waits for. Says whether anybody was waiting.
    pub(crate) fn customer_gone(&mut self, order: usize) -> bool {
        let before = self.tasks.len();
        self.tasks.retain(|task| task.form != Some(order));
        self.tasks.len() < before
    }

    pub(crate) fn customer_returns(&mut self, order: usize) {
        let shop = Arc::clone(&self.shop);
        self.spawn(ORDERS[order], shop.customer_returned(order));
    }

    pub(crate) fn address_wanted(&mut self, saver: usize) {
        self.spawn(SAVERS[saver], Arc::clone(&self.shop).address(saver));
    }

    pub(crate) fn onboarding_wanted(&mut self, newcomer: usize) {
        let shop = Arc::clone(&self.shop);
        self.spawn(NEWCOMERS[newcomer], shop.onboard(newcomer));
    }

    /// A person types in what a callback that was given up had told.
    pub(crate) fn missed(&mut self, number: u64, body: Bytes) {
        let shop = Arc::clone(&self.shop);
        self.spawn(Track::Person, shop.read_missed(number, body));
    }

    /// A callback comes in.
    pub(crate) fn callback(&mut self, body: Bytes, number: Option<u64>, answer_lost: bool) {
        let shop = Arc::clone(&self.shop);
        self.spawn(callbacks::receiver(&body), async move {
            let answered = |status| {
                shop.sim
                    .with(|state| state.callback_answered(number, status, answer_lost));
            };
            if shop.bug == Some(Bug::AcknowledgesEarly) {
                answered(Some(200));
                shop.receiver.receive(body).await;
                return;
            }
            if shop.bug == Some(Bug::TrustsAccount) {
                shop.tell_account_of_callback(&body);
            }
            let answer = shop.receiver.receive(body).await;
            let status = answer.status().as_u16();
            shop.sim
                .tell("merchant", || format!("answers {status} to the callback"));
            answered(Some(status));
        });
    }

    fn spawn(&mut self, track: Track, task: impl Future<Output = ()> + Send + 'static) {
        let future = Box::pin(task);
        self.tasks.push(Task {
            track,
            form: None,
            future,
        });
    }
}

/// The worker: the product's own, over the frail inbox.
async fn work(shop: Arc<Shop>) {
    let asks = ConfirmThrough::new(shop.client.clone());
    let confirm: Arc<dyn Confirm> = if shop.bug == Some(Bug::TrustsStatus) {
        Arc::new(BelievesCallbacks {
            inbox: Arc::clone(&shop.disk.inbox),
            others: asks,
        })
    } else {
        Arc::new(asks)
    };
    let clock = Arc::new(MerchantClock(shop.sim.clone()));
    let apply = Arc::new(ThroughFlows(Arc::clone(&shop)));
    let backoff = Backoff::default()
        .with_most(Duration::from_secs(20))
        .with_attempts_max(4);
    let settings = ProcessorSettings::default()
        .with_idle(Duration::from_mins(2))
        .with_backoff(backoff);
    let processor = Processor::new(confirm, apply, clock).with_settings(settings);
    let ended = if shop.bug == Some(Bug::StopsWorkers) {
        shop.work_until_trouble(&processor, settings.idle).await
    } else {
        processor.run(std::future::pending()).await
    };
    shop.sim.with(|state| {
        state
            .violations
            .push(format!("the worker ended: {ended:?}"));
    });
}

fn shop(sim: &Sim, disk: &Arc<Disk>, installed: Installed, is_first: bool) -> Shop {
    let api_key = if installed.knows_api_key {
        ApiKey::parse(NEW_API_KEY).expect("it is a key")
    } else {
        Gateway::first_api_key()
    };
    let ring = KeyRing::new(Gateway::first_secret_key());
    let ring = if installed.knows_secret {
        let new = SecretKey::parse(NEW_SECRET_KEY).expect("it is a key");
        ring.with("new", new).expect("it is another key")
    } else {
        ring
    };
    let environment = Environment::sandbox("http://sandbox.invalid/api").expect("it is a URL");
    let policy = CardPolicy::new(&environment, date(2026, 1, 1));
    let network = Network(sim.clone());
    let transport = match installed.bug {
        Some(Bug::RetriesWithoutKey) => SharedTransport::new(RetriesWithoutKey(network)),
        Some(Bug::AsksAgain) => SharedTransport::new(AsksAgain(network)),
        Some(Bug::LogsBodies) => SharedTransport::new(LogsBodies(network)),
        Some(Bug::UnwrapsAnswers) => SharedTransport::new(UnwrapsAnswers(network)),
        _ => SharedTransport::new(network),
    };
    let plan = sim.with(|state| state.plan.clone());
    let jitter = sim.clone();
    let wall = MerchantClock(sim.clone());
    let client = Client::builder(environment, api_key, transport)
        .retry_policy(retry_policy(&plan))
        .jitter(move || jitter.with(State::jitter))
        .wall_clock(move || wall.now().into())
        .build();
    let inbox: SharedInbox = Arc::new(FrailInbox {
        inner: Arc::clone(&disk.inbox),
        sim: sim.clone(),
    });
    let clock = MerchantClock(sim.clone());
    let journal = Arc::new(FrailJournal {
        disk: Arc::clone(disk),
        sim: sim.clone(),
    });
    let key = FingerprintKey::new(&[7; 32]).expect("it is long enough");
    let cards = JournalledCards::new(client.clone(), journal, key);
    let cards = if installed.knows_api_key {
        // Who changes the key says that it is still the same account.
        cards.with_same_account()
    } else {
        cards
    };
    Shop {
        sim: sim.clone(),
        disk: Arc::clone(disk),
        cards,
        receiver: Receiver::new(
            Arc::clone(&inbox),
            ConfirmThrough::name_of(client.environment()),
            ring,
            clock.clone(),
        ),
        is_first,
        plan,
        client,
        inbox,
        clock,
        policy,
        bug: installed.bug,
    }
}

fn retry_policy(plan: &Plan) -> RetryPolicy {
    match plan.retries {
        Retries::Usual => RetryPolicy::default(),
        Retries::Never => RetryPolicy::never(),
        Retries::AssumeKeys => {
            // Where the gateway never forgets, any time is true.
            let life = plan.key_life.unwrap_or(60 * 60 * 1_000);
            RetryPolicy::default().assume_key_life(Duration::from_millis(life))
        }
    }
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process")
            .field("tasks", &self.tasks.len())
            .finish_non_exhaustive()
    }
}
