//! Customers who pay by bank: every precondition, every status, magic data, payments and callbacks.

mod planned;

use bytes::Bytes;
use http::{Method, Request, Response};
use jiff::SignedDuration;
use serde_json::{Value, json};
use xgateway_api::operations;
use xgateway_api::types::{CallbackType, KycCallback, MissingDocument};
use xgateway_core::bank::{AccountNumber, Bic, Iban, SortCode};
use xgateway_core::callback::CallbackHash;
use xgateway_sandbox::{Config, EXAMPLE_AGREEMENT_HASHES as HASHES, KycOrder, OutgoingCallback};

use crate::support::{Answer, Gateway};

const PDF: &[u8] = b"%PDF-1.7 canary document";

fn path(tail: &str) -> String {
    format!("/api/v2/customer/customer-1/bank-transfer{tail}")
}

fn profile(last_name: &str) -> Value {
    json!({
        "country": "GB", "currency": "EUR", "firstName": "Jane", "lastName": last_name,
        "acceptedPrivacyPolicyHash": HASHES[0], "acceptedTermsAndConditionsHash": HASHES[1],
        "acceptedTermsOfServiceHash": HASHES[2],
    })
}

fn applicant(birth: &str) -> Value {
    json!({
        "address1": "45 Pitt Street", "postCode": "2000", "city": "Sydney", "country": "AU",
        "dateOfBirth": birth, "sourceOfFunds": "SALARY",
    })
}

/// A form as a client writes it.
fn form(kind: &str, side: Option<&str>, file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    let texts = [("documentType", Some(kind)), ("documentSubType", side)];
    for (name, text) in texts {
        if let Some(text) = text {
            let part = format!(
                "--b0\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"
            );
            body.extend(part.into_bytes());
        }
    }
    body.extend(
        b"--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\r\n",
    );
    body.extend(file);
    body.extend(b"\r\n--b0--\r\n");
    body
}

struct Bank {
    gateway: Gateway,
    key: String,
}

impl Bank {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl Fn(&mut Config)) -> Self {
        let mut config = Config::new(1);
        change(&mut config);
        Self {
            key: config.api_key.expose().to_owned(),
            gateway: Gateway::with(change),
        }
    }

    fn post(&mut self, tail: &str, body: &Value) -> Answer {
        self.gateway.post(&path(tail), body)
    }

    fn patch(&mut self, body: &Value) -> u16 {
        let answer = self
            .gateway
            .send(Method::PATCH, &path(""), body.to_string());
        answer.status().as_u16()
    }

    fn send_form(&mut self, body: Vec<u8>) -> Response<Bytes> {
        let request = Request::put(path("/kyc/document"))
            .header("x-api-key", &self.key)
            .header("content-type", "multipart/form-data; boundary=b0")
            .body(Bytes::from(body))
            .unwrap();
        self.gateway.world.handle(&request)
    }

    fn upload(&mut self, kind: &str, side: Option<&str>, file: &[u8]) -> u16 {
        self.send_form(form(kind, side, file)).status().as_u16()
    }

    fn start(&mut self) -> u16 {
        let answer = self
            .gateway
            .send(Method::POST, &path("/kyc/verification"), "");
        answer.status().as_u16()
    }

    fn wait(&mut self, by: SignedDuration) {
        self.gateway.world.advance(by);
    }

    fn kyc(&mut self) -> Value {
        self.gateway.get(&path("/kyc")).json()["data"].clone()
    }

    fn status(&mut self) -> String {
        self.kyc()["status"].as_str().unwrap_or("null").to_owned()
    }

    /// A profile, an applicant and the least set of documents.
    fn prepared(last_name: &str, birth: &str, file: &[u8]) -> Self {
        let mut bank = Self::new();
        bank.prepare(last_name, birth, file);
        bank
    }

    fn prepare(&mut self, last_name: &str, birth: &str, file: &[u8]) {
        assert_eq!(self.post("/user", &profile(last_name)).status, 201);
        assert_eq!(self.post("/kyc/applicant", &applicant(birth)).status, 201);
        self.wait(SignedDuration::from_secs(15));
        assert_eq!(self.upload("SELFIE", None, PDF), 204);
        assert_eq!(self.upload("DRIVERS", Some("FRONT_SIDE"), file), 204);
        assert_eq!(self.upload("DRIVERS", Some("BACK_SIDE"), PDF), 204);
        assert_eq!(self.upload("UTILITY_BILL", None, PDF), 204);
    }

    /// The same, checked.
    fn checked(last_name: &str, birth: &str, file: &[u8]) -> Self {
        let mut bank = Self::prepared(last_name, birth, file);
        assert_eq!(bank.start(), 204);
        bank.wait(SignedDuration::from_secs(10));
        bank
    }

    fn account(&mut self, currency: &str) -> Value {
        let answer = self.post("/account", &json!({"currency": currency}));
        assert_eq!(answer.status, 201, "{}", answer.text);
        self.wait(SignedDuration::from_hours(1));
        let accounts = self.gateway.get(&path("/accounts")).json();
        accounts["data"].as_array().unwrap().last().unwrap().clone()
    }

    fn pay(&mut self, iban: &Value, amount: &str, sender: &str) -> Value {
        let body = json!({"iban": iban, "amount": amount, "senderName": sender});
        let answer = self.gateway.post("/_sandbox/deposits", &body);
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()["data"].clone()
    }

    fn callbacks(&mut self) -> Vec<Value> {
        let callbacks = self.gateway.world.take_callbacks();
        callbacks
            .iter()
            .map(|it| serde_json::from_slice(it.body()).unwrap())
            .collect()
    }
}

