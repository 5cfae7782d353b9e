//! With which code the process ends. A script branches on it, so a code never changes its meaning.

use std::fmt::Write as _;

/// How a command ended.
///
/// ```
/// use xgateway_cli::Exit;
///
/// assert_eq!(Exit::Unknown.code(), 8);
/// assert_eq!(Exit::Unknown.meaning(), "the gateway may have acted: look before anything is sent again");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// All is well.
    Success,
    /// The demo or a scenario saw something that it did not expect.
    Unexpected,
    /// The command line itself is wrong.
    Usage,
    /// The input breaks rules of the gateway or of our policy.
    Invalid,
    /// The gateway did not accept the API key.
    Authentication,
    /// The gateway refused; nothing was charged.
    Refused,
    /// The gateway failed or cannot be understood; nothing was to be charged.
    Gateway,
    /// Nothing reached the gateway.
    NotSent,
    /// The gateway may have acted: look before anything is sent again.
    Unknown,
    /// A setting is missing or wrong.
    Settings,
    /// A file, a socket or a terminal failed.
    Io,
    /// The gateway wants fewer calls.
    RateLimited,
    /// The hash of a callback matches no key.
    NotAuthentic,
    /// In a scenario money was doubled or lost.
    DoubledOrLost,
    /// The journal is there, and has never heard of the order.
    UnknownOrder,
}

impl Exit {
    /// Every way to end, by code.
    pub const ALL: &'static [Self] = &[
        Self::Success,
        Self::Unexpected,
        Self::Usage,
        Self::Invalid,
        Self::Authentication,
        Self::Refused,
        Self::Gateway,
        Self::NotSent,
        Self::Unknown,
        Self::Settings,
        Self::Io,
        Self::RateLimited,
        Self::NotAuthentic,
        Self::DoubledOrLost,
        Self::UnknownOrder,
    ];

    /// The code of the process.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Unexpected => 1,
            Self::Usage => 2,
            Self::Invalid => 3,
            Self::Authentication => 4,
            Self::Refused => 5,
            Self::Gateway => 6,
            Self::NotSent => 7,
            Self::Unknown => 8,
            Self::Settings => 9,
            Self::Io => 10,
            Self::RateLimited => 11,
            Self::NotAuthentic => 12,
            Self::DoubledOrLost => 13,
            Self::UnknownOrder => 14,
        }
    }

    /// The name in JSON, under `kind`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Unexpected => "unexpected",
            Self::Usage => "usage",
            Self::Invalid => "invalid",
            Self::Authentication => "authentication",
            Self::Refused => "refused",
            Self::Gateway => "gateway",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
            Self::Settings => "settings",
            Self::Io => "io",
            Self::RateLimited => "rate_limited",
            Self::NotAuthentic => "not_authentic",
            Self::DoubledOrLost => "doubled_or_lost",
            Self::UnknownOrder => "unknown_order",
        }
    }

    /// What it means, in a line.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Success => "all is well",
            Self::Unexpected => "the demo or a scenario saw something that it did not expect",
            Self::Usage => "the command line is wrong",
            Self::Invalid => "the input breaks rules of the gateway or of our policy",
            Self::Authentication => "the gateway did not accept the API key",
            Self::Refused => "the gateway refused; nothing was charged",
            Self::Gateway => "the gateway failed, in a call that charges nothing",
            Self::NotSent => "nothing reached the gateway",
            Self::Unknown => "the gateway may have acted: look before anything is sent again",
            Self::Settings => "a setting is missing or wrong",
            Self::Io => "a file, a socket or a terminal failed",
            Self::RateLimited => "the gateway wants fewer calls; nothing was done",
            Self::NotAuthentic => "the callback's hash matches no key",
            Self::DoubledOrLost => "in a scenario money was doubled or lost",
            Self::UnknownOrder => "the journal is there, and knows nothing of the order",
        }
    }

    /// The table of all codes, as it stands in the help.
    pub(crate) fn table() -> String {
        let mut text = String::from("Exit codes:");
        for exit in Self::ALL {
            write!(text, "\n  {:>2}  {}", exit.code(), exit.meaning())
                .expect("a text can be written");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn codes_are_dense_and_unique() {
        let codes: Vec<_> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes, (0..15).collect::<Vec<_>>());
    }

    #[test]
    fn the_guide_lists_every_code() {
        let guide = include_str!("../../../docs/guides/command-line.md");
        for exit in Exit::ALL {
            let row = format!(
                "| {} | `{}` | {} |",
                exit.code(),
                exit.name(),
                exit.meaning()
            );
            assert!(guide.contains(&row), "missing in the guide: {row}");
        }
    }
}
