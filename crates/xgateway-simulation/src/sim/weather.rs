/// How much goes wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Weather {
    /// How many of a hundred requests.
    pub(crate) network_percent: u32,
    /// How many of a hundred callbacks.
    pub(crate) callback_percent: u32,
    /// How many of a hundred steps of a store.
    pub(crate) store_percent: u32,
    /// How many of a hundred handlers take their time.
    pub(crate) slow_percent: u32,
    /// How many of a thousand waits are the merchant's last.
    pub(crate) crash_permille: u32,
}

impl Weather {
    pub(crate) const CALM: Self = Self {
        network_percent: 0,
        callback_percent: 0,
        store_percent: 0,
        slow_percent: 0,
        crash_permille: 0,
    };

    pub(crate) fn is_calm(self) -> bool {
        self == Self::CALM
    }
}
