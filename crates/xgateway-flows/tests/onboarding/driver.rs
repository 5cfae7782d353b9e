use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use http::{Method, StatusCode};
use serde_json::json;
use xgateway_api::environment::Environment;
use xgateway_api::types::{BankAccountCallback, KycStatus};
use xgateway_core::document::Page;
use xgateway_flows::onboarding::{
    CallbackHint, Dossier, Machine, Need, Note, OnboardingError, OnboardingFlow, Progress,
    Sequence, SnapshotError, State,
};
use xgateway_transport::test_util::{ExpectedRequest, ScriptedTransport};

use crate::script::{
    Kept, accounts, client, client_at, correction, customer, dossier, kyc, lost, path, plan, run,
    status, steps, taken, uploads,
};

#[tokio::test(start_paused = true)]
async fn who_passes_kyc_gets_an_account_that_the_gateway_itself_names() {
    let gateway = steps(vec![
        kyc(),
        vec![
            status("KYC_PENDING"),
            status("FULL_USER"),
            status("FULL_USER"),
            accounts(None),
            taken(Method::POST, "/account"),
            status("FULL_USER"),
            accounts(Some("PENDING")),
            status("FULL_USER"),
            accounts(Some("ACTIVE")),
        ],
    ]);
    let notes = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&notes);
    let mut flow = OnboardingFlow::new(
        client(&gateway),
        plan(Sequence::KycFirst),
        dossier("customer-1"),
    )
    .unwrap()
    .observed_by(move |note| heard.lock().unwrap().push(note));
    let mut kept = Kept::default();

    let progress = run(&mut flow, &mut kept).await;

    gateway.finish().unwrap();
    let Progress::Onboarded(account) = &progress else {
        panic!("{progress:?}");
    };
    let iban = account.details().iban.as_ref().unwrap();
    assert_eq!(iban.expose(), "MT36CFTE28004000000000003225049");
    let last = Machine::from_json(kept.0.last().unwrap()).unwrap();
    assert_eq!(last.state(), State::Onboarded);
    let uploaded: Vec<_> = notes
        .lock()
        .unwrap()
        .iter()
        .filter_map(|note| {
            let Note::Uploaded { page, left } = note else {
                return None;
            };
            Some((*page, *left))
        })
        .collect();
    assert_eq!(
        uploaded,
        [
            (Page::IdCardFront, 2),
            (Page::IdCardBack, 1),
            (Page::Selfie, 0)
        ]
    );
    let sent = |note: &Note| matches!(note, Note::Sending { sent_bytes, total_bytes, .. } if sent_bytes == total_bytes);
    assert_eq!(
        notes
            .lock()
            .unwrap()
            .iter()
            .filter(|note| sent(note))
            .count(),
        3
    );

    // Nothing of all that was handed in shows anywhere.
    let shown = format!(
        "{flow:?} {progress:?} {:?} {}",
        notes.lock().unwrap(),
        kept.0.join(" ")
    );
    for secret in ["canary", "1990", "MT36", "CFTE"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_seeds_order_has_the_account_first() {
    let mut all = kyc();
    all.splice(1..1, [accounts(None), taken(Method::POST, "/account")]);
    all.extend([
        status("FULL_USER"),
        status("FULL_USER"),
        accounts(Some("ACTIVE")),
    ]);
    let gateway = ScriptedTransport::new(all);
    let mut flow = OnboardingFlow::new(
        client(&gateway),
        plan(Sequence::AccountFirst),
        dossier("customer-1"),
    )
    .unwrap();
    let progress = run(&mut flow, &mut Kept::default()).await;
    gateway.finish().unwrap();
    assert!(matches!(progress, Progress::Onboarded(_)), "{progress:?}");
}

#[tokio::test(start_paused = true)]
async fn a_soft_failure_is_corrected_and_verified_once_more() {
    let failure = json!({"data": {
        "id": "customer-1", "status": "SOFT_KYC_FAILED", "docsMissing": [{"docType": "SELFIE"}, "PASSPORT"],
        "kycRejectLabel": "BAD_SELFIE", "kycEndUserErrorMessage": "canary",
    }, "success": true});
    let failed = || ExpectedRequest::get(path("/kyc")).answers(StatusCode::OK, failure.to_string());
    let gateway = steps(vec![
        kyc(),
        vec![status("KYC_PENDING"), failed(), taken(Method::PATCH, "")],
        uploads(1),
        vec![
            failed(),
            taken(Method::POST, "/kyc/verification"),
            // Not visible yet. To take it for a second failure would lead to a second start.
            failed(),
            status("KYC_PENDING"),
            status("HARD_KYC_FAILED"),
        ],
    ]);
    let mut flow = OnboardingFlow::new(
        client(&gateway),
        plan(Sequence::KycFirst),
        dossier("customer-1"),
    )
    .unwrap();
    let mut kept = Kept::default();
    let progress = run(&mut flow, &mut kept).await;
    let Progress::Failed(verdict) = &progress else {
        panic!("{progress:?}");
    };
    let missing: Vec<_> = verdict
        .missing()
        .iter()
        .map(|it| it.as_str().to_owned())
        .collect();
    assert_eq!(missing, ["SELFIE", "PASSPORT"]);
    assert_eq!(verdict.reject_label(), Some("BAD_SELFIE"));
    assert_eq!(verdict.message().unwrap().expose(), "canary");
    assert!(!format!("{progress:?}").contains("canary"));

    // In another process, hours later.
    let snapshot = kept.0.pop().unwrap();
    let mut flow =
        OnboardingFlow::resume(client(&gateway), &snapshot, dossier("customer-1")).unwrap();
    flow.correct(correction(), vec![Page::Selfie]).unwrap();
    let progress = run(&mut flow, &mut kept).await;
    gateway.finish().unwrap();
    let Progress::Rejected(verdict) = &progress else {
        panic!("{progress:?}");
    };
    assert_eq!(verdict.status(), Some(&KycStatus::HardKycFailed));
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_broke_off_goes_on_with_the_first_side_that_is_missing() {
    let gateway = ScriptedTransport::new([
        lost(Method::PUT, "/kyc/document"),
        taken(Method::PUT, "/kyc/document"),
    ]);
    let snapshot = r#"{"version":1,"flow":"onboarding","customerId":"customer-1","sequence":"kyc_first",
        "currency":"EUR","pages":["id-card-front","id-card-back","selfie"],
        "pagesLeft":["id-card-back","selfie"],"passed":false,"state":{"name":"documents"}}"#;
    let mut flow =
        OnboardingFlow::resume(client(&gateway), snapshot, dossier("customer-1")).unwrap();
    assert!(matches!(
        flow.advance().await,
        Progress::Waiting { error: Some(_) }
    ));
    assert!(matches!(flow.advance().await, Progress::Working));
    assert_eq!(flow.machine().pages_left(), [Page::Selfie]);
    gateway.finish().unwrap();

    // What is not handed in again is asked for.
    let bare = Dossier::new(customer("customer-1")).files(BTreeMap::new());
    let mut flow = OnboardingFlow::resume(client(&gateway), snapshot, bare).unwrap();
    let progress = flow.advance().await;
    assert!(
        matches!(progress, Progress::Needs(Need::File(Page::IdCardBack))),
        "{progress:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_comes_too_late_is_not_sent_for_ever() {
    let refused = || {
        let body =
            r#"{"errors":[{"code":"bad_request","message":"KYC is under way."}],"success":false}"#;
        ExpectedRequest::new(Method::PUT, path("/kyc/document"))
            .answers(StatusCode::BAD_REQUEST, body)
    };
    let snapshot = r#"{"version":1,"flow":"onboarding","customerId":"customer-1","sequence":"kyc_first",
        "currency":"EUR","pages":["id-card-front","selfie"],"pagesLeft":["selfie"],"passed":false,
        "state":{"name":"documents"}}"#;
    for (seen, state) in [("KYC_PENDING", "verifying"), ("FULL_USER", "opening")] {
        let gateway = steps(vec![vec![refused(), status(seen)]]);
        let client = client(&gateway);
        let mut flow = OnboardingFlow::resume(client, snapshot, dossier("customer-1")).unwrap();
        assert!(matches!(flow.advance().await, Progress::Working));
        assert_eq!(flow.machine().state().name(), state);
        assert_eq!(flow.machine().pages_left(), []);
        gateway.finish().unwrap();
    }

    // It is the upload itself that is refused.
    let gateway = steps(vec![vec![refused(), status("PENDING_KYC_DATA")]]);
    let client = client(&gateway);
    let mut flow = OnboardingFlow::resume(client, snapshot, dossier("customer-1")).unwrap();
    assert!(matches!(flow.advance().await, Progress::Refused(_)));
    assert_eq!(flow.machine().pages_left(), [Page::Selfie]);
    gateway.finish().unwrap();
}

#[test]
fn nothing_goes_to_another_environment() {
    let gateway = ScriptedTransport::new([]);
    let begun = OnboardingFlow::new(
        client(&gateway),
        plan(Sequence::KycFirst),
        dossier("customer-1"),
    );
    let here = client(&gateway).environment().base_url().to_owned();
    let there = "http://127.0.0.1:4010/api";
    let elsewhere = || client_at(Environment::sandbox(there).unwrap(), &gateway);
    let error = OnboardingError::Snapshot(SnapshotError::OtherEnvironment {
        begun_at: here.as_str().into(),
        asked: there.into(),
    });
    let resume =
        |snapshot: &str| OnboardingFlow::resume(elsewhere(), snapshot, dossier("customer-1"));
    assert_eq!(resume(&begun.unwrap().snapshot()).unwrap_err(), error);

    // One of a version that did not say it belongs to where it is taken up first.
    let old = r#"{"version":1,"flow":"onboarding","customerId":"customer-1","sequence":"kyc_first","currency":"EUR","pages":[],"pagesLeft":[],"passed":false,"state":{"name":"profile"}}"#;
    let taken_up = OnboardingFlow::resume(client(&gateway), old, dossier("customer-1")).unwrap();
    assert_eq!(taken_up.machine().environment(), Some(&*here));
    assert_eq!(resume(&taken_up.snapshot()).unwrap_err(), error);
    gateway.finish().unwrap();
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_to_another_customer() {
    let snapshot = OnboardingFlow::new(
        client(&ScriptedTransport::new([])),
        plan(Sequence::KycFirst),
        dossier("customer-1"),
    )
    .unwrap()
    .snapshot();
    let gateway = ScriptedTransport::new([]);
    for result in [
        OnboardingFlow::new(
            client(&gateway),
            plan(Sequence::KycFirst),
            dossier("customer-2"),
        ),
        OnboardingFlow::resume(client(&gateway), &snapshot, dossier("customer-2")),
    ] {
        assert_eq!(result.unwrap_err(), OnboardingError::OtherCustomer);
    }
    let answer = json!({"data": {"id": "customer-2", "status": "FULL_USER"}, "success": true});
    let gateway = ScriptedTransport::new([
        taken(Method::POST, "/user"),
        ExpectedRequest::get(path("/kyc")).answers(StatusCode::OK, answer.to_string()),
    ]);
    let mut flow = OnboardingFlow::new(
        client(&gateway),
        plan(Sequence::KycFirst),
        dossier("customer-1"),
    )
    .unwrap();
    let progress = run(&mut flow, &mut Kept::default()).await;
    assert!(matches!(progress, Progress::OtherCustomer), "{progress:?}");
    assert!(matches!(flow.advance().await, Progress::OtherCustomer));
    assert_eq!(
        flow.correct(dossier("customer-2"), Vec::new()),
        Err(OnboardingError::OtherCustomer)
    );
    gateway.finish().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_callback_is_a_hint_and_a_reversal_is_reported() {
    let onboarded = r#"{"version":1,"flow":"onboarding","customerId":"customer-1","sequence":"kyc_first",
        "currency":"EUR","pages":[],"pagesLeft":[],"passed":true,"state":{"name":"onboarded"}}"#;
    let gateway = ScriptedTransport::new([
        status("FULL_USER"),
        accounts(Some("ACTIVE")),
        status("SOFT_KYC_FAILED"),
        status("SOFT_KYC_FAILED"),
    ]);
    let mut flow =
        OnboardingFlow::resume(client(&gateway), onboarded, dossier("customer-1")).unwrap();
    let forged: BankAccountCallback = serde_json::from_value(json!({
        "callbackType": "bank_account", "customerId": "customer-1", "currency": "EUR", "hash": "any",
        "iban": "DE89370400440532013000", "status": "ACTIVE",
    }))
    .unwrap();
    let hint = CallbackHint::of_bank_account(&forged).unwrap();
    let progress = flow.callback_hint(&hint).await;
    let Progress::Onboarded(account) = progress else {
        panic!("{progress:?}");
    };
    let iban = account.details().iban.as_ref().unwrap();
    assert_eq!(iban.expose(), "MT36CFTE28004000000000003225049");

    let other = CallbackHint::new(customer("customer-2"));
    assert!(matches!(
        flow.callback_hint(&other).await,
        Progress::Waiting { error: None }
    ));
    let progress = flow.callback_hint(&hint).await;
    assert!(matches!(progress, Progress::Reversed(_)), "{progress:?}");
    let progress = flow.advance().await;
    assert!(matches!(progress, Progress::Failed(_)), "{progress:?}");
    gateway.finish().unwrap();
}

#[tokio::test]
async fn all_that_is_wrong_is_said_before_anything_is_sent() {
    let folder = std::env::temp_dir().join("no-such-folder-of-documents");
    let files = BTreeMap::from([(Page::Selfie, folder.join("canary.jpg"))]);
    let profile = serde_json::from_str(r#"{"firstName":"","email":"canary"}"#).unwrap();
    let dossier = Dossier::new(customer("customer-1"))
        .profile(profile)
        .files(files);
    let issues = dossier
        .check(&[Page::Selfie, Page::UtilityBill])
        .await
        .unwrap_err();
    let paths: Vec<_> = issues.iter().map(|it| it.path().to_string()).collect();
    assert_eq!(
        paths,
        [
            "profile.email",
            "profile.firstName",
            "documents.selfie",
            "documents.utility-bill"
        ]
    );
    assert!(!issues.to_string().contains("canary"));
}

#[tokio::test(start_paused = true)]
async fn patience_ends_where_nothing_can_be_reached() {
    let ready = r#"{"version":1,"flow":"onboarding","customerId":"customer-1","sequence":"kyc_first",
        "currency":"EUR","pages":[],"pagesLeft":[],"passed":false,
        "state":{"name":"verification","attempt":"ready"}}"#;
    // A script without steps refuses everything, and nothing is sent.
    let gateway = ScriptedTransport::new([]);
    let mut flow = OnboardingFlow::resume(client(&gateway), ready, dossier("customer-1")).unwrap();
    let progress = run(&mut flow, &mut Kept::default()).await;
    assert!(
        matches!(progress, Progress::Waiting { error: Some(_) }),
        "{progress:?}"
    );
}
