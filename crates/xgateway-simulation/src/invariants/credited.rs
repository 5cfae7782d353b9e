//! What is confirmed is credited, once, to its customer, and nothing else is.

use xgateway::api::types::TransactionStatus;

use super::{Check, Kept, Promise, broken};

impl Check<'_> {
    /// What is confirmed is credited, once and to its customer; nothing else is.
    pub(super) fn credits(&self) -> Kept {
        for truth in self.confirmed() {
            let order = truth.order_id.as_deref();
            if order.is_some_and(|order| self.is_given_back(order)) {
                if self.ledger.iter().any(|it| it.transaction == truth.id) {
                    let how = format!("given back and credited: {}", truth.id);
                    return broken(Promise::CreditedOnce, how);
                }
                continue;
            }
            let mut credits = self.ledger.iter().filter(|it| it.transaction == truth.id);
            let Some(credit) = credits.next() else {
                let how = format!(
                    "{} {} of {} were paid and never credited",
                    truth.amount,
                    truth.currency.as_str(),
                    truth.customer_id.as_deref().unwrap_or_default()
                );
                return broken(Promise::EveryDepositCredited, how);
            };
            if credits.next().is_some() {
                return broken(Promise::CreditedOnce, format!("twice: {credit}"));
            }
            // A payment of an order is credited in the order's currency, whichever one it is told in.
            let of_order = self.invoices.iter().find(|invoice| {
                let transactions = invoice.transactions.as_deref().unwrap_or_default();
                transactions.iter().any(|it| it.id == truth.id)
            });
            let (amount, currency) = match of_order {
                Some(invoice) => (
                    invoice.amount.value(),
                    invoice.base_currency.as_ref().unwrap_or(&truth.currency),
                ),
                None => (truth.amount.value(), &truth.currency),
            };
            let is_right = Some(&credit.customer) == truth.customer_id.as_ref()
                && credit.amount == amount
                && credit.currency == currency.as_str();
            if !is_right {
                return broken(
                    Promise::CreditedOnlyWhatIsConfirmed,
                    format!("wrong: {credit}"),
                );
            }
        }
        for credit in &self.ledger {
            let truth = self.state.gateway.world.transaction(&credit.transaction);
            let is_confirmed = truth.is_some_and(|it| it.status == TransactionStatus::Confirmed);
            if !is_confirmed {
                let how = format!("not confirmed: {credit}");
                return broken(Promise::CreditedOnlyWhatIsConfirmed, how);
            }
        }
        Ok(())
    }
}
