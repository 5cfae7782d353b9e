//! What an event is called, and why it happened, in words for people.

mod customer;

use jiff::SignedDuration;
use serde_json::Value;
use xgateway_api::operations;

use crate::card::{AfterApproval, SandboxCard};
use crate::event::{
    CallbackOutcome, DepositFacts, EventKind, InvoiceFacts, InvoiceState, OrderAnswer,
    RequestFacts, Strategy, ThreeDsAct, TransactionState, Why,
};
use crate::faults::Fault;
use crate::journal::Exchange;
use crate::state::{SLOW_BANK, State};

/// What is said of what no longer can be told.
const FORGOTTEN: &str = "Its invoice is no longer kept.";

/// A line that names the event.
pub(in crate::world) fn title(kind: &EventKind) -> String {
    match kind {
        EventKind::ClockAdvanced { to } => format!("The clock shows {to:.0}"),
        EventKind::InvoiceOpened(facts) => {
            format!(
                "Invoice opened: {} {}",
                facts.amount,
                facts.currency.as_str()
            )
        }
        EventKind::OrderAnswered { .. } => "Order id remembered".to_owned(),
        EventKind::PartnerFailed { .. } => "The bank's side failed".to_owned(),
        EventKind::ThreeDs { act, .. } => match act {
            ThreeDsAct::Passed => "3DS passed by itself",
            ThreeDsAct::Approved => "3DS approved",
            ThreeDsAct::Declined => "3DS declined",
            ThreeDsAct::Left => "3DS page left",
        }
        .to_owned(),
        EventKind::TransactionChanged { status, .. } => {
            format!("Transaction {}", status.as_str())
        }
        EventKind::InvoiceChanged { status, .. } => format!("Invoice {}", status.as_str()),
        EventKind::AddressMade(facts) => format!("Address for {}", facts.currency.as_str()),
        EventKind::DepositSeen(facts) => {
            format!("Payment seen: {} {}", facts.amount, facts.currency.as_str())
        }
        EventKind::DepositChanged { status, .. } => format!("Payment {}", status.as_str()),
        EventKind::WithdrawalRequested(facts) => {
            format!(
                "Withdrawal asked for: {} {}",
                facts.amount,
                facts.currency.as_str()
            )
        }
        EventKind::WithdrawalChanged { status, .. } => format!("Withdrawal {}", status.as_str()),
        EventKind::CustomerChanged(facts) => facts.change.title(),
        EventKind::CallbackQueued { number, .. } => format!("Callback {number} made"),
        EventKind::CallbackAttempted { number, outcome } => match outcome {
            CallbackOutcome::Answered(status) => format!("Callback {number}: answered {status}"),
            CallbackOutcome::Failed => format!("Callback {number}: no answer"),
        },
        EventKind::InvoiceForgotten { .. } => "Invoice forgotten".to_owned(),
        EventKind::PaymentForgotten { .. } => "Payment forgotten".to_owned(),
        EventKind::CallbackDropped { number } => format!("Callback {number} given up"),
        EventKind::CallbackResent { number } => format!("Callback {number} wanted again"),
        EventKind::KeyRotated { .. } => "Key for callbacks replaced".to_owned(),
        EventKind::FaultAdded { rule } => format!("Fault added: {}", in_words(rule.fault())),
        EventKind::FaultsRemoved { rule: Some(id) } => format!("Fault {id} removed"),
        EventKind::FaultsRemoved { rule: None } => "All faults removed".to_owned(),
        EventKind::FaultDrawn {
            rule, hit: true, ..
        } => format!("Fault {rule} strikes"),
        EventKind::FaultDrawn { rule, .. } => format!("Fault {rule} passes by"),
        EventKind::RequestAnswered(facts) => format!("{} {}", facts.method, facts.operation),
    }
}

