//! `pattern`: a regular expression as a sequence of parts.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{
    AssertionKind, Ast, ClassPerl, ClassPerlKind, ClassSet, ClassSetItem, GroupKind,
    RepetitionKind, RepetitionRange,
};

/// A regular expression that is a sequence of parts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Pattern {
    /// The expression as it is written.
    pub(crate) regex: String,
    /// The same as parts.
    pub(crate) parts: Vec<Part>,
}

/// One part of a [`Pattern`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Part {
    /// So many characters of these ranges.
    Repeat {
        ranges: Vec<(char, char)>,
        min: u32,
        max: Option<u32>,
    },
    /// These parts, or nothing.
    Optional(Vec<Part>),
}

/// Reads a regular expression; the error says what is not supported.
pub(super) fn parse(regex: &str) -> Result<Pattern, String> {
    let ast = Parser::new()
        .parse(regex)
        .map_err(|error| format!("no regular expression: {}", error.kind()))?;
    let Ast::Concat(concat) = &ast else {
        return Err(UNANCHORED.to_owned());
    };
    let [first, inner @ .., last] = concat.asts.as_slice() else {
        return Err(UNANCHORED.to_owned());
    };
    // `^` and `$` are the ends of the text, since the gateway sets no flag.
    if !is_assertion(first, &AssertionKind::StartLine)
        || !is_assertion(last, &AssertionKind::EndLine)
    {
        return Err(UNANCHORED.to_owned());
    }
    let mut parts = Vec::new();
    for ast in inner {
        push(ast, false, &mut parts)?;
    }
    Ok(Pattern {
        regex: regex.to_owned(),
        parts,
    })
}

const UNANCHORED: &str =
    "a pattern starts with `^` and ends with `$`: otherwise any part of the text would do";

fn is_assertion(ast: &Ast, kind: &AssertionKind) -> bool {
    matches!(ast, Ast::Assertion(assertion) if assertion.kind == *kind)
}

fn push(ast: &Ast, inside: bool, parts: &mut Vec<Part>) -> Result<(), String> {
    match ast {
        Ast::Repetition(repetition) => {
            let (min, max) = bounds(&repetition.op.kind);
            if !repetition.greedy {
                return Err("lazy repetitions are not supported".to_owned());
            }
            if !matches!(*repetition.ast, Ast::Group(_)) {
                parts.push(Part::Repeat {
                    ranges: ranges(&repetition.ast)?,
                    min,
                    max,
                });
                return Ok(());
            }
            if (min, max) != (0, Some(1)) {
                return Err("a group may be optional, but not repeated".to_owned());
            }
            if inside {
                return Err("groups may not stand in groups".to_owned());
            }
            let mut inner = Vec::new();
            push(&repetition.ast, true, &mut inner)?;
            parts.push(Part::Optional(inner));
            Ok(())
        }
        Ast::Group(group) => {
            if matches!(&group.kind, GroupKind::NonCapturing(flags) if !flags.items.is_empty()) {
                return Err("flags are not supported".to_owned());
            }
            push(&group.ast, inside, parts)
        }
        Ast::Concat(concat) => concat
            .asts
            .iter()
            .try_for_each(|ast| push(ast, inside, parts)),
        Ast::Empty(_) => Ok(()),
        Ast::Literal(_)
        | Ast::ClassPerl(_)
        | Ast::ClassBracketed(_)
        | Ast::ClassUnicode(_)
        | Ast::Dot(_)
        | Ast::Flags(_)
        | Ast::Assertion(_)
        | Ast::Alternation(_) => {
            parts.push(Part::Repeat {
                ranges: ranges(ast)?,
                min: 1,
                max: Some(1),
            });
            Ok(())
        }
    }
}

