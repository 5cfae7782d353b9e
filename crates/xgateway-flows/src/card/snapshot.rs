//! A machine as versioned JSON: no card, no name, no address; nothing that proves a payment.

use serde::{Deserialize, Serialize};
use xgateway_core::id::{InvoiceId, OrderId, TransactionId};
use xgateway_core::money::{Amount, Currency};

use super::machine::Turn;
use super::{Contradiction, Machine, Order, Resolution, Resolved, State};
use crate::snapshot::{Format, SnapshotError, Text, VERSION};

const FORMAT: Format = Format("a card flow");

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Stored<'a> {
    version: u64,
    flow: Flow,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    environment: Option<Text<'a>>,
    #[serde(borrow)]
    order_id: Text<'a>,
    #[serde(borrow)]
    customer_id: Text<'a>,
    amount: String,
    #[serde(borrow)]
    currency: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    invoice_id: Option<Text<'a>>,
    #[serde(borrow)]
    state: StoredState<'a>,
    #[serde(default, skip_serializing_if = "is_false")]
    disputed: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    credited: bool,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    turn: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    resolution: Option<StoredResolution<'a>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct StoredResolution<'a> {
    #[serde(borrow)]
    outcome: Text<'a>,
    #[serde(borrow)]
    by: Text<'a>,
    #[serde(borrow)]
    note: Text<'a>,
    #[serde(borrow)]
    at: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    earlier: Option<Box<Self>>,
}

#[derive(Deserialize, Serialize)]
enum Flow {
    #[serde(rename = "card")]
    Card,
}

#[derive(Deserialize, Serialize)]
#[serde(
    tag = "name",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum StoredState<'a> {
    Sending,
    Unknown {
        grace_elapsed: bool,
    },
    InProgress,
    Deposited {
        #[serde(borrow)]
        transaction_id: Text<'a>,
    },
    Failed {
        #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
        transaction_id: Option<Text<'a>>,
    },
    Refused,
    NotCharged,
    Contradiction {
        #[serde(borrow)]
        about: Text<'a>,
    },
}

impl Machine {
    /// The machine as JSON: version, environment, order id, customer id, amount, currency, invoice id, how it stands, and what a
    /// person has found out about it.
    ///
    /// Nothing of the card is in it, and no address of a 3DS page. It proves no payment either: who resumes a flow
    /// that was deposited asks the gateway once more before a [`SettledTransaction`](super::SettledTransaction)
    /// comes of it.
    ///
    /// ```
    /// # use xgateway_flows::card::Machine;
    /// let json = r#"{"version":1,"flow":"card","orderId":"order-1","customerId":"customer-1",
    ///     "amount":"25.00","currency":"EUR","state":{"name":"unknown","graceElapsed":false}}"#;
    /// let machine = Machine::from_json(json)?;
    /// assert_eq!(machine.order().amount().to_string(), "25.00 EUR");
    /// assert_eq!(Machine::from_json(&machine.to_json())?, machine);
    /// # Ok::<(), xgateway_flows::card::SnapshotError>(())
    /// ```
    pub fn to_json(&self) -> String {
        let order = self.order();
        let state = match self.state() {
            State::Sending => StoredState::Sending,
            State::Unknown { grace_elapsed } => StoredState::Unknown {
                grace_elapsed: *grace_elapsed,
            },
            State::InProgress => StoredState::InProgress,
            State::Deposited { transaction_id } => StoredState::Deposited {
                transaction_id: transaction_id.as_str().into(),
            },
            State::Failed { transaction_id } => StoredState::Failed {
                transaction_id: transaction_id.as_ref().map(|id| id.as_str().into()),
            },
            State::Refused => StoredState::Refused,
            State::NotCharged => StoredState::NotCharged,
            State::Contradiction(contradiction) => StoredState::Contradiction {
                about: contradiction_name(*contradiction).into(),
            },
        };
        let stored = Stored {
            version: VERSION,
            flow: Flow::Card,
            environment: self.environment().map(Text::from),
            order_id: order.order_id().as_str().into(),
            customer_id: order.customer_id().into(),
            amount: order.amount().value().to_string(),
            currency: order.amount().currency().as_str().into(),
            invoice_id: self.invoice_id().map(|id| id.as_str().into()),
            state,
            disputed: self.is_disputed(),
            credited: self.is_credited(),
            turn: turn_name(self.turn()).map(Text::from),
            resolution: self.resolution().map(stored),
        };
        serde_json::to_string(&stored).expect("texts and numbers always serialise")
    }

