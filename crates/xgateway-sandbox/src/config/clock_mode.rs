use std::str::FromStr;

/// How the world's clock moves beside [`World::advance`](crate::World::advance) and `POST /_sandbox/clock/advance`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ClockMode {
    /// Not at all.
    #[default]
    Manual,
    /// As fast as ours, while the sandbox is used or served.
    Real,
    /// When nothing was asked of a served sandbox for a moment, it jumps to what falls due next: a bank or a blockchain
    /// answers, a callback is sent again. It does not jump to what ends the waiting for a person: an invoice that
    /// expires.
    Auto,
}

/// The text is no [`ClockMode`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a clock is real, manual or auto")]
pub struct ClockModeError;

impl ClockMode {
    /// `manual`, `real` or `auto`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Real => "real",
            Self::Auto => "auto",
        }
    }
}

impl FromStr for ClockMode {
    type Err = ClockModeError;

    fn from_str(text: &str) -> Result<Self, ClockModeError> {
        let all = [Self::Manual, Self::Real, Self::Auto];
        let found = all.into_iter().find(|mode| mode.as_str() == text);
        found.ok_or(ClockModeError)
    }
}
