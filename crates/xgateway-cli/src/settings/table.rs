use std::ops::RangeInclusive;

/// A setting.
#[expect(
    clippy::enum_variant_names,
    reason = "`ApiKey` is the key of the API, not a kind of setting"
)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Key {
    Environment,
    Url,
    ApiKey,
    ApiKeyFile,
    SecretKey,
    SecretKeyFile,
    PreviousSecretKey,
    PreviousSecretKeyFile,
    DatabaseUrl,
    DatabaseUrlFile,
    Journal,
    JournalKeyFile,
    TimeoutSeconds,
    DepositTimeoutSeconds,
    CallbackDuplicatePercent,
    CallbackDelaySeconds,
    CallbackReorderPercent,
    CallbackLossPercent,
    CallbackBurstSeconds,
    CallbackRetries,
    CallbackBackoffSeconds,
}

impl Key {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Environment,
        Self::Url,
        Self::ApiKey,
        Self::ApiKeyFile,
        Self::SecretKey,
        Self::SecretKeyFile,
        Self::PreviousSecretKey,
        Self::PreviousSecretKeyFile,
        Self::DatabaseUrl,
        Self::DatabaseUrlFile,
        Self::Journal,
        Self::JournalKeyFile,
        Self::TimeoutSeconds,
        Self::DepositTimeoutSeconds,
        Self::CallbackDuplicatePercent,
        Self::CallbackDelaySeconds,
        Self::CallbackReorderPercent,
        Self::CallbackLossPercent,
        Self::CallbackBurstSeconds,
        Self::CallbackRetries,
        Self::CallbackBackoffSeconds,
    ];

    /// The name in `xgateway.toml`; in capitals after `XGATEWAY_`, the one in the environment.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Url => "url",
            Self::ApiKey => "api_key",
            Self::ApiKeyFile => "api_key_file",
            Self::SecretKey => "secret_key",
            Self::SecretKeyFile => "secret_key_file",
            Self::PreviousSecretKey => "previous_secret_key",
            Self::PreviousSecretKeyFile => "previous_secret_key_file",
            Self::DatabaseUrl => "database_url",
            Self::DatabaseUrlFile => "database_url_file",
            Self::Journal => "journal",
            Self::JournalKeyFile => "journal_key_file",
            Self::TimeoutSeconds => "timeout_seconds",
            Self::DepositTimeoutSeconds => "deposit_timeout_seconds",
            Self::CallbackDuplicatePercent => "callback_duplicate_percent",
            Self::CallbackDelaySeconds => "callback_delay_seconds",
            Self::CallbackReorderPercent => "callback_reorder_percent",
            Self::CallbackLossPercent => "callback_loss_percent",
            Self::CallbackBurstSeconds => "callback_burst_seconds",
            Self::CallbackRetries => "callback_retries",
            Self::CallbackBackoffSeconds => "callback_backoff_seconds",
        }
    }

    /// What holds where nobody says anything.
    pub(crate) fn default(self) -> Option<&'static str> {
        match self {
            Self::Environment => Some("sandbox"),
            Self::TimeoutSeconds | Self::CallbackRetries => Some("10"),
            Self::DepositTimeoutSeconds => Some("30"),
            Self::CallbackDuplicatePercent
            | Self::CallbackDelaySeconds
            | Self::CallbackReorderPercent
            | Self::CallbackLossPercent
            | Self::CallbackBurstSeconds => Some("0"),
            Self::CallbackBackoffSeconds => Some("1"),
            Self::Url
            | Self::ApiKey
            | Self::ApiKeyFile
            | Self::SecretKey
            | Self::SecretKeyFile
            | Self::PreviousSecretKey
            | Self::PreviousSecretKeyFile
            | Self::DatabaseUrl
            | Self::DatabaseUrlFile
            | Self::Journal
            | Self::JournalKeyFile => None,
        }
    }

    /// Whether its value is never shown.
    pub(crate) fn is_secret(self) -> bool {
        match self {
            // An address of a database may hold a password.
            Self::ApiKey | Self::SecretKey | Self::PreviousSecretKey | Self::DatabaseUrl => true,
            Self::Environment
            | Self::Url
            | Self::ApiKeyFile
            | Self::SecretKeyFile
            | Self::PreviousSecretKeyFile
            | Self::DatabaseUrlFile
            | Self::Journal
            | Self::JournalKeyFile
            | Self::TimeoutSeconds
            | Self::DepositTimeoutSeconds
            | Self::CallbackDuplicatePercent
            | Self::CallbackDelaySeconds
            | Self::CallbackReorderPercent
            | Self::CallbackLossPercent
            | Self::CallbackBurstSeconds
            | Self::CallbackRetries
            | Self::CallbackBackoffSeconds => false,
        }
    }

    /// Those that name a file with a secret in it.
    pub(crate) const SECRET_FILES: [Self; 5] = [
        Self::ApiKeyFile,
        Self::SecretKeyFile,
        Self::PreviousSecretKeyFile,
        Self::DatabaseUrlFile,
        Self::JournalKeyFile,
    ];

    /// What it must be, in words.
    pub(crate) fn expected(self) -> &'static str {
        self.number().map_or("a text", |number| number.expected)
    }

    /// The whole numbers that it may be; `None` if it is a text.
    pub(crate) fn number(self) -> Option<Number> {
        let number = |range, expected| Some(Number { range, expected });
        match self {
            Self::TimeoutSeconds | Self::DepositTimeoutSeconds => {
                number(1..=600, "a whole number of seconds from 1 to 600")
            }
            Self::CallbackDuplicatePercent
            | Self::CallbackReorderPercent
            | Self::CallbackLossPercent
            | Self::CallbackRetries => number(0..=100, "a whole number from 0 to 100"),
            Self::CallbackDelaySeconds | Self::CallbackBurstSeconds => {
                number(0..=86_400, "a whole number of seconds from 0 to 86400")
            }
            Self::CallbackBackoffSeconds => {
                number(1..=86_400, "a whole number of seconds from 1 to 86400")
            }
            Self::Environment
            | Self::Url
            | Self::ApiKey
            | Self::ApiKeyFile
            | Self::SecretKey
            | Self::SecretKeyFile
            | Self::PreviousSecretKey
            | Self::PreviousSecretKeyFile
            | Self::DatabaseUrl
            | Self::DatabaseUrlFile
            | Self::Journal
            | Self::JournalKeyFile => None,
        }
    }
}

/// Which whole numbers a setting may be.
pub(crate) struct Number {
    pub(crate) range: RangeInclusive<u32>,
    /// The same in words.
    pub(crate) expected: &'static str,
}
