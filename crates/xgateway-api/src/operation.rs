//! What an operation is: its method, path, authentication, idempotency and answers.

use http::Method;
use xgateway_core::rules::Schema;

/// One operation of the gateway, as the OpenAPI document describes it.
#[derive(Debug)]
pub struct Operation {
    /// The name in Rust and on the command line: `create_card_deposit`.
    pub name: &'static str,
    /// The operation id of the document: `createAndActivateDepositInvoice`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the environment's base URL, with `{parameters}`.
    pub path: &'static str,
    /// What the operation does, in a sentence.
    pub summary: &'static str,
    /// Whether the API key must be sent.
    pub needs_key: bool,
    /// Whether it may move money, so that it is never repeated blindly.
    pub moves_money: bool,
    /// The field of the body that makes a repetition safe, if there is one.
    pub idempotency_key: Option<&'static str>,
    /// The rules of the query's parameters, if it has any. See [`Query`](crate::query::Query).
    pub query: Option<&'static Schema>,
    /// The rules of the request's body, if it has one.
    pub body: Option<&'static Schema>,
    /// The largest body that the gateway reads, in bytes.
    pub body_bytes_max: usize,
    /// The documented answers, by status.
    pub answers: &'static [Answer],
}

/// A documented answer of an [`Operation`].
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The name of the body's schema in the document; `None` if there is no body.
    pub schema: Option<&'static str>,
    /// Whether the document only infers this answer.
    pub inferred: bool,
}

impl Operation {
    /// Whether `status` is a documented success.
    pub fn is_success(&self, status: u16) -> bool {
        (200..300).contains(&status) && self.answers.iter().any(|answer| answer.status == status)
    }

    /// The values of the path's parameters in `path`, in their order, if `path` is one of this operation's.
    ///
    /// Percent-encoded bytes are decoded; a value is never empty.
    ///
    /// ```
    /// use xgateway_api::operations;
    ///
    /// let path = "/v2/invoices/order%2F1";
    /// assert_eq!(operations::GET_INVOICE.parameters(path), Some(vec!["order/1".to_owned()]));
    /// assert_eq!(operations::GET_INVOICE.parameters("/v2/invoices/"), None);
    /// ```
    pub fn parameters(&self, path: &str) -> Option<Vec<String>> {
        let (mut template, mut given) = (self.path.split('/'), path.split('/'));
        let mut values = Vec::new();
        loop {
            match (template.next(), given.next()) {
                (None, None) => return Some(values),
                (Some(part), Some(value)) if part.starts_with('{') => {
                    let value = percent_decode(value)?;
                    if value.is_empty() {
                        return None;
                    }
                    values.push(value);
                }
                (Some(part), Some(value)) if part == value => {}
                _ => return None,
            }
        }
    }

    /// The path with its parameters filled in, percent-encoded. There must be as many values as parameters.
    pub(crate) fn path_with(&self, values: &[&str]) -> String {
        let mut values = values.iter();
        let mut path = String::with_capacity(self.path.len() + 40);
        for part in self.path.split('/').skip(1) {
            path.push('/');
            match values.next_if(part) {
                Some(value) => percent_encode(value, &mut path),
                None => path.push_str(part),
            }
        }
        path
    }
}

impl Operation {
    /// The same with a query of the pairs that have a value, percent-encoded.
    pub(crate) fn path_with_query(
        &self,
        values: &[&str],
        pairs: &[(&str, Option<&str>)],
    ) -> String {
        let mut path = self.path_with(values);
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
}

/// Takes a value where the template has a parameter.
trait NextIf<'a> {
    fn next_if(&mut self, part: &str) -> Option<&'a str>;
}

impl<'a> NextIf<'a> for std::slice::Iter<'_, &'a str> {
    fn next_if(&mut self, part: &str) -> Option<&'a str> {
        part.starts_with('{')
            .then(|| self.next().copied())
            .flatten()
    }
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

pub(crate) fn percent_decode(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let code = digit()? * 16 + digit()?;
            bytes.push(u8::try_from(code).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::operations::GET_INVOICE;

    proptest! {
        #[test]
        fn a_path_gives_back_the_values_it_was_made_of(value in "\\PC{1,20}") {
            let path = GET_INVOICE.path_with(&[&value]);
            prop_assert!(path.parse::<http::Uri>().is_ok(), "{}", path);
            prop_assert_eq!(GET_INVOICE.parameters(&path), Some(vec![value]));
        }

        #[test]
        fn no_path_panics(path in "/[v2/a-z%0-9]{0,30}") {
            let _ = GET_INVOICE.parameters(&path);
        }
    }

    #[test]
    fn dots_do_not_climb() {
        assert_eq!(GET_INVOICE.path_with(&[".."]), "/v2/invoices/%2E%2E");
    }
}