fn bounds(kind: &RepetitionKind) -> (u32, Option<u32>) {
    match kind {
        RepetitionKind::ZeroOrOne => (0, Some(1)),
        RepetitionKind::ZeroOrMore => (0, None),
        RepetitionKind::OneOrMore => (1, None),
        RepetitionKind::Range(RepetitionRange::Exactly(count)) => (*count, Some(*count)),
        RepetitionKind::Range(RepetitionRange::AtLeast(min)) => (*min, None),
        RepetitionKind::Range(RepetitionRange::Bounded(min, max)) => (*min, Some(*max)),
    }
}

/// The characters that a single item stands for.
fn ranges(ast: &Ast) -> Result<Vec<(char, char)>, String> {
    match ast {
        Ast::Literal(literal) => Ok(vec![(literal.c, literal.c)]),
        Ast::ClassPerl(class) => perl(class),
        Ast::ClassBracketed(class) if !class.negated => match &class.kind {
            ClassSet::Item(item) => {
                let mut ranges = Vec::new();
                class_item(item, &mut ranges)?;
                ranges.sort_unstable();
                Ok(ranges)
            }
            ClassSet::BinaryOp(_) => Err("operations on classes are not supported".to_owned()),
        },
        Ast::ClassBracketed(_) => Err("negated classes are not supported".to_owned()),
        Ast::Alternation(_) => Err("alternatives are not supported".to_owned()),
        Ast::Dot(_) => Err("`.` is not supported".to_owned()),
        Ast::ClassUnicode(_) => Err("classes of Unicode are not supported".to_owned()),
        Ast::Assertion(_) => Err("`^`, `$` and the like may stand only at the ends".to_owned()),
        Ast::Empty(_) | Ast::Flags(_) | Ast::Repetition(_) | Ast::Group(_) | Ast::Concat(_) => {
            Err("this is not supported".to_owned())
        }
    }
}

/// The gateway's language knows only ASCII here.
fn perl(class: &ClassPerl) -> Result<Vec<(char, char)>, String> {
    match class.kind {
        _ if class.negated => Err("negated classes are not supported".to_owned()),
        ClassPerlKind::Digit => Ok(vec![('0', '9')]),
        ClassPerlKind::Word => Ok(vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
        ClassPerlKind::Space => Err("`\\s` is not supported".to_owned()),
    }
}

fn class_item(item: &ClassSetItem, ranges: &mut Vec<(char, char)>) -> Result<(), String> {
    match item {
        ClassSetItem::Literal(literal) => ranges.push((literal.c, literal.c)),
        ClassSetItem::Range(range) => ranges.push((range.start.c, range.end.c)),
        ClassSetItem::Perl(class) => ranges.extend(perl(class)?),
        ClassSetItem::Union(union) => {
            for item in &union.items {
                class_item(item, ranges)?;
            }
        }
        ClassSetItem::Empty(_)
        | ClassSetItem::Ascii(_)
        | ClassSetItem::Unicode(_)
        | ClassSetItem::Bracketed(_) => return Err("this class is not supported".to_owned()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_sequence_with_an_optional_group() {
        let digit = |min, max| Part::Repeat {
            ranges: vec![('0', '9')],
            min,
            max,
        };
        let dot = Part::Repeat {
            ranges: vec![('.', '.')],
            min: 1,
            max: Some(1),
        };
        let pattern = parse(r"^\d+(\.\d{1,18})?$").unwrap();
        assert_eq!(
            pattern.parts,
            [
                digit(1, None),
                Part::Optional(vec![dot, digit(1, Some(18))])
            ]
        );
    }

    #[test]
    fn refuses_what_is_no_sequence() {
        for regex in [
            r"\d+",
            r"^\d+",
            r"^(a|b)$",
            r"^a|b$",
            r"^(ab)+$",
            r"^(a(b)?)?$",
            r"^[^a]$",
            r"^\D$",
            r"^.$",
            r"^\s$",
            r"^a*?$",
            r"^(?i:a)$",
            r"^\p{L}$",
            r"^a$b$",
            r"^[$",
            "",
        ] {
            assert!(parse(regex).is_err(), "{regex}");
        }
    }
}
