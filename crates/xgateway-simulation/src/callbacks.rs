//! The gateway's callbacks on their way to the merchant.

use bytes::Bytes;

use crate::kinds::{CallbackFault, Fault, Late, Track};
use crate::sim::{Event, State};

/// How long the gateway waits for the merchant's answer.
const PATIENCE: u64 = 10_000;

/// When a person looks through the back office for callbacks that were given up, since a customer misses something.
const COMPLAINT: u64 = 20 * 60 * 1_000;

impl State {
    /// Sends the callbacks that are due.
    pub(crate) fn send_callbacks(&mut self) {
        for callback in self.gateway.world.take_callbacks() {
            let body = self.gateway.signed(callback.body());
            self.tell("gateway", || {
                format!("sends callback {} of {}", callback.number(), short(&body))
            });
            self.sent.insert(callback.number(), body.clone());
            self.tape.turn_to(track(&body));
            self.send_callback(&body, callback.number());
        }
    }

    fn send_callback(&mut self, body: &Bytes, number: u64) {
        let callback = |number, answer_lost| Event::Callback {
            body: body.clone(),
            number,
            answer_lost,
        };
        let percent = self.weather().callback_percent;
        let latency = self.latency();
        if percent == 0 || !self.tape.happens(percent) {
            self.after(latency, callback(Some(number), false));
            return;
        }
        let forged = forge(body);
        let may_be_forged = if forged.is_some() { 3 } else { 0 };
        let fault = CallbackFault::ALL[self.tape.choose(&[1, 1, 1, 1, may_be_forged])];
        self.coverage.callback(fault);
        self.late(Late::Callback);
        self.tell("network", || fault.to_string());
        let nobody = Event::CallbackAttempt {
            number,
            status: None,
        };
        match fault {
            CallbackFault::Delayed => {
                // The gateway has given up by then, and tried again.
                let delay = self.delay() + PATIENCE;
                self.after(delay, callback(None, false));
                self.after(PATIENCE, nobody);
            }
            CallbackFault::Duplicated => {
                let delay = self.delay();
                self.after(latency, callback(Some(number), false));
                self.after(delay, callback(None, false));
            }
            CallbackFault::AnswerLost => self.after(latency, callback(Some(number), true)),
            CallbackFault::Forged => {
                self.after(latency, callback(Some(number), false));
                let delay = self.latency();
                let body = forged.unwrap_or_else(|| body.clone());
                self.forged.push(body.clone());
                self.after(
                    delay,
                    Event::Callback {
                        body,
                        number: None,
                        answer_lost: false,
                    },
                );
            }
            CallbackFault::Lost => self.after(PATIENCE, nobody),
        }
    }

    /// The gateway learns what became of an attempt.
    pub(crate) fn callback_attempted(&mut self, number: u64, status: Option<u16>) {
        self.gateway.come_to(self.now);
        self.gateway.world.record_callback_attempt(number, status);
        let is_taken = status.is_some_and(|status| (200..300).contains(&status));
        if self.plan.gives_up_early && !is_taken {
            self.fault(Fault::CallbackGivenUp, "gateway");
            if self.only_a_callback_tells(number) {
                self.after(COMPLAINT, Event::Missed(number));
            }
        }
    }

    /// Nobody can ask the gateway for payments to an address, for what has turned after its end, or for what has become of
    /// KYC after a customer was onboarded: of these a callback tells or nobody does.
    fn only_a_callback_tells(&self, number: u64) -> bool {
        let body = self.sent.get(&number);
        let is_of_order = body.is_some_and(|body| track(body) == Track::CardCallbacks);
        !is_of_order || !self.turned.is_empty()
    }

    /// The merchant has answered a callback, or will not any more.
    pub(crate) fn callback_answered(
        &mut self,
        number: Option<u64>,
        status: Option<u16>,
        answer_lost: bool,
    ) {
        let Some(number) = number else { return };
        self.callbacks_open.retain(|(_, open)| *open != number);
        let (after, status) = if answer_lost {
            (PATIENCE, None)
        } else {
            (1, status)
        };
        self.after(after, Event::CallbackAttempt { number, status });
    }
}

/// Somebody else's account.
pub(crate) const OTHER_IBAN: &str = "DE89370400440532013000";

/// The hash covers neither the status nor the account (protocol §4), so anybody who has seen a callback can do this.
fn forge(body: &Bytes) -> Option<Bytes> {
    let text = std::str::from_utf8(body).ok()?;
    if let Some((before, rest)) = text.split_once(r#""iban":""#) {
        let (_, after) = rest.split_once('"')?;
        return Some(format!(r#"{before}"iban":"{OTHER_IBAN}"{after}"#).into());
    }
    let forged = text
        .replacen(r#""status":"failed""#, r#""status":"confirmed""#, 1)
        .replacen(
            r#""status":"SOFT_KYC_FAILED""#,
            r#""status":"FULL_USER""#,
            1,
        );
    (forged != text).then(|| forged.into())
}

/// Who draws for a callback: each customer with an address or by bank, and all orders together.
fn track(body: &Bytes) -> Track {
    if is_of("saver-1", body) {
        Track::FirstSaverCallbacks
    } else if is_of("saver-2", body) {
        Track::SecondSaverCallbacks
    } else if is_of("newcomer-1", body) {
        Track::FirstNewcomerCallbacks
    } else if is_of("newcomer-2", body) {
        Track::SecondNewcomerCallbacks
    } else {
        Track::CardCallbacks
    }
}

/// Who draws while the merchant takes a callback in: a story about money can do without the newcomers.
pub(crate) fn receiver(body: &Bytes) -> Track {
    if is_of("newcomer-1", body) || is_of("newcomer-2", body) {
        Track::NewcomersReceiver
    } else {
        Track::Receiver
    }
}

fn is_of(customer: &str, body: &Bytes) -> bool {
    let member = format!(r#""customerId":"{customer}""#);
    body.windows(member.len())
        .any(|part| part == member.as_bytes())
}

/// What a callback is about, and what it says.
fn short(body: &Bytes) -> String {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| body[name].as_str().unwrap_or("?").to_owned();
    if let Some(kind) = body["callbackType"].as_str() {
        return format!("{kind} of {}: {}", text("customerId"), text("status"));
    }
    let id: String = text("id").chars().take(8).collect();
    format!("transaction {id}: {}", text("status"))
}
