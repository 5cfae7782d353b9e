//! From authentic to confirmed.

use xgateway_api::types::{KycDocumentType, KycStatus, MissingDocument};
use xgateway_callback::{ConfirmedCallback, ConfirmedTransaction, Unconfirmed};

use crate::fixture::{Api, ID, SEED, read, signed};

async fn confirm(body: &str, api: &Api) -> Result<ConfirmedCallback, Unconfirmed> {
    read(body).unwrap().confirm(api).await
}

async fn transaction(body: &str, api: &Api) -> Result<Box<ConfirmedTransaction>, Unconfirmed> {
    match confirm(body, api).await? {
        ConfirmedCallback::Transaction(transaction) => Ok(transaction),
        ConfirmedCallback::BankAccount(_) | ConfirmedCallback::Kyc(_) | _ => {
            panic!("it is about a transaction")
        }
    }
}

fn claiming(status: &str) -> String {
    SEED.replace("confirmed", status)
}

#[tokio::test]
async fn a_confirmed_deposit_is_settled() {
    let api = Api::default().with("confirmed", "10");
    let transaction = transaction(SEED, &api).await.unwrap();
    let deposit = transaction.settled_deposit().unwrap();
    assert_eq!(
        (
            deposit.id(),
            deposit.customer_id(),
            deposit.amount().as_str(),
            deposit.currency().as_str()
        ),
        (ID, "demo_customer_id", "10", "USD")
    );
}

#[tokio::test]
async fn a_forged_status_is_refused() {
    for truth in ["failed", "processing", "pending", "brand_new"] {
        let api = Api::default().with(truth, "10");
        // The hash is genuine: only the status was changed.
        let error = transaction(&claiming("confirmed"), &api).await.unwrap_err();
        assert_eq!(error, Unconfirmed::NotYet, "{truth}");
    }
    let api = Api::default().with("processing", "10");
    let error = transaction(&claiming("failed"), &api).await.unwrap_err();
    assert_eq!(error, Unconfirmed::NotYet);
    let error = transaction(SEED, &Api::default()).await.unwrap_err();
    assert_eq!(
        error,
        Unconfirmed::NotYet,
        "a transaction that the API does not know"
    );
}

#[tokio::test]
async fn the_api_counts_where_a_callback_is_late() {
    for claim in ["failed", "processing", "brand_new", "pending"] {
        let api = Api::default().with("confirmed", "10");
        let transaction = transaction(&claiming(claim), &api).await.unwrap();
        assert!(transaction.settled_deposit().is_some(), "{claim}");
    }
    let api = Api::default().with("failed", "10");
    let transaction = transaction(&claiming("processing"), &api).await.unwrap();
    assert!(transaction.settled_deposit().is_none());
    assert_eq!(transaction.status().as_str(), "failed");
}

#[tokio::test]
async fn a_withdrawal_is_no_settled_deposit() {
    let api = Api::default();
    api.put(&format!(
        r#"{{"id":"{ID}","customerId":"demo_customer_id","amount":"10","currency":"USD","status":"confirmed","type":"withdrawal"}}"#
    ));
    // The callback says `deposit`, which nothing proves.
    let transaction = transaction(SEED, &api).await.unwrap();
    assert!(transaction.settled_deposit().is_none());
}

#[tokio::test]
async fn a_contradiction_is_never_confirmed() {
    let answer = |id: &str, customer: &str, amount: &str, currency: &str| {
        format!(
            r#"{{"id":"{id}","customerId":"{customer}","amount":"{amount}","currency":"{currency}","status":"confirmed","type":"deposit"}}"#
        )
    };
    for (answer, field) in [
        (answer("another", "demo_customer_id", "10", "USD"), "id"),
        (answer(ID, "another", "10", "USD"), "customerId"),
        (answer(ID, "demo_customer_id", "10.01", "USD"), "amount"),
        (answer(ID, "demo_customer_id", "10", "tUSDT"), "currency"),
    ] {
        let api = Api::default();
        api.put(&answer);
        let error = transaction(SEED, &api).await.unwrap_err();
        assert_eq!(error, Unconfirmed::Contradiction { field });
    }
    let api = Api::default().with("confirmed", "10.00");
    assert!(transaction(SEED, &api).await.is_ok(), "the same number");
}

