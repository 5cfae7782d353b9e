use std::error::Error;
use std::fmt;

/// How a transport broke a duty.
///
/// `Debug` prints the same text, so that a failed test is readable. The text
/// may hold what the suite itself sent, and error messages of the transport.
pub struct Violation(String);

impl Violation {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Nothing if `kept`, else what `text` says.
    pub(crate) fn unless<T: Into<String>>(
        kept: bool,
        text: impl FnOnce() -> T,
    ) -> Result<(), Self> {
        if kept { Ok(()) } else { Err(Self::new(text())) }
    }

    /// Nothing if the two are equal, else both, named `what`.
    pub(crate) fn unless_equal<T: fmt::Debug + PartialEq>(
        what: &str,
        got: &T,
        want: &T,
    ) -> Result<(), Self> {
        Self::unless(got == want, || {
            format!("{what}: expected {want:?}, got {got:?}")
        })
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Violation {}
