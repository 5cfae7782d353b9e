//! Histories of an inbox.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Strategy, any, prop_oneof};

use super::super::values::{at, credit, delivery_at, reason, reopening};
use crate::error::StoreError;
use crate::inbox::{
    Accepted, Claim, Completed, Entry, EntryId, Inbox as _, ListQuery, SharedInbox,
};
use crate::memory::MemoryInbox;

/// Steps that workers, the gateway and people take, one after the other.
#[derive(Clone, Debug)]
pub struct InboxHistory(Vec<Step>);

/// Numbers choose among what is there, modulo its count.
#[derive(Clone, Debug)]
enum Step {
    Accept {
        subject: u8,
        status: u8,
        amount: u8,
        reopens: bool,
    },
    Claim {
        limit: usize,
        lease_seconds: u64,
    },
    Complete {
        claim: usize,
        has_effect: bool,
    },
    Retry {
        claim: usize,
        wait_seconds: i64,
        attempts: Option<u32>,
    },
    Dead {
        claim: usize,
    },
    Replay {
        entry: usize,
    },
    ReplayDead {
        limit: usize,
    },
    Discard {
        entry: usize,
        has_effect: bool,
    },
    Wait {
        seconds: i64,
    },
}

impl InboxHistory {
    pub(super) fn any() -> impl Strategy<Value = Self> {
        let accept = (0..3_u8, 0..2_u8, 0..2_u8, any::<bool>()).prop_map(
            |(subject, status, amount, reopens)| Step::Accept {
                subject,
                status,
                amount,
                reopens,
            },
        );
        let claim = (0..4_usize, 0..20_u64).prop_map(|(limit, lease_seconds)| Step::Claim {
            limit,
            lease_seconds,
        });
        let complete = (any::<usize>(), any::<bool>())
            .prop_map(|(claim, has_effect)| Step::Complete { claim, has_effect });
        let retry = (any::<usize>(), 0..20_i64, option::of(0..9_u32)).prop_map(
            |(claim, wait_seconds, attempts)| Step::Retry {
                claim,
                wait_seconds,
                attempts,
            },
        );
        let step = prop_oneof![
            4 => accept,
            3 => claim,
            3 => complete,
            1 => retry,
            1 => any::<usize>().prop_map(|claim| Step::Dead { claim }),
            1 => any::<usize>().prop_map(|entry| Step::Replay { entry }),
            1 => (0..4_usize).prop_map(|limit| Step::ReplayDead { limit }),
            1 => (any::<usize>(), any::<bool>())
                .prop_map(|(entry, has_effect)| Step::Discard { entry, has_effect }),
            2 => (0..15_i64).prop_map(|seconds| Step::Wait { seconds }),
        ];
        vec(step, 0..60).prop_map(Self)
    }

    /// Takes the steps in this inbox, which must be empty, and in one in memory.
    ///
    /// # Panics
    ///
    /// If they differ, or if an effect happened twice or an event got lost.
    pub async fn check(self, inbox: SharedInbox) {
        let mut both = Both {
            inbox,
            model: MemoryInbox::new(),
            ids: BTreeMap::new(),
            claims: Vec::new(),
        };
        let mut now = 0;
        let mut told = BTreeSet::new();
        let mut first_effects = BTreeSet::new();
        for step in self.0 {
            match step {
                Step::Accept {
                    subject,
                    status,
                    amount,
                    reopens,
                } => {
                    told.insert((subject, status, amount));
                    both.accept(now, subject, status, amount, reopens).await;
                }
                Step::Claim {
                    limit,
                    lease_seconds,
                } => both.claim(now, lease_seconds, limit).await,
                Step::Complete { claim, has_effect } => {
                    let effect = both.complete(now, claim, has_effect).await;
                    if let Some(subject) = effect {
                        assert!(first_effects.insert(subject), "an effect happened twice");
                    }
                }
                Step::Retry {
                    claim,
                    wait_seconds,
                    attempts,
                } => both.retry(now + wait_seconds, claim, attempts).await,
                Step::Dead { claim } => both.dead(now, claim).await,
                Step::Replay { entry } => both.replay(now, entry).await,
                Step::ReplayDead { limit } => both.replay_dead(now, limit).await,
                Step::Discard { entry, has_effect } => {
                    let effect = both.discard(now, entry, has_effect).await;
                    first_effects.extend(effect);
                }
                Step::Wait { seconds } => now += seconds,
            }
            both.compare().await;
        }
        assert_eq!(both.ids.len(), told.len(), "each event has its entry");
    }
}

/// An inbox and the one in memory.
struct Both {
    inbox: SharedInbox,
    model: MemoryInbox,
    /// From the model's ids to those of the inbox, which may leave numbers out.
    ids: BTreeMap<EntryId, EntryId>,
    claims: Vec<(Claim, Claim)>,
}

