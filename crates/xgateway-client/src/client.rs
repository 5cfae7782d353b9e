mod banking;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{Request, Response, StatusCode};
use tokio::time::timeout;
use tracing::{Instrument as _, Span, debug, debug_span, field};
use xgateway_api::address::DepositAddress;
use xgateway_api::answer::{self, AnswerError};
use xgateway_api::balance::Balance;
use xgateway_api::call::{self, Call};
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::path::Paths;
use xgateway_api::types::{
    AddressResponse, ChannelRequest, CreateInvoiceResponse, GetBalance, GetBalances,
    GetExchangeRate, GetInvoice, GetTransaction, PublicInvoice, SimulateTransactionRequest,
    TransactionData, WalletAddressRequest,
};
use xgateway_core::id::{AccountId, CustomerId, InvoiceId, OrderId, TransactionId};
use xgateway_core::issue::{Issue, IssueKind, Issues, Path, Segment};
use xgateway_core::money::{Currency, LongDecimal, Rate};
use xgateway_core::secret::ApiKey;
use xgateway_transport::{Body, SharedTransport, Transport, TransportError, TransportErrorKind};

use crate::builder::{AddressOperation, ClientBuilder, Timeouts};
use crate::error::{CallerError, Error, ExchangeError, UndecodableError, ValidationError};
use crate::{Answered, Deadline};

/// A client of the gateway, cheap to clone. Clones share connections.
///
/// **Nothing is resent by itself.** If the future of a call is dropped before it is done, count that as
/// [`Effect::Unknown`](crate::Effect::Unknown): the request may have arrived.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    deadline: Option<Deadline>,
}

struct Shared {
    environment: Environment,
    api_key: ApiKey,
    transport: SharedTransport,
    timeouts: Timeouts,
    address_operation: AddressOperation,
    paths: Paths,
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
        Self {
            shared: Arc::new(Shared {
                environment: builder.environment,
                api_key: builder.api_key,
                transport: builder.transport,
                timeouts: builder.timeouts,
                address_operation: builder.address_operation,
                paths: builder.paths,
            }),
            deadline: None,
        }
    }

    /// The same client, whose calls all end by `deadline` even if their timeouts are longer.
    #[must_use]
    pub fn with_deadline(&self, deadline: Deadline) -> Self {
        Self {
            deadline: Some(deadline),
            ..self.clone()
        }
    }

    /// Where this client sends to.
    pub fn environment(&self) -> &Environment {
        &self.shared.environment
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

    /// Makes Demo, or a sandbox, finish an invoice.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn simulate_transaction(
        &self,
        request: &SimulateTransactionRequest,
    ) -> Result<Answered<String>, Error> {
        self.send(request).await
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
            source: source.clone(),
            target: target.clone(),
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

    /// Has the gateway convert an amount, in either direction, at the current rate or at that of an invoice.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`is_not_found`](Error::is_not_found) if there is no such rate.
    pub async fn convert(&self, request: &GetExchangeRate) -> Result<Answered<LongDecimal>, Error> {
        self.send(request).await
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

    /// Checks a call, sends it once, and decodes the answer.
    ///
    /// A call that may move money is sent only with its idempotency key, although the gateway would take it without.
    ///
    /// # Errors
    ///
    /// [`Error`] says who is at fault and whether the gateway may have acted.
    pub async fn send<C: Call + ?Sized>(&self, call: &C) -> Result<Answered<C::Answer>, Error> {
        let operation = C::OPERATION;
        let span = debug_span!(
            "xgateway",
            operation = operation.name,
            status = field::Empty
        );
        let result = self.exchange(call).instrument(span.clone()).await;
        span.in_scope(|| match &result {
            Ok(_) => debug!("answered"),
            // The error's own line holds nothing that was sent or received but codes and field names.
            Err(error) => {
                debug!(kind = %error.kind(), effect = %error.effect(), error = %error, "failed");
            }
        });
        result
    }

    async fn exchange<C: Call + ?Sized>(&self, call: &C) -> Result<Answered<C::Answer>, Error> {
        let operation = C::OPERATION;
        call.check()
            .and_then(|()| require_idempotency_key(call))
            .map_err(|issues| Error::Validation(ValidationError::local(operation, issues)))?;
        let shared = &*self.shared;
        let base = shared.environment.base_url();
        let request = call::request_at(call, &shared.paths, base, &shared.api_key)
            .map_err(|error| Error::Caller(CallerError::new(operation, error)))?;
        let timeout = shared.timeouts.of(operation);
        let answer = self
            .transmit(request.map(Body::from), timeout)
            .await
            .map_err(|error| Error::Transport(ExchangeError::new(operation, error)))?;
        let status = answer.status();
        Span::current().record("status", status.as_u16());
        match answer::decode::<C>(status.as_u16(), answer.body()) {
            Ok(data) => Ok(Answered::new(status, data)),
            Err(AnswerError::Refused(refusal)) => {
                let retry_after = retry_after(&answer);
                Err(Error::of_refusal(operation, status, refusal, retry_after))
            }
            Err(error) => {
                let error = UndecodableError::new(operation, status, error);
                Err(Error::Undecodable(error))
            }
        }
    }

    async fn transmit(
        &self,
        request: Request<Body>,
        limit: Duration,
    ) -> Result<Response<Bytes>, TransportError> {
        let limit = match self.deadline.map(Deadline::remaining) {
            // The one case in which giving up proves something: nothing has been handed over yet.
            Some(Duration::ZERO) => {
                return Err(TransportError::not_sent(TransportErrorKind::Timeout));
            }
            Some(remaining) => limit.min(remaining),
            None => limit,
        };
        match timeout(limit, self.shared.transport.send(request)).await {
            Ok(outcome) => outcome,
            // Dropped at an unknown point, so it may have arrived.
            Err(_) => Err(TransportError::unknown(TransportErrorKind::Timeout)),
        }
    }
}

/// The gateway lets the key be left out; then nobody could ask what became of a lost request.
fn require_idempotency_key<C: Call + ?Sized>(call: &C) -> Result<(), Issues> {
    let key = match C::OPERATION.idempotency_key {
        Some(key) if C::OPERATION.moves_money => key,
        _ => return Ok(()),
    };
    if call
        .idempotency_key()
        .is_some_and(|value| !value.is_empty())
    {
        return Ok(());
    }
    let path = Path::Told([Segment::Key(key.into())].into());
    let message = format!(
        "policy: {key} is required, since it is the only way to learn what became of a lost request"
    );
    Err(Issue::new(IssueKind::Custom, path)
        .with_message(message)
        .into())
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

/// How long the gateway asks to wait, in its own words: seconds or a date.
fn retry_after(answer: &Response<Bytes>) -> Option<String> {
    const BYTES_MAX: usize = 64;

    if answer.status() != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    let text = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
    (text.len() <= BYTES_MAX).then(|| text.to_owned())
}
