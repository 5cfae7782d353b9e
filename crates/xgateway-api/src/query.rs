//! The query of a URL, as rules look at it.

use xgateway_core::rules::{Document, Field, Value};

use crate::operation::percent_decode;

/// The parameters of a query, in their order.
///
/// A server checks it against [`Operation::query`](crate::operation::Operation::query).
///
/// ```
/// use xgateway_api::operations::GET_EXCHANGE_RATE;
/// use xgateway_api::query::Query;
///
/// let query = Query::parse("source=RUB&target=EUR&amount=1%30");
/// let rules = GET_EXCHANGE_RATE.query.expect("it has parameters");
/// assert!(rules.check(&query).is_ok());
/// assert_eq!(query.get("amount"), Some("10"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what stands after the question mark. What is not well encoded is taken as it stands.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let decode = |part: &str| {
            let part = part.replace('+', " ");
            percent_decode(&part).unwrap_or(part)
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(name), decode(value))
                })
                .collect(),
        )
    }

    /// The value of a parameter; `None` if it is not there, or there more than once.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let Value::Text(text) = self.value_of(name) else {
            return None;
        };
        Some(text)
    }

    fn value_of(&self, name: &str) -> Value<'_> {
        let mut values = self.0.iter().filter(|(other, _)| other == name);
        match (values.next(), values.next()) {
            (None, _) => Value::Missing,
            (Some((_, value)), None) => Value::Text(value),
            // As the usual parsers of queries have it.
            (Some(_), Some(_)) => Value::Array,
        }
    }
}

impl Document for Query {
    fn value(&self, _index: usize, field: &Field) -> Value<'_> {
        self.value_of(field.name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::call::Call as _;
    use crate::operations::GET_EXCHANGE_RATE;
    use crate::types::{GetExchangeRate, RateCurrency};

    fn issues(query: &str) -> String {
        let rules = GET_EXCHANGE_RATE.query.unwrap();
        match rules.check(&Query::parse(query)) {
            Ok(()) => String::new(),
            Err(issues) => issues.to_string(),
        }
    }

    #[test]
    fn a_query_is_checked_like_a_body() {
        assert_eq!(issues("source=RUB&target=EUR"), "");
        assert_eq!(issues("a=b&&source=RUB&target=EUR&direction=toSource"), "");
        assert_eq!(issues("source=RUB"), "target: Required");
        assert_eq!(issues("source=RUB&target=EUR&amount=-1"), "amount: Invalid");
        assert_eq!(
            issues("source=RUB&target=EUR&amount=1&amount=2"),
            "amount: Expected string, received array"
        );
    }

    proptest! {
        #[test]
        fn a_server_reads_what_a_call_wrote(amount in "\\PC{0,20}", invoice in "\\PC{0,20}", other in "[A-Z]{3}") {
            let call = GetExchangeRate {
                source: RateCurrency::from(&*other),
                target: RateCurrency::EUsdc,
                amount: Some(amount.clone()),
                direction: None,
                invoice_id: Some(invoice.clone()),
            };
            let uri: http::Uri = call.path().parse().unwrap();
            prop_assert_eq!(uri.path(), "/v2/exchange/rate");
            let query = Query::parse(uri.query().unwrap());
            prop_assert_eq!(query.get("source"), Some(&*other));
            prop_assert_eq!(query.get("amount"), Some(&*amount));
            prop_assert_eq!(query.get("invoiceId"), Some(&*invoice));
            prop_assert_eq!(query.get("direction"), None);
        }

        #[test]
        fn no_query_panics(text in "\\PC{0,40}") {
            let _ = Query::parse(&text);
        }
    }
}
