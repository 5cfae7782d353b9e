use url::Url;

/// Whether the WHATWG URL parser accepts `text` as an absolute URL.
#[must_use]
pub fn is_url(text: &str) -> bool {
    // Without a colon there is no scheme, and nothing that the parser need look at.
    is_plain_https(text) || text.contains(':') && Url::parse(text).is_ok()
}

/// Whether `text` is a URL of the plainest kind, which needs no parser and no allocation.
///
/// Errs on the side of saying no: `https://`, a host of ASCII letters, digits and hyphens with a last label of letters
/// only and no punycode, and then only characters that need no escaping.
fn is_plain_https(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else {
        return false;
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with("xn--")
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let Some((_, top)) = host.rsplit_once('.') else {
        return false;
    };
    top.bytes().all(|byte| byte.is_ascii_lowercase())
        && host.split('.').all(is_label)
        && path
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/-._~?=&".contains(&byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_parser_accepts_nothing_without_a_colon(text in "[^:]{0,20}|[ \\tht\\n]{0,6}//[a-z.]{0,8}") {
            prop_assert!(Url::parse(&text).is_err(), "{text}");
        }

        #[test]
        fn what_looks_plain_is_what_the_parser_accepts(
            text in "https://[a-z0-9-]{0,8}(\\.[a-z0-9-]{0,5}){0,3}(/[a-zA-Z0-9._~?=&-]{0,12}){0,2}"
        ) {
            if is_plain_https(&text) {
                prop_assert!(Url::parse(&text).is_ok(), "{text}");
            }
        }
    }
}
