//! For each duty, an adapter that breaks it and no other. A test that nothing
//! can fail proves nothing.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

mod mistakes;
mod stream_mistakes;
mod wrong;

use std::collections::{BTreeMap, BTreeSet};

use tokio::task::JoinSet;
use xgateway_conformance::transport::DUTIES;

use crate::wrong::{Call, Wrong};

/// All mistakes.
mod made {
    pub(crate) use crate::mistakes::*;
    pub(crate) use crate::stream_mistakes::*;
}

/// Tests, and the list of all duties that they show to be broken.
macro_rules! breaks {
    ($($mistake:ident: $($duty:ident)*;)*) => {
        $(
            #[tokio::test]
            async fn $mistake() {
                check(made::$mistake, &[$(stringify!($duty)),*]).await;
            }
        )*

        const BROKEN: &[&str] = &[$($(stringify!($duty),)*)*];
    };
}

async fn check(mistake: Call, broken: &[&str]) {
    let transport = Wrong::new(mistake);
    let mut checks = JoinSet::new();
    for duty in DUTIES {
        let transport = transport.with_new_state();
        checks.spawn(async move { (duty.name(), duty.check(&transport).await) });
    }
    let mut got = BTreeMap::new();
    while let Some(result) = checks.join_next().await {
        let (name, result) = result.unwrap();
        if let Err(violation) = result {
            got.insert(name, violation);
        }
    }
    let names: BTreeSet<_> = got.keys().copied().collect();
    assert_eq!(names, broken.iter().copied().collect(), "{got:#?}");
}

#[test]
fn every_duty_can_be_broken() {
    let broken: BTreeSet<_> = BROKEN.iter().copied().collect();
    let duties: BTreeSet<_> = DUTIES
        .iter()
        .map(xgateway_conformance::Duty::name)
        .collect();
    assert_eq!(broken, duties);
}

breaks! {
    patches_by_posting: sends_the_method;
    lower_cases_the_path: sends_path_and_query_to_the_letter;
    sends_repeated_headers_once: sends_every_header;
    asks_for_compression: adds_only_what_http_asks_for;
    takes_bodies_for_text: sends_the_bytes_of_the_body;
    fills_empty_bodies: sends_an_empty_body;
    cuts_large_bodies: sends_a_large_body;
    shouts_what_is_streamed: sends_a_streamed_body;
    sends_streams_without_length: states_the_length_of_a_streamed_body;
    takes_a_break_for_the_end: a_body_that_breaks_is_no_whole_request;
    denies_what_was_sent_before_a_break: a_body_that_breaks_is_no_lie;
    copies_bodies_beforehand: a_body_that_is_late_is_not_sent;
    takes_server_errors_for_failures: returns_every_status;
    returns_repeated_headers_once: returns_every_header;
    takes_answers_for_text: returns_the_bytes_of_the_body;
    fills_empty_answers: returns_an_empty_body;
    cuts_large_answers: returns_a_large_body;
    takes_the_first_drop_for_all: waits_for_a_dripping_answer;
    decompresses: does_not_decompress;
    reads_without_limit: limits_the_answer;
    follows_redirects: follows_no_redirect;
    keeps_cookies: keeps_no_cookie;
    repeats_when_told_to_come_later: repeats_no_answered_request;
    repeats_after_failures: repeats_no_failed_request;
    mixes_up_answers: concurrent_calls_get_their_own_answers;
    breaks_when_dropped: a_dropped_call_harms_no_other;
    names_the_url_in_errors: shows_no_secret;
    prints_bodies: shows_no_secret;
    takes_refusals_for_losses: a_refused_connection_is_not_sent;
    takes_unknown_names_for_losses: an_unknown_name_is_not_sent;
    does_without_tls: a_failed_tls_handshake_is_not_sent;
    trusts_resets_before: a_reset_before_the_request_is_read_is_unknown;
    trusts_resets_within: a_reset_within_the_request_is_unknown;
    trusts_resets_after: a_reset_after_the_request_is_unknown;
    trusts_closes: a_close_without_answer_is_unknown;
    denies_what_it_sent_after_an_idle_close: a_close_of_an_idle_connection_is_no_lie;
    trusts_losses_on_kept_connections: a_loss_on_a_kept_connection_is_unknown;
    gives_up_too_surely_within_the_request: a_stall_within_the_request_is_unknown;
    gives_up_too_surely_before_the_answer: a_stall_before_the_answer_is_unknown;
    gives_up_too_surely_within_the_answer: a_stall_within_the_answer_is_unknown;
    trusts_truncation: a_truncated_answer_is_unknown;
    trusts_garbage: garbage_is_unknown;
    knows_of_nothing_that_it_was_not_sent:
        a_refused_connection_is_not_sent
        an_unknown_name_is_not_sent
        a_failed_tls_handshake_is_not_sent;
    says_of_everything_that_it_was_not_sent:
        limits_the_answer
        a_reset_before_the_request_is_read_is_unknown
        a_reset_within_the_request_is_unknown
        a_reset_after_the_request_is_unknown
        a_close_without_answer_is_unknown
        a_loss_on_a_kept_connection_is_unknown
        a_truncated_answer_is_unknown
        garbage_is_unknown;
}