#[test]
fn who_gives_all_passes_within_seconds() {
    let mut bank = Bank::new();
    assert_eq!(bank.status(), "null");
    bank.post("/user", &profile("Roe"));
    assert_eq!(bank.status(), "CREATED");
    bank.post("/kyc/applicant", &applicant("1990-12-25"));
    bank.wait(SignedDuration::from_secs(14));
    assert_eq!(bank.status(), "CREATED");
    bank.wait(SignedDuration::from_secs(1));
    assert_eq!(bank.status(), "PENDING_KYC_DATA");
    let missing = bank.kyc()["docsMissing"].clone();
    assert_eq!(missing[0], json!({"docType": "PASSPORT"}));
    assert_eq!(missing.as_array().unwrap().len(), 6);
    for kind in ["PASSPORT", "SELFIE", "UTILITY_BILL"] {
        assert_eq!(bank.start(), 400, "{kind} is missing");
        assert_eq!(bank.upload(kind, None, PDF), 204);
    }
    assert_eq!(bank.kyc().get("docsMissing"), None);
    assert_eq!(bank.start(), 204);
    assert_eq!(bank.status(), "KYC_PENDING");
    assert_eq!(bank.start(), 204, "it runs already");
    bank.wait(SignedDuration::from_secs(10));
    assert_eq!(bank.status(), "FULL_USER");
    assert_eq!(bank.start(), 400);
    let told: Vec<_> = bank
        .callbacks()
        .iter()
        .map(|it| it["status"].clone())
        .collect();
    assert_eq!(
        told,
        ["CREATED", "PENDING_KYC_DATA", "KYC_PENDING", "FULL_USER"]
    );
}

#[test]
fn magic_data_decide() {
    for (last_name, birth, file, status) in [
        ("Softfail", "1990-12-25", PDF, "SOFT_KYC_FAILED"),
        ("HARDFAIL", "1990-12-25", PDF, "HARD_KYC_FAILED"),
        ("Roe", "1902-02-02", PDF, "SOFT_KYC_FAILED"),
        ("Roe", "1903-03-03", PDF, "HARD_KYC_FAILED"),
        (
            "Roe",
            "1990-12-25",
            b"%PDF- xgateway-sandbox: unreadable",
            "SOFT_KYC_FAILED",
        ),
        (
            "Roe",
            "1990-12-25",
            b"%PDF- xgateway-sandbox: forged",
            "HARD_KYC_FAILED",
        ),
        ("Reversal", "1990-12-25", PDF, "FULL_USER"),
        ("Review", "1990-12-25", PDF, "KYC_PENDING"),
    ] {
        let mut bank = Bank::checked(last_name, birth, file);
        assert_eq!(bank.status(), status, "{last_name} {birth}");
    }
}

#[test]
fn a_person_takes_hours() {
    let mut bank = Bank::checked("Roe", "1901-01-01", PDF);
    bank.wait(SignedDuration::from_mins(239));
    assert_eq!(bank.status(), "KYC_PENDING");
    bank.wait(SignedDuration::from_mins(1));
    assert_eq!(bank.status(), "FULL_USER");
}