#[tokio::test]
async fn an_api_that_is_away_decides_nothing() {
    let api = Api::default().with("confirmed", "10");
    api.go_away(true);
    let error = transaction(SEED, &api).await.unwrap_err();
    assert!(matches!(error, Unconfirmed::NoAnswer(_)));
}

#[tokio::test]
async fn a_bank_account_is_the_one_of_the_api() {
    // Whoever has seen one such callback can send it with an IBAN of their own.
    let body = signed(
        r#"{"callbackType":"bank_account","customerId":"demo","currency":"EUR","iban":"THE-THIEF'S","status":"ACTIVE"}"#,
    );
    let api = Api::default().with_accounts(
        r#"[{"id":"1","status":"PENDING","currency":"EUR","iban":null},{"id":"2","status":"ACTIVE","currency":"GBP"}]"#,
    );
    assert_eq!(confirm(&body, &api).await.unwrap_err(), Unconfirmed::NotYet);
    let api = Api::default().with_accounts(
        r#"[{"id":"1","status":"ACTIVE","currency":"EUR","iban":"MT36"},{"id":"2","status":"ACTIVE","currency":"GBP"}]"#,
    );
    let ConfirmedCallback::BankAccount(confirmed) = confirm(&body, &api).await.unwrap() else {
        panic!("it is about a bank account");
    };
    assert_eq!(confirmed.accounts().len(), 1);
    assert_eq!(
        confirmed.accounts()[0].iban.as_ref().unwrap().expose(),
        "MT36"
    );
    assert_eq!(
        (confirmed.customer_id(), confirmed.currency()),
        ("demo", "EUR")
    );
    assert_eq!(confirm_none(&body).await, Unconfirmed::NotYet);
}

#[tokio::test]
async fn an_identity_check_is_the_one_of_the_api() {
    // The hash is the same for every status of this customer.
    let body = |status: &str| {
        let body = signed(r#"{"callbackType":"kyc","customerId":"demo","status":"?"}"#);
        body.replace('?', status)
    };
    let api = Api::default()
        .with_kyc(r#"{"id":"demo","status":"SOFT_KYC_FAILED","docsMissing":["SELFIE"]}"#);
    assert_eq!(
        confirm(&body("FULL_USER"), &api).await.unwrap_err(),
        Unconfirmed::NotYet
    );
    let ConfirmedCallback::Kyc(confirmed) = confirm(&body("KYC_PENDING"), &api).await.unwrap()
    else {
        panic!("it is about an identity check");
    };
    assert_eq!(confirmed.status(), &KycStatus::SoftKycFailed);
    let missing = confirmed.state().docs_missing.iter().flatten();
    let missing: Vec<_> = missing.filter_map(MissingDocument::document_type).collect();
    assert_eq!(missing, [&KycDocumentType::Selfie]);
    let api = Api::default().with_kyc(r#"{"id":"demo","status":null}"#);
    assert_eq!(
        confirm(&body("CREATED"), &api).await.unwrap_err(),
        Unconfirmed::NotYet
    );
}

#[tokio::test]
async fn an_empty_order_id_is_none() {
    for (order, want) in [
        ("null", None),
        (r#""""#, None),
        (r#""order-1""#, Some("order-1")),
    ] {
        let api = Api::default();
        api.put(&format!(
            r#"{{"id":"{ID}","customerId":"demo_customer_id","amount":"10","currency":"USD","status":"confirmed","type":"deposit","orderId":{order}}}"#
        ));
        let ConfirmedCallback::Transaction(confirmed) = confirm(SEED, &api).await.unwrap() else {
            panic!("it is about a transaction");
        };
        assert_eq!(confirmed.settled_deposit().unwrap().order_id(), want);
    }
}

#[tokio::test]
async fn an_unknown_kind_is_never_confirmed() {
    let body = SEED.replacen('{', r#"{"callbackType":"chargeback","#, 1);
    let api = Api::default().with("confirmed", "10");
    assert_eq!(
        confirm(&body, &api).await.unwrap_err(),
        Unconfirmed::Unrecognized
    );
}

async fn confirm_none(body: &str) -> Unconfirmed {
    confirm(body, &Api::default()).await.unwrap_err()
}
