//! Texts of others in commands that a person may copy into a shell.

use crate::arguments::looks_like_a_card;

/// What stands for a text that no person could copy.
const AS_IT_WAS: &str = "'<as you have given it>'";

/// An id as the last argument of a command: quoted where a shell would read it otherwise, and never as an option.
///
/// What shows as nothing, or as something else, is not shown at all: who copied it would name another id.
pub(crate) fn last_argument(text: &str) -> String {
    let quoted = word(text);
    if text.starts_with('-') || looks_like_a_card(text) {
        format!("-- {quoted}")
    } else {
        quoted
    }
}

/// The name of a file as an argument of a command.
pub(crate) fn file(name: &str) -> String {
    let path = if name.starts_with('-') { "./" } else { "" };
    word(&format!("{path}{name}"))
}

fn word(text: &str) -> String {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "-_./:@#".contains(char);
    let is_shown = |char: char| char.is_ascii_graphic() || char == ' ' || char.is_alphanumeric();
    if !text.chars().all(is_shown) {
        AS_IT_WAS.to_owned()
    } else if text.is_empty() || text.starts_with('#') || !text.chars().all(is_plain) {
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_id_that_was_meant() {
        for (id, argument) in [
            ("order-1", "order-1"),
            ("order-1#2", "order-1#2"),
            ("2026/11:a@b_c.d", "2026/11:a@b_c.d"),
            ("#1", "'#1'"),
            ("a b", "'a b'"),
            (" x ", "' x '"),
            ("-x", "-- -x"),
            ("4000000000000002", "-- 4000000000000002"),
            ("-x y", "-- '-x y'"),
            ("$(id)", "'$(id)'"),
            ("o;id", "'o;id'"),
            ("o`id`", "'o`id`'"),
            ("o'$(id)'", r"'o'\''$(id)'\'''"),
            ("~", "'~'"),
            ("größe", "'größe'"),
            ("", "''"),
        ] {
            assert_eq!(last_argument(id), argument);
        }
    }

    #[test]
    fn a_file_is_no_option() {
        for (name, argument) in [
            ("tab_closed", "tab_closed"),
            ("a b/s.yaml", "'a b/s.yaml'"),
            ("-s.yaml", "./-s.yaml"),
        ] {
            assert_eq!(file(name), argument);
        }
    }

    #[test]
    fn what_cannot_be_copied_is_not_shown() {
        for id in [
            "a\u{202e}b",
            "a\nb",
            "a\u{1b}[31mb",
            "a\u{200b}b",
            "a\u{a0}b",
        ] {
            assert_eq!(last_argument(id), AS_IT_WAS, "{id:?}");
        }
    }
}
