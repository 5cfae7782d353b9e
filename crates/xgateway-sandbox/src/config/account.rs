use std::str::FromStr;

use rust_decimal::Decimal;
use xgateway_core::id::AccountId;
use xgateway_core::money::Currency;
use xgateway_core::secret::scrub;

/// A merchant's account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The currencies that it is configured for.
    pub currencies: Vec<Currency>,
    /// The least amount that it takes, in major units, beside what the gateway's rules say.
    pub amount_min: Option<Decimal>,
    /// The largest amount that it takes, in major units, beside what the gateway's rules say.
    pub amount_max: Option<Decimal>,
}

/// The text is no [`Account`]: which of its parts is wrong, and how.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{part}: {problem}")]
pub struct AccountError {
    part: String,
    problem: String,
}

impl Account {
    /// An account without limits of its own.
    pub fn new(id: AccountId, currencies: impl IntoIterator<Item = Currency>) -> Self {
        Self {
            id,
            currencies: currencies.into_iter().collect(),
            amount_min: None,
            amount_max: None,
        }
    }

    pub(crate) fn admits(&self, amount: Decimal) -> bool {
        self.amount_min.is_none_or(|min| amount >= min)
            && self.amount_max.is_none_or(|max| amount <= max)
    }
}

/// Reads `id=a67ec03c-0253-4c14-9961-28985186f90c,currencies=EUR+USD,amountMin=20,amountMax=150`; the limits may be left
/// out.
///
/// ```
/// use xgateway_sandbox::{Account, EXAMPLE_ACCOUNT_ID};
///
/// let account: Account = format!("id={EXAMPLE_ACCOUNT_ID},currencies=EUR,amountMax=150").parse()?;
/// assert_eq!(account.amount_max, Some(150.into()));
/// assert!("id=x".parse::<Account>().is_err());
/// # Ok::<(), xgateway_sandbox::AccountError>(())
/// ```
impl FromStr for Account {
    type Err = AccountError;

    fn from_str(text: &str) -> Result<Self, AccountError> {
        let (mut id, mut currencies, mut min, mut max) = (None, None, None, None);
        for pair in text.split(',') {
            let (name, value) = pair
                .split_once('=')
                .ok_or_else(|| wrong("account", &format!("`{pair}` is not name=value")))?;
            let is_new = match name {
                "id" => {
                    let read = AccountId::parse(value);
                    id.replace(read.map_err(|error| wrong(name, &error.to_string()))?)
                        .is_none()
                }
                "currencies" => {
                    let codes = value.split('+').map(currency);
                    currencies
                        .replace(codes.collect::<Result<Vec<_>, _>>()?)
                        .is_none()
                }
                "amountMin" => min.replace(amount(name, value)?).is_none(),
                "amountMax" => max.replace(amount(name, value)?).is_none(),
                _ => {
                    let problem = "an account has id, currencies, amountMin and amountMax";
                    return Err(wrong(name, problem));
                }
            };
            if !is_new {
                return Err(wrong(name, "is there twice"));
            }
        }
        if let (Some(min), Some(max)) = (min, max)
            && max < min
        {
            return Err(wrong("amountMax", "is less than amountMin"));
        }
        let id = id.ok_or_else(|| wrong("id", "is missing"))?;
        let currencies = currencies.ok_or_else(|| wrong("currencies", "are missing"))?;
        Ok(Self {
            id,
            currencies,
            amount_min: min,
            amount_max: max,
        })
    }
}

fn currency(code: &str) -> Result<Currency, AccountError> {
    let currency = Currency::from(code);
    if currency.is_known() {
        return Ok(currency);
    }
    Err(wrong(
        "currencies",
        &format!("there is no currency `{code}`"),
    ))
}

fn amount(name: &str, text: &str) -> Result<Decimal, AccountError> {
    let amount = Decimal::from_str_exact(text).ok();
    amount
        .filter(|amount| !amount.is_sign_negative())
        .ok_or_else(|| wrong(name, &format!("`{text}` is no amount such as 10.50")))
}

/// What could be a card number is masked: a problem repeats what was written.
fn wrong(part: &str, problem: &str) -> AccountError {
    AccountError {
        part: scrub(part).into_owned(),
        problem: scrub(problem).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::config::EXAMPLE_ACCOUNT_ID;

    #[track_caller]
    fn check(text: &str, want: &Expect) {
        let text = text.replace("ID", EXAMPLE_ACCOUNT_ID);
        want.assert_eq(&match text.parse::<Account>() {
            Ok(account) => {
                let codes = account.currencies.iter().map(Currency::as_str);
                let codes: Vec<_> = codes.collect();
                format!(
                    "{codes:?} {:?} {:?}",
                    account.amount_min, account.amount_max
                )
            }
            Err(error) => format!("error: {error}"),
        });
    }

    #[test]
    fn accounts_are_read_and_mistakes_are_told() {
        check(
            "id=ID,currencies=EUR+USD",
            &expect![[r#"["EUR", "USD"] None None"#]],
        );
        check(
            "currencies=USD,amountMin=20,amountMax=150.5,id=ID",
            &expect![[r#"["USD"] Some(20) Some(150.5)"#]],
        );
        check("id=ID", &expect!["error: currencies: are missing"]);
        check("currencies=EUR", &expect!["error: id: is missing"]);
        check(
            "id=ID,currencies=EUR+XYZ",
            &expect!["error: currencies: there is no currency `XYZ`"],
        );
        check(
            "id=ID,currencies=EUR,amountMin=2,amountMax=1",
            &expect!["error: amountMax: is less than amountMin"],
        );
        check(
            "id=ID,currencies=EUR,amountMin=-1",
            &expect!["error: amountMin: `-1` is no amount such as 10.50"],
        );
        check("id=ID,id=ID", &expect!["error: id: is there twice"]);
        check(
            "id=ID,colour=red",
            &expect!["error: colour: an account has id, currencies, amountMin and amountMax"],
        );
        check(
            "plain",
            &expect!["error: account: `plain` is not name=value"],
        );
    }
}
