use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use xgateway_core::id::{CustomerId, TransactionId};
use xgateway_core::money::{Amount, Currency, DecimalText};

use super::{Machine, Standing};
use crate::snapshot::{Format, SnapshotError, Text, VERSION};

const FORMAT: Format = Format("a customer's deposits");

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
    #[serde(borrow)]
    addresses: BTreeMap<Text<'a>, Text<'a>>,
    #[serde(borrow)]
    transactions: BTreeMap<Text<'a>, StoredStanding<'a>>,
}

#[derive(Deserialize, Serialize)]
enum Flow {
    #[serde(rename = "deposit")]
    Deposit,
}

#[derive(Deserialize, Serialize)]
#[serde(tag = "status", rename_all = "snake_case", deny_unknown_fields)]
enum StoredStanding<'a> {
    Pending,
    Failed,
    Confirmed {
        amount: String,
        #[serde(borrow)]
        currency: Text<'a>,
        #[serde(rename = "takenBack", default, skip_serializing_if = "Option::is_none")]
        taken_back: Option<TakenBack>,
    },
    Credited {
        amount: String,
        #[serde(borrow)]
        currency: Text<'a>,
        #[serde(rename = "takenBack", default, skip_serializing_if = "Option::is_none")]
        taken_back: Option<TakenBack>,
    },
}

/// What became of something that was handed out and then confirmed no more.
#[derive(Clone, Copy, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum TakenBack {
    Reversed,
    Restored,
}

impl Machine {
    /// The machine as JSON: version, environment, customer id, addresses, and how each transaction stands.
    ///
    /// It proves no payment: a [`SettledDeposit`](super::SettledDeposit) comes of the gateway's answers alone.
    ///
    /// ```
    /// # use xgateway_flows::deposit::Machine;
    /// let json = r#"{"version":1,"flow":"deposit","customerId":"customer-1","addresses":{"BTC":"n3Ur"},
    ///     "transactions":{"t-1":{"status":"credited","amount":"0.5","currency":"BTC"}}}"#;
    /// let machine = Machine::from_json(json)?;
    /// assert_eq!(machine.credits().count(), 1);
    /// assert_eq!(Machine::from_json(&machine.to_json())?, machine);
    /// # Ok::<(), xgateway_flows::deposit::SnapshotError>(())
    /// ```
    pub fn to_json(&self) -> String {
        let addresses = self
            .addresses()
            .map(|(code, address)| (code.into(), address.into()));
        let taken_back = |id| {
            let is_restored = self.taken_back.get(id)?;
            Some(if *is_restored {
                TakenBack::Restored
            } else {
                TakenBack::Reversed
            })
        };
        let transactions = self.transactions().map(|(id, standing)| {
            let stored = match standing {
                Standing::Pending => StoredStanding::Pending,
                Standing::Failed => StoredStanding::Failed,
                Standing::Confirmed(amount) => StoredStanding::Confirmed {
                    amount: amount.value().to_string(),
                    currency: amount.currency().as_str().into(),
                    taken_back: taken_back(id),
                },
                Standing::Credited(amount) => StoredStanding::Credited {
                    amount: amount.value().to_string(),
                    currency: amount.currency().as_str().into(),
                    taken_back: taken_back(id),
                },
            };
            (id.as_str().into(), stored)
        });
        let stored = Stored {
            version: VERSION,
            flow: Flow::Deposit,
            environment: self.environment.as_deref().map(Text::from),
            customer_id: self.customer_id().as_str().into(),
            addresses: addresses.collect(),
            transactions: transactions.collect(),
        };
        serde_json::to_string(&stored).expect("texts always serialise")
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
        let addresses = stored
            .addresses
            .into_iter()
            .map(|(code, address)| (code.as_ref().into(), address.as_ref().into()))
            .collect();
        let (mut transactions, mut taken_back) = (BTreeMap::new(), BTreeMap::new());
        for (id, standing) in stored.transactions {
            let id = TransactionId::parse(&id).map_err(|_| FORMAT.invalid("transactions"))?;
            let (standing, turn) = match standing {
                StoredStanding::Pending => (Standing::Pending, None),
                StoredStanding::Failed => (Standing::Failed, None),
                StoredStanding::Confirmed {
                    amount,
                    currency,
                    taken_back,
                } => (Standing::Confirmed(parsed(&amount, &currency)?), taken_back),
                StoredStanding::Credited {
                    amount,
                    currency,
                    taken_back,
                } => (Standing::Credited(parsed(&amount, &currency)?), taken_back),
            };
            if let Some(turn) = turn {
                taken_back.insert(id.clone(), turn == TakenBack::Restored);
            }
            transactions.insert(id, standing);
        }
        let mut machine = Self::restored(customer_id, addresses, transactions);
        machine.taken_back = taken_back;
        machine.environment = stored.environment.map(|url| url.as_ref().into());
        Ok(machine)
    }
}

fn parsed(amount: &str, currency: &str) -> Result<Amount, SnapshotError> {
    let amount = DecimalText::parse(amount).map_err(|_| FORMAT.invalid("amount"))?;
    Amount::told(&amount, Currency::from(currency)).map_err(|_| FORMAT.invalid("amount"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str) -> String {
        Machine::from_json(json).unwrap_err().to_string()
    }

    #[test]
    fn the_format_stays_as_it_is() {
        let json = r#"{"version":1,"flow":"deposit","customerId":"c","addresses":{"BTC":"n3Ur","tUSDT":"TQ5"},"transactions":{"a":{"status":"pending"},"b":{"status":"failed"},"c":{"status":"credited","amount":"1.50","currency":"tUSDT"},"d":{"status":"confirmed","amount":"0.1","currency":"BTC"},"e":{"status":"credited","amount":"2","currency":"BTC","takenBack":"reversed"},"f":{"status":"confirmed","amount":"2","currency":"BTC","takenBack":"restored"}}}"#;
        assert_eq!(Machine::from_json(json).unwrap().to_json(), json);
    }

    #[test]
    fn refuses_what_it_does_not_know_without_repeating_it() {
        assert_eq!(
            error("secret"),
            "the snapshot is no JSON object with a version"
        );
        assert_eq!(
            error(r#"{"version":2}"#),
            "the snapshot has version 2, but this library reads version 1 only"
        );
        let with = |transactions: &str| {
            let head = r#"{"version":1,"flow":"deposit","customerId":"c","addresses":{},"#;
            error(&format!(r#"{head}"transactions":{{{transactions}}}}}"#))
        };
        for (transactions, field) in [
            (r#""a":{"status":"paid"}"#, "fields"),
            (r#""":{"status":"failed"}"#, "transactions"),
            (
                r#""a":{"status":"credited","amount":"-1","currency":"BTC"}"#,
                "amount",
            ),
            (r#""a":{"status":"credited","amount":"1"}"#, "fields"),
        ] {
            assert_eq!(
                with(transactions),
                format!("the snapshot does not hold a customer's deposits: {field}")
            );
        }
        assert!(error(r#"{"version":1,"flow":"card"}"#).ends_with("fields"));
    }
}
