//! The gateway: the sandbox's world, with a clock and keys that change.

use bytes::Bytes;
use http::header::HeaderValue;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use xgateway::callback::sign;
use xgateway::core::secret::{ApiKey, SecretKey};
use xgateway_sandbox::{CallbackUrl, Config, Mode, World};

use crate::plan::Plan;
use crate::sim::Millis;

/// The keys that the gateway has after a rotation.
pub(crate) const NEW_API_KEY: &str = "0d1c5a5e-7c4a-4b6e-9f0a-ca4a41e50002";
pub(crate) const NEW_SECRET_KEY: &str = "6f1f2f57-3c8d-4f0c-8b5a-ca4a41e50003";

/// The gateway, and how far its clock is ahead of the truth.
pub(crate) struct Gateway {
    pub(crate) world: World,
    start: Timestamp,
    ahead: Millis,
    is_rotated: bool,
}

/// The keys of the merchant, both as they are before a rotation.
pub(crate) struct Keys {
    pub(crate) api_key: ApiKey,
    pub(crate) secret_key: SecretKey,
}

impl Gateway {
    pub(crate) fn new(plan: &Plan) -> Self {
        // One seed for all: what is random here is drawn from the tape.
        let mut config = Config::new(1);
        config.idempotency = plan.idempotency;
        config.idempotency_life = plan.key_life.map(duration);
        // Nobody is there: it is only for the world to count callbacks among what is due.
        config.callback_url = CallbackUrl::parse("http://merchant.invalid/callbacks").ok();
        config.mode = if plan.is_live { Mode::Live } else { Mode::Demo };
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

    /// The keys before a rotation.
    pub(crate) fn first_keys(&self) -> Keys {
        let config = self.world.config();
        let api_key = config.api_key.expose().to_owned();
        let secret_key = config.secret_key.expose().to_owned();
        Keys {
            api_key: ApiKey::parse(api_key).expect("a key is a key"),
            secret_key: SecretKey::parse(secret_key).expect("a key is a key"),
        }
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
            let known = self.world.config().api_key.expose();
            let is_new = key.as_bytes() == NEW_API_KEY.as_bytes();
            let inside = if is_new { known } else { "replaced" };
            *key = HeaderValue::from_str(inside).expect("a key is a header's value");
        }
        self.world.handle(&request)
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

    pub(crate) fn jump(&mut self, seconds: u32) {
        self.ahead += Millis::from(seconds) * 1000;
    }
}

pub(crate) fn duration(time: Millis) -> SignedDuration {
    SignedDuration::from_millis(i64::try_from(time).unwrap_or(i64::MAX))
}
