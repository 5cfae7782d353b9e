//! Paths of operations: templates filled in, and other templates where nobody documented the path.
//!
//! Some paths are a guess (the document says so). Whoever knows better names the true one, without new code:
//!
//! ```
//! use xgateway_api::operations::GET_BANK_ACCOUNTS;
//! use xgateway_api::path::Paths;
//!
//! let mut paths = Paths::default();
//! paths.set("get_bank_accounts", "/v2/customer/{id}/bank-transfer/account")?;
//! assert_eq!(paths.of(&GET_BANK_ACCOUNTS), "/v2/customer/{id}/bank-transfer/account");
//! # Ok::<(), xgateway_api::path::PathError>(())
//! ```

use xgateway_core::secret::scrub;

use crate::operation::Operation;
use crate::operations;

/// Which template each operation's path is made of.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Paths {
    own: Vec<(&'static str, Box<str>)>,
}

/// Why a path cannot be changed as wanted. The template is not repeated: it could be a secret in the wrong place.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// No operation has this name.
    #[error("there is no operation `{name}` (`xgateway spec` lists them)")]
    UnknownOperation {
        /// The name, without what could be a card number or an e-mail address.
        name: String,
    },
    /// The path is documented, so another one would be wrong.
    #[error("the path of `{operation}` is documented; only a path that is inferred can be changed")]
    Documented {
        /// The operation.
        operation: &'static str,
    },
    /// The template is no path.
    #[error(
        "this is no path for `{operation}`: it starts with `/`, holds visible ASCII without `?`, `#` and `%`, \
         and no segment is empty, `.` or `..`"
    )]
    Malformed {
        /// The operation.
        operation: &'static str,
    },
    /// The template has other parameters.
    #[error(
        "the path for `{operation}` must have the parameters of `{path}`, each as a whole segment, in the same order"
    )]
    Parameters {
        /// The operation.
        operation: &'static str,
        /// The path of the document.
        path: &'static str,
    },
}

impl Paths {
    /// Names the true path of an operation whose path in the document is a guess.
    ///
    /// `operation` is the operation's name, such as `upload_document`. The template has the parameters of the
    /// document's path, as in `/v2/customer/{id}/kyc/files`.
    ///
    /// # Errors
    ///
    /// [`PathError`] says what is wrong with which of the two; nothing is changed then.
    pub fn set(&mut self, operation: &str, template: &str) -> Result<(), PathError> {
        let found = operations::ALL.iter().find(|it| it.name == operation);
        let Some(found) = found else {
            return Err(PathError::UnknownOperation {
                name: scrub(operation).into_owned(),
            });
        };
        if !found.path_inferred {
            return Err(PathError::Documented {
                operation: found.name,
            });
        }
        if !is_path(template) {
            return Err(PathError::Malformed {
                operation: found.name,
            });
        }
        if !parameters(template).eq(parameters(found.path)) {
            return Err(PathError::Parameters {
                operation: found.name,
                path: found.path,
            });
        }
        self.own.retain(|(name, _)| *name != found.name);
        self.own.push((found.name, template.into()));
        Ok(())
    }

    /// The template of an operation's path: the one that was set, or the document's.
    pub fn of(&self, operation: &Operation) -> &str {
        self.own
            .iter()
            .find(|(name, _)| *name == operation.name)
            .map_or(operation.path, |(_, template)| template)
    }
}

/// A value as one segment of a path, percent-encoded.
///
/// ```
/// use xgateway_api::path::segment;
///
/// assert_eq!(segment("order 1/a?b"), "order%201%2Fa%3Fb");
/// ```
pub fn segment(value: &str) -> String {
    let mut path = String::new();
    percent_encode(value, &mut path);
    path
}

/// Whether a value arrives as it was sent, as one segment of a path, whatever decodes it on the way.
///
/// Proxies and frameworks decode `%2F` before they route, decode twice, trim, and take `+` for a blank: then the gateway is
/// asked about something else, and its answer proves nothing about this. Of what is percent-encoded only what no path knows a
/// meaning for is sure to survive.
///
/// ```
/// use xgateway_api::path::is_sure_segment;
///
/// assert!(is_sure_segment("order-1#2"));
/// assert!(!is_sure_segment("2026/1127"));
/// ```
pub fn is_sure_segment(value: &str) -> bool {
    value.is_ascii() && !value.contains(['/', '\\', '%', '?', ';', '+']) && value == value.trim()
}

/// The template with its parameters filled in, percent-encoded. There must be as many values as parameters.
pub(crate) fn fill(template: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut path = String::with_capacity(template.len() + 40);
    for part in template.split('/').skip(1) {
        path.push('/');
        let value = part.starts_with('{').then(|| values.next()).flatten();
        match value {
            Some(value) => percent_encode(value, &mut path),
            None => path.push_str(part),
        }
    }
    path
}

