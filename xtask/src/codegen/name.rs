//! Names in Rust.

use std::collections::HashMap;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

use super::place::{Place, Refusal};

/// Keywords of Rust, strict and reserved.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The name of a field, a parameter or an operation: `orderId` is `order_id`.
///
/// `type` is `kind`; any other keyword gets an underscore, since `self` and its like cannot even be raw names.
pub(super) fn snake(text: &str, place: &Place) -> Result<String, Refusal> {
    let name = text.to_snake_case();
    if name == "type" {
        return Ok("kind".to_owned());
    }
    if KEYWORDS.contains(&name.as_str()) {
        return Ok(format!("{name}_"));
    }
    check(&name, text, place)?;
    Ok(name)
}

/// The name of a type or a variant: `bank_account` is `BankAccount`.
pub(super) fn camel(text: &str, place: &Place) -> Result<String, Refusal> {
    let name = text.to_upper_camel_case();
    check(&name, text, place)?;
    Ok(name)
}

/// Refuses what is no name at all: empty, `3ds`, `Self`.
fn check(name: &str, text: &str, place: &Place) -> Result<(), Refusal> {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let is_plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if starts_well && is_plain && name != "Self" {
        return Ok(());
    }
    place.refuse(format!(
        "no name in Rust follows from `{text}`: give it one with an extension"
    ))
}

/// What serde's `rename_all = "camelCase"` makes of a Rust name.
pub(super) fn serde_camel(name: &str) -> String {
    let mut camel = String::new();
    let mut capital = false;
    for character in name.chars() {
        if character == '_' {
            capital = true;
        } else if capital && !camel.is_empty() {
            camel.push(character.to_ascii_uppercase());
            capital = false;
        } else {
            camel.push(character);
            capital = false;
        }
    }
    camel
}

/// Names that must not meet.
#[derive(Default)]
pub(super) struct Names(HashMap<String, Place>);

impl Names {
    /// Takes a name.
    ///
    /// # Errors
    ///
    /// A refusal if it is taken.
    pub(super) fn take(&mut self, name: &str, place: &Place) -> Result<(), Refusal> {
        match self.0.insert(name.to_owned(), place.clone()) {
            None => Ok(()),
            Some(other) => place.refuse(format!(
                "in Rust this is called `{name}`, as is {other}: tell them apart with `x-rust-name`"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_become_names() {
        let place = Place::root();
        assert_eq!(snake("type", &place).unwrap(), "kind");
        assert_eq!(snake("match", &place).unwrap(), "match_");
        assert_eq!(snake("self", &place).unwrap(), "self_");
        assert_eq!(snake("orderId", &place).unwrap(), "order_id");
        assert!(snake("3ds", &place).is_err());
        assert!(camel("self", &place).is_err());
        assert_eq!(camel("eUSDC", &place).unwrap(), "EUsdc");
    }

    #[test]
    fn agrees_with_serde_on_camel_case() {
        assert_eq!(serde_camel("address_line1"), "addressLine1");
        assert_eq!(serde_camel("match_"), "match");
        assert_eq!(serde_camel("id"), "id");
    }
}
