//! Which of the gateway's words count, and which contradict the order.

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use xgateway_api::types::CreateInvoiceResponse;
use xgateway_client::{Answered, Error};
use xgateway_flows::card::{Action, Contradiction, Event, Machine, State};

use crate::fixture::{
    answered, deposit, invoice, invoice_reading, machine, refusal, transaction, transaction_reading,
};
use crate::gateway::success;

#[test]
fn a_transaction_counts_only_if_it_is_what_was_ordered() {
    check(&json!({}), &expect!["deposited"]);
    check(&json!({"amount": "25"}), &expect!["deposited"]);
    check(&json!({"orderId": null}), &expect!["deposited"]);
    check(&json!({"orderId": ""}), &expect!["deposited"]);
    check(&json!({"invoiceId": null}), &expect!["deposited"]);
    check(
        &json!({"amount": "25.01"}),
        &expect!["contradiction: the gateway names another amount"],
    );
    check(
        &json!({"amount": "-25.00"}),
        &expect!["contradiction: the gateway names another amount"],
    );
    check(
        &json!({"currency": "USD"}),
        &expect!["contradiction: the gateway names another currency"],
    );
    check(
        &json!({"currency": "eur"}),
        &expect!["contradiction: the gateway names another currency"],
    );
    check(
        &json!({"customerId": "customer-2"}),
        &expect!["contradiction: the gateway names another customer"],
    );
    check(
        &json!({"customerId": ""}),
        &expect!["contradiction: the gateway names another customer"],
    );
    check(
        &json!({"orderId": "order-2"}),
        &expect!["contradiction: the gateway's answer is about another order"],
    );
    check(
        &json!({"invoiceId": "invoice-2"}),
        &expect!["contradiction: the transaction belongs to another invoice"],
    );
    check(
        &json!({"orderId": "", "invoiceId": null}),
        &expect!["contradiction: the transaction belongs to another invoice"],
    );
    check(
        &json!({"orderId": null, "invoiceId": null}),
        &expect!["contradiction: the transaction belongs to another invoice"],
    );
    check(
        &json!({"type": "withdrawal"}),
        &expect!["contradiction: the transaction is no deposit"],
    );
}

/// Nobody has documented in which of the two it is told.
#[test]
fn a_transaction_may_be_told_in_the_currency_that_moved() {
    let told = |changes: &Value| {
        let mut info = json!({
            "transactionAmount": "27.125", "transactionCurrency": "USDC",
            "invoiceBaseAmount": "25", "invoiceBaseCurrency": "EUR",
            "transactionAmountBaseCurrency": "24.998"
        });
        for (key, value) in changes.as_object().unwrap() {
            info[key] = value.clone();
        }
        json!({"amount": "27.125", "currency": "USDC", "info": info})
    };
    for worth in ["24.998", "25", "24.75", "25.25"] {
        let changes = json!({"transactionAmountBaseCurrency": worth});
        check(&told(&changes), &expect!["deposited"]);
    }
    for changes in [
        json!({"transactionAmount": "1"}),
        json!({"transactionAmount": null}),
        // Less moved than was ordered, or more.
        json!({"transactionAmountBaseCurrency": "0.92"}),
        json!({"transactionAmountBaseCurrency": "24.74"}),
        json!({"transactionAmountBaseCurrency": "25.26"}),
        json!({"transactionAmountBaseCurrency": "-25"}),
        json!({"transactionAmountBaseCurrency": null}),
        json!({"invoiceBaseAmount": "25.01"}),
        json!({"invoiceBaseAmount": null}),
        json!({"invoiceBaseAmount": "-25"}),
        json!({"invoiceBaseCurrency": "USD"}),
        json!({"invoiceBaseCurrency": null}),
        json!({"transactionCurrency": "eUSDC"}),
        json!({"transactionCurrency": null}),
    ] {
        check(
            &told(&changes),
            &expect!["contradiction: the gateway names another amount"],
        );
    }
    // The order's own amount in another currency is none that anybody has said to be worth as much.
    let other = json!({"currency": "USD", "info": {"invoiceBaseAmount": "25", "invoiceBaseCurrency": "EUR"}});
    check(
        &other,
        &expect!["contradiction: the gateway names another currency"],
    );
}

/// The amount may be what was asked for: what moved stands beside it.
#[test]
fn what_moved_counts_also_where_the_amount_is_told_in_the_orders_own_currency() {
    let told = |info: &Value| json!({"amount": "25.00", "currency": "EUR", "info": info});
    for info in [
        json!({}),
        json!({"transactionAmountBaseCurrency": null}),
        json!({"transactionAmountBaseCurrency": "24.998", "invoiceBaseCurrency": "EUR"}),
        json!({"transactionAmountBaseCurrency": "24.75"}),
        // Of another invoice than the order's, so it says nothing.
        json!({"transactionAmountBaseCurrency": "0.92", "invoiceBaseCurrency": "USD"}),
    ] {
        check(&told(&info), &expect!["deposited"]);
    }
    for info in [
        json!({"transactionAmountBaseCurrency": "0.92", "invoiceBaseCurrency": "EUR"}),
        json!({"transactionAmountBaseCurrency": "0.92"}),
        json!({"transactionAmountBaseCurrency": "24.74"}),
    ] {
        check(
            &told(&info),
            &expect!["contradiction: the gateway names another amount"],
        );
    }
}

