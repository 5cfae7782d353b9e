// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.

//! Currencies.

crate::open_enum::open_enum! {
    /// A currency of the gateway: fiat money, then crypto money, whose codes name the network too (`eUSDC` is USDC
    /// on Ethereum), then the two codes without a network that occur in callbacks. The gateway announces more.
    ///
    /// Source: `docs:miscellaneous/exchange-rates`; `enum.EUR`, `enum.USD`: `seed:host-to-host, Validating limits`;
    /// `enum.RUB`, `enum.USDC`: `seed:integration-using-api, Channel payment flow`; `enum.USDT`:
    /// `docs:integration-guides/crypto-payments-using-api`; `x-fraction-digits`:
    /// `inferred:the gateway publishes none; fiat as in ISO 4217, crypto as the coin or the token's contract has it`.
    pub enum Currency {
        /// `AZN`.
        Azn = "AZN",
        /// `BDT`.
        Bdt = "BDT",
        /// `EUR`.
        Eur = "EUR",
        /// `GBP`.
        Gbp = "GBP",
        /// `INR`.
        Inr = "INR",
        /// `JPY`.
        Jpy = "JPY",
        /// `KES`.
        Kes = "KES",
        /// `PKR`.
        Pkr = "PKR",
        /// `RUB`.
        Rub = "RUB",
        /// `TRY`.
        Try = "TRY",
        /// `USD`.
        Usd = "USD",
        /// `UZS`.
        Uzs = "UZS",
        /// `BTC`.
        Btc = "BTC",
        /// `ETH`.
        Eth = "ETH",
        /// `eUSDC`.
        EUsdc = "eUSDC",
        /// `eUSDT`.
        EUsdt = "eUSDT",
        /// `BNB`.
        Bnb = "BNB",
        /// `bUSDT`.
        BUsdt = "bUSDT",
        /// `POL`.
        Pol = "POL",
        /// `pUSDC`.
        PUsdc = "pUSDC",
        /// `wpUSDC`.
        WpUsdc = "wpUSDC",
        /// `wpUSDT`.
        WpUsdt = "wpUSDT",
        /// `SOL`.
        Sol = "SOL",
        /// `sUSDT`.
        SUsdt = "sUSDT",
        /// `tUSDC`.
        TUsdc = "tUSDC",
        /// `tUSDT`.
        TUsdt = "tUSDT",
        /// `FTN`.
        Ftn = "FTN",
        /// `USDC`.
        Usdc = "USDC",
        /// `USDT`.
        Usdt = "USDT",
    }
}

impl Currency {
    /// The most fraction digits of an amount; 18 for a code that is not known.
    pub fn fraction_digits(&self) -> u32 {
        match self {
            Self::Jpy => 0,
            Self::Azn
            | Self::Bdt
            | Self::Eur
            | Self::Gbp
            | Self::Inr
            | Self::Kes
            | Self::Pkr
            | Self::Rub
            | Self::Try
            | Self::Usd
            | Self::Uzs => 2,
            Self::EUsdc
            | Self::EUsdt
            | Self::PUsdc
            | Self::SUsdt
            | Self::TUsdc
            | Self::TUsdt
            | Self::Usdc
            | Self::Usdt => 6,
            Self::Btc => 8,
            Self::Sol => 9,
            Self::Eth
            | Self::Bnb
            | Self::BUsdt
            | Self::Pol
            | Self::WpUsdc
            | Self::WpUsdt
            | Self::Ftn
            | Self::Unknown(_) => 18,
        }
    }
}
