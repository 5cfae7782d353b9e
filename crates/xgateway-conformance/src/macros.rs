/// One `#[test]` for each duty of [`transport`](crate::transport).
///
/// Takes a function or closure that makes the transport under test. Each test
/// gets a new one, inside a tokio runtime of its own.
///
/// ```
/// # mod adapter {
/// use xgateway_transport_hyper::HyperTransport;
///
/// xgateway_conformance::transport_suite!(|| HyperTransport::new().unwrap());
/// # }
/// ```
#[macro_export]
macro_rules! transport_suite {
    ($make:expr) => {
        $crate::__transport_duties! { [$crate::__duty_tests] transport, $make }
    };
}

/// One `#[test]` for each duty of [`http2`](crate::http2).
///
/// Takes a function or closure that makes the transport under test, which has to speak HTTP/2 to `http` URLs without
/// asking. Each test gets a new one, inside a tokio runtime of its own.
///
/// ```
/// # mod adapter {
/// use xgateway_transport_hyper::HyperTransport;
///
/// xgateway_conformance::http2_suite!(|| {
///     HyperTransport::builder().http2_prior_knowledge(true).build().unwrap()
/// });
/// # }
/// ```
#[macro_export]
macro_rules! http2_suite {
    ($make:expr) => {
        $crate::__http2_duties! { [$crate::__duty_tests] http2, $make }
    };
}

/// One `#[test]` for each duty of [`in_process`](crate::in_process).
///
/// Takes a function or closure that makes the transport under test, and an
/// absolute URL that it answers when asked with `GET`.
///
/// ```
/// # mod adapter {
/// use bytes::Bytes;
/// use xgateway_transport::test_util::MockTransport;
///
/// fn mock() -> MockTransport {
///     let mut mock = MockTransport::new();
///     mock.expect_send().returning(|_| Ok(http::Response::new(Bytes::new())));
///     mock
/// }
///
/// xgateway_conformance::in_process_suite!(mock, "https://gateway.example/v2/ping");
/// # }
/// ```
#[macro_export]
macro_rules! in_process_suite {
    ($make:expr, $url:expr) => {
        $crate::__in_process_tests! {
            [$make, $url]
            a_request_is_answered
            a_dropped_call_harms_no_other
            concurrent_calls_are_answered
            shows_no_secret
        }
    };
}

/// Calls another macro with all duties, so that they are listed in one place.
#[doc(hidden)]
#[macro_export]
macro_rules! __transport_duties {
    ([$($callback:tt)*] $($argument:tt)*) => {
        $($callback)*! {
            [$($argument)*]
            sends_the_method
            sends_path_and_query_to_the_letter
            sends_every_header
            adds_only_what_http_asks_for
            sends_the_bytes_of_the_body
            sends_an_empty_body
            sends_a_large_body
            sends_a_streamed_body
            states_the_length_of_a_streamed_body
            a_body_that_breaks_is_no_whole_request
            a_body_that_breaks_is_no_lie
            a_body_that_is_late_is_not_sent
            returns_every_status
            returns_every_header
            returns_the_bytes_of_the_body
            returns_an_empty_body
            returns_a_large_body
            waits_for_a_dripping_answer
            does_not_decompress
            limits_the_answer
            follows_no_redirect
            keeps_no_cookie
            repeats_no_answered_request
            repeats_no_failed_request
            concurrent_calls_get_their_own_answers
            a_dropped_call_harms_no_other
            shows_no_secret
            a_refused_connection_is_not_sent
            an_unknown_name_is_not_sent
            a_failed_tls_handshake_is_not_sent
            a_reset_before_the_request_is_read_is_unknown
            a_reset_within_the_request_is_unknown
            a_reset_after_the_request_is_unknown
            a_close_without_answer_is_unknown
            a_close_of_an_idle_connection_is_no_lie
            a_loss_on_a_kept_connection_is_unknown
            a_stall_within_the_request_is_unknown
            a_stall_before_the_answer_is_unknown
            a_stall_within_the_answer_is_unknown
            a_truncated_answer_is_unknown
            garbage_is_unknown
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __http2_duties {
    ([$($callback:tt)*] $($argument:tt)*) => {
        $($callback)*! {
            [$($argument)*]
            sends_over_http2
            what_was_given_up_before_its_turn_is_never_sent_whole
            a_refused_stream_is_unknown
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __duty_tests {
    ([$suite:ident, $make:expr] $($duty:ident)*) => {$(
        #[test]
        fn $duty() -> ::std::result::Result<(), $crate::Violation> {
            $crate::private::run(|| {
                let transport = ($make)();
                async move { $crate::$suite::$duty(&transport).await }
            })
        }
    )*};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __in_process_tests {
    ([$make:expr, $url:expr] $($duty:ident)*) => {$(
        #[test]
        fn $duty() -> ::std::result::Result<(), $crate::Violation> {
            $crate::private::run(|| {
                let transport = ($make)();
                async move { $crate::in_process::$duty(&transport, $url).await }
            })
        }
    )*};
}
