//! Currencies that have an exchange rate, from any currency.

use xgateway_core::money::Currency;

use crate::types::RateCurrency;

/// By its code, whether it has a rate or not: the rules of the operation tell.
impl From<&Currency> for RateCurrency {
    fn from(currency: &Currency) -> Self {
        Self::from(currency.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Call as _;
    use crate::types::GetExchangeRate;

    /// `docs:miscellaneous/exchange-rates`; `USDC` and `USDT` stand in callbacks only.
    #[test]
    fn a_name_without_a_network_has_no_rate() {
        for (currency, has_rate) in [
            (Currency::EUsdc, true),
            (Currency::Rub, true),
            (Currency::from("USDC"), false),
            (Currency::from("USDT"), false),
        ] {
            let call = GetExchangeRate {
                source: RateCurrency::from(&currency),
                target: RateCurrency::Eur,
                amount: None,
                direction: None,
                invoice_id: None,
            };
            assert_eq!(call.check().is_ok(), has_rate, "{currency:?}");
        }
    }
}
