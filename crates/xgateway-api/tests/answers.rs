//! Answers: success, refusal in every shape, and whatever else may come over the wire.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::Value;
use xgateway_api::answer::{self, AnswerError, Refusal};
use xgateway_api::call::Call;
use xgateway_api::types::{
    ChannelRequest, CreateApplicant, CreateKycLink, CreateProfile, Gateway8Request, GetBalance,
    GetBalances, GetBankAccounts, GetExchangeRate, GetExchangeRateV1, GetInvoice, GetKyc,
    GetTransaction, InvoiceStatus, SimulateTransactionRequest, WalletAddressRequest,
};

#[track_caller]
fn check(status: u16, body: &str, want: &Expect) {
    let got = match answer::decode::<Gateway8Request>(status, body.as_bytes()) {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => error.to_string(),
    };
    want.assert_eq(&got);
}

#[test]
fn both_successes_of_the_seed_decode() {
    check(
        201,
        r#"{"data":{"threeDSURL":"https://secure-pay.example.com/auth","message":"Invoice activated. 3DS verification required."},"success":true}"#,
        &expect![[
            r#"CreateInvoiceResponse { three_ds_url: Some("https://secure-pay.example.com/auth"), message: Some("Invoice activated. 3DS verification required.") }"#
        ]],
    );
    check(
        201,
        r#"{"data":{"threeDSURL":null,"message":"The invoice has been successfully finalized."},"success":true}"#,
        &expect![[
            r#"CreateInvoiceResponse { three_ds_url: None, message: Some("The invoice has been successfully finalized.") }"#
        ]],
    );
}

#[test]
fn refusals_say_what_the_gateway_said() {
    check(
        422,
        r#"{"errors":[{"code":"too_big","maximum":4,"type":"string","inclusive":true,"exact":false,"message":"String must contain at most 4 character(s)","path":["card","expiryYear"]}],"success":false}"#,
        &expect!["the gateway refused with status 422: 1 issue(s)"],
    );
    check(
        400,
        r#"{"errors":[{"code":"bad_request","message":"Card details are invalid. Please check and try again."}],"success":false}"#,
        &expect!["the gateway refused with status 400: bad_request"],
    );
    check(
        400,
        r#"{"errors":[{"code":"brand_new","message":"Something else."}],"success":false}"#,
        &expect!["the gateway refused with status 400: unknown code"],
    );
    check(
        502,
        "<html>Bad Gateway</html>",
        &expect!["the gateway refused with status 502"],
    );
    check(500, "", &expect!["the gateway refused with status 500"]);
}

#[test]
fn a_success_that_says_no_is_a_refusal() {
    check(
        200,
        r#"{"errors":[{"code":"bad_request","message":"No."}],"success":false}"#,
        &expect!["the gateway refused with status 200: bad_request"],
    );
}

#[test]
fn a_success_without_its_data_says_what_is_missing() {
    let body = br#"{"data":{"status":"created","card":"4000 0000 0000 0002"},"success":true}"#;
    let error = answer::decode::<GetInvoice>(200, body).unwrap_err();
    let AnswerError::Undecodable {
        status,
        reason,
        body,
        is_success,
    } = error
    else {
        unreachable!("the id is missing");
    };
    assert_eq!((status, is_success), (200, true));
    let (reason, body) = (reason.expose(), body.expose());
    assert!(reason.contains("missing field"), "{reason}");
    assert!(body.contains("**") && !body.contains("4000"), "{body}");
}

#[test]
fn answers_may_grow() {
    let body = br#"{"data":{"id":"i","status":"frozen","amount":"100.00","new":{"deep":[1]},"transactions":[{"id":"t","status":"confirmed"}]},"success":true,"more":1}"#;
    let invoice =
        answer::decode::<GetInvoice>(200, body).expect("unknown keys and values are no error");
    assert_eq!(invoice.status, InvoiceStatus::Unknown("frozen".into()));
    assert_eq!(invoice.status.as_str(), "frozen");
    assert_eq!(invoice.amount.as_str(), "100.00");
}

#[test]
fn a_text_answer_decodes() {
    let body = br#"{"data":"Transaction has been simulated.","success":true}"#;
    let text = answer::decode::<SimulateTransactionRequest>(200, body).expect("a text");
    assert_eq!(text, "Transaction has been simulated.");
}

/// How many examples of successes of `C` the document has, all of which decode.
fn examples<C: Call>(document: &Value) -> usize {
    let operation = C::OPERATION;
    let method = operation.method.as_str().to_lowercase();
    let responses = &document["paths"][operation.path][&method]["responses"];
    let mut count = 0;
    for answer in operation
        .answers
        .iter()
        .filter(|it| operation.is_success(it.status))
    {
        let content = &responses[answer.status.to_string()]["content"]["application/json"];
        for (name, example) in content["examples"].as_object().into_iter().flatten() {
            let body = example["value"].to_string();
            let decoded = answer::decode::<C>(answer.status, body.as_bytes());
            assert!(decoded.is_ok(), "{} {name}: {decoded:?}", operation.name);
            count += 1;
        }
    }
    count
}

#[test]
fn every_example_of_the_document_decodes() {
    let document: Value = serde_yaml_ng::from_str(xgateway_api::OPENAPI).expect("it is YAML");
    for count in [
        examples::<Gateway8Request>(&document),
        examples::<GetInvoice>(&document),
        examples::<GetTransaction>(&document),
        examples::<SimulateTransactionRequest>(&document),
        examples::<WalletAddressRequest>(&document),
        examples::<ChannelRequest>(&document),
        examples::<GetExchangeRateV1>(&document),
        examples::<GetExchangeRate>(&document),
        examples::<GetBalances>(&document),
        examples::<GetBalance>(&document),
        examples::<CreateProfile>(&document),
        examples::<CreateApplicant>(&document),
        examples::<GetKyc>(&document),
        examples::<CreateKycLink>(&document),
        examples::<GetBankAccounts>(&document),
    ] {
        assert!(count > 0, "an operation without an example");
    }
}

proptest! {
    #[test]
    fn nothing_that_comes_panics(status in 100_u16..1000, body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = answer::decode::<GetTransaction>(status, &body);
        let _ = Refusal::decode(status, &body).to_string();
    }

    #[test]
    fn no_json_panics(status in 100_u16..1000, message in "\\PC{0,30}", code in "\\PC{0,10}", path in "\\PC{0,10}") {
        let body = serde_json::json!({
            "success": false,
            "errors": [{"code": code, "message": message, "path": [path, 1], "minimum": 1, "options": [1]}],
        });
        let refusal = Refusal::decode(status, body.to_string().as_bytes());
        prop_assert_eq!(refusal.status(), status);
        let _ = refusal.to_string();
    }

    #[test]
    fn no_card_number_survives_in_a_refusal(number in "[0-9]{12,19}", status in 300_u16..600) {
        let bodies = [
            format!(r#"{{"errors":[{{"code":"{number}","message":"card {number} refused"}}],"success":false}}"#),
            format!(r#"{{"errors":[{{"code":"custom","message":"{number}","path":["{number}"]}}],"success":false}}"#),
            format!("<p>{number}</p>"),
        ];
        for body in bodies {
            let refusal = Refusal::decode(status, body.as_bytes());
            let shown = format!("{refusal} {refusal:?} {} {:?}", refusal.body(), refusal.issues());
            prop_assert!(!shown.contains(&number), "{}", shown);
        }
    }
}
