//! The duties of an [`Inbox`](crate::Inbox), of an [`EffectStore`](crate::EffectStore) and of a
//! [`Journal`](crate::Journal), as tests that anybody can run against their own.
//!
//! Each duty wants a store of its own, empty. It panics with what it found if the store does not keep it. They want a
//! runtime with time enabled; with several threads they find more.
//!
//! ```
//! use std::sync::Arc;
//!
//! use xgateway_store::MemoryInbox;
//! use xgateway_store::test_util::INBOX_DUTIES;
//!
//! # #[tokio::main]
//! # async fn main() {
//! for duty in INBOX_DUTIES {
//!     duty.check(Arc::new(MemoryInbox::new())).await;
//! }
//! # }
//! ```

#![expect(
    clippy::panic,
    reason = "a duty that is not kept panics, as a test does"
)]

mod agree;
mod claims;
mod effects;
mod entries;
mod intents;
mod ledger;
mod together;
mod upkeep;
mod values;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

pub use self::agree::{
    InboxHistory, JournalHistory, inbox_agrees_with_memory, journal_agrees_with_memory,
};
pub use self::ledger::Ledger;
use crate::inbox::SharedInbox;
use crate::journal::SharedJournal;

type Run<S> = fn(S) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Something that a store must do.
pub struct Duty<S> {
    name: &'static str,
    run: Run<S>,
}

impl<S: Send + 'static> Duty<S> {
    /// The duty in a few words.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Checks that a store, which must be empty, does its duty.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub async fn check(&self, store: S) {
        // In a task, so that a failure can be given the name of the duty.
        let result = tokio::spawn((self.run)(store)).await;
        assert!(result.is_ok(), "this duty is not kept: {}", self.name);
    }
}

impl<S> fmt::Debug for Duty<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Duty").field(&self.name).finish()
    }
}

