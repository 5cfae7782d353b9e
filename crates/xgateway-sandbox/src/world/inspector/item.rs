//! One entry of the timeline.

use std::borrow::Cow;

use jiff::Timestamp;
use uuid::Uuid;

use super::why;
use crate::event::{
    CallbackOutcome, CustomerChange, Event, EventKind, RequestFacts, TransactionState,
};
use crate::hidden;
use crate::journal::{Shown, mask};
use crate::state::Told;
use crate::world::World;

/// One entry of the timeline: a request, something that changed, or something about a callback.
pub(super) struct Item {
    /// Unique on the page: `e` and the event's number.
    pub(super) id: String,
    pub(super) kind: ItemKind,
    pub(super) at: Timestamp,
    pub(super) title: String,
    /// What it is about, in short.
    pub(super) subject: String,
    pub(super) why: String,
    pub(super) tone: Tone,
    /// What was sent, or what is kept of the event: JSON, masked.
    pub(super) payload: Option<String>,
    /// What was answered: JSON, masked.
    pub(super) answer: Option<String>,
    /// The callback that could be sent again.
    pub(super) callback: Option<u64>,
    /// The request behind an event, by number.
    pub(super) cause: Option<u64>,
    /// By what `/_sandbox/explain` knows it.
    pub(super) explained_by: Option<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ItemKind {
    Request,
    Change,
    Callback,
}

/// How an entry looks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Tone {
    Plain,
    Good,
    Bad,
}

impl ItemKind {
    pub(super) const ALL: [Self; 3] = [Self::Request, Self::Change, Self::Callback];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Change => "change",
            Self::Callback => "callback",
        }
    }
}

impl Tone {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Bad => "bad",
        }
    }
}

impl Item {
    pub(super) fn new(event: &Event, world: &World) -> Self {
        if let EventKind::RequestAnswered(facts) = &event.kind {
            return Self::of_request(event, facts, world);
        }
        Self::of_change(event, world)
    }

    fn of_request(event: &Event, facts: &RequestFacts, world: &World) -> Self {
        let exchange = world.journal.get(event.sequence);
        let target = exchange.map_or(&*facts.operation, |exchange| &exchange.target);
        let is_read = facts.method == "GET" || facts.method == "HEAD";
        Self {
            id: format!("e{}", event.sequence),
            kind: ItemKind::Request,
            at: event.at,
            title: match facts.status {
                Some(status) => format!("{} {target} \u{2192} {status}", facts.method),
                None => format!("{} {target} \u{2192} no answer", facts.method),
            },
            subject: facts
                .subject
                .as_ref()
                .map(|subject| subject.shown().into_owned())
                .unwrap_or_default(),
            why: why::why_answered(facts, exchange),
            tone: match facts.status {
                Some(200..400) if is_read => Tone::Plain,
                Some(200..400) => Tone::Good,
                Some(_) | None => Tone::Bad,
            },
            payload: exchange
                .and_then(|exchange| exchange.body.as_ref()?.shown())
                .map(Cow::into_owned),
            answer: exchange.and_then(|exchange| mask(&exchange.answer, Shown::Answer)),
            callback: None,
            cause: None,
            explained_by: Some(format!("request:r{}", event.sequence)),
        }
    }

    fn of_change(event: &Event, world: &World) -> Self {
        let callback = callback_of(&event.kind);
        let json = serde_json::to_vec(event).expect("memory can be written");
        Self {
            id: format!("e{}", event.sequence),
            kind: match callback {
                Some(_) => ItemKind::Callback,
                None => ItemKind::Change,
            },
            at: event.at,
            title: why::title(&event.kind),
            subject: world.subject_of_event(event).unwrap_or_default(),
            why: why::why(&event.kind, &world.state, world.config.callback_retries),
            tone: tone(&event.kind),
            payload: if let EventKind::CallbackQueued { number, .. } = &event.kind {
                let callback = world.outgoing(*number);
                callback.and_then(|callback| mask(callback.body(), Shown::Answer))
            } else {
                mask(&json, Shown::Answer)
            },
            answer: None,
            callback,
            cause: world.cause(event.sequence),
            explained_by: explained_by(&event.kind, callback),
        }
    }

    /// Whether a text stands anywhere in it.
    pub(super) fn mentions(&self, text: &str) -> bool {
        [
            Some(&self.title),
            Some(&self.subject),
            self.payload.as_ref(),
            self.answer.as_ref(),
        ]
        .into_iter()
        .flatten()
        .any(|part| part.contains(text))
    }
}

