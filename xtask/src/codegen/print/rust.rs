//! Printing Rust: doc comments, imports, items, and rustfmt.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use proc_macro2::{Literal, Spacing, TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::codegen::Error;
use crate::process;

/// A module in the making.
pub(super) struct Module {
    docs: String,
    imports: &'static [Import],
    items: Vec<String>,
    used: BTreeSet<String>,
}

/// A name that a module may use, and the line that brings it.
///
/// Only names that occur are imported; `self` is the last part of the path.
pub(super) struct Import {
    /// What stands before the names: `std`, another crate, this crate.
    pub(super) block: u8,
    pub(super) path: &'static str,
    pub(super) names: &'static [&'static str],
}

impl Module {
    pub(super) fn new(docs: &str, imports: &'static [Import]) -> Self {
        Self {
            docs: docs.to_owned(),
            imports,
            items: Vec::new(),
            used: BTreeSet::new(),
        }
    }

    /// Adds items.
    pub(super) fn push(&mut self, tokens: TokenStream) {
        note_names(tokens.clone(), &mut self.used);
        self.items.push(pretty(tokens));
    }

    /// Adds an enum inside of a macro, whose inside no formatter touches.
    pub(super) fn push_in_macro(&mut self, name: &str, tokens: TokenStream) {
        self.used.insert(name.to_owned());
        let inside = pretty(tokens);
        let mut text = format!(
            "{name}! {{
"
        );
        for line in inside.lines() {
            let _ = writeln!(text, "    {line}");
        }
        text.push_str(
            "}
",
        );
        self.items.push(text);
    }

    /// The text, not yet formatted.
    pub(super) fn text(&self) -> String {
        let body = self.items.join("\n");
        let mut text = format!("//! {}\n\n", self.docs);
        let mut block = None;
        for import in self.imports {
            let names: Vec<_> = import
                .names
                .iter()
                .filter(|name| {
                    let name = match **name {
                        "self" => import.path.rsplit(':').next().unwrap_or_default(),
                        // A trait is imported for its function.
                        "Error as _" => "custom",
                        name => name,
                    };
                    self.used.contains(name)
                })
                .copied()
                .collect();
            if names.is_empty() {
                continue;
            }
            if block
                .replace(import.block)
                .is_some_and(|last| last != import.block)
            {
                text.push('\n');
            }
            let _ = writeln!(text, "use {}::{{{}}};", import.path, names.join(", "));
        }
        text.push('\n');
        text.push_str(&body);
        text
    }
}

/// A doc comment: paragraphs of a description, then the source.
pub(super) fn docs(description: &str, source: &str) -> TokenStream {
    let mut lines = Vec::new();
    for paragraph in description.trim().split("\n\n").chain([source]) {
        if paragraph.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        wrap(paragraph, &mut lines);
    }
    doc_lines(&lines)
}

/// A doc comment in one line.
pub(super) fn doc(line: &str) -> TokenStream {
    doc_lines(&[line.to_owned()])
}