    /// Reads a machine back.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] if the text is no snapshot, or one of another version.
    pub fn from_json(json: &str) -> Result<Self, SnapshotError> {
        let stored: Stored<'_> = FORMAT.read(json)?;
        let order_id = OrderId::vouched(&stored.order_id).map_err(|_| FORMAT.invalid("orderId"))?;
        let currency = Currency::from(&*stored.currency);
        let amount =
            Amount::parse(&stored.amount, currency).map_err(|_| FORMAT.invalid("amount"))?;
        let invoice_id = stored
            .invoice_id
            .map(|id| InvoiceId::parse(&id).map_err(|_| FORMAT.invalid("invoiceId")))
            .transpose()?;
        let transaction_id =
            |id: &str| TransactionId::parse(id).map_err(|_| FORMAT.invalid("transactionId"));
        let state = match stored.state {
            StoredState::Sending => State::Sending,
            StoredState::Unknown { grace_elapsed } => State::Unknown { grace_elapsed },
            StoredState::InProgress => State::InProgress,
            StoredState::Deposited { transaction_id: id } => State::Deposited {
                transaction_id: transaction_id(&id)?,
            },
            StoredState::Failed { transaction_id: id } => State::Failed {
                transaction_id: id.as_deref().map(transaction_id).transpose()?,
            },
            StoredState::Refused => State::Refused,
            StoredState::NotCharged => State::NotCharged,
            StoredState::Contradiction { about } => Contradiction::ALL
                .iter()
                .copied()
                .find(|it| contradiction_name(*it) == about)
                .map(State::Contradiction)
                .ok_or(FORMAT.invalid("contradiction"))?,
        };
        let turn = TURNS
            .into_iter()
            .find(|it| turn_name(*it) == stored.turn.as_deref())
            .ok_or(FORMAT.invalid("turn"))?;
        let order = Order::new(order_id, &stored.customer_id, amount);
        let machine = Self::restored(order, invoice_id, state)
            .of_environment(stored.environment.as_deref())
            .disputed(stored.disputed)
            .credited(stored.credited)
            .turned(turn);
        Ok(match stored.resolution {
            Some(stored) => {
                machine.resolved(resolution(&stored).ok_or(FORMAT.invalid("resolution"))?)
            }
            None => machine,
        })
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

const TURNS: [Turn; 3] = [Turn::Paid, Turn::Reversed, Turn::Restored];

fn turn_name(turn: Turn) -> Option<&'static str> {
    match turn {
        Turn::Paid => None,
        Turn::Reversed => Some("reversed"),
        Turn::Restored => Some("restored"),
    }
}

fn stored(resolution: &Resolution) -> StoredResolution<'_> {
    StoredResolution {
        outcome: resolution.outcome().as_str().into(),
        by: resolution.by().into(),
        note: resolution.note().into(),
        at: resolution.at().to_string().into(),
        earlier: resolution.earlier().map(|it| Box::new(stored(it))),
    }
}

fn resolution(stored: &StoredResolution<'_>) -> Option<Resolution> {
    let outcomes = [Resolved::Charged, Resolved::NotCharged];
    let outcome = outcomes
        .into_iter()
        .find(|it| it.as_str() == stored.outcome)?;
    let read = Resolution::new(outcome, &stored.by, &stored.note, stored.at.parse().ok()?).ok()?;
    Some(match &stored.earlier {
        Some(earlier) => read.instead_of(resolution(earlier)?),
        None => read,
    })
}

