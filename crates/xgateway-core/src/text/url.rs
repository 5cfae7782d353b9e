use url::Url;

/// Whether the WHATWG URL parser accepts `text` as an absolute URL.
#[must_use]
pub fn is_url(text: &str) -> bool {
    // Without a colon there is no scheme, and nothing that the parser need look at.
    is_plain_https(text) || text.contains(':') && Url::parse(text).is_ok()
}

/// The scheme and the host of a URL as the WHATWG parser reads it: an international host as `xn--...`. Nothing, if it is no
/// URL; without a host, an empty one.
#[must_use]
// For crates of this workspace.
#[doc(hidden)]
pub fn scheme_and_host(text: &str) -> Option<(String, String)> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str().unwrap_or_default();
    Some((url.scheme().to_owned(), host.to_owned()))
}

/// Whether `text` is a URL of the plainest kind, which needs no parser and no allocation.
///
/// Errs on the side of saying no: `https://`, a host of ASCII letters, digits and hyphens with a last label of letters
/// only and no punycode, and then only characters that need no escaping.
fn is_plain_https(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else {
        return false;
    };
    let rest = rest.as_bytes();
    // One walk over the host: texts of this length are through before a search for the next dot has begun.
    let (mut label_at, mut has_dot, mut is_top) = (0, false, true);
    let mut at = 0;
    let is_label = |from: usize, to: usize| to > from && !rest[from..to].starts_with(b"xn--");
    while at < rest.len() && rest[at] != b'/' {
        match rest[at] {
            b'.' => {
                if !is_label(label_at, at) {
                    return false;
                }
                (label_at, has_dot, is_top) = (at + 1, true, true);
            }
            b'a'..=b'z' => {}
            b'0'..=b'9' | b'-' => is_top = false,
            _ => return false,
        }
        at += 1;
    }
    has_dot
        && is_top
        && is_label(label_at, at)
        && rest[at..]
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/-._~?=&".contains(byte))
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

        #[test]
        fn plain_is_what_its_labels_say(text in "https://[a-z0-9.xn-]{0,14}(/[a-z]{0,3})?") {
            let host = text["https://".len()..].split('/').next().unwrap_or("");
            let labels: Vec<_> = host.split('.').collect();
            let is_plain = labels.len() > 1
                && labels.iter().all(|label| !label.is_empty() && !label.starts_with("xn--"))
                && labels[labels.len() - 1].bytes().all(|byte| byte.is_ascii_lowercase());
            prop_assert_eq!(is_plain_https(&text), is_plain, "{}", text);
        }
    }
}
