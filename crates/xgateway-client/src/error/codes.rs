use std::fmt;

/// Shows a code only if it looks like one. Whatever else stands in its place may be anything.
pub(super) struct Code<'a>(pub(super) &'a str);

impl fmt::Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const BYTES_MAX: usize = 40;

        let is_code = !self.0.is_empty()
            && self.0.len() <= BYTES_MAX
            && self
                .0
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        f.write_str(if is_code { self.0 } else { "unreadable code" })
    }
}

/// Writes the first few of `items`, and how many there are beyond.
pub(super) fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    items: impl ExactSizeIterator<Item = T>,
) -> fmt::Result {
    const SHOWN_MAX: usize = 10;

    let count = items.len();
    for (index, item) in items.take(SHOWN_MAX).enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(f, "{separator}{item}")?;
    }
    match count.checked_sub(SHOWN_MAX) {
        None | Some(0) => Ok(()),
        Some(more) => write!(f, " and {more} more"),
    }
}
