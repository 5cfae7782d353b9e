//! `x-source`: where a fact comes from.

use std::collections::HashMap;

use super::place::{Place, Refusal};

/// One claim of one `x-source`.
#[derive(Debug)]
pub(super) struct Claim {
    /// What the claim is about, for people: `Gateway8Request.amount`.
    pub(super) location: String,
    /// What is claimed: `field`, `maximum`, `enum.EUR`.
    pub(super) subject: String,
    /// How much it weighs.
    pub(super) kind: SourceKind,
    /// Where it stands, or why we believe it.
    pub(super) place: String,
}

/// How much a source weighs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum SourceKind {
    /// A page that wins over every other.
    Seed,
    /// Another public page.
    Docs,
    /// Nobody wrote it down.
    Inferred,
}

/// Every claim of the document.
#[derive(Debug, Default)]
pub(super) struct Sources {
    claims: Vec<Claim>,
    by_place: HashMap<Place, std::ops::Range<usize>>,
}

impl SourceKind {
    /// The word before the colon.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Docs => "docs",
            Self::Inferred => "inferred",
        }
    }
}

impl Claim {
    /// Reads `seed:page, part`.
    pub(super) fn parse(
        location: &str,
        subject: &str,
        text: &str,
        place: &Place,
    ) -> Result<Self, Refusal> {
        let kinds = [SourceKind::Seed, SourceKind::Docs, SourceKind::Inferred];
        let (word, rest) = text.split_once(':').unwrap_or((text, ""));
        let Some(kind) = kinds.into_iter().find(|kind| kind.word() == word) else {
            return place.refuse("a source starts with `seed:`, `docs:` or `inferred:`");
        };
        if rest.trim().is_empty() {
            return place.refuse("nothing stands after the colon of this source");
        }
        // Whoever reads by machine sees the first word alone, and what is in brackets takes it back.
        if kind != SourceKind::Inferred && (rest.contains('(') || rest.contains("inferred")) {
            return place.refuse(
                "what is inferred starts with `inferred:`; a remark does not make it documented",
            );
        }
        Ok(Self {
            location: location.to_owned(),
            subject: subject.to_owned(),
            kind,
            place: rest.trim().to_owned(),
        })
    }

    /// The source as the document has it.
    fn text(&self) -> String {
        format!("{}:{}", self.kind.word(), self.place)
    }
}

impl Sources {
    /// Keeps the claims of one `x-source`, which belongs to what stands at `place`.
    pub(super) fn add(&mut self, place: &Place, claims: Vec<Claim>) {
        let start = self.claims.len();
        self.claims.extend(claims);
        self.by_place
            .insert(place.clone(), start..self.claims.len());
    }

    /// Every claim, in the order of the document.
    pub(super) fn all(&self) -> &[Claim] {
        &self.claims
    }

    /// The claims about what stands at `place`.
    pub(super) fn at(&self, place: &Place) -> &[Claim] {
        self.by_place
            .get(place)
            .map_or(&[], |range| &self.claims[range.clone()])
    }

    /// What a doc comment says of them: ``Source: `seed:page`; `minLength`: `inferred:...`.``
    ///
    /// Claims that stand in one place are told once.
    pub(super) fn line(&self, place: &Place) -> String {
        let parts = told(self.at(place), |claim| {
            // A place may hold code of its own.
            format!("`{}`", claim.text().replace('`', "'"))
        });
        let parts: Vec<_> = parts
            .into_iter()
            .map(|(labels, source)| match labels.as_str() {
                "" => source,
                labels => format!("{labels}: {source}"),
            })
            .collect();
        format!("Source: {}.", parts.join("; "))
    }
}

/// Each source once, as `text` tells it, with the labels of what comes from it.
///
/// The first claim is about the thing itself, so its source needs no label.
pub(super) fn told(claims: &[Claim], text: impl Fn(&Claim) -> String) -> Vec<(String, String)> {
    let mut told: Vec<(Vec<String>, String)> = Vec::new();
    for (index, claim) in claims.iter().enumerate() {
        let text = text(claim);
        let label = (index > 0).then(|| format!("`{}`", claim.subject));
        match told.iter_mut().find(|(_, other)| *other == text) {
            Some((labels, _)) if !labels.is_empty() => labels.extend(label),
            Some(_) => {}
            None => told.push((label.into_iter().collect(), text)),
        }
    }
    told.into_iter()
        .map(|(labels, text)| (labels.join(", "), text))
        .collect()
}
