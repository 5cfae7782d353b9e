//! Tables in Markdown.

use std::fmt::Write as _;

use crate::codegen::source::{Claim, SourceKind, told};

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
    let parts: Vec<_> = told(claims, source)
        .into_iter()
        .map(|(labels, source)| match labels.as_str() {
            "" => source,
            labels => format!("{labels} {source}"),
        })
        .collect();
    parts.join("; ")
}
