use std::fmt;
use std::ops::Deref;

use xgateway_core::secret::MASK;

/// Keeps what the gateway wrote out of `Debug`: it may repeat what was sent, a name or an address among it.
#[derive(Clone)]
pub(crate) struct Hidden<T>(pub(crate) T);

impl<T> fmt::Debug for Hidden<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl<T> Deref for Hidden<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
