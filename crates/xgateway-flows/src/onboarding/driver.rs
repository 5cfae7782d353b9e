use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tracing::{debug, warn};
use xgateway_api::types::BankTransferAccountResponse;
use xgateway_client::{Answered, Client, Error, ErrorKind};
use xgateway_core::document::Page;
use xgateway_core::id::CustomerId;

use super::{
    Action, Attempt, CallbackHint, Dossier, Event, Machine, Need, Note, Observer, OpenAccount,
    Outcome, Plan, Progress, Request, SnapshotError, State, Verdict,
};
use crate::card::Pause;
use crate::snapshot;

/// One customer's onboarding over a [`Client`]: a [`Machine`] whose actions are carried out, one at a time.
///
/// Store the [snapshot](Self::snapshot) after every [`advance`](Self::advance), or let [`run`](Self::run) do it. If the
/// process ends in between, [`resume`](Self::resume) takes up what was stored: nothing that must not arrive twice is
/// sent before the gateway has said that it never arrived.
///
/// Dropping the future of a call is safe: a request that was on its way counts as lost.
///
/// See the [module](super) for an example.
pub struct OnboardingFlow {
    client: Client,
    machine: Machine,
    dossier: Dossier,
    observer: Arc<dyn Observer>,
    /// Whether a request was handed over and its outcome is not known yet.
    sending: bool,
}

/// Why a flow cannot begin, be taken up or go on. Nothing was sent or asked.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OnboardingError {
    /// The snapshot cannot be read, or was begun in another environment than the client's: a document is not for both.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The dossier is another customer's than the snapshot or the plan.
    #[error("the dossier belongs to another customer")]
    OtherCustomer,
}

/// Keeps snapshots, so that an onboarding outlives its process.
///
/// One process at a time goes on from a snapshot: two would both send what is due. Whoever keeps them where several
/// processes look sees to that, with a lock that ends with its process.
#[async_trait]
pub trait Keep: Send {
    /// Why a snapshot cannot be kept.
    type Error: Send;

    /// Keeps `snapshot` in the place of the one before. Returns when it is safe.
    ///
    /// # Errors
    ///
    /// What went wrong. The flow then stops, and sends nothing more.
    async fn keep(&mut self, snapshot: &str) -> Result<(), Self::Error>;
}

/// How long [`OnboardingFlow::run`] goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Patience {
    /// So long after a request got lost it can arrive no more, and one that arrived has shown its effect. How long that
    /// is the gateway does not document; a few minutes are more than it takes.
    ///
    /// It is measured in what the [`Pause`]s since then say of themselves, however often they were cut short.
    pub grace: Duration,
    /// After so many pauses in one state it stops, to be resumed later.
    pub pauses_max: u32,
}

impl OnboardingFlow {
    /// A flow that has sent nothing yet. Have the dossier [checked](Dossier::check) before.
    ///
    /// # Errors
    ///
    /// [`OnboardingError::OtherCustomer`] if plan and dossier belong to two customers.
    pub fn new(client: Client, plan: Plan, dossier: Dossier) -> Result<Self, OnboardingError> {
        Self::with_machine(client, Machine::begin(plan), dossier)
    }

    /// Takes up a flow where its [snapshot](Self::snapshot) was taken.
    ///
    /// A snapshot of a version that did not write its environment down belongs to the client's from now on: see
    /// [`Machine::environment`].
    ///
    /// # Errors
    ///
    /// [`OnboardingError`] if the text is no snapshot, the dossier another customer's, or the client's environment another
    /// one than that in which the onboarding was begun.
    pub fn resume(
        client: Client,
        snapshot: &str,
        dossier: Dossier,
    ) -> Result<Self, OnboardingError> {
        let mut machine = Machine::from_json(snapshot)?;
        machine.interrupted();
        Self::with_machine(client, machine, dossier)
    }

