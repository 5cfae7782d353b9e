use std::fmt;

/// A mistake in making the hash of a callback.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Mistake {
    /// The secret key had white space around it, such as the line end of a file.
    SecretWhiteSpace,
    /// The secret key had quotation marks around it.
    SecretQuoted,
    /// The amount was written otherwise: `10.00` for `10`.
    AmountReformatted,
    /// The amount is a number and not a string.
    AmountIsNumber,
    /// The currency was written in other letters: `usd` for `USD`.
    CurrencyCase,
    /// No customer was hashed as a word such as `null`, not as an empty text.
    NoCustomerAsWord,
    /// The texts were hashed with their JSON escapes.
    EscapesKept,
    /// The texts were read or written in Latin-1, not in UTF-8.
    NotUtf8,
    /// The fields were in another order.
    OtherOrder,
    /// The secret key was not the last.
    SecretNotLast,
    /// The status was hashed too.
    StatusIncluded,
    /// The fields of another kind of callback were hashed.
    OtherKind,
    /// The texts were joined by something else than a dot.
    OtherSeparator,
    /// It was an HMAC, not a plain hash.
    Hmac,
    /// It was SHA-256, not SHA-512.
    Sha256,
    /// The hash was written in hexadecimal digits, not in base64.
    Hex,
    /// The hexadecimal digits of the hash were written in base64, not its bytes.
    HexInBase64,
    /// The hash was written in the URL-safe alphabet of base64.
    UrlSafe,
    /// The hash was written without the `=` at its end.
    NoPadding,
    /// The hash has white space around it.
    HashWhiteSpace,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecretWhiteSpace => "the secret key had white space around it",
            Self::SecretQuoted => "the secret key had quotation marks around it",
            Self::AmountReformatted => {
                "the amount was formatted anew: hash its text as it stands in the JSON"
            }
            Self::AmountIsNumber => "the amount is a number: send it as a string",
            Self::CurrencyCase => {
                "the currency was written in other letters: hash its text as it stands in the JSON"
            }
            Self::NoCustomerAsWord => "no customer was hashed as a word: hash an empty text",
            Self::EscapesKept => {
                "the texts were hashed with their JSON escapes: hash what they stand for"
            }
            Self::NotUtf8 => "the texts were not taken as UTF-8",
            Self::OtherOrder => "the fields were in another order",
            Self::SecretNotLast => "the secret key was not the last",
            Self::StatusIncluded => "the status was hashed too",
            Self::OtherKind => "the fields of another kind of callback were hashed",
            Self::OtherSeparator => "the texts were not joined by dots",
            Self::Hmac => "it was an HMAC: use plain SHA-512",
            Self::Sha256 => "it was SHA-256: use SHA-512",
            Self::Hex => "the hash was written in hexadecimal digits: use base64",
            Self::HexInBase64 => {
                "the hexadecimal digits of the hash were written in base64: encode its bytes"
            }
            Self::UrlSafe => "the hash was written in URL-safe base64: use the standard alphabet",
            Self::NoPadding => "the hash was written without padding",
            Self::HashWhiteSpace => "the hash has white space around it",
        })
    }
}