/// Why the event happened.
pub(in crate::world) fn why(kind: &EventKind, state: &State, retries: u32) -> String {
    match kind {
        EventKind::ClockAdvanced { .. } => "Time passed, or somebody moved the clock.".to_owned(),
        EventKind::InvoiceOpened(facts) => invoice_opened(facts),
        EventKind::OrderAnswered { answer, .. } => match answer {
            OrderAnswer::Created(_) => {
                "The order id is the idempotency key: a repetition of the request will be told by it."
            }
            OrderAnswer::Failed(_) => {
                "The answer was a 500. What a repetition gets depends on the idempotency model."
            }
            OrderAnswer::Refused(_) => {
                "The answer was a 400, and here a refusal uses the order id up: nobody has documented whether it does."
            }
        }
        .to_owned(),
        EventKind::PartnerFailed {
            invoice, by_fault, ..
        } => match (invoice, by_fault) {
            (Some(_), false) => "The test card stands for an answer that gets lost: the customer has paid all the same.",
            (None, false) => "The test card stands for a failure of the bank: nothing was paid.",
            (Some(_), true) => "A fault lets the bank fail after the customer has paid.",
            (None, true) => "A fault lets the bank fail: nothing was paid.",
        }
        .to_owned(),
        EventKind::ThreeDs { invoice, act } => {
            state.find(*invoice).map_or_else(
                || FORGOTTEN.to_owned(),
                |invoice| three_ds(*act, &invoice.facts),
            )
        }
        EventKind::TransactionChanged { status, .. } => match status {
            TransactionState::Pending | TransactionState::Processing => "The customer approved, and the bank is still working on it.",
            TransactionState::Confirmed => "The money is there. Only a read of this transaction proves it to a merchant.",
            TransactionState::Failed => "No money came. It may still be confirmed later.",
        }
        .to_owned(),
        EventKind::InvoiceChanged {
            invoice,
            why,
            status,
        } => state.find(*invoice).map_or_else(
            || FORGOTTEN.to_owned(),
            |invoice| invoice_changed(*why, *status, &invoice.facts),
        ),
        EventKind::AddressMade(facts) => format!(
            "A customer keeps one address for {} for ever; asked for again, it is the same.",
            facts.currency.as_str()
        ),
        EventKind::DepositSeen(facts) => deposit_seen(facts),
        EventKind::DepositChanged {
            transaction, status,
        } => {
            let deposit = state.channels.deposit(*transaction);
            let is_by_bank = deposit.is_some_and(|deposit| deposit.facts.sender.is_some());
            deposit_changed(*status, is_by_bank).to_owned()
        }
        EventKind::WithdrawalRequested(_) => {
            "The merchant asked for money to be paid out. It is pending until the gateway has looked at the balance."
                .to_owned()
        }
        EventKind::WithdrawalChanged { status, .. } => match status {
            TransactionState::Confirmed => "The balance held it, and it was paid out.",
            TransactionState::Failed => "It was not paid out for want of money: as in Demo, unless the request said otherwise and the balance holds it.",
            TransactionState::Pending | TransactionState::Processing => "It is being paid out.",
        }
        .to_owned(),
        EventKind::CustomerChanged(facts) => customer::why(&facts.change),
        EventKind::CallbackQueued { number, .. } => queued(*number, state),
        EventKind::CallbackAttempted { number, outcome } => {
            attempted(*number, *outcome, state, retries)
        }
        EventKind::PaymentForgotten { .. } => {
            "There were too many payments, and this was the oldest that had ended.".to_owned()
        }
        EventKind::InvoiceForgotten { .. } => {
            "There were too many invoices, and this was the oldest that had ended.".to_owned()
        }
        EventKind::CallbackDropped { .. } => {
            "There were too many callbacks waiting, and this one had waited longest.".to_owned()
        }
        EventKind::CallbackResent { .. } => {
            "Somebody asked for it. It tells what it told before, whatever has changed since.".to_owned()
        }
        EventKind::KeyRotated { .. } => {
            "Callbacks that are made from now on have the new key; those before keep theirs.".to_owned()
        }
        EventKind::FaultAdded { .. } | EventKind::FaultsRemoved { .. } => {
            "Somebody asked for it.".to_owned()
        }
        EventKind::FaultDrawn {
            occurrence, hit, ..
        } => format!(
            "A rule is about this request or callback, the {occurrence}. of its kind: {}.",
            if *hit { "it strikes" } else { "this time it does not strike" }
        ),
        EventKind::RequestAnswered(facts) => why_answered(facts, None),
    }
}

/// Why a request was answered as it was.
pub(super) fn why_answered(facts: &RequestFacts, exchange: Option<&Exchange>) -> String {
    let mut words = Vec::new();
    let operation = operations::ALL
        .iter()
        .find(|operation| operation.name == facts.operation);
    if let Some(operation) = operation {
        words.push(operation.summary.to_owned());
    }
    if let Some(fault) = &facts.fault {
        words.push(format!("A fault struck: {}.", fault.replace('_', " ")));
    } else if let Some(status) = facts.status.filter(|status| *status >= 400) {
        words.push(match exchange {
            Some(exchange) => reason(status, &exchange.answer),
            None => format!("It was answered with {status}."),
        });
    }
    match facts.effects {
        0 if facts.method != "GET" => words.push("Nothing changed.".to_owned()),
        0 => {}
        1 => words.push("It changed one thing.".to_owned()),
        count => words.push(format!("It changed {count} things.")),
    }
    words.join(" ")
}

