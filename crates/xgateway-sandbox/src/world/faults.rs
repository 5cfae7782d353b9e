//! Faults: which rule hits what, and what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::kept::is_too_long;
use super::routes::{api_path, find_operation, json_body, not_allowed, options};
use super::{Received, World};
use crate::answer::{Refusal, success, with_body};
use crate::event::{EventKind, MerchantText};
use crate::faults::{
    CallbackFault, Damage, Failure, Fault, FaultError, FaultRule, Faults, ProxyFault,
};
use crate::hidden;
use crate::percent::decoded_once;
use crate::random::Purpose;
use crate::state::{ActiveRule, Told};
use crate::wire::Moment;

/// The most rules at a time.
const RULES_MAX: usize = 100;

/// What a proxy answers that lets no encoded separator pass, such as Apache as it is set up by default.
const BLOCKED: &str = "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n\
                       <p>The requested URL was not found on this server.</p>\n";

/// What will become of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    hit: Option<Fault>,
    /// What the request is about.
    subject: String,
    /// How long it takes until the gateway sees the request.
    pub(crate) before: Duration,
    /// How long the answer takes.
    pub(crate) after: Duration,
}

/// What comes back.
#[derive(Debug)]
pub(crate) enum Reply {
    Whole(Response<Bytes>),
    Damaged(Response<Bytes>, Damage),
    None(Silence),
}

/// How nothing comes back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Silence {
    NoConnection,
    Reset,
    Hang,
}

/// The ids that a body may name what it is about with, in this order.
#[derive(Default, Deserialize)]
struct Named {
    #[serde(rename = "orderId")]
    order: Option<String>,
    #[serde(rename = "invoiceId")]
    invoice: Option<String>,
    #[serde(rename = "customerId")]
    customer: Option<String>,
}

/// One rule or many.
#[derive(Deserialize)]
#[serde(untagged)]
enum Wanted {
    Many(Vec<serde_json::Value>),
    One(serde_json::Value),
}

#[derive(Serialize)]
struct Shown {
    id: u32,
    since: Moment,
    #[serde(flatten)]
    rule: FaultRule,
}

impl World {
    /// Lets faults happen from now on, beside those that do.
    ///
    /// ```
    /// use xgateway_sandbox::{Config, Failure, Fault, FaultRule, World};
    ///
    /// let mut world = World::new(Config::new(1));
    /// let rule = FaultRule::new(Fault::BeforeCommit(Failure::Status(503, Some(1)))).times(1);
    /// world.add_faults(rule);
    /// let request = http::Request::get("/api/v2/invoices/order-1").body(bytes::Bytes::new())?;
    /// assert_eq!(world.handle(&request).status(), 503);
    /// assert_eq!(world.handle(&request).status(), 401);
    /// # Ok::<(), http::Error>(())
    /// ```
    pub fn add_faults(&mut self, faults: impl Into<Faults>) {
        for rule in faults.into().rules() {
            let rule = Arc::new(rule.clone());
            self.record(EventKind::FaultAdded { rule });
        }
    }

    pub(super) fn with_first_faults(mut self) -> Self {
        self.add_faults(self.config.faults.clone());
        self
    }

    /// Lets no fault happen any more.
    pub fn clear_faults(&mut self) {
        if !self.state.faults.is_empty() {
            self.record(EventKind::FaultsRemoved { rule: None });
        }
    }

    /// Decides what will become of a request.
    pub(crate) fn plan(&mut self, method: &Method, uri: &Uri, received: Received<'_>) -> Plan {
        if self.state.faults.is_empty() || method == Method::OPTIONS {
            return Plan::default();
        }
        let path = uri.path();
        let (operation, subject) = if let Some(rest) = path.strip_prefix("/3ds/") {
            ("three_ds_page", self.subject_of_page(rest))
        } else {
            let found = api_path(path).and_then(|path| find_operation(method, path));
            let Some((operation, parameters)) = found else {
                return Plan::default();
            };
            (operation.name, self.subject(&parameters, received))
        };
        let hit = self.draw(Some(operation), &subject, path);
        let mut plan = Plan {
            hit: hit.map(|(fault, _)| fault),
            subject,
            ..Plan::default()
        };
        if let Some((fault, random)) = hit {
            if let Fault::BeforeCommit(Failure::Delay(latency)) = fault {
                plan.before = latency.draw(random);
            }
            if let Fault::AfterCommit(Failure::Delay(latency)) = fault {
                plan.after = latency.draw(random);
            }
        }
        plan
    }

