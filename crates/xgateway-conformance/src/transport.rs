//! The duties of a transport that opens sockets, each as a test of its own.
//!
//! Run them all with [`transport_suite!`](crate::transport_suite), go through
//! [`DUTIES`], or call one. Whoever calls one provides a tokio runtime with I/O
//! and time enabled.
//!
//! The suite asks for what [`Transport`] asks for, and for these bounds, since
//! a transport's own limits are not visible from outside: it reads and sends
//! bodies of 5 MiB, refuses answers of 64 MiB, and does not take longer than
//! 10 s to fail to connect.

mod answer;
mod delivery;
mod exchange;
mod request;
mod secrets;
mod streamed;

use xgateway_transport::Transport;

use crate::Duty;

pub use self::answer::{
    does_not_decompress, limits_the_answer, returns_a_large_body, returns_an_empty_body,
    returns_every_header, returns_every_status, returns_the_bytes_of_the_body,
    waits_for_a_dripping_answer,
};
pub use self::delivery::{
    a_close_of_an_idle_connection_is_no_lie, a_close_without_answer_is_unknown,
    a_failed_tls_handshake_is_not_sent, a_loss_on_a_kept_connection_is_unknown,
    a_refused_connection_is_not_sent, a_reset_after_the_request_is_unknown,
    a_reset_before_the_request_is_read_is_unknown, a_reset_within_the_request_is_unknown,
    a_stall_before_the_answer_is_unknown, a_stall_within_the_answer_is_unknown,
    a_stall_within_the_request_is_unknown, a_truncated_answer_is_unknown,
    an_unknown_name_is_not_sent, garbage_is_unknown,
};
pub(crate) use self::exchange::all_at_once;
pub use self::exchange::{
    a_dropped_call_harms_no_other, concurrent_calls_get_their_own_answers, follows_no_redirect,
    keeps_no_cookie, repeats_no_answered_request, repeats_no_failed_request,
};
pub use self::request::{
    adds_only_what_http_asks_for, sends_a_large_body, sends_an_empty_body, sends_every_header,
    sends_path_and_query_to_the_letter, sends_the_bytes_of_the_body, sends_the_method,
};
pub use self::secrets::shows_no_secret;
pub(crate) use self::secrets::{everything_about, no_canary};
pub use self::streamed::{
    a_body_that_breaks_is_no_lie, a_body_that_breaks_is_no_whole_request,
    a_body_that_is_late_is_not_sent, sends_a_streamed_body, states_the_length_of_a_streamed_body,
};

macro_rules! list {
    ([] $($duty:ident)*) => {
        /// Every duty, in the order in which they are listed in this module.
        pub const DUTIES: &[Duty] = &[$(
            Duty {
                name: stringify!($duty),
                check: |transport: &dyn Transport| Box::pin($duty(transport)),
            },
        )*];
    };
}

crate::__transport_duties! { [list] }