#[test]
fn a_status_is_taken_back_after_a_day() {
    let mut bank = Bank::checked("Roe", "1904-04-04", PDF);
    bank.wait(SignedDuration::from_hours(23));
    assert_eq!(bank.status(), "FULL_USER");
    bank.wait(SignedDuration::from_hours(1));
    assert_eq!(bank.status(), "HARD_KYC_FAILED");
    let callbacks = bank.callbacks();
    let last = callbacks.last().unwrap();
    assert_eq!(
        (&last["status"], &last["kycRejectLabel"]),
        (&json!("HARD_KYC_FAILED"), &json!("REJECTED"))
    );
}

#[test]
fn a_corrected_text_passes_and_an_uncorrected_one_fails_again() {
    let mut bank = Bank::checked("Roe", "1902-02-02", PDF);
    let message = bank.kyc()["kycEndUserErrorMessage"].clone();
    assert_eq!(
        message,
        "Enter your date of birth exactly as it is on your identity document."
    );
    assert_eq!(bank.start(), 204);
    bank.wait(SignedDuration::from_secs(10));
    assert_eq!(bank.status(), "SOFT_KYC_FAILED");
    assert_eq!(bank.patch(&json!({"dateOfBirth": "1990-12-25"})), 204);
    assert_eq!(bank.start(), 204);
    bank.wait(SignedDuration::from_secs(10));
    assert_eq!(bank.status(), "FULL_USER");
}

#[test]
fn a_replaced_document_passes() {
    let mut bank = Bank::checked("Roe", "1990-12-25", b"%PDF- xgateway-sandbox: unreadable");
    let kyc = bank.kyc();
    assert_eq!(kyc["docsMissing"], json!([{"docType": "DRIVERS"}]));
    assert_eq!(kyc["kycRejectLabel"], "BAD_DRIVERS");
    assert_eq!(bank.upload("DRIVERS", Some("FRONT_SIDE"), PDF), 204);
    assert_eq!(bank.start(), 204);
    bank.wait(SignedDuration::from_secs(10));
    assert_eq!(bank.status(), "FULL_USER");
}

#[test]
fn a_document_that_comes_while_others_are_checked_counts_for_the_next_time() {
    let mut bank = Bank::prepared("Roe", "1990-12-25", b"%PDF- xgateway-sandbox: unreadable");
    assert_eq!(bank.start(), 204);
    assert_eq!(bank.status(), "KYC_PENDING");
    assert_eq!(bank.upload("DRIVERS", Some("FRONT_SIDE"), PDF), 204);
    bank.wait(SignedDuration::from_secs(10));
    let kyc = bank.kyc();
    assert_eq!(kyc["status"], "SOFT_KYC_FAILED");
    assert!(kyc["docsMissing"].is_null(), "it is there: {kyc}");
    let message = kyc["kycEndUserErrorMessage"].as_str().unwrap();
    assert!(
        message.contains("Start the verification of the new one"),
        "{message}"
    );
    assert_eq!(bank.start(), 204);
    bank.wait(SignedDuration::from_secs(10));
    assert_eq!(bank.status(), "FULL_USER");
    assert_eq!(bank.upload("SELFIE", None, PDF), 400);
}

#[test]
fn every_step_has_its_preconditions() {
    let mut bank = Bank::new();
    assert_eq!(bank.patch(&json!({})), 400);
    assert_eq!(bank.start(), 400);
    assert_eq!(bank.upload("SELFIE", None, PDF), 400);
    for (tail, body) in [
        ("/kyc/applicant", applicant("1990-12-25")),
        ("/kyc/initiate", json!({})),
        ("/kyc/export", json!({"token": "t"})),
        ("/account", json!({"currency": "EUR"})),
    ] {
        assert_eq!(bank.post(tail, &body).status, 400, "{tail}");
    }
    assert!(bank.gateway.world.take_callbacks().is_empty());
    let mut without = profile("Roe");
    without
        .as_object_mut()
        .unwrap()
        .remove("acceptedTermsOfServiceHash");
    assert_eq!(bank.post("/user", &without).status, 201);
    let again = bank.post("/user", &profile("Roe"));
    assert_eq!(
        again.both(),
        r#"409 {"errors":[{"code":"conflict","message":"The customer already exists."}],"success":false}"#
    );
    assert_eq!(bank.post("/kyc/export", &json!({"token": "t"})).status, 400);
    bank.post("/kyc/applicant", &applicant("1990-12-25"));
    assert_eq!(
        bank.post("/kyc/applicant", &applicant("1990-12-25")).status,
        400
    );
    assert_eq!(
        bank.upload("SELFIE", None, PDF),
        400,
        "the applicant takes a while"
    );
    bank.wait(SignedDuration::from_secs(15));
    for kind in ["PASSPORT", "SELFIE", "UTILITY_BILL"] {
        bank.upload(kind, None, PDF);
    }
    assert_eq!(bank.start(), 400, "an agreement is missing");
    // That of another agreement is none.
    assert_eq!(
        bank.patch(&json!({"acceptedTermsOfServiceHash": HASHES[1]})),
        204
    );
    assert_eq!(bank.start(), 400);
    assert_eq!(
        bank.patch(&json!({"acceptedTermsOfServiceHash": HASHES[2]})),
        204
    );
    assert_eq!(bank.start(), 204);
}