    /// Answers a request as planned.
    pub(crate) fn exchange(
        &mut self,
        plan: &Plan,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: Received<'_>,
    ) -> Reply {
        let instead = match plan.hit {
            Some(Fault::NoConnection) => Err(Silence::NoConnection),
            Some(Fault::BeforeCommit(Failure::Reset)) => Err(Silence::Reset),
            Some(Fault::BeforeCommit(Failure::Hang)) => Err(Silence::Hang),
            Some(Fault::BeforeCommit(Failure::Status(status, after))) => Ok(faulted(status, after)),
            Some(Fault::WrongKey) => Ok(Refusal::Unauthorized.answer()),
            Some(Fault::Proxy(ProxyFault::Block)) => {
                let page = Bytes::from_static(BLOCKED.as_bytes());
                Ok(with_body(StatusCode::NOT_FOUND, "text/html", page))
            }
            Some(Fault::Proxy(ProxyFault::Decode)) => {
                let uri = decoded_once(uri);
                return Reply::Whole(self.answer(plan.hit, method, &uri, headers, body));
            }
            _ => {
                let answer = self.answer(plan.hit, method, uri, headers, body);
                return match plan.hit {
                    Some(Fault::AfterCommit(Failure::Reset)) => Reply::None(Silence::Reset),
                    Some(Fault::AfterCommit(Failure::Hang)) => Reply::None(Silence::Hang),
                    Some(Fault::AfterCommit(Failure::Status(status, after))) => {
                        Reply::Whole(faulted(status, after))
                    }
                    Some(Fault::MidAnswer(damage)) => Reply::Damaged(answer, damage),
                    _ => Reply::Whole(answer),
                };
            }
        };
        self.refuse_unseen(method, uri, plan, instead)
    }

    /// The gateway does nothing, but that somebody asked is an event all the same.
    fn refuse_unseen(
        &mut self,
        method: &Method,
        uri: &Uri,
        plan: &Plan,
        instead: Result<Response<Bytes>, Silence>,
    ) -> Reply {
        self.begin_request();
        let found = api_path(uri.path()).and_then(|path| find_operation(method, path));
        self.asks(found.map_or("three_ds_page", |(operation, _)| operation.name));
        self.is_about(&*plan.subject);
        match instead {
            Ok(mut answer) => {
                self.end_request(method, plan.hit, &mut answer);
                Reply::Whole(answer)
            }
            Err(silence) => {
                self.end_request(method, plan.hit, &mut Response::new(Bytes::new()));
                Reply::None(silence)
            }
        }
    }

    /// What happens to an attempt of a callback.
    pub(super) fn draw_for_callback(&mut self, number: u64) -> Option<CallbackFault> {
        if self.state.faults.is_empty() {
            return None;
        }
        let callback = self.state.callbacks.get(number)?;
        let subject = match &callback.told {
            Told::Transaction(_) => self.order_of_payment(callback.subject),
            Told::Customer(customer_id, _) => customer_id.as_str().to_owned(),
        };
        match self.draw(None, &subject, "") {
            Some((Fault::Callback(fault), _)) => Some(fault),
            _ => None,
        }
    }

    /// How many faults there are, those of an earlier run of a sandbox with a data folder included.
    pub fn fault_count(&self) -> usize {
        self.state.faults.iter().count()
    }

    /// `GET`, `POST` and `DELETE` of `/_sandbox/faults`, and `DELETE` of one below it.
    pub(super) fn faults(
        &mut self,
        method: &Method,
        rest: &str,
        headers: &HeaderMap,
        body: Received<'_>,
    ) -> Result<Response<Bytes>, Refusal> {
        if !rest.is_empty() {
            return self.fault(method, rest);
        }
        match *method {
            Method::GET | Method::HEAD => Ok(self.list_faults(StatusCode::OK)),
            Method::OPTIONS => Ok(options("GET, HEAD, POST, DELETE, OPTIONS")),
            Method::DELETE => {
                self.asks("remove_faults");
                self.clear_faults();
                Ok(self.list_faults(StatusCode::OK))
            }
            Method::POST => {
                self.asks("add_faults");
                self.try_add_faults(read_rules(json_body(headers, body)?)?)?;
                Ok(self.list_faults(StatusCode::CREATED))
            }
            _ => Err(not_allowed("GET, HEAD, POST, DELETE, OPTIONS")),
        }
    }

    /// The same as [`add_faults`](Self::add_faults) for whoever asks from outside, within bounds.
    pub(super) fn try_add_faults(&mut self, rules: Vec<FaultRule>) -> Result<(), Refusal> {
        for rule in &rules {
            self.check_id(rule.order_text().unwrap_or_default())?;
        }
        if self.state.faults.iter().count() + rules.len() > RULES_MAX {
            let problem = format!("there are at most {RULES_MAX} faults at a time");
            return Err(Refusal::BadFault(problem));
        }
        self.add_faults(Faults::from_iter(rules));
        Ok(())
    }

    fn fault(&mut self, method: &Method, rest: &str) -> Result<Response<Bytes>, Refusal> {
        let id = rest.strip_prefix('/').and_then(|id| id.parse().ok());
        let known = id.filter(|id| self.state.faults.iter().any(|active| active.id == *id));
        match (method, known) {
            (&Method::DELETE, Some(id)) => {
                self.asks("remove_faults");
                self.record(EventKind::FaultsRemoved { rule: Some(id) });
                Ok(self.list_faults(StatusCode::OK))
            }
            (&Method::DELETE, None) => Err(Refusal::UnknownId),
            (&Method::OPTIONS, _) => Ok(options("DELETE, OPTIONS")),
            _ => Err(not_allowed("DELETE, OPTIONS")),
        }
    }

