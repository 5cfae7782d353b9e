//! Card deposits whose intent is durable before the first byte is sent.
//!
//! [`JournalledCards`] runs the card flow over a [journal](xgateway_store::Journal): what is about to be sent is written down
//! first, and how it ended afterwards. A process that dies in between leaves an open intent, which
//! [`resume_all`](JournalledCards::resume_all) finishes: it asks the gateway and never sends. Every call takes what it
//! needs from the journal, so any process on any machine that shares it can follow any deposit.
//!
//! | the process dies | the journal says | resuming finds |
//! | --- | --- | --- |
//! | before the intent is written | nothing | nothing was sent; the order may be sent |
//! | before the request arrives | open | no invoice; after the grace: not taken, and the order may be sent again |
//! | before the answer arrives | open | the invoice, and with it how the deposit stands |
//! | before the customer is credited | open | the transaction, once more: credit it under its id |
//!
//! What has ended otherwise, and turns out to be paid, is open again until it is credited or a person resolves it.
//!
//! ```
//! use std::sync::Arc;
//!
//! # use jiff::civil::date;
//! # use jiff::Timestamp;
//! # use xgateway_api::deposit::CardDeposit;
//! # use xgateway_api::environment::Environment;
//! # use xgateway_api::policy::CardPolicy;
//! # use xgateway_client::Client;
//! use xgateway_flows::card::{JournalledCards, Progress};
//! # use xgateway_sandbox::{Config, Sandbox};
//! use xgateway_store::{FingerprintKey, MemoryJournal};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let text = br#"{"amount": 25.00, "baseCurrency": "EUR", "orderId": "order-1",
//! #   "accountId": "a67ec03c-0253-4c14-9961-28985186f90c", "customerId": "customer-1",
//! #   "customerDateOfBirth": "2000-02-10", "customerEmail": "john.doe@example.com",
//! #   "customerFirstName": "John", "customerLastName": "Doe", "customerPhone": "49 15123456789",
//! #   "userIp": "217.138.202.40",
//! #   "billingAddress": {"addressLine1": "Main Street 1", "city": "Prague", "countryCode": "CZ",
//! #                      "postalCode": "15000", "state": "Praha"},
//! #   "card": {"cardNumber": "4000 0000 0001 1017", "cardholderName": "John Doe",
//! #            "expiryMonth": "12", "expiryYear": "2028", "cardSecurityCode": "444"}}"#;
//! # let config = Config::new(1);
//! # let api_key = config.api_key.clone();
//! # let sandbox = Sandbox::new(config);
//! # let environment = Environment::sandbox(&sandbox.base_url())?;
//! # let deposit = CardDeposit::from_json(text, &CardPolicy::new(&environment, date(2026, 11, 21)))?;
//! # let client = Client::new(environment, api_key, sandbox.transport());
//! # let now = Timestamp::UNIX_EPOCH;
//! # let later = now + jiff::SignedDuration::from_mins(1);
//! let key = FingerprintKey::new(&[7; 32])?; // 32 random bytes, kept apart from the journal.
//! let cards = JournalledCards::new(client, Arc::new(MemoryJournal::new()), key);
//!
//! let standing = cards.deposit(deposit, now).await?;
//! if let Progress::Deposited(settled) = standing.progress {
//!     // Credit the customer under `settled.transaction_id()`, and then say so.
//!     cards.credited(&settled, now).await?;
//! }
//! assert!(cards.resume_all(later).await?.is_empty()); // Nothing is left open.
//! # Ok(())
//! # }
//! ```

mod body;
mod destination;
mod error;
mod look;
mod others;
mod resolve;
mod resuming;
mod verdict;

pub use error::JournalledError;
pub use resuming::Resuming;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tracing::{debug, warn};
use xgateway_api::deposit::CardDeposit;
use xgateway_api::operations::CREATE_CARD_DEPOSIT;
use xgateway_api::path::is_sure_segment;
use xgateway_api::types::TransactionData;
use xgateway_client::{Client, Deadline};
use xgateway_core::id::OrderId;
use xgateway_store::{
    Attempt, Begun, Destination, FingerprintKey, Intent, IntentState, NewIntent, Outcome, Round,
    SharedJournal, StoreError,
};

use super::{
    CallbackHint, CardDepositFlow, Machine, Order, Progress, Resolution, Resolved,
    SettledTransaction,
};
use crate::named;
use look::Seen;
use others::About;