macro_rules! duties {
    ([$(#[$doc:meta])* $name:ident: $store:ty] $($module:ident: $($function:ident)*;)*) => {
        $(#[$doc])*
        pub const $name: &[Duty<$store>] = &[$($(Duty {
            name: stringify!($function),
            run: |store| Box::pin($module::$function(store)),
        }),*),*];
    };
}

/// Calls another macro with the names of all duties of an inbox, by the modules that they are in.
#[doc(hidden)]
#[macro_export]
macro_rules! __inbox_duties {
    ([$($callback:tt)*] $($argument:tt)*) => {
        $($callback)*! {
            [$($argument)*]
            entries:
                what_is_accepted_comes_back_byte_for_byte
                one_event_delivered_by_64_tasks_is_one_entry
                different_events_delivered_by_64_tasks_are_all_kept
                statuses_of_one_subject_are_events_of_their_own_in_any_order
                a_contradiction_is_kept_beside_and_flagged
                contradictions_at_the_same_time_are_all_kept
                a_repeat_that_may_be_news_opens_the_entry_again
                what_comes_again_meanwhile_is_neither_put_back_nor_given_up
                what_comes_again_and_again_keeps_no_other_from_its_turn
                what_comes_again_and_again_is_looked_into_once_a_second
                a_repeat_that_is_no_news_changes_nothing
                entries_are_listed_by_state_and_page
                an_inbox_is_of_one_environment
                of_environments_that_ask_at_once_it_is_of_one;
            claims:
                an_entry_is_claimed_by_one_worker
                many_workers_share_the_entries
                the_longest_due_are_claimed_first
                of_one_subject_one_entry_is_held
                what_is_held_about_a_subject_is_taken_over_before_the_rest
                of_one_subject_workers_at_the_same_time_hold_one
                a_worker_that_dies_gives_way_when_its_lease_is_over
                a_worker_that_lost_its_lease_changes_nothing
                a_retry_waits
                a_retry_may_give_attempts_back
                a_dead_letter_waits_for_a_person
                a_replay_leaves_the_entry_to_its_worker
                what_is_not_there_is_not_found;
            effects:
                an_effect_is_recorded_once_whatever_events_come
                a_replay_does_not_repeat_the_effect
                workers_at_the_same_time_record_one_effect
                an_entry_without_effect_records_none
                what_is_recorded_beside_an_entry_outlasts_its_claim
                many_effects_are_looked_up_at_once;
            upkeep:
                only_the_dead_are_replayed_together
                what_is_discarded_is_dead_no_more
                an_effect_that_a_person_has_caused_does_not_happen_by_itself
                what_ended_long_ago_is_pruned_in_parts
                an_effect_is_not_repeated_after_a_prune
                no_number_is_given_out_twice
                what_a_dead_letter_contradicts_is_not_pruned
                what_comes_while_others_clear_up_is_looked_into;
        }
    };
}

macro_rules! duties_with_ledger {
    ([] $($module:ident: $($function:ident)*;)*) => {
        /// What every [`EffectStore`](crate::EffectStore) must do beyond the duties of an inbox.
        #[must_use]
        pub fn effect_duties<L: Ledger>() -> Vec<Duty<Arc<L>>> {
            vec![$($(Duty {
                name: stringify!($function),
                run: |ledger| Box::pin($module::$function(ledger)),
            }),*),*]
        }
    };
}

/// Calls another macro with the names of all duties of an effect store, by the modules that they are in.
#[doc(hidden)]
#[macro_export]
macro_rules! __effect_duties {
    ([$($callback:tt)*] $($argument:tt)*) => {
        $($callback)*! {
            [$($argument)*]
            together:
                many_effects_happen_together
                effects_without_a_commit_have_not_happened
                effects_whose_worker_is_stopped_have_not_happened
                of_one_key_the_first_happens
                of_a_batch_those_happen_that_have_not_happened
                about_a_lost_claim_nothing_happens
                about_a_claim_that_is_lost_before_the_commit_nothing_happens_twice
                what_came_again_meanwhile_is_looked_into_once_more
                batches_with_the_same_effects_at_the_same_time_cause_each_once;
        }
    };
}

/// Calls another macro with the names of all duties of a journal, by the modules that they are in.
#[doc(hidden)]
#[macro_export]
macro_rules! __journal_duties {
    ([$($callback:tt)*] $($argument:tt)*) => {
        $($callback)*! {
            [$($argument)*]
            intents:
                one_of_64_tasks_begins
                the_same_body_resumes
                another_body_is_refused_naming_the_fields
                another_operation_is_refused
                what_was_not_taken_is_begun_again_by_one
                an_attempt_follows_only_a_proven_decline
                what_was_sent_is_no_beginning_whatever_became_of_earlier_ones
                no_attempt_follows_one_that_was_paid_after_its_decline
                an_outcome_stays
                a_charge_is_never_refused
                an_earlier_round_does_not_end_a_later_one
                what_has_ended_is_opened_again
                only_the_end_that_was_seen_is_opened_again
                what_a_person_has_ended_since_is_not_opened_again
                what_was_sent_elsewhere_is_refused
                what_was_not_taken_may_be_sent_elsewhere
                no_attempt_begins_beside_one_that_is_charged
                a_slow_look_writes_nothing_over_a_newer_one
                one_of_16_looks_at_once_is_written
                progress_is_kept_until_the_end
                progress_comes_with_the_beginning_and_the_end
                open_intents_come_oldest_first
                open_intents_come_page_by_page
                ended_intents_come_newest_first
                what_was_never_begun_is_not_found
                every_order_is_read_back_as_it_was_begun;
        }
    };
}

crate::__inbox_duties! {
    [duties]
    /// What every inbox must do.
    INBOX_DUTIES: SharedInbox
}

crate::__effect_duties! { [duties_with_ledger] }

crate::__journal_duties! {
    [duties]
    /// What every journal must do.
    JOURNAL_DUTIES: SharedJournal
}
