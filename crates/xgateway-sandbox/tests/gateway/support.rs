//! A world, and what to ask of it.

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};
use xgateway_sandbox::{Config, SandboxCard, World};

/// The body of the gateway's own example.
pub(crate) fn example() -> Value {
    json!({
        "amount": 10,
        "baseCurrency": "EUR",
        "customerId": "ff36a7a5-08fd-418a-a150-f6f2d36676a8",
        "customerEmail": "john.doe@example.com",
        "customerFirstName": "John",
        "customerLastName": "Doe",
        "customerPhone": "49 15123456789",
        "customerDateOfBirth": "2000-02-10",
        "accountId": "a67ec03c-0253-4c14-9961-28985186f90c",
        "userIp": "217.138.202.40",
        "billingAddress": {
            "addressLine1": "Hlavni mesto Praha 11 22",
            "city": "Prague",
            "countryCode": "CZ",
            "postalCode": "15000",
            "state": "Praha, Hlavni mesto"
        },
        "card": {
            "cardNumber": "4000 0000 0000 0002",
            "cardholderName": "John Doe",
            "expiryMonth": "12",
            "expiryYear": "2028",
            "cardSecurityCode": "444"
        }
    })
}

/// How much has changed: the requests themselves do not count.
pub(crate) fn changes(world: &World) -> usize {
    let events = world.events().iter();
    events
        .filter(|event| event.name() != "request_answered")
        .count()
}

/// The example with another card.
pub(crate) fn with_card(name: &str) -> Value {
    let mut body = example();
    body["card"]["cardNumber"] = SandboxCard::named(name).unwrap().number.into();
    body
}

/// The example with another card and an order id.
pub(crate) fn order(id: &str, card: &str) -> Value {
    let mut body = with_card(card);
    body["orderId"] = id.into();
    body
}

pub(crate) struct Gateway {
    pub(crate) world: World,
    key: String,
}

impl Gateway {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(1);
        change(&mut config);
        Self {
            key: config.api_key.expose().to_owned(),
            world: World::new(config),
        }
    }

    pub(crate) fn fork(&self) -> Self {
        Self {
            world: self.world.fork(),
            key: self.key.clone(),
        }
    }

    pub(crate) fn send(
        &mut self,
        method: Method,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Response<Bytes> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-api-key", &self.key)
            .header("content-type", "application/json")
            .body(body.into())
            .unwrap();
        self.world.handle(&request)
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        Answer::new(&self.send(Method::GET, path, Bytes::new()))
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Answer {
        Answer::new(&self.send(Method::POST, path, body.to_string()))
    }

    pub(crate) fn deposit(&mut self, body: &Value) -> Answer {
        self.post("/api/v2/gateway8", body)
    }

    pub(crate) fn simulate(&mut self, invoice: &str, status: &str, amount: &str) -> Answer {
        let body = json!({"amount": amount, "invoiceId": invoice, "status": status});
        self.post("/api/v2/transaction/simulate", &body)
    }

    /// The status of an invoice and those of its transactions.
    pub(crate) fn standing(&self, id: &str) -> String {
        let invoice = self.world.invoice(id).unwrap();
        let transactions: Vec<_> = invoice
            .transactions
            .iter()
            .flatten()
            .map(|transaction| transaction.status.as_str())
            .collect();
        format!("{} [{}]", invoice.status, transactions.join(", "))
    }

    pub(crate) fn id(&self, order: &str) -> String {
        self.world.invoice(order).unwrap().id
    }

    /// Status and amount of the callbacks that wait.
    pub(crate) fn callbacks(&mut self) -> Vec<String> {
        self.world
            .take_callbacks()
            .iter()
            .map(|callback| {
                let body: Value = serde_json::from_slice(callback.body()).unwrap();
                let text = |key: &str| body[key].as_str().unwrap().to_owned();
                format!("{} {}", text("status"), text("amount"))
            })
            .collect()
    }

    /// Opens a 3DS page, or presses a button of it.
    pub(crate) fn page(&mut self, url: &str, button: &str) -> Response<Bytes> {
        let method = if button.is_empty() {
            Method::GET
        } else {
            Method::POST
        };
        let path = url.strip_prefix("http://sandbox.invalid").unwrap();
        let request = Request::builder()
            .method(method)
            .uri(format!("{path}{button}"))
            .body(Bytes::new())
            .unwrap();
        self.world.handle(&request)
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Answer {
    fn new(answer: &Response<Bytes>) -> Self {
        Self {
            status: answer.status().as_u16(),
            text: String::from_utf8(answer.body().to_vec()).unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The 3DS URL of a deposit that was accepted.
    pub(crate) fn url(&self) -> Option<String> {
        assert_eq!(self.status, 201, "{}", self.text);
        self.json()["data"]["threeDSURL"]
            .as_str()
            .map(str::to_owned)
    }

    pub(crate) fn both(&self) -> String {
        format!("{} {}", self.status, self.text)
    }
}