    fn with_machine(
        client: Client,
        mut machine: Machine,
        dossier: Dossier,
    ) -> Result<Self, OnboardingError> {
        if dossier.customer_id() != &machine.plan().customer_id {
            return Err(OnboardingError::OtherCustomer);
        }
        let here = snapshot::environment(machine.environment.as_deref(), &client)?;
        machine.environment = Some(here);
        Ok(Self {
            client,
            machine,
            dossier,
            observer: Arc::new(|_| ()),
            sending: false,
        })
    }

    /// The same flow, of which `observer` hears.
    #[must_use]
    pub fn observed_by(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Arc::new(observer);
        self
    }

    /// The flow as JSON, without personal data. See [`Machine::to_json`].
    pub fn snapshot(&self) -> String {
        self.machine.to_json()
    }

    /// How things stand.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Takes one step: sends or reads one thing.
    ///
    /// A request that must not arrive twice takes two: the first only says so in the snapshot.
    pub async fn advance(&mut self) -> Progress {
        if std::mem::take(&mut self.sending) {
            self.machine.interrupted();
        }
        match self.machine.due() {
            None => Progress::OtherCustomer,
            Some(Action::ReadStatus) => self.read_status().await,
            Some(Action::ReadAccounts) => self.read_accounts().await,
            Some(Action::ReadBoth) => self.read_both().await,
            Some(Action::Send(request)) => match self.lacking(request) {
                Some(need) => Progress::Needs(need),
                None if self.is_to_be_noted() => {
                    self.step(&Event::Sends);
                    Progress::Working
                }
                None => self.send(request).await,
            },
        }
    }

    /// Takes in that a callback came, whatever it said: the gateway is asked. One about another customer changes nothing.
    pub async fn callback_hint(&mut self, hint: &CallbackHint) -> Progress {
        if hint.customer_id() != &self.machine.plan().customer_id {
            return Progress::Waiting { error: None };
        }
        match self.machine.due() {
            Some(Action::Send(_)) => Progress::Working,
            Some(Action::ReadStatus | Action::ReadAccounts | Action::ReadBoth) | None => {
                self.advance().await
            }
        }
    }

    /// Takes in that a lost request can arrive no more, and that what arrived must show by now, and goes on. See [`Patience`].
    pub async fn grace_elapsed(&mut self) -> Progress {
        self.step(&Event::GraceElapsed);
        self.advance().await
    }

    /// Takes in what the customer has corrected after a failure; `pages` are the sides whose files are new.
    ///
    /// The dossier replaces the former one. Nothing is sent yet. Without a failure, or a correction, nothing changes.
    ///
    /// # Errors
    ///
    /// [`OnboardingError::OtherCustomer`] if it is another customer's.
    pub fn correct(&mut self, dossier: Dossier, pages: Vec<Page>) -> Result<(), OnboardingError> {
        if dossier.customer_id() != &self.machine.plan().customer_id {
            return Err(OnboardingError::OtherCustomer);
        }
        let texts = dossier.correction.is_some();
        self.dossier = dossier;
        self.step(&Event::Correct { texts, pages });
        Ok(())
    }

    /// Goes on until somebody must act, or patience ends. Every snapshot is kept before the next request is sent.
    ///
    /// `pause` is the caller's clock. It may return early, if it says so: race it against callbacks, and a step is taken
    /// as soon as one comes; the pauses are then only for callbacks that get lost.
    ///
    /// # Errors
    ///
    /// What `keep` says. Nothing is sent after it.
    pub async fn run<K: Keep>(
        &mut self,
        keep: &mut K,
        pause: &dyn Pause,
        patience: Patience,
    ) -> Result<Progress, K::Error> {
        keep.keep(&self.snapshot()).await?;
        let mut attempt = 0;
        let mut waited = Duration::ZERO;
        loop {
            let before = self.machine.clone();
            let progress = self.advance().await;
            if self.machine != before {
                keep.keep(&self.snapshot()).await?;
            }
            // A request that is tried again and again gets no further.
            let stage = |machine: &Machine| (machine.state().name(), machine.pages_left().len());
            if stage(&self.machine) != stage(&before) {
                attempt = 0;
            }
            // The grace begins when a request is lost, whatever was waited for before.
            if self.machine.state() != before.state() {
                waited = Duration::ZERO;
            }
            let is_waiting = matches!(progress, Progress::Waiting { .. });
            if is_waiting && attempt < patience.pauses_max {
                waited = waited.saturating_add(pause.pause(attempt).await);
                attempt += 1;
                if waited >= patience.grace {
                    self.step(&Event::GraceElapsed);
                }
            } else if !matches!(progress, Progress::Working) {
                return Ok(progress);
            }
        }
    }

