//! The gateway: the sandbox's world, with a clock and keys that change.

use bytes::Bytes;
use http::header::HeaderValue;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use xgateway::callback::sign;
use xgateway::core::secret::{ApiKey, SecretKey};
use xgateway_sandbox::{CallbackUrl, Config, World};

use crate::plan::Plan;
use crate::sim::Millis;

/// The keys that the gateway has after a rotation.
pub(crate) const NEW_API_KEY: &str = "canary-new-api-key";
pub(crate) const NEW_SECRET_KEY: &str = "canary-new-secret-key";

/// Those before.
const API_KEY: &str = "canary-api-key";
const SECRET_KEY: &str = "canary-secret-key";

/// The gateway, and how far its clock is ahead of the truth.
pub(crate) struct Gateway {
    pub(crate) world: World,
    start: Timestamp,
    ahead: Millis,
    is_rotated: bool,
}

impl Gateway {
    pub(crate) fn new(plan: &Plan) -> Self {
        // One seed for all: what is random here is drawn from the tape.
        let mut config = Config::new(1);
        config.api_key = Self::first_api_key();
        config.secret_key = Self::first_secret_key();
        config.idempotency = plan.idempotency;
        config.idempotency_life = plan.key_life.map(duration);
        // Nobody is there: it is only for the world to count callbacks among what is due.
        config.callback_url = CallbackUrl::parse("http://merchant.invalid/callbacks").ok();
        config.kyc.order = plan.kyc_order;
        config.channel_order_ids = plan.has_channel_orders;
        config.channel_currency = plan.told.channel_currency;
        config.card_currency = plan.told.card_currency;
        config.no_linked_invoices = !plan.told.has_linked_invoices;
        config.old_callbacks = plan.told.are_callbacks_old;
        config.missing_documents_as_texts = plan.told.are_documents_texts;
        if plan.gives_up_early {
            config.callback_retries = 0;
        }
        config.mode = plan.mode;
        Self {
            start: config.start,
            world: World::new(config),
            ahead: 0,
            is_rotated: false,
        }
    }

    /// The truth about the time, by which the merchant's clock goes as long as nothing happens to it.
    pub(crate) fn start(&self) -> Timestamp {
        self.start
    }

    /// The API key that is valid before a rotation.
    pub(crate) fn first_api_key() -> ApiKey {
        ApiKey::parse(API_KEY).expect("it is a key")
    }

    /// The key that callbacks are hashed with before a rotation.
    pub(crate) fn first_secret_key() -> SecretKey {
        SecretKey::parse(SECRET_KEY).expect("it is a key")
    }

    /// Brings the world to the present.
    pub(crate) fn come_to(&mut self, now: Millis) {
        let target = self.start + duration(now + self.ahead);
        self.world.follow(target);
    }

    /// Answers a request.
    pub(crate) fn answer(&mut self, now: Millis, request: &Request<Bytes>) -> Response<Bytes> {
        self.come_to(now);
        if !self.is_rotated {
            return self.world.handle(request);
        }
        let mut request = request.clone();
        if let Some(key) = request.headers_mut().get_mut("x-api-key") {
            let is_new = key.as_bytes() == NEW_API_KEY.as_bytes();
            *key = HeaderValue::from_static(if is_new { API_KEY } else { "replaced" });
        }
        self.world.handle(&request)
    }

    /// What a request asks for, if it is something to be asked for once: an account, an applicant, or a verification
    /// since the last change of the status.
    pub(crate) fn asks(&mut self, now: Millis, request: &Request<Bytes>) -> Option<String> {
        let path = request.uri().path();
        if path.ends_with("/account") || path.ends_with("/applicant") {
            return Some(path.to_owned());
        }
        let customer_path = path.strip_suffix("/bank-transfer/kyc/verification")?;
        let customer = customer_path.rsplit('/').next()?;
        self.come_to(now);
        let changes = self
            .world
            .events()
            .iter()
            .filter(|event| event.name() == "kyc_changed")
            .filter_map(|event| serde_json::to_value(event).ok())
            .filter(|event| event["customerId"] == customer)
            .count();
        // The check that a start brings about belongs to it.
        let is_pending = self.kyc(customer).as_deref() == Some("KYC_PENDING");
        Some(format!(
            "{path} at change {}",
            changes - usize::from(is_pending)
        ))
    }

    /// A customer's KYC status.
    pub(crate) fn kyc(&mut self, customer: &str) -> Option<String> {
        let answer = self.look(customer, "kyc");
        Some(answer["data"]["status"].as_str()?.to_owned())
    }

    /// The number of a customer's account, if one is open.
    pub(crate) fn account(&mut self, customer: &str) -> Option<String> {
        let account = &self.look(customer, "accounts")["data"][0];
        let is_open = account["status"] == "ACTIVE";
        let iban = account["iban"].as_str().filter(|_| is_open)?;
        Some(iban.to_owned())
    }

    fn look(&mut self, customer: &str, what: &str) -> serde_json::Value {
        let path = format!("/api/v2/customer/{customer}/bank-transfer/{what}");
        let request = Request::get(format!("http://sandbox.invalid{path}"))
            .header("x-api-key", API_KEY)
            .body(Bytes::new())
            .expect("the request is fixed");
        let answer = self.world.handle(&request);
        serde_json::from_slice(answer.body()).unwrap_or_default()
    }

    /// When the world changes next by itself.
    pub(crate) fn next_due(&self) -> Option<Millis> {
        let due = self.world.next_due()?.duration_since(self.start);
        let due = Millis::try_from(due.as_millis()).unwrap_or(0);
        Some(due.saturating_sub(self.ahead))
    }

    /// A body as the gateway signs it now.
    pub(crate) fn signed(&self, body: &Bytes) -> Bytes {
        if !self.is_rotated {
            return body.clone();
        }
        let key = SecretKey::parse(NEW_SECRET_KEY).expect("it is a key");
        sign(body, &key).map_or_else(|_| body.clone(), Bytes::from)
    }

    pub(crate) fn rotate(&mut self) {
        self.is_rotated = true;
    }

    pub(crate) fn jump(&mut self, time: Millis) {
        self.ahead += time;
    }
}

pub(crate) fn duration(time: Millis) -> SignedDuration {
    SignedDuration::from_millis(i64::try_from(time).unwrap_or(i64::MAX))
}
