//! What currencies are worth in this world: it follows from the seed, and moves with the clock.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use rust_decimal::Decimal;
use xgateway_core::money::Currency;

use crate::random::{Purpose, Random};

/// How long a price stands.
const SECONDS: i64 = 60;
/// A price is off its middle by at most this many hundred-thousandths.
const WOBBLE: u32 = 500;
/// As many decimals as the gateway writes.
const DECIMALS: u32 = 20;

/// A price that was worked out, for whoever asks for the same again.
#[derive(Debug, Default)]
pub(crate) struct LastPrice(Mutex<Option<(Currency, i64, Decimal)>>);

/// What one unit is in US dollars at some time; `None` for a currency that this world does not know.
pub(crate) fn price(currency: &Currency, at: Timestamp, random: &Random) -> Option<Decimal> {
    let middle = middle(currency)?;
    if *currency == Currency::Usd {
        return Some(middle);
    }
    let window = at.as_second().div_euclid(SECONDS);
    // Nobody panics while the lock is held, and what it guards is whole at any time.
    let mut last = random
        .price
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some((known, when, price)) = &*last
        && (known, *when) == (currency, window)
    {
        return Some(*price);
    }
    let subject = [currency.as_str().as_bytes(), b"@", &window.to_be_bytes()].concat();
    let step = i64::from(random.below(2 * WOBBLE + 1, Purpose::Price, &subject));
    let factor = Decimal::ONE + Decimal::new(step - i64::from(WOBBLE), 5);
    let price = (middle * factor).normalize();
    *last = Some((currency.clone(), window, price));
    Some(price)
}

/// Converts an amount; `None` if a currency is not known or the result cannot be held.
pub(crate) fn convert(
    amount: Decimal,
    (source, target): (&Currency, &Currency),
    at: Timestamp,
    random: &Random,
) -> Option<Decimal> {
    if source == target {
        return Some(amount);
    }
    let (from, to) = (price(source, at, random)?, price(target, at, random)?);
    let converted = amount.checked_mul(from)?.checked_div(to)?;
    Some(converted.round_dp(DECIMALS).normalize())
}

/// What an amount is in US dollars and in euros, to the cent; `None` as for [`convert`].
pub(crate) fn worth(
    amount: Decimal,
    currency: &Currency,
    at: Timestamp,
    random: &Random,
) -> Option<(Decimal, Decimal)> {
    let worth = |target| {
        let value = convert(amount, (currency, target), at, random)?;
        Some(value.round_dp(2).normalize())
    };
    Some((worth(&Currency::Usd)?, worth(&Currency::Eur)?))
}

fn middle(currency: &Currency) -> Option<Decimal> {
    Some(match currency {
        Currency::Azn => Decimal::new(588, 3),
        Currency::Bdt => Decimal::new(82, 4),
        Currency::Eur => Decimal::new(108, 2),
        Currency::Gbp => Decimal::new(127, 2),
        Currency::Inr => Decimal::new(113, 4),
        Currency::Jpy => Decimal::new(66, 4),
        Currency::Kes => Decimal::new(77, 4),
        Currency::Pkr => Decimal::new(36, 4),
        Currency::Rub => Decimal::new(108, 4),
        Currency::Try => Decimal::new(239, 4),
        Currency::Uzs => Decimal::new(83, 6),
        Currency::Btc => Decimal::new(612_345, 1),
        Currency::Eth => Decimal::new(301_225, 2),
        Currency::Bnb => Decimal::new(5873, 1),
        Currency::Pol => Decimal::new(232, 3),
        Currency::Sol => Decimal::new(1489, 1),
        Currency::Ftn => Decimal::new(241, 2),
        Currency::Usd
        | Currency::EUsdc
        | Currency::EUsdt
        | Currency::BUsdt
        | Currency::PUsdc
        | Currency::WpUsdc
        | Currency::WpUsdt
        | Currency::SUsdt
        | Currency::TUsdc
        | Currency::TUsdt
        | Currency::Usdc
        | Currency::Usdt => Decimal::ONE,
        Currency::Unknown(_) | _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    const EUR_RUB: (&Currency, &Currency) = (&Currency::Eur, &Currency::Rub);

    #[test]
    fn every_currency_has_a_price() {
        let random = Random::new(1);
        for currency in Currency::KNOWN {
            let price = price(currency, Timestamp::UNIX_EPOCH, &random).unwrap();
            assert!(price > Decimal::ZERO, "{currency}");
        }
        let unknown = Currency::from("DOGE");
        assert_eq!(price(&unknown, Timestamp::UNIX_EPOCH, &random), None);
    }

    #[test]
    fn rates_follow_the_seed_and_the_clock() {
        let start = Timestamp::UNIX_EPOCH;
        let of = |seed, seconds| {
            let at = start + SignedDuration::from_secs(seconds);
            convert(Decimal::ONE, EUR_RUB, at, &Random::new(seed)).unwrap()
        };
        assert_eq!(of(1, 0), of(1, 59));
        assert_ne!(of(1, 0), of(1, 60));
        assert_ne!(of(1, 0), of(2, 0));
        let far = (0..1000).map(|minute| of(1, minute * 60));
        assert!(far.clone().max().unwrap() < Decimal::new(102, 0));
        assert!(far.min().unwrap() > Decimal::new(98, 0));
    }

    #[test]
    fn what_is_too_much_is_not_converted() {
        let at = Timestamp::UNIX_EPOCH;
        let pair = (&Currency::Btc, &Currency::Uzs);
        assert_eq!(convert(Decimal::MAX, pair, at, &Random::new(1)), None);
        let same = (&Currency::Btc, &Currency::Btc);
        assert_eq!(
            convert(Decimal::MAX, same, at, &Random::new(1)),
            Some(Decimal::MAX)
        );
    }
}