    /// What the dossier lacks of a request's text. Of the files the request itself finds out.
    fn lacking(&self, request: Request) -> Option<Need> {
        let (is_there, need) = match request {
            Request::Profile => (self.dossier.profile.is_some(), Need::Profile),
            Request::Applicant => (self.dossier.applicant.is_some(), Need::Applicant),
            Request::Correction => (self.dossier.correction.is_some(), Need::Correction),
            Request::Account | Request::Upload(_) | Request::Verification => return None,
        };
        (!is_there).then_some(need)
    }

    /// Whether the snapshot must say that the request is on its way before it is.
    fn is_to_be_noted(&self) -> bool {
        matches!(
            self.machine.state(),
            State::Account(Attempt::Ready)
                | State::Applicant(Attempt::Ready)
                | State::Verification(Attempt::Ready)
        )
    }

    fn step(&mut self, event: &Event) -> bool {
        let before = self.machine.state();
        let reversed = self.machine.step(event);
        let state = self.machine.state();
        if state != before {
            debug!(%state, "onboarding stepped");
            self.observer.note(Note::State(state));
        }
        if reversed {
            warn!(%state, "a customer who had passed KYC has passed it no more");
        }
        reversed
    }

    async fn send(&mut self, request: Request) -> Progress {
        let customer_id = self.machine.plan().customer_id.clone();
        let (outcome, error) = match request {
            Request::Account => {
                let currency = self.machine.plan().currency.clone();
                self.sending = true;
                parts(
                    request,
                    self.client
                        .create_bank_account(&customer_id, currency)
                        .await,
                )
            }
            Request::Profile => match &self.dossier.profile {
                Some(call) => parts(request, self.client.send(call).await),
                None => return Progress::Needs(Need::Profile),
            },
            Request::Applicant => match &self.dossier.applicant {
                Some(call) => {
                    self.sending = true;
                    parts(request, self.client.send(call).await)
                }
                None => return Progress::Needs(Need::Applicant),
            },
            Request::Correction => match &self.dossier.correction {
                Some(call) => parts(request, self.client.send(call).await),
                None => return Progress::Needs(Need::Correction),
            },
            Request::Verification => {
                self.sending = true;
                parts(request, self.client.start_verification(&customer_id).await)
            }
            Request::Upload(page) => match self.upload(&customer_id, page).await {
                Ok(parts) => parts,
                Err(progress) => return progress,
            },
        };
        self.sending = false;
        self.step(&Event::Outcome(request, outcome));
        if let (Request::Upload(page), Outcome::Accepted) = (request, outcome) {
            let left = self.machine.pages_left().len();
            self.observer.note(Note::Uploaded { page, left });
        }
        match (outcome, error) {
            (Outcome::Accepted | Outcome::Conflict, _) | (_, None) => Progress::Working,
            (Outcome::Refused, Some(error)) => self.refused(request, error).await,
            (Outcome::NotSent | Outcome::Lost, error) => Progress::Waiting { error },
        }
    }

