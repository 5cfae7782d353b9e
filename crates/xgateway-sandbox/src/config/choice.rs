//! Settings that are one of a few words, which flags and configurations share.

/// The text is none of the words that a setting may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("one of {} is needed", expected.join(", "))]
pub struct ChoiceError {
    expected: &'static [&'static str],
}

impl ChoiceError {
    pub(super) fn new(expected: &'static [&'static str]) -> Self {
        Self { expected }
    }
}

/// Gives an enum the word for each of its variants, in both directions.
macro_rules! choice {
    ($type:ident: $($variant:ident = $word:literal),+ $(,)?) => {
        impl $type {
            /// Its word, as a flag of the command has it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::config::ChoiceError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::config::ChoiceError::new(&[$($word),+])),
                }
            }
        }
    };
}

pub(super) use choice;

#[cfg(test)]
mod tests {
    use crate::config::{
        CardCurrency, ChannelCurrency, ClockMode, IdempotencyModel, KycOrder, Mode,
    };

    #[test]
    fn each_word_means_one_thing() {
        macro_rules! check {
            ($type:ty, $($word:literal),+) => {
                $(assert_eq!($word.parse::<$type>().unwrap().as_str(), $word);)+
                let error = "other".parse::<$type>().unwrap_err().to_string();
                assert_eq!(error, format!("one of {} is needed", [$($word),+].join(", ")));
            };
        }
        check!(ClockMode, "real", "manual", "auto");
        check!(Mode, "demo", "live");
        check!(IdempotencyModel, "replay", "finish", "reject");
        check!(ChannelCurrency, "code", "symbol", "reference");
        check!(CardCurrency, "invoice", "moved");
        check!(KycOrder, "account-first", "kyc-first");
    }
}
