//! What was planned earlier changes nobody who has gone further meanwhile.

use jiff::SignedDuration;
use serde_json::json;

use super::{Bank, PDF, applicant, profile};

/// What a customer has begun beside the way that leads to the end.
const BEGUN: [&str; 4] = ["nothing", "applicant", "link", "token"];

/// The last name, and where it leads after ten seconds, ten minutes and a week.
const ENDS: [(&str, [&str; 3]); 5] = [
    ("Roe", ["FULL_USER"; 3]),
    ("Hardfail", ["HARD_KYC_FAILED"; 3]),
    ("Softfail", ["SOFT_KYC_FAILED"; 3]),
    ("Review", ["KYC_PENDING", "KYC_PENDING", "FULL_USER"]),
    ("Reversal", ["FULL_USER", "FULL_USER", "HARD_KYC_FAILED"]),
];

fn begin(bank: &mut Bank, what: &str) {
    let answer = match what {
        "applicant" => bank.post("/kyc/applicant", &applicant("1990-12-25")),
        "link" => bank.post("/kyc/initiate", &json!({})),
        "token" => {
            bank.account("EUR");
            bank.post("/kyc/export", &json!({"token": "t"}))
        }
        _ => return,
    };
    assert_eq!(answer.status, 201, "{what}: {}", answer.text);
}

/// On the vendor's page, at once.
fn by_page(bank: &mut Bank) {
    let link = bank.post("/kyc/initiate", &json!({})).json()["data"].clone();
    bank.gateway.page(link.as_str().unwrap(), "/finish");
}

/// Host to host, as fast as it goes.
fn by_api(bank: &mut Bank) {
    bank.post("/kyc/applicant", &applicant("1990-12-25"));
    bank.wait(SignedDuration::from_secs(15));
    for kind in ["PASSPORT", "SELFIE", "UTILITY_BILL"] {
        assert_eq!(bank.upload(kind, None, PDF), 204);
    }
    assert_eq!(bank.start(), 204);
}

#[test]
fn no_step_that_was_planned_takes_a_later_status_back() {
    for (last_name, ends) in ENDS {
        for begun in BEGUN {
            for (way, go) in [("page", by_page as fn(&mut Bank)), ("api", by_api)] {
                let mut bank = Bank::new();
                bank.post("/user", &profile(last_name));
                begin(&mut bank, begun);
                go(&mut bank);
                let case = format!("{last_name}: {begun}, then by {way}");
                assert_eq!(bank.status(), "KYC_PENDING", "{case}");
                let waits = [
                    SignedDuration::from_secs(10),
                    SignedDuration::from_mins(10),
                    SignedDuration::from_hours(168),
                ];
                for (wait, end) in waits.into_iter().zip(ends) {
                    bank.wait(wait);
                    assert_eq!(bank.status(), end, "{case}, after {wait}");
                }
                let events = bank.gateway.world.events().iter();
                let checks = events.filter(|event| event.name() == "verification_started");
                assert_eq!(checks.count(), 1, "{case}");
                let mut told: Vec<_> = bank
                    .callbacks()
                    .iter()
                    .map(|callback| callback["status"].to_string())
                    .filter(|status| status != "\"ACTIVE\"")
                    .collect();
                let count = told.len();
                told.sort_unstable();
                told.dedup();
                assert_eq!(told.len(), count, "{case}: a status was told twice");
            }
        }
    }
}

#[test]
fn whoever_is_checked_or_at_an_end_begins_nothing_new() {
    for (last_name, ends) in ENDS {
        let mut bank = Bank::new();
        bank.post("/user", &profile(last_name));
        begin(&mut bank, "link");
        by_page(&mut bank);
        bank.account("EUR");
        let is_open = ends[1] == "SOFT_KYC_FAILED";
        let want = if is_open { 201 } else { 400 };
        for (tail, body) in [
            ("/kyc/export", json!({"token": "t"})),
            ("/kyc/initiate", json!({})),
        ] {
            assert_eq!(bank.post(tail, &body).status, want, "{last_name}: {tail}");
        }
        // The vendor has the applicant from its own page.
        let again = bank.post("/kyc/applicant", &applicant("1990-12-25"));
        assert_eq!(again.status, 400, "{last_name}");
        bank.wait(SignedDuration::from_secs(60));
        assert_eq!(bank.status(), ends[1], "{last_name}");
    }
}
