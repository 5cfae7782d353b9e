//! In which currency a transaction is told: the gateway's examples differ (protocol §13, C6).

use super::choice::choice;

/// In which currency a payment to an address is told, in the API and in callbacks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ChannelCurrency {
    /// By the code of the currency that was paid, such as `tUSDT`: the example of the endpoint.
    #[default]
    Code,
    /// By its symbol, such as `USDT`, beside the network; `transactionCurrency` is the code: the example of the callback.
    Symbol,
    /// In US dollars, without network and hash; `transactionCurrency` is the symbol: the older example of the callback.
    Reference,
}

/// In which currency a payment by card is told, in the API and in callbacks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum CardCurrency {
    /// In that of the invoice.
    #[default]
    Invoice,
    /// In that which moved; `invoiceBaseAmount` and `invoiceBaseCurrency` are what the invoice says.
    Moved,
}

choice!(ChannelCurrency: Code = "code", Symbol = "symbol", Reference = "reference");
choice!(CardCurrency: Invoice = "invoice", Moved = "moved");