/// The words of a refusal: those of its first error.
fn reason(status: u16, answer: &[u8]) -> String {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let errors = answer["errors"].as_array().map_or(&[][..], Vec::as_slice);
    let Some(first) = errors.first() else {
        return format!("It was answered with {status}.");
    };
    let message = first["message"].as_str().unwrap_or_default();
    let path: Vec<_> = first["path"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let more = match errors.len() {
        1 => String::new(),
        count => format!(" And {} more.", count - 1),
    };
    if path.is_empty() {
        return format!("Refused: {message}{more}");
    }
    format!("Refused: {}: {message}.{more}", path.join("."))
}

fn in_words(fault: Fault) -> String {
    fault.label().replace('_', " ")
}

fn invoice_opened(facts: &InvoiceFacts) -> String {
    let card = SandboxCard::named(&facts.card.name).map_or("", |card| card.meaning);
    let life = match facts.strategy {
        Strategy::Fixed => "fixed",
        Strategy::Floating => "floating",
    };
    format!(
        "A deposit by card \"{}\": {card}. At a {life} rate it lives for {}.",
        facts.card.name,
        span(facts.expires_at.duration_since(facts.created_at)),
    )
}

fn three_ds(act: ThreeDsAct, facts: &InvoiceFacts) -> String {
    let after = facts.page.as_ref().map(|page| page.after_approval);
    match (act, after) {
        (ThreeDsAct::Left, _) => {
            "The customer went away. The invoice stays active until it expires."
        }
        (ThreeDsAct::Declined, _) => "The customer said no.",
        (ThreeDsAct::Passed, _) => "The card is not enrolled: opening the page is enough.",
        (ThreeDsAct::Approved, Some(AfterApproval::Declined)) => {
            "The customer said yes, but this test card's bank will say no."
        }
        (ThreeDsAct::Approved, Some(AfterApproval::Slow)) => {
            "The customer said yes, and this test card's bank takes its time."
        }
        (ThreeDsAct::Approved, Some(AfterApproval::Confirmed) | None) => "The customer said yes.",
    }
    .to_owned()
}

fn invoice_changed(why: Why, status: InvoiceState, facts: &InvoiceFacts) -> String {
    match why {
        Why::Paid => "Its transaction is confirmed.".to_owned(),
        Why::Declined => "The customer or the bank declined.".to_owned(),
        Why::BankIsSlow => format!("The bank needs {} to decide.", span(SLOW_BANK)),
        Why::Expired => format!(
            "Nobody decided within {}.",
            span(facts.expires_at.duration_since(facts.created_at))
        ),
        Why::Superseded => {
            "The customer got a newer invoice at a floating rate; only one may be active."
                .to_owned()
        }
        Why::Simulated => format!(
            "The merchant asked for it with POST /v2/transaction/simulate: {}.",
            status.as_str()
        ),
    }
}

fn deposit_seen(facts: &DepositFacts) -> String {
    let plan: Vec<_> = facts
        .plan
        .iter()
        .map(|(at, status)| format!("{} at {at:.0}", status.as_str()))
        .collect();
    let plan = plan.join(", then ");
    match facts.sender {
        Some(_) => format!("Somebody paid to the customer's bank account. It will be {plan}."),
        None => format!("Somebody paid to the address. The blockchain will say: {plan}."),
    }
}

fn deposit_changed(status: TransactionState, is_by_bank: bool) -> &'static str {
    match (status, is_by_bank) {
        (TransactionState::Confirmed, true) => "The bank has credited the payment.",
        (TransactionState::Failed, true) => "The bank did not credit the payment.",
        (TransactionState::Pending | TransactionState::Processing, true) => {
            "The bank has seen the payment, but not credited it yet."
        }
        (TransactionState::Confirmed, false) => {
            "The blockchain has made enough blocks on top of the payment."
        }
        (TransactionState::Failed, false) => {
            "The blockchain dropped the payment, as it was told to."
        }
        (TransactionState::Pending | TransactionState::Processing, false) => {
            "The blockchain has seen the payment, but made too few blocks yet."
        }
    }
}

fn queued(number: u64, state: &State) -> String {
    let callback = state.callbacks.get(number);
    let what = match callback.map(|callback| callback.told.word()) {
        Some("processing") => "Here a transaction is told while it is under way, too.",
        _ => "A transaction reached a final status.",
    };
    format!("{what} The callback tells it as it stood then; its hash does not cover the status.")
}

fn attempted(number: u64, outcome: CallbackOutcome, state: &State, retries: u32) -> String {
    let attempts = state
        .callbacks
        .get(number)
        .map_or(0, |callback| callback.attempts.len());
    match outcome {
        CallbackOutcome::Answered(200..300) => "The merchant took it over.".to_owned(),
        CallbackOutcome::Answered(_) | CallbackOutcome::Failed => format!(
            "Only a status of 2xx counts. A callback is sent again up to {retries} times, after pauses that double; \
             so far there were {attempts} attempts."
        ),
    }
}

/// A duration as people say it.
fn span(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    let (count, unit) = match seconds {
        _ if seconds != 0 && seconds % 3600 == 0 => (seconds / 3600, "hour"),
        _ if seconds != 0 && seconds % 60 == 0 => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_its_largest_whole_unit() {
        for (seconds, want) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (60, "1 minute"),
            (90, "90 seconds"),
            (900, "15 minutes"),
            (86_400, "24 hours"),
        ] {
            assert_eq!(span(SignedDuration::from_secs(seconds)), want);
        }
    }
}
