/// One `#[test]` for each duty of an [`Inbox`](xgateway_store::Inbox), and one that plays random histories.
///
/// Takes an async function or closure that makes an empty inbox and whatever must live as long as it, such as the folder
/// that its file is in, or `()`. Each test gets an inbox of its own, inside a tokio runtime of its own with several threads.
///
/// ```
/// # mod inbox {
/// use xgateway_store::MemoryInbox;
///
/// xgateway_conformance::inbox_suite!(async || (MemoryInbox::new(), ()));
/// # }
/// ```
#[macro_export]
macro_rules! inbox_suite {
    ($make:expr) => {
        $crate::private::__inbox_duties! { [$crate::__store_tests] run_inbox_duty $make }

        #[test]
        fn histories_agree_with_memory() {
            $crate::store::run_inbox_histories($make);
        }
    };
}

/// One `#[test]` for each duty that an [`EffectStore`](xgateway_store::EffectStore) has beyond those of an inbox.
///
/// Takes an async function or closure that makes an empty store with a table of a merchant's beside it, as a
/// [`Ledger`](crate::store::Ledger). Each test gets one of its own, inside a tokio runtime of its own with several threads.
///
/// ```text
/// xgateway_conformance::effect_suite!(async || Credits::new().await);
/// ```
#[macro_export]
macro_rules! effect_suite {
    ($make:expr) => {
        $crate::private::__effect_duties! { [$crate::__store_tests] run_effect_duty $make }
    };
}

/// One `#[test]` for each duty of a [`Journal`](xgateway_store::Journal), and one that plays random histories.
///
/// Takes an async function or closure that makes an empty journal and whatever must live as long as it, such as the folder
/// that its file is in, or `()`. Each test gets a journal of its own, inside a tokio runtime of its own with several
/// threads.
///
/// ```
/// # mod journal {
/// use xgateway_store::MemoryJournal;
///
/// xgateway_conformance::journal_suite!(async || (MemoryJournal::new(), ()));
/// # }
/// ```
#[macro_export]
macro_rules! journal_suite {
    ($make:expr) => {
        $crate::private::__journal_duties! { [$crate::__store_tests] run_journal_duty $make }

        #[test]
        fn histories_agree_with_memory() {
            $crate::store::run_journal_histories($make);
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __store_tests {
    ([$run:ident $make:expr] $($module:ident: $($duty:ident)*;)*) => {$($(
        #[test]
        fn $duty() {
            $crate::store::$run(stringify!($duty), $make);
        }
    )*)*};
}
