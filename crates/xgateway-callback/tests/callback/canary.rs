//! Nothing of a callback, of a key or of a hash is shown.

use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;
use xgateway_callback::{
    AtLeastOnce, ConfirmedCallback, Handler, HandlerError, KeyRing, Processor, RawCallback,
    Receiver, explain, hash_of,
};
use xgateway_store::{Inbox as _, Kind, ListQuery, MemoryInbox};

use crate::fixture::{Api, ENVIRONMENT, ID, TestClock, key, read, signed};

const SECRET: &str = "test_secret_key";
const CANARIES: [&str; 7] = [
    "canary.customer@example.com",
    "4271.93",
    "CANARY-IBAN",
    "canary-order",
    "canary_kind",
    "CANARY_STATUS",
    SECRET,
];

fn body() -> String {
    signed(&format!(
        r#"{{"id":"{ID}","customerId":"canary.customer@example.com","amount":"4271.93","currency":"USD",
        "status":"CANARY_STATUS","orderId":"canary-order","senderDetails":{{"senderIban":"CANARY-IBAN"}}}}"#
    ))
}

#[track_caller]
fn check(shown: &str) {
    let hash = hash_of(body().as_bytes(), &key(SECRET))
        .unwrap()
        .to_string();
    for canary in CANARIES.into_iter().chain([&*hash]) {
        assert!(!shown.contains(canary), "{canary} in {shown}");
    }
}

#[derive(Debug)]
struct Nothing;

#[async_trait::async_trait]
impl Handler for Nothing {
    async fn handle(&self, callback: &ConfirmedCallback) -> Result<(), HandlerError> {
        check(&format!("{callback:?}"));
        Ok(())
    }
}

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[tokio::test]
async fn neither_logs_nor_debug_nor_reasons_show_anything() {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(|| LOG.make_writer())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    // A place that another test's thread reaches for the first time meanwhile would stay silent.
    let see_all = tracing::callsite::rebuild_interest_cache;

    let body = body();
    let inbox = Arc::new(MemoryInbox::new());
    let clock = Arc::new(TestClock::default());
    let receiver = Receiver::new(
        inbox.clone(),
        ENVIRONMENT,
        KeyRing::new(key(SECRET)),
        clock.clone(),
    );
    let unknown = body.replacen('{', r#"{"callbackType":"canary_kind","#, 1);
    see_all();
    for body in [
        body.clone(),
        body.clone(),
        unknown.clone(),
        body.replace("4271.93", "4271.94"),
        body.replacen('{', "", 1),
        body.replace("\"4271.93\"", "4271.93"),
        format!("{body}{body}"),
    ] {
        let answer = receiver.receive(body).await;
        check(&format!("{answer:?}"));
    }
    see_all();
    let api = Api::default();
    api.put(&format!(
        r#"{{"id":"{ID}","customerId":"canary.customer@example.com","amount":"4271.93","currency":"USD","status":"confirmed","type":"deposit","orderId":"canary-order"}}"#
    ));
    let apply = Arc::new(AtLeastOnce::new(inbox.clone(), Nothing));
    let processor = Processor::new(Arc::new(api), apply, clock);
    assert_eq!(processor.round().await.unwrap().applied, 1);
    assert_eq!(processor.round().await.unwrap().dead, 1);

    let kyc =
        r#"{"callbackType":"kyc","customerId":"canary.customer@example.com","status":"FULL_USER"}"#;
    let answer = receiver.receive(signed(kyc)).await;
    assert_eq!(answer.status(), 200);
    let entries = inbox.list(ListQuery::default()).await.unwrap();
    assert!(entries.iter().any(|it| it.key.kind() == Kind::Kyc));
    for entry in entries {
        check(&format!("{:?}", entry.reason));
        let shown = format!("{entry:?}");
        assert!(!shown.contains(CANARIES[0]), "{shown}");
    }
    let raw = RawCallback::new(body.as_bytes()).unwrap();
    check(&format!("{raw:?}"));
    for body in [&body, &unknown] {
        let callback = RawCallback::new(body.as_bytes())
            .unwrap()
            .authenticate(receiver.ring())
            .unwrap();
        check(&format!("{callback:?} {:?}", callback.proven()));
    }
    check(&format!("{receiver:?} {processor:?} {:?}", receiver.ring()));
    let explanation = explain(
        body.replace("\"USD\"", "\"usd\"").as_bytes(),
        receiver.ring(),
    );
    check(&format!("{explanation:?} {explanation}"));

    let log = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("callback stored") && log.contains("callback processed"),
        "{log}"
    );
    check(&log);
}

#[tokio::test]
async fn what_the_api_says_of_a_person_is_not_shown() {
    let customer = "canary.customer@example.com";
    let kyc = format!(r#"{{"callbackType":"kyc","customerId":"{customer}","status":"CREATED"}}"#);
    let account = format!(
        r#"{{"callbackType":"bank_account","customerId":"{customer}","currency":"GBP","status":"ACTIVE"}}"#
    );
    let api = Api::default()
        .with_kyc(&format!(
            r#"{{"id":"{customer}","status":"HARD_KYC_FAILED","kycEndUserErrorMessage":"CANARY-IBAN"}}"#
        ))
        .with_accounts(
            r#"[{"id":"1","status":"ACTIVE","currency":"GBP","iban":"CANARY-IBAN","accountNumber":"4271.93",
            "sortCode":"4271.93","customerFirstName":"CANARY_STATUS","customerLastName":"canary-order"}]"#,
        );
    for body in [kyc, account].map(|body| signed(&body)) {
        let callback = read(&body).unwrap();
        let confirmed = callback.confirm(&api).await.unwrap();
        check(&format!("{confirmed:?}"));
    }
}
