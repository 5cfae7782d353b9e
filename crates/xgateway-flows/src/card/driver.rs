use std::collections::VecDeque;
use std::time::Duration;

use tracing::{debug, warn};
use xgateway_api::deposit::CardDeposit;
use xgateway_api::path::is_sure_segment;
use xgateway_api::types::{InvoiceStatus, PublicInvoice};
use xgateway_client::{Answered, Client, Deadline, Error};
use xgateway_core::id::OrderId;

use super::event::may_belong_to_another_request;
use super::progress::{InProgress, PaymentUrl, Refused};
use super::{
    Action, CallbackHint, Contradiction, Event, Machine, Order, Pause, Progress, Reading,
    SettledTransaction, SnapshotError, State, ThreeDsUrl, Ticket,
};
use crate::snapshot;

/// One card deposit over a [`Client`]: a [`Machine`] whose actions are carried out.
///
/// Store the [snapshot](Self::snapshot) before [`start`](Self::start) and after every call. If the process ends in
/// between, [`resume`](Self::resume) takes up what was stored, and never sends.
///
/// Dropping the future of a call is safe: if the request was on its way, the flow counts it as lost.
///
/// See the [module](super) for an example.
#[derive(Debug)]
pub struct CardDepositFlow {
    client: Client,
    machine: Machine,
    /// Until it is sent. Then it is gone, and with it the card data.
    deposit: Option<CardDeposit>,
    /// What was settled since the flow was made; a snapshot does not hold it.
    settled: Option<SettledTransaction>,
    /// Why the last look told nothing, if it failed and the progress does not say so.
    unread: Option<Error>,
    /// When the request must have been sent and answered.
    sent_until: Option<Deadline>,
}

/// What carrying out actions brought to light.
#[derive(Default)]
struct Findings {
    three_ds_url: Option<ThreeDsUrl>,
    payment_url: Option<PaymentUrl>,
    report: Option<Contradiction>,
    error: Option<Error>,
    /// Whether the gateway says that there is no invoice.
    nothing_found: bool,
    /// Whether the gateway says that the invoice was paid, whatever its list shows.
    is_completed: bool,
}

impl CardDepositFlow {
    /// A flow that has sent nothing yet.
    pub fn new(client: Client, deposit: CardDeposit) -> Self {
        // `start` carries out the first action.
        let (machine, _send) = Machine::begin(Order::from(&deposit));
        let machine = machine.of_environment(Some(client.environment().base_url()));
        Self {
            client,
            machine,
            deposit: Some(deposit),
            settled: None,
            unread: None,
            sent_until: None,
        }
    }

    /// Takes up a flow where its [snapshot](Self::snapshot) was taken. It sends nothing any more.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] if the text is no snapshot, or one of another version or environment. One that does not say its
    /// environment, since an older version wrote it, belongs to the client's from now on.
    pub fn resume(client: Client, snapshot: &str) -> Result<Self, SnapshotError> {
        let machine = Machine::from_json(snapshot)?;
        // That another gateway has no such invoice would prove that nothing was charged.
        let here = snapshot::environment(machine.environment(), &client)?;
        let machine = machine.of_environment(Some(&here));
        let mut flow = Self {
            client,
            machine,
            deposit: None,
            settled: None,
            unread: None,
            sent_until: None,
        };
        flow.notice_interruption();
        Ok(flow)
    }

    /// The same, without anybody's word that the request can arrive no more.
    #[must_use]
    pub(super) fn within_grace(self) -> Self {
        Self {
            machine: self.machine.within_grace(),
            ..self
        }
    }

    /// The same, for an order id that was sent before, nobody knows when.
    #[must_use]
    pub(super) fn with_key_sent_before(self) -> Self {
        Self {
            client: self.client.with_key_first_sent(Duration::MAX),
            ..self
        }
    }

    /// The same, in a journal, which knows of which environment it is.
    #[must_use]
    pub(super) fn journalled(self) -> Self {
        Self {
            machine: self.machine.of_environment(None),
            ..self
        }
    }

    /// The same, whose request is given up at this moment. What is read after it is not.
    #[must_use]
    pub(super) fn sent_until(self, deadline: Deadline) -> Self {
        Self {
            sent_until: Some(deadline),
            ..self
        }
    }

    /// The flow as JSON, without card and personal data. See [`Machine::to_json`].
    pub fn snapshot(&self) -> String {
        self.machine.to_json()
    }

    /// How things stand, and what was ordered.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Why the last look told nothing, if it failed and the progress was a contradiction, which does not say so.
    pub(super) fn take_unread(&mut self) -> Option<Error> {
        self.unread.take()
    }