/// How long a request may be on its way: an hour. See [`JournalledCards::with_grace`].
const GRACE: Duration = Duration::from_hours(1);

/// Card deposits over a [`Client`] and a journal. Cheap to clone.
///
/// See the [module](self) for an example. The time is an argument everywhere: flows have no clock.
#[derive(Clone, Debug)]
pub struct JournalledCards {
    client: Client,
    journal: SharedJournal,
    key: Arc<FingerprintKey>,
    /// Where the client sends to.
    here: Arc<Destination>,
    same_account: bool,
    asks_first: bool,
    grace: Duration,
    call_time: Duration,
}

/// How an attempt at an order stands.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "it may say that a customer is to be credited"]
pub struct Standing {
    /// The attempt: of an order that another one has paid, or may still pay, that other one. [`Attempt::order`] is the order
    /// as the merchant knows it.
    pub attempt: Attempt,
    /// What was ordered, under the order id that the gateway knows.
    pub order: Order,
    /// How it stands.
    pub progress: Progress,
}

/// What resuming an open intent came to.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "it may say that a customer is to be credited"]
pub struct Resumed {
    /// The attempt.
    pub attempt: Attempt,
    /// How it stands, or why nobody could find out.
    pub outcome: Result<Standing, JournalledError>,
}

impl JournalledCards {
    /// Deposits that are sent by `client` and written down in `journal`.
    ///
    /// `key` makes the fingerprints in the journal unreadable: keep it apart, and the same for all who share the journal.
    ///
    /// A journal is for one account in one environment. What was begun elsewhere is neither asked about nor sent again:
    /// that another gateway knows nothing of an order proves nothing.
    pub fn new(client: Client, journal: SharedJournal, key: FingerprintKey) -> Self {
        Self {
            here: Arc::new(destination::of(&client, &key)),
            call_time: client.timeout(&CREATE_CARD_DEPOSIT),
            client,
            journal,
            key: Arc::new(key),
            same_account: false,
            asks_first: false,
            grace: GRACE,
        }
    }

    /// Takes a person's word that everything in the journal is of the client's account.
    ///
    /// Say so after the API key was changed, as long as there may be intents that were begun with the former one (an
    /// account keeps its orders), and of what an older version has written, which did not say where it was sent. If it is
    /// another account, its 404 is taken as proof that nothing was charged. The environment counts all the same.
    #[must_use]
    pub fn with_same_account(mut self) -> Self {
        self.same_account = true;
        self
    }

    /// Asks the gateway whether it has an order before its first request is sent, as of one that was sent before.
    ///
    /// Say so as long as the journal may lack orders that were sent: after it was made anew or put back from a copy, until no
    /// customer comes back to what was begun before. An order that the gateway has is followed then, and not charged once more
    /// by a gateway that has forgotten its id. It takes one more question for each order; if the gateway does not answer that,
    /// nothing is sent, and the error is [`JournalledError::NotHeard`]. An order id in which proxies change something is sent
    /// without a question, since the answer would prove nothing.
    #[must_use]
    pub fn asking_first(mut self) -> Self {
        self.asks_first = true;
        self
    }

    /// Sets how long a deposit may be under way in the process that sends it: what is younger is left out by
    /// [`resume_all`](Self::resume_all). As long as the client's timeout unless said otherwise; the same for all who share
    /// the journal.
    ///
    /// After this time, or after the client's timeout if that is longer, a deposit is given up: counted from the call on, with
    /// all that is asked and written before the request is sent.
    #[must_use]
    pub fn with_call_time(mut self, time: Duration) -> Self {
        self.call_time = time;
        self
    }

    /// Sets for how long after its beginning a request may still arrive: an hour unless said otherwise.
    ///
    /// Only after it does "there is no such invoice" prove that nothing was charged. The gateway does not document how
    /// much is enough: more than the client's timeout, and more than anything between here and there holds a request
    /// back. It must also cover how far the clocks of those who share the journal are apart. Less than [a call can
    /// take](Self::with_call_time) counts as that.
    #[must_use]
    pub fn with_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Writes the intent of an order's first attempt down, then sends it, once.
    ///
    /// The same request again, by whomever, sends nothing: it finds out how the first one stands. An attempt that the
    /// gateway is proven not to have is sent again, with any body, unless it has arrived there since.
    ///
    /// # Errors
    ///
    /// [`JournalledError`]. If [`may_have_sent`](JournalledError::may_have_sent), resume the order.
    pub async fn deposit(
        &self,
        deposit: CardDeposit,
        now: Timestamp,
    ) -> Result<Standing, JournalledError> {
        let attempt = Attempt::first(deposit.order_id().clone())?;
        let sent_until = self.sent_until();
        self.send(attempt, deposit, sent_until, now).await
    }

