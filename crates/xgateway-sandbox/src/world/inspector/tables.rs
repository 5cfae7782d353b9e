//! Who and what there is: payments, customers, accounts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::Value;
use xgateway_core::secret::scrub;

use crate::event::{CallbackOutcome, InvoiceState};
use crate::page::moment;
use crate::state::{Deposit, Direction, Invoice};
use crate::world::World;

/// How many rows a table shows.
const ROWS_MAX: usize = 200;

/// One payment to an address or by card.
struct Payment {
    id: String,
    created_at: Timestamp,
    customer: String,
    /// By which way it came: a link and its text.
    way: (String, String),
    amount: String,
    status: &'static str,
}

impl World {
    pub(super) fn payments(&self) -> Markup {
        let mut invoices: Vec<&Invoice> = self.state.invoices().collect();
        invoices.sort_by_key(|invoice| Reverse((invoice.facts.created_at, invoice.facts.id)));
        let payments = self.all_payments();
        html! {
            div data-follow="" {
                h2 { "Invoices" (count(invoices.len())) }
                (table(&["Made", "Order", "Customer", "Amount", "Status", ""], invoices.is_empty(), &html! {
                    @for invoice in invoices.iter().take(ROWS_MAX) { (invoice_row(invoice)) }
                }))
                h2 { "Transactions" (count(payments.len())) }
                (table(&["Made", "Id", "Customer", "Way", "Amount", "Status"], payments.is_empty(), &html! {
                    @for payment in payments.iter().take(ROWS_MAX) {
                        tr {
                            td { (moment(payment.created_at)) }
                            td { a href={"/inspector?about=" (payment.id)} { code { (payment.id) } } }
                            td { (payment.customer) }
                            td { a href=(payment.way.0) { (payment.way.1) } }
                            td.number { (payment.amount) }
                            td { (badge(payment.status)) }
                        }
                    }
                }))
                h2 { "Callbacks" (count(usize::try_from(self.state.callbacks.count()).unwrap_or(usize::MAX))) }
                (self.callbacks())
            }
        }
    }

    pub(super) fn customers(&self) -> Markup {
        let mut customers: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        let name = |id: &str| scrub(id).into_owned();
        for invoice in self.state.invoices() {
            customers
                .entry(name(invoice.facts.customer_id.as_str()))
                .or_default()
                .0 += 1;
        }
        let mut addresses: Vec<_> = self.state.channels.addresses().collect();
        addresses.sort_by_key(|facts| (facts.customer_id.as_str(), facts.currency.as_str()));
        for facts in &addresses {
            customers
                .entry(name(facts.customer_id.as_str()))
                .or_default()
                .1 += 1;
        }
        html! {
            div data-follow="" {
                h2 { "Customers" (count(customers.len())) }
                (table(&["Customer", "Invoices", "Addresses"], customers.is_empty(), &html! {
                    @for (customer, (invoices, addresses)) in customers.iter().take(ROWS_MAX) {
                        tr {
                            td { (customer) }
                            td.number { (invoices) }
                            td.number { (addresses) }
                        }
                    }
                }))
                h2 { "Addresses" (count(addresses.len())) }
                (table(&["Customer", "Currency", "Address"], addresses.is_empty(), &html! {
                    @for facts in addresses.iter().take(ROWS_MAX) {
                        tr {
                            td { (name(facts.customer_id.as_str())) }
                            td { (facts.currency.as_str()) }
                            td { a href={"/checkout/" (facts.address)} { code { (facts.address) } } }
                        }
                    }
                }))
            }
        }
    }

    pub(super) fn accounts_page(&self) -> Markup {
        let answer: Value = serde_json::from_slice(self.read_balances().body()).unwrap_or_default();
        let accounts = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
        let text =
            |account: &Value, key: &str| account[key].as_str().unwrap_or_default().to_owned();
        html! {
            div data-follow="" {
                h2 { "Accounts" (count(accounts.len())) }
                p.note { "Balances are what confirmed deposits brought and withdrawals took, less fees. What comes by bank goes to the first account that is configured for its currency, or else to the first." }
                (table(&["Currency", "Kind", "Balance", "In US dollars", "Id"], accounts.is_empty(), &html! {
                    @for account in accounts {
                        tr {
                            td { (text(account, "currency")) }
                            td { (text(account, "type")) }
                            td.number { (text(account, "balance")) }
                            td.number { (text(account, "balanceReferenceCurrency")) }
                            td { code { (text(account, "accountId")) } }
                        }
                    }
                }))
            }
        }
    }

