mod invoice;

use xgateway_api::types::{TransactionData, TransactionStatus};
use xgateway_client::Answered;
use xgateway_core::id::{InvoiceId, TransactionId};

use super::settled::Word;
use super::{Action, Contradiction, Event, Order, Reading, Resolution, SettledTransaction, State};

/// What the gateway has said of a transaction since it had paid for the order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Turn {
    /// It stands by it.
    Paid,
    /// It is confirmed no more.
    Reversed,
    /// It is confirmed again, after the customer had been credited. Whether they still have it, only a person knows.
    Restored,
}

/// The card flow as a function: an event changes the state and asks for actions. No I/O, no clock.
///
/// Whoever drives it carries out the actions and reports what came of them as further events, in any order and as
/// often as they happen. See the [module](super) for the states.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Machine {
    /// The base URL of the environment that it belongs to, unless a journal knows that.
    environment: Option<Box<str>>,
    order: Order,
    /// Known once the invoice has been read by the order id.
    invoice_id: Option<InvoiceId>,
    state: State,
    /// Whether the invoice lists several transactions that have not all failed: then no single one proves a decline.
    is_disputed: bool,
    /// Whether its customer was credited once.
    is_credited: bool,
    /// What has become of the transaction that had paid for it.
    turn: Turn,
    /// What a person has found out, if it took one.
    resolution: Option<Resolution>,
}

impl Machine {
    /// The beginning: the deposit is to be sent. No later event asks for that.
    ///
    /// Store its [snapshot](Self::to_json) before the first byte is sent.
    pub fn begin(order: Order) -> (Self, Action) {
        (Self::restored(order, None, State::Sending), Action::Send)
    }

    /// The end of a deposit that was paid by this.
    pub(super) fn paid(settled: &SettledTransaction) -> Self {
        let state = State::Deposited {
            transaction_id: settled.transaction_id().clone(),
        };
        let invoice_id = Some(settled.invoice_id().clone());
        Self::restored(settled.order().clone(), invoice_id, state).credited(true)
    }

    pub(super) fn restored(order: Order, invoice_id: Option<InvoiceId>, state: State) -> Self {
        Self {
            environment: None,
            order,
            invoice_id,
            state,
            is_disputed: false,
            is_credited: false,
            turn: Turn::Paid,
            resolution: None,
        }
    }

    /// The same, of an environment, or of the one that a journal names.
    #[must_use]
    pub(super) fn of_environment(self, environment: Option<&str>) -> Self {
        Self {
            environment: environment.map(Into::into),
            ..self
        }
    }

    /// The base URL of the environment that it belongs to.
    ///
    /// `None` until a [`CardDepositFlow`](super::CardDepositFlow) takes it up, in a journal, which knows where each intent was
    /// sent, and in snapshots of versions that did not write it down.
    pub fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// The same, of whose transactions not all have failed.
    #[must_use]
    pub(super) fn disputed(self, is_disputed: bool) -> Self {
        Self {
            is_disputed,
            ..self
        }
    }

    pub(super) fn is_disputed(&self) -> bool {
        self.is_disputed
    }

    /// The same, whose customer was credited.
    #[must_use]
    pub(super) fn credited(self, is_credited: bool) -> Self {
        Self {
            is_credited,
            ..self
        }
    }

    pub(super) fn is_credited(&self) -> bool {
        self.is_credited
    }

    /// The same, of whose payment the gateway has said this.
    #[must_use]
    pub(super) fn turned(self, turn: Turn) -> Self {
        Self { turn, ..self }
    }

    pub(super) fn turn(&self) -> Turn {
        self.turn
    }

    /// The same, with what a person has found out about it. It changes no state.
    #[must_use]
    pub(super) fn resolved(self, resolution: Resolution) -> Self {
        Self {
            resolution: Some(resolution),
            ..self
        }
    }

    /// The same, without anybody's word that the request can arrive no more.
    #[must_use]
    pub(super) fn within_grace(mut self) -> Self {
        if let State::Unknown { grace_elapsed } = &mut self.state {
            *grace_elapsed = false;
        }
        self
    }

    /// What a person has found out about it, if it took one.
    pub fn resolution(&self) -> Option<&Resolution> {
        self.resolution.as_ref()
    }

    /// What was ordered.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The gateway's name for the invoice, once it was read.
    pub fn invoice_id(&self) -> Option<&InvoiceId> {
        self.invoice_id.as_ref()
    }

