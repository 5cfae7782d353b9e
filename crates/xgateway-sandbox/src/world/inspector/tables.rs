//! Who and what there is: payments, customers, accounts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::Value;

use super::table::{Column, numbers, table, words};
use super::timeline::encoded;
use crate::event::{CallbackOutcome, CustomerNews, InvoiceState, KycStatus, MerchantText};
use crate::hidden;
use crate::page::{moment, name};
use crate::state::{Callback, Deposit, Direction, Invoice, Told};
use crate::world::World;

/// How many rows a table shows.
const ROWS_MAX: usize = 200;

const INVOICES: [Column; 6] = [
    words("Made"),
    words("Order"),
    words("Customer"),
    numbers("Amount"),
    words("Status"),
    words("Page"),
];

const TRANSACTIONS: [Column; 6] = [
    words("Made"),
    words("Id"),
    words("Customer"),
    words("Way"),
    numbers("Amount"),
    words("Status"),
];

const CALLBACKS: [Column; 6] = [
    words("Number"),
    words("Kind"),
    words("About"),
    words("Told"),
    words("Attempts"),
    words("Again"),
];

const CUSTOMERS: [Column; 5] = [
    words("Customer"),
    words("KYC"),
    words("Bank accounts"),
    numbers("Invoices"),
    numbers("Addresses"),
];

