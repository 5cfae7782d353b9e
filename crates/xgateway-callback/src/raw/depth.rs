//! How deep JSON is nested, before anything follows it down.

/// Whether arrays and objects are nested more than `most` deep.
///
/// `json` need not be JSON; the parser decides that. A text without that many opening brackets, which is every honest
/// one, costs a count.
pub(super) fn is_deeper_than(most: usize, json: &[u8]) -> bool {
    openings(json) > most && depth(json) > most
}

/// How many brackets open, in strings too.
fn openings(json: &[u8]) -> usize {
    // One bit tells the two brackets apart. In chunks whose count fits a byte, which lets the compiler count sixteen
    // bytes at a time.
    let count = |chunk: &[u8]| {
        chunk
            .iter()
            .map(|byte| u8::from(byte | 0x20 == b'{'))
            .sum::<u8>()
    };
    json.chunks(128)
        .map(|chunk| usize::from(count(chunk)))
        .sum()
}

/// The deepest nesting outside strings.
fn depth(json: &[u8]) -> usize {
    let (mut now, mut deepest) = (0_usize, 0);
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' => now = now.saturating_sub(1),
            b'"' => skip_string(&mut bytes),
            _ => {}
        }
    }
    deepest
}

/// Goes behind the quotation mark that ends the string.
fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_do_not_nest() {
        assert!(!is_deeper_than(2, br#"{"a":"[[[[\"[[[["}"#));
        assert!(!is_deeper_than(2, b"[[],[],[],[]]"));
        assert!(is_deeper_than(2, b"[[[]]]"));
        assert!(is_deeper_than(2, br#"{"\\":[[1]]}"#));
        assert!(is_deeper_than(100, "[".repeat(101).as_bytes()));
        assert!(!is_deeper_than(101, "[".repeat(101).as_bytes()));
    }
}