    /// How it stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What to read to learn how it stands now.
    ///
    /// The invoice, always: also of what is paid, which may have been paid twice, and of a contradiction, which may have been
    /// one for a moment only.
    pub fn look(&self) -> Action {
        Action::ReadInvoice
    }

    /// Takes in what happened, and says what to do about it.
    pub fn step(&mut self, event: &Event) -> Vec<Action> {
        match event {
            Event::Answered { .. } | Event::Refused | Event::Lost | Event::NotSent => {
                self.on_outcome(event)
            }
            Event::CustomerReturned => self.on_hint(None),
            Event::CallbackHint(hint) => self.on_hint(Some(hint.transaction_id())),
            Event::InvoiceRead(Reading::Found(answer)) => self.on_invoice(answer.data()),
            Event::InvoiceRead(Reading::NotFound) => {
                // Before the grace has elapsed the request may still be on its way.
                if self.state
                    == (State::Unknown {
                        grace_elapsed: true,
                    })
                {
                    self.state = State::NotCharged;
                }
                Vec::new()
            }
            Event::TransactionRead(Reading::Found(answer)) => self.on_transaction(answer),
            Event::HintedRead(Reading::Found(answer)) => self.on_hinted(answer),
            Event::InvoiceRead(Reading::Failed)
            | Event::TransactionRead(Reading::NotFound | Reading::Failed)
            | Event::HintedRead(Reading::NotFound | Reading::Failed) => Vec::new(),
            Event::GraceElapsed => match self.state {
                State::Unknown { .. } => {
                    self.state = State::Unknown {
                        grace_elapsed: true,
                    };
                    vec![Action::ReadInvoice]
                }
                State::Sending
                | State::InProgress
                | State::Deposited { .. }
                | State::Failed { .. }
                | State::Refused
                | State::NotCharged
                | State::Contradiction(_) => Vec::new(),
            },
        }
    }

    /// What became of the one request. It may come late: after the flow was given up for lost, or found otherwise.
    fn on_outcome(&mut self, event: &Event) -> Vec<Action> {
        match (&self.state, event) {
            (State::Sending | State::Unknown { .. }, Event::Answered { three_ds_url }) => {
                self.state = State::InProgress;
                match three_ds_url {
                    Some(url) => vec![Action::Redirect(url.clone())],
                    // Done, it says. The transaction must say so too.
                    None => vec![Action::ReadInvoice],
                }
            }
            (
                State::InProgress,
                Event::Answered {
                    three_ds_url: Some(url),
                },
            ) => {
                vec![Action::Redirect(url.clone())]
            }
            (State::Sending | State::Unknown { .. }, Event::Refused) => {
                self.state = State::Refused;
                Vec::new()
            }
            (State::Sending, Event::Lost) => {
                self.state = State::Unknown {
                    grace_elapsed: false,
                };
                Vec::new()
            }
            (State::Sending, Event::NotSent) => {
                self.state = State::NotCharged;
                Vec::new()
            }
            // Too late to change anything by itself, yet it does not fit what is known: look.
            (
                State::InProgress | State::Failed { .. } | State::Refused | State::NotCharged,
                Event::Answered { .. },
            )
            | (State::InProgress, Event::Refused) => vec![Action::ReadInvoice],
            _ => Vec::new(),
        }
    }

    /// Somebody says that something has changed.
    fn on_hint(&self, transaction_id: Option<&TransactionId>) -> Vec<Action> {
        // Without an invoice nothing is known to belong to the order.
        let told = transaction_id.filter(|_| self.invoice_id.is_some());
        let told = told.map(|told| Action::ReadHinted(told.clone()));
        match (&self.state, told) {
            // The invoice may lag behind: then only the transaction itself says that it was paid. What the invoice says comes
            // last and counts: it lists all.
            (State::Failed { .. } | State::Refused | State::NotCharged, Some(told)) => {
                vec![told, Action::ReadInvoice]
            }
            // Another transaction of a paid order may be a second payment.
            (
                State::Deposited {
                    transaction_id: paid,
                },
                Some(told),
            ) if transaction_id != Some(paid) => {
                vec![told, Action::ReadInvoice]
            }
            // Mostly the invoice lists it.
            (State::InProgress | State::Contradiction(_), Some(told)) => {
                vec![Action::ReadInvoice, told]
            }
            (
                State::Sending
                | State::Unknown { .. }
                | State::InProgress
                | State::Deposited { .. }
                | State::Failed { .. }
                | State::Refused
                | State::NotCharged
                | State::Contradiction(_),
                _,
            ) => vec![Action::ReadInvoice],
        }
    }