impl Both {
    async fn accept(&mut self, now: i64, subject: u8, status: u8, amount: u8, reopens: bool) {
        let subject = format!("t{subject}");
        let status = ["confirmed", "failed"][usize::from(status)];
        let mut delivery = delivery_at(now, &subject, status, &amount.to_string());
        if reopens {
            delivery = reopening(delivery);
        }
        let want = self.model.accept(delivery.clone()).await.expect("memory");
        let got = self.inbox.accept(delivery).await.expect("it is stored");
        match want {
            Accepted::New(id) => {
                assert!(matches!(got, Accepted::New(_)), "{got:?}");
                self.ids.insert(id, got.id());
            }
            Accepted::Contradiction { id, first } => {
                let Accepted::Contradiction { first: told, .. } = got else {
                    panic!("it contradicts: {got:?}");
                };
                assert_eq!(told, self.ids[&first]);
                self.ids.insert(id, got.id());
            }
            Accepted::Duplicate(id) => assert_eq!(got, Accepted::Duplicate(self.ids[&id])),
        }
    }

    async fn claim(&mut self, now: i64, lease_seconds: u64, limit: usize) {
        let lease = Duration::from_secs(lease_seconds);
        let want = self
            .model
            .claim(at(now), lease, limit)
            .await
            .expect("memory");
        let got = self.inbox.claim(at(now), lease, limit).await;
        let got = got.expect("entries can be claimed");
        assert_eq!(got.len(), want.len());
        for (want, got) in want.into_iter().zip(got) {
            self.same(want.entry(), got.entry());
            self.claims.push((want, got));
        }
    }

    /// The subject whose effect has now happened for the first time.
    async fn complete(&mut self, now: i64, claim: usize, has_effect: bool) -> Option<String> {
        let (want, got) = self.choose(claim)?;
        let subject = want.entry().key.subject().to_owned();
        let effect = has_effect.then(|| credit(&subject));
        let want = self.model.complete(want, effect.as_ref(), at(now)).await;
        let got = self.inbox.complete(got, effect.as_ref(), at(now)).await;
        assert_eq!(kinds(&want), kinds(&got));
        assert_eq!(want.as_ref().ok(), got.as_ref().ok());
        (has_effect && matches!(got, Ok(Completed::First))).then_some(subject)
    }

    async fn retry(&mut self, until: i64, claim: usize, attempts: Option<u32>) {
        if let Some((want, got)) = self.choose(claim) {
            let (until, reason) = (at(until), reason());
            let (want, got) = if let Some(attempts) = attempts {
                let want = self
                    .model
                    .retry_with_attempts(want, until, &reason, attempts);
                let got = self
                    .inbox
                    .retry_with_attempts(got, until, &reason, attempts);
                (want.await, got.await)
            } else {
                let want = self.model.retry(want, until, &reason).await;
                (want, self.inbox.retry(got, until, &reason).await)
            };
            assert_eq!(kinds(&want), kinds(&got));
        }
    }

    async fn dead(&mut self, now: i64, claim: usize) {
        if let Some((want, got)) = self.choose(claim) {
            let want = self.model.dead(want, &reason(), at(now)).await;
            let got = self.inbox.dead(got, &reason(), at(now)).await;
            assert_eq!(kinds(&want), kinds(&got));
        }
    }

    async fn replay(&mut self, now: i64, entry: usize) {
        if let Some((want, got)) = self.ids.iter().nth(entry % self.ids.len().max(1)) {
            let want = self.model.replay(*want, at(now)).await;
            let got = self.inbox.replay(*got, at(now)).await;
            assert_eq!(kinds(&want), kinds(&got));
        }
    }

    async fn replay_dead(&self, now: i64, limit: usize) {
        let want = self.model.replay_dead(None, limit, at(now)).await;
        let want = want.expect("memory");
        let got = self.inbox.replay_dead(None, limit, at(now)).await;
        let want: Vec<_> = want.iter().map(|id| self.ids[id]).collect();
        assert_eq!(want, got.expect("the dead can be replayed"));
    }

    /// The subject whose effect a person has caused.
    async fn discard(&self, now: i64, entry: usize, has_effect: bool) -> Option<String> {
        let (want, got) = self.ids.iter().nth(entry % self.ids.len().max(1))?;
        let entry = self.model.show(*want).await.expect("memory")?;
        let subject = entry.key.subject().to_owned();
        let effect = has_effect.then(|| credit(&subject));
        let (effect, reason) = (effect.as_ref(), reason());
        let want = self.model.discard(*want, effect, &reason, at(now)).await;
        let got = self.inbox.discard(*got, effect, &reason, at(now)).await;
        assert_eq!(kinds(&want), kinds(&got));
        (has_effect && got.is_ok()).then_some(subject)
    }

    async fn compare(&self) {
        let all = ListQuery::default();
        let want = self.model.list(all).await.expect("memory");
        let got = self.inbox.list(all).await.expect("entries can be listed");
        assert_eq!(want.len(), got.len());
        for (want, got) in want.iter().zip(&got) {
            self.same(want, got);
        }
    }

    fn same(&self, want: &Entry, got: &Entry) {
        let want = Entry {
            id: self.ids[&want.id],
            contradicts: want.contradicts.map(|id| self.ids[&id]),
            ..want.clone()
        };
        assert_eq!(want, *got);
    }

    fn choose(&self, claim: usize) -> Option<(&Claim, &Claim)> {
        let (want, got) = self.claims.get(claim % self.claims.len().max(1))?;
        Some((want, got))
    }
}

fn kinds<T>(result: &Result<T, StoreError>) -> Option<crate::StoreErrorKind> {
    result.as_ref().err().map(StoreError::kind)
}
