//! A card deposit that passed the gateway's rules and our policy.

use bytes::Bytes;
use xgateway_core::id::OrderId;
use xgateway_core::issue::Issues;
use xgateway_core::money::{Amount, Currency};

use crate::call::Call;
use crate::json::{self, ReadError, Ruled};
use crate::operation::Operation;
use crate::policy::CardPolicy;
use crate::types::{CreateInvoiceResponse, Gateway8Request};

/// A card deposit that may be sent: rules and policy passed, and there is an order id.
///
/// ```
/// use jiff::civil::date;
/// use xgateway_api::deposit::CardDeposit;
/// use xgateway_api::environment::Environment;
/// use xgateway_api::policy::CardPolicy;
///
/// let text = br#"{
///   "amount": 25.00, "baseCurrency": "EUR", "orderId": "order-1",
///   "accountId": "a67ec03c-0253-4c14-9961-28985186f90c", "customerId": "customer-1",
///   "customerDateOfBirth": "2000-02-10", "customerEmail": "john.doe@example.com",
///   "customerFirstName": "John", "customerLastName": "Doe", "customerPhone": "49 15123456789",
///   "userIp": "217.138.202.40",
///   "billingAddress": {"addressLine1": "Main Street 1", "city": "Prague", "countryCode": "CZ",
///                      "postalCode": "15000", "state": "Praha"},
///   "card": {"cardNumber": "4000 0000 0000 0002", "cardholderName": "John Doe",
///            "expiryMonth": "12", "expiryYear": "2028", "cardSecurityCode": "444"}
/// }"#;
/// let policy = CardPolicy::new(&Environment::Demo, date(2026, 11, 21));
/// let deposit = CardDeposit::from_json(text, &policy)?;
/// assert_eq!(deposit.order_id().as_str(), "order-1");
/// assert_eq!(deposit.amount().to_string(), "25.00 EUR");
/// # Ok::<(), xgateway_api::json::ReadError>(())
/// ```
#[derive(Debug)]
pub struct CardDeposit {
    request: Gateway8Request,
    order_id: OrderId,
    amount: Amount,
}

impl CardDeposit {
    /// Checks a request against the gateway's rules and `policy`.
    ///
    /// # Errors
    ///
    /// All issues at once: first what the gateway would answer with 422, in its order, then what the policy adds.
    pub fn new(request: Gateway8Request, policy: &CardPolicy) -> Result<Self, Issues> {
        let mut found = request
            .check_rules()
            .map_or_else(Issues::into_vec, |()| Vec::new());
        found.extend(policy.check(&request));
        if let Some(issues) = Issues::new(found) {
            return Err(issues);
        }
        let id = request.order_id.as_deref().unwrap_or_default();
        // A relaxed policy lets order ids through that are no `OrderId`; they are none for us all the same.
        let order_id = OrderId::parse(id)
            .map_err(|error| Issues::from(CardPolicy::order_id_issue(&error.to_string())))?;
        let currency = Currency::from(request.base_currency.as_str());
        let amount = request
            .amount
            .to_decimal()
            .and_then(|value| Amount::parse(&value.to_string(), currency).ok())
            .expect("the rules admit only amounts that are positive, short and as precise as their currency");
        Ok(Self {
            request,
            order_id,
            amount,
        })
    }

    /// Reads a deposit from JSON text and checks it.
    ///
    /// # Errors
    ///
    /// [`ReadError`]: no JSON, or issues.
    pub fn from_json(text: &[u8], policy: &CardPolicy) -> Result<Self, ReadError> {
        let request = json::read::<Gateway8Request>(text)?;
        Self::new(request, policy).map_err(ReadError::Invalid)
    }

    /// The same deposit under another order id, such as that of a further attempt.
    #[must_use]
    pub fn with_order_id(mut self, order_id: OrderId) -> Self {
        self.request.order_id = Some(order_id.as_str().into());
        self.order_id = order_id;
        self
    }

    /// The merchant's name for the order, and the idempotency key.
    pub fn order_id(&self) -> &OrderId {
        &self.order_id
    }

    /// The amount.
    pub fn amount(&self) -> &Amount {
        &self.amount
    }

    /// The merchant's name for the customer.
    pub fn customer_id(&self) -> &str {
        &self.request.customer_id
    }

    /// The request as it will be sent.
    pub fn request(&self) -> &Gateway8Request {
        &self.request
    }
}

impl Call for CardDeposit {
    type Answer = CreateInvoiceResponse;

    const OPERATION: &'static Operation = Gateway8Request::OPERATION;

    fn check(&self) -> Result<(), Issues> {
        Ok(()) // Checked when it was made.
    }

    fn path_in(&self, template: &str) -> String {
        self.request.path_in(template)
    }

    fn body(&self) -> Option<Bytes> {
        self.request.body()
    }

    fn idempotency_key(&self) -> Option<&str> {
        Some(self.order_id.as_str())
    }
}
