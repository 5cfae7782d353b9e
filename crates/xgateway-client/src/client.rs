mod banking;
mod upload;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tracing::{Instrument as _, debug_span};
use xgateway_api::address::DepositAddress;
use xgateway_api::balance::Balance;
use xgateway_api::call::{Call, Endpoint};
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::operation::Operation;
use xgateway_api::path::Paths;
use xgateway_api::types::{
    AddressResponse, ChannelRequest, CreateInvoiceResponse, GetBalance, GetBalances,
    GetExchangeRate, GetInvoice, GetTransaction, PublicInvoice, SimulateTransactionRequest,
    SimulatedStatus, TransactionData, WalletAddressRequest,
};
use xgateway_core::id::{AccountId, CustomerId, InvoiceId, OrderId, TransactionId};
use xgateway_core::money::{Amount, Currency, LongDecimal, Rate};
use xgateway_core::secret::ApiKey;
use xgateway_transport::{SharedTransport, Transport};

use crate::builder::{AddressOperation, ClientBuilder, Timeouts};
use crate::counters::Tally;
use crate::retry::{FirstSent, Jitter, RetryBudget, RetryPolicy};
use crate::wall_clock::WallClock;
use crate::{Answered, Counters, Deadline, Error};

/// A client of the gateway, cheap to clone. Clones share connections and the budget of retries.
///
/// **After a doubt nothing that may move money is sent again by itself.** A read is tried again, and so is a write with
/// an order id if the request was not sent or the gateway was too busy for it: see [`retry`](crate::retry).
///
/// If the future of a call is dropped before it is done, count that as [`Effect::Unknown`](crate::Effect::Unknown): the
/// request may have arrived.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) key_first_sent: Option<FirstSent>,
}

pub(crate) struct Shared {
    pub(crate) environment: Environment,
    pub(crate) api_key: ApiKey,
    /// The two as requests need them.
    pub(crate) endpoint: Endpoint,
    pub(crate) transport: SharedTransport,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) retry_budget: RetryBudget,
    pub(crate) jitter: Jitter,
    pub(crate) wall_clock: WallClock,
    pub(crate) tally: Tally,
    address_operation: AddressOperation,
    pub(crate) paths: Paths,
}

impl Client {
    /// A client with the usual timeouts: 30 s where money moves, else 10 s.
    ///
    /// `transport` is any [`Transport`], a [`SharedTransport`] included.
    pub fn new(environment: Environment, api_key: ApiKey, transport: impl Transport) -> Self {
        Self::builder(environment, api_key, transport).build()
    }

    /// A client with settings.
    pub fn builder(
        environment: Environment,
        api_key: ApiKey,
        transport: impl Transport,
    ) -> ClientBuilder {
        ClientBuilder::new(environment, api_key, transport)
    }

    pub(crate) fn from_builder(builder: ClientBuilder) -> Self {
        let endpoint = Endpoint::new(builder.environment.base_url(), &builder.api_key)
            .expect("an environment has a base URL without query");
        Self {
            shared: Arc::new(Shared {
                environment: builder.environment,
                api_key: builder.api_key,
                endpoint,
                transport: builder.transport,
                timeouts: builder.timeouts,
                retry_policy: builder.retry_policy,
                retry_budget: builder.retry_budget,
                jitter: builder.jitter,
                wall_clock: builder.wall_clock,
                tally: Tally::default(),
                address_operation: builder.address_operation,
                paths: builder.paths,
            }),
            deadline: None,
            key_first_sent: None,
        }
    }

    /// The moment `duration` from now, by the clock of the runtime and, for when the machine sleeps, by
    /// [the one on the wall](ClientBuilder::wall_clock).
    pub fn deadline(&self, duration: Duration) -> Deadline {
        let wall = self.shared.wall_clock.now().after(duration);
        Deadline::after(duration).with_wall(wall)
    }

    /// The same client, whose calls all end by `deadline` even if their timeouts are longer.
    #[must_use]
    pub fn with_deadline(&self, deadline: Deadline) -> Self {
        Self {
            deadline: Some(deadline),
            ..self.clone()
        }
    }

    /// The same client, for calls whose order id was first sent `ago`, by an earlier call or process.
    ///
    /// Matters only to a policy that [assumes](RetryPolicy::assume_key_life) how long the gateway remembers it.
    #[must_use]
    pub fn with_key_first_sent(&self, ago: Duration) -> Self {
        Self {
            key_first_sent: Some(FirstSent::ago(ago, self.shared.wall_clock.now())),
            ..self.clone()
        }
    }

    /// What this client and all its clones have done so far.
    pub fn counters(&self) -> Counters {
        self.shared.tally.read()
    }

    /// The budget of retries that this client and all its clones share.
    pub fn retry_budget(&self) -> &RetryBudget {
        &self.shared.retry_budget
    }

    /// Where this client sends to.
    pub fn environment(&self) -> &Environment {
        &self.shared.environment
    }

    /// The API key that it sends, for whoever must tell accounts apart. It prints nothing.
    pub fn api_key(&self) -> &ApiKey {
        &self.shared.api_key
    }

    /// How long a call of this operation may take, all attempts and waits included, unless a
    /// [deadline](Self::with_deadline) ends it before.
    pub fn timeout(&self, operation: &Operation) -> Duration {
        self.shared.timeouts.of(operation).call
    }

