use std::io::{self, BufRead, Read as _, Write as _};
use std::path::Path;

use super::Checker;
use crate::commands::input;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// Checks each line as a body of its own. Holds one line in memory, whatever the input's size.
pub(super) fn execute(
    checker: &Checker,
    path: &Path,
    console: &mut Console,
) -> Result<(), Failure> {
    let mut reader = input::open(path)?;
    let mut out = Console::bulk();
    let mut line = Vec::with_capacity(16 << 10);
    let (mut count, mut invalid) = (0, 0);
    let outcome = loop {
        // The next line has to be waited for: whoever waits for answers meanwhile gets them.
        if reader.buffer().is_empty()
            && let Err(error) = out.flush()
        {
            break Err(Failure::output(error));
        }
        match read_line(&mut reader, checker.bytes_max, &mut line) {
            Ok(true) => {}
            Ok(false) => break Ok(()),
            Err(source) => break Err(input::failure(path, source)),
        }
        count += 1;
        let verdict = checker.check(&line).at_line(count);
        invalid += usize::from(!verdict.is_valid());
        if let Err(error) = verdict.write(&mut out) {
            break Err(Failure::output(error));
        }
    };
    line.fill(0);
    // What was found before an input broke off is still told.
    let flushed = out.flush().map_err(Failure::output);
    outcome.and(flushed)?;
    drop(out);
    if invalid == 0 {
        return Ok(());
    }
    console.note(format_args!("{invalid} of {count} bodies are invalid"));
    Err(Failure::Reported(Exit::Invalid))
}

/// Reads a line without its end; `false` at the end of the input. Of a line that is too long it keeps just enough to
/// tell, and skips the rest.
fn read_line(reader: &mut impl BufRead, bytes_max: usize, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    // One for the line's end and one to see that there is more.
    let limit = bytes_max as u64 + 2;
    if reader.by_ref().take(limit).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() as u64 == limit {
        reader.skip_until(b'\n')?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8], bytes_max: usize) -> Vec<usize> {
        let mut reader = text;
        let mut line = Vec::new();
        let mut lengths = Vec::new();
        while read_line(&mut reader, bytes_max, &mut line).unwrap() {
            lengths.push(line.len());
        }
        lengths
    }

    #[test]
    fn a_line_end_at_the_end_begins_no_line() {
        assert!(lines(b"", 4).is_empty());
        assert_eq!(lines(b"\n", 4), [0]);
        assert_eq!(lines(b"ab\n", 4), [2]);
        assert_eq!(lines(b"ab\n\nc", 4), [2, 0, 1]);
    }

    #[test]
    fn a_line_that_is_too_long_is_told_and_skipped() {
        assert_eq!(lines(b"abcd\nx", 4), [4, 1]);
        assert_eq!(lines(b"abcde\nx", 4), [5, 1]);
        assert_eq!(lines(b"abcdef\nx", 4), [6, 1]);
        assert_eq!(lines(b"abcdefghij\nx", 4), [6, 1]);
        assert_eq!(lines(b"abcdefghij", 4), [6]);
    }
}
