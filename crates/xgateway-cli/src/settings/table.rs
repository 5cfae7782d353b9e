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
    TimeoutSeconds,
    DepositTimeoutSeconds,
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
        Self::TimeoutSeconds,
        Self::DepositTimeoutSeconds,
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
            Self::TimeoutSeconds => "timeout_seconds",
            Self::DepositTimeoutSeconds => "deposit_timeout_seconds",
        }
    }

    /// What holds where nobody says anything.
    pub(crate) fn default(self) -> Option<&'static str> {
        match self {
            Self::Environment => Some("sandbox"),
            Self::TimeoutSeconds => Some("10"),
            Self::DepositTimeoutSeconds => Some("30"),
            Self::Url
            | Self::ApiKey
            | Self::ApiKeyFile
            | Self::SecretKey
            | Self::SecretKeyFile
            | Self::PreviousSecretKey
            | Self::PreviousSecretKeyFile => None,
        }
    }

    /// Whether its value is never shown.
    pub(crate) fn is_secret(self) -> bool {
        match self {
            Self::ApiKey | Self::SecretKey | Self::PreviousSecretKey => true,
            Self::Environment
            | Self::Url
            | Self::ApiKeyFile
            | Self::SecretKeyFile
            | Self::PreviousSecretKeyFile
            | Self::TimeoutSeconds
            | Self::DepositTimeoutSeconds => false,
        }
    }
}
