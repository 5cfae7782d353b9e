/// Whether `text` is an e-mail address.
///
/// Letters are ASCII. Before the `@` stand letters, digits and `_ ' + - .`, with no dot at either end nor two in a row,
/// and no apostrophe at the end; the domain has at least one dot and ends with two or more letters.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(at) = bytes.iter().position(|byte| *byte == b'@') else {
        return false;
    };
    is_local(&bytes[..at]) && is_domain(&bytes[at + 1..])
}

fn is_local(local: &[u8]) -> bool {
    // A dot may neither begin nor follow a dot, which is one rule if a dot is thought before the first byte.
    let mut before = b'.';
    for &byte in local {
        let is_admitted = match byte {
            b'.' => before != b'.',
            b'_' | b'\'' | b'+' | b'-' => true,
            _ => byte.is_ascii_alphanumeric(),
        };
        if !is_admitted {
            return false;
        }
        before = byte;
    }
    // The last byte, or the dot before the first if there is none.
    !matches!(before, b'.' | b'\'')
}

/// Labels of letters, digits and hyphens, none of which begins with a hyphen; the last is two or more letters.
fn is_domain(domain: &[u8]) -> bool {
    let (mut label_at, mut has_dot, mut is_top) = (0, false, true);
    for (at, &byte) in domain.iter().enumerate() {
        match byte {
            b'.' if at > label_at => (label_at, has_dot, is_top) = (at + 1, true, true),
            b'-' if at > label_at => is_top = false,
            b'0'..=b'9' => is_top = false,
            _ if byte.is_ascii_alphabetic() => {}
            _ => return false,
        }
    }
    has_dot && is_top && domain.len() - label_at >= 2
}
