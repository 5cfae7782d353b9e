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
    let (Some(first), Some(last)) = (local.first(), local.last()) else {
        return false;
    };
    *first != b'.'
        && !matches!(last, b'.' | b'\'')
        && local
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_'+-.".contains(byte))
        && !local.windows(2).any(|pair| pair == b"..")
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
