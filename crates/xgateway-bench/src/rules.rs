//! The gateway's rules over a typed deposit, against garde.

use garde::Validate;
use xgateway_api::json::Ruled;
use xgateway_api::types::Gateway8Request;

use crate::contest::{Effort, contest};
use crate::figure::Figure;
use crate::{garde_peer, samples};

/// The body as the typed request, whether it is valid or not.
pub(crate) fn ours(text: &str) -> Gateway8Request {
    serde_json::from_str(text).expect("the samples fit the type")
}

fn theirs(text: &str) -> garde_peer::Deposit {
    serde_json::from_str(text).expect("the samples fit the type")
}

pub(crate) fn measure(effort: Effort) -> [Figure; 3] {
    let (valid, garde_valid) = (ours(samples::DEPOSIT), theirs(samples::DEPOSIT));
    let (broken, garde_broken) = (ours(samples::EIGHT_ISSUES), theirs(samples::EIGHT_ISSUES));
    let of_valid = contest(effort, || valid.check_rules(), || garde_valid.validate());
    let of_broken = contest(effort, || broken.check_rules(), || garde_broken.validate());
    // garde writes its messages at once, we when asked to: the third figure asks both.
    let written = contest(
        effort,
        || broken.check_rules().map_err(|issues| issues.to_string()),
        || garde_broken.validate().map_err(|report| report.to_string()),
    );
    [
        Figure::cpu("rules, valid", "garde", of_valid).at_most(250),
        Figure::cpu("rules, eight issues", "garde", of_broken).at_most(150),
        Figure::cpu("rules, eight issues, written as text", "garde", written),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn both_accept_the_valid_body() {
        assert_eq!(ours(samples::DEPOSIT).check_rules(), Ok(()));
        assert!(theirs(samples::DEPOSIT).validate().is_ok());
    }

    #[test]
    fn both_find_the_same_eight_fields() {
        let issues = ours(samples::EIGHT_ISSUES).check_rules().unwrap_err();
        let report = theirs(samples::EIGHT_ISSUES).validate().unwrap_err();
        let ours: BTreeSet<String> = issues
            .iter()
            .map(|issue| issue.path().to_string())
            .collect();
        let theirs: BTreeSet<String> = report
            .iter()
            .map(|(path, _)| camel_case(&path.to_string()))
            .collect();
        assert_eq!(ours, theirs);
        assert_eq!(
            (ours.len(), issues.iter().len(), report.iter().count()),
            (8, 8, 8)
        );
    }

    fn camel_case(text: &str) -> String {
        let mut parts = text.split('_');
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |sum, part| {
            sum + &part[..1].to_uppercase() + &part[1..]
        })
    }
}