fn doc_lines(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| match line.as_str() {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote! { #(#[doc = #lines])* }
}

/// Breaks a paragraph into lines, but never inside of code.
fn wrap(paragraph: &str, lines: &mut Vec<String>) {
    // Room for the indentation and the slashes within 120 columns.
    const WIDTH: usize = 108;
    let mut line = String::new();
    for word in words(paragraph) {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push(line);
}

/// Words, with what stands between backticks kept together.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for part in text.split_whitespace() {
        match words.last_mut() {
            Some(last) if open => {
                last.push(' ');
                last.push_str(part);
            }
            _ => words.push(part.to_owned()),
        }
        if part.matches('`').count() % 2 == 1 {
            open = !open;
        }
    }
    words
}

/// An identifier.
pub(super) fn ident(name: &str) -> proc_macro2::Ident {
    format_ident!("{name}")
}

/// The name of a constant or static.
pub(super) fn constant(name: &str) -> proc_macro2::Ident {
    use heck::ToShoutySnakeCase as _;
    ident(&name.to_shouty_snake_case())
}

/// A number with `_` between thousands.
pub(super) fn number(value: u64) -> Literal {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && digits.len() > 5 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    literal(&text)
}

/// A text without escapes, for regular expressions.
pub(super) fn raw_text(text: &str) -> Literal {
    if text.contains('"') {
        return Literal::string(text);
    }
    literal(&format!("r\"{text}\""))
}

fn literal(text: &str) -> Literal {
    text.parse().expect("digits or a raw string make a literal")
}

/// Notes the names at the beginning of a path; those in small letters only if the path goes on.
///
/// `custom` is noted wherever it stands: it is the one function that needs its trait.
fn note_names(tokens: TokenStream, used: &mut BTreeSet<String>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut colons = 0;
    while let Some(token) = tokens.next() {
        let before = std::mem::take(&mut colons);
        match token {
            TokenTree::Group(group) => note_names(group.stream(), used),
            TokenTree::Ident(name) => {
                let name = name.to_string();
                let is_type = name.starts_with(|first: char| first.is_ascii_uppercase());
                let goes_on = tokens.peek().is_some_and(starts_colons);
                if name == "custom" || (before < 2 && (is_type || goes_on)) {
                    used.insert(name);
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => {
                colons = before + 1;
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Whether this is the first half of `::`.
fn starts_colons(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(it) if it.as_char() == ':' && it.spacing() == Spacing::Joint)
}

fn pretty(tokens: TokenStream) -> String {
    let file = syn::parse2(tokens).expect("what we print are items");
    air(&prettyplease::unparse(&file))
}

/// Puts empty lines between items, and between the items of an `impl`.
fn air(text: &str) -> String {
    let mut airy = String::new();
    let mut last = "";
    let mut in_impl = false;
    for line in text.lines() {
        let is_top = !line.starts_with([' ', '}']);
        let starts_inner = in_impl && line.starts_with("    ") && !line.starts_with("     ");
        let begins = |line: &str| {
            let line = line.trim_start();
            ["///", "#[", "fn ", "pub fn ", "const ", "pub const "]
                .iter()
                .any(|start| line.starts_with(start))
        };
        let follows_head =
            last.trim_start().starts_with("///") || last.trim_start().starts_with("#[");
        let separate = (is_top && last.starts_with('}') && !last.is_empty())
            || (starts_inner && begins(line) && !follows_head && !last.starts_with("impl"));
        if separate {
            airy.push('\n');
        }
        if is_top {
            in_impl = line.starts_with("impl");
        }
        airy.push_str(line);
        airy.push('\n');
        last = line;
    }
    airy
}

/// Formats as `cargo fmt` does.
pub(super) fn format(text: &str) -> Result<String, Error> {
    let mut rustfmt = process::command("rustfmt");
    rustfmt
        .args(["--edition", "2024", "--config-path", "rustfmt.toml"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = rustfmt.spawn().map_err(Error::Rustfmt)?;
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(text.as_bytes()).map_err(Error::Rustfmt)?;
    drop(input);
    let output = child.wait_with_output().map_err(Error::Rustfmt)?;
    if !output.status.success() {
        return Err(Error::RustfmtRefused);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_not_broken_across_lines() {
        let mut lines = Vec::new();
        let code = "`inferred:a reason in words`";
        wrap(&format!("{} {code} end", "x".repeat(90)), &mut lines);
        assert_eq!(lines, ["x".repeat(90), format!("{code} end")]);
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(number(1_048_576).to_string(), "1_048_576");
        assert_eq!(number(4096).to_string(), "4096");
    }

    #[test]
    fn only_names_that_begin_a_path_are_used() {
        let mut used = BTreeSet::new();
        let tokens = quote! {
            /// Comment
            fn a(json: Field) -> D::Error { x::Other::new(json::read("Text"), operations) }
        };
        note_names(tokens, &mut used);
        assert_eq!(Vec::from_iter(used), ["D", "Field", "json", "x"]);
    }
}
