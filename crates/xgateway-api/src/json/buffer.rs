use std::io;

use bytes::Bytes;
use zeroize::Zeroizing;

/// Room for a whole card deposit, so that a buffer seldom grows.
const FIRST_BYTES: usize = 1024;

/// A buffer that leaves nothing behind: neither when it goes nor when it grows.
pub(crate) struct WipingBuffer(Zeroizing<Vec<u8>>);

impl Default for WipingBuffer {
    fn default() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(FIRST_BYTES)))
    }
}

impl WipingBuffer {
    pub(crate) fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self.0)
    }
}

impl io::Write for WipingBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            // A vector that grows by itself frees its old memory unwiped.
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(self.0.capacity() * 2)));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
