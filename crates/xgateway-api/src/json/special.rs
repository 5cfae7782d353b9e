//! What stands in JSON text as it is, and what needs an escape.

/// Where the first byte is that ends a text, or has no place in a plain one: a quote, a backslash or a control character.
#[inline]
pub(super) fn first_special(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    const TOPS: u64 = ONES << 7;
    let mut done = 0;
    // Eight at a time: what a subtraction borrows spoils only what stands behind the first one found.
    while let Some(eight) = bytes[done..].first_chunk::<8>() {
        let eight = u64::from_le_bytes(*eight);
        let is = |byte: u8| {
            let differs = eight ^ (ONES * u64::from(byte));
            differs.wrapping_sub(ONES) & !differs
        };
        let is_control = eight.wrapping_sub(ONES * 0x20) & !eight;
        let found = (is(b'"') | is(b'\\') | is_control) & TOPS;
        if found != 0 {
            return Some(done + found.trailing_zeros() as usize / 8);
        }
        done += 8;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    Some(done + bytes[done..].iter().position(is_special)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::first_special;

    proptest! {
        #[test]
        fn the_first_special_byte_is_found(bytes in proptest::collection::vec(prop_oneof![
            8 => any::<u8>(), 8 => 0x20..0x80_u8, 1 => Just(b'"'), 1 => Just(b'\\'), 1 => 0..0x20_u8,
        ], 0..40)) {
            let want = bytes.iter().position(|byte| *byte < 0x20 || *byte == b'"' || *byte == b'\\');
            prop_assert_eq!(first_special(&bytes), want);
        }
    }
}