#[test]
fn broken_rules_are_issues() {
    let mut bank = Bank::new();
    let answer = bank.post(
        "/user",
        &json!({"country": "XX", "email": "no", "acceptedPrivacyPolicyHash": "no"}),
    );
    assert_eq!(answer.status, 422);
    let paths: Vec<_> = answer.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["path"][0].clone())
        .collect();
    assert_eq!(paths, ["country", "email", "acceptedPrivacyPolicyHash"]);
    bank.prepare("Roe", "1990-12-25", PDF);
    let many = bank.send_form(
        b"--b0\r\nContent-Disposition: form-data; name=\"documentType\"\r\n\r\nSELFI\r\n--b0--"
            .to_vec(),
    );
    let many: Value = serde_json::from_slice(many.body()).unwrap();
    assert_eq!(many["errors"][0]["code"], "invalid_enum_value");
    assert_eq!(
        many["errors"][1],
        json!({"code": "invalid_type", "expected": "string", "received": "undefined", "path": ["file"], "message": "Required"})
    );
    assert_eq!(bank.upload("SELFIE", None, b"MZ renamed.exe"), 422);
    assert_eq!(bank.upload("DRIVERS", None, PDF), 422, "which side?");
    assert_eq!(bank.upload("PASSPORT", Some("BACK_SIDE"), PDF), 422);
    assert_eq!(
        bank.gateway
            .send(Method::PUT, &path("/kyc/document"), "{}")
            .status(),
        415
    );
    assert_eq!(bank.send_form(b"--b0\r\n".to_vec()).status(), 400);
}

#[test]
fn the_largest_file_passes_and_a_byte_more_does_not() {
    let mut bank = Bank::prepared("Roe", "1990-12-25", PDF);
    let form = operations::UPLOAD_DOCUMENT.form.as_ref().unwrap();
    let max = usize::try_from(form.file_bytes_max).unwrap();
    assert!((49_000_000..51_000_000).contains(&max));
    let mut file = PDF.to_vec();
    file.resize(max, b' ');
    assert_eq!(bank.upload("SELFIE", None, &file), 204);
    file.push(b' ');
    assert_eq!(bank.upload("SELFIE", None, &file), 413);
    file.resize(51 << 20, b' ');
    assert_eq!(bank.upload("SELFIE", None, &file), 413);
    let large = vec![b' '; (1 << 20) + 1];
    assert_eq!(
        bank.gateway
            .send(Method::POST, &path("/user"), large)
            .status(),
        413
    );
}

#[test]
fn with_kyc_first_nobody_else_gets_an_account() {
    let mut bank = Bank::with(|config| config.kyc.order = KycOrder::KycFirst);
    bank.prepare("Roe", "1990-12-25", PDF);
    let refused = bank.post("/account", &json!({"currency": "EUR"}));
    assert_eq!(
        refused.both(),
        r#"403 {"errors":[{"code":"forbidden","message":"The user must pass the KYC first."}],"success":false}"#
    );
    bank.start();
    bank.wait(SignedDuration::from_secs(10));
    assert_eq!(bank.account("EUR")["status"], "ACTIVE");
}

