//! What the gateway has and the document lacks: `docs/guides/spec.md` says why.

use http::Method;

/// Methods and paths, with names in braces for parts that may be anything.
const LEFT_OUT: &[(Method, &str)] = &[
    (Method::POST, "/v2/invoices"),
    (Method::POST, "/v2/invoices/extended"),
    (Method::POST, "/v2/gateway10"),
    (
        Method::GET,
        "/v2/gateway9/deposit/{invoiceId}/recipient-details",
    ),
    (Method::POST, "/v2/gateway9/deposit/confirm"),
    (Method::POST, "/v1/invoice"),
    (Method::POST, "/v2/withdrawal"),
    (Method::POST, "/v1/withdrawal"),
    (
        Method::POST,
        "/v2/customer/{id}/bank-transfer/destination-bank-account/initiate",
    ),
    (
        Method::GET,
        "/v2/customer/{id}/bank-transfer/destination-bank-account/accounts",
    ),
    (
        Method::POST,
        "/v2/customer/{id}/bank-transfer/destination-bank-account/setup",
    ),
    (
        Method::PATCH,
        "/v2/customer/{id}/bank-transfer/destination-bank-account/{bankAccountUuid}",
    ),
    (
        Method::DELETE,
        "/v2/customer/{id}/bank-transfer/destination-bank-account/{bankAccountUuid}",
    ),
];

/// Whether the gateway would know what is asked for, and the sandbox does not. That there is none of it, as 404 says, would
/// be false.
pub(super) fn is_left_out(method: &Method, path: &str) -> bool {
    LEFT_OUT
        .iter()
        .any(|(of, template)| of == method && fits(template, path))
}

fn fits(template: &str, path: &str) -> bool {
    let (mut parts, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (parts.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part == given => {}
            (Some(part), Some(given)) if part.starts_with('{') && !given.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::routes::find_operation;

    #[test]
    fn the_guide_names_each() {
        let guide = include_str!("../../../../docs/guides/spec.md");
        let (_, guide) = guide
            .split_once("\n## What the gateway has and the document lacks\n")
            .unwrap();
        let (guide, _) = guide.split_once("\n## ").unwrap();
        for (method, path) in LEFT_OUT {
            let of_accounts = "/v2/customer/{id}/bank-transfer/destination-bank-account/";
            let named = if path.starts_with(of_accounts) {
                format!("`{of_accounts}...`")
            } else {
                format!("`{method} {path}`")
            };
            assert!(guide.contains(&named), "{named}");
        }
    }

    #[test]
    fn none_is_in_the_document() {
        for (method, path) in LEFT_OUT {
            assert!(find_operation(method, path).is_none(), "{method} {path}");
            assert!(is_left_out(method, &path.replace(['{', '}'], "")));
            assert!(!is_left_out(&Method::PUT, path));
            assert!(!is_left_out(method, &format!("{path}/")));
        }
    }
}