#[test]
fn only_confirmed_is_confirmed() {
    for status in ["pending", "processing", "Confirmed", "completed", ""] {
        check(&json!({"status": status}), &expect!["in progress"]);
    }
    check(&json!({"status": "failed"}), &expect!["failed"]);
    // What did not move cannot contradict.
    check(
        &json!({"status": "failed", "amount": "1.00"}),
        &expect!["failed"],
    );
}

#[test]
fn an_invoice_must_be_that_of_the_order() {
    check_invoice(&json!({}), &expect!["in progress"]);
    check_invoice(
        &json!({"customerId": null, "baseCurrency": null, "type": null}),
        &expect!["in progress"],
    );
    check_invoice(
        &json!({"orderId": null}),
        &expect!["contradiction: the gateway's answer is about another order"],
    );
    check_invoice(
        &json!({"orderId": "order-2"}),
        &expect!["contradiction: the gateway's answer is about another order"],
    );
    check_invoice(
        &json!({"customerId": "customer-2"}),
        &expect!["contradiction: the gateway names another customer"],
    );
    check_invoice(
        &json!({"amount": "26.00"}),
        &expect!["contradiction: the gateway names another amount"],
    );
    check_invoice(
        &json!({"baseCurrency": "USD"}),
        &expect!["contradiction: the gateway names another currency"],
    );
    check_invoice(
        &json!({"type": "withdrawal"}),
        &expect!["contradiction: the transaction is no deposit"],
    );
}

#[test]
fn an_invoice_tells_what_to_read_next() {
    let list = |pairs: &[(&str, &str)]| -> Value {
        let transactions: Vec<_> = pairs
            .iter()
            .map(|(id, status)| json!({"id": id, "status": status}))
            .collect();
        json!({"transactions": transactions})
    };
    check_invoice(
        &list(&[("new", "processing"), ("old", "failed")]),
        &expect!["in progress"],
    );
    check_invoice(
        &list(&[("new", "failed"), ("old", "confirmed")]),
        &expect!["in progress, reads old"],
    );
    let failed = |status: &str| json!({"status": status, "transactions": [{"id": "new", "status": "failed"}]});
    // Its page may still be paid, as far as anybody knows.
    for status in ["created", "active", "processing", "on hold"] {
        check_invoice(&failed(status), &expect!["in progress"]);
    }
    check_invoice(&failed("canceled"), &expect!["in progress, reads new"]);
    // It was paid, whatever its list says yet.
    check_invoice(&failed("completed"), &expect!["in progress"]);
    check_invoice(
        &list(&[("second", "confirmed"), ("first", "confirmed")]),
        &expect!["in progress, reads second, reads first"],
    );
    check_invoice(
        &list(&[("new", "held")]),
        &expect!["in progress, reads new"],
    );
    check_invoice(&json!({"transactions": null}), &expect!["in progress"]);
    check_invoice(&json!({"status": "canceled"}), &expect!["failed"]);
    check_invoice(&json!({"status": "completed"}), &expect!["in progress"]);
}

#[test]
fn another_invoice_under_the_same_order_id_is_a_contradiction() {
    let mut machine = machine();
    machine.step(&Event::InvoiceRead(invoice_reading(&invoice(&json!({})))));
    let other = invoice(&json!({"id": "invoice-2"}));
    machine.step(&Event::InvoiceRead(invoice_reading(&other)));
    assert_eq!(machine.state().name(), "contradiction");
}

#[test]
fn a_hint_at_a_transaction_of_another_order_changes_nothing() {
    for stray in [
        json!({"orderId": "order-2"}),
        json!({"orderId": null, "invoiceId": "invoice-2"}),
        // Nothing moved for this order.
        json!({"invoiceId": "invoice-2", "status": "failed"}),
    ] {
        let lists = [json!({"status": "canceled"}), json!({"status": "active"})];
        for (list, state) in lists.iter().zip(["failed", "in progress"]) {
            let mut machine = machine();
            machine.step(&Event::InvoiceRead(invoice_reading(&invoice(list))));
            let before = machine.clone();
            let read = Event::HintedRead(transaction_reading(&transaction(&stray)));
            assert_eq!(
                (machine.step(&read), &machine),
                (Vec::new(), &before),
                "{state}"
            );
            assert_eq!(machine.state().name(), state);
        }
    }
}

