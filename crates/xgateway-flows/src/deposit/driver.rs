use std::sync::Arc;

use tracing::{debug, warn};
use xgateway_api::address::DepositAddress;
use xgateway_api::types::TransactionData;
use xgateway_client::{Client, Error};
use xgateway_core::id::{CustomerId, TransactionId};
use xgateway_core::money::Currency;

use super::{
    Action, AddressFailure, CallbackHint, Contradiction, Event, Machine, NamedOrder, Orders,
    OrdersError, Progress, Reading, SettledDeposit, SnapshotError, Standing,
};
use crate::{named, snapshot};

/// The deposits of one customer over a [`Client`]: a [`Machine`] whose actions are carried out.
///
/// Store the [snapshot](Self::snapshot) after every call. What is to be credited is handed out by every hint and every
/// [look](Self::look) until [`credited`](Self::credited) is told of it.
///
/// See the [module](super) for an example.
#[derive(Debug)]
pub struct DepositFlow {
    client: Client,
    orders: Arc<dyn Orders>,
    machine: Machine,
}

/// What carrying out actions brought to light.
#[derive(Default)]
struct Findings {
    credit: Option<SettledDeposit>,
    report: Option<Contradiction>,
    error: Option<Error>,
    own_order: Option<Box<str>>,
    unsure: Option<(Box<str>, OrdersError)>,
    nothing_found: bool,
}

impl DepositFlow {
    /// A flow for a customer of whom nothing is known yet. What pays one of `orders` is not credited here: where cards are
    /// taken, too, these are the [`JournalledCards`](crate::card::JournalledCards).
    pub fn new(client: Client, customer_id: CustomerId, orders: impl Orders + 'static) -> Self {
        let mut machine = Machine::new(customer_id);
        machine.environment = Some(client.environment().base_url().into());
        Self {
            client,
            orders: Arc::new(orders),
            machine,
        }
    }

    /// Takes up a flow where its [snapshot](Self::snapshot) was taken.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] if the text is no snapshot, or one of another version or environment. One that does not say its
    /// environment, since an older version wrote it, belongs to the client's from now on.
    pub fn resume(
        client: Client,
        snapshot: &str,
        orders: impl Orders + 'static,
    ) -> Result<Self, SnapshotError> {
        let mut machine = Machine::from_json(snapshot)?;
        machine.environment = Some(snapshot::environment(machine.environment(), &client)?);
        Ok(Self {
            client,
            orders: Arc::new(orders),
            machine,
        })
    }

    /// The flow as JSON. See [`Machine::to_json`].
    pub fn snapshot(&self) -> String {
        self.machine.to_json()
    }

    /// The flow as JSON, as it will be once this deposit is [credited](Self::credited): store it in the database transaction
    /// that credits the customer. The flow itself changes only when it is told that the transaction was committed.
    ///
    /// # Errors
    ///
    /// As of [`credited`](Self::credited).
    pub fn snapshot_once_credited(
        &self,
        deposit: &SettledDeposit,
    ) -> Result<String, Contradiction> {
        let mut machine = self.machine.clone();
        machine.on_credit(deposit)?;
        Ok(machine.to_json())
    }

    /// Takes in that the customer was credited: call it once the credit is committed, not before. Twice is fine.
    ///
    /// Until then the deposit is handed out again, so that a ledger that refuses once loses nothing.
    ///
    /// # Errors
    ///
    /// [`Contradiction::Owner`] if it is another customer's deposit, [`Contradiction::Amount`] if the transaction has
    /// another amount here. Nothing is taken in then, and a person must look.
    pub fn credited(&mut self, deposit: &SettledDeposit) -> Result<(), Contradiction> {
        self.machine.on_credit(deposit)
    }

    /// Takes in that a person has seen to a credit that was taken back and is [confirmed again](Contradiction::Restored): what
    /// its customer is to have, they have. Until then every hint tells it, and it is never credited by itself.
    ///
    /// As long as it is [confirmed no more](Contradiction::Reversed) this changes nothing: should it be confirmed again, that
    /// must be heard.
    pub fn seen_to(&mut self, id: &TransactionId) {
        self.machine
            .taken_back
            .retain(|it, is_restored| it != id || !*is_restored);
    }

    /// How things stand.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The customer's address in a currency: asked for again, it must be the same.
    ///
    /// # Errors
    ///
    /// [`AddressFailure`] if the gateway gives none, or another one than before.
    pub async fn address(&mut self, currency: &Currency) -> Result<DepositAddress, AddressFailure> {
        let answer = self
            .client
            .address(currency, self.machine.customer_id())
            .await
            .map_err(AddressFailure::Client)?;
        let address = answer.data().clone();
        for action in self.machine.step(&Event::AddressGiven(Box::new(answer))) {
            if let Action::Report(contradiction) = action {
                warn!(%contradiction, "a person must look at a customer's address");
                return Err(AddressFailure::Contradiction(contradiction));
            }
        }
        Ok(address)
    }