    /// Sends the deposit. Called again, or after a resume, it only looks.
    pub async fn start(&mut self) -> Progress {
        // Taken before anything is awaited, so that nobody can send it twice.
        let deposit = self.deposit.take();
        let (Some(deposit), State::Sending) = (deposit, self.machine.state()) else {
            return self.look().await;
        };
        let client = match self.sent_until {
            Some(deadline) => self.client.with_deadline(deadline),
            None => self.client.clone(),
        };
        let outcome = client.create_card_deposit(&deposit).await;
        drop(deposit);
        let actions = self.step(&Event::of_answer(&outcome));
        let Err(error) = outcome else {
            let findings = self.perform(actions).await;
            return self.progress(findings).await;
        };
        if !may_belong_to_another_request(&error) {
            let findings = Findings {
                error: Some(error),
                ..Findings::default()
            };
            return self.progress(findings).await;
        }
        // The gateway did answer, so a look now tells whether an earlier request holds the order id.
        let mut findings = self.perform(vec![Action::ReadInvoice]).await;
        // Nor if an earlier request of the same call is in doubt: that one may still arrive.
        if findings.nothing_found && !error.is_conflict() && !error.may_have_acted() {
            self.step(&Event::Refused);
        }
        // Why it was refused says nothing about what became of an earlier request.
        let is_over = matches!(
            self.machine.state(),
            State::Deposited { .. } | State::Failed { .. }
        );
        if !is_over {
            findings.error = Some(error);
        }
        self.progress(findings).await
    }

    /// Sends the deposit of an order of which the gateway once had nothing, if it has nothing now: an earlier request may have
    /// arrived since, and the gateway may have forgotten that the order id was used.
    pub(super) async fn start_once_more(&mut self) -> Progress {
        let findings = self.perform(vec![Action::ReadInvoice]).await;
        if *self.machine.state() == State::Sending {
            if findings.nothing_found {
                return self.start().await;
            }
            // It is not known, so nothing is sent.
            self.deposit = None;
            self.step(&Event::NotSent);
        }
        self.progress(findings).await
    }

    /// Takes in that the customer's browser came back, whatever it brought: the gateway is asked.
    pub async fn customer_returned(&mut self) -> Progress {
        self.hint(&Event::CustomerReturned).await
    }

    /// Takes in that a callback came, whatever it said: the gateway is asked.
    pub async fn callback_hint(&mut self, hint: &CallbackHint) -> Progress {
        self.hint(&Event::CallbackHint(hint.clone())).await
    }

    /// Asks the gateway how the deposit stands.
    pub async fn look(&mut self) -> Progress {
        self.notice_interruption();
        let actions = vec![self.machine.look()];
        let findings = self.perform(actions).await;
        self.progress(findings).await
    }

    /// Asks the gateway what became of a request whose answer was lost. Nothing is sent.
    ///
    /// A ticket of another flow is handed back.
    pub async fn resolve(&mut self, ticket: Ticket) -> Progress {
        if ticket.order_id() != self.machine.order().order_id() {
            return Progress::Unknown { ticket };
        }
        self.look().await
    }

    /// Takes in that the request can arrive no more, and asks the gateway: if it has nothing then, nothing was
    /// charged. See the [module](super) for how long to wait.
    pub async fn grace_elapsed(&mut self) -> Progress {
        self.hint(&Event::GraceElapsed).await
    }

    /// Looks until the deposit is no longer open, at most `looks_max` times, with `pause` in between.
    pub async fn settle(&mut self, pause: &dyn Pause, looks_max: u32) -> Progress {
        let mut attempt = 0;
        loop {
            let progress = self.look().await;
            attempt += 1;
            if !progress.is_open() || attempt >= looks_max {
                return progress;
            }
            pause.pause(attempt - 1).await;
        }
    }

    async fn hint(&mut self, event: &Event) -> Progress {
        self.notice_interruption();
        let actions = self.step(event);
        let findings = self.perform(actions).await;
        self.progress(findings).await
    }

    /// A request that is neither here nor answered: the process or the future ended meanwhile.
    fn notice_interruption(&mut self) {
        if self.deposit.is_none() && *self.machine.state() == State::Sending {
            self.step(&Event::Lost);
        }
    }

    fn step(&mut self, event: &Event) -> Vec<Action> {
        let actions = self.machine.step(event);
        debug!(
            order_id = %self.machine.order().order_id(),
            state = %self.machine.state(),
            "card flow stepped"
        );
        actions
    }

