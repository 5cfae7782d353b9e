//! No card number, security code, key or personal datum is printed by any type or error of core and api.

use jiff::civil::date;
use xgateway_api::answer::{self, Refusal};
use xgateway_api::call::{self, Call};
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::json;
use xgateway_api::policy::CardPolicy;
use xgateway_api::rules::GATEWAY8_REQUEST;
use xgateway_api::types::{Gateway8Request, GetTransaction};
use xgateway_core::callback::CallbackHash;
use xgateway_core::card::{CardNumber, Expiry, SecurityCode};
use xgateway_core::issue::Issue;
use xgateway_core::secret::{ApiKey, CardNumberText, PersonalText, SecretKey, SecurityCodeText};

/// Values that stand nowhere else, so that finding one is a leak.
const CANARIES: &[&str] = &[
    "4929 4212 3460 0821",
    "4929421234600821",
    "4929",
    "739",
    "Zebedee",
    "Quillfeather",
    "zebedee.quill@example.com",
    "420 777123987",
    "1987-06-05",
    "203.0.113.77",
    "Unmistakable Lane",
    "Backyard 9z",
    "Xanadupolis",
    "ZZ1 9ZZ",
    "Northmarch",
    "key-5f0c6a9e",
    "secret-77aa",
];

const BODY: &str = r#"{
    "amount": 25, "baseCurrency": "EUR", "orderId": "order-1",
    "accountId": "account-1", "customerId": "customer-1",
    "customerDateOfBirth": "1987-06-05", "customerEmail": "zebedee.quill@example.com",
    "customerFirstName": "Zebedee", "customerLastName": "Quillfeather", "customerPhone": "420 777123987",
    "userIp": "203.0.113.77",
    "billingAddress": {"addressLine1": "Unmistakable Lane", "addressLine2": "Backyard 9z", "city": "Xanadupolis",
                       "countryCode": "CZ", "postalCode": "ZZ1 9ZZ", "state": "Northmarch"},
    "card": {"cardNumber": "4929 4212 3460 0821", "cardholderName": "Zebedee Quillfeather",
             "expiryMonth": "12", "expiryYear": "2028", "cardSecurityCode": "739"}
}"#;

#[track_caller]
fn check(shown: &str) {
    for canary in CANARIES {
        assert!(!shown.contains(canary), "{canary} in {shown}");
    }
}

fn policy() -> CardPolicy {
    let here = Environment::sandbox("http://127.0.0.1:4010/api").expect("a loopback URL");
    CardPolicy::new(&here, date(2026, 11, 21))
}

#[test]
fn requests_print_no_canary() {
    let deposit = CardDeposit::from_json(BODY.as_bytes(), &policy()).expect("the body is valid");
    check(&format!("{deposit:?} {deposit:#?} {:?}", deposit.request()));
    let key = ApiKey::parse("key-5f0c6a9e").expect("a key");
    let request = call::request(&deposit, "https://example.com/api", &key).expect("a base URL");
    // The body is the one place where they must be; the parts around it print none.
    let (parts, body) = request.into_parts();
    check(&format!("{parts:?}"));
    assert!(body.windows(3).any(|window| window == b"739"));
    assert!(deposit.body().is_some());
}

#[test]
fn values_print_no_canary() {
    check(&format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        CardNumber::parse("4929 4212 3460 0821"),
        SecurityCode::parse("739"),
        Expiry::parse("12", "2028"),
        PersonalText::new("Zebedee"),
        CardNumberText::new("4929 4212 3460 0821"),
        SecurityCodeText::new("739"),
        ApiKey::parse("key-5f0c6a9e"),
        SecretKey::parse("secret-77aa"),
        CallbackHash::of(
            &["Zebedee"],
            &SecretKey::parse("secret-77aa").expect("a key")
        ),
    ));
    check(&format!(
        "{:?} {:?} {:?} {:?}",
        CardNumber::parse("4929"),
        SecurityCode::parse("Zebedee"),
        Expiry::parse("4929", "Zebedee"),
        ApiKey::parse("key-5f0c6a9e\n"),
    ));
    assert_eq!(
        serde_json::to_string(&PersonalText::new("Zebedee")).expect("JSON"),
        "\"**\""
    );
}

/// Each value in each place, right or wrong: whatever the issues say, they say no value.
#[test]
fn issues_print_no_canary() {
    let valid: serde_json::Value = serde_json::from_str(BODY).expect("JSON");
    let pointers = [
        "/amount",
        "/accountId",
        "/customerDateOfBirth",
        "/customerEmail",
        "/customerFirstName",
        "/customerLastName",
        "/customerPhone",
        "/userIp",
        "/billingAddress",
        "/billingAddress/addressLine1",
        "/billingAddress/addressLine2",
        "/billingAddress/city",
        "/billingAddress/countryCode",
        "/billingAddress/postalCode",
        "/billingAddress/state",
        "/card",
        "/card/cardNumber",
        "/card/cardholderName",
        "/card/expiryMonth",
        "/card/expiryYear",
        "/card/cardSecurityCode",
        "/orderId",
        "/redirectUrl",
    ];
    let mut count = 0;
    for pointer in pointers {
        for canary in CANARIES {
            let mut body = valid.clone();
            body["redirectUrl"] = "https://example.com".into();
            *body.pointer_mut(pointer).expect("a field") = (*canary).into();
            let text = body.to_string();
            if let Err(error) = CardDeposit::from_json(text.as_bytes(), &policy()) {
                check(&format!("{error} {error:?}"));
                count += 1;
            }
            if let Err(json::ReadError::Invalid(issues)) =
                json::check(&GATEWAY8_REQUEST, text.as_bytes())
            {
                check(&serde_json::to_string(&issues).expect("JSON"));
                check(&issues.iter().map(Issue::to_string).collect::<String>());
            }
            // Cut anywhere, it is no JSON; the error tells only where.
            let error =
                json::read::<Gateway8Request>(&text.as_bytes()[..text.len() - 1]).expect_err("cut");
            check(&format!("{error} {error:?}"));
        }
    }
    assert!(count > 200, "only {count} bodies were refused");
}

#[test]
fn refusals_that_quote_the_card_print_none() {
    let body = format!("<h1>cannot charge</h1><pre>{}</pre>", "4929 4212 3460 0821");
    let refusal = Refusal::decode(500, body.as_bytes());
    check(&format!("{refusal} {refusal:?} {}", refusal.body()));
    let error = answer::decode::<GetTransaction>(
        200,
        br#"{"data":{"id":4929421234600821},"success":true}"#,
    );
    check(&format!("{error:?}"));
}

#[test]
fn bank_details_in_an_answer_print_none() {
    let body = br#"{"data":{"id":"t","status":"confirmed","type":"deposit","amount":"1","currency":"EUR","customerId":"c",
        "senderDetails":{"senderIban":"Zebedee","senderAccountNumber":"Xanadupolis","senderSortCode":"Northmarch"}},"success":true}"#;
    let transaction = answer::decode::<GetTransaction>(200, body).expect("it decodes");
    check(&format!("{transaction:?}"));
    check(&serde_json::to_string(&transaction).expect("JSON"));
}