    /// Takes in that a callback came, whatever it said: the gateway is asked. Check its hash first.
    pub async fn callback_hint(&mut self, hint: &CallbackHint) -> Progress {
        let mut findings = Findings::default();
        for action in self.machine.step(&Event::CallbackHint(hint.clone())) {
            if let Action::ReadTransaction(id) = action
                && let Some(event) = self.read(id, &mut findings).await
            {
                self.take_in(&event, &mut findings);
            }
        }
        self.progress(hint.transaction_id(), findings)
    }

    /// Looks at everything that is pending or not yet [credited](Self::credited), and says what came of each.
    ///
    /// For whoever fears that a callback got lost; a transaction of which no callback ever told is not found so.
    ///
    /// Dropping the future, or what it gives, loses nothing: what is confirmed is handed out until it is credited.
    #[must_use = "it may say that a customer is to be credited"]
    pub async fn look(&mut self) -> Vec<(TransactionId, Progress)> {
        let mut seen = Vec::new();
        for action in self.machine.look() {
            if let Action::ReadTransaction(id) = action {
                let mut findings = Findings::default();
                if let Some(event) = self.read(id.clone(), &mut findings).await {
                    self.take_in(&event, &mut findings);
                }
                let progress = self.progress(&id, findings);
                seen.push((id, progress));
            }
        }
        seen
    }

    /// Tells the machine what was read. That leads to no further read.
    fn take_in(&mut self, event: &Event, findings: &mut Findings) {
        for action in self.machine.step(event) {
            match action {
                Action::ReadTransaction(_) => {}
                Action::Credit(deposit) => {
                    debug!(transaction_id = %deposit.transaction_id(), "a deposit is to be credited");
                    findings.credit = Some(deposit);
                }
                Action::Report(contradiction) => {
                    warn!(%contradiction, "a person must look at a deposit");
                    findings.report = Some(contradiction);
                }
            }
        }
    }

    /// Nothing, if what was read must not be taken in.
    async fn read(&self, id: TransactionId, findings: &mut Findings) -> Option<Event> {
        let mut order = NamedOrder::Unknown;
        let reading = match self.client.transaction(&id).await {
            Ok(answer) => {
                order = self.order_of(&id, answer.data(), findings).await?;
                Reading::Found(Box::new(answer))
            }
            Err(error) if error.is_not_found() => {
                findings.nothing_found = true;
                Reading::NotFound
            }
            Err(error) => {
                findings.error = Some(error);
                Reading::Failed
            }
        };
        Some(Event::TransactionRead {
            asked: id,
            reading,
            order,
        })
    }

    /// Whose order a transaction names; nothing, if nobody knows.
    async fn order_of(
        &self,
        id: &TransactionId,
        transaction: &TransactionData,
        findings: &mut Findings,
    ) -> Option<NamedOrder> {
        if !self.orders.may_have_any() {
            return Some(NamedOrder::Unknown);
        }
        let order_id = match named::order(&self.client, transaction).await {
            Ok(Some(order_id)) => order_id.into_boxed_str(),
            Ok(None) => return Some(NamedOrder::Unknown),
            Err(error) => {
                warn!(transaction_id = %id, %error, "a deposit waits for its invoice");
                findings.error = Some(error);
                return None;
            }
        };
        match self.orders.is_own(&order_id).await {
            Ok(false) => Some(NamedOrder::Unknown),
            Ok(true) => {
                findings.own_order = Some(order_id);
                Some(NamedOrder::Own)
            }
            Err(error) => {
                warn!(transaction_id = %id, %error, "a deposit waits");
                findings.unsure = Some((order_id, error));
                None
            }
        }
    }

    fn progress(&self, id: &TransactionId, findings: Findings) -> Progress {
        if let Some(deposit) = findings.credit {
            return Progress::Credit(deposit);
        }
        if let Some(contradiction) = findings.report {
            return Progress::Contradiction(contradiction);
        }
        if let Some(error) = findings.error {
            return Progress::Unread(error);
        }
        if let Some((order_id, source)) = findings.unsure {
            return Progress::Unsure { order_id, source };
        }
        if let Some(order_id) = findings.own_order {
            return Progress::OfOrder(order_id);
        }
        if findings.nothing_found {
            return Progress::NotFound;
        }
        match self.machine.standing(id) {
            Some(Standing::Credited(_)) => Progress::AlreadyCredited,
            // What is confirmed was handed out or reported above.
            Some(Standing::Pending | Standing::Confirmed(_)) => Progress::Pending,
            Some(Standing::Failed) => Progress::Failed,
            None => Progress::NotOurs,
        }
    }
}
