//! Every onboarding ends, and the account is the gateway's.

use xgateway::flows::onboarding::{Machine, State};

use super::{Check, Kept, Promise, broken};
use crate::kinds::End;
use crate::plan::Fate;

impl Check<'_> {
    /// Every onboarding has ended as the gateway says, or waits for what the customer will not do.
    pub(super) fn newcomers(&mut self) -> Kept {
        for index in 0..self.state.plan.newcomers.len() {
            let plan = self.state.plan.newcomers[index].clone();
            if plan.at.is_none() {
                continue;
            }
            let snapshot = self.disk.onboarding(index);
            let machine = snapshot.and_then(|it| Machine::from_json(&it).ok());
            let believed = machine.map(|it| it.state());
            let gateway = &mut self.state.gateway;
            let status = gateway.kyc(&plan.id);
            let account = gateway.account(&plan.id);
            let told = self.disk.accounts(index);
            if told.iter().any(|told| Some(told) != account.as_ref()) {
                let how = format!("{} was told to pay to somebody else's account", plan.id);
                return broken(Promise::AccountsAreTrue, how);
            }
            let end = match (believed, status.as_deref()) {
                (Some(State::Onboarded), Some("FULL_USER")) if !told.is_empty() => {
                    if self.disk.is_corrected(index) {
                        End::OnboardedAfterCorrection
                    } else {
                        End::Onboarded
                    }
                }
                (Some(State::Failed), Some("SOFT_KYC_FAILED")) if plan.corrects_after.is_none() => {
                    End::OnboardingWaits
                }
                (Some(State::Rejected), Some("HARD_KYC_FAILED")) => {
                    if plan.fate == Fate::Reversed {
                        End::OnboardingReversed
                    } else {
                        End::OnboardingRejected
                    }
                }
                _ => {
                    let how = format!("{} is {status:?}; here it is {believed:?}", plan.id);
                    return broken(Promise::OnboardingsEnd, how);
                }
            };
            self.state.coverage.end(end);
        }
        Ok(())
    }
}
