use xgateway_core::document::Page;

use super::State;

/// What happens in an onboarding, for whoever shows it to people.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Note {
    /// Another state was reached.
    State(State),
    /// Bytes of a document were handed to the network.
    Sending {
        /// Which side.
        page: Page,
        /// How many so far. They start again if the upload does.
        sent_bytes: u64,
        /// How many there are.
        total_bytes: u64,
    },
    /// The gateway has a document.
    Uploaded {
        /// Which side.
        page: Page,
        /// How many sides are still to come.
        left: usize,
    },
}

/// Hears of each [`Note`] as it happens. It must not block.
///
/// Every function of a note is one:
///
/// ```
/// use xgateway_flows::onboarding::{Note, Observer};
///
/// let observer: &dyn Observer = &|note: Note| println!("{note:?}");
/// # let _ = observer;
/// ```
pub trait Observer: Send + Sync {
    /// Hears of `note`.
    fn note(&self, note: Note);
}

impl<F: Fn(Note) + Send + Sync> Observer for F {
    fn note(&self, note: Note) {
        self(note);
    }
}
