//! A machine as versioned JSON: no name, no address, no account, no byte of a document.

use serde::{Deserialize, Serialize};
use xgateway_api::environment::BaseUrl;
use xgateway_api::types::BankCurrency;
use xgateway_core::document::Page;
use xgateway_core::id::CustomerId;

use super::machine::{Asked, Startable};
use super::{Attempt, Machine, Plan, Sequence, State};
use crate::snapshot::{Format, SnapshotError, Text, VERSION};

const FORMAT: Format = Format("an onboarding");

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Stored<'a> {
    version: u64,
    flow: Flow,
    /// Not there in what versions before this field have written.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    environment: Option<Text<'a>>,
    #[serde(borrow)]
    customer_id: Text<'a>,
    sequence: StoredSequence,
    #[serde(borrow)]
    currency: Text<'a>,
    #[serde(borrow)]
    pages: Vec<Text<'a>>,
    #[serde(borrow)]
    pages_left: Vec<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started_in: Option<StoredStartable>,
    passed: bool,
    /// Not there in what versions before this field have written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account_asked: Option<StoredAsked>,
    state: StoredState,
}

#[derive(Deserialize, Serialize)]
enum Flow {
    #[serde(rename = "onboarding")]
    Onboarding,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum StoredSequence {
    AccountFirst,
    KycFirst,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum StoredAsked {
    No,
    Lately,
    LongAgo,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum StoredStartable {
    Data,
    Pending,
    SoftFailed,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(
    tag = "name",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum StoredState {
    Account { attempt: StoredAttempt },
    Profile,
    Applicant { attempt: StoredAttempt },
    Preparing,
    Documents,
    Verification { attempt: StoredAttempt },
    Verifying { accepted: bool, grace_elapsed: bool },
    Failed,
    Correcting,
    Opening,
    Onboarded,
    Rejected,
    OtherCustomer,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum StoredAttempt {
    Unchecked,
    Ready,
    Sent,
    Unknown,
    UnknownForLong,
}

impl Machine {
    /// The machine as JSON: version, environment, customer id, plan, what is left, and how it stands.
    ///
    /// It proves nothing: who resumes an onboarding that was complete asks the gateway once more.
    ///
    /// ```
    /// # use xgateway_flows::onboarding::Machine;
    /// let json = r#"{"version":1,"flow":"onboarding","customerId":"customer-1","sequence":"kyc_first",
    ///     "currency":"EUR","pages":["passport","selfie","utility-bill"],"pagesLeft":["utility-bill"],
    ///     "passed":false,"state":{"name":"documents"}}"#;
    /// let machine = Machine::from_json(json)?;
    /// assert_eq!(machine.pages_left().len(), 1);
    /// assert_eq!(Machine::from_json(&machine.to_json())?, machine);
    /// # Ok::<(), xgateway_flows::onboarding::SnapshotError>(())
    /// ```
    pub fn to_json(&self) -> String {
        let names = |pages: &[Page]| pages.iter().map(|page| page.as_str().into()).collect();
        let stored = Stored {
            version: VERSION,
            flow: Flow::Onboarding,
            environment: self.environment.as_deref().map(Text::from),
            customer_id: self.plan.customer_id.as_str().into(),
            sequence: match self.plan.sequence {
                Sequence::AccountFirst => StoredSequence::AccountFirst,
                Sequence::KycFirst => StoredSequence::KycFirst,
            },
            currency: self.plan.currency.as_str().into(),
            pages: names(&self.plan.pages),
            pages_left: names(&self.left),
            started_in: self.started_in.map(|status| match status {
                Startable::Data => StoredStartable::Data,
                Startable::Pending => StoredStartable::Pending,
                Startable::SoftFailed => StoredStartable::SoftFailed,
            }),
            passed: self.passed,
            account_asked: Some(match self.asked {
                Asked::No => StoredAsked::No,
                Asked::Lately => StoredAsked::Lately,
                Asked::LongAgo => StoredAsked::LongAgo,
            }),
            state: self.state.into(),
        };
        serde_json::to_string(&stored).expect("texts and truths always serialise")
    }

    /// Reads a machine back.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] if the text is no snapshot, or one of another version.
    pub fn from_json(json: &str) -> Result<Self, SnapshotError> {
        let stored: Stored<'_> = FORMAT.read(json)?;
        let customer_id =
            CustomerId::parse(&stored.customer_id).map_err(|_| FORMAT.invalid("customerId"))?;
        let currency = BankCurrency::from(&*stored.currency);
        if !currency.is_known() {
            return Err(FORMAT.invalid("currency"));
        }
        Ok(Self {
            plan: Plan {
                customer_id,
                sequence: match stored.sequence {
                    StoredSequence::AccountFirst => Sequence::AccountFirst,
                    StoredSequence::KycFirst => Sequence::KycFirst,
                },
                currency,
                pages: pages(&stored.pages, "pages")?,
            },
            environment: stored.environment.as_deref().map(base_url).transpose()?,
            left: pages(&stored.pages_left, "pagesLeft")?,
            started_in: stored.started_in.map(|status| match status {
                StoredStartable::Data => Startable::Data,
                StoredStartable::Pending => Startable::Pending,
                StoredStartable::SoftFailed => Startable::SoftFailed,
            }),
            passed: stored.passed,
            asked: match (stored.account_asked, stored.state) {
                (Some(StoredAsked::Lately), _)
                // It was not noted then; rather wait for an account than open a second one.
                | (None, StoredState::Opening | StoredState::Onboarded) => Asked::Lately,
                (Some(StoredAsked::LongAgo), _) => Asked::LongAgo,
                (Some(StoredAsked::No) | None, _) => Asked::No,
            },
            state: stored.state.into(),
        })
    }
}

fn pages(names: &[Text<'_>], field: &'static str) -> Result<Vec<Page>, SnapshotError> {
    let page = |name: &Text<'_>| Page::from_name(name).ok_or(FORMAT.invalid(field));
    names.iter().map(page).collect()
}

fn base_url(text: &str) -> Result<Box<str>, SnapshotError> {
    match BaseUrl::parse(text) {
        Ok(url) if url.as_str() == text => Ok(text.into()),
        Ok(_) | Err(_) => Err(FORMAT.invalid("environment")),
    }
}

impl From<State> for StoredState {
    fn from(state: State) -> Self {
        match state {
            State::Account(attempt) => Self::Account {
                attempt: attempt.into(),
            },
            State::Profile => Self::Profile,
            State::Applicant(attempt) => Self::Applicant {
                attempt: attempt.into(),
            },
            State::Preparing => Self::Preparing,
            State::Documents => Self::Documents,
            State::Verification(attempt) => Self::Verification {
                attempt: attempt.into(),
            },
            State::Verifying {
                accepted,
                grace_elapsed,
            } => Self::Verifying {
                accepted,
                grace_elapsed,
            },
            State::Failed => Self::Failed,
            State::Correcting => Self::Correcting,
            State::Opening => Self::Opening,
            State::Onboarded => Self::Onboarded,
            State::Rejected => Self::Rejected,
            State::OtherCustomer => Self::OtherCustomer,
        }
    }
}

impl From<StoredState> for State {
    fn from(state: StoredState) -> Self {
        match state {
            StoredState::Account { attempt } => Self::Account(attempt.into()),
            StoredState::Profile => Self::Profile,
            StoredState::Applicant { attempt } => Self::Applicant(attempt.into()),
            StoredState::Preparing => Self::Preparing,
            StoredState::Documents => Self::Documents,
            StoredState::Verification { attempt } => Self::Verification(attempt.into()),
            StoredState::Verifying {
                accepted,
                grace_elapsed,
            } => Self::Verifying {
                accepted,
                grace_elapsed,
            },
            StoredState::Failed => Self::Failed,
            StoredState::Correcting => Self::Correcting,
            StoredState::Opening => Self::Opening,
            StoredState::Onboarded => Self::Onboarded,
            StoredState::Rejected => Self::Rejected,
            StoredState::OtherCustomer => Self::OtherCustomer,
        }
    }
}

impl From<Attempt> for StoredAttempt {
    fn from(attempt: Attempt) -> Self {
        match attempt {
            Attempt::Unchecked => Self::Unchecked,
            Attempt::Ready => Self::Ready,
            Attempt::Sent => Self::Sent,
            Attempt::Unknown {
                grace_elapsed: false,
            } => Self::Unknown,
            Attempt::Unknown {
                grace_elapsed: true,
            } => Self::UnknownForLong,
        }
    }
}

impl From<StoredAttempt> for Attempt {
    fn from(attempt: StoredAttempt) -> Self {
        match attempt {
            StoredAttempt::Unchecked => Self::Unchecked,
            StoredAttempt::Ready => Self::Ready,
            StoredAttempt::Sent => Self::Sent,
            StoredAttempt::Unknown => Self::Unknown {
                grace_elapsed: false,
            },
            StoredAttempt::UnknownForLong => Self::Unknown {
                grace_elapsed: true,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(state: &str) -> String {
        format!(
            r#"{{"version":1,"flow":"onboarding","customerId":"c","sequence":"account_first","currency":"EUR","pages":["passport","selfie"],"pagesLeft":["selfie"],"startedIn":"soft_failed","passed":true,"accountAsked":"long_ago","state":{state}}}"#
        )
    }

    #[test]
    fn the_format_stays_as_it_is() {
        let attempts = ["unchecked", "ready", "sent", "unknown", "unknown_for_long"];
        let mut states = Vec::new();
        for name in ["account", "applicant", "verification"] {
            for attempt in attempts {
                states.push(format!(r#"{{"name":"{name}","attempt":"{attempt}"}}"#));
            }
        }
        for name in [
            "profile",
            "preparing",
            "documents",
            "failed",
            "correcting",
            "opening",
            "onboarded",
            "rejected",
            "other_customer",
        ] {
            states.push(format!(r#"{{"name":"{name}"}}"#));
        }
        states.push(r#"{"name":"verifying","accepted":true,"graceElapsed":false}"#.to_owned());
        for state in states {
            let json = with(&state);
            assert_eq!(Machine::from_json(&json).unwrap().to_json(), json);
        }
    }

    #[test]
    fn one_that_was_taken_up_says_where_it_belongs_to() {
        let old = with(r#"{"name":"profile"}"#);
        let flow = r#""flow":"onboarding","#;
        let new = old.replace(
            flow,
            &format!(r#"{flow}"environment":"https://example.com/api","#),
        );
        for (json, environment) in [(&old, None), (&new, Some("https://example.com/api"))] {
            let machine = Machine::from_json(json).unwrap();
            assert_eq!(machine.environment(), environment);
            assert_eq!(machine.to_json(), *json);
        }
    }

    #[test]
    fn an_account_that_an_older_version_may_have_asked_for_is_waited_for() {
        for (name, asked) in [
            ("opening", Asked::Lately),
            ("onboarded", Asked::Lately),
            ("documents", Asked::No),
        ] {
            let json = with(&format!(r#"{{"name":"{name}"}}"#));
            let old = json.replace(r#""accountAsked":"long_ago","#, "");
            assert_eq!(Machine::from_json(&old).unwrap().asked, asked);
        }
    }

    #[test]
    fn refuses_what_it_does_not_know_without_repeating_it() {
        let error = |json: &str| Machine::from_json(json).unwrap_err();
        assert_eq!(error("John"), SnapshotError::Malformed);
        assert_eq!(
            error(r#"{"version":2}"#),
            SnapshotError::UnknownVersion { version: 2 }
        );
        let good = with(r#"{"name":"profile"}"#);
        for (from, to, field) in [
            (r#""EUR""#, r#""BTC""#, "currency"),
            (r#"["selfie"]"#, r#"["portrait"]"#, "pagesLeft"),
            (r#""passport""#, r#""visa""#, "pages"),
            (r#""c""#, r#""""#, "customerId"),
            (r#""profile""#, r#""paid""#, "fields"),
            (
                r#""customerId""#,
                r#""environment":"John","customerId""#,
                "environment",
            ),
            (r#""passed""#, r#""firstName":"John","passed""#, "fields"),
        ] {
            assert_eq!(
                error(&good.replacen(from, to, 1)),
                SnapshotError::Invalid {
                    flow: "an onboarding",
                    field
                }
            );
        }
    }
}
