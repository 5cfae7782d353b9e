//! What an operation is: its method, path, authentication, idempotency and answers.

use std::fmt;

use http::Method;
use xgateway_core::rules::Schema;

/// One operation of the gateway, as the OpenAPI document describes it. `Debug` shows its name alone.
pub struct Operation {
    /// The name in Rust and on the command line: `create_card_deposit`.
    pub name: &'static str,
    /// The operation id of the document: `createAndActivateDepositInvoice`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the environment's base URL, with `{parameters}`.
    pub path: &'static str,
    /// Whether nobody documented the path: it is a guess, which [`Paths`](crate::path::Paths) can replace.
    pub path_inferred: bool,
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
    /// The form that it takes instead of a body, as `multipart/form-data`.
    pub form: Option<Form>,
    /// The largest body that the gateway reads, in bytes.
    pub body_bytes_max: usize,
    /// The documented answers, by status.
    pub answers: &'static [Answer],
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Operation").field(&self.name).finish()
    }
}

/// A form of texts and one file. The file comes last, so that it can be read while it arrives.
#[derive(Debug)]
pub struct Form {
    /// The rules of the texts; of the file only whether it is there.
    pub rules: &'static Schema,
    /// The name of the part that is the file.
    pub file: &'static str,
    /// The largest file, in bytes.
    pub file_bytes_max: u64,
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

    /// Whether a success tells anything but that it is one.
    pub(crate) fn has_data(&self) -> bool {
        let mut answers = self.answers.iter();
        answers.any(|answer| (200..300).contains(&answer.status) && answer.schema.is_some())
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
        fn no_path_panics(path in "/[v2/a-z%0-9]{0,30}") {
            let _ = GET_INVOICE.parameters(&path);
        }
    }
}
