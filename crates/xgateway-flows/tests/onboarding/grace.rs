//! When a request whose answer was lost may be sent again.

use std::time::Duration;

use async_trait::async_trait;
use http::{Method, StatusCode};
use xgateway_flows::onboarding::{OnboardingFlow, Patience, Pause, Progress, Sequence};
use xgateway_transport::test_util::{ExpectedRequest, ScriptedTransport, Step};

use crate::script::{
    Kept, accounts, client, dossier, kyc, lost, not_sent, path, plan, run, status, taken,
};

#[tokio::test(start_paused = true)]
async fn a_start_whose_answer_is_lost_is_looked_for_and_not_repeated() {
    let mut steps = kyc();
    steps.pop();
    steps.extend([
        lost(Method::POST, "/kyc/verification"),
        status("PENDING_KYC_DATA"),
        status("KYC_PENDING"),
        status("HARD_KYC_FAILED"),
    ]);
    let gateway = ScriptedTransport::new(steps);
    let mut flow = OnboardingFlow::new(
        client(&gateway),
        plan(Sequence::KycFirst),
        dossier("customer-1"),
    )
    .unwrap();
    let progress = run(&mut flow, &mut Kept::default()).await;
    gateway.finish().unwrap();
    assert!(matches!(progress, Progress::Rejected(_)), "{progress:?}");
}

#[tokio::test(start_paused = true)]
async fn a_start_that_never_arrived_is_sent_again_after_the_grace() {
    let mut steps = kyc();
    steps.pop();
    steps.extend([
        lost(Method::POST, "/kyc/verification"),
        status("PENDING_KYC_DATA"),
        // Two pauses are over.
        status("PENDING_KYC_DATA"),
        taken(Method::POST, "/kyc/verification"),
        status("HARD_KYC_FAILED"),
    ]);
    let gateway = ScriptedTransport::new(steps);
    let mut flow = OnboardingFlow::new(
        client(&gateway),
        plan(Sequence::KycFirst),
        dossier("customer-1"),
    )
    .unwrap();
    let progress = run(&mut flow, &mut Kept::default()).await;
    gateway.finish().unwrap();
    assert!(matches!(progress, Progress::Rejected(_)), "{progress:?}");
}

#[tokio::test(start_paused = true)]
async fn a_start_that_meets_a_conflict_is_not_repeated_at_once() {
    let conflict =
        r#"{"errors":[{"code":"conflict","message":"It is under way."}],"success":false}"#;
    let mut steps = kyc();
    steps.pop();
    steps.extend([
        ExpectedRequest::new(Method::POST, path("/kyc/verification"))
            .answers(StatusCode::CONFLICT, conflict),
        status("PENDING_KYC_DATA"),
        status("KYC_PENDING"),
        status("HARD_KYC_FAILED"),
    ]);
    let gateway = ScriptedTransport::new(steps);
    let client = client(&gateway);
    let mut flow =
        OnboardingFlow::new(client, plan(Sequence::KycFirst), dossier("customer-1")).unwrap();
    let progress = run(&mut flow, &mut Kept::default()).await;
    gateway.finish().unwrap();
    assert!(matches!(progress, Progress::Rejected(_)), "{progress:?}");
}

#[tokio::test(start_paused = true)]
async fn an_account_that_was_taken_and_does_not_show_yet_is_asked_for_once() {
    let gateway = ScriptedTransport::new([
        accounts(None),
        taken(Method::POST, "/account"),
        status("FULL_USER"),
        accounts(None),
        status("FULL_USER"),
        accounts(None),
        status("FULL_USER"),
        accounts(Some("ACTIVE")),
    ]);
    let snapshot = PASSED.replace(r#""attempt":"ready""#, r#""attempt":"unchecked""#);
    let client = client(&gateway);
    let mut flow = OnboardingFlow::resume(client, &snapshot, dossier("customer-1")).unwrap();
    let progress = run(&mut flow, &mut Kept::default()).await;
    gateway.finish().unwrap();
    assert!(matches!(progress, Progress::Onboarded(_)), "{progress:?}");
}

/// An account is needed, and nobody knows whether one was asked for.
const PASSED: &str = r#"{"version":1,"flow":"onboarding","customerId":"customer-1","sequence":"kyc_first",
    "currency":"EUR","pages":[],"pagesLeft":[],"passed":true,
    "state":{"name":"account","attempt":"ready"}}"#;

/// Callbacks come one second after another, and each cuts a pause short.
struct WokenEverySecond;

#[async_trait]
impl Pause for WokenEverySecond {
    async fn pause(&self, _attempt: u32) -> Duration {
        Duration::from_secs(1)
    }
}

fn looks(count: usize) -> impl Iterator<Item = Step> {
    (0..count).map(|_| accounts(None))
}

/// With a grace of a minute.
async fn is_onboarded_while_woken(steps: Vec<Step>) {
    let gateway = ScriptedTransport::new(steps);
    let mut flow = OnboardingFlow::resume(client(&gateway), PASSED, dossier("customer-1")).unwrap();
    let patience = Patience {
        grace: Duration::from_mins(1),
        pauses_max: 1000,
    };
    let progress = flow
        .run(&mut Kept::default(), &WokenEverySecond, patience)
        .await
        .unwrap();
    gateway.finish().unwrap();
    assert!(matches!(progress, Progress::Onboarded(_)), "{progress:?}");
}

#[tokio::test(start_paused = true)]
async fn pauses_that_callbacks_cut_short_do_not_end_the_grace() {
    let mut steps = vec![lost(Method::POST, "/account")];
    // The first request is on its way all the while. Asked for again, there would be two accounts.
    steps.extend(looks(59));
    steps.extend([
        accounts(Some("PENDING")),
        status("FULL_USER"),
        accounts(Some("ACTIVE")),
    ]);
    is_onboarded_while_woken(steps).await;
}

#[tokio::test(start_paused = true)]
async fn after_as_many_seconds_as_the_grace_has_it_is_asked_for_again() {
    let mut steps = vec![lost(Method::POST, "/account")];
    steps.extend(looks(60));
    steps.extend([
        taken(Method::POST, "/account"),
        status("FULL_USER"),
        accounts(Some("ACTIVE")),
    ]);
    is_onboarded_while_woken(steps).await;
}

#[tokio::test(start_paused = true)]
async fn what_was_waited_for_before_the_loss_is_no_part_of_the_grace() {
    let gateway = ScriptedTransport::new([
        // A minute passes here, of a grace of two.
        not_sent(Method::POST, "/account"),
        lost(Method::POST, "/account"),
        accounts(None),
        accounts(Some("PENDING")),
        status("FULL_USER"),
        accounts(Some("ACTIVE")),
    ]);
    let mut flow = OnboardingFlow::resume(client(&gateway), PASSED, dossier("customer-1")).unwrap();
    let progress = run(&mut flow, &mut Kept::default()).await;
    gateway.finish().unwrap();
    assert!(matches!(progress, Progress::Onboarded(_)), "{progress:?}");
}