/// The same with a query of the pairs that have a value, percent-encoded.
pub(crate) fn fill_with_query(
    template: &str,
    values: &[&str],
    pairs: &[(&str, Option<&str>)],
) -> String {
    let mut path = fill(template, values);
    let mut separator = '?';
    for (name, value) in pairs {
        let Some(value) = value else {
            continue;
        };
        path.push(separator);
        separator = '&';
        percent_encode(name, &mut path);
        path.push('=');
        percent_encode(value, &mut path);
    }
    path
}

fn parameters(template: &str) -> impl Iterator<Item = &str> {
    template.split('/').filter(|part| part.starts_with('{'))
}

fn is_path(template: &str) -> bool {
    let is_segment = |part: &str| {
        let inside = part
            .strip_prefix('{')
            .and_then(|it| it.strip_suffix('}'))
            .unwrap_or(part);
        !matches!(part, "" | "." | "..") && !inside.is_empty() && !inside.contains(['{', '}'])
    };
    template.bytes().all(|byte| byte.is_ascii_graphic())
        && !template.contains(['?', '#', '%', '\\'])
        && template
            .strip_prefix('/')
            .is_some_and(|rest| rest.split('/').all(is_segment))
}

fn percent_encode(value: &str, path: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    // A segment of dots alone would be taken for a directory by clients and proxies on the way.
    let dots = matches!(value, "." | "..");
    for byte in value.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-_~".contains(&byte);
        if is_plain || (byte == b'.' && !dots) {
            path.push(char::from(byte));
        } else {
            path.push('%');
            path.push(char::from(HEX[usize::from(byte >> 4)]));
            path.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::operations::{GET_BANK_ACCOUNTS, GET_INVOICE, UPLOAD_DOCUMENT};

    use super::*;

    proptest! {
        #[test]
        fn a_path_gives_back_the_values_it_was_made_of(value in "\\PC{1,20}") {
            let path = fill(GET_INVOICE.path, &[&value]);
            prop_assert!(path.parse::<http::Uri>().is_ok(), "{}", path);
            prop_assert_eq!(GET_INVOICE.parameters(&path), Some(vec![value]));
        }

        #[test]
        fn whatever_template_is_taken_makes_a_path_below_the_base(
            template in "(/([a-z.{}?#%]{0,4}|\\{id\\})){0,5}", value in "\\PC{1,20}",
        ) {
            let mut paths = Paths::default();
            if paths.set("upload_document", &template).is_ok() {
                let path = fill(paths.of(&UPLOAD_DOCUMENT), &[&value]);
                let uri: http::Uri = path.parse().unwrap();
                prop_assert_eq!(uri.path(), path.as_str());
                prop_assert!(path.split('/').skip(1).all(|part| !matches!(part, "" | "." | "..")));
            }
        }
    }

    #[test]
    fn what_is_decoded_on_the_way_is_no_sure_segment() {
        for value in [
            "a/b", "a\\b", "50%", "a?b", "a;b", "a+b", " a", "a ", "\u{e4}",
        ] {
            assert!(!is_sure_segment(value), "{value}");
        }
        for value in [
            "XBNfu922e2",
            "2026-11-27_1.a~b",
            "order 1",
            "a:b",
            "order#2",
        ] {
            assert!(is_sure_segment(value), "{value}");
        }
    }

    #[test]
    fn dots_do_not_climb() {
        assert_eq!(fill(GET_INVOICE.path, &[".."]), "/v2/invoices/%2E%2E");
    }

    #[test]
    fn only_a_guess_can_be_replaced_and_only_by_a_path() {
        let mut paths = Paths::default();
        let mut refused = |operation: &str, template: &str| {
            paths
                .set(operation, template)
                .expect_err("it is refused")
                .to_string()
        };
        assert_eq!(
            refused("upload", "/v2/{id}"),
            "there is no operation `upload` (`xgateway spec` lists them)"
        );
        let reason = refused("4000000000000002", "/v2/{id}");
        assert!(!reason.contains("4000000000000002"), "{reason}");
        assert_eq!(
            refused("get_kyc", "/v2/{id}"),
            "the path of `get_kyc` is documented; only a path that is inferred can be changed"
        );
        for template in [
            "v2/{id}",
            "/v2//{id}",
            "/../{id}",
            "/v2/{id}?a=b",
            "/v 2/{id}",
            "/a{id}",
            "/{}",
        ] {
            let reason = refused("upload_document", template);
            assert!(
                reason.contains("is no path for `upload_document`"),
                "{reason}"
            );
            assert!(!reason.contains(template), "{reason}");
        }
        for template in ["/v2/document", "/v2/{customer}", "/v2/{id}/{id}"] {
            let reason = refused("upload_document", template);
            assert!(reason.contains("must have the parameters"), "{reason}");
        }
        assert_eq!(paths, Paths::default());
    }

    #[test]
    fn a_path_that_was_set_holds_for_its_operation_alone() {
        let mut paths = Paths::default();
        paths.set("upload_document", "/v3/{id}/a").unwrap();
        paths.set("upload_document", "/v3/{id}/b").unwrap();
        assert_eq!(paths.of(&UPLOAD_DOCUMENT), "/v3/{id}/b");
        assert_eq!(paths.of(&GET_BANK_ACCOUNTS), GET_BANK_ACCOUNTS.path);
    }
}
