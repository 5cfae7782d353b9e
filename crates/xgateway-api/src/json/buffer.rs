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
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    // A JSON writer writes many small pieces, most of them a quote or a colon.
    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() > self.0.capacity() - self.0.len() {
            self.grow(bytes.len());
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WipingBuffer {
    /// A vector that grows by itself frees its old memory unwiped.
    #[cold]
    fn grow(&mut self, more: usize) {
        let needed = self.0.len() + more;
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(self.0.capacity() * 2)));
        larger.extend_from_slice(&self.0);
        self.0 = larger;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_is_written_survives_growth() {
        let mut buffer = WipingBuffer::default();
        let piece: Vec<u8> = (0..=255).collect();
        for _ in 0..20 {
            buffer.write_all(&piece[..7]).unwrap();
            assert_eq!(buffer.write(&piece).unwrap(), 256);
        }
        let want = [&piece[..7], &piece].concat().repeat(20);
        assert_eq!(buffer.into_bytes(), want);
    }
}