    /// What is refused may have come too late: a start that was sent twice, or by somebody else, has begun the verification.
    async fn refused(&mut self, request: Request, error: Error) -> Progress {
        let may_be_late = matches!(request, Request::Upload(_) | Request::Correction)
            && error.kind() == ErrorKind::Refused;
        if !may_be_late {
            return Progress::Refused(error);
        }
        let state = self.machine.state();
        let progress = self.read_status().await;
        if self.machine.state() == state {
            Progress::Refused(error)
        } else {
            progress
        }
    }

    async fn upload(
        &self,
        customer_id: &CustomerId,
        page: Page,
    ) -> Result<(Outcome, Option<Error>), Progress> {
        let file = match self.dossier.files.open(page).await {
            Ok(Some(file)) => file,
            Ok(None) => return Err(Progress::Needs(Need::File(page))),
            Err(issues) => return Err(Progress::BadFile { page, issues }),
        };
        let (observer, total_bytes) = (Arc::clone(&self.observer), file.length());
        let on_sent = move |sent_bytes| {
            observer.note(Note::Sending {
                page,
                sent_bytes,
                total_bytes,
            });
        };
        let sending = self
            .client
            .upload_document(customer_id, page, file, on_sent);
        Ok(parts(Request::Upload(page), sending.await))
    }

    async fn read_status(&mut self) -> Progress {
        let customer_id = self.machine.plan().customer_id.clone();
        let answer = match self.client.kyc(&customer_id).await {
            Ok(answer) => answer,
            Err(error) => return unread(error),
        };
        if answer.data().id != customer_id.as_str() {
            self.step(&Event::OtherCustomer);
            return Progress::OtherCustomer;
        }
        let before = self.machine.state();
        let reversed = self.step(&Event::StatusRead(answer.data().status.clone()));
        let state = self.machine.state();
        if reversed {
            Progress::Reversed(Verdict::of(answer.data()))
        } else if state == State::Failed {
            Progress::Failed(Verdict::of(answer.data()))
        } else if state == State::Rejected {
            Progress::Rejected(Verdict::of(answer.data()))
        } else if state == before {
            Progress::Waiting { error: None }
        } else {
            Progress::Working
        }
    }

    /// The account counts only while KYC is passed, and what a snapshot says of either proves nothing.
    async fn read_both(&mut self) -> Progress {
        let progress = self.read_status().await;
        if matches!(progress, Progress::Waiting { error: None }) {
            self.read_accounts().await
        } else {
            progress
        }
    }

    async fn read_accounts(&mut self) -> Progress {
        let customer_id = self.machine.plan().customer_id.clone();
        let answer = match self.client.bank_accounts(&customer_id).await {
            Ok(answer) => answer,
            Err(error) => return unread(error),
        };
        self.after_accounts(&answer)
    }

    fn after_accounts(&mut self, answer: &Answered<Vec<BankTransferAccountResponse>>) -> Progress {
        let (seen, account) = OpenAccount::find(self.machine.plan(), answer);
        let before = self.machine.state();
        self.step(&Event::AccountsRead(seen));
        match (self.machine.state(), account) {
            (State::Onboarded, Some(account)) => Progress::Onboarded(account),
            (state, _) if state == before => Progress::Waiting { error: None },
            _ => Progress::Working,
        }
    }
}

fn parts<T>(request: Request, result: Result<Answered<T>, Error>) -> (Outcome, Option<Error>) {
    (Outcome::of(request, &result), result.err())
}

/// A read that failed: by our own fault, which waiting does not mend, or by that of the network.
fn unread(error: Error) -> Progress {
    let is_ours = matches!(
        error.kind(),
        ErrorKind::Caller | ErrorKind::Validation | ErrorKind::Authentication | ErrorKind::Refused
    );
    if is_ours {
        Progress::Refused(error)
    } else {
        Progress::Waiting { error: Some(error) }
    }
}

impl std::fmt::Debug for OnboardingFlow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OnboardingFlow")
            .field("client", &self.client)
            .field("machine", &self.machine)
            .field("dossier", &self.dossier)
            .finish_non_exhaustive()
    }
}
