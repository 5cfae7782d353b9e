//! No order is charged twice.

use rust_decimal::Decimal;
use xgateway::api::types::TransactionStatus;

use super::{Check, Kept, Promise, attempt_of, broken};
use crate::plan::OrderPlan;

impl Check<'_> {
    /// No card is tried before the one before it is known to be declined.
    pub(super) fn attempts(&self) -> Kept {
        let ids = self.invoices.iter().filter_map(|it| it.order_id.as_deref());
        let attempts = ids.filter_map(attempt_of);
        let mut later = attempts.filter(|attempt| attempt.previous().is_some());
        match later.find(|attempt| !self.disk.followed_a_decline(attempt)) {
            Some(attempt) => {
                let id = attempt.gateway_order_id().as_str();
                let how = format!("{id} was sent before the attempt before it was declined");
                broken(Promise::TriedAfterDecline, how)
            }
            None => Ok(()),
        }
    }

    /// No order is charged twice, under whatever order id.
    pub(super) fn charges(&self) -> Kept {
        for order in &self.state.plan.orders {
            let amount = Decimal::new(order.cents.into(), 2);
            // The amount tells orders apart, also where a request lost its order id.
            let charges = self
                .invoices
                .iter()
                .filter(|invoice| invoice.amount.value() == amount)
                .flat_map(|invoice| invoice.transactions.as_deref().unwrap_or_default())
                .filter(|transaction| transaction.status == TransactionStatus::Confirmed)
                .count();
            // What the bank itself confirms after it has declined nobody can prevent: then a person must have given back the
            // payment of one attempt.
            let given_back = self.given_back(order);
            if given_back > 1 {
                let how = format!("{} was given back {given_back} times", order.id);
                return broken(Promise::EveryDepositCredited, how);
            }
            let charges = charges - given_back;
            if charges > 1 {
                return broken(
                    Promise::ChargedOnce,
                    format!("{} was charged {charges} times", order.id),
                );
            }
        }
        Ok(())
    }

    /// How many payments of an order a person has given back.
    fn given_back(&self, order: &OrderPlan) -> usize {
        let ids = self.invoices.iter().filter_map(|it| it.order_id.as_deref());
        let is_of_order =
            |id: &&str| attempt_of(id).is_some_and(|it| it.order().as_str() == order.id);
        ids.filter(is_of_order)
            .filter(|id| self.is_given_back(id))
            .count()
    }
}
