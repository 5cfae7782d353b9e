//! Attempts at one order.

use std::fmt;
use std::num::NonZeroU32;

use xgateway_core::id::{IdError, OrderId};

/// Why there is no such attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AttemptError {
    /// The order id ends like a further attempt, `#` and digits, and would be mistaken for one.
    #[error("an order id must not end with `#` and digits: that names a further attempt")]
    LooksLikeAttempt,
    /// With the attempt's number, the order id would be too long or otherwise no id.
    #[error("the attempt's number does not fit into the order id")]
    Id(#[from] IdError),
    /// There are no more numbers.
    #[error("there are no more attempts")]
    TooMany,
}

/// One attempt at an order.
///
/// The gateway knows an order by its id alone and answers a declined one with its decline for ever. So each further
/// attempt has an order id of its own there: `order`, `order#2`, `order#3`.
///
/// ```
/// use xgateway_core::id::OrderId;
/// use xgateway_store::Attempt;
///
/// let first = Attempt::first(OrderId::parse("XBNfu922e2")?)?;
/// let second = first.next()?;
/// assert_eq!(second.gateway_order_id().as_str(), "XBNfu922e2#2");
/// assert_eq!(Attempt::of_gateway_order(second.gateway_order_id())?, second);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Attempt {
    order: OrderId,
    number: NonZeroU32,
    gateway_order: OrderId,
}

impl Attempt {
    /// The first attempt at an order.
    ///
    /// # Errors
    ///
    /// [`AttemptError::LooksLikeAttempt`].
    pub fn first(order: OrderId) -> Result<Self, AttemptError> {
        if split(order.as_str()).is_some() {
            return Err(AttemptError::LooksLikeAttempt);
        }
        Ok(Self {
            gateway_order: order.clone(),
            order,
            number: NonZeroU32::MIN,
        })
    }

    /// The attempt after this one.
    ///
    /// # Errors
    ///
    /// [`AttemptError::Id`] if the order id is too long for a number, [`AttemptError::TooMany`] after four billion.
    pub fn next(&self) -> Result<Self, AttemptError> {
        let number = self.number.checked_add(1).ok_or(AttemptError::TooMany)?;
        Self::numbered(self.order.clone(), number)
    }

    /// The attempt before this one, if it is not the first.
    #[must_use]
    pub fn previous(&self) -> Option<Self> {
        let number = NonZeroU32::new(self.number.get() - 1)?;
        Self::numbered(self.order.clone(), number).ok()
    }

    /// All attempts before this one, the nearest first.
    pub fn earlier(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(self.previous(), Self::previous)
    }

    /// The attempt that the gateway knows under this order id.
    ///
    /// # Errors
    ///
    /// [`AttemptError`] if it ends with a number that no attempt has, such as `#1` or `#007`.
    pub fn of_gateway_order(gateway_order: &OrderId) -> Result<Self, AttemptError> {
        let Some((order, digits)) = split(gateway_order.as_str()) else {
            return Self::first(gateway_order.clone());
        };
        let number = digits
            .parse::<NonZeroU32>()
            .map_err(|_| AttemptError::LooksLikeAttempt)?;
        let attempt = Self::numbered(OrderId::vouched(order)?, number)?;
        if attempt.gateway_order == *gateway_order && split(order).is_none() {
            Ok(attempt)
        } else {
            Err(AttemptError::LooksLikeAttempt)
        }
    }

    /// The order, as the merchant knows it.
    pub fn order(&self) -> &OrderId {
        &self.order
    }

    /// Which attempt at it, from 1 on.
    pub fn number(&self) -> NonZeroU32 {
        self.number
    }

    /// The order id to send to the gateway.
    pub fn gateway_order_id(&self) -> &OrderId {
        &self.gateway_order
    }

    fn numbered(order: OrderId, number: NonZeroU32) -> Result<Self, AttemptError> {
        let gateway_order = match number.get() {
            1 => order.clone(),
            // Digits of ours are no part of a card number.
            number => OrderId::vouched(&format!("{order}#{number}"))?,
        };
        Ok(Self {
            order,
            number,
            gateway_order,
        })
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.gateway_order.fmt(f)
    }
}

/// What stands before and behind the last `#`, if only digits stand behind it.
fn split(order: &str) -> Option<(&str, &str)> {
    let (before, digits) = order.rsplit_once('#')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((before, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(String, u32), AttemptError> {
        let attempt = Attempt::of_gateway_order(&OrderId::parse(text).unwrap())?;
        assert_eq!(attempt.to_string(), text);
        Ok((attempt.order().to_string(), attempt.number().get()))
    }

    #[test]
    fn an_attempt_has_exactly_one_name() {
        assert_eq!(parse("a"), Ok(("a".to_owned(), 1)));
        assert_eq!(parse("a#2"), Ok(("a".to_owned(), 2)));
        assert_eq!(parse("a#b"), Ok(("a#b".to_owned(), 1)));
        assert_eq!(parse("a#"), Ok(("a#".to_owned(), 1)));
        for text in ["a#1", "a#0", "a#02", "a#99999999999", "a#2#2"] {
            assert_eq!(parse(text), Err(AttemptError::LooksLikeAttempt), "{text}");
        }
    }

    #[test]
    fn an_order_cannot_pass_for_an_attempt_at_another() {
        let order = OrderId::parse("a#2").unwrap();
        assert_eq!(Attempt::first(order), Err(AttemptError::LooksLikeAttempt));
    }

    #[test]
    fn attempts_follow_each_other() {
        let first = Attempt::first(OrderId::parse("a").unwrap()).unwrap();
        assert_eq!(first.previous(), None);
        let third = first.next().unwrap().next().unwrap();
        assert_eq!(third.to_string(), "a#3");
        assert_eq!(third.previous().unwrap().to_string(), "a#2");
        let earlier: Vec<_> = third.earlier().map(|attempt| attempt.to_string()).collect();
        assert_eq!(earlier, ["a#2", "a"]);
    }

    #[test]
    fn a_number_must_fit() {
        let first = Attempt::first(OrderId::parse(&"a".repeat(254)).unwrap()).unwrap();
        assert_eq!(first.next(), Err(AttemptError::Id(IdError::TooLong)));
    }
}
