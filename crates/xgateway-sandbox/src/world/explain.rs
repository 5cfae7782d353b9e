//! `GET /_sandbox/explain/{id}`: what was asked, what followed, and why, from the log alone.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Serialize;
use uuid::Uuid;

use super::World;
use super::inspector::why::{title, why};
use crate::answer::{Refusal, success};
use crate::event::{DepositFacts, Event, EventKind, MerchantText, RequestId};
use crate::state::parse_id;

/// An event with what it means.
#[derive(Serialize)]
struct Explained<'a> {
    title: String,
    because: String,
    #[serde(flatten)]
    event: &'a Event,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explanation<'a> {
    /// What the id names.
    kind: &'static str,
    /// The events up to this number are no longer kept.
    dropped: u64,
    events: Vec<Explained<'a>>,
}

/// All that belongs to an id.
#[derive(Default)]
struct Related {
    kind: &'static str,
    /// Orders, customers and addresses, as requests name them.
    texts: BTreeSet<String>,
    /// Invoices and transactions.
    ids: BTreeSet<Uuid>,
    callbacks: BTreeSet<u64>,
    sequences: BTreeSet<u64>,
}

impl World {
    /// Explains an invoice, a transaction, an order, a customer, a callback by its number, or a request by the id in its
    /// answer's header; see [`related`](Self::related) for what comes first.
    pub(super) fn explain(&self, id: &str) -> Result<Response<Bytes>, Refusal> {
        let related = self.related(id).ok_or(Refusal::UnknownId)?;
        let retries = self.config.callback_retries;
        let events: Vec<_> = self
            .events
            .iter()
            .filter(|event| related.has(event, self))
            .map(|event| Explained {
                title: title(&event.kind),
                because: why(&event.kind, &self.state, retries),
                event,
            })
            .collect();
        let explanation = Explanation {
            kind: related.kind,
            dropped: self.events.dropped(),
            events,
        };
        Ok(success(StatusCode::OK, &explanation))
    }

    /// What has happened since the event with this number, and why, a sentence each.
    pub(crate) fn told_after(&self, sequence: u64) -> Vec<String> {
        let retries = self.config.callback_retries;
        let told = |event: &Event| {
            let (title, why) = (title(&event.kind), why(&event.kind, &self.state, retries));
            if why.is_empty() {
                title
            } else {
                format!("{title}: {why}")
            }
        };
        self.events.after(sequence).map(told).collect()
    }

    /// What an id means: the merchant's ids first, then ours. One of ours that a merchant uses, too, has a name of its own,
    /// such as `callback:12` and `request:r12`.
    fn related(&self, id: &str) -> Option<Related> {
        if let Some(related) = self.related_to_payment(id) {
            return Some(related);
        }
        if self.state.order(id).is_some() || self.has_customer(id) {
            return self.related_to_customer(id);
        }
        let callback = id.strip_prefix("callback:").unwrap_or(id);
        let request = id.strip_prefix("request:").unwrap_or(id);
        let related = self.related_to_callback(callback);
        let related = related.or_else(|| self.related_to_request(request));
        related.or_else(|| self.related_to_customer(id))
    }

    fn related_to_request(&self, id: &str) -> Option<Related> {
        let RequestId(last) = RequestId::parse(id)?;
        let EventKind::RequestAnswered(facts) = &self.events.get(last)?.kind else {
            return None;
        };
        let sequences = last.saturating_sub(facts.effects)..=last;
        Some(Related {
            kind: "request",
            sequences: sequences.collect(),
            ..Related::default()
        })
    }

    fn related_to_callback(&self, id: &str) -> Option<Related> {
        let number = id.parse().ok()?;
        self.state.callbacks.get(number)?;
        Some(Related {
            kind: "callback",
            callbacks: [number].into(),
            ..Related::default()
        })
    }

    /// Whether a customer has this id, rather than only a request has named it.
    fn has_customer(&self, id: &str) -> bool {
        let mut invoices = self.state.invoices();
        let mut deposits = self.state.channels.deposits();
        let mut addresses = self.state.channels.addresses();
        self.state.customers.get(id).is_some()
            || invoices.any(|invoice| invoice.facts.customer_id.as_str() == id)
            || deposits.any(|deposit| deposit.facts.customer_id.as_str() == id)
            || addresses.any(|facts| facts.customer_id.as_str() == id)
    }