impl World {
    /// The request that caused an event, by the number of its own.
    fn cause(&self, sequence: u64) -> Option<u64> {
        let mut later = self.events.after(sequence);
        let (request, facts) = later.find_map(|event| {
            if let EventKind::RequestAnswered(facts) = &event.kind {
                return Some((event.sequence, facts));
            }
            None
        })?;
        (request - facts.effects <= sequence).then_some(request)
    }

    /// The order or the customer that an event is about.
    fn subject_of_event(&self, event: &Event) -> Option<String> {
        if let Some(id) = event.invoice_uuid() {
            return Some(self.name_of_invoice(id));
        }
        if let Some(number) = callback_of(&event.kind) {
            let callback = self.state.callbacks.get(number)?;
            return Some(match &callback.told {
                Told::Transaction(_) => self.name_of_transaction(callback.subject),
                Told::Customer(customer, _) => customer.shown().into_owned(),
            });
        }
        if let EventKind::CustomerChanged(facts) = &event.kind {
            return Some(facts.customer_id.shown().into_owned());
        }
        if let EventKind::AddressMade(facts) = &event.kind {
            return Some(hidden::shown(facts.customer_id.as_str()).into_owned());
        }
        if let EventKind::DepositSeen(facts) | EventKind::WithdrawalRequested(facts) = &event.kind {
            return Some(hidden::shown(facts.customer_id.as_str()).into_owned());
        }
        if let EventKind::DepositChanged { transaction, .. }
        | EventKind::WithdrawalChanged { transaction, .. } = &event.kind
        {
            return Some(self.name_of_transaction(*transaction));
        }
        None
    }

    fn name_of_invoice(&self, id: Uuid) -> String {
        let invoice = self.state.find(id);
        match invoice.and_then(|invoice| invoice.facts.order_id.as_ref()) {
            Some(order_id) => hidden::shown(order_id.as_str()).into_owned(),
            None => id.to_string(),
        }
    }

    fn name_of_transaction(&self, id: Uuid) -> String {
        match self.state.channels.deposit(id) {
            Some(deposit) => hidden::shown(deposit.facts.customer_id.as_str()).into_owned(),
            None => self
                .state
                .transaction(id)
                .map(|transaction| self.name_of_invoice(transaction.invoice))
                .unwrap_or_default(),
        }
    }
}

/// The id under which everything about an event is told together.
fn explained_by(kind: &EventKind, callback: Option<u64>) -> Option<String> {
    if let Some(number) = callback {
        return Some(format!("callback:{number}"));
    }
    if let Some(invoice) = kind.invoice() {
        return Some(invoice.to_string());
    }
    if let EventKind::DepositSeen(facts) | EventKind::WithdrawalRequested(facts) = kind {
        return Some(facts.id.to_string());
    }
    if let EventKind::DepositChanged { transaction, .. }
    | EventKind::WithdrawalChanged { transaction, .. } = kind
    {
        return Some(transaction.to_string());
    }
    // An id that could be a card number is not shown, and so cannot be asked for.
    let name = if let EventKind::CustomerChanged(facts) = kind {
        Some(&facts.customer_id)
    } else if let EventKind::AddressMade(facts) = kind {
        Some(&facts.customer_id)
    } else {
        None
    };
    name.filter(|name| matches!(name.shown(), Cow::Borrowed(_)))
        .map(|name| name.as_str().to_owned())
}

fn callback_of(kind: &EventKind) -> Option<u64> {
    if let EventKind::CallbackQueued { number, .. }
    | EventKind::CallbackAttempted { number, .. }
    | EventKind::CallbackResent { number } = kind
    {
        return Some(*number);
    }
    if let EventKind::CustomerChanged(facts) = kind
        && let CustomerChange::CallbackQueued { number, .. } = &facts.change
    {
        return Some(*number);
    }
    None
}

fn tone(kind: &EventKind) -> Tone {
    if let EventKind::TransactionChanged { status, .. }
    | EventKind::DepositChanged { status, .. }
    | EventKind::WithdrawalChanged { status, .. } = kind
    {
        return match status {
            TransactionState::Confirmed => Tone::Good,
            TransactionState::Failed => Tone::Bad,
            TransactionState::Pending | TransactionState::Processing => Tone::Plain,
        };
    }
    if let EventKind::CallbackAttempted { outcome, .. } = kind {
        return match outcome {
            CallbackOutcome::Answered(200..300) => Tone::Good,
            CallbackOutcome::Answered(_) | CallbackOutcome::Failed => Tone::Bad,
        };
    }
    if matches!(kind, EventKind::PartnerFailed { .. }) {
        return Tone::Bad;
    }
    Tone::Plain
}