    /// Tries an order again after this attempt at it was declined: with another card, say, under an order id of its own
    /// (`order#2`). `deposit` bears the order's own id.
    ///
    /// The gateway is asked about every earlier attempt first: if one of them was paid after all, that is the answer, and
    /// nothing is sent; nor if one of them is declined no more, or the gateway does not answer. Called twice for the same
    /// declined attempt, it makes one new attempt.
    ///
    /// # Errors
    ///
    /// [`JournalledError::TooEarly`] unless all are proven to be declined, [`JournalledError::NotHeard`] if the gateway does
    /// not say so now; others as of [`deposit`](Self::deposit).
    pub async fn retry(
        &self,
        deposit: CardDeposit,
        declined: &Attempt,
        now: Timestamp,
    ) -> Result<Standing, JournalledError> {
        if deposit.order_id() != declined.order() {
            let order = deposit.order_id().clone();
            return Err(JournalledError::OtherOrder { order });
        }
        let next = declined.next()?;
        let sent_until = self.sent_until();
        // Asked first: a number that nobody has begun may be any, and all before it would be looked up.
        if self.intent(declined).await?.is_none() {
            return Err(JournalledError::TooEarly {
                attempt: next,
                previous: None,
            });
        }
        let known = self.intent(&next).await?;
        let is_sent = known.is_some_and(|it| it.state != IntentState::Finished(Outcome::NotTaken));
        if !is_sent && let Some(paid) = self.paid_after_all(&next, now).await? {
            return Ok(paid);
        }
        let deposit = deposit.with_order_id(next.gateway_order_id().clone());
        self.send(next, deposit, sent_until, now).await
    }

    /// Asks the gateway how an attempt stands: after the customer's return, or whenever somebody wants to know. Sends
    /// nothing.
    ///
    /// If nothing was paid by it, but by another attempt at the order, or may still be, the answer is how that one stands:
    /// see [`Standing::attempt`].
    ///
    /// # Errors
    ///
    /// [`JournalledError`].
    pub async fn look(
        &self,
        attempt: &Attempt,
        now: Timestamp,
    ) -> Result<Standing, JournalledError> {
        self.follow(attempt, None, now).await
    }

    /// The attempt that a transaction pays, if it pays one of those in the journal: by the order that it names or, if it names
    /// none, by its invoice, for which the gateway is then asked.
    ///
    /// Any other payment is one to an address or by bank, and nothing for this flow. Take the transaction from the API:
    /// the hash does not cover what a callback says of its order.
    ///
    /// # Errors
    ///
    /// [`JournalledError::InvoiceUnread`] if the gateway does not say whose invoice it is, [`JournalledError::Journal`] if the
    /// journal cannot be read. Credit nobody then, and have the callback come once more.
    pub async fn attempt_paid_by(
        &self,
        transaction: &TransactionData,
    ) -> Result<Option<Attempt>, JournalledError> {
        let order = named::order(&self.client, transaction).await;
        let Some(order) = order.map_err(|source| JournalledError::InvoiceUnread { source })? else {
            return Ok(None);
        };
        let known = self.attempt_at(&order).await;
        known.map_err(JournalledError::Journal)
    }

    /// The attempt that the gateway knows under an order id, if the journal holds it. Asks nobody else.
    ///
    /// That a transaction names none of these does not say whose payment it is, unless it names another order: see
    /// [`attempt_paid_by`](Self::attempt_paid_by).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the journal cannot be read.
    pub async fn attempt_at(&self, gateway_order: &str) -> Result<Option<Attempt>, StoreError> {
        // Also one that was taken before the rules for order ids became stricter. What is none at all was never sent as one.
        let order = OrderId::vouched(gateway_order).ok();
        let Some(attempt) = order.and_then(|it| Attempt::of_gateway_order(&it).ok()) else {
            return Ok(None);
        };
        let intent = self.journal.intent(&attempt).await?;
        Ok(intent.map(|intent| intent.attempt))
    }