#[test]
fn accounts_are_valid_follow_from_the_seed_and_open_in_time() {
    let mut bank = Bank::new();
    bank.post("/user", &profile("Roe"));
    bank.post("/account", &json!({"currency": "EUR"}));
    let pending = bank.gateway.get(&path("/accounts")).json()["data"][0].clone();
    // What is not there is left out (protocol §6); only a callback says null.
    let keys = |account: &Value| {
        let keys = account.as_object().unwrap().keys();
        keys.cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(pending["status"], "PENDING");
    assert_eq!(
        keys(&pending),
        "country currency customerFirstName customerLastName id status"
    );
    let euro = bank.account("EUR");
    Iban::parse(euro["iban"].as_str().unwrap()).unwrap();
    Bic::parse(euro["bic"].as_str().unwrap()).unwrap();
    assert_eq!(euro["customerLastName"], "Roe");
    let pound = bank.account("GBP");
    AccountNumber::parse(pound["accountNumber"].as_str().unwrap()).unwrap();
    SortCode::parse(pound["sortCode"].as_str().unwrap()).unwrap();
    assert_eq!(
        keys(&euro),
        "bic country currency customerFirstName customerLastName iban id status"
    );
    assert_eq!(
        keys(&pound),
        "accountNumber country currency customerFirstName customerLastName id sortCode status"
    );
    let dollar = bank.account("USD");
    assert!(dollar["iban"].is_string() && dollar["sortCode"].is_string());
    let mut twin = Bank::new();
    twin.post("/user", &profile("Roe"));
    assert_eq!(twin.account("EUR"), euro);
}

#[test]
fn a_payment_in_the_customers_name_is_credited_with_its_sender() {
    let mut bank = Bank::new();
    bank.post("/user", &profile("Roe"));
    let account = bank.account("EUR");
    bank.callbacks();
    let paid = bank.pay(&account["iban"], "250.50", "JANE  roe");
    assert_eq!(paid["status"], "processing");
    bank.wait(SignedDuration::from_secs(10));
    let id = paid["transactionId"].as_str().unwrap();
    let transaction = bank
        .gateway
        .get(&format!("/api/v2/transaction/{id}"))
        .json()["data"]
        .clone();
    assert_eq!(
        (&transaction["status"], &transaction["amount"]),
        (&json!("confirmed"), &json!("250.5"))
    );
    Iban::parse(transaction["senderDetails"]["senderIban"].as_str().unwrap()).unwrap();
    assert_eq!(transaction["network"], Value::Null);
    let callbacks = bank.callbacks();
    assert_eq!(callbacks.len(), 1);
    assert_eq!(callbacks[0]["callbackType"], "transaction");
    assert_eq!(callbacks[0]["senderDetails"], transaction["senderDetails"]);
}

#[test]
fn a_payment_over_faster_payments_names_its_sender_by_account_number() {
    let mut bank = Bank::new();
    bank.post("/user", &profile("Roe"));
    let account = bank.account("GBP");
    let body = json!({
        "accountNumber": account["accountNumber"], "sortCode": account["sortCode"], "amount": "20",
        "senderName": "Jane Roe", "senderAccountNumber": "12345678", "senderSortCode": "112233",
    });
    let paid = bank.gateway.post("/_sandbox/deposits", &body).json()["data"].clone();
    let id = paid["transactionId"].as_str().unwrap();
    let transaction = bank
        .gateway
        .get(&format!("/api/v2/transaction/{id}"))
        .json();
    let sender =
        json!({"senderIban": null, "senderAccountNumber": "12345678", "senderSortCode": "112233"});
    assert_eq!(transaction["data"]["senderDetails"], sender);
}

#[test]
fn the_second_use_needs_kyc_however_small() {
    let mut bank = Bank::new();
    bank.post("/user", &profile("Roe"));
    bank.post("/account", &json!({"currency": "EUR"}));
    bank.post("/account", &json!({"currency": "GBP"}));
    bank.wait(SignedDuration::from_secs(5));
    let accounts = bank.gateway.get(&path("/accounts")).json()["data"].clone();
    assert_eq!(
        bank.pay(&accounts[0]["iban"], "20", "Jane Roe")["status"],
        "processing"
    );
    let again = bank.pay(&accounts[0]["iban"], "20", "Jane Roe");
    assert_eq!(again["reason"], "kyc_required", "{again}");
    // Nor does another account of the same customer help.
    let body = json!({
        "accountNumber": accounts[1]["accountNumber"], "sortCode": accounts[1]["sortCode"],
        "amount": "20", "senderName": "Jane Roe",
    });
    let other = bank.gateway.post("/_sandbox/deposits", &body).json();
    assert_eq!(other["data"]["reason"], "kyc_required", "{other}");
    let more = |config: &mut Config| config.kyc.free_payments = 2;
    let mut bank = Bank::with(more);
    bank.post("/user", &profile("Roe"));
    bank.post("/account", &json!({"currency": "EUR"}));
    bank.wait(SignedDuration::from_secs(5));
    let accounts = bank.gateway.get(&path("/accounts")).json()["data"].clone();
    for want in ["processing", "processing", "bounced"] {
        let paid = bank.pay(&accounts[0]["iban"], "20", "Jane Roe");
        assert_eq!(paid["status"], want);
    }
}

#[test]
fn what_came_by_bank_is_on_the_account_of_its_currency() {
    let mut bank = Bank::new();
    bank.post("/user", &profile("Roe"));
    bank.post("/account", &json!({"currency": "EUR"}));
    bank.wait(SignedDuration::from_secs(5));
    let accounts = bank.gateway.get(&path("/accounts")).json();
    let iban = accounts["data"][0]["iban"].clone();
    let balance = |bank: &mut Bank| {
        let accounts = bank.gateway.get("/api/v2/balance/accounts").json();
        accounts["data"][0]["balance"].as_str().unwrap().to_owned()
    };
    let paid = bank.pay(&iban, "250", "Jane Roe");
    assert_eq!(balance(&mut bank), "0.00", "it is processing");
    bank.wait(SignedDuration::from_secs(10));
    let id = paid["transactionId"].as_str().unwrap().to_owned();
    let transaction = bank.gateway.get(&format!("/api/v2/transaction/{id}"));
    let fee = transaction.json()["data"]["fees"]["processing"].clone();
    let fee: rust_decimal::Decimal = fee.as_str().unwrap().parse().unwrap();
    let kept: rust_decimal::Decimal = balance(&mut bank).parse().unwrap();
    assert_eq!(
        kept,
        (rust_decimal::Decimal::from(250) - fee).trunc_with_scale(2)
    );
    let page = bank.gateway.get("/inspector/accounts").text;
    assert!(page.contains(&balance(&mut bank)), "{page}");
}

#[test]
fn what_the_bank_sends_back_is_no_transaction() {
    let mut bank = Bank::new();
    bank.post("/user", &profile("Roe"));
    let iban = bank.account("EUR")["iban"].clone();
    for (amount, sender, reason) in [
        ("20", "John Roe", "sender_differs"),
        ("20", "Roe Trading Ltd.", "sender_is_company"),
        ("9.99", "Jane Roe", "outside_limits"),
        ("50000.01", "Jane Roe", "outside_limits"),
        ("700.01", "Jane Roe", "kyc_required"),
    ] {
        let answer = bank.pay(&iban, amount, sender);
        assert_eq!(
            (&answer["status"], &answer["reason"]),
            (&json!("bounced"), &json!(reason))
        );
    }
    assert_eq!(bank.status(), "KYC_NEEDED");
    assert_eq!(bank.pay(&iban, "700", "Jane Roe")["status"], "processing");
    let none = json!({"iban": "GB29NWBK60161331926819", "amount": "20", "senderName": "Jane Roe"});
    assert_eq!(bank.gateway.post("/_sandbox/deposits", &none).status, 404);
}

#[test]
fn a_hosted_link_leads_through_kyc() {
    let mut bank = Bank::new();
    bank.post("/user", &profile("Roe"));
    let link = bank.post("/kyc/initiate", &json!({"locale": "en"}));
    assert_eq!(link.status, 201);
    assert_eq!(bank.post("/kyc/initiate", &json!({})).json(), link.json());
    assert_eq!(bank.status(), "KYC_NEEDED");
    bank.wait(SignedDuration::from_mins(2));
    assert_eq!(bank.status(), "KYC_PENDING");
    bank.wait(SignedDuration::from_secs(10));
    assert_eq!(bank.status(), "FULL_USER");
}

/// A page behind a hosted link, with what it said and where its link led.
fn hosted(last_name: &str) -> (Bank, String) {
    let mut bank = Bank::new();
    bank.post("/user", &profile(last_name));
    let link = bank.post("/kyc/initiate", &json!({})).json()["data"].clone();
    (bank, link.as_str().unwrap().to_owned())
}

#[test]
fn somebody_on_the_hosted_page_decides() {
    for (button, last_name, pending, end) in [
        ("/finish", "Roe", "KYC_PENDING", "FULL_USER"),
        ("/finish", "Hardfail", "KYC_PENDING", "HARD_KYC_FAILED"),
        ("/fail", "Roe", "KYC_PENDING", "SOFT_KYC_FAILED"),
        ("/refuse", "Roe", "KYC_PENDING", "HARD_KYC_FAILED"),
        ("/leave", "Roe", "KYC_NEEDED", "KYC_NEEDED"),
    ] {
        let (mut bank, link) = hosted(last_name);
        let page = bank.gateway.page(&link, "");
        let html = String::from_utf8(page.body().to_vec()).unwrap();
        assert!(
            html.contains("KYC_NEEDED") && html.contains("/leave"),
            "{html}"
        );
        assert!(
            !html.contains("Jane") && !html.contains("customer-1"),
            "{html}"
        );
        let pressed = bank.gateway.page(&link, button);
        assert_eq!(pressed.status(), 303);
        assert!(link.ends_with(pressed.headers()["location"].to_str().unwrap()));
        assert_eq!(bank.status(), pending, "{button}");
        // Pressed twice, or with the back button.
        bank.gateway.page(&link, button);
        bank.wait(SignedDuration::from_mins(10));
        assert_eq!(bank.status(), end, "{button}");
        let statuses: Vec<_> = bank
            .callbacks()
            .iter()
            .map(|callback| callback["status"].as_str().unwrap().to_owned())
            .collect();
        let mut told = vec!["CREATED", "KYC_NEEDED"];
        if pending != end {
            told.extend([pending, end]);
        }
        assert_eq!(statuses, told, "{button}");
    }
}

#[test]
fn looking_at_the_page_is_no_change_that_it_would_follow() {
    let (mut bank, link) = hosted("Roe");
    let first = bank.gateway.page(&link, "");
    assert_eq!(bank.gateway.page(&link, "").body(), first.body());
}

#[test]
fn whoever_left_or_failed_may_come_back() {
    let (mut bank, link) = hosted("Roe");
    bank.gateway.page(&link, "/leave");
    bank.gateway.page(&link, "/fail");
    bank.wait(SignedDuration::from_secs(10));
    assert_eq!(bank.status(), "SOFT_KYC_FAILED");
    let page = bank.gateway.page(&link, "");
    let html = String::from_utf8(page.body().to_vec()).unwrap();
    assert!(html.contains("Enter your date of birth exactly"), "{html}");
    assert_eq!(bank.post("/kyc/initiate", &json!({})).status, 201);
    bank.gateway.page(&link, "/finish");
    bank.wait(SignedDuration::from_secs(10));
    assert_eq!(bank.status(), "FULL_USER");
    let page = bank.gateway.page(&link, "");
    let html = String::from_utf8(page.body().to_vec()).unwrap();
    assert!(
        html.contains("nothing to do") && !html.contains("<form"),
        "{html}"
    );
    for (path, status) in [("/x", 404), ("/changes", 404)] {
        assert_eq!(bank.gateway.page(&link, path).status(), status);
    }
    let unknown = "http://sandbox.invalid/kyc/0f8fad5b-d9cb-469f-a165-70867728950e";
    assert_eq!(bank.gateway.page(unknown, "").status(), 404);
    assert_eq!(bank.gateway.page(unknown, "/finish").status(), 404);
}

#[test]
fn a_share_token_stands_for_the_identity_document() {
    let mut bank = Bank::new();
    bank.post("/user", &profile("Roe"));
    bank.account("EUR");
    assert_eq!(bank.post("/kyc/export", &json!({"token": "t"})).status, 201);
    bank.wait(SignedDuration::from_secs(15));
    assert_eq!(
        bank.kyc()["docsMissing"],
        json!([{"docType": "SELFIE"}, {"docType": "UTILITY_BILL"}])
    );
}

#[test]
fn a_share_token_needs_no_account_where_kyc_comes_first() {
    let mut bank = Bank::with(|config| config.kyc.order = KycOrder::KycFirst);
    bank.post("/user", &profile("Roe"));
    assert_eq!(bank.post("/kyc/export", &json!({"token": "t"})).status, 201);
    bank.wait(SignedDuration::from_secs(15));
    assert_eq!(bank.upload("SELFIE", None, PDF), 204);
    assert_eq!(bank.upload("UTILITY_BILL", None, PDF), 204);
    assert_eq!(bank.start(), 204);
    bank.wait(SignedDuration::from_secs(10));
    assert_eq!(bank.status(), "FULL_USER");
}

#[test]
fn that_an_account_is_being_opened_may_be_told_too() {
    for is_told in [false, true] {
        let mut bank = Bank::with(|config| config.pending_accounts = is_told);
        assert_eq!(bank.post("/user", &profile("Roe")).status, 201);
        bank.gateway.world.take_callbacks();
        let account = json!({"currency": "EUR"});
        assert_eq!(bank.post("/account", &account).status, 201);
        bank.wait(SignedDuration::from_secs(5));
        let taken = bank.gateway.world.take_callbacks();
        let told: Vec<Value> = taken
            .iter()
            .map(|callback| serde_json::from_slice(callback.body()).unwrap())
            .collect();
        let seen: Vec<_> = told
            .iter()
            .map(|told| (told["status"].as_str().unwrap(), told["iban"].is_string()))
            .collect();
        // Whenever it is sent, it tells what was so when it was made.
        let want: &[_] = if is_told {
            &[("PENDING", false), ("ACTIVE", true)]
        } else {
            &[("ACTIVE", true)]
        };
        assert_eq!(seen, want);
        assert!(told.iter().all(|it| it["hash"] == told[0]["hash"]));
    }
}

#[test]
fn missing_documents_may_be_plain_texts_in_callbacks() {
    for (as_texts, want) in [
        (false, json!([{"docType": "DRIVERS"}])),
        (true, json!(["DRIVERS"])),
    ] {
        let mut bank = Bank::with(|config| config.missing_documents_as_texts = as_texts);
        let unreadable = b"%PDF-1.7 xgateway-sandbox: unreadable";
        bank.prepare("Roe", "1990-12-25", unreadable);
        assert_eq!(bank.start(), 204);
        bank.wait(SignedDuration::from_secs(10));
        let callback = bank.gateway.world.take_callbacks().pop().unwrap();
        let json: Value = serde_json::from_slice(callback.body()).unwrap();
        assert_eq!(json["docsMissing"], want);
        let read: KycCallback = serde_json::from_slice(callback.body()).unwrap();
        let read = read.docs_missing.unwrap();
        let is_text = matches!(read[0], MissingDocument::KycDocumentType(_));
        let is_object = matches!(read[0], MissingDocument::MissingDocumentObject(_));
        assert_eq!((is_text, is_object), (as_texts, !as_texts));
        assert_eq!(bank.kyc()["docsMissing"], json!([{"docType": "DRIVERS"}]));
    }
}

#[test]
fn callbacks_are_signed_each_in_its_way() {
    let mut bank = Bank::new();
    bank.post("/user", &profile("Roe"));
    let account = bank.account("EUR");
    let secret = &Config::new(1).secret_key;
    let waiting = bank.gateway.fork().world.take_callbacks();
    let kinds: Vec<_> = waiting.iter().map(OutgoingCallback::kind).collect();
    assert_eq!(kinds, [CallbackType::Kyc, CallbackType::BankAccount]);
    let callbacks = bank.callbacks();
    let hash = |fields: &[&str]| CallbackHash::of(fields, secret).to_string();
    assert_eq!(callbacks[0]["callbackType"], "kyc");
    assert_eq!(callbacks[0]["hash"], hash(&["customer-1"]));
    assert_eq!(callbacks[1]["callbackType"], "bank_account");
    assert_eq!(callbacks[1]["hash"], hash(&["customer-1", "EUR"]));
    assert_eq!(callbacks[1]["iban"], account["iban"]);
    assert_eq!(callbacks[1].get("sortCode"), Some(&Value::Null));
    assert_eq!(callbacks[1]["status"], "ACTIVE");
}

#[test]
fn nothing_that_is_shown_tells_who_a_customer_is() {
    let mut bank = Bank::new();
    bank.prepare("Quillfeather", "1987-06-05", PDF);
    let account = bank.account("USD");
    bank.pay(&account["iban"], "20", "Jane Quillfeather");
    bank.start();
    bank.wait(SignedDuration::from_hours(5));
    let world = &bank.gateway.world;
    let shown = format!(
        "{world:?} {:?} {}",
        world.events(),
        serde_json::to_string(world.events()).unwrap()
    );
    let shown = shown + &bank.gateway.get("/_sandbox/events").text;
    assert!(shown.contains("document_stored") && shown.contains("account_opened"));
    let canaries = [
        "Quillfeather",
        "Jane",
        "1987-06-05",
        "Pitt Street",
        "Sydney",
        "canary document",
    ];
    let numbers = ["iban", "accountNumber", "sortCode"].map(|key| account[key].as_str().unwrap());
    for canary in canaries.into_iter().chain(numbers) {
        assert!(!shown.contains(canary), "{canary} is told");
    }
}
