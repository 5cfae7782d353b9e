//! Each example runs to its end and tells what it should.

use std::process::Command;

#[track_caller]
fn check(program: &str, lines: &[&str]) {
    let run = Command::new(program)
        .output()
        .expect("the example is built with this test");
    let (out, err) = (
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr),
    );
    assert!(run.status.success(), "{out}{err}");
    assert_eq!(out.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn card_deposit() {
    check(
        env!("CARGO_BIN_EXE_card_deposit"),
        &[
            "order-1: the customer is sent to the 3DS page",
            "order-1: credit 25.00 EUR to customer-1",
            "order-2: nobody knows; resolve the ticket: read the invoice by its order id, and send nothing before that tells",
            "order-2: credit 25.00 EUR to customer-1",
            "order-3: declined; the customer takes another card",
            "order-3#2: credit 25.00 EUR to customer-1",
        ],
    );
}

#[test]
fn custom_transport() {
    check(
        env!("CARGO_BIN_EXE_custom_transport"),
        &[
            "no invoice for never-sent: the gateway refused: get_invoice was answered with status 404 (not_found)",
        ],
    );
}

#[test]
fn onboarding() {
    check(
        env!("CARGO_BIN_EXE_onboarding"),
        &[
            "  now: documents",
            "  uploaded: driving-licence-front, 3 to come",
            "  uploaded: driving-licence-back, 2 to come",
            "  uploaded: selfie, 1 to come",
            "  uploaded: utility-bill, 0 to come",
            "the customer is told: Enter your date of birth exactly as it is on your identity document.",
            "  now: correcting",
            "  now: documents",
            "  uploaded: driving-licence-back, 0 to come",
            "  now: opening",
            "  now: opening",
            "the account is open, says the gateway itself",
            "250.00 EUR from John Doe: credited to customer-1",
            "250.00 EUR from Doe Ltd: sender_is_company",
        ],
    );
}

#[test]
fn shop() {
    check(
        env!("CARGO_BIN_EXE_shop"),
        &[
            "ann and bob have an address each, for ever",
            "callbacks: 3, each delivered three times",
            "  callbacks booked in one transaction: 3",
            "somebody calls bob's failed payment confirmed: answered 200",
            "  not what the API says: put back, to be asked again",
            "an hour later it is confirmed in truth",
            "callbacks: 1, each delivered three times",
            "  callbacks booked in one transaction: 1",
            "credited: ann +25 tUSDT, which makes 25",
            "credited: ann +0.1 tUSDT, which makes 25.1",
            "credited: bob +40 tUSDT, which makes 40",
            "in the books: ann has 25.1 tUSDT (credits: 2)",
            "in the books: bob has 40 tUSDT (credits: 1)",
        ],
    );
}