    /// Takes in that a callback came, whatever it said: the gateway is asked. Sends nothing.
    ///
    /// The attempt is [that](Self::attempt_paid_by) which the transaction pays, and the answer is about it. Another attempt
    /// that was paid meanwhile is open then, and is handed out by [`resume_all`](Self::resume_all).
    ///
    /// # Errors
    ///
    /// [`JournalledError`].
    pub async fn callback_hint(
        &self,
        attempt: &Attempt,
        hint: &CallbackHint,
        now: Timestamp,
    ) -> Result<Standing, JournalledError> {
        self.follow(attempt, Some(hint), now).await
    }

    /// Writes down that the customer was credited, which ends the attempt. Twice is fine.
    ///
    /// Until then the attempt stays open and is handed out again by every resume, so that a process that dies before it
    /// has credited loses nothing. Whoever credits elsewhere, such as on a callback, calls this at once.
    ///
    /// What the gateway has said meanwhile that only a person can judge, such as that the order was paid a second time,
    /// stays open and is told until it is [resolved](Self::resolve).
    ///
    /// # Errors
    ///
    /// [`JournalledError`]; the credit stands all the same. [`JournalledError::ResolvedMeanwhile`] tells that a person has
    /// [resolved](Self::resolve) it before: given the money back, or credited the customer otherwise. Have the two looked at.
    pub async fn credited(
        &self,
        settled: &SettledTransaction,
        now: Timestamp,
    ) -> Result<(), JournalledError> {
        let attempt = Attempt::of_gateway_order(settled.order_id())?;
        let mut looks = 1;
        loop {
            let intent = self.begun_intent(&attempt).await?;
            self.must_be_from_here(&intent)?;
            let known = self.recall(&intent);
            if intent.state == IntentState::Finished(Outcome::Charged) {
                let known = known.ok();
                let resolution = known.and_then(|flow| flow.machine().resolution().cloned());
                // Whoever resolved it as charged has made sure that the customer has got it.
                return match resolution.filter(|it| it.outcome() == Resolved::Charged) {
                    Some(resolution) => Err(resolved_meanwhile(attempt, resolution)),
                    None => Ok(()),
                };
            }
            // Who cannot read it must not write over it: it may say more than this version knows.
            let known = known?;
            if look::is_about_more_than(settled.transaction_id(), &intent, known.machine()) {
                return match self.note_credit(settled, &intent, known.machine()).await {
                    Err(JournalledError::Journal(error))
                        if look::is_outpaced(&error) && looks < look::LOOKS_MAX =>
                    {
                        looks += 1;
                        continue;
                    }
                    noted => noted,
                };
            }
            let mut machine = Machine::paid(settled);
            let resolution = known.machine().resolution().cloned();
            if let Some(resolution) = resolution.clone() {
                // What a person has found out before stays on record.
                machine = machine.resolved(resolution);
            }
            let progress = look::kept(&machine.to_json()).map_err(JournalledError::Journal)?;
            let (sighting, outcome) = (intent.sighting(), Outcome::Charged);
            let end = self
                .journal
                .finish(sighting, outcome, Some(&progress), now)
                .await;
            match end {
                // Somebody has looked meanwhile, and may have found a second payment.
                Err(error) if look::is_outpaced(&error) && looks < look::LOOKS_MAX => looks += 1,
                Err(error) => return Err(JournalledError::Journal(error)),
                Ok(()) => {
                    return match resolution {
                        Some(resolution) if intent.state != IntentState::Open => {
                            Err(resolved_meanwhile(attempt, resolution))
                        }
                        Some(_) | None => Ok(()),
                    };
                }
            }
        }
    }

    /// Finishes what others have left open: asks the gateway about every open intent, and sends nothing. What is paid and not
    /// [credited](Self::credited), or contradicts itself and is not [resolved](Self::resolve), is among it every time.
    ///
    /// Call it when a process starts, and every few minutes. What is younger than [a call can
    /// take](Self::with_call_time) is left out: whoever began it may still be at it. So is what this version [cannot
    /// read](xgateway_store::Journal::unreadable), of which a warning tells.
    ///
    /// If the gateway is not heard five times in a row, the rest is left for the next time. [`resume_each`](Self::resume_each)
    /// tells each as it is found, without waiting for all.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the journal cannot be read. What went wrong with one intent stands with it.
    #[must_use = "it may say that customers are to be credited"]
    pub async fn resume_all(&self, now: Timestamp) -> Result<Vec<Resumed>, StoreError> {
        let mut resuming = self.resume_each(now);
        let mut all = Vec::new();
        while let Some(resumed) = resuming.next().await {
            all.push(resumed?);
        }
        Ok(all)
    }

