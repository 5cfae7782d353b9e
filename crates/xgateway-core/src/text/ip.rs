use std::net::Ipv4Addr;

/// Whether `text` is an IPv4 address (dotted, no leading zeros) or an IPv6 address.
#[must_use]
pub fn is_ip(text: &str) -> bool {
    if text.bytes().any(|byte| byte == b':') {
        is_ipv6(text)
    } else {
        text.parse::<Ipv4Addr>().is_ok()
    }
}

fn is_ipv6(text: &str) -> bool {
    if let Some((address, zone)) = text.split_once('%') {
        return is_link_local(address)
            && !zone.is_empty()
            && zone.bytes().all(|byte| byte.is_ascii_alphanumeric());
    }
    if text.contains('.') {
        return is_ipv6_with_ipv4(text);
    }
    match text.split_once("::") {
        None => count_groups(text) == Some(8),
        Some((before, after)) => match (count_groups(before), count_groups(after)) {
            (Some(before), Some(after)) => before + after <= 7,
            _ => false,
        },
    }
}

/// How many groups of hexadecimal digits stand between colons; `None` if one is none.
fn count_groups(text: &str) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    text.split(':')
        .all(|group| is_group(group, 1))
        .then(|| text.split(':').count())
}

fn is_group(group: &str, digits_min: usize) -> bool {
    (digits_min..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A zone is admitted only behind `fe80:` and up to four groups, which may be empty.
fn is_link_local(address: &str) -> bool {
    let Some(groups) = address.strip_prefix("fe80:") else {
        return false;
    };
    if groups.is_empty() {
        return true;
    }
    let Some(groups) = groups.strip_prefix(':') else {
        return false;
    };
    groups.split(':').count() <= 4 && groups.split(':').all(|group| is_group(group, 0))
}

/// `::a.b.c.d`, `::ffff:a.b.c.d`, `::ffff:0:a.b.c.d`, and `g:g::a.b.c.d` with one to four groups.
fn is_ipv6_with_ipv4(text: &str) -> bool {
    let Some(colon) = text.rfind(':') else {
        return false;
    };
    let (head, ipv4) = (&text[..=colon], &text[colon + 1..]);
    if !is_loose_ipv4(ipv4) {
        return false;
    }
    if head == "::" {
        return true;
    }
    if let Some(zeros) = head.strip_prefix("::ffff:") {
        let Some(zeros) = zeros.strip_suffix(':') else {
            return zeros.is_empty();
        };
        return (1..=4).contains(&zeros.len()) && zeros.bytes().all(|byte| byte == b'0');
    }
    head.strip_suffix("::")
        .and_then(count_groups)
        .is_some_and(|groups| (1..=4).contains(&groups))
}

/// Dotted, each number up to 255; unlike a plain IPv4 address, one leading zero is let through.
fn is_loose_ipv4(text: &str) -> bool {
    text.split('.').count() == 4
        && text.split('.').all(|part| {
            let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
            match part.len() {
                1 | 2 => is_number,
                3 => is_number && !part.starts_with('0') && part.parse::<u8>().is_ok(),
                _ => false,
            }
        })
}