/// What there is of one customer.
#[derive(Default)]
struct CustomerRow {
    kyc: Option<&'static str>,
    /// Their currencies.
    accounts: String,
    invoices: usize,
    addresses: usize,
}

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
            div data-follow=(self.changes("/inspector")) {
                h2 { "Invoices" (count(invoices.len())) }
                (table(INVOICES, invoices.iter().take(ROWS_MAX).map(|invoice| invoice_row(invoice))))
                h2 { "Transactions" (count(payments.len())) }
                (table(TRANSACTIONS, payments.iter().take(ROWS_MAX).map(payment_row)))
                h2 { "Callbacks" (count(usize::try_from(self.state.callbacks.count()).unwrap_or(usize::MAX))) }
                (self.callbacks())
            }
        }
    }

    pub(super) fn customers(&self) -> Markup {
        let mut customers: BTreeMap<String, CustomerRow> = BTreeMap::new();
        let mut row = |id: &MerchantText, change: &dyn Fn(&mut CustomerRow)| {
            change(customers.entry(id.shown().into_owned()).or_default());
        };
        for (id, customer) in self.state.customers.iter() {
            row(id, &|row| {
                row.kyc = customer.status().map(KycStatus::as_str);
                let currencies = customer.accounts.iter().map(|it| &*it.facts.currency);
                row.accounts = currencies.collect::<Vec<_>>().join(", ");
            });
        }
        for invoice in self.state.invoices() {
            row(&invoice.facts.customer_id, &|row| row.invoices += 1);
        }
        let mut addresses: Vec<_> = self.state.channels.addresses().collect();
        addresses.sort_by_key(|facts| (facts.customer_id.as_str(), facts.currency.as_str()));
        for facts in &addresses {
            row(&facts.customer_id, &|row| row.addresses += 1);
        }
        html! {
            div data-follow=(self.changes("/inspector")) {
                h2 { "Customers" (count_of_first(customers.len())) }
                (table(CUSTOMERS, customers.iter().take(ROWS_MAX).map(customer_row)))
                h2 { "Addresses" (count_of_first(addresses.len())) }
                (table(
                    [words("Customer"), words("Currency"), words("Address")],
                    addresses.iter().take(ROWS_MAX).map(|facts| {
                        [
                            html! { (name(facts.customer_id.as_str())) },
                            html! { (facts.currency.as_str()) },
                            html! { a href={"/checkout/" (facts.address)} { code { (facts.address) } } },
                        ]
                    }),
                ))
            }
        }
    }

    pub(super) fn accounts_page(&self) -> Markup {
        let answer: Value = serde_json::from_slice(self.read_balances().body()).unwrap_or_default();
        let accounts = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
        let text =
            |account: &Value, key: &str| account[key].as_str().unwrap_or_default().to_owned();
        html! {
            div data-follow=(self.changes("/inspector")) {
                h2 { "Accounts" (count(accounts.len())) }
                p.note { "Balances are what confirmed deposits brought and withdrawals took, less fees. What comes by bank goes to the first account that is configured for its currency, or else to the first." }
                (table(
                    [
                        words("Currency"),
                        words("Kind"),
                        numbers("Balance"),
                        numbers("In US dollars"),
                        words("Id"),
                    ],
                    accounts.iter().map(|account| {
                        [
                            html! { (text(account, "currency")) },
                            html! { (text(account, "type")) },
                            html! { (text(account, "balance")) },
                            html! { (text(account, "balanceReferenceCurrency")) },
                            html! { code { (text(account, "accountId")) } },
                        ]
                    }),
                ))
            }
        }
    }

    fn callbacks(&self) -> Markup {
        let mut callbacks: Vec<_> = self.state.callbacks.iter().collect();
        callbacks.reverse();
        table(
            CALLBACKS,
            callbacks
                .iter()
                .take(ROWS_MAX)
                .map(|(number, callback)| callback_row(*number, callback)),
        )
    }

    fn all_payments(&self) -> Vec<Payment> {
        let cards = self.state.invoices().flat_map(|invoice| {
            let transactions = invoice.transactions.iter();
            transactions
                .filter_map(|id| self.state.transaction(*id))
                .map(|transaction| Payment {
                    id: transaction.id.to_string(),
                    created_at: transaction.created_at,
                    customer: hidden::shown(invoice.facts.customer_id.as_str()).into_owned(),
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
            customer: hidden::shown(deposit.facts.customer_id.as_str()).into_owned(),
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
        Direction::In => (
            format!("/checkout/{}", facts.address.as_str()),
            "blockchain",
        ),
    };
    (place, word.to_owned())
}

fn customer_row((customer, row): (&String, &CustomerRow)) -> [Markup; 5] {
    [
        html! { a href={"/inspector?about=" (encoded(customer))} { (name(customer)) } },
        html! { @if let Some(status) = row.kyc { (badge(status)) } },
        html! { (row.accounts) },
        html! { (row.invoices) },
        html! { (row.addresses) },
    ]
}

fn invoice_row(invoice: &Invoice) -> [Markup; 6] {
    let facts = &invoice.facts;
    let order = facts.order_id.as_ref();
    let called = order.map_or_else(|| facts.id.to_string(), |order| name(order.as_str()));
    [
        moment(facts.created_at),
        html! { a href={"/inspector?about=" (facts.id)} { (called) } },
        html! { (name(facts.customer_id.as_str())) },
        html! { (facts.amount) " " (facts.currency.as_str()) },
        badge(invoice.status.as_str()),
        html! {
            @if let (Some(page), InvoiceState::Active) = (&facts.page, invoice.status) {
                a href={"/3ds/" (page.token.0.simple())} { "3DS page" }
            } @else {
                a href={"/checkout/" (facts.id)} { "Checkout" }
            }
        },
    ]
}

fn payment_row(payment: &Payment) -> [Markup; 6] {
    [
        moment(payment.created_at),
        html! { a href={"/inspector?about=" (payment.id)} { code { (payment.id) } } },
        html! { (name(&payment.customer)) },
        html! { a href=(payment.way.0) { (payment.way.1) } },
        html! { (payment.amount) },
        badge(payment.status),
    ]
}

fn callback_row(number: u64, callback: &Callback) -> [Markup; 6] {
    let (kind, about) = match &callback.told {
        Told::Transaction(_) => ("transaction", html! { code { (callback.subject) } }),
        Told::Customer(customer, CustomerNews::Kyc { .. }) => {
            ("KYC", html! { (name(customer.as_str())) })
        }
        Told::Customer(customer, CustomerNews::Account(_) | CustomerNews::PendingAccount(_)) => {
            ("bank account", html! { (name(customer.as_str())) })
        }
    };
    [
        html! { (number) },
        html! { (kind) },
        about,
        badge(callback.told.word()),
        attempts(&callback.attempts),
        html! {
            form method="post" action={"/inspector/callbacks/" (number) "/resend"} {
                button type="submit" aria-label={"Send callback " (number) " again"} { "Send again" }
            }
        },
    ]
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

/// Of a list with the newest first.
fn count(number: usize) -> Markup {
    html! { " " span.count { (number) @if number > ROWS_MAX { ", the last " (ROWS_MAX) } } }
}

/// Of a list by name.
fn count_of_first(number: usize) -> Markup {
    html! { " " span.count { (number) @if number > ROWS_MAX { ", the first " (ROWS_MAX) } } }
}

/// A status as a coloured word.
fn badge(status: &str) -> Markup {
    html! { span class={"badge " (status)} { (status) } }
}
