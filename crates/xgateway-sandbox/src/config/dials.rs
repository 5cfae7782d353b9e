use jiff::SignedDuration;

/// How badly callbacks travel. Without any of it each comes once, at once and in order.
///
/// Everything follows from the seed. Whatever is dialled, what is owed is delivered at least once as long as an attempt
/// gets through; a merchant must survive all of it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct CallbackDials {
    /// How many of a hundred callbacks are delivered twice.
    pub duplicate_percent: u32,
    /// How long a delivery may take at most; each takes its own time, so that they overtake each other.
    pub delay_max: SignedDuration,
    /// How many of a hundred deliveries overtake those that wait.
    pub reorder_percent: u32,
    /// How many of a hundred attempts get lost on the way. They count as failed, and are repeated.
    pub loss_percent: u32,
    /// Deliveries are held back until the clock passes a multiple of this, and then come all at once.
    pub burst: SignedDuration,
}