    /// The same as [`resume_all`](Self::resume_all), one after the other: with many that are open, and a gateway that is slow,
    /// the first is credited before the last is asked about.
    ///
    /// ```text
    /// let mut resuming = cards.resume_each(now);
    /// while let Some(resumed) = resuming.next().await {
    ///     // Credit what it says is deposited, and say so.
    /// }
    /// ```
    pub fn resume_each(&self, now: Timestamp) -> Resuming<'_> {
        Resuming::new(self, now)
    }

    /// What the journal knows of the attempts at an order, the first one first. Asks nobody else.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the journal cannot be read.
    pub async fn attempts(&self, order: &OrderId) -> Result<Vec<Intent>, StoreError> {
        xgateway_store::attempts(&*self.journal, order).await
    }

    async fn send(
        &self,
        attempt: Attempt,
        deposit: CardDeposit,
        sent_until: Deadline,
        now: Timestamp,
    ) -> Result<Standing, JournalledError> {
        let operation = CREATE_CARD_DEPOSIT.name;
        let fingerprint = body::fingerprint(&self.key, &attempt, operation, deposit.request());
        let flow = CardDepositFlow::new(self.client.clone(), deposit).journalled();
        let mut flow = flow.sent_until(sent_until);
        let progress = match look::kept(&flow.snapshot()) {
            Ok(progress) => progress,
            Err(source) => return Err(JournalledError::NotBegun { attempt, source }),
        };
        let destination = Destination::clone(&self.here);
        let intent = NewIntent::new(attempt, operation, fingerprint, destination)
            .of_same_account(self.same_account)
            .with_progress(progress);
        let begun = self.journal.begin(&intent, now).await;
        let NewIntent {
            attempt, progress, ..
        } = intent;
        match begun {
            Ok(Begun::New(round)) => {
                debug!(%attempt, round = round.get(), "card deposit journalled");
                let asks_first =
                    self.asks_first && is_sure_segment(attempt.gateway_order_id().as_str());
                let told = if round == Round::FIRST && !asks_first {
                    flow.start().await
                } else {
                    // An earlier round may have told the gateway the order id, or a journal that is lost.
                    flow = flow.with_key_sent_before();
                    flow.start_once_more().await
                };
                let is_first = attempt.number().get() == 1;
                let seen = Seen::new(attempt, round, progress, flow, told);
                let seen = self.keep_answer(seen, now).await?;
                if seen.is_not_to_be_asked_about() {
                    let attempt = seen.attempt;
                    return Err(JournalledError::Unaskable { attempt });
                }
                if round == Round::FIRST && seen.was_asked_in_vain() {
                    return Err(seen.not_heard());
                }
                if is_first {
                    return Ok(seen.standing());
                }
                let told = self.weigh(seen, About::TheOrder, now).await?;
                Ok(told.standing())
            }
            // Nothing was sent now, and with the flow the card data go.
            Ok(Begun::Resumed(_)) => {
                drop(flow);
                let standing = self.look(&attempt, now).await;
                standing.map_err(|error| error.after_sending(attempt))
            }
            Ok(Begun::Conflict { fields, state }) => Err(JournalledError::OtherBody {
                attempt,
                fields,
                state,
            }),
            Ok(Begun::Elsewhere {
                attempt,
                destination,
            }) => Err(destination::refusal(attempt, &self.here, &destination)),
            Ok(Begun::TooEarly { previous }) => {
                Err(JournalledError::TooEarly { attempt, previous })
            }
            Err(source) => Err(JournalledError::NotBegun { attempt, source }),
        }
    }
}

fn resolved_meanwhile(attempt: Attempt, resolution: Resolution) -> JournalledError {
    warn!(%attempt, "a person must look: a deposit was resolved before it was credited");
    JournalledError::ResolvedMeanwhile {
        attempt,
        resolution,
    }
}

fn is_card_deposit(intent: &Intent) -> bool {
    intent.operation == CREATE_CARD_DEPOSIT.name
}