    fn list_faults(&self, status: StatusCode) -> Response<Bytes> {
        let shown = |active: &ActiveRule| Shown {
            id: active.id,
            since: Moment(active.since),
            rule: active.rule.shown(),
        };
        let rules: Vec<_> = self.state.faults.iter().map(shown).collect();
        success(status, &rules)
    }

    /// The first rule that hits, with what is random about it.
    fn draw(
        &mut self,
        operation: Option<&str>,
        subject: &str,
        path: &str,
    ) -> Option<(Fault, [u8; 32])> {
        let subject = &*hidden::shown(subject);
        let faults = &self.state.faults;
        let about: Vec<_> = faults
            .about(operation, subject, self.state.now)
            .filter(|active| active.rule.fault().meets(path))
            .map(|active| {
                let count = faults.count(active.id, operation, subject);
                (active.id, Arc::clone(&active.rule), count + 1)
            })
            .filter(|(_, rule, occurrence)| !rule.is_over_at(*occurrence))
            .collect();
        let mut found = None;
        for (id, rule, occurrence) in about {
            let name = [operation.unwrap_or_default(), "/", subject].concat();
            let ordinal = u64::from(id) << 32 | u64::from(occurrence);
            let random = self.random.bytes(Purpose::Fault, name.as_bytes(), ordinal);
            let percent = u32::from(u16::from_be_bytes([random[0], random[1]])) % 100;
            let hit = found.is_none() && rule.may_hit(occurrence) && percent < rule.hit_percent();
            self.record(EventKind::FaultDrawn {
                rule: id,
                operation: operation.map(MerchantText::from),
                subject: subject.into(),
                occurrence,
                hit,
            });
            if hit {
                let random = self
                    .random
                    .bytes(Purpose::Latency, name.as_bytes(), ordinal);
                found = Some((rule.fault(), random));
            }
        }
        found
    }

    /// What a request is about: its order, or else what it names.
    pub(super) fn subject(&self, parameters: &[String], received: Received<'_>) -> String {
        if let [id] = parameters {
            let invoice = self.state.find_invoice(id).map(|invoice| invoice.facts.id);
            return invoice.map_or_else(|| bounded(id.clone()), |id| self.order_or_id(id));
        }
        let Received::Whole(body) = received else {
            return String::new();
        };
        let named: Named = serde_json::from_slice(body).unwrap_or_default();
        if let Some(order) = named.order {
            return bounded(order);
        }
        let invoice = named.invoice.as_deref();
        let invoice = invoice.and_then(|id| self.state.invoice_by_id(id));
        match invoice {
            Some(invoice) => self.order_or_id(invoice.facts.id),
            None => bounded(named.invoice.or(named.customer).unwrap_or_default()),
        }
    }

    fn subject_of_page(&self, rest: &str) -> String {
        let token = rest.split('/').next().unwrap_or_default();
        self.invoice_of_token(token)
            .map(|id| self.order_or_id(id))
            .unwrap_or_default()
    }

    fn order_of_payment(&self, transaction: uuid::Uuid) -> String {
        if let Some(card) = self.state.transaction(transaction) {
            return self.order_or_id(card.invoice);
        }
        let payment = self.state.channels.deposit(transaction);
        match payment.and_then(|payment| payment.facts.order_id.as_ref()) {
            Some(order) => order.as_str().to_owned(),
            None => transaction.to_string(),
        }
    }

    fn order_or_id(&self, invoice: uuid::Uuid) -> String {
        match &self.state.invoice(invoice).facts.order_id {
            Some(order) => order.as_str().to_owned(),
            None => invoice.to_string(),
        }
    }
}

/// What is kept of a name: one that is too long for an id names nothing.
fn bounded(name: String) -> String {
    if is_too_long(&name) {
        String::new()
    } else {
        name
    }
}

fn faulted(status: u16, retry_after: Option<u32>) -> Response<Bytes> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Refusal::Faulted(status, retry_after).answer()
}

fn read_rules(body: &[u8]) -> Result<Vec<FaultRule>, Refusal> {
    let wanted: Wanted = serde_json::from_slice(body).map_err(|_| Refusal::MalformedJson)?;
    let told =
        |error: FaultError| Refusal::BadFault(hidden::shown(&error.to_string()).into_owned());
    match wanted {
        Wanted::One(rule) => Ok(vec![FaultRule::from_json(rule).map_err(told)?]),
        Wanted::Many(rules) => {
            let read = rules.into_iter().enumerate().map(|(index, rule)| {
                FaultRule::from_json(rule).map_err(|error| error.of_rule(index))
            });
            read.collect::<Result<_, _>>().map_err(told)
        }
    }
}
