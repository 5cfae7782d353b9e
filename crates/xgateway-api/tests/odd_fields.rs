//! One property that cannot be read, and on which nothing depends, costs nothing but itself.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use xgateway_api::answer;
use xgateway_api::call::Call;
use xgateway_api::types::{
    BankAccountCallback, ChannelRequest, Gateway8Request, GetBalances, GetBankAccounts, GetInvoice,
    GetKyc, GetTransaction, KycCallback, TransactionCallback,
};

/// What a property could be instead, as JSON text.
const ODD: [(&str, &str); 8] = [
    ("whole", "5"),
    ("fraction", "-0.25"),
    ("exponent", "1e-8"),
    ("exponent text", r#""1e-8""#),
    ("long", r#""0.1234567890123456789012345678901234567890""#),
    ("list", r#"["a",{"b":[1]}]"#),
    ("object", r#"{"a":{"b":["c"]}}"#),
    ("flag", "true"),
];

/// Holds an answer to `C` to `want`: each property that it cannot do without, with what it cannot be.
#[track_caller]
fn check<C>(sample: &Value, want: &Expect)
where
    C: Call,
    C::Answer: Serialize,
{
    check_with(sample, want, |data| {
        let body = format!(r#"{{"data":{data},"success":true}}"#);
        let answer = answer::decode::<C>(200, body.as_bytes());
        answer.ok().map(|it| serde_json::to_value(it).unwrap())
    });
}

/// The same for a callback.
#[track_caller]
fn check_callback<T: DeserializeOwned + Serialize>(sample: &Value, want: &Expect) {
    check_with(sample, want, |body| {
        let read = serde_json::from_str::<T>(body).ok()?;
        Some(serde_json::to_value(read).unwrap())
    });
}

#[track_caller]
fn check_with(sample: &Value, want: &Expect, read: impl Fn(&str) -> Option<Value>) {
    let usual = read(&sample.to_string()).expect("the sample can be read");
    let mut paths = Vec::new();
    walk(&usual, "", &mut paths);
    let mut refused = String::new();
    for path in paths {
        assert_ne!(
            usual.pointer(&path),
            Some(&Value::Null),
            "the sample lacks {path}"
        );
        let mut names = Vec::new();
        for (name, odd) in ODD {
            // As text, since a JSON value would make a float of a number.
            let mut changed = usual.clone();
            *changed.pointer_mut(&path).unwrap() = json!("ODD");
            let Some(got) = read(&changed.to_string().replace(r#""ODD""#, odd)) else {
                names.push(name);
                continue;
            };
            // All else is as it was.
            let mut rest = got.clone();
            let mut before = usual.clone();
            *rest.pointer_mut(&path).unwrap() = Value::Null;
            *before.pointer_mut(&path).unwrap() = Value::Null;
            assert_eq!(rest, before, "{path}: {odd}");
        }
        if !names.is_empty() {
            writeln!(refused, "{path}: {}", names.join(", ")).unwrap();
        }
    }
    want.assert_eq(&refused);
}

/// Every place in an object, but in what is kept as it came.
fn walk(value: &Value, path: &str, paths: &mut Vec<String>) {
    if let Value::Object(entries) = value
        && !path.ends_with("additionalParams")
    {
        for (key, value) in entries {
            let path = format!("{path}/{key}");
            paths.push(path.clone());
            walk(value, &path, paths);
        }
    } else if let Value::Array(items) = value
        && !path.ends_with("docsMissing")
    {
        for (index, item) in items.iter().enumerate() {
            walk(item, &format!("{path}/{index}"), paths);
        }
    }
}

fn transaction() -> Value {
    json!({
        "senderDetails": {"senderIban": "DE1", "senderAccountNumber": "1", "senderSortCode": "2"},
        "amount": "200", "applicationId": "a", "currency": "EUR", "customerId": "c", "hash": "h",
        "id": "t", "invoiceId": "i", "network": "tron", "orderId": "o", "status": "confirmed",
        "transactionHash": "0x", "type": "deposit", "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
        "info": {
            "exchangeRate": "1.03759", "referenceAmount": "207.52", "referenceCurrency": "USD",
            "referenceExchangeRate": "1.000065", "transactionAmount": "207.51518",
            "transactionCurrency": "tUSDT", "invoiceBaseAmount": "200",
            "invoiceBaseCurrency": "EUR", "transactionAmountBaseCurrency": "199.984"
        },
        "fees": {"processing": "7.26", "technical": "0.3"}, "eur": "200.12", "usd": "207.52",
        "additionalParams": {"utr": "1"}
    })
}

#[test]
fn a_transaction() {
    check::<GetTransaction>(
        &transaction(),
        &expect![[r"
            /amount: long, list, object, flag
            /currency: list, object, flag
            /id: list, object, flag
            /invoiceId: list, object, flag
            /orderId: list, object, flag
            /status: list, object, flag
            /type: list, object, flag
        "]],
    );
}

#[test]
fn a_callback_of_a_transaction() {
    let mut sample = transaction();
    sample["callbackType"] = json!("transaction");
    check_callback::<TransactionCallback>(
        &sample,
        &expect![[r"
        /amount: whole, fraction, exponent, long, list, object, flag
        /currency: whole, fraction, exponent, list, object, flag
        /customerId: whole, fraction, exponent, list, object, flag
        /hash: whole, fraction, exponent, list, object, flag
        /id: whole, fraction, exponent, list, object, flag
        /status: whole, fraction, exponent, list, object, flag
    "]],
    );
}

#[test]
fn an_invoice() {
    let sample = json!({
        "amount": "25", "baseCurrency": "EUR", "createdAt": "2026-01-01T00:00:00.000Z",
        "customerId": "c", "id": "i", "paymentUrl": "u", "status": "completed",
        "strategy": "fixed", "type": "deposit", "accountId": "a", "orderId": "o",
        "paymentCurrency": "EUR",
        "transactions": [{
            "id": "t", "createdAt": "2026-01-01T00:00:00.000Z", "type": "deposit", "status": "confirmed"
        }]
    });
    check::<GetInvoice>(
        &sample,
        &expect![[r"
            /amount: long, list, object, flag
            /id: list, object, flag
            /orderId: list, object, flag
            /status: list, object, flag
            /transactions: whole, fraction, exponent, exponent text, long, list, object, flag
            /transactions/0/id: list, object, flag
            /transactions/0/status: list, object, flag
        "]],
    );
}

#[test]
fn what_else_tells_of_money() {
    let sample = json!([{
        "type": "CRYPTO", "accountId": "a", "accountLabel": "l", "accountNumber": "1",
        "accountCurrency": "ETH", "referenceCurrency": "EUR", "currency": "ETH", "balance": "1",
        "paymentMethod": "p", "network": "ethereum", "balanceReferenceCurrency": "2", "withdrawableBalance": "1",
        "withdrawableBalanceReferenceCurrency": "2", "isActive": true, "isWithdrawalAllowed": true,
        "minConfirmationBlock": 2, "fullConfirmationBlock": 6,
        "depositFullConfirmationThresholdReferenceCurrency": "100"
    }]);
    check::<GetBalances>(
        &sample,
        &expect![[r"
        /0/accountId: list, object, flag
        /0/balance: long, list, object, flag
        /0/currency: list, object, flag
    "]],
    );
    let sample = json!({"threeDSURL": "https://bank.example", "message": "m"});
    check::<Gateway8Request>(&sample, &expect![""]);
    let sample = json!({"address": "TQ5", "qrCodeURL": "u", "qrCode": "q"});
    check::<ChannelRequest>(
        &sample,
        &expect![[r"
        /address: list, object, flag
    "]],
    );
}

#[test]
fn a_customer() {
    let sample = json!({
        "id": "k", "status": "SOFT_KYC_FAILED", "docsMissing": ["SELFIE", {"docType": "PASSPORT"}],
        "kycRejectLabel": "r", "kycEndUserErrorMessage": "m"
    });
    check::<GetKyc>(
        &sample,
        &expect![[r"
        /id: list, object, flag
        /status: list, object, flag
    "]],
    );
    let sample = json!({
        "callbackType": "kyc", "customerId": "c", "docsMissing": ["SELFIE"], "hash": "h",
        "kycRejectLabel": "r", "kycEndUserErrorMessage": "m", "status": "FULL_USER"
    });
    check_callback::<KycCallback>(
        &sample,
        &expect![[r"
        /customerId: whole, fraction, exponent, list, object, flag
        /hash: whole, fraction, exponent, list, object, flag
        /status: whole, fraction, exponent, list, object, flag
    "]],
    );
    let sample = json!([{
        "accountNumber": "1", "bic": "b", "customerFirstName": "f", "customerLastName": "l",
        "country": "GB", "currency": "EUR", "iban": "i", "id": "d", "sortCode": "s", "status": "ACTIVE"
    }]);
    check::<GetBankAccounts>(
        &sample,
        &expect![[r"
        /0/id: list, object, flag
        /0/status: list, object, flag
    "]],
    );
    let sample = json!({
        "callbackType": "bank_account", "accountNumber": "1", "bic": "b", "country": "GB", "currency": "EUR",
        "customerId": "c", "hash": "h", "iban": "i", "sortCode": "s", "status": "ACTIVE"
    });
    check_callback::<BankAccountCallback>(
        &sample,
        &expect![[r"
        /currency: whole, fraction, exponent, list, object, flag
        /customerId: whole, fraction, exponent, list, object, flag
        /hash: whole, fraction, exponent, list, object, flag
        /status: whole, fraction, exponent, list, object, flag
    "]],
    );
}

#[test]
fn decimals_are_read_from_the_digits_that_came() {
    let read = |amount: &str| {
        let body = format!(
            r#"{{"data":{{"id":"i","status":"completed","amount":{amount}}},"success":true}}"#
        );
        let invoice = answer::decode::<GetInvoice>(200, body.as_bytes()).unwrap();
        (invoice.amount.as_str().to_owned(), invoice.amount.value())
    };
    for (amount, value) in [
        ("25", "25"),
        ("25.10", "25.10"),
        // A float would make 0.1000000000000000055511151231257827 of one of them, and lose the end of the other.
        ("0.1", "0.1"),
        (
            "1234567890123456.123456789012",
            "1234567890123456.123456789012",
        ),
        ("1e-8", "0.00000001"),
    ] {
        let (text, decimal) = read(amount);
        assert_eq!((text.as_str(), decimal), (amount, value.parse().unwrap()));
    }
}
