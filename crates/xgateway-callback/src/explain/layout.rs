//! Which fields are hashed, in which order, with what between them.

use xgateway_store::Kind;

use super::Mistake;
use super::texts::Texts;

/// A part of the hashed text.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Id,
    CustomerId,
    Amount,
    Currency,
    Status,
    Secret,
}

/// A way to join the parts.
pub(super) struct Layout {
    parts: Vec<Part>,
    separator: &'static str,
    pub(super) mistake: Option<Mistake>,
}

impl Layout {
    /// The right way for a kind, then the wrong ones.
    pub(super) fn all(kind: Kind) -> Vec<Self> {
        let kinds: [&[Part]; 3] = [
            &[Part::Id, Part::CustomerId, Part::Amount, Part::Currency],
            &[Part::CustomerId, Part::Currency],
            &[Part::CustomerId],
        ];
        let at = match kind {
            Kind::Transaction => 0,
            Kind::BankAccount => 1,
            // A new kind would be hashed by its customer at least.
            Kind::Kyc | _ => 2,
        };
        let right = kinds[at];
        let with_secret = |parts: &[Part]| [parts, &[Part::Secret]].concat();
        let mut layouts = vec![Self {
            parts: with_secret(right),
            separator: ".",
            mistake: None,
        }];
        let mut add = |parts, separator, mistake| {
            layouts.push(Self {
                parts,
                separator,
                mistake: Some(mistake),
            });
        };
        for order in orders(right) {
            if order != right {
                add(with_secret(&order), ".", Mistake::OtherOrder);
            }
        }
        for parts in kinds.into_iter().filter(|parts| *parts != right) {
            add(with_secret(parts), ".", Mistake::OtherKind);
        }
        for place in 0..=right.len() {
            let mut parts = with_secret(right);
            parts.insert(place, Part::Status);
            add(parts, ".", Mistake::StatusIncluded);
        }
        for place in 0..right.len() {
            let mut parts = right.to_vec();
            parts.insert(place, Part::Secret);
            add(parts, ".", Mistake::SecretNotLast);
        }
        for separator in ["", ":", "|", ",", "-", "_", ";", "&", "\n", " "] {
            add(with_secret(right), separator, Mistake::OtherSeparator);
        }
        layouts
    }

    /// The text under the hash, with the secret key; or without it, as the message of an HMAC.
    pub(super) fn join(&self, texts: &Texts, secret: Option<&str>) -> String {
        let texts: Vec<&str> = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Id => Some(&*texts.id),
                Part::CustomerId => Some(&*texts.customer_id),
                Part::Amount => Some(&*texts.amount),
                Part::Currency => Some(&*texts.currency),
                Part::Status => Some(&*texts.status),
                Part::Secret => secret,
            })
            .collect();
        texts.join(self.separator)
    }
}

/// Every order of some parts.
fn orders(parts: &[Part]) -> Vec<Vec<Part>> {
    if parts.is_empty() {
        return vec![vec![]];
    }
    let first_at = |at: usize| {
        let mut rest = parts.to_vec();
        let first = rest.remove(at);
        orders(&rest)
            .into_iter()
            .map(move |order| [&[first], &*order].concat())
    };
    (0..parts.len()).flat_map(first_at).collect()
}
