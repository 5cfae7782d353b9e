//! No callback is given up but what was forged.

use xgateway::store::{EntryState, Inbox as _, ListQuery};

use super::{Check, Kept, Promise, broken};
use crate::history::now_or_never;
use crate::kinds::End;

impl Check<'_> {
    /// No callback is given up but what was forged.
    pub(super) fn callbacks(&mut self) -> Kept {
        let query = ListQuery::default().with_state(EntryState::Dead);
        let dead = now_or_never(self.disk.inbox.list(query));
        let dead = dead.and_then(Result::ok).unwrap_or_default();
        for _ in &dead {
            self.state.coverage.end(End::CallbackDead);
        }
        let forged = &self.state.forged;
        let mut genuine = dead
            .iter()
            .filter(|entry| forged.iter().all(|body| body != entry.payload.as_bytes()));
        if let Some(entry) = genuine.next() {
            let how = format!("a genuine callback was given up: {:?}", entry.reason);
            return broken(Promise::NoneGivenUp, how);
        }
        Ok(())
    }
}