    /// Carries out actions, and those that follow from them. Each read leads on to fewer, so this ends.
    async fn perform(&mut self, actions: Vec<Action>) -> Findings {
        let mut findings = Findings::default();
        let mut actions = VecDeque::from(actions);
        while let Some(action) = actions.pop_front() {
            let event = match action {
                // Only `start` sends, and only once.
                Action::Send => continue,
                Action::Redirect(url) => {
                    findings.three_ds_url = Some(url);
                    continue;
                }
                Action::Credit(settled) => {
                    self.settled = Some(settled);
                    continue;
                }
                Action::Report(contradiction) => {
                    warn!(
                        order_id = %self.machine.order().order_id(),
                        %contradiction,
                        "a person must look at a card deposit"
                    );
                    findings.report = Some(contradiction);
                    continue;
                }
                Action::ReadInvoice => {
                    let order_id = self.machine.order().order_id().clone();
                    Event::InvoiceRead(self.read_invoice(&order_id, &mut findings).await)
                }
                Action::ReadTransaction(id) => {
                    let outcome = self.client.transaction(&id).await;
                    Event::TransactionRead(findings.reading(outcome))
                }
                // The invoice has led to it already.
                Action::ReadHinted(id)
                    if actions.contains(&Action::ReadTransaction(id.clone())) =>
                {
                    continue;
                }
                Action::ReadHinted(id) => {
                    let outcome = self.client.transaction(&id).await;
                    Event::HintedRead(findings.reading(outcome))
                }
            };
            actions.extend(self.step(&event));
        }
        findings
    }

    async fn read_invoice(
        &self,
        order_id: &OrderId,
        findings: &mut Findings,
    ) -> Reading<PublicInvoice> {
        let mut reading = findings.reading(self.client.invoice_by_order(order_id).await);
        if matches!(reading, Reading::NotFound) && !is_sure_segment(order_id.as_str()) {
            // Another order may have been asked about, or a path that nobody serves.
            reading = Reading::Failed;
        }
        findings.nothing_found = matches!(reading, Reading::NotFound);
        if let Reading::Found(answer) = &reading {
            let url = answer.data().payment_url.as_deref();
            findings.payment_url = url.map(|url| PaymentUrl(url.into()));
            findings.is_completed = answer.data().status == InvoiceStatus::Completed;
        }
        reading
    }

    /// The state in the words of the caller.
    async fn progress(&mut self, mut findings: Findings) -> Progress {
        if let State::Deposited { .. } = self.machine.state()
            && self.settled.is_none()
            && findings.report.is_none()
            && findings.error.is_none()
        {
            // Resumed: the snapshot says so, but only the gateway's word counts.
            let actions = vec![self.machine.look()];
            findings = self.perform(actions).await;
        }
        self.unread = None;
        if let Some(contradiction) = findings.report {
            self.unread = findings.error;
            return Progress::Contradiction(contradiction);
        }
        match self.machine.state() {
            State::Unknown { .. } => Progress::Unknown {
                ticket: Ticket {
                    order_id: self.machine.order().order_id().clone(),
                    error: findings.error,
                },
            },
            State::Sending | State::InProgress => match findings.three_ds_url {
                Some(url) => Progress::ThreeDsRequired { url },
                None => self.in_progress(findings),
            },
            // What could not be read may be a second payment.
            State::Deposited { .. } => match &self.settled {
                Some(settled) if findings.error.is_none() => Progress::Deposited(settled.clone()),
                Some(_) | None => self.in_progress(findings),
            },
            State::Failed { transaction_id } => Progress::Failed {
                transaction_id: transaction_id.clone(),
                error: findings.error,
            },
            State::Refused => Progress::Refused(Refused {
                error: findings.error,
            }),
            // That there is nothing is what it says already, unless it proves nothing.
            State::NotCharged => Progress::NotCharged {
                error: findings.error.filter(|error| {
                    !error.is_not_found()
                        || !is_sure_segment(self.machine.order().order_id().as_str())
                }),
            },
            State::Contradiction(contradiction) => {
                self.unread = findings.error;
                Progress::Contradiction(*contradiction)
            }
        }
    }

    fn in_progress(&self, findings: Findings) -> Progress {
        Progress::InProgress(InProgress {
            invoice_id: self.machine.invoice_id().cloned(),
            payment_url: findings.payment_url,
            is_completed: findings.is_completed,
            error: findings.error,
        })
    }
}

impl Findings {
    fn reading<T>(&mut self, outcome: Result<Answered<T>, Error>) -> Reading<T> {
        match outcome {
            Ok(answer) => Reading::Found(Box::new(answer)),
            Err(error) => {
                let reading = Reading::of_error(&error);
                self.error = Some(error);
                reading
            }
        }
    }
}
