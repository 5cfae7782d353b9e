//! What we refuse although the gateway might not.
//!
//! The gateway's rules say what it reads. This policy is ours and stricter: it catches what would be refused later by a
//! bank, leak card data, or leave nobody able to ask what became of a payment. Its issues have the code `custom` and
//! start with `policy NAME:`; each can be relaxed by that name.
//!
//! It does not run in the sandbox: there, as at the gateway, the same facts lead to a refusal of the card.

mod checks;

use std::fmt;

use jiff::civil::Date;
use xgateway_core::issue::{Issue, IssueKind, Path};

use crate::environment::Environment;
use crate::types::Gateway8Request;

/// One rule of the policy.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// The order id must be there, be neither `.` nor `..`, and hold no card number or e-mail address. None of that can be
    /// relaxed for what is sent.
    OrderId,
    /// The order id arrives as it was sent in a path, whatever decodes it on the way: ASCII without `/ \ % ? ; +`, and without
    /// blanks at its ends. Else the gateway's "there is no such order" proves nothing, and only a person can end what got lost.
    OrderIdPath,
    /// The customer id must not blur into the amount in the callback's hash, nor hold a card number.
    CustomerId,
    /// The redirect URL must be https, except to this machine.
    RedirectUrl,
    /// The card number has 12 to 19 digits.
    CardNumberLength,
    /// The card number's check digit is right.
    Luhn,
    /// The expiry month is 01 to 12, and the month is not past.
    Expiry,
    /// The customer is at least 18. Off unless asked for.
    Adult,
    /// On Demo: the amount is one that Demo handles.
    DemoAmount,
    /// On Demo only documented test cards, in production none.
    TestCard,
}

impl Rule {
    /// Every rule.
    pub const ALL: &'static [Self] = &[
        Self::OrderId,
        Self::OrderIdPath,
        Self::CustomerId,
        Self::RedirectUrl,
        Self::CardNumberLength,
        Self::Luhn,
        Self::Expiry,
        Self::Adult,
        Self::DemoAmount,
        Self::TestCard,
    ];

    /// The name by which it is relaxed.
    pub fn name(self) -> &'static str {
        match self {
            Self::OrderId => "order-id",
            Self::OrderIdPath => "order-id-path",
            Self::CustomerId => "customer-id",
            Self::RedirectUrl => "redirect-url",
            Self::CardNumberLength => "card-number-length",
            Self::Luhn => "luhn",
            Self::Expiry => "expiry",
            Self::Adult => "adult",
            Self::DemoAmount => "demo-amount",
            Self::TestCard => "test-card",
        }
    }

    /// The rule of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which rules hold, on which day, in which environment.
///
/// ```
/// use jiff::civil::date;
/// use xgateway_api::environment::Environment;
/// use xgateway_api::policy::{CardPolicy, Rule};
///
/// let policy = CardPolicy::new(&Environment::Demo, date(2026, 11, 21)).relax(Rule::Luhn);
/// assert!(!policy.holds(Rule::Luhn));
/// assert!(policy.holds(Rule::Expiry));
/// ```
#[derive(Clone, Debug)]
pub struct CardPolicy {
    place: Place,
    today: Date,
    rules: Vec<Rule>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    Production,
    Demo,
    Sandbox,
}

impl CardPolicy {
    /// The whole policy but [`Rule::Adult`], for requests that are sent on `today`.
    pub fn new(environment: &Environment, today: Date) -> Self {
        let place = match environment {
            Environment::Production => Place::Production,
            Environment::Demo => Place::Demo,
            Environment::Sandbox(_) => Place::Sandbox,
        };
        let rules = Rule::ALL.iter().copied();
        Self {
            place,
            today,
            rules: rules.filter(|rule| *rule != Rule::Adult).collect(),
        }
    }

    /// Without this rule.
    #[must_use]
    pub fn relax(mut self, rule: Rule) -> Self {
        self.rules.retain(|held| *held != rule);
        self
    }

    /// With this rule, too.
    #[must_use]
    pub fn require(mut self, rule: Rule) -> Self {
        if !self.holds(rule) {
            self.rules.push(rule);
        }
        self
    }

    /// Whether a rule holds.
    pub fn holds(&self, rule: Rule) -> bool {
        self.rules.contains(&rule)
    }

    /// Checks a request. The gateway's rules are not checked here.
    ///
    /// All issues, in the order of the request's fields; none if all is well.
    pub fn check(&self, request: &Gateway8Request) -> Vec<Issue> {
        checks::check(self, request)
    }

    pub(crate) fn order_id_issue(message: &str) -> Issue {
        Self::issue(Rule::OrderId, &["orderId"], message)
    }

    fn issue(rule: Rule, path: &'static [&'static str], message: &str) -> Issue {
        Issue::new(IssueKind::Custom, Path::Known(path))
            .with_message(format!("policy {rule}: {message}"))
    }
}
