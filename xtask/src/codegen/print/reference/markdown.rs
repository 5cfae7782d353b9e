//! Tables in Markdown.

use std::fmt::Write as _;

use crate::codegen::source::{Claim, SourceKind};

/// A table; its first row is the head.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(head: &[&str]) -> Self {
        Self {
            rows: vec![head.iter().map(|&cell| cell.to_owned()).collect()],
        }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows
            .push(cells.into_iter().map(|it| cell(&it)).collect());
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            let _ = writeln!(text, "| {} |", row.join(" | "));
            if index == 0 {
                let rule: Vec<_> = row.iter().map(|_| "---").collect();
                let _ = writeln!(text, "| {} |", rule.join(" | "));
            }
        }
        text
    }
}

/// One line that a table can hold.
fn cell(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").replace('|', "\\|")
}

/// The first paragraph of a description.
pub(super) fn paragraph(text: &str) -> &str {
    text.trim().split("\n\n").next().unwrap_or_default()
}

/// A source: the page, or the reason why we believe it.
pub(super) fn source(claim: &Claim) -> String {
    match claim.kind {
        SourceKind::Seed | SourceKind::Docs => format!("{}: {}", claim.kind.word(), claim.place),
        SourceKind::Inferred => format!("*inferred:* {}", claim.place),
    }
}

/// Sources, each place once; what is said of a keyword bears its name.
pub(super) fn sources(claims: &[Claim]) -> String {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for (index, claim) in claims.iter().enumerate() {
        let text = source(claim);
        let label = (index > 0).then_some(claim.subject.as_str());
        match told.iter_mut().find(|(other, _)| *other == text) {
            Some((_, labels)) if !labels.is_empty() => labels.extend(label),
            Some(_) => {}
            None => told.push((text, label.into_iter().collect())),
        }
    }
    let parts: Vec<_> = told
        .iter()
        .map(|(text, labels)| {
            let labels: Vec<_> = labels.iter().map(|label| format!("`{label}`")).collect();
            let separator = if labels.is_empty() { "" } else { " " };
            format!("{}{separator}{text}", labels.join(", "))
        })
        .collect();
    parts.join("; ")
}