    /// The gateway is at work, unless that does not explain what it said before.
    fn go_on(&mut self) {
        if !matches!(self.state, State::Contradiction(_)) {
            self.state = State::InProgress;
        }
    }

    /// Whether only a person can say more: an order that was paid twice is not paid once again.
    fn is_for_good(&self) -> bool {
        self.state == State::Contradiction(Contradiction::SecondTransaction)
    }

    /// What a hint has named may belong to another order, and says nothing of this one then. Beside what the invoice lists it
    /// can only add that it was paid.
    fn on_hinted(&mut self, answer: &Answered<TransactionData>) -> Vec<Action> {
        if self.is_for_good() {
            return Vec::new();
        }
        let word = self
            .invoice_id
            .as_ref()
            .map(|invoice_id| SettledTransaction::judge(&self.order, invoice_id, answer));
        let is_under_way = matches!(self.state, State::InProgress | State::Contradiction(_));
        let data = answer.data();
        let names_ours = data.order_id.as_deref() == Some(self.order.order_id().as_str());
        match word {
            // Money for this order, on an invoice that nobody knows.
            Some(Err(Contradiction::Invoice))
                if names_ours && data.status == TransactionStatus::Confirmed =>
            {
                let is_paid = matches!(self.state, State::Deposited { .. });
                self.contradict(if is_paid {
                    Contradiction::SecondTransaction
                } else {
                    Contradiction::Invoice
                })
            }
            Some(Err(Contradiction::Order | Contradiction::Invoice)) => Vec::new(),
            Some(Ok(Word::Failed(_) | Word::Pending)) if is_under_way => Vec::new(),
            Some(_) | None => self.on_transaction(answer),
        }
    }

    fn on_transaction(&mut self, answer: &Answered<TransactionData>) -> Vec<Action> {
        if self.is_for_good() {
            return Vec::new();
        }
        let Some(invoice_id) = &self.invoice_id else {
            return vec![Action::ReadInvoice];
        };
        let word = SettledTransaction::judge(&self.order, invoice_id, answer);
        if let State::Deposited { transaction_id } = &self.state {
            let is_same = answer.data().id == transaction_id.as_str();
            return match word {
                Ok(Word::Confirmed(settled)) if is_same => {
                    if self.turn == Turn::Paid || !self.is_credited {
                        self.turn = Turn::Paid;
                        return vec![Action::Credit(settled)];
                    }
                    self.turn = Turn::Restored;
                    vec![Action::Report(Contradiction::Restored)]
                }
                Ok(Word::Failed(_) | Word::Pending) | Err(_) if is_same => {
                    self.turn = Turn::Reversed;
                    vec![Action::Report(Contradiction::Reversed)]
                }
                // Of whatever amount.
                Ok(Word::Confirmed(_))
                | Err(Contradiction::Customer | Contradiction::Amount | Contradiction::Currency) => {
                    self.contradict(Contradiction::SecondTransaction)
                }
                // It is another order's, or no money that moved.
                Err(Contradiction::Order | Contradiction::Invoice)
                | Ok(Word::Failed(_) | Word::Pending) => Vec::new(),
                Err(contradiction) => vec![Action::Report(contradiction)],
            };
        }
        match word {
            Ok(Word::Confirmed(settled)) => {
                let transaction_id = settled.transaction_id().clone();
                self.state = State::Deposited { transaction_id };
                vec![Action::Credit(settled)]
            }
            // What another one has said, or may still say, stays.
            Ok(Word::Failed(_)) if self.is_disputed => {
                self.go_on();
                Vec::new()
            }
            Ok(Word::Failed(id)) => {
                self.state = State::Failed {
                    transaction_id: Some(id),
                };
                Vec::new()
            }
            Ok(Word::Pending) => {
                self.go_on();
                Vec::new()
            }
            Err(contradiction) => self.contradict(contradiction),
        }
    }

    fn contradict(&mut self, contradiction: Contradiction) -> Vec<Action> {
        self.state = State::Contradiction(contradiction);
        vec![Action::Report(contradiction)]
    }
}
