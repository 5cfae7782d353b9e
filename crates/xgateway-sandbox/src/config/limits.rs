/// How much a world keeps, so that its memory stays flat however long it runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// How many events are kept at least; older ones are dropped, and their numbers are not used again.
    pub events: usize,
    /// How many connections a server has at a time; whoever comes beyond that is told so: 503, at once.
    pub connections: usize,
    /// How many callbacks wait at most; the oldest beyond it are given up, and each of them is an event. So is one whose
    /// payment is forgotten.
    pub callbacks: usize,
    /// How many invoices are kept; beyond that the oldest that have ended are forgotten with their order ids and
    /// transactions, and each of them is an event.
    pub invoices: usize,
    /// How many payments to addresses and accounts, and withdrawals, are kept; beyond that the oldest that have ended are
    /// forgotten, and each of them is an event. What they left on an account stays.
    pub payments: usize,
    /// How many customers who pay by bank there may be, each kept for ever; one more is refused.
    pub customers: usize,
    /// How many addresses there may be, each kept for ever; one more is refused. So many customers may have
    /// withdrawals.
    pub addresses: usize,
    /// How many bytes a log on disk may grow before it is written anew, without what no longer counts; and at least
    /// as many as that left.
    pub log_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            events: 100_000,
            connections: 1024,
            callbacks: 10_000,
            invoices: 50_000,
            payments: 50_000,
            customers: 50_000,
            addresses: 100_000,
            log_bytes: 64 << 20,
        }
    }
}
