// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.

//! Currencies.

crate::open_enum::open_enum! {
    /// A currency of the gateway: fiat money, then crypto money, whose codes name the network too (`eUSDC` is USDC
    /// on Ethereum), then the two codes without a network that occur in callbacks. The gateway announces more.
    ///
    /// Source: `docs:miscellaneous/exchange-rates`; `enum.EUR`, `enum.USD`: `seed:host-to-host, Validating limits`;
    /// `enum.RUB`, `enum.USDC`: `seed:integration-using-api, Channel payment flow`; `enum.USDT`:
    /// `docs:integration-guides/crypto-payments-using-api`; `x-fraction-digits`:
    /// `inferred:the gateway publishes none; fiat as in ISO 4217, crypto as the coin or the token's contract has it`;
    /// `x-kinds`: `inferred:as miscellaneous/exchange-rates lists them; USDC and USDT are in no list`;
    /// `x-networks`:
    /// `inferred:ethereum, tron and polygon are the words of integration-guides/crypto-payments-using-api; the others are ours`;
    /// `x-evm-networks`:
    /// `inferred:networks that run Ethereum's virtual machine, so that one key owns an address on all`.
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
            | Self::WpUsdc
            | Self::WpUsdt
            | Self::SUsdt
            | Self::TUsdc
            | Self::TUsdt
            | Self::Usdc
            | Self::Usdt => 6,
            Self::Btc => 8,
            Self::Sol => 9,
            Self::Eth | Self::Bnb | Self::BUsdt | Self::Pol | Self::Ftn | Self::Unknown(_) => 18,
        }
    }
}

impl Currency {
    /// Whether it is fiat or crypto money; `None` for a code that is not known.
    pub fn kind(&self) -> Option<CurrencyKind> {
        match self {
            Self::Btc
            | Self::Eth
            | Self::EUsdc
            | Self::EUsdt
            | Self::Bnb
            | Self::BUsdt
            | Self::Pol
            | Self::PUsdc
            | Self::WpUsdc
            | Self::WpUsdt
            | Self::Sol
            | Self::SUsdt
            | Self::TUsdc
            | Self::TUsdt
            | Self::Ftn
            | Self::Usdc
            | Self::Usdt => Some(CurrencyKind::Crypto),
            Self::Azn
            | Self::Bdt
            | Self::Eur
            | Self::Gbp
            | Self::Inr
            | Self::Jpy
            | Self::Kes
            | Self::Pkr
            | Self::Rub
            | Self::Try
            | Self::Usd
            | Self::Uzs => Some(CurrencyKind::Fiat),
            Self::Unknown(_) => None,
        }
    }

    /// The blockchain that the code names; `None` for fiat money, for a code that names none, and for one that
    /// is not known.
    pub fn network(&self) -> Option<Network> {
        match self {
            Self::Btc => Some(Network::Bitcoin),
            Self::Eth | Self::EUsdc | Self::EUsdt => Some(Network::Ethereum),
            Self::Bnb | Self::BUsdt => Some(Network::Bnb),
            Self::Pol | Self::PUsdc | Self::WpUsdc | Self::WpUsdt => Some(Network::Polygon),
            Self::Sol | Self::SUsdt => Some(Network::Solana),
            Self::TUsdc | Self::TUsdt => Some(Network::Tron),
            Self::Ftn => Some(Network::Bahamut),
            Self::Unknown(_)
            | Self::Azn
            | Self::Bdt
            | Self::Eur
            | Self::Gbp
            | Self::Inr
            | Self::Jpy
            | Self::Kes
            | Self::Pkr
            | Self::Rub
            | Self::Try
            | Self::Usd
            | Self::Uzs
            | Self::Usdc
            | Self::Usdt => None,
        }
    }

    /// Whether its network runs Ethereum's virtual machine, so that it may share its address with others.
    pub fn is_evm(&self) -> bool {
        self.network().is_some_and(|network| network.is_evm())
    }
}

/// What kind of money a currency is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CurrencyKind {
    /// Issued by a state.
    Fiat,
    /// On a blockchain.
    Crypto,
}

crate::open_enum::open_enum! {
    /// A blockchain, as the gateway calls it.
    pub enum Network {
        /// `bitcoin`.
        Bitcoin = "bitcoin",
        /// `ethereum`.
        Ethereum = "ethereum",
        /// `bnb`.
        Bnb = "bnb",
        /// `polygon`.
        Polygon = "polygon",
        /// `solana`.
        Solana = "solana",
        /// `tron`.
        Tron = "tron",
        /// `bahamut`.
        Bahamut = "bahamut",
    }
}

impl Network {
    /// Whether it runs Ethereum's virtual machine, on which one key owns the same address everywhere.
    pub fn is_evm(&self) -> bool {
        matches!(
            self,
            Self::Ethereum | Self::Bnb | Self::Polygon | Self::Bahamut
        )
    }
}