    /// A transaction, an invoice or an order with one.
    fn related_to_payment(&self, id: &str) -> Option<Related> {
        let is_payment = |id: &Uuid| {
            self.state.transaction(*id).is_some() || self.state.channels.deposit(*id).is_some()
        };
        let named = parse_id(id).into_iter();
        let mut named = named.flat_map(|id| [id, DepositFacts::linked(id)]);
        if let Some(transaction) = named.find(is_payment) {
            let mut related = Related::new("transaction", id);
            related.ids.insert(transaction);
            return Some(self.with_callbacks(related));
        }
        if let Some(invoice) = self.state.find_invoice(id) {
            let is_order = self.state.order(id).is_some();
            let mut related = Related::new(if is_order { "order" } else { "invoice" }, id);
            let invoices = match self.state.order(id) {
                Some(order) => order.invoices.to_vec(),
                None => vec![invoice.facts.id],
            };
            for invoice in invoices {
                related.add_invoice(invoice, self);
            }
            return Some(self.with_callbacks(related));
        }
        None
    }

    /// Everything about a customer, or about an id that only requests have named.
    fn related_to_customer(&self, id: &str) -> Option<Related> {
        let mut related = Related::new("customer", id);
        let is_theirs = |customer: &MerchantText| customer.as_str() == id;
        for invoice in self.state.invoices() {
            if is_theirs(&invoice.facts.customer_id) {
                related.add_invoice(invoice.facts.id, self);
            }
        }
        let deposits = self.state.channels.deposits();
        for deposit in deposits.filter(|deposit| is_theirs(&deposit.facts.customer_id)) {
            related.ids.insert(deposit.facts.id);
        }
        let is_known = self.events.iter().any(|event| related.has(event, self));
        if related.ids.is_empty() {
            related.kind = "name";
        }
        is_known.then(|| self.with_callbacks(related))
    }

    fn with_callbacks(&self, mut related: Related) -> Related {
        let callbacks = self.state.callbacks.iter();
        let about = callbacks.filter(|(_, callback)| related.ids.contains(&callback.subject));
        related.callbacks = about.map(|(number, _)| number).collect();
        related
    }
}

impl Related {
    fn new(kind: &'static str, text: &str) -> Self {
        Self {
            kind,
            texts: [crate::hidden::shown(text).into_owned()].into(),
            ..Self::default()
        }
    }

    fn add_invoice(&mut self, id: Uuid, world: &World) {
        let invoice = world.state.invoice(id);
        self.ids.insert(id);
        self.ids.extend(&invoice.transactions);
        self.texts.insert(id.to_string());
        let order = invoice.facts.order_id.as_ref();
        self.texts
            .extend(order.map(|order| order.shown().into_owned()));
    }

    fn has(&self, event: &Event, world: &World) -> bool {
        let names = |text: &MerchantText| self.texts.contains(&*text.shown());
        if self.sequences.contains(&event.sequence) {
            return true;
        }
        match &event.kind {
            EventKind::InvoiceOpened(facts) => self.ids.contains(&facts.id),
            EventKind::OrderAnswered { order_id, .. } => names(order_id),
            EventKind::PartnerFailed {
                order_id, invoice, ..
            } => {
                order_id.as_ref().is_some_and(names)
                    || invoice.is_some_and(|id| self.ids.contains(&id))
            }
            EventKind::ThreeDs { invoice, .. }
            | EventKind::InvoiceChanged { invoice, .. }
            | EventKind::InvoiceForgotten { invoice, .. } => self.ids.contains(invoice),
            EventKind::TransactionChanged {
                transaction,
                invoice,
                ..
            } => self.ids.contains(transaction) || self.ids.contains(invoice),
            EventKind::AddressMade(facts) => names(&facts.customer_id),
            EventKind::CustomerChanged(facts) => names(&facts.customer_id),
            EventKind::DepositSeen(facts) => self.ids.contains(&facts.id),
            EventKind::WithdrawalRequested(facts) => {
                self.ids.contains(&facts.id) || facts.order_id.as_ref().is_some_and(names)
            }
            EventKind::DepositChanged { transaction, .. }
            | EventKind::PaymentForgotten { transaction, .. }
            | EventKind::WithdrawalChanged { transaction, .. } => self.ids.contains(transaction),
            EventKind::CallbackQueued { number, .. }
            | EventKind::CallbackDropped { number }
            | EventKind::CallbackResent { number }
            | EventKind::CallbackAttempted { number, .. } => self.callbacks.contains(number),
            EventKind::FaultDrawn { subject, .. } => names(subject),
            // Whoever caused something of it belongs to it.
            EventKind::RequestAnswered(facts) => {
                let before = event.sequence.saturating_sub(facts.effects);
                let mut effects = (before..event.sequence).filter_map(|at| world.events.get(at));
                facts.subject.as_ref().is_some_and(names)
                    || effects.any(|effect| self.has(effect, world))
            }
            EventKind::ClockAdvanced { .. }
            | EventKind::KeyRotated { .. }
            | EventKind::FaultAdded { .. }
            | EventKind::FaultsRemoved { .. } => false,
        }
    }
}
