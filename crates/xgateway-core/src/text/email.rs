/// Whether `text` is an e-mail address.
///
/// Letters are ASCII. Before the `@` stand letters, digits and `_ ' + - .`, with no dot at either end nor two in a row,
/// and no apostrophe at the end; the domain has at least one dot and ends with two or more letters.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    is_local(local.as_bytes()) && is_domain(domain)
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

fn is_domain(domain: &str) -> bool {
    let Some((labels, top)) = domain.rsplit_once('.') else {
        return false;
    };
    top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && labels.split('.').all(|label| {
            label
                .bytes()
                .next()
                .is_some_and(|byte| byte.is_ascii_alphanumeric())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}