fn contradiction_name(contradiction: Contradiction) -> &'static str {
    match contradiction {
        Contradiction::Order => "order",
        Contradiction::Invoice => "invoice",
        Contradiction::Kind => "kind",
        Contradiction::Customer => "customer",
        Contradiction::Amount => "amount",
        Contradiction::Currency => "currency",
        Contradiction::SecondTransaction => "second_transaction",
        Contradiction::Reversed => "reversed",
        Contradiction::Restored => "restored",
        Contradiction::Gone => "gone",
        Contradiction::NoProof => "no_proof",
        Contradiction::Unreadable => "unreadable",
        Contradiction::Unshown => "unshown",
        Contradiction::OtherAttempt => "other_attempt",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    fn machine() -> impl Strategy<Value = Machine> {
        let text = "[ -~äß€\"\\\\]{1,20}";
        let transaction = text.prop_filter_map("an id", |text| TransactionId::parse(&text).ok());
        let state = prop_oneof![
            Just(State::Sending),
            any::<bool>().prop_map(|grace_elapsed| State::Unknown { grace_elapsed }),
            Just(State::InProgress),
            transaction
                .clone()
                .prop_map(|transaction_id| State::Deposited { transaction_id }),
            proptest::option::of(transaction)
                .prop_map(|transaction_id| State::Failed { transaction_id }),
            Just(State::Refused),
            Just(State::NotCharged),
            proptest::sample::select(Contradiction::ALL).prop_map(State::Contradiction),
        ];
        let order = (
            text.prop_filter_map("an order id", |text| OrderId::parse(&text).ok()),
            text,
            (1_u64..5_000_000, 0_u32..3),
            proptest::sample::select(vec![Currency::Eur, Currency::Usd]),
        );
        let invoice = proptest::option::of(
            text.prop_filter_map("an id", |text| InvoiceId::parse(&text).ok()),
        );
        let environment = proptest::option::of("https://[a-z]{1,9}/api");
        let marks = (any::<[bool; 2]>(), proptest::sample::select(&TURNS[..]));
        (order, invoice, state, environment, marks).prop_map(
            |((id, customer, (units, scale), currency), invoice, state, environment, marks)| {
                let digits = format!("{units:03}");
                let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
                let text = if scale == 0 {
                    digits.clone()
                } else {
                    format!("{whole}.{fraction}")
                };
                let amount = Amount::parse(&text, currency).unwrap();
                Machine::restored(Order::new(id, &customer, amount), invoice, state)
                    .of_environment(environment.as_deref())
                    .disputed(marks.0[0])
                    .credited(marks.0[1])
                    .turned(marks.1)
            },
        )
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(machine in machine()) {
            let json = machine.to_json();
            prop_assert_eq!(Machine::from_json(&json), Ok(machine));
        }

        #[test]
        fn no_input_panics(text in "\\PC{0,60}") {
            let _ = Machine::from_json(&text);
        }

        #[test]
        fn what_is_damaged_is_refused_or_read(machine in machine(), at in any::<Index>(), new in any::<char>()) {
            let mut text: Vec<char> = machine.to_json().chars().collect();
            let at = at.index(text.len());
            text[at] = new;
            let text: String = text.into_iter().collect();
            if let Ok(read) = Machine::from_json(&text) {
                prop_assert_eq!(Machine::from_json(&read.to_json()), Ok(read));
            }
        }
    }

    #[track_caller]
    fn check(json: &str, want: &Expect) {
        let got = match Machine::from_json(json) {
            Ok(machine) => machine.to_json(),
            Err(error) => format!("error: {error}"),
        };
        want.assert_eq(&got);
    }

    #[test]
    fn the_format_stays_as_it_is() {
        let with = |state: &str| {
            format!(
                r#"{{"version":1,"flow":"card","orderId":"order-1","customerId":"customer-1","amount":"25.00","currency":"EUR","invoiceId":"invoice-1","state":{state}}}"#
            )
        };
        for state in [
            r#"{"name":"sending"}"#,
            r#"{"name":"unknown","graceElapsed":true}"#,
            r#"{"name":"in_progress"}"#,
            r#"{"name":"deposited","transactionId":"transaction-1"}"#,
            r#"{"name":"failed","transactionId":"transaction-1"}"#,
            r#"{"name":"failed"}"#,
            r#"{"name":"refused"}"#,
            r#"{"name":"not_charged"}"#,
            r#"{"name":"contradiction","about":"second_transaction"}"#,
        ] {
            let json = with(state);
            assert_eq!(Machine::from_json(&json).unwrap().to_json(), json);
        }
        check(
            &with(r#"{"name":"paid"}"#),
            &expect!["error: the snapshot does not hold a card flow: fields"],
        );
        check(
            &with(r#"{"name":"contradiction","about":"weather"}"#),
            &expect!["error: the snapshot does not hold a card flow: contradiction"],
        );
    }

    #[test]
    fn refuses_what_it_does_not_know_without_repeating_it() {
        check(
            "",
            &expect!["error: the snapshot is no JSON object with a version"],
        );
        check(
            "4000000000000002",
            &expect!["error: the snapshot is no JSON object with a version"],
        );
        check(
            r#"{"version":2,"flow":"card"}"#,
            &expect!["error: the snapshot has version 2, but this library reads version 1 only"],
        );
        check(
            r#"{"version":1,"flow":"onboarding"}"#,
            &expect!["error: the snapshot does not hold a card flow: fields"],
        );
        check(
            r#"{"version":1,"flow":"card","orderId":"","customerId":"c","amount":"25","currency":"EUR","state":{"name":"sending"}}"#,
            &expect!["error: the snapshot does not hold a card flow: orderId"],
        );
        check(
            r#"{"version":1,"flow":"card","orderId":"o","customerId":"c","amount":"-25","currency":"EUR","state":{"name":"sending"}}"#,
            &expect!["error: the snapshot does not hold a card flow: amount"],
        );
        check(
            r#"{"version":1,"flow":"card","orderId":"o","customerId":"c","amount":"25","currency":"EUR","state":{"name":"sending"},"cardNumber":"4"}"#,
            &expect!["error: the snapshot does not hold a card flow: fields"],
        );
    }
}
