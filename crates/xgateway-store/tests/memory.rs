//! The stores in memory do their duties.

use std::sync::Arc;

use jiff::Timestamp;
use xgateway_store::test_util::{
    INBOX_DUTIES, JOURNAL_DUTIES, inbox_agrees_with_memory, journal_agrees_with_memory,
};
use xgateway_store::{
    ContentDigest, EffectKey, EventKey, Inbox as _, Kind, MemoryInbox, MemoryJournal, NewEntry,
    StoreErrorKind,
};

#[tokio::test(flavor = "multi_thread")]
async fn inbox() {
    for duty in INBOX_DUTIES {
        duty.check(Arc::new(MemoryInbox::new())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn journal() {
    for duty in JOURNAL_DUTIES {
        duty.check(Arc::new(MemoryJournal::new())).await;
    }
}

#[test]
fn histories_keep_what_must_hold() {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.unwrap();
    inbox_agrees_with_memory(500, |history| {
        runtime.block_on(history.check(Arc::new(MemoryInbox::new())));
    });
    journal_agrees_with_memory(500, |history| {
        runtime.block_on(history.check(Arc::new(MemoryJournal::new())));
    });
}

#[tokio::test]
async fn an_effect_and_the_end_of_its_entry_are_one_step() {
    let inbox = MemoryInbox::new();
    let now = Timestamp::UNIX_EPOCH;
    for subject in ["t", "u"] {
        let key = EventKey::new(Kind::Transaction, subject, "confirmed").unwrap();
        let entry = NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], now);
        inbox.accept(entry.unwrap()).await.unwrap();
    }
    let lease = std::time::Duration::from_secs(30);
    let claims = inbox.claim(now, lease, 9).await.unwrap();
    let credit = EffectKey::parse("credit:t").unwrap();
    let mut credited = 0;
    for claim in &claims {
        inbox.apply(claim, &credit, now, || credited += 1).unwrap();
    }
    assert_eq!(credited, 1);
    let again = inbox.apply(&claims[0], &credit, now, || credited += 1);
    assert_eq!(again.unwrap_err().kind(), StoreErrorKind::LeaseLost);
    assert_eq!(credited, 1);
}