#[test]
fn money_for_the_order_on_an_invoice_that_nobody_knows_is_for_a_person() {
    let stray = transaction(&json!({"id": "transaction-2", "invoiceId": "invoice-2"}));
    let stray = Event::HintedRead(transaction_reading(&stray));
    let listed = json!({"status": "completed", "transactions": [{"id": "transaction-1", "status": "confirmed"}]});
    for (list, want) in [
        (json!({"status": "active"}), Contradiction::Invoice),
        (listed, Contradiction::SecondTransaction),
    ] {
        let mut machine = machine();
        machine.step(&Event::InvoiceRead(invoice_reading(&invoice(&list))));
        if want == Contradiction::SecondTransaction {
            let paid = transaction(&json!({}));
            machine.step(&Event::TransactionRead(transaction_reading(&paid)));
        }
        assert_eq!(machine.step(&stray), [Action::Report(want)]);
        assert_eq!(*machine.state(), State::Contradiction(want));
        // Told once more it makes nothing else of an order that was paid twice.
        machine.step(&stray);
        assert_eq!(*machine.state(), State::Contradiction(want));
    }
}

#[test]
fn beside_what_the_invoice_lists_a_hint_can_only_add_that_it_was_paid() {
    for (status, state) in [
        ("failed", "in progress"),
        ("processing", "in progress"),
        ("confirmed", "deposited"),
    ] {
        let mut machine = machine();
        machine.step(&Event::InvoiceRead(invoice_reading(&invoice(&json!({})))));
        let told = transaction(&json!({"status": status}));
        machine.step(&Event::HintedRead(transaction_reading(&told)));
        assert_eq!(machine.state().name(), state);
    }
}

#[test]
fn an_answer_means_what_it_says_about_delivery() {
    let three_ds = |url: &str| success(&json!({"threeDSURL": url, "message": "x"}));
    check_answer(
        201,
        &three_ds("https://bank.example/3ds"),
        &expect!["Answered { three_ds_url: Some(ThreeDsUrl(**)) }"],
    );
    check_answer(
        201,
        &success(&json!({"threeDSURL": null})),
        &expect!["Answered { three_ds_url: None }"],
    );
    // It was taken, if only the gateway says so itself.
    let taken = expect!["Answered { three_ds_url: None }"];
    check_answer(201, &three_ds("javascript:alert(1)"), &taken);
    check_answer(201, &three_ds(""), &taken);
    check_answer(201, &success(&json!({"threeDSURL": 5})), &taken);
    check_answer(201, "<html>", &expect!["Lost"]);
    check_answer(201, "{}", &expect!["Lost"]);
    check_answer(400, &refusal("bad_request"), &expect!["Refused"]);
    check_answer(400, &refusal("db_violation"), &expect!["Lost"]);
    // Something in between may have blocked the answer of a gateway that has acted.
    for status in [400, 401, 403, 404, 409, 413, 422] {
        check_answer(status, "<html>", &expect!["Lost"]);
    }
    check_answer(401, &refusal("unauthorized"), &expect!["Refused"]);
    check_answer(409, &refusal("conflict"), &expect!["Lost"]);
    check_answer(422, &refusal("unprocessable_content"), &expect!["Refused"]);
    check_answer(429, "", &expect!["Refused"]);
    check_answer(500, &refusal("internal_server_error"), &expect!["Lost"]);
    check_answer(302, "", &expect!["Lost"]);
}

/// Reads the invoice, then this transaction.
#[track_caller]
fn check(changes: &Value, want: &Expect) {
    let mut machine = machine();
    machine.step(&Event::InvoiceRead(invoice_reading(&invoice(&json!({})))));
    let reading = transaction_reading(&transaction(changes));
    machine.step(&Event::TransactionRead(reading));
    want.assert_eq(&describe(&machine));
}

#[track_caller]
fn check_invoice(changes: &Value, want: &Expect) {
    let mut machine = machine();
    let actions = machine.step(&Event::InvoiceRead(invoice_reading(&invoice(changes))));
    let reads: Vec<_> = actions
        .iter()
        .filter_map(|action| match action {
            Action::ReadTransaction(id) => Some(format!(", reads {id}")),
            Action::Send
            | Action::Redirect(_)
            | Action::ReadInvoice
            | Action::ReadHinted(_)
            | Action::Credit(_)
            | Action::Report(_) => None,
        })
        .collect();
    want.assert_eq(&format!("{}{}", describe(&machine), reads.concat()));
}

#[track_caller]
fn check_answer(status: u16, body: &str, want: &Expect) {
    let outcome: Result<Answered<CreateInvoiceResponse>, Error> =
        answered(&deposit(), status, body.to_owned());
    want.assert_eq(&format!("{:?}", Event::of_answer(&outcome)));
}

fn describe(machine: &Machine) -> String {
    if let State::Contradiction(contradiction) = machine.state() {
        format!("contradiction: {contradiction}")
    } else {
        machine.state().to_string()
    }
}
