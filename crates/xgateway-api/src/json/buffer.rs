use std::io;

use bytes::Bytes;
use zeroize::optimization_barrier;

/// Room for a whole card deposit, so that a buffer seldom grows.
const FIRST_BYTES: usize = 1024;

/// A buffer that leaves nothing behind: neither when it goes nor when it grows.
pub(crate) struct WipingBuffer(Wiped);

/// Bytes that are wiped when they go. They are only ever appended, so what lies beyond them was never written.
///
/// `Zeroizing` writes byte by byte, which takes as long as a request takes to build; filling and then keeping the
/// compiler from leaving it out does the same in a tenth of the time.
struct Wiped(Vec<u8>);

impl Wiped {
    fn wipe(&mut self) {
        self.0.fill(0);
        optimization_barrier(self.0.as_slice());
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Default for WipingBuffer {
    fn default() -> Self {
        Self(Wiped(Vec::with_capacity(FIRST_BYTES)))
    }
}

impl WipingBuffer {
    pub(crate) fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self.0)
    }
}

impl WipingBuffer {
    // JSON is written in many small pieces.
    #[inline]
    pub(crate) fn push(&mut self, byte: u8) {
        self.extend(&[byte]);
    }

    #[inline]
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        let Wiped(written) = &self.0;
        if bytes.len() > written.capacity() - written.len() {
            self.grow(bytes.len());
        }
        self.0.0.extend_from_slice(bytes);
    }

    /// A vector that grows by itself frees its old memory unwiped.
    #[cold]
    fn grow(&mut self, more: usize) {
        let Wiped(written) = &self.0;
        let needed = written.len() + more;
        let mut larger = Vec::with_capacity(needed.max(written.capacity() * 2));
        larger.extend_from_slice(written);
        self.0 = Wiped(larger);
    }
}

impl io::Write for WipingBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.extend(bytes);
        Ok(bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wipe_leaves_zeros() {
        let mut bytes = Wiped(b"4000 0000 0000 0002".to_vec());
        bytes.wipe();
        assert_eq!(bytes.as_ref(), [0; 19]);
    }

    #[test]
    fn what_is_written_survives_growth() {
        let mut buffer = WipingBuffer::default();
        let piece: Vec<u8> = (0..=255).collect();
        for _ in 0..20 {
            buffer.extend(&piece[..7]);
            buffer.extend(&piece);
        }
        let want = [&piece[..7], &piece].concat().repeat(20);
        assert_eq!(buffer.into_bytes(), want);
    }
}