    fn callbacks(&self) -> Markup {
        let mut callbacks: Vec<_> = self.state.callbacks.iter().collect();
        callbacks.reverse();
        html! {
            (table(&["Number", "Transaction", "Told", "Attempts", ""], callbacks.is_empty(), &html! {
                @for (number, callback) in callbacks.iter().take(ROWS_MAX) {
                    tr {
                        td.number { (number) }
                        td { code { (callback.subject) } }
                        td { (badge(callback.told.word())) }
                        td { (attempts(&callback.attempts)) }
                        td {
                            form method="post" action={"/inspector/callbacks/" (number) "/resend"} {
                                button type="submit" aria-label={"Send callback " (number) " again"} { "Send again" }
                            }
                        }
                    }
                }
            }))
        }
    }

    /// The newest first.
    fn all_payments(&self) -> Vec<Payment> {
        let cards = self.state.invoices().flat_map(|invoice| {
            let transactions = invoice.transactions.iter();
            transactions
                .filter_map(|id| self.state.transaction(*id))
                .map(|transaction| Payment {
                    id: transaction.id.to_string(),
                    created_at: transaction.created_at,
                    customer: scrub(invoice.facts.customer_id.as_str()).into_owned(),
                    way: (
                        format!("/checkout/{}", invoice.facts.id),
                        format!("card ending in {}", invoice.facts.card.last_four),
                    ),
                    amount: format!(
                        "{} {}",
                        transaction.now().amount,
                        invoice.facts.currency.as_str()
                    ),
                    status: transaction.now().status.as_str(),
                })
        });
        let chains = self.state.channels.deposits().map(|deposit| Payment {
            id: deposit.facts.id.to_string(),
            created_at: deposit.created_at,
            customer: scrub(deposit.facts.customer_id.as_str()).into_owned(),
            way: way(deposit),
            amount: format!(
                "{} {}",
                deposit.facts.amount,
                deposit.facts.currency.as_str()
            ),
            status: deposit.now().status.as_str(),
        });
        let mut payments: Vec<_> = cards.chain(chains).collect();
        payments
            .sort_by(|one, other| (other.created_at, &other.id).cmp(&(one.created_at, &one.id)));
        payments
    }
}

/// Where a payment is shown, and by which way it came or went.
fn way(deposit: &Deposit) -> (String, String) {
    let facts = &deposit.facts;
    let (place, word) = match deposit.direction {
        Direction::Out => (format!("/inspector?about={}", facts.id), "withdrawal"),
        Direction::In if facts.sender.is_some() => {
            (format!("/inspector?about={}", facts.id), "bank")
        }
        Direction::In => (format!("/checkout/{}", facts.address), "blockchain"),
    };
    (place, word.to_owned())
}

fn invoice_row(invoice: &Invoice) -> Markup {
    let facts = &invoice.facts;
    let name = facts.order_id.as_ref().map_or_else(
        || facts.id.to_string(),
        |order| scrub(order.as_str()).into_owned(),
    );
    html! {
        tr {
            td { (moment(facts.created_at)) }
            td { a href={"/inspector?about=" (facts.id)} { (name) } }
            td { (scrub(facts.customer_id.as_str())) }
            td.number { (facts.amount) " " (facts.currency.as_str()) }
            td { (badge(invoice.status.as_str())) }
            td {
                @if let (Some(page), InvoiceState::Active) = (&facts.page, invoice.status) {
                    a href={"/3ds/" (page.token.0.simple())} { "3DS page" }
                } @else {
                    a href={"/checkout/" (facts.id)} { "Checkout" }
                }
            }
        }
    }
}

fn attempts(attempts: &[CallbackOutcome]) -> Markup {
    html! {
        @for (index, outcome) in attempts.iter().enumerate() {
            @if index > 0 { ", " }
            @match outcome {
                CallbackOutcome::Answered(status) => { (status) }
                CallbackOutcome::Failed => { "no answer" }
            }
        }
        @if attempts.is_empty() { "none yet" }
    }
}

fn table(heads: &[&str], is_empty: bool, rows: &Markup) -> Markup {
    html! {
        @if is_empty {
            p.empty { "None yet." }
        } @else {
            // Wide tables scroll by themselves on a phone, by keyboard too.
            div.scroll tabindex="0" role="region" aria-label="Table" {
                table {
                    thead { tr { @for head in heads { th scope="col" { (head) } } } }
                    tbody { (rows) }
                }
            }
        }
    }
}

fn count(number: usize) -> Markup {
    html! { " " span.count { (number) @if number > ROWS_MAX { ", the last " (ROWS_MAX) } } }
}

/// A status as a coloured word.
fn badge(status: &str) -> Markup {
    html! { span class={"badge " (status)} { (status) } }
}