    /// Takes a card deposit: `POST /v2/gateway8`.
    ///
    /// An answer does not say that the customer has paid. To see a deposit through, with or without 3DS and after a
    /// lost answer, use the card flow instead.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send). After one with [`may_have_acted`](Error::may_have_acted), read the invoice by its
    /// order id before anything is sent again.
    pub async fn create_card_deposit(
        &self,
        deposit: &CardDeposit,
    ) -> Result<Answered<CreateInvoiceResponse>, Error> {
        let span = debug_span!("card_deposit", order_id = %deposit.order_id());
        self.send(deposit).instrument(span).await
    }

    /// Reads an invoice by its id.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`is_not_found`](Error::is_not_found) if there is none.
    pub async fn invoice(&self, id: &InvoiceId) -> Result<Answered<PublicInvoice>, Error> {
        self.send(&GetInvoice {
            invoice_id: id.as_str().to_owned(),
        })
        .await
    }

    /// Reads an invoice by the merchant's order id: the way to learn what became of a request whose answer was lost.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`is_not_found`](Error::is_not_found) if there is none.
    pub async fn invoice_by_order(&self, id: &OrderId) -> Result<Answered<PublicInvoice>, Error> {
        self.send(&GetInvoice {
            invoice_id: id.as_str().to_owned(),
        })
        .await
    }

    /// Reads a transaction, whose status is the gateway's last word on money.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`is_not_found`](Error::is_not_found) if there is none.
    pub async fn transaction(
        &self,
        id: &TransactionId,
    ) -> Result<Answered<TransactionData>, Error> {
        self.send(&GetTransaction {
            transaction_id: id.as_str().to_owned(),
        })
        .await
    }

    /// Makes Demo, or a sandbox, finish an invoice, as if `amount` had arrived.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn simulate_transaction(
        &self,
        invoice_id: &InvoiceId,
        amount: &Amount,
        status: SimulatedStatus,
    ) -> Result<Answered<String>, Error> {
        self.send(&SimulateTransactionRequest {
            amount: amount.value().to_string(),
            invoice_id: invoice_id.as_str().to_owned(),
            status,
        })
        .await
    }

    /// A customer's address for payments in `currency`: made at the first time, and the same ever after.
    ///
    /// Asking again is safe. Every payment to the address becomes a deposit of that customer, for years.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`Error::Validation`] if nobody can pay to an address in that currency.
    pub async fn address(
        &self,
        currency: &Currency,
        customer_id: &CustomerId,
    ) -> Result<Answered<DepositAddress>, Error> {
        match self.shared.address_operation {
            AddressOperation::Channels => {
                let call = ChannelRequest::new(currency, customer_id);
                self.address_by(&call, currency, customer_id).await
            }
            AddressOperation::WalletAddress => {
                let call = WalletAddressRequest::new(currency, customer_id);
                self.address_by(&call, currency, customer_id).await
            }
        }
    }

    async fn address_by<C: Call<Answer = AddressResponse>>(
        &self,
        call: &C,
        currency: &Currency,
        customer_id: &CustomerId,
    ) -> Result<Answered<DepositAddress>, Error> {
        self.send(call).await?.try_map(C::OPERATION, |answer| {
            DepositAddress::new(customer_id.clone(), currency.clone(), answer)
        })
    }

    /// What one unit of `source` is in `target`, now.
    ///
    /// The gateway rounds what it answers, so for a small unit of a dear currency ask it to
    /// [`convert`](Self::convert) the amount itself.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`is_not_found`](Error::is_not_found) if there is no such rate.
    pub async fn rate(
        &self,
        source: &Currency,
        target: &Currency,
    ) -> Result<Answered<Rate>, Error> {
        let call = GetExchangeRate {
            source: source.into(),
            target: target.into(),
            amount: None,
            direction: None,
            invoice_id: None,
        };
        self.send(&call)
            .await?
            .try_map(GetExchangeRate::OPERATION, |factor| {
                Rate::new(source.clone(), target.clone(), factor)
            })
    }

    /// What an amount is in `target`, now, as the gateway converts it.
    ///
    /// The other direction, and the locked rate of an invoice, can be asked for by [`send`](Self::send) with a
    /// [`GetExchangeRate`].
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`is_not_found`](Error::is_not_found) if there is no such rate.
    pub async fn convert(
        &self,
        amount: &Amount,
        target: &Currency,
    ) -> Result<Answered<LongDecimal>, Error> {
        self.send(&GetExchangeRate {
            source: amount.currency().into(),
            target: target.into(),
            amount: Some(amount.value().to_string()),
            direction: None,
            invoice_id: None,
        })
        .await
    }

    /// What is on all of the merchant's accounts.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn balances(&self) -> Result<Answered<Vec<Balance>>, Error> {
        self.send(&GetBalances)
            .await?
            .try_map(GetBalances::OPERATION, |accounts| {
                accounts.into_iter().map(Balance::try_from).collect()
            })
    }

    /// What is on one of the merchant's accounts.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`is_not_found`](Error::is_not_found) if there is no such account.
    pub async fn balance(&self, account_id: &AccountId) -> Result<Answered<Balance>, Error> {
        let call = GetBalance {
            account_id: account_id.as_str().to_owned(),
        };
        self.send(&call)
            .await?
            .try_map(GetBalance::OPERATION, Balance::try_from)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("environment", &self.shared.environment)
            .field("timeouts", &self.shared.timeouts)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
