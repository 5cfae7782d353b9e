//! The engine against the strategies: valid bodies pass, and a mutation yields its issues and no others.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use xgateway_api::json::{self, ReadError};
use xgateway_api::rules;
use xgateway_api::strategies::{self, Mutation};
use xgateway_api::types::{
    ChannelRequest, CorrectProfileRequest, CreateApplicantRequest, CreateBankAccountRequest,
    CreateKycLinkRequest, CreateProfileRequest, Gateway8Request, ImportKycTokenRequest,
    SimulateTransactionRequest, WalletAddressRequest,
};
use xgateway_core::issue::Issue;
use xgateway_core::rules::Schema;

static GATEWAY8: LazyLock<Vec<Mutation>> =
    LazyLock::new(|| strategies::mutations(&rules::GATEWAY8_REQUEST));
static SIMULATE: LazyLock<Vec<Mutation>> =
    LazyLock::new(|| strategies::mutations(&rules::SIMULATE_TRANSACTION_REQUEST));

fn issues(result: Result<(), ReadError>) -> Vec<Issue> {
    match result {
        Ok(()) => Vec::new(),
        Err(ReadError::Invalid(issues)) => issues.into_vec(),
        Err(error) => unreachable!("a body is JSON: {error}"),
    }
}

/// What the engine says over the text, and over the typed request.
fn both(schema: &'static Schema, body: &Value) -> [Vec<Issue>; 2] {
    let text = body.to_string();
    let typed = match schema.name {
        "Gateway8Request" => json::read::<Gateway8Request>(text.as_bytes()).map(drop),
        "ChannelRequest" => json::read::<ChannelRequest>(text.as_bytes()).map(drop),
        "WalletAddressRequest" => json::read::<WalletAddressRequest>(text.as_bytes()).map(drop),
        "SimulateTransactionRequest" => {
            json::read::<SimulateTransactionRequest>(text.as_bytes()).map(drop)
        }
        "CreateProfileRequest" => json::read::<CreateProfileRequest>(text.as_bytes()).map(drop),
        "CreateApplicantRequest" => json::read::<CreateApplicantRequest>(text.as_bytes()).map(drop),
        "CorrectProfileRequest" => json::read::<CorrectProfileRequest>(text.as_bytes()).map(drop),
        "CreateKycLinkRequest" => json::read::<CreateKycLinkRequest>(text.as_bytes()).map(drop),
        "ImportKycTokenRequest" => json::read::<ImportKycTokenRequest>(text.as_bytes()).map(drop),
        "CreateBankAccountRequest" => {
            json::read::<CreateBankAccountRequest>(text.as_bytes()).map(drop)
        }
        other => unreachable!("{other} is no request: add it here"),
    };
    [issues(json::check(schema, text.as_bytes())), issues(typed)]
}

fn check_mutation(
    schema: &'static Schema,
    mutation: &Mutation,
    body: &Value,
) -> Result<(), TestCaseError> {
    let mut body = body.clone();
    prop_assert!(mutation.apply(&mut body));
    for found in both(schema, &body) {
        prop_assert_eq!(&found, &mutation.issues, "{:?}", mutation);
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_valid_card_deposit_passes(body in strategies::gateway8_request()) {
        prop_assert_eq!(both(&rules::GATEWAY8_REQUEST, &body), [vec![], vec![]]);
    }

    #[test]
    fn a_valid_simulation_passes(body in strategies::simulate_transaction_request()) {
        prop_assert_eq!(both(&rules::SIMULATE_TRANSACTION_REQUEST, &body), [vec![], vec![]]);
    }

    #[test]
    fn a_valid_wish_for_an_address_passes(body in strategies::channel_request()) {
        prop_assert_eq!(both(&rules::CHANNEL_REQUEST, &body), [vec![], vec![]]);
        prop_assert_eq!(both(&rules::WALLET_ADDRESS_REQUEST, &body), [vec![], vec![]]);
    }

    #[test]
    fn a_broken_card_deposit_yields_its_issues(
        body in strategies::gateway8_request(), chosen in any::<Index>(),
    ) {
        check_mutation(&rules::GATEWAY8_REQUEST, chosen.get(&GATEWAY8), &body)?;
    }

    #[test]
    fn a_broken_simulation_yields_its_issues(
        body in strategies::simulate_transaction_request(), chosen in any::<Index>(),
    ) {
        check_mutation(&rules::SIMULATE_TRANSACTION_REQUEST, chosen.get(&SIMULATE), &body)?;
    }

    #[test]
    fn two_mutations_yield_the_issues_of_both(
        body in strategies::gateway8_request(), first in any::<Index>(), second in any::<Index>(),
    ) {
        let (first, second) = (first.get(&GATEWAY8), second.get(&GATEWAY8));
        // One inside of what the other replaced would be lost.
        prop_assume!(!first.path.starts_with(&second.path) && !second.path.starts_with(&first.path));
        let mut body = body;
        prop_assert!(first.apply(&mut body) && second.apply(&mut body));
        for found in both(&rules::GATEWAY8_REQUEST, &body) {
            prop_assert_eq!(found.len(), first.issues.len() + second.issues.len());
            for issue in first.issues.iter().chain(&second.issues) {
                prop_assert!(found.contains(issue), "{:?} lacks {}", found, issue);
            }
        }
    }
}

/// Every mutation once, so that none depends on luck.
#[test]
fn every_mutation_yields_its_issues() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    for schema in strategies::REQUESTS {
        let bodies = strategies::bodies(schema);
        for mutation in strategies::mutations(schema) {
            // An optional object may be missing, and what is inside cannot be broken then.
            let body = std::iter::repeat_with(|| bodies.new_tree(&mut runner).unwrap().current())
                .take(100)
                .find(|body| mutation.apply(&mut body.clone()))
                .unwrap();
            check_mutation(schema, &mutation, &body).unwrap();
        }
    }
}

/// A generator that forgot a kind of mutation would make the tests above pass.
#[test]
fn mutations_reach_every_field_and_every_check() {
    for schema in strategies::REQUESTS {
        let mutations = strategies::mutations(schema);
        reach(schema, &mutations);
    }
}

fn reach(schema: &'static Schema, mutations: &[Mutation]) {
    use xgateway_core::rules::Kind;

    for field in schema.fields {
        let codes: Vec<&str> = mutations
            .iter()
            .filter(|mutation| mutation.path == field.path)
            .flat_map(|mutation| &mutation.issues)
            .map(Issue::code)
            .collect();
        assert!(codes.contains(&"invalid_type"), "{}", field.name);
        match &field.kind {
            Kind::Text(checks) => {
                for check in *checks {
                    let code = code_of(check);
                    assert!(
                        code.is_empty() || codes.contains(&code),
                        "{}: {check:?}",
                        field.name
                    );
                }
            }
            Kind::Number(checks) => assert!(codes.len() > checks.len(), "{}", field.name),
            Kind::Enum(_) => assert!(codes.contains(&"invalid_enum_value"), "{}", field.name),
            Kind::Boolean => {}
            Kind::Object(inner) => reach(inner, mutations),
        }
    }
}

fn code_of(check: &xgateway_core::rules::StringCheck) -> &'static str {
    use xgateway_core::rules::StringCheck;

    match check {
        StringCheck::Email
        | StringCheck::Url
        | StringCheck::Ip
        | StringCheck::Uuid
        | StringCheck::Date
        | StringCheck::Pattern(_) => "invalid_string",
        StringCheck::CountryCode => "custom",
        StringCheck::StripNonDigits => "",
        StringCheck::LengthMin(_) => "too_small",
        StringCheck::LengthMax(_) => "too_big",
    }
}
