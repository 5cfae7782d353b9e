//! Amounts: from the request's number to exact decimals, and what a card payment is in other currencies.

use jiff::Timestamp;
use rust_decimal::{Decimal, RoundingStrategy};
use xgateway_core::money::Currency;

use crate::random::{Purpose, Random};
use crate::rates;

/// The most that can be simulated, in major units: beyond it exact conversions would not fit.
pub(crate) const AMOUNT_MAX: Decimal = Decimal::from_parts(0xA4C6_8000, 0x0003_8D7E, 0, false, 0);

/// As many decimals as the currency that moves has.
const MOVED_DECIMALS: u32 = 6;

/// An amount in the other currencies that a transaction reports.
#[derive(Debug)]
pub(crate) struct Conversions {
    /// The rate to the currency that moved, which is worth a US dollar.
    pub(crate) rate: Decimal,
    /// What moved.
    pub(crate) moved: Decimal,
    pub(crate) eur: Decimal,
    pub(crate) usd: Decimal,
}

/// Converts an amount of at most [`AMOUNT_MAX`] at the rates of a moment: for an invoice at a fixed rate that of its
/// activation, which the API tells as the invoice's rate, too.
pub(crate) fn convert(
    amount: Decimal,
    currency: &Currency,
    at: Timestamp,
    random: &Random,
) -> Conversions {
    let (rate, moved) = moved(amount, currency, at, random);
    let eur = if *currency == Currency::Eur {
        amount
    } else {
        moved / price(&Currency::Eur, at, random)
    };
    Conversions {
        rate,
        moved,
        eur: cents(eur),
        usd: cents(moved),
    }
}

/// The rate to the currency that moves, and how much of that an amount moves, as [`convert`] tells them.
pub(crate) fn moved(
    amount: Decimal,
    currency: &Currency,
    at: Timestamp,
    random: &Random,
) -> (Decimal, Decimal) {
    let rate = price(currency, at, random);
    let moved = (amount * rate)
        .round_dp_with_strategy(MOVED_DECIMALS, RoundingStrategy::MidpointAwayFromZero)
        .normalize();
    (rate, moved)
}

fn price(currency: &Currency, at: Timestamp, random: &Random) -> Decimal {
    rates::price(currency, at, random).unwrap_or(Decimal::ONE)
}

/// The processing fee: between 1.5 and 3.5 percent, as the seed will have it for this subject.
pub(crate) fn fee(moved: Decimal, random: &Random, subject: &[u8]) -> Decimal {
    let basis_points = Decimal::from(150 + random.below(201, Purpose::Fee, subject));
    (moved * basis_points * Decimal::new(1, 4))
        .round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero)
        .normalize()
}

/// The value of a JSON number that passed the rules of an amount: 10 to 50000 in steps of 0.01, however written.
///
/// `None` if it is no such number. A decimal parser alone would stumble over `10` followed by a thousand zeros.
pub(crate) fn from_json_number(text: &str) -> Option<Decimal> {
    // As most amounts are written.
    if let Ok(whole @ 1..=1_000_000) = text.parse() {
        return Some(Decimal::new(whole * 100, 2));
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    let zeros = i64::try_from(digits.len() - significant.len()).ok()?;
    let fraction = i64::try_from(fraction.len()).ok()?;
    let power = exponent.checked_add(zeros)?.checked_sub(fraction)?;
    let units: i64 = significant.trim_start_matches('0').parse().ok()?;
    // In cents, so that it is whole.
    let factor = 10_i64.checked_pow(u32::try_from(power.checked_add(2)?).ok()?)?;
    let cents = units.checked_mul(factor)?;
    Some(Decimal::new(cents, 2))
}

fn cents(value: Decimal) -> Decimal {
    value
        .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
        .normalize()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_has_one_value_however_it_is_written() {
        let zeros = format!("10.{}", "0".repeat(1000));
        let far = format!("1{}e-999", "0".repeat(1000));
        for text in [
            "10", "10.0", "10.00", "1e1", "1E+1", "100e-1", "0.1e2", "00010", &zeros, &far,
        ] {
            assert_eq!(
                from_json_number(text),
                Some(Decimal::new(1000, 2)),
                "{text}"
            );
        }
        assert_eq!(
            from_json_number("33333.33"),
            Some(Decimal::new(3_333_333, 2))
        );
        for text in ["10.005", "", "-", "1e99", "e", "1e-99999999999999999999"] {
            assert_eq!(from_json_number(text), None, "{text}");
        }
    }

    #[test]
    fn the_largest_amount_is_ten_to_the_fifteenth_and_converts() {
        assert_eq!(AMOUNT_MAX.to_string(), "1000000000000000");
        let random = Random::new(0);
        let converted = convert(AMOUNT_MAX, &Currency::Eur, Timestamp::UNIX_EPOCH, &random);
        assert_eq!(converted.moved, AMOUNT_MAX * converted.rate);
        let fee = fee(converted.moved, &random, b"");
        assert!(fee > Decimal::ZERO);
    }

    #[test]
    fn fiat_amounts_are_rounded_to_cents_and_go_by_one_rate() {
        let amount = Decimal::new(1001, 2);
        let (at, random) = (Timestamp::UNIX_EPOCH, Random::new(1));
        let rate = rates::price(&Currency::Eur, at, &random).unwrap();
        let euro = convert(amount, &Currency::Eur, at, &random);
        assert_eq!((euro.rate, euro.eur), (rate, amount));
        assert_eq!(euro.moved, (amount * rate).round_dp(6).normalize());
        assert_eq!(euro.usd, euro.moved.round_dp(2).normalize());
        let dollar = convert(amount, &Currency::Usd, at, &random);
        assert_eq!((dollar.rate, dollar.moved), (Decimal::ONE, amount));
        assert_eq!(dollar.eur, (amount / rate).round_dp(2).normalize());
    }

    proptest! {
        #[test]
        fn no_number_panics(text in "-?[0-9]{0,30}(\\.[0-9]{0,30})?([eE][+-]?[0-9]{0,22})?") {
            let _ = from_json_number(&text);
        }
    }
}
