//! Whoever wanted an address has one, and every payment to it ends.

use xgateway::api::types::TransactionStatus;
use xgateway::flows::deposit::Machine;

use super::{Check, Kept, Promise, broken};
use crate::kinds::End;

impl Check<'_> {
    pub(super) fn savers(&mut self) -> Kept {
        for index in 0..self.state.plan.savers.len() {
            let snapshot = self.disk.saver(index);
            let machine = snapshot.and_then(|it| Machine::from_json(&it).ok());
            let Some(machine) = machine else {
                let how = format!("saver {index} never got an address");
                return broken(Promise::DepositsEnd, how);
            };
            if !machine.look().is_empty() {
                let how = format!("saver {index} waits for ever");
                return broken(Promise::DepositsEnd, how);
            }
        }
        for (id, outcome) in self.state.paid.clone() {
            let truth = self.state.gateway.world.transaction(&id);
            let is_confirmed = truth.is_some_and(|it| it.status == TransactionStatus::Confirmed);
            let end = match (is_confirmed, outcome) {
                (false, _) => End::ChannelFailed,
                (true, "failed_then_confirmed") => End::ChannelTurned,
                (true, _) => End::ChannelCredited,
            };
            self.state.coverage.end(end);
        }
        Ok(())
    }
}
